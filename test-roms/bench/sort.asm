; sort: shellsort of 12,000 words from a linear congruential generator.
ROUNDS  equ 40
%include "kernel.inc"

COUNT   equ 12000
kernel: mov di, work
        mov cx, COUNT
        mov ax, [rounds]
        mov bx, 25173
.fill:  mul bx
        add ax, 13849
        mov [di], ax
        add di, 2
        loop .fill
        mov word [work + COUNT * 2], 4096 * 2
.gap:   mov si, work
        add si, [work + COUNT * 2]
.outer: mov ax, [si]
        mov di, si
.inner: mov bx, di
        sub bx, work
        sub bx, [work + COUNT * 2]
        jb .place
        add bx, work
        cmp [bx], ax
        jbe .place
        mov dx, [bx]
        mov [di], dx
        mov di, bx
        jmp short .inner
.place: mov [di], ax
        add si, 2
        cmp si, work + COUNT * 2
        jb .outer
        shr word [work + COUNT * 2], 1
        cmp word [work + COUNT * 2], 2
        jae .gap
        mov si, work
        xor dx, dx
        mov cx, COUNT
.sum:   lodsw
        rol dx, 1
        xor dx, ax
        loop .sum
        mov ax, dx
        ret
        kernel_end
