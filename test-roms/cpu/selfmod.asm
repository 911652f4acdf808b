; selfmod: code that changes itself.
; Tests: a patched constant, a patched opcode, code written through another segment, code built in data, a loop that
;   patches an instruction of its own next turn. A jump separates each change from its use, for the prefetch queue.

%include "check.inc"

        mov byte [.constant + 1], 77h
        jmp short .constant
.constant:
        mov al, 11h
        expect_al 77h, "a patched constant"

        mov byte [.opcode], 48h                 ; INC AX becomes DEC AX
        mov ax, 5
        jmp short .opcode
.opcode:
        inc ax
        expect_eq ax, 4, "a patched opcode"

        mov ax, cs
        sub ax, 10h
        mov es, ax
        mov byte [es:.alias + 1 + 100h], 42h
        jmp short .alias
.alias: mov al, 0
        expect_al 42h, "code written through another segment"

        mov di, buffer
        push cs
        pop es
        cld
        mov al, 0B8h                            ; MOV AX, 1234h; RET
        stosb
        mov ax, 1234h
        stosw
        mov al, 0C3h
        stosb
        call buffer
        expect_eq ax, 1234h, "code built in data"
        mov word [buffer + 1], 5678h
        call buffer
        expect_eq ax, 5678h, "and changed again"

        xor bx, bx
        mov cx, 200
.loop:  mov al, cl
        mov [.add + 2], al
        jmp short .add
.add:   add bx, strict word 0
        loop .loop
        expect_eq bx, 20100, "a constant that changes on each turn"

        mov cx, 300
        xor bx, bx
.turn:  xor byte [.toggle], 43h ^ 4Bh           ; INC BX, DEC BX in turn
        jmp short .toggle
.toggle:
        inc bx
        loop .turn
        expect_eq bx, 0, "an opcode that changes on each turn"

        mov word [.self], 9090h                 ; a routine that is overwritten while it is called
        call .self
        mov byte [.self], 0C3h
        mov ax, 0
        call .self
        expect_eq ax, 0, "a routine cut short"
        finish

.self:  dw 9090h
        inc ax
        ret

buffer: times 8 db 0
