; tweaked: modes of 256 colours that no BIOS has, made of mode 13h by registers. The command line has a letter:
; a 320 by 200 unchained, b 320 by 240, c 320 by 400, d 360 by 480, e 256 by 256 chained, f 320 by 480.
; Shows the figure of picture.inc.
; Tests: unchained memory, both dot clocks with 256 colours, other line counts and lengths.
        cpu 8086
        org 100h

        call argument
        sub al, 'a'
        and ax, 7
        mov bx, ax
        shl bx, 1
        mov si, [modes + bx]
        mov ax, 0013h
        int 10h
        mov ax, 0A000h
        mov es, ax
        lodsw
        mov [width], ax
        lodsw
        mov [height], ax
        lodsw
        mov [pitch], ax
        lodsw
        mov [plot], ax
        mov word [colors], 256
        lodsb
        mov ah, al
        mov dx, 3C4h                            ; memory mode
        mov al, 4
        out dx, ax
        mov ax, 0F02h
        out dx, ax
        cld
        xor di, di
        xor ax, ax
        mov cx, 8000h
        rep stosw
        mov ax, 0100h                           ; the clock changes during a reset
        out dx, ax
        mov dx, 3C2h
        lodsb
        out dx, al
        mov dx, 3C4h
        mov ax, 0300h
        out dx, ax
        mov dx, 3D4h                            ; registers 0 to 7 can be written
        mov al, 11h
        out dx, al
        inc dx
        in al, dx
        and al, 7Fh
        out dx, al
        dec dx
next:   lodsw
        cmp al, 0FFh
        je set
        out dx, ax
        jmp next
set:    call show_figure
        jmp finish

modes:  dw a, b, c, d, e, f, a, a

; Width, height, bytes of a line, way of memory, memory mode, miscellaneous output, CRT controller's registers.
%macro mode 6
        dw %1, %2, %3, %4
        db %5, %6
%endmacro
%macro unchained 0
        db 14h, 00h, 17h, 0E3h, 0FFh
%endmacro
a:      mode 320, 200, 80, plot_unchained, 6, 63h
        unchained
b:      mode 320, 240, 80, plot_unchained, 6, 0E3h
        db 6, 0Dh, 7, 3Eh, 9, 41h, 10h, 0EAh, 11h, 0ACh, 12h, 0DFh, 15h, 0E7h, 16h, 06h
        unchained
c:      mode 320, 400, 80, plot_unchained, 6, 63h
        db 9, 40h
        unchained
d:      mode 360, 480, 90, plot_unchained, 6, 0E7h
        db 0, 6Bh, 1, 59h, 2, 5Ah, 3, 8Eh, 4, 5Eh, 5, 8Ah
        db 6, 0Dh, 7, 3Eh, 9, 40h, 10h, 0EAh, 11h, 0ACh, 12h, 0DFh, 13h, 2Dh, 15h, 0E7h, 16h, 06h
        unchained
e:      mode 256, 256, 256, plot_bytes, 14, 0E3h
        db 0, 5Fh, 1, 3Fh, 2, 40h, 3, 82h, 4, 4Ah, 5, 9Ah
        db 6, 23h, 7, 0B2h, 9, 61h, 10h, 0Ah, 11h, 0ACh, 12h, 0FFh, 13h, 20h, 15h, 07h, 16h, 1Ah, 0FFh
f:      mode 320, 480, 80, plot_unchained, 6, 0E3h
        db 6, 0Dh, 7, 3Eh, 9, 40h, 10h, 0EAh, 11h, 0ACh, 12h, 0DFh, 15h, 0E7h, 16h, 06h
        unchained

%include "picture.inc"
