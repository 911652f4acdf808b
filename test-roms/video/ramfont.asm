; ramfont: loadable characters of a Hercules Graphics Card Plus. The command line has a digit:
; 1  one font, with all attributes of the MDA;
; 2  the same with characters of eight dots, 90 in a row;
; 3  twelve fonts: a row of each, then the attributes' bits 4 to 7 with characters of font 11.
; A character shows its code as the dots of its rows 2 to 9, bit 7 at the left, narrower by a row of each font's number at
; the top, in a box.
; Tests: the registers 14h to 16h, fonts in memory, attributes with twelve fonts.
; Source of the values: [HGCPLUS] in docs/sources.md.
        cpu 8086
        org 100h

        call argument
        sub al, '1'
        mov [kind], al
        mov ax, 0007h
        int 10h
        mov dx, 3BFh                            ; memory up to BFFFFh
        mov al, 3
        out dx, al
        mov ax, 0B400h
        mov es, ax
        xor di, di
        cld
        xor bx, bx                              ; BL: code, BH: font
glyph:  mov al, 0FFh
        stosb
        mov al, bh
        shl al, 1
        shl al, 1
        or al, 81h
        stosb
        mov al, bl
        mov cx, 8
        rep stosb
        mov al, 81h
        stosb
        mov al, 0FFh
        stosb
        xor al, al
        mov cx, 4
        rep stosb
        inc bl
        jnz glyph
        inc bh
        cmp bh, 12
        jb glyph

        mov ax, 0B000h
        mov es, ax
        mov word [columns], 80
        mov bl, [kind]
        xor bh, bh
        mov al, [modes + bx]
        mov ah, 14h
        call set
        mov ax, 150Ch                           ; underscore in line 12, overstrike in line 6
        call set
        mov ax, 1606h
        call set
        mov dx, 3B8h                            ; no blinking
        mov al, 08h
        out dx, al
        cmp bl, 1
        jb text
        ja twelve
        mov word [columns], 90
        mov ax, 006Dh
        call set
        mov ax, 015Ah
        call set
        mov ax, 025Ch
        call set
text:   call show_text
        jmp finish

twelve: xor di, di
        xor bl, bl
.row:   mov cx, 80
        mov ah, bl
        mov al, 0
.cell:  stosw
        inc al
        loop .cell
        inc bl
        cmp bl, 16                              ; 12 to 15 are some of the others
        jb .row
        mov bl, 0Bh
.attribute:
        mov cx, 80
        mov ah, bl
        mov al, 0B0h
.other: stosw
        inc al
        loop .other
        add bl, 10h
        cmp bl, 9Bh
        jb .attribute
        jmp finish

; Register AH of the 6845: AL.
set:    push dx
        push ax
        mov dx, 3B4h
        mov al, ah
        out dx, al
        pop ax
        inc dx
        out dx, al
        pop dx
        ret

kind:   db 0
modes:  db 1, 3, 5

%include "picture.inc"
