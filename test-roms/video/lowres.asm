; lowres: 160 by 100 pixels of 16 colours, made of text: characters of two lines whose right half is filled.
; The command line says how the adapter is programmed: c as a CGA, v as a VGA with its 400 lines.
; Tests: text with rows of few lines, all 16 background colours, the character DEh.
        cpu 8086
        org 100h

        call argument
        mov [kind], al
        mov ax, 0003h
        int 10h
        cmp byte [kind], 'v'
        je vga
        mov dx, 3D8h                            ; 80 columns, bright backgrounds, not yet displayed
        mov al, 01h
        out dx, al
        mov dx, 3D4h
        mov ax, 7F04h                           ; 128 rows of two lines and six lines more
        out dx, ax
        mov ax, 0605h
        out dx, ax
        mov ax, 6406h                           ; 100 rows displayed
        out dx, ax
        mov ax, 7007h
        out dx, ax
        mov ax, 0109h
        out dx, ax
        jmp draw
vga:    mov ax, 1003h                           ; bright backgrounds
        mov bl, 0
        int 10h
        mov dx, 3D4h
        mov ax, 4309h                           ; four lines, line compare stays beyond the screen
        out dx, ax
        mov ax, 0FF0Eh                          ; the cursor is nowhere
        out dx, ax
draw:   mov ax, 0B800h
        mov es, ax
        cld
        xor di, di
        mov ax, 00DEh
        mov cx, 8000
        rep stosw
        mov word [width], 160
        mov word [height], 100
        mov word [colors], 16
        mov word [pitch], 160
        mov word [plot], plot_halves
        call show_figure
        cmp byte [kind], 'v'
        je done
        mov dx, 3D8h
        mov al, 09h
        out dx, al
done:   jmp finish

; The left half of a cell is its background, the right half its foreground.
plot_halves:
        push ax
        push cx
        push dx
        push di
        push ax
        mov ax, dx
        mul word [pitch]
        mov di, ax
        mov ax, cx
        and al, 0FEh
        add di, ax
        inc di
        pop ax
        mov ah, 0Fh
        test cl, 1
        jnz .put
        mov cl, 4
        shl al, cl
        shl ah, cl
.put:   not ah
        and [es:di], ah
        or [es:di], al
        pop di
        pop dx
        pop cx
        pop ax
        ret

kind:   db 0

%include "picture.inc"
