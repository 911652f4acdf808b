; beam: registers of the VGA that change while the beam draws the figure of picture.inc in mode 13h. The command line has a
; letter:
; l  colour 0 of the DAC changes at the end of every line;
; m  it changes in the middle of lines 100 to 299, and is black again at their end;
; k  the mask of the DAC is FFh, 0Fh, F0h and 55h for a hundred lines each.
; Tests: the beam; the DAC in the middle of frames and lines.
        cpu 8086
        org 100h

        call argument
        mov [kind], al
        mov ax, 0013h
        int 10h
        mov word [colors], 256
        mov word [pitch], 320
        mov word [plot], plot_bytes
        mov ax, 0A000h
        mov es, ax
        call show_figure
        call ready
frame:  cli
        call await_frame
        cmp byte [kind], 'l'
        je lines
        cmp byte [kind], 'm'
        je middle
        mov si, masks
mask:   mov dx, 3C6h
        lodsb
        out dx, al
        mov cx, 100
        cmp si, masks + 4
        je last
        call await_lines
        jmp mask
last:   dec cx
        call await_lines
        call await_line_end
        mov dx, 3C6h
        mov al, 0FFh
        out dx, al
        jmp key

lines:  xor bx, bx
.next:  call await_line_end
        mov ax, bx
        mov cl, 3
        shr ax, cl
        call color
        call await_display
        inc bx
        cmp bx, 399
        jb .next
        call await_line_end
        mov al, 0
        call color
        jmp key

middle: mov cx, 99
        call await_lines
        mov bx, 200
        call await_line
.next:  call await_display
        mov al, 63
        call color
        call await_line_end
        mov al, 0
        call color
        dec bx
        jnz .next

key:    sti
        mov ah, 1
        int 16h
        jz frame
        jmp leave_program

; Colour 0: AL red, the rest green and half of it blue.
color:  mov ah, al
        mov dx, 3C8h
        mov al, 0
        out dx, al
        inc dx
        mov al, ah
        out dx, al
        cmp ah, 0
        je .none
        mov al, 63
        sub al, ah
.none:  out dx, al
        shr al, 1
        out dx, al
        ret

kind:   db 0
masks:  db 0FFh, 0Fh, 0F0h, 55h

%include "picture.inc"
