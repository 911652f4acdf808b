; fonts512: 512 characters. Block 0 holds the BIOS's font, block 1 one of bars and steps; attribute bit 3 chooses, and the
; plane mask keeps it from making colours bright. The command line has the character's height, two hexadecimal digits.
; Tests: character map select, the ninth dot of loaded characters, user fonts by INT 10h AX=1100h and 1103h.
        cpu 8086
        org 100h

        call hexadecimal
        mov [lines], al
        mov ax, 0003h
        int 10h
        push ds
        pop es
        cld
        mov di, font
        xor bx, bx                              ; BL: character, BH: line
glyph:  mov al, bl
        mov cl, bh
        rol al, cl
        cmp bh, 0
        jne .put
        mov al, 0FFh                            ; a bar above
.put:   stosb
        inc bh
        cmp bh, [lines]
        jb glyph
        mov bh, 0
        inc bl
        jnz glyph
        mov bp, font
        mov cx, 256
        xor dx, dx
        mov bh, [lines]
        mov bl, 1
        mov ax, 1100h
        int 10h
        mov ax, 1103h
        mov bl, 04h
        int 10h
        mov ax, 1000h
        mov bx, 0712h
        int 10h
        mov dx, 3D4h
        mov ax, 0FF0Eh                          ; the cursor is nowhere
        out dx, ax
        mov ax, 0B800h
        mov es, ax
        xor di, di
        mov cx, 2000
        mov ax, 0700h
row:    stosw                                   ; characters of either font by turns
        xor ah, 08h
        test ah, 08h
        jnz .same
        inc al
        test al, 7
        jnz .same
        inc ah                                  ; other colours: 1 to 7 on black
        and ah, 0Fh
        test ah, 7
        jnz .same
        inc ah
.same:  loop row
        jmp finish

lines:  db 0

%include "picture.inc"
font:
