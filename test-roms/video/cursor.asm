; cursor: its shapes. A screen of text whose cursor is at row 1, column 4; each key takes the next pair of cursor start and
; end of the CRT controller. The command line has c for the ports of a colour adapter or m for those of a monochrome one.
; Tests: cursor shapes, off, beginning behind the row's end or behind the cursor's end; blinking.
        cpu 8086
        org 100h

        mov word [port], 3B4h
        mov ax, 0B000h
        call argument
        cmp al, 'm'
        mov ax, 0007h
        je mode
        mov word [port], 3D4h
        mov ax, 0003h
mode:   int 10h
        mov ax, 0B000h
        cmp word [port], 3B4h
        je draw
        mov ax, 0B800h
draw:   mov es, ax
        cld
        xor di, di
        mov ax, 0700h + 'H'
        mov cx, 400
        rep stosw
        mov byte [es:169], 1Eh                  ; the cursor has the colour of its cell
        mov ax, 540Fh
        call write
        mov ax, 000Eh
        call write
        mov si, shapes
        call ready
next:   lodsw
        cmp ax, 0FFFFh
        je end
        mov bh, ah
        mov ah, al
        mov al, 0Ah
        call write
        mov al, 0Bh
        mov ah, bh
        call write
        call step
        jmp next
end:    jmp finish

; AH to register AL.
write:  mov dx, [port]
        out dx, al
        inc dx
        xchg al, ah
        out dx, al
        xchg al, ah
        ret

port:   dw 0
; Start and end. The first is off on each adapter: by its bit, or on the EGA beyond the row.
shapes: db 34h, 15h, 0, 31, 0, 7, 6, 7, 11, 12, 13, 14, 3, 3, 5, 2, 0, 0, 20, 22, 4, 20
        dw 0FFFFh

%include "picture.inc"
