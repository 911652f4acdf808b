; queens: all 92 solutions of the eight queens, by recursion.
ROUNDS  equ 1500
%include "kernel.inc"

kernel: mov word [work], 0
        xor ax, ax                              ; columns that are taken
        xor bx, bx                              ; diagonals to the left
        xor dx, dx                              ; diagonals to the right
        call row
        mov ax, [work]
        ret

row:    cmp ax, 0FFh
        je .solution
        mov cx, ax
        or cx, bx
        or cx, dx
        not cx
        and cx, 0FFh
.next:  jcxz .end
        mov si, cx
        neg si
        and si, cx
        xor cx, si
        push ax
        push bx
        push cx
        push dx
        or ax, si
        or bx, si
        shl bx, 1
        or dx, si
        shr dx, 1
        call row
        pop dx
        pop cx
        pop bx
        pop ax
        jmp short .next
.solution:
        inc word [work]
.end:   ret
        kernel_end
