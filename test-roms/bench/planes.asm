; planes: mode 12h by the means of an EGA and VGA: fills of all planes, pixels through the bit mask, copies by latches,
; exclusive or, and reads of one plane.
ROUNDS  equ 600
%include "kernel.inc"

SCREEN  equ 80 * 480

; Sets register %2 of the controller with the ports %1 to %3.
%macro set 3
        mov dx, %1
        mov ax, %3 << 8 | %2
        out dx, ax
%endmacro

kernel: cmp byte [is_set], 0
        jne .set
        inc byte [is_set]
        mov ax, 12h
        int 10h
.set:   mov ax, 0A000h
        mov es, ax
; two planes each are filled
        set 3C4h, 2, 3
        xor di, di
        mov ax, [rounds]
        mov cx, SCREEN / 2
        rep stosw
        set 3C4h, 2, 0Ch
        xor di, di
        mov ax, [rounds]
        not ax
        mov cx, SCREEN / 2
        rep stosw
        set 3C4h, 2, 0Fh
; 4,800 pixels in write mode 2
        set 3CEh, 5, 2
        mov bp, 4800
        mov di, 3
        mov bx, 8001h                   ; BH: the mask, BL: the colour
.pixel: mov ah, bh
        mov al, 8
        out dx, ax
        mov al, [es:di]
        mov [es:di], bl
        inc bl
        ror bh, 1
        add di, 7
        cmp di, SCREEN
        jb .next
        sub di, SCREEN
.next:  dec bp
        jnz .pixel
        set 3CEh, 8, 0FFh
; a quarter of the screen by the latches
        set 3CEh, 5, 1
        push ds
        push es
        pop ds
        xor si, si
        mov di, SCREEN / 2
        mov cx, SCREEN / 4
        rep movsb
        pop ds
        set 3CEh, 5, 0
; exclusive or with a colour by set/reset, over a quarter
        set 3CEh, 0, 5
        set 3CEh, 1, 0Fh
        set 3CEh, 3, 18h
        mov di, SCREEN / 4
        mov cx, SCREEN / 4
.xor:   mov al, [es:di]
        mov [es:di], al
        inc di
        loop .xor
        set 3CEh, 1, 0
        set 3CEh, 3, 0
; reads of each plane
        xor bx, bx
        mov bp, 3
.plane: mov ax, bp
        mov ah, al
        mov al, 4
        out dx, ax
        mov si, bp
        mov cx, 2000
.sum:   add bl, [es:si]
        adc bh, 0
        rol bx, 1
        add si, 19
        loop .sum
        dec bp
        jns .plane
        mov ax, bx
        cmp word [rounds], 1
        jne .done
        push ax
        mov ax, 3
        int 10h
        pop ax
.done:  ret
is_set: db 0
        kernel_end
