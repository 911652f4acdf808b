; x87: the coprocessor as programs use it.
; Tests: detection; integers, reals, packed decimals; comparisons through SAHF; rounding and precision control; masked
;   exceptions; an exception with a handler at INT 2; FSTENV, FSAVE and FRSTOR; constants and transcendental functions.
; Models: i8088 i80286
; Every instruction is preceded by WAIT, as an 8087 needs it.
; DOSBox 0.74 has no exceptions of the coprocessor, calculates with 64 bits and keeps no pointers; it fails those checks.
; QEMU 7.2 has no stack faults, computes FPTAN to 53 bits, and ends itself at an exception that is not masked.

%include "check.inc"

; An instruction of the coprocessor, with WAIT before it.
%macro f 1+
        wait
        %1
%endmacro

        mov word [status], 5A5Ah
        fninit
        fnstsw [status]
        mov cx, 50
        loop $
        mov al, [status]
        expect_al 0, "a coprocessor answers FNSTSW with zero"
        mov word [control], 5A5Ah
        fnstcw [control]
        mov cx, 50
        loop $
        mov ax, [control]
        expect_ah 3, "its control word is 03xx after FNINIT"

        say "-- numbers"
        f fild word [seven]
        f fiadd word [three]
        f fimul word [three]
        f fisub word [four]
        f fidiv dword [two]
        f fistp word [result]
        fwait
        expect_eq word [result], 13, "(7 + 3) * 3 - 4, divided by 2"
        f fild word [seven]
        f fidivr dword [big]
        f fistp dword [result]
        fwait
        expect_eq word [result], 0D3B7h, "1,000,000,000 / 7, low word"
        expect_eq word [result + 2], 0883h, "1,000,000,000 / 7, high word"
        f fld dword [half]
        f fadd qword [quarter]
        f fstp dword [result]
        fwait
        expect_eq word [result + 2], 3F40h, "0.5 + 0.25 as a short real"
        f fld1
        f fild word [three]
        f fdivp st1
        f fstp tword [result]
        fwait
        expect_eq word [result], 0AAABh, "1 / 3, lowest word"
        expect_eq word [result + 6], 0AAAAh, "1 / 3, highest word"
        expect_eq word [result + 8], 3FFDh, "1 / 3, exponent"
        f fld1
        f fchs
        f fabs
        f fxch st0
        f fbstp [result]
        fwait
        expect_eq word [result], 1, "one as packed decimal"

        say "-- comparisons"
        f fild word [three]
        f ficom word [four]
        call flags
        expect b, "3 is below 4"
        f ficom word [three]
        call flags
        expect e, "3 equals 3"
        f ficomp word [two]
        call flags
        expect a, "3 is above 2"
        f fldz
        f ftst
        call flags
        expect e, "zero is zero"
        f fchs
        f fxam
        f fstsw [status]
        f fstp st0
        fwait
        mov ax, [status]
        and ax, 4700h
        expect_eq ax, 4200h, "FXAM: negative zero"
        f fild word [seven]
        f fchs
        f fxam
        f fstsw [status]
        f fstp st0
        fwait
        mov ax, [status]
        and ax, 4700h
        expect_eq ax, 0600h, "FXAM: a negative normal number"

        say "-- rounding and precision"
        mov bx, 0037Fh                          ; to nearest
        call round
        expect_eq word [result], 2, "2.5 to nearest"
        expect_eq word [result + 2], -2, "-2.5 to nearest"
        mov bx, 0077Fh                          ; down
        call round
        expect_eq word [result], 2, "2.5 down"
        expect_eq word [result + 2], -3, "-2.5 down"
        mov bx, 00B7Fh                          ; up
        call round
        expect_eq word [result], 3, "2.5 up"
        expect_eq word [result + 2], -2, "-2.5 up"
        mov bx, 00F7Fh                          ; chopped
        call round
        expect_eq word [result], 2, "2.5 chopped"
        expect_eq word [result + 2], -2, "-2.5 chopped"
        mov bx, 0007Fh                          ; 24 bits
        call third
        expect_eq word [result + 2], 0, "1 / 3 with 24 bits, second word"
        expect_eq word [result + 4], 0AB00h, "1 / 3 with 24 bits, third word"
        mov bx, 0027Fh                          ; 53 bits
        call third
        expect_eq word [result], 0A800h, "1 / 3 with 53 bits, lowest word"
        f fninit

        say "-- remainder"
        f fild word [three]
        f fild dword [big]
        f fprem
        f fstsw [status]
        f fistp word [result]
        f fstp st0
        fwait
        expect_eq word [result], 1, "1,000,000,000 modulo 3"
        mov ax, [status]
        and ax, 4700h
        expect_eq ax, 0300h, "the quotient modulo 8 is 5"
        f fild word [four]
        f fild word [three]
        f fscale
        f fxtract
        f fistp word [result]
        f fistp word [result + 2]
        f fstp st0
        fwait
        expect_eq word [result], 2, "3 * 2^4: the significand is 1.5, rounded 2"
        expect_eq word [result + 2], 5, "3 * 2^4: the exponent is 5"

        say "-- functions"
        f fldpi
        call digits                             ; pi
        f fldl2t
        call digits                             ; log2(10)
        f fldl2e
        call digits                             ; log2(e)
        f fldlg2
        call digits                             ; log10(2)
        f fldln2
        call digits                             ; ln(2)
        f fild dword [two]
        f fsqrt
        call digits                             ; the square root of 2
        f fld dword [half]
        f f2xm1
        call digits                             ; the same less one
        f fldln2
        f fild word [ten]
        f fyl2x
        call digits                             ; ln(10)
        f fldln2
        f fld qword [quarter]
        f fyl2xp1
        call digits                             ; ln(1.25)
        f fild word [three]
        f fild word [four]
        f fpatan
        call digits                             ; the angle of 3 and 4
        f fld dword [half]
        f fptan
        f fdivp st1
        call digits                             ; the tangent of 0.5

        say "-- masked exceptions"
        f fninit
        f fld1
        f fldz
        f fdivp st1
        f fstp dword [result]
        call exceptions
        expect_eq ax, 0004h, "1 / 0 is a zero divide"
        expect_eq word [result + 2], 7F80h, "1 / 0 is infinity"
        f fclex
        f fld1
        f fchs
        f fsqrt
        f fstp dword [result]
        call exceptions
        expect_eq ax, 0001h, "the root of -1 is invalid"
        expect_eq word [result + 2], 0FFC0h, "the root of -1 is the indefinite"
        f fclex
        f fld qword [large]
        f fstp dword [result]
        call exceptions
        expect_eq ax, 0028h, "a long real that is no short real: overflow and precision"
        f fclex
        f fstp dword [result]
        call exceptions
        and ax, 0001h
        expect_eq ax, 0001h, "an empty register is invalid"
        f fninit
        mov cx, 9
