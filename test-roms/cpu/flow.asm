; flow: jumps, loops, calls, returns and interrupts.
; Tests: the 16 conditions over all values of the flags, LOOP and JCXZ, near and far calls, RET n, INT and IRET, INTO,
; LEA, LDS, LES, XCHG, PUSHF and POPF, segment moves.

%include "check.inc"

; The 8086 has no PUSH of a constant.
%macro push_constant 1
        push ax
        push bp
        mov bp, sp
        mov word [bp + 2], %1
        pop bp
%endmacro

; For each of the 16 conditions: a bit for each of the 32 combinations of OF SF ZF PF CF, folded into BP.
%macro condition 3
        xor bp, bp
        xor cx, cx
%%next: call set_flags
        j%1 %%taken
        add bp, cx
        jmp short %%fold
%%taken:
        xor bp, 5555h
%%fold: rol bp, 1
        inc cx
        cmp cx, 32
        jne %%next
        expect_eq bp, %2, %3
%endmacro

        condition o, 0FFDFh, "jo"
        condition no, 0FFDFh, "jno"
        condition b, 145Bh, "jb"
        condition nb, 0392h, "jnb"
        condition z, 0FEE0h, "jz"
        condition nz, 00DFh, "jnz"
        condition be, 3915h, "jbe"
        condition a, 0B68Ah, "ja"
        condition s, 0BC23h, "js"
        condition ns, 439Ch, "jns"
        condition pe, 0DD46h, "jpe"
        condition po, 1F45h, "jpo"
        condition l, 1FC0h, "jl"
        condition ge, 0DFFFh, "jge"
        condition le, 8E61h, "jle"
        condition g, 6D5Eh, "jg"

        mov cx, 5
        xor ax, ax
.loop:  inc ax
        loop .loop
        expect_eq ax, 5, "loop runs CX times"
        mov cx, 5
        xor ax, ax
.loopz: inc ax
        cmp ax, 3
        loopne .loopz
        expect_eq cx, 2, "loopne ends at equality"
        mov cx, 5
        xor ax, ax
.loopnz:
        inc ax
        cmp ax, ax
        loope .loopnz
        expect_eq cx, 0, "loope ends at the count"
        xor cx, cx
        mov ax, 1
        jcxz .zero
        mov ax, 2
.zero:  expect_eq ax, 1, "jcxz"
        mov cx, 1
        cmp cx, cx
        loop .never
.never: expect z, "loop keeps the flags"

        mov bx, sp
        push_constant 7
        push_constant 8
        call with_arguments
        expect_eq ax, 15, "ret 4 after a call with arguments"
        sub bx, sp
        expect_eq bx, 0, "ret 4 has dropped them"
        mov ax, near_target
        call ax
        expect_eq dx, 1111h, "call by register"
        mov word [pointer], near_target
        call [pointer]
        expect_eq dx, 1111h, "call by memory"
        mov word [pointer], far_target
        mov [pointer + 2], cs
        xor dx, dx
        call far [pointer]
        expect_eq dx, 2222h, "far call by memory"
        push cs
        call far_target
        expect_eq dx, 2222h, "push cs, near call, far return"
        mov bx, pointer
        mov word [bx], .landed
        jmp [bx]
        say "FAILED jmp by memory"
.landed:
        les di, [pointer]
        expect_eq di, .landed, "les, offset"
        mov ax, es
        mov dx, cs
        cmp ax, dx
        expect z, "les, segment"
        mov bx, 0FFF0h
        mov si, 20h
        lea ax, [bx + si + 5]
        expect_eq ax, 15h, "lea wraps at 64 KB"

; INT, the frame it makes, and IRET.
        mov ax, 3561h
        int 21h
        mov [old], bx
        mov [old + 2], es
        mov ax, 2561h
        mov dx, handler
        int 21h
        stc
        sti
        mov ax, 1
        int 61h
after_int:
        expect_eq ax, 2, "int and iret"
        expect_eq word [frame_ip], after_int, "the frame has the address behind INT"
        mov ax, [frame_flags]
        and ax, 0201h
        expect_eq ax, 0201h, "the frame has the caller's flags"
        mov ax, [inside_flags]
        and ax, 0300h
        expect_eq ax, 0, "IF and TF are clear in the handler"
        push ds
        lds dx, [old]
        mov ax, 2561h
        int 21h
        pop ds

        mov ax, 3504h
        int 21h
        mov [old], bx
        mov [old + 2], es
        mov ax, 2504h
        mov dx, handler
        int 21h
        mov al, 7Fh
        add al, 0
        mov ax, 1
        into
        expect_eq ax, 1, "into without overflow does nothing"
        mov al, 7Fh
        add al, 1
        mov ax, 1
        into
        expect_eq ax, 2, "into with overflow is INT 4"
        push ds
        lds dx, [old]
        mov ax, 2504h
        int 21h
        pop ds

        mov ax, 0AAAAh
        mov bx, 5555h
        xchg ax, bx
        expect_eq ax, 5555h, "xchg"
        mov ax, 0FFFFh
        mov al, 1
        sahf
        expect c, "sahf sets CF"
        mov ah, 0
        sahf
        expect nc, "sahf clears CF"
        stc
        lahf
        and ah, 1
        expect nz, "lahf"
        push_constant 0CD5h                         ; not TF, not IF; all others that programs set
        popf
        pushf
        pop ax
        sti
        cld
        and ax, 0FFFh
        expect_eq ax, 0CD7h, "popf and pushf"
        push_constant 0
        popf
        pushf
        pop ax
        sti
        and ax, 0FFFh
        expect_eq ax, 0002h, "bit 1 of the flags is always set"
        push ss
        pop es
        mov ax, es
        mov dx, ss
        cmp ax, dx
        expect z, "push ss, pop es"
        finish

; The flags from the bits of CL: 0 CF, 1 PF, 2 ZF, 3 SF, 4 OF.
set_flags:
        push ax
        push bx
        mov bx, cx
        mov al, [cs:bx + low_flags]
        mov ah, 0
        test cl, 10h
        jz .low
        mov ah, 8
.low:   or ah, 2                                ; IF stays set
        push ax
        popf
        pop bx
        pop ax
        ret

low_flags:
%assign i 0
%rep 32
        db (i & 1) | ((i & 2) << 1) | ((i & 4) << 4) | ((i & 8) << 4) | 2
%assign i i + 1
%endrep

with_arguments:
        push bp
        mov bp, sp
        mov ax, [bp + 4]
        add ax, [bp + 6]
        pop bp
        ret 4

near_target:
        mov dx, 1111h
        ret

far_target:
        mov dx, 2222h
        retf

handler:
        inc ax
        push bp
        mov bp, sp
        push ax
        mov ax, [bp + 2]
        mov [cs:frame_ip], ax
        mov ax, [bp + 6]
        mov [cs:frame_flags], ax
        pushf
        pop ax
        mov [cs:inside_flags], ax
        pop ax
        pop bp
        iret

pointer:      dw 0, 0
old:          dw 0, 0
frame_ip:     dw 0
frame_flags:  dw 0
inside_flags: dw 0
