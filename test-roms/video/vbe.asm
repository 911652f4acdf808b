; vbe: a mode of the VESA BIOS extension, drawn through its banks.
; Mode 101h, or the one of the first argument: 0 to 3 for 100h to 103h. Colours run across and down, a diagonal crosses, and
; the BIOS writes a line of text. Then the program waits for ever.
; Tests: the extension (information, mode, window function), the picture (frame).
; Output: frame

        cpu 8086
        org 100h

        cld
        mov bx, 0101h
        mov al, [82h]
        sub al, '0'
        cmp al, 3
        ja known
        mov bl, al
known:  mov cx, bx
        mov ax, 4F01h
        mov di, info
        int 10h
        cmp ax, 004Fh
        jne none
        mov ax, 4F02h
        int 10h
        cmp ax, 004Fh
        jne none
        mov ax, 0A000h
        mov es, ax
        xor dx, dx                              ; DX line, SI column, DI place in the bank
        xor di, di
        mov word [bank], 0
        call window
        cmp byte [info + 1Bh], 3
        je planar
line:   xor si, si
dot:    mov ax, si                              ; colours: columns and lines in squares of 16
        mov cl, 4
        shr ax, cl
        and al, 15
        mov ah, dl
        and ah, 0F0h
        or al, ah
        mov bx, si                              ; a diagonal
        shr bx, 1
        cmp bx, dx
        jne .put
        mov al, 15
.put:   stosb
        or di, di
        jnz .next
        inc word [bank]
        call window
.next:  inc si
        cmp si, [info + 12h]
        jb dot
        inc dx
        cmp dx, [info + 14h]
        jb line
        jmp write

planar: mov bx, dx                              ; stripes of 16 colours, by write mode 2
        push dx
        mov dx, 03CEh
        mov ax, 0205h
        out dx, ax
        pop dx
.line:  mov cx, [info + 10h]
        mov ax, dx
        shr ax, 1
        shr ax, 1
        shr ax, 1
        shr ax, 1
.bytes: mov bx, cx
        and bx, 15
        xor bl, al
        mov [es:di], bl
        inc di
        loop .bytes
        inc dx
        cmp dx, [info + 14h]
        jb .line
        mov dx, 03CEh
        mov ax, 0005h
        out dx, ax

write:  mov dx, 0203h
        mov bh, 0
        mov ah, 2
        int 10h
        mov si, text
.next:  lodsb
        or al, al
        jz done
        mov bx, 000Fh
        mov ah, 0Eh
        int 10h
        jmp .next
none:   mov dx, missing
        mov ah, 9
        int 21h
        ret
done:   mov ax, 40h                             ; the picture is there: see test-roms/include/picture.inc
        mov ds, ax
        mov byte [0F0h], 1
.wait:  hlt
        jmp .wait

window: push bx                                 ; window A to bank [bank]
        push dx
        mov dx, [bank]
        xor bx, bx
        call far [info + 0Ch]
        pop dx
        pop bx
        ret

text:   db 'VESA BIOS extension', 0
missing: db 'There is no such mode.', 13, 10, '$'
bank:   dw 0
info:   times 256 db 0
