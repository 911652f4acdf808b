; planes: mode 0Dh, drawn by every write mode with rotation, functions, set/reset, masks and latches; below, what the two
; read modes and the planes give back, as bits.
; Tests: the graphics controller.
        cpu 8086
        org 100h

        mov ax, 000Dh
        int 10h
        mov ax, 0A000h
        mov es, ax
        cld
        mov dx, 3CEh

; Write mode 0: three bands of a rotated byte with each function over stripes.
        mov di, 40 * 4
        xor bl, bl                              ; function
functions:
        push di
        mov ax, 0003h
        out dx, ax
        mov cx, 8
        mov al, 0CCh
        mov si, 0B02h                           ; stripes of colour 11
        call map
        push di
        rep stosb
        pop di
        call all
        mov ah, bl
        mov cl, 3
        shl ah, cl
        or ah, 2                                ; two to the right
        mov al, 3
        out dx, ax
        mov ax, 0F808h                          ; five dots of each byte
        out dx, ax
        mov si, 0502h                           ; planes 0 and 2
        call map
        mov cx, 8
.byte:  mov al, [es:di]                         ; latches
        mov al, 0E1h
        mov [es:di], al
        inc di
        loop .byte
        call all
        pop di
        add di, 40 * 2
        inc bl
        cmp bl, 4
        jb functions

; Set/reset on some planes, the processor's byte on others.
        mov ax, 0003h
        out dx, ax
        mov di, 40 * 4 + 10
        mov ax, 0600h                           ; set planes 1 and 2
        out dx, ax
        mov ax, 0701h                           ; of planes 0, 1 and 2
        out dx, ax
        mov al, 0AAh
        mov cx, 8
        call rows
        mov ax, 0001h
        out dx, ax

; Write mode 1: a block moves with all its planes.
        mov ax, 0105h
        out dx, ax
        mov cx, 10
        mov si, 40 * 4
        mov di, 40 * 4 + 20
.copy:  push cx
        mov cx, 8
        push si
        push di
.cells: mov al, [es:si]
        mov [es:di], al
        inc si
        inc di
        loop .cells
        pop di
        pop si
        add si, 40
        add di, 40
        pop cx
        loop .copy

; Write mode 2: sixteen colours through a mask, with XOR in the second row.
        mov ax, 0205h
        out dx, ax
        mov ax, 7E08h
        out dx, ax
        mov di, 40 * 20
        call colors_row
        mov ax, 1803h
        out dx, ax
        mov di, 40 * 23
        call colors_row
        mov di, 40 * 23 + 4
        call colors_row
        mov ax, 0003h
        out dx, ax

; Write mode 3: set/reset where the rotated byte and the mask have ones.
        mov ax, 0305h
        out dx, ax
        mov ax, 0E00h
        out dx, ax
        mov ax, 0103h
        out dx, ax
        mov ax, 0FC08h
        out dx, ax
        mov di, 40 * 26 + 2
        mov cx, 16
        mov bl, 1
.three: mov al, [es:di]
        mov al, bl
        stosb
        add bl, 37
        loop .three
        mov ax, 0003h
        out dx, ax
        mov ax, 0000h
        out dx, ax
        mov ax, 0FF08h
        out dx, ax
        mov ax, 0005h
        out dx, ax

; Read mode 0 of each plane, and read mode 1 with each colour, of 16 bytes; written below in mode 0.
        mov bx, 0                               ; plane
        mov di, 40 * 40
.plane: mov ah, bl
        mov al, 4
        out dx, ax
        call read_rows
        add di, 40 * 8
        inc bx
        cmp bx, 4
        jb .plane
        mov ax, 0805h
        out dx, ax
        mov ax, 0F07h
        out dx, ax
        mov bx, 0
        mov di, 40 * 80
.color: mov ah, bl
        mov al, 2
        out dx, ax
        call read_rows
        add di, 40 * 6
        inc bx
        cmp bx, 16
        jb .color
        mov ax, 0507h                           ; only planes 0 and 2 matter
        out dx, ax
        mov ax, 0102h
        out dx, ax
        mov di, 40 * 184
        call read_rows
        mov ax, 0005h
        out dx, ax
        jmp finish

; All planes, no function, no mask.
all:    mov ax, 0003h
        out dx, ax
        mov ax, 0FF08h
        out dx, ax
        mov si, 0F02h
map:    push ax
        push dx
        mov dx, 3C4h
        mov ax, si
        out dx, ax
        pop dx
        pop ax
        ret

; AL over CX bytes of four rows from DI on.
rows:   mov bx, 4
.next:  push cx
        push di
        rep stosb
        pop di
        add di, 40
        pop cx
        dec bx
        jnz .next
        ret

; Two rows of the sixteen colours, a byte each.
colors_row:
        mov bx, 2
.row:   push di
        mov al, 0
.next:  mov ah, [es:di]
        stosb
        inc al
        cmp al, 16
        jb .next
        pop di
        add di, 40
        dec bx
        jnz .row
        ret

; Reads the bytes of rows 4, 12, 20, 24 and 26 as the registers say, into a buffer, and shows that in rows from DI on.
read_rows:
        push bx
        push di
        mov bx, 0
        mov bp, buffer
.row:   mov si, [.sources + bx]
        mov cx, 36
.byte:  mov al, [es:si]
        mov [bp], al
        inc si
        inc bp
        loop .byte
        add bx, 2
        cmp bx, 10
        jb .row
        mov si, buffer
        mov bl, 5
.shown: push di
        mov cx, 36
        rep movsb
        pop di
        add di, 40
        dec bl
        jnz .shown
        pop di
        pop bx
        ret
.sources: dw 40 * 4, 40 * 10, 40 * 20, 40 * 24, 40 * 26

%include "picture.inc"
buffer:
