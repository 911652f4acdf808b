; console: the character functions of INT 21h on redirected standard input.
; Tests: AH=01h, 02h, 06h, 07h, 08h, 09h, 0Ah, 0Bh, 0Ch, 3Fh and 40h; the end of the file.
; Input: console.input.

%include "check.inc"

        mov ah, 2
        mov dl, '>'
        int 21h
        mov al, '?'
        cmp dl, '>'
        expect e, "AH=02 keeps DL"
        mov ah, 2
        mov dl, '!'
        int 21h
        expect_al '!', "AH=02 returns the character in AL"
        mov dx, dollar
        mov ah, 9
        int 21h
        expect_al '$', "AH=09 returns a dollar in AL"

        mov ah, 0Bh
        int 21h
        expect_al 0FFh, "AH=0B: a character is there"
        mov ah, 1
        int 21h
        expect_al 'a', "AH=01 reads and echoes"
        mov ah, 8
        int 21h
        expect_al 'b', "AH=08 reads"
        mov ah, 7
        int 21h
        expect_al 'c', "AH=07 reads"
        mov ah, 6
        mov dl, 0FFh
        int 21h
        expect nz, "AH=06: a character is there"
        expect_al 'd', "AH=06 reads"
        mov ah, 6
        mov dl, '*'
        int 21h
        mov ax, 0C08h                           ; the buffer that is flushed is the keyboard's
        int 21h
        expect_al 'e', "AH=0C reads by AH=08"
        mov ah, 8
        int 21h
        expect_al 13, "carriage return"
        mov ah, 8
        int 21h
        expect_al 10, "line feed"

        mov dx, buffer
        mov byte [buffer], 10
        mov ah, 0Ah
        int 21h
        mov al, [buffer + 1]
        expect_al 5, "AH=0A counts the line"
        expect_string buffer + 2, {"hello", 13}, "AH=0A reads the line"
        mov dx, buffer
        mov byte [buffer], 4
        mov ah, 0Ah
        int 21h
        mov al, [buffer + 1]
        expect_al 3, "AH=0A stops at the buffer's size"
        expect_string buffer + 2, {"lon", 13}, "AH=0A cuts the line"

        mov ah, 3Fh
        mov bx, 0
        mov cx, 3
        mov dx, buffer
        int 21h
        show "AH=3F read", ax
        expect_string buffer, {10, "tw"}, "AH=3F reads what follows: the line feed of the line before"
        mov ah, 3Fh
        mov cx, 100
        mov dx, buffer
        int 21h
        show "AH=3F read", ax
        mov ah, 3Fh
        mov cx, 100
        mov dx, buffer
        int 21h
        expect_eq ax, 0, "AH=3F at the end"
        mov ah, 6
        mov dl, 0FFh
        int 21h
        expect z, "AH=06 at the end: nothing"
        finish

dollar: db "twelve chars", 13, 10, "$"
buffer: times 128 db 0
