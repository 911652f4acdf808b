; texts: text beyond what a mode set gives. The command line has a letter:
; 8  characters of eight dots (VGA);
; 2, 3  200 or 350 lines, chosen by INT 10h AH=12h (VGA);
; l  as many lines as the font of 8 lines gives: 43 on an EGA, 50 on a VGA;
; b  bright backgrounds instead of blinking; on the MDA and the CGA (c, m) by their mode register;
; o  the planes behind the text, read one after the other and in odd/even order (EGA, VGA).
; Tests: text modes of the EGA and VGA; blink against bright backgrounds; how text lies in the planes.
        cpu 8086
        org 100h

        call argument
        mov [kind], al
        mov ax, 0007h
        cmp byte [kind], 'm'
        je mode
        mov bl, 30h
        mov ax, 1200h
        cmp byte [kind], '2'
        je choose
        inc ax
        cmp byte [kind], '3'
        jne color
choose: int 10h
color:
        mov ax, 0003h
mode:   int 10h
        mov ax, 0B000h
        cmp byte [kind], 'm'
        je segment_set
        mov ax, 0B800h
segment_set:
        mov es, ax
        mov al, [kind]
        cmp al, '8'
        je eight
        cmp al, '3'
        jbe chosen
        cmp al, 'l'
        je lines
        cmp al, 'b'
        je bright
        cmp al, 'c'
        je cga
        cmp al, 'm'
        je mda
        cmp al, 'o'
        je planes
        jmp finish

chosen: call show_text
        jmp finish

eight:  call show_text
        mov dx, 3C4h
        mov ax, 0100h
        out dx, ax
        mov ax, 0101h
        out dx, ax
        mov dx, 3CCh
        in al, dx
        and al, 0F3h
        mov dx, 3C2h
        out dx, al
        mov dx, 3C4h
        mov ax, 0300h
        out dx, ax
        mov dx, status_port
        in al, dx
        mov dx, 3C0h
        mov al, 33h
        out dx, al
        mov al, 0
        out dx, al
        jmp finish

lines:  mov ax, 1112h
        mov bl, 0
        int 10h
        call show_text
        mov ax, 40h
        mov ds, ax
        mov al, [84h]
        push cs
        pop ds
        mov ah, 160
        mul ah
        mov di, ax                              ; the last row
        mov cx, 80
        mov ax, 1F00h + 'z'
        rep stosw
        jmp finish

bright: mov ax, 1003h
        mov bl, 0
        int 10h
        call show_text
        jmp finish

cga:    mov dx, 3D8h
        jmp register
mda:    mov dx, 3B8h
register:
        mov al, 09h                             ; 80 columns, displayed, no blinking
        out dx, al
        call show_text
        jmp finish

; The first 16 cells; then plane after plane, 64 bytes each, as hexadecimal digits: characters, attributes, font.
planes: call show_text
        mov dx, 3CEh
        mov ax, 0005h                           ; one plane, no odd/even
        out dx, ax
        mov ax, 0406h                           ; at A000h, not chained
        out dx, ax
        mov ax, 0A000h
        mov ds, ax
        mov di, cs
        mov es, di
        mov di, buffer
        mov bl, 0
.plane: mov dx, 3CEh
        mov al, 4
        mov ah, bl
        out dx, ax
        xor si, si
        cmp bl, 2
        jb .copy
        mov si, 41h * 32                        ; the picture of an A
.copy:  mov cx, 32
        rep movsb
        inc bl
        cmp bl, 3
        jb .plane
        push cs
        pop ds
        mov dx, 3CEh
        mov ax, 0004h
        out dx, ax
        mov ax, 1005h
        out dx, ax
        mov ax, 0E06h
        out dx, ax
        mov ax, 0B800h
        mov es, ax
        mov si, buffer
        mov di, 160 * 18
        mov ah, 1Fh
        mov cx, 96
.digits:
        lodsb
        mov bl, al
        push cx
        mov cl, 4
        shr al, cl
        pop cx
        call digit
        mov al, bl
        call digit
        loop .digits
        jmp finish
digit:  and al, 15
        add al, '0'
        cmp al, '9'
        jbe .put
        add al, 7
.put:   stosw
        ret

kind:   db 0

%include "picture.inc"
buffer:
