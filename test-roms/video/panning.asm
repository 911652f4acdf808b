; panning: smooth scrolling. Each key takes the next picture. The command line has a letter:
; g  mode 0Dh with lines of 50 bytes: horizontal panning 0 to 7, then the start address one further;
; t  80-column text of 9 dots (VGA): panning 8, 0 to 7, then the start address one further;
; v  80-column text: preset row scan 0 to 15 (13 on the EGA), then the start address one row further.
; Tests: pel panning, preset row scan, byte and row steps of the start address.
        cpu 8086
        org 100h

        call argument
        cmp al, 'g'
        je graphics
        cmp al, 't'
        je text
        mov ax, 0003h
        int 10h
        call draw_text
        mov ax, 40h
        mov es, ax
        mov bl, [es:85h]                        ; lines of a character
        mov bh, 0
        call ready
preset: call step
        mov dx, 3D4h
        inc bh
        mov al, 8
        mov ah, bh
        cmp bh, bl
        je row
        out dx, ax
        jmp preset
row:    mov ah, 0
        out dx, ax
        mov ax, 500Dh                           ; 80 cells
        out dx, ax
        call step
        jmp finish

graphics:
        mov ax, 000Dh
        int 10h
        mov dx, 3D4h
        mov ax, 1913h
        out dx, ax
        mov word [width], 400
        mov word [height], 200
        mov word [colors], 16
        mov word [pitch], 50
        mov word [plot], plot_planes
        mov ax, 0A000h
        mov es, ax
        call show_figure
        call ready
        xor bl, bl
.next:  call step
        inc bl
        cmp bl, 8
        je .byte
        call pan
        jmp .next
.byte:  mov bl, 0
        call pan
        mov dx, 3D4h
        mov ax, 010Dh
        out dx, ax
        call step
        jmp finish

text:   mov ax, 0003h
        int 10h
        call draw_text
        call ready
        mov bl, 0FFh
.next:  call step
        inc bl
        cmp bl, 8
        je .cell
        call pan
        jmp .next
.cell:  call pan
        mov dx, 3D4h
        mov ax, 010Dh
        out dx, ax
        call step
        jmp finish

; Lines of 80 cells, one behind the other, without blinking.
draw_text:
        mov ax, 1003h
        mov bl, 0
        int 10h
        mov dx, 3D4h
        mov ax, 0FF0Eh                          ; the cursor is nowhere
        out dx, ax
        mov ax, 0B800h
        mov es, ax
        jmp show_text

; BL: pel panning.
pan:    mov dx, status_port
        in al, dx
        mov dx, 3C0h
        mov al, 33h
        out dx, al
        mov al, bl
        out dx, al
        ret

%include "picture.inc"
