; mouse: the mouse driver, INT 33h.
; Tests: AX=0000h, 0003h, 0004h, 0005h, 0006h, 000Bh, 000Ch, 0013h, 0024h; the text cursor over a cell; a handler that is
;   called at each event; a loop that polls and sleeps.
; The mouse is moved by mouse.script.

%include "check.inc"

        mov ax, 0
        int 33h
        expect_eq ax, 0FFFFh, "AX=0000: there is a driver"
        mov ax, 13h                             ; no double speed
        mov dx, 7FFFh
        int 33h
        mov ax, 24h
        mov bx, 0
        int 33h
        expect_eq bx, 0820h, "AX=0024: version 8.20"
        mov ax, 4
        mov cx, 0
        mov dx, 0
        int 33h
        push es                                 ; the cell in the upper left corner
        mov ax, 0B800h
        mov es, ax
        push word [es:0]
        mov word [es:0], 0741h
        mov ax, 1
        int 33h
        mov bx, [es:0]
        mov ax, 2
        int 33h
        mov cx, [es:0]
        pop word [es:0]
        pop es
        expect_eq bx, 7041h, "AX=0001: the cursor turns the colours round"
        expect_eq cx, 0741h, "AX=0002: and they come back"
        mov ax, 0Ch
        mov cx, 7
        push cs
        pop es
        mov dx, event
        int 33h
        say "move the mouse"
.wait:  mov ax, 3
        int 33h
        test bl, 1
        jz .wait
        expect_eq cx, 16, "AX=0003: 16 mickeys to the right"
        expect_eq dx, 16, "and 32 down"
.hold:  mov ax, 3
        int 33h
        test bl, 1
        jnz .hold
        mov ax, 0Bh
        int 33h
        expect_eq cx, 16, "AX=000B: mickeys across"
        expect_eq dx, 32, "and down"
        mov ax, 5
        mov bx, 0
        int 33h
        expect_eq bx, 1, "AX=0005: pressed once"
        mov ax, 6
        mov bx, 0
        int 33h
        expect_eq bx, 1, "AX=0006: released once"
        mov ax, [events]
        expect_eq ax, 7, "AX=000C: the handler saw movement, press and release"
        mov ax, 0
        int 33h
        finish

event:  or [cs:events], ax
        retf

events: dw 0
