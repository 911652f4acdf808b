; chips: what tells an 8087 from an 80287, and both from their successors.
; Tests: the control word after FNINIT; FDISI and FENI; FSTSW AX; whether the instruction pointer counts prefixes; the
;   projective and the affine closure; unnormals; zero in FXTRACT; constants under rounding control; overflow when
;   chopping; FBSTP of a fraction; on an AT, an error that arrives as IRQ 13 (INT 75h).
; Models: i8088 i80286
; DOSBox 0.74 and QEMU have the coprocessor of a 387 or later.

%include "check.inc"

%macro f 1+
        wait
        %1
%endmacro

        f fninit
        f fnstcw [word_a]
        fwait
        show "control word after FNINIT", word [word_a]
        f fndisi
        f fnstcw [word_a]
        f fneni
        f fnstcw [word_b]
        fwait
        show "after FDISI", word [word_a]
        show "after FENI", word [word_b]
        f fld1
        mov ax, 1234h
        fwait
        db 0DFh, 0E0h                           ; fnstsw ax
        show "FSTSW AX with a number on the stack", ax
        f fninit
        fwait
.prefixed:
        es fld dword [one]
        f fnstenv [environment]
        fwait
        mov ax, cs
        mov cl, 4
        shl ax, cl
        add ax, .prefixed
        neg ax
        add ax, [environment + 6]
        show "the instruction pointer, from the prefix", ax
        mov ax, [environment + 8]
        and ax, 07FFh
        show "the instruction", ax

        say "-- the projective closure"
        f fninit
        f fld dword [infinity]
        f fld dword [infinity]
        f fchs
        f fcom st1
        call state
        f fld1
        f fcomp st1
        call state
        say "-- the affine closure"
        f fninit
        mov word [control], 137Fh
        f fldcw [control]
        f fld dword [infinity]
        f fld dword [infinity]
        f fchs
        f fcom st1
        call state
        f fld1
        f fcomp st1
        call state

        say "-- numbers"
        f fninit
        f fld tword [unnormal]
        f fxam
        call state
        f fadd st0
        f fstp tword [result]
        fwait
        show "twice an unnormal, exponent", word [result + 8]
        show "twice an unnormal, top word", word [result + 6]
        f fldz
        f fchs
        f fxtract
        call state
        f fstp tword [result]
        f fstp tword [result + 10]
        fwait
        show "FXTRACT of -0, significand", word [result + 8]
        show "FXTRACT of -0, exponent", word [result + 18]
        mov word [control], 0F7Fh               ; chop
        f fldcw [control]
        f fldpi
        f fstp tword [result]
        fwait
        show "pi while chopping, lowest word", word [result]
        f fld tword [greatest]
        f fadd st0
        call state
        f fstp tword [result]
        fwait
        show "the greatest number doubled while chopping, exponent", word [result + 8]
        f fld dword [two_and_half]
        f fbstp [result]
        fwait
        show "2.5 as a packed decimal while chopping", word [result]
        f fninit

        say "-- IRQ 13"
        mov ax, 3575h
        int 21h
        mov [old], bx
        mov [old + 2], es
        push cs
        pop es
        mov ax, 2575h
        mov dx, handler
        int 21h
        mov word [control], 037Eh               ; invalid is not masked
        f fldcw [control]
        f fldz
        f fldz
        wait
        fdiv st1
        fwait
        show "calls of the handler", word [calls]
        show "the exception", word [word_b]
        f fninit
        push ds
        lds dx, [old]
        mov ax, 2575h
        int 21h
        pop ds
        finish

; Shows the condition codes and the exceptions, and clears these.
state:  f fnstsw [word_a]
        f fnclex
        fwait
        mov ax, [word_a]
        and ax, 473Fh
        show "status", ax
        ret

handler:
        push ax
        mov al, 0
        out 0F0h, al
        mov al, 20h
        out 0A0h, al
        out 20h, al
        fnstsw [cs:word_b]
        fnclex
        fwait                                   ; not before: an 8087 is busy until its error is cleared
        and word [cs:word_b], 003Fh
        inc word [cs:calls]
        pop ax
        iret

one:    dd 1.0
infinity:
        dd 7F800000h
two_and_half:
        dd 2.5
unnormal:
        dw 0, 0, 0, 2000h, 3FFFh
greatest:
        dw 0FFFFh, 0FFFFh, 0FFFFh, 0FFFFh, 7FFEh
control:
        dw 0
word_a: dw 0
word_b: dw 0
calls:  dw 0
old:    dw 0, 0
result: times 20 db 0
environment:
        times 14 db 0
