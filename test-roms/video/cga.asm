; cga: the picture of 320 by 200 of a CGA that changes in the middle of a frame.
; Draws by INT 10h and by memory; then, each frame, the background changes in the middle of every line from 100 to 149.
; Tests: what a front end shows (frame).
; Output: frame

        cpu 8086
        org 100h

        mov ax, 0004h
        int 10h
        mov ax, 0B800h
        mov es, ax
        xor di, di                              ; bands of the four colours in memory
        cld
band:   mov ax, di
        mov cl, 4
        shr ax, cl
        and al, 3
        mov ah, 55h
        mul ah
        stosb
        cmp di, 80 * 20
        jb band
        mov dx, 0102h                           ; text
        mov bh, 0
        mov ah, 2
        int 10h
        mov si, text
next:   lodsb
        or al, al
        jz drawn
        mov ah, 0Eh
        mov bl, 3
        int 10h
        jmp next
drawn:  mov cx, 319                             ; a diagonal
line:   mov dx, cx
        shr dx, 1
        mov ax, 0C02h
        int 10h
        loop line
        push ds                                 ; as `ready` of picture.inc
        mov ax, 40h
        mov ds, ax
        mov byte [0F0h], 1
        pop ds
        cli
frame:  mov dx, 03DAh                           ; wait for the vertical retrace
.out:   in al, dx
        test al, 8
        jnz .out
.in:    in al, dx
        test al, 8
        jz .in
        mov cx, 38 + 100                        ; lines down to line 100
.line:  in al, dx
        test al, 1
        jz .line
.shown: in al, dx
        test al, 1
        jnz .shown
        loop .line
        mov cx, 50
.color: mov dx, 03D9h
        mov al, 31h
        out dx, al
        mov al, 34h
        out dx, al
        mov dx, 03DAh
.rest:  in al, dx
        test al, 1
        jz .rest
.begin: in al, dx
        test al, 1
        jnz .begin
        loop .color
        mov dx, 03D9h
        mov al, 30h
        out dx, al
        sti
        mov ah, 1                               ; until a key
        int 16h
        cli
        jz frame
        sti
        mov ax, 0003h
        int 10h
        mov ax, 4C00h
        int 21h

text:   db "Ochenta, CGA 320 by 200", 0
