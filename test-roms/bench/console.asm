; console: writes 1 MB to standard output: lines of 64 bytes by INT 21h AH=40h, then single characters by AH=02h.
; DOS only: there is no boot floppy of it.

        cpu 8086
        org 100h
        mov si, 8192                            ; 8,192 lines of 64 bytes: half a megabyte
.line:  mov bx, 1
        mov cx, 64
        mov dx, line
        mov ah, 40h
        int 21h
        inc byte [line]
        and byte [line], 5Fh
        or byte [line], 40h
        dec si
        jnz .line
        mov di, 8
.outer: mov si, 0                               ; 8 times 65,536 characters
.character:
        mov dl, 'x'
        test si, 3Fh
        jnz .print
        mov dl, 10
.print: mov ah, 2
        int 21h
        inc si
        jnz .character
        dec di
        jnz .outer
        mov ax, 4C00h
        int 21h
line:   db "A"
        times 61 db '-'
        db 13, 10
