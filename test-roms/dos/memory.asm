; memory: memory blocks.
; Tests: AH=48h, 49h, 4Ah, 58h; the chain of memory control blocks, strategies, errors.

%include "check.inc"

        mov sp, stack_top
        mov bx, (stack_top - $$ + 10Fh) / 16
        mov ah, 4Ah
        int 21h
        expect_ok "shrink this program"
        mov bx, 0FFFFh
        mov ah, 48h
        int 21h
        expect_error 8, "more than there is"
        mov [largest], bx
        cmp bx, 1000h
        expect a, "the largest block is more than 64 KB"
        mov ah, 48h
        int 21h
        expect_ok "allocate the largest"
        mov [block_a], ax
        mov bx, [largest]
        mov ah, 48h
        int 21h
        expect c, "then there is nothing as large again"
        mov es, [block_a]
        mov bx, 100h
        mov ah, 4Ah
        int 21h
        expect_ok "shrink it"
        mov bx, 0FFFFh
        mov ah, 4Ah
        int 21h
        expect_error 8, "grow it beyond the memory"
        mov bx, 100h                            ; as large as it was, whatever DOS made of the failed growth
        mov ah, 4Ah
        int 21h
        mov bx, 10h
        mov ah, 48h
        int 21h
        expect_ok "a block behind it"
        mov [block_b], ax
        sub ax, [block_a]
        expect_eq ax, 101h, "with its control block between"
        mov bx, 10h
        mov ah, 48h
        int 21h
        mov [block_c], ax

        mov ax, [block_b]
        dec ax
        mov es, ax
        mov al, [es:0]
        expect_al 'M', "the control block's mark"
        mov ax, [es:1]
        mov bx, cs
        cmp ax, bx
        expect e, "its owner is this program"
        expect_eq word [es:3], 10h, "its size"

        mov es, [block_a]                       ; the hole of 100h, then the rest of the memory
        mov ah, 49h
        int 21h
        expect_ok "free a block"
        mov ah, 49h
        int 21h
        mov ax, [block_a]
        dec ax
        mov es, ax
        expect_eq word [es:1], 0, "a free block has no owner"
        mov ax, 5800h
        int 21h
        expect_ok "get the strategy"
        mov [strategy], ax
        mov ax, 5801h
        mov bx, 1
        int 21h
        mov bx, 20h
        mov ah, 48h
        int 21h
        cmp ax, [block_a]
        expect e, "best fit takes the small hole"
        mov es, ax
        mov ah, 49h
        int 21h
        mov ax, 5801h
        mov bx, 2
        int 21h
        mov bx, 20h
        mov ah, 48h
        int 21h
        expect_ok "last fit"
        cmp ax, 9000h
        expect a, "takes the end of the memory"
        mov es, ax
        mov ah, 49h
        int 21h
        mov ax, 5801h
        mov bx, [strategy]
        int 21h
        mov bx, 20h
        mov ah, 48h
        int 21h
        cmp ax, [block_a]
        expect e, "first fit takes the first hole"
        mov es, ax
        mov ah, 49h
        int 21h

        mov ax, cs
        add ax, 5
        mov es, ax
        mov ah, 49h
        int 21h
        expect_error 9, "free what is no block"
        mov bx, 1
        mov ah, 4Ah
        int 21h
        expect_error 7, "resize what is no block"
        mov es, [block_b]
        mov ah, 49h
        int 21h
        mov es, [block_c]
        mov ah, 49h
        int 21h
        mov bx, 0FFFFh
        mov ah, 48h
        int 21h
        cmp bx, [largest]
        expect e, "freed neighbours become one block again"

; The chain, from this program's block to its end, covers the memory.
        mov ax, cs
        dec ax
.walk:  mov es, ax
        cmp byte [es:0], 'Z'
        je .last
        cmp byte [es:0], 'M'
        jne .broken
        add ax, [es:3]
        inc ax
        jmp short .walk
.broken:
        say "FAILED the chain is broken"
.last:  add ax, [es:3]
        inc ax
        mov bx, ax
        int 12h
        mov cl, 6
        shl ax, cl
        sub ax, bx
        cmp ax, 1000h
        expect b, "the chain ends at the end of the memory"
        finish

largest:  dw 0
block_a:  dw 0
block_b:  dw 0
block_c:  dw 0
strategy: dw 0
          align 2
          times 256 db 0
stack_top:
