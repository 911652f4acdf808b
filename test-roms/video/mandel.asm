; mandel: the Mandelbrot set, by the means of each adapter. The letter on the command line says which:
;   V  VGA, mode 13h, 320 by 200 with a palette of 64 colours
;   P  VGA, mode 12h, 640 by 480 in planes, by write mode 2 and the bit mask
;   C  CGA, mode 4, 320 by 200 in four colours
;   A  CGA, mode 6 with colour burst: 160 by 200 in the sixteen colours of a composite monitor
;   H  Hercules, 720 by 348, dithered
; Shows: pictures for the README, made by `make pictures`. Waits for a key when it is done.

        cpu 186
        org 100h

ROUNDS  equ 64                          ; most iterations of a point
ONE     equ 1 << 12                     ; 1.0

; AX = the product DX:AX of two fractions as a fraction
%macro shrd_12 0
        shl dx, 4
        shr ax, 12
        or ax, dx
%endmacro

        cld
        mov si, 81h
.skip:  lodsb
        cmp al, ' '
        je .skip
        and al, 0DFh
        mov di, screens
.find:  cmp al, [di]
        je .found
        add di, SCREEN
        cmp di, screens_end
        jb .find
        mov ax, 4C01h
        int 21h
.found: mov ax, [di + 1]
        mov [width], ax
        mov ax, [di + 3]
        mov [height], ax
        mov ax, [di + 7]
        mov [plot], ax
        call [di + 5]
        xor ax, ax
        mov [y], ax
.row:   mov [x], ax
        mov ax, ONE * 24 / 10
        mul word [y]
        div word [height]
        sub ax, ONE * 12 / 10
        mov [point_y], ax
.dot:   mov ax, ONE * 33 / 10
        mul word [x]
        div word [width]
        sub ax, ONE * 24 / 10
        mov [point_x], ax
        call iterate
        mov cx, [x]
        mov dx, [y]
        call [plot]
        mov ax, [x]
        inc ax
        mov [x], ax
        cmp ax, [width]
        jb .dot
        inc word [y]
        xor ax, ax
        mov dx, [y]
        cmp dx, [height]
        jb .row
        mov ah, 0
        int 16h
        mov ax, 3
        int 10h
        mov ax, 4C00h
        int 21h

; AL = iterations until the point leaves the circle of radius 2, 0 if it stays.
iterate:
        xor si, si                      ; SI + DI i
        xor di, di
        mov byte [count], 0
.next:  mov ax, si
        imul si
        cmp dx, 4 * ONE / 16
        jae .out
        shrd_12
        mov bx, ax                      ; the square of the real part
        mov ax, di
        imul di
        cmp dx, 4 * ONE / 16
        jae .out
        shrd_12
        mov cx, ax
        add ax, bx
        cmp ax, 4 * ONE
        jae .out
        mov ax, si
        imul di
        shrd_12
        add ax, ax
        add ax, [point_y]
        mov di, ax
        mov si, bx
        sub si, cx
        add si, [point_x]
        inc byte [count]
        cmp byte [count], ROUNDS
        jb .next
        mov byte [count], 0
.out:   mov al, [count]
        ret

; Each plot routine draws AL at column CX of line DX.

vga:    mov ax, 13h
        int 10h
        mov ax, 0A000h
        mov es, ax
        mov cx, ROUNDS
        xor bx, bx
.color: push cx
        call gradient
        call set_dac
        pop cx
        inc bx
        loop .color
        ret

vga_plot:
        imul di, dx, 320
        add di, cx
        stosb
        ret

; The DAC's colour BX
set_dac:
        push dx
        mov ax, 1010h
        mov dh, [red]
        mov ch, [green]
        mov cl, [blue]
        int 10h
        pop dx
        ret

; red, green, blue = the colour of BX iterations, between two of the keys
gradient:
        push bx
        mov si, bx
        mov cl, 3
        shr si, cl
        mov ax, si
        add si, ax
        add si, ax
        add si, keys
        and bx, 7
        mov di, red
        mov cx, 3
.part:  mov al, 8
        sub al, bl
        mul byte [si]
        mov dx, ax
        mov al, bl
        mul byte [si + 3]
        add ax, dx
        shr ax, 3
        mov [di], al
        inc si
        inc di
        loop .part
        pop bx
        ret

planes: mov ax, 12h
        int 10h
        mov ax, 0A000h
        mov es, ax
        xor bx, bx
.color: mov bh, bl
        mov ax, 1000h                   ; the palette passes the colour on
        int 10h
        xor bh, bh
        push bx
        shl bx, 1
        cmp bx, 16
        jbe .low
        shl bx, 1
        sub bx, 16
