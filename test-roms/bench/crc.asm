; crc: CRC-16 (polynomial 1021h), bit by bit, over 16 KB.
ROUNDS  equ 200
%include "kernel.inc"

SIZE    equ 16384
kernel: mov si, work
        mov cx, SIZE
        mov al, [rounds]
.fill:  mov [si], al
        add al, 7
        inc si
        loop .fill
        mov si, work
        mov di, SIZE
        mov dx, 0FFFFh
.byte:  mov ah, [si]
        inc si
        xor dh, ah
        mov cx, 8
.bit:   shl dx, 1
        jnc .clear
        xor dx, 1021h
.clear: loop .bit
        dec di
        jnz .byte
        mov ax, dx
        ret
        kernel_end
