; pattern: the mode of INT 10h whose two hexadecimal digits are on the command line, with all that it can show: text with
; all attributes and characters, or the figure of picture.inc in all colours. Memory is written without the BIOS. With a j
; behind the mode the machine is a PCjr, whose modes of 32 KB are reached in pages 6 and 7 themselves.
; Tests: every mode of every adapter.
        cpu 8086
        org 100h

        call hexadecimal
        mov [mode], al
        mov ah, 0
        int 10h
        mov si, modes
search: lodsb
        cmp al, 0FFh
        je unknown
        cmp al, [mode]
        je found
        add si, entry_size - 1
        jmp search
found:  lodsw
        mov es, ax
        lodsw
        mov [draw], ax
        lodsw
        mov [width], ax
        mov [columns], ax
        lodsw
        mov [height], ax
        lodsw
        mov [colors], ax
        lodsw
        mov [pitch], ax
        lodsw
        mov [plot], ax
        lodsb
        mov [depth], al
        lodsb
        mov [banks], al
        call small_memory
        cmp byte [mode], 9
        jb here
        call argument
        cmp al, 'j'
        jne here
        mov ax, 1800h
        mov es, ax
here:   call [draw]
unknown:
        jmp finish

; An EGA with 64 KB has four colours in modes 0Fh and 10h.
small_memory:
        cmp byte [mode], 0Fh
        jb .end
        cmp byte [mode], 10h
        ja .end
        mov ax, 1200h
        mov bl, 10h
        int 10h
        cmp bl, 0                               ; memory in steps of 64 KB, less one
        jne .end
        mov word [colors], 4
        mov word [plot], plot_two
.end:   ret

mode:   db 0
draw:   dw 0

; Mode, segment, what to draw, columns or width, height, colours, bytes of a line, way of memory, bits of a pixel, banks.
%macro entry 10
        db %1
        dw %2, %3, %4, %5, %6, %7, %8
        db %9, %10
%endmacro
entry_size equ 17
modes:
        entry 00h, 0B800h, show_text, 40, 25, 16, 80, 0, 0, 0
        entry 01h, 0B800h, show_text, 40, 25, 16, 80, 0, 0, 0
        entry 02h, 0B800h, show_text, 80, 25, 16, 160, 0, 0, 0
        entry 03h, 0B800h, show_text, 80, 25, 16, 160, 0, 0, 0
        entry 04h, 0B800h, show_figure, 320, 200, 4, 80, plot_packed, 2, 1
        entry 05h, 0B800h, show_figure, 320, 200, 4, 80, plot_packed, 2, 1
        entry 06h, 0B800h, show_figure, 640, 200, 2, 80, plot_packed, 1, 1
        entry 07h, 0B000h, show_text, 80, 25, 16, 160, 0, 0, 0
        entry 08h, 0B800h, show_figure, 160, 200, 16, 80, plot_packed, 4, 1
        entry 09h, 0B800h, show_figure, 320, 200, 16, 160, plot_packed, 4, 3
        entry 0Ah, 0B800h, show_figure, 640, 200, 4, 160, plot_pairs, 0, 3
        entry 0Dh, 0A000h, show_figure, 320, 200, 16, 40, plot_planes, 0, 0
        entry 0Eh, 0A000h, show_figure, 640, 200, 16, 80, plot_planes, 0, 0
        entry 0Fh, 0A000h, show_figure, 640, 350, 16, 80, plot_planes, 0, 0
        entry 10h, 0A000h, show_figure, 640, 350, 16, 80, plot_planes, 0, 0
        entry 11h, 0A000h, show_figure, 640, 480, 2, 80, plot_planes, 0, 0
        entry 12h, 0A000h, show_figure, 640, 480, 16, 80, plot_planes, 0, 0
        entry 13h, 0A000h, show_figure, 320, 200, 256, 320, plot_bytes, 0, 0
        db 0FFh

%include "picture.inc"
