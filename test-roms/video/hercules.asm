; hercules: the graphics of the Hercules card. The command line names the page that is shown, 0 or 1; page 0 holds the
; figure of picture.inc, page 1 a circle and a large letter.
; Tests: 720 by 348 dots in four banks; the two pages; the configuration switch that lets both appear.
; Source of the values: [HERCULES] in docs/sources.md.
        cpu 8086
        org 100h

        call argument
        and al, 1
        mov [page], al
        mov dx, 3BFh                            ; graphics and the second page are allowed
        mov al, 3
        out dx, al
        mov dx, 3B8h
        mov al, 2
        out dx, al
        mov si, registers
        mov cx, 12
        mov ah, 0
        mov dx, 3B4h
next:   mov al, ah
        out dx, al
        inc dx
        lodsb
        out dx, al
        dec dx
        inc ah
        loop next
        mov word [width], 720
        mov word [height], 348
        mov word [colors], 2
        mov word [pitch], 90
        mov byte [depth], 1
        mov word [banks], 3
        mov ax, 0B000h
        call clear
        call show_figure
        mov ax, 0B800h
        call clear
        call frame_lines
        call circle
        mov word [at_x], 300
        mov word [at_y], 60
        mov word [scale], 24
        call letter
        mov al, [page]
        mov cl, 7
        shl al, cl
        or al, 0Ah
        mov dx, 3B8h
        out dx, al
        call ready
        xor ah, ah
        int 16h
        mov dx, 3BFh
        xor al, al
        out dx, al
        jmp leave_program

clear:  mov es, ax
        cld
        xor di, di
        xor ax, ax
        mov cx, 4000h
        rep stosw
        ret

page:   db 0
registers: db 35h, 2Dh, 2Eh, 07h, 5Bh, 02h, 57h, 57h, 02h, 03h, 00h, 00h

%include "picture.inc"
