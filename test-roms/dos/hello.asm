; hello: the smallest program that shows something.
; Tests: loading a .COM program, INT 21h AH=09h, RET to the INT 20h at PSP:0000.

        org 100h

        mov ah, 9
        mov dx, text
        int 21h
        ret

text:   db "Hello, world.", 13, 10, "$"
