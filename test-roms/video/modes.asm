; Sets the video mode whose two hexadecimal digits are on the command line, and shows what the BIOS can do in it:
; text by teletype, coloured characters, pixels, scrolling. Waits for a key.
; Tests: INT 10h in graphics and text modes.
        org 100h
        mov si, 81h
skip:   lodsb
        cmp al, 20h
        je skip
        dec si
        call digit
        mov ah, al
        call digit
        mov cl, 4
        shl ah, cl
        or al, ah
        xor ah, ah
        int 10h
        mov si, text
        call print
; sixteen colours
        mov bl, 0
next:   mov ah, 2
        mov bh, 0
        mov dh, 4
        mov dl, bl
        int 10h
        mov ax, 0941h
        add al, bl
        mov cx, 1
        int 10h
        inc bl
        cmp bl, 16
        jb next
; pixels: lines of slope 1 in 16 colours
        mov si, 0
pixel:  mov ax, si
        mov ah, 0Ch
        mov bh, 0
        mov cx, si
        mov dx, si
        shr dx, 1
        add dx, 60
        int 10h
        inc si
        cmp si, 240
        jb pixel
; a window scrolls down and is filled
        mov ax, 0702h
        mov bh, 2
        mov cx, 0B02h
        mov dx, 1210h
        int 10h
        mov ah, 2
        mov bh, 0
        mov dx, 1500h
        int 10h
        mov si, last
        call print
        push ds                                 ; as `ready` of picture.inc
        mov ax, 40h
        mov ds, ax
        mov byte [0F0h], 1
        pop ds
        xor ah, ah
        int 16h
        mov ax, 3
        int 10h
        mov ax, 4C00h
        int 21h
print:  lodsb
        cmp al, '$'
        je .done
        mov ah, 0Eh
        mov bl, 7
        int 10h
        jmp print
.done:  ret
digit:  lodsb
        sub al, '0'
        cmp al, 9
        jbe .done
        and al, 0DFh
        sub al, 7
.done:  and al, 0Fh
        ret
text:   db 'Ochenta', 13, 10, 'The quick brown fox', 13, 10, '$'
last:   db 'last line', 13, 10, 0C9h, 0CDh, 0BBh, '$'
