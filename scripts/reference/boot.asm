; A boot sector that loads a .COM program as DOS would, for machines without DOS: the second sector of the floppy becomes the
; program segment prefix with the command tail, those behind it the program. What the program may not do is call DOS.
        cpu 8086
        org 7C00h
segment_base equ 1000h
sectors      equ 40                             ; 20 KB

        cli
        xor ax, ax
        mov ss, ax
        mov sp, 7C00h
        mov ds, ax
        sti
        mov [drive], dl
        mov ax, segment_base
        mov es, ax
        xor bx, bx
        mov bp, 1                               ; sector of the disk
next:   mov ax, bp
        xor dx, dx
        mov cx, 18
        div cx
        inc dx
        mov cl, dl                              ; sector
        mov ch, al
        shr ch, 1                               ; track
        mov dh, al
        and dh, 1                               ; side
        mov dl, [drive]
        mov ax, 0201h
        int 13h
        jc next
        cmp bp, 1                               ; the prefix has 256 bytes
        mov ax, 16
        je .go
        mov ax, 32
.go:    mov cx, es
        add cx, ax
        mov es, cx
        inc bp
        cmp bp, sectors
        jb next
        mov byte [04F0h], 0                     ; see `ready` in test-roms/include/picture.inc
        mov ax, segment_base
        mov ds, ax
        mov es, ax
        cli
        mov ss, ax
        mov sp, 0FFFEh
        sti
        jmp segment_base:0100h

drive:  db 0
        times 510 - ($ - $$) db 0
        dw 0AA55h
