; option: a ROM of 2 KB for an adapter at C8000h or as a video BIOS: it counts its calls at 0040:00F0 and writes a line.
; The last byte is the checksum, which scripts/build-test-roms puts in.

        cpu 8086
        org 0

        db 55h, 0AAh, 4                         ; signature; length in 512 bytes
entry:  push ds                                 ; called far by the scan
        mov ax, 40h
        mov ds, ax
        inc word [0F0h]
        push cs
        pop ds
        mov si, text
        cld
next:   lodsb
        or al, al
        jz done
        mov ah, 0Eh
        mov bx, 7
        int 10h
        jmp next
done:   pop ds
        retf

text:   db 'Option ROM called', 13, 10, 0

        times 2048 - ($ - $$) db 0