.push:  f fldz
        loop .push
        call exceptions
        and ax, 0001h
        expect_eq ax, 0001h, "the ninth push is invalid"

        say "-- an exception with a handler"
        mov ax, 3502h
        int 21h
        mov [old], bx
        mov [old + 2], es
        push cs
        pop es
        mov ax, 2502h
        mov dx, handler
        int 21h
        f fninit
        f fclex
        f fldcw [unmasked]
        f fld1
        f fldz
        wait
.divide:
        fdiv st1, st0
        fwait
        nop
        expect_eq word [calls], 1, "the handler is called once"
        mov ax, [environment + 2]
        and ax, 0084h
        expect_eq ax, 0084h, "it finds the zero divide, not masked"
        mov ax, [environment + 8]
        and ax, 07FFh
        expect_eq ax, 04F9h, "it finds the instruction"
        mov ax, cs
        mov cl, 4
        shl ax, cl
        add ax, .divide
        cmp ax, [environment + 6]
        expect e, "it finds the instruction's address"
        f fclex
        f fninit
        push ds
        lds dx, [old]
        mov ax, 2502h
        int 21h
        pop ds

        say "-- saving"
        f fldpi
        f fild word [seven]
        f fld1
        f fnsave [save]
        fwait
        expect_eq word [save + 4], 03FFh, "the tags: three registers in use"
        mov ax, [save + 2]
        and ax, 3800h
        expect_eq ax, 2800h, "the top is 5"
        expect_eq word [save + 14 + 8], 3FFFh, "one is the top"
        expect_eq word [save + 24 + 6], 0E000h, "seven lies below"
        f fstsw [status]
        fwait
        mov ax, [status]
        and ax, 3800h
        expect_eq ax, 0, "FSAVE has initialised the coprocessor"
        f frstor [save]
        f faddp st1
        f fistp word [control]
        call digits                             ; pi
        expect_eq word [control], 8, "FRSTOR has brought the numbers back"
        f fninit
        f fld1
        f fld1
        f fincstp
        f ffree st7
        f fdecstp
        f fstenv [environment]
        fwait
        expect_eq word [environment + 4], 3FFFh, "FFREE empties one of two registers"
        f fninit
        finish

; The condition codes as flags.
flags:  f fstsw [status]
        fwait
        mov ah, [status + 1]
        sahf
        ret

; 2.5 and -2.5 as integers, with the control word BX.
round:  mov [control], bx
        f fldcw [control]
        f fld dword [two_and_half]
        f fist word [result]
        f fchs
        f fistp word [result + 2]
        fwait
        ret

; 1 / 3 with the control word BX.
third:  mov [control], bx
        f fldcw [control]
        f fld1
        f fidiv word [three]
        f fstp tword [result]
        fwait
        ret

; AX = the exceptions.
exceptions:
        f fstsw [status]
        fwait
        mov ax, [status]
        and ax, 003Fh
        ret

; Prints ST with 15 digits behind the point, rounded, and pops it.
digits: f fimul dword [million]
        f fimul dword [billion]
        f frndint
        f fbstp [result]
        fwait
        mov si, result + 8
        mov di, text
        mov cx, 9
        cld
.next:  mov al, [si]
        dec si
        mov ah, al
        shr al, 1
        shr al, 1
        shr al, 1
        shr al, 1
        and ah, 15
        add ax, 3030h
        stosw
        loop .next
        mov word [di], 0A0Dh
        mov byte [di + 2], 0
        mov si, text
        call check_print_si
        ret

handler:
        inc word [cs:calls]
        fnstenv [cs:environment]
        fwait
        fnclex
        iret

seven:  dw 7
three:  dw 3
four:   dw 4
ten:    dw 10
two:    dd 2
big:    dd 1000000000
million:
        dd 1000000
billion:
        dd 1000000000
half:   dd 0.5
two_and_half:
        dd 2.5
quarter:
        dq 0.25
large:  dq 1.0e100
control:
        dw 0
status: dw 0
unmasked:
        dw 037Bh                                ; zero divide is not masked
calls:  dw 0
old:    dw 0, 0
result: times 10 db 0
text:   times 24 db 0
environment:
        times 14 db 0
save:   times 94 db 0
