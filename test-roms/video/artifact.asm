; artifact: the sixteen colours of dots on the composite output of a CGA: mode 6 with the burst on, and bars of each pattern
; of four dots. In the lower half the same bars stand one dot further to the right.
; Tests: the composite decoder.
        cpu 8086
        org 100h

        mov ax, 0006h
        int 10h
        mov dx, 3D8h
        mov al, 1Ah
        out dx, al
        mov ax, 0B800h
        mov es, ax
        cld
        xor dx, dx                              ; line
row:    mov di, dx
        shr di, 1
        mov ax, 80
        push dx
        mul di
        pop dx
        mov di, ax
        test dl, 1
        jz even
        add di, 2000h
even:   xor bl, bl                              ; pattern
bar:    mov al, bl
        mov cl, 4
        shl al, cl
        or al, bl
        cmp dx, 100
        jb put
        ror al, 1
put:    mov cx, 5
        rep stosb
        inc bl
        cmp bl, 16
        jb bar
        inc dx
        cmp dx, 200
        jb row
        jmp finish

%include "picture.inc"
