; ctrlc: Ctrl-C and its handler.
; Tests: INT 23h from a console read and from a status call (IRET: the call starts again),
;   the break flag; AH=07h, which does not look.
; The script is empty; the keys are put into the BIOS's buffer by the program.

%include "check.inc"

        mov ax, 2523h
        mov dx, handler
        int 21h

        call press
        mov ax, 256Bh                           ; then k, which ends the read
        call press_ax
        mov ah, 8
        int 21h
        expect_al 'k', "the read goes on after IRET"
        expect_eq word [count], 1, "INT 23h was called"

        mov word [count], 0
        call press
        mov ah, 7
        int 21h
        expect_al 3, "AH=07 gives Ctrl-C as a character"
        expect_eq word [count], 0, "without INT 23h"

        mov ax, 3301h
        mov dl, 0
        int 21h
        call press                              ; no output here: output to CON looks as well
        mov ah, 30h
        int 21h
        mov si, [count]
        mov ah, 0Bh
        int 21h
        expect_eq si, 0, "break off: no look in other calls"
        expect_eq word [count], 1, "a status call looks"
        mov ax, 3301h
        mov dl, 1
        int 21h
        mov word [count], 0
        call press
        mov ah, 2Ah
        int 21h
        expect_eq word [count], 1, "break on: every call looks"
        cmp cx, 1980
        expect ae, "and is done all the same"
        mov ax, 3301h
        mov dl, 0
        int 21h
        finish

press:  mov ax, 2E03h
press_ax:
        push bx
        push ds
        mov bx, 40h
        mov ds, bx
        mov bx, [1Ch]
        mov [bx], ax
        add bx, 2
        cmp bx, [82h]
        jne .store
        mov bx, [80h]
.store: mov [1Ch], bx
        pop ds
        pop bx
        ret

handler:
        inc word [cs:count]
        clc
        iret

count:  dw 0
