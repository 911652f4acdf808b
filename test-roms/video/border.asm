; border: the border has each colour once, beside the display area from its top on, and is blue above and below. The command
; line has a letter:
; c  text of a CGA or Tandy 1000;
; p  the same of a PCjr;
; e  the figure of picture.inc in mode 0Dh of an EGA;
; v  the figure in mode 13h of a VGA.
; Tests: the border around the display area, changed while the beam draws.
        cpu 8086
        org 100h

        call argument
        mov si, kinds
search: cmp al, [si]
        je found
        add si, kind_size
        cmp si, kinds_end
        jb search
        mov si, kinds
found:  lodsb
        lodsw
        mov [set], ax
        lodsw
        mov [lines], ax
        lodsw
        mov [pitch], ax
        lodsw
        mov [plot], ax
        lodsw
        mov [colors], ax
        lodsw
        mov es, ax
        lodsw
        mov bx, [si]
        int 10h
        mov word [columns], 80
        call bx
        call ready
frame:  cli
        call await_frame
        xor bl, bl
.next:  call await_line_end
        mov al, bl
        call [set]
        mov cx, [lines]
        call await_lines
        inc bl
        cmp bl, 16
        jb .next
        call await_line_end
        mov al, 1
        call [set]
        sti
        mov ah, 1
        int 16h
        jz frame
        jmp leave_program

; AL: the colour.
set_cga:
        mov dx, 3D9h
        or al, 30h
        out dx, al
        ret
set_pcjr:
        mov ah, al
        mov dx, status_port
        in al, dx
        mov al, 2
        out dx, al
        mov al, ah
        out dx, al
        ret
; The EGA has no bit 3 in its colour; intensity is bit 4.
set_ega:
        test al, 8
        jz set_vga
        xor al, 18h
set_vga:
        mov ah, al
        mov dx, status_port
        in al, dx
        mov dx, 3C0h
        mov al, 31h
        out dx, al
        mov al, ah
        out dx, al
        ret

set:    dw 0
lines:  dw 0

; Letter, how the border is set, lines of a colour but one, bytes of a line, way of memory, colours, memory, mode, what to draw.
%macro entry 9
        db %1
        dw %2, %3, %4, %5, %6, %7, %8, %9
%endmacro
kind_size equ 17
kinds:
        entry 'c', set_cga, 11, 160, 0, 16, 0B800h, 0003h, show_text
        entry 'p', set_pcjr, 11, 160, 0, 16, 0B800h, 0003h, show_text
        entry 'e', set_ega, 11, 40, plot_planes, 16, 0A000h, 000Dh, show_figure
        entry 'v', set_vga, 23, 320, plot_bytes, 256, 0A000h, 0013h, show_figure
kinds_end:

%include "picture.inc"
