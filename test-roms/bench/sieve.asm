; sieve: the sieve of Eratosthenes over 28,672 bytes.
ROUNDS  equ 400
%include "kernel.inc"

SIZE    equ 28672
kernel: push ds
        pop es
        mov di, work
        mov ax, 0101h
        mov cx, SIZE / 2
        rep stosw
        mov si, 2
.next:  cmp byte [work + si], 0
        je .crossed
        mov bx, si
        add bx, si
        jmp short .test
.cross: mov byte [work + bx], 0
        add bx, si
        jc .crossed
.test:  cmp bx, SIZE
        jb .cross
.crossed:
        inc si
        cmp si, SIZE / 2
        jb .next
        xor ax, ax
        mov si, work + 2
        mov cx, SIZE - 2
        xor bx, bx
.count: mov bl, [si]
        add ax, bx
        inc si
        loop .count
        ret
        kernel_end
