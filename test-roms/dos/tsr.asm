; tsr: a program that stays resident, and what it hooks.
; Tests: AH=31h, AH=25h and 35h across programs, the memory of a resident program, INT 28h while DOS waits for a key.
; The script is empty: it makes the keyboard, not the host's standard input, the source of keys.
; Needs: RESIDENT.COM

%include "check.inc"

        mov sp, stack_top
        mov bx, (stack_top - $$ + 10Fh) / 16
        mov ah, 4Ah
        int 21h
        mov ax, 3560h
        int 21h
        mov [old_60], bx
        mov [old_60 + 2], es
        mov ax, 3528h
        int 21h
        mov [old_28], bx
        mov [old_28 + 2], es
        push ds
        pop es
        mov [block + 4], ds
        mov bx, block
        mov dx, program
        mov ax, 4B00h
        int 21h
        mov cx, cs
        mov ds, cx
        expect_ok "run it"
        mov ah, 4Dh
        int 21h
        expect_eq ax, 0307h, "it ended by staying"
        mov ax, 1233h
        int 60h
        expect_eq ax, 1234h, "its interrupt answers"

        mov ax, 3560h                           ; its block: owned by itself, a neighbour of the chain
        int 21h
        mov ax, es
        dec ax
        mov es, ax
        mov bx, [es:1]
        sub bx, ax
        expect_eq bx, 1, "its block belongs to itself"
        mov bx, [es:3]
        cmp bx, 20h
        expect be, "and is as small as it asked"

; DOS calls INT 28h while it waits for a key. The BIOS's buffer gets one at the next tick.
        mov ax, 351Ch
        int 21h
        mov [old_1c], bx
        mov [old_1c + 2], es
        mov ax, 251Ch
        mov dx, tick
        int 21h
        mov ah, 8
        int 21h
        expect_al 'k', "the key that the tick brought"
        push ds
        lds dx, [old_1c]
        mov ax, 251Ch
        int 21h
        pop ds
        mov ax, 0
        int 60h
        cmp bx, 0
        expect ne, "INT 28h was called while DOS waited"

        push ds                                 ; take it out again
        lds dx, [old_28]
        mov ax, 2528h
        int 21h
        pop ds
        mov ax, 3560h
        int 21h
        mov ah, 49h
        int 21h
        expect_ok "free its memory"
        push ds
        lds dx, [old_60]
        mov ax, 2560h
        int 21h
        pop ds
        finish

; After three ticks, puts a key into the BIOS's buffer.
tick:   inc word [cs:ticks]
        cmp word [cs:ticks], 3
        jne .end
        push ax
        push cx
        push ds
        push bx
        mov ax, 40h
        mov ds, ax
        mov bx, [1Ch]
        mov word [bx], 256Bh
        add bx, 2
        cmp bx, [82h]
        jne .store
        mov bx, [80h]
.store: mov [1Ch], bx
        pop bx
        pop ds
        pop cx
        pop ax
.end:   jmp far [cs:old_1c]

block:   dw 0
         dw tail, 0
         dw 5Ch, 0, 6Ch, 0
tail:    db 0, 13
program: db "RESIDENT.COM", 0
ticks:   dw 0
old_60:  dw 0, 0
old_28:  dw 0, 0
old_1c:  dw 0, 0
         align 2
         times 256 db 0
stack_top:
