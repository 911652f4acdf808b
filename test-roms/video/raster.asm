; Mode 13h: a picture of all colours, a split screen with smooth scrolling above it, and the border colour 0 changed
; line by line. Runs until a key is pressed.
        org 100h
        mov ax, 13h
        int 10h
        push ds
        mov ax, 0A000h
        mov es, ax
        xor di, di
        xor bx, bx
row:    xor cx, cx
col:    mov ax, cx
        xor al, bl
        test cx, 16
        jnz .keep
        xor al, al
.keep:  stosb
        inc cx
        cmp cx, 320
        jb col
        inc bx
        cmp bx, 200
        jb row
; line compare 300
        mov dx, 3D4h
        mov ax, 2C18h
        out dx, ax
        mov ax, 1F07h
        out dx, ax
        mov ax, 0109h
        out dx, ax
        xor bp, bp
frame:  mov dx, 3DAh
wait1:  in al, dx
        test al, 8
        jnz wait1
wait2:  in al, dx
        test al, 8
        jz wait2
; start address and panning
        mov ax, bp
        mov bl, 80
        mov dx, 3D4h
        push ax
        shr ax, 1
        and ax, 63
        mul bl
        mov bx, ax
        mov al, 0Dh
        mov ah, bl
        out dx, ax
        mov al, 0Ch
        mov ah, bh
        out dx, ax
        pop ax
        inc bp
; 200 lines of another colour 0 each
        mov cx, 200
        cli
bars:   mov dx, 3DAh
.h0:    in al, dx
        test al, 1
        jnz .h0
.h1:    in al, dx
        test al, 1
        jz .h1
        mov dx, 3C8h
        xor al, al
        out dx, al
        inc dx
        mov al, cl
        and al, 63
        out dx, al
        xor al, al
        out dx, al
        mov al, 63
        sub al, cl
        out dx, al
        loop bars
        sti
        mov ah, 1
        int 16h
        jz frame
        mov ax, 3
        int 10h
        mov ax, 4C00h
        int 21h
