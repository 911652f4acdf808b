; colors64: all 64 colours of the EGA in one frame of mode 10h, sixteen at a time, by new palette registers at four places of
; the frame. In the dark lines between them the palette is disconnected while it is loaded.
; Tests: the palette of the attribute controller in the middle of a frame; the colours of six lines.
        cpu 8086
        org 100h

        mov ax, 0010h
        int 10h
        mov ax, 0A000h
        mov es, ax
        mov word [width], 640
        mov word [height], 350
        mov word [pitch], 80
        mov word [plot], plot_planes
        mov word [box_width], 40
        mov word [box_height], 64
        xor bx, bx                              ; BL: colour, BH: band
next:   mov al, bl
        mov [fill], al
        mov ah, 40
        mul ah
        mov cx, ax
        mov al, bh
        mov ah, 80
        mul ah
        add ax, 16
        mov dx, ax
        call box
        inc bl
        cmp bl, 16
        jb next
        mov bl, 0
        inc bh
        cmp bh, 4
        jb next
        call ready
frame:  cli
        call await_frame
        mov bl, 0                               ; the first colour of the band
band:   mov cx, 6
        call await_lines
        call palette
        mov cx, 74
        call await_lines
        add bl, 16
        cmp bl, 64
        jb band
        sti
        mov ah, 1
        int 16h
        jz frame
        jmp leave_program

; Sixteen colours from BL on.
palette:
        mov dx, status_port
        in al, dx
        mov dx, 3C0h
        xor cl, cl
.next:  mov al, cl
        out dx, al
        mov al, bl
        add al, cl
        out dx, al
        inc cl
        cmp cl, 16
        jb .next
        mov al, 20h
        out dx, al
        ret

%include "picture.inc"
