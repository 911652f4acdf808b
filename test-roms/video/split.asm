; split: a split screen at every line of mode 10h (640 by 350). The upper part comes from 8000h, with a circle and a large
; letter, the lower one from 0, with the figure of picture.inc. With p on the command line the whole is panned by three
; pixels, and the attribute controller is told to leave the lower part alone.
; Each key takes the next picture: upper part only, lower part only, then line compare 0, 1, 2 and so on.
; Tests: line compare, addresses and row counter below the split, panning of the upper part only.
        cpu 8086
        org 100h

        call argument
        mov [panned], al
        mov ax, 0010h
        int 10h
        mov word [width], 640
        mov word [height], 350
        mov word [colors], 16
        mov word [pitch], 80
        mov word [plot], plot_planes
        mov ax, 0A000h
        mov es, ax
        call show_figure
        mov ax, 0A800h
        mov es, ax
        mov byte [pen], 10
        call frame_lines
        mov byte [pen], 14
        call circle
        mov byte [pen], 12
        mov word [at_x], 250
        mov word [at_y], 90
        mov word [scale], 24
        call letter
        cmp byte [panned], 'p'
        jne show
        mov dx, status_port
        in al, dx
        mov dx, 3C0h
        mov al, 33h
        out dx, al
        mov al, 3
        out dx, al
        mov al, 30h                             ; mode: graphics, panning of the upper part only
        out dx, al
        mov al, 21h
        out dx, al
show:   mov bx, 1FFh
        mov al, 80h
        call start
        call compare
        call ready
        call step
        mov al, 0
        call start
        call step
        mov al, 80h
        call start
        xor bx, bx
next:   call compare
        call step
        inc bx
        cmp bx, 350
        jb next
        jmp finish

; AL: the upper byte of the start address.
start:  mov ah, al
        mov al, 0Ch
        mov dx, 3D4h
        out dx, ax
        ret

; BX: the line compare. Its bit 8 is in register 7; bit 9 (VGA, register 9) is cleared.
compare:
        mov dx, 3D4h
        mov al, 18h
        mov ah, bl
        out dx, ax
        mov ah, bh
        mov cl, 4
        shl ah, cl
        or ah, 0Fh
        mov al, 07h
        out dx, ax
        mov ax, 0009h
        out dx, ax
        ret

panned: db 0

%include "picture.inc"