.low:   call gradient
        pop bx
        call set_dac
        inc bl
        cmp bl, 16
        jb .color
        mov dx, 3CEh
        mov ax, 0205h                   ; write mode 2
        out dx, ax
        ret

planes_plot:
        or al, al
        jz .draw
        dec al
.wrap:  cmp al, 15
        jb .in
        sub al, 15
        jmp .wrap
.in:    inc al
.draw:  mov bl, al
        mov ax, 80
        push dx
        mul dx
        mov di, cx
        shr di, 3
        add di, ax
        mov ah, 80h
        and cl, 7
        shr ah, cl
        mov al, 8                       ; the bit mask
        mov dx, 3CEh
        out dx, ax
        pop dx
        mov al, [es:di]                 ; loads the latches
        mov [es:di], bl
        ret

cga:    mov ax, 4
        int 10h
        jmp cga_memory

cga_plot:
        and al, 3
        mov bl, 2                       ; bits of a dot
        jmp packed

composite:
        mov ax, 6
        int 10h
        mov dx, 3D8h
        mov al, 1Ah                     ; 640 dots, with colour burst
        out dx, al
cga_memory:
        mov ax, 0B800h
        mov es, ax
        ret

composite_plot:
        mov bx, artifacts
        and al, 15
        xlatb
        mov bl, 4

; AL, of BL bits, in the CGA's memory
packed: mov bh, al
        mov ax, dx
        shr ax, 1
        imul ax, ax, 80
        test dl, 1
        jz .even
        add ax, 2000h
.even:  mov di, ax
        mov al, bl
        xor ah, ah
        push dx
        mul cx                          ; the bit of the line
        pop dx
        mov cx, ax
        shr ax, 3
        add di, ax
        and cx, 7
        mov al, 8
        sub al, bl
        sub al, cl
        mov cl, al
        mov al, bh
        shl al, cl
        or [es:di], al
        ret

hercules:
        mov dx, 3BFh
        mov al, 1                       ; graphics are allowed, of the first page
        out dx, al
        mov dx, 3B8h
        mov al, 2
        out dx, al
        mov dx, 3B4h
        mov si, crtc
        xor bx, bx
.next:  mov al, bl
        mov ah, [si + bx]
        out dx, ax
        inc bx
        cmp bx, 12
        jb .next
        mov ax, 0B000h
        mov es, ax
        xor di, di
        xor ax, ax
        mov cx, 4000h
        rep stosw
        mov dx, 3B8h
        mov al, 0Ah
        out dx, al
        ret

hercules_plot:
        shl al, 1
        mov ah, al
        and al, 15                      ; brightness rises and falls with the iterations
        test ah, 16
        jz .rises
        xor al, 15
.rises: or ah, ah
        jz .dark
        mov bx, dx
        and bx, 3
        shl bx, 2
        mov si, cx
        and si, 3
        cmp al, [bx + si + bayer]
        jbe .dark
        mov ax, dx
        shr ax, 2
        imul di, ax, 90
        mov ax, dx
        and ax, 3
        mov bx, cx
        mov cl, 13
        shl ax, cl
        add di, ax
        mov cx, bx
        shr bx, 3
        add di, bx
        and cl, 7
        mov al, 80h
        shr al, cl
        or [es:di], al
.dark:  ret

; The letter, dots each way, how to begin and to draw a dot
%macro screen 5
        db %1
        dw %2, %3, %4, %5
%endmacro
SCREEN  equ 9
screens:
        screen 'V', 320, 200, vga, vga_plot
        screen 'P', 640, 480, planes, planes_plot
        screen 'C', 320, 200, cga, cga_plot
        screen 'A', 160, 200, composite, composite_plot
        screen 'H', 720, 348, hercules, hercules_plot
screens_end:

; Red, green and blue after every eight iterations; the first is what stays in the circle.
keys:   db 0, 0, 10,  10, 28, 60,  52, 60, 63,  63, 54, 20,  60, 24, 2,  36, 4, 10,  14, 2, 30,  4, 20, 50,  60, 60, 63
artifacts:
        db 0, 1, 9, 3, 11, 15, 14, 12, 13, 8, 4, 5, 6, 7, 10, 2
bayer:  db 0, 8, 2, 10,  12, 4, 14, 6,  3, 11, 1, 9,  15, 7, 13, 5
crtc:   db 35h, 2Dh, 2Eh, 07h, 5Bh, 02h, 57h, 57h, 02h, 03h, 00h, 00h

red:    db 0
green:  db 0
blue:   db 0
count:  db 0
width:  dw 0
height: dw 0
plot:   dw 0
x:      dw 0
y:      dw 0
point_x: dw 0
point_y: dw 0
