; flips: three pages of 320 by 240 pixels, not chained. In the middle of every frame the start address becomes that of the
; next page, so that a picture is torn if the address acts before the next frame.
; Tests: when the start address is taken over; memory of 256 KB as four planes.
        cpu 8086
        org 100h

        mov ax, 0013h
        int 10h
        mov dx, 3C4h
        mov ax, 0604h
        out dx, ax
        mov ax, 0F02h
        out dx, ax
        mov ax, 0A000h
        mov es, ax
        cld
        xor di, di
        xor ax, ax
        mov cx, 8000h
        rep stosw
        mov dx, 3C2h
        mov al, 0E3h
        out dx, al
        mov dx, 3D4h
        mov al, 11h
        out dx, al
        inc dx
        in al, dx
        and al, 7Fh
        out dx, al
        dec dx
        mov si, registers
        mov cx, 10
set:    lodsw
        out dx, ax
        loop set
        mov word [height], 240
        mov word [plot], plot_unchained
        mov bx, 0A000h
        mov byte [pen], 9
draw:   mov es, bx
        push bx
        call frame_lines
        call diagonals
        inc byte [pen]
        mov word [at_y], 50
        mov word [scale], 20
        call letter
        add word [at_x], 60
        inc byte [pen]
        pop bx
        add bx, 19200 / 16
        cmp bx, 0A000h + 3 * 19200 / 16
        jb draw
        call ready
frame:  cli
        call await_frame
        mov cx, 200
        call await_lines
        mov bx, [page]
        add bx, 19200
        cmp bx, 3 * 19200
        jb put
        xor bx, bx
put:    mov [page], bx
        mov dx, 3D4h
        mov al, 0Ch
        mov ah, bh
        out dx, ax
        mov al, 0Dh
        mov ah, bl
        out dx, ax
        sti
        mov ah, 1
        int 16h
        jz frame
        jmp leave_program

page:   dw 0
registers:
        db 6, 0Dh, 7, 3Eh, 9, 41h, 10h, 0EAh, 11h, 0ACh, 12h, 0DFh, 15h, 0E7h, 16h, 06h, 14h, 00h, 17h, 0E3h

%include "picture.inc"
