; trap: the single-step trap and the interrupt shadows.
; Tests: TF traps after each instruction, not after the one that sets it; MOV SS hides one trap; each turn of REP traps,
;   and on an 8086 REP is entered once more, with CX = 0, which traps too; INT clears TF in its handler; STI lets one more
;   instruction run before an interrupt.
; An 8086 asks for interrupts before it looks at CX. Source: [UCODE86] the routines of MOVS and LODS, RPTS and RPTI.
; DOSBox 0.74 has no shadow after STI and steps a whole REP at once; it fails those checks.

%include "check.inc"

        mov ax, 1                               ; only an 8086 shifts by more than 31
        mov cl, 32
        shl ax, cl
        xor al, 1
        mov [original], ax

        mov ax, 3501h
        int 21h
        mov [old], bx
        mov [old + 2], es
        mov ax, 2501h
        mov dx, step
        int 21h

        call start
        popf
        nop
        nop
        nop
        call stop
        expect_eq word [traps], 3 + 2, "three instructions, a call and its first instruction"

        call start
        mov ax, ss
        popf
        nop
        mov ss, ax
        nop
        nop
        call stop
        expect_eq word [traps], 3 + 2, "no trap between MOV SS and the next instruction"

        call start
        mov cx, 5
        mov si, old
        popf
        rep lodsb
        call stop
        mov ax, [traps]
        sub ax, [original]
        expect_eq ax, 5 + 2, "a trap for each turn of REP, one more on an 8086"
        expect_eq cx, 0, "REP was finished"

        mov ax, 2561h
        mov dx, service
        int 21h
        call start
        popf
        int 61h
        nop
        call stop
        expect_eq word [inside], 0, "TF is clear in the handler of INT"

        push ds
        lds dx, [old]
        mov ax, 2501h
        int 21h
        pop ds

; The shadow of STI. An interrupt is made pending: the timer's request bit in the interrupt controller.
        mov ax, 3508h
        int 21h
        mov [old], bx
        mov [old + 2], es
        mov ax, 2508h
        mov dx, timer
        int 21h
        call pending
        mov word [ticks], 0
        sti
        cli
        mov ax, [ticks]
        sti
        expect_eq ax, 0, "sti, cli lets no interrupt in"
        call pending
        mov word [ticks], 0
        sti
        nop
        nop
        cli
        mov ax, [ticks]
        sti
        expect_eq ax, 1, "sti, nop, cli lets one in"
        mov word [ticks], 0
        sti
        hlt
        mov ax, [ticks]
        expect_eq ax, 1, "hlt ends with the interrupt"
        push ds
        lds dx, [old]
        mov ax, 2508h
        int 21h
        pop ds
        finish

; Puts the flags with TF set on the stack, for the caller's POPF.
start:  mov word [traps], 0
        pop dx
        pushf
        pushf
        pop ax
        or ax, 0100h
        push bp
        mov bp, sp
        mov [bp + 2], ax
        pop bp
        jmp dx

; Called with TF set. The trap behind PUSHF clears TF in its frame, so two more instructions are counted: CALL, PUSHF.
stop:   pushf
.behind:
        push bp
        mov bp, sp
        and word [bp + 2], 0FEFFh
        pop bp
        popf
        ret

step:   inc word [cs:traps]
        push bp
        mov bp, sp
        cmp word [bp + 2], stop.behind
        jne .end
        and word [bp + 6], 0FEFFh
.end:   pop bp
        iret

service:
        pushf
        pop word [cs:inside]
        and word [cs:inside], 0100h
        iret

; Returns with interrupts off and the timer's interrupt requested.
pending:
        cli
        mov al, 0Ah                             ; read the request register
        out 20h, al
.wait:  in al, 20h
        test al, 1
        jz .wait
        ret

timer:  inc word [cs:ticks]
        jmp far [cs:old]

old:    dw 0, 0
traps:  dw 0
original: dw 0                                  ; 1 on an 8086 or 8088
inside: dw 0
ticks:  dw 0
