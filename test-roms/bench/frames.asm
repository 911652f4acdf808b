; frames: draws the whole screen anew in each frame, for ever. The letter on the command line says how:
;   T  text of 80 by 25, by words     V  mode 13h, by words     P  mode 12h, all planes at once, by words

        cpu 8086
        org 100h

        cld
        mov al, [82h]
        and al, 0DFh
        mov di, screens
.find:  cmp al, [di]
        je .found
        add di, 7
        cmp di, screens_end
        jb .find
        mov ax, 4C01h
        int 21h
.found: mov ax, [di + 1]
        int 10h
        mov es, [di + 3]
        mov si, [di + 5]
        mov bx, 1F01h
.frame: mov dx, 3DAh
.shown: in al, dx
        test al, 8
        jnz .shown
.beam:  in al, dx
        test al, 8
        jz .beam
        xor di, di
        mov ax, bx
        mov cx, si
        rep stosw
        add bx, 0101h
        jmp .frame

; The letter, the mode, its segment, its words
screens:
        db 'T'
        dw 3, 0B800h, 2000
        db 'V'
        dw 13h, 0A000h, 32000
        db 'P'
        dw 12h, 0A000h, 19200
screens_end:
