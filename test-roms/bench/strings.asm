; strings: string instructions: fill, copy by words and bytes, compare, search.
ROUNDS  equ 4000
%include "kernel.inc"

SIZE    equ 14336
kernel: push ds
        pop es
        mov di, work
        mov ax, [rounds]
        mov cx, SIZE / 2
        rep stosw
        mov word [work + SIZE - 2], 5A5Ah
        mov si, work
        mov di, work + SIZE
        mov cx, SIZE / 2
        rep movsw
        mov si, work + 1
        mov di, work + SIZE + 1
        mov cx, SIZE - 1
        rep movsb
        mov si, work
        mov di, work + SIZE
        mov cx, SIZE
        repe cmpsb
        mov bx, cx
        mov di, work
        mov ax, 5A5Ah
        mov cx, SIZE / 2
        repne scasw
        add bx, di
        sub bx, work
        mov si, work
        mov cx, SIZE / 2
        xor dx, dx
.sum:   lodsw
        add dx, ax
        loop .sum
        mov ax, bx
        add ax, dx
        ret
        kernel_end
