; arith: addition, subtraction, logic, multiplication, division and decimal adjustment, with their defined flags.
; Tests: each operation over many operand pairs, with carry clear and set, folded into a checksum. The checksums are
; those of QEMU (on the host's own arithmetic) and of DOSBox, which agree. Undefined flags are masked out.

%include "check.inc"

ARITHMETIC equ 08D5h                            ; OF SF ZF AF PF CF
LOGIC      equ 08C5h                            ; AF is undefined
MULTIPLY   equ 0801h                            ; only OF and CF are defined
ADJUST     equ 00D5h                            ; OF is undefined

; sweep "name", MASK, CHECKSUM, instruction on AL and BL (or AX and BX, whose high bytes are the complements)
%macro sweep 4
        mov di, %2
        xor bp, bp
        xor cx, cx
%%a:    xor dx, dx
%%b:    call operands
        clc
        %4
        call accumulate
        call operands
        stc
        %4
        call accumulate
        add dl, 7
        jnc %%b
        inc cl
        jnz %%a
        expect_eq bp, %3, %1
%endmacro

        sweep "add byte", ARITHMETIC, 0CD42h, {add al, bl}
        sweep "adc byte", ARITHMETIC, 0ECC1h, {adc al, bl}
        sweep "sub byte", ARITHMETIC, 0B65Bh, {sub al, bl}
        sweep "sbb byte", ARITHMETIC, 0ECAEh, {sbb al, bl}
        sweep "cmp byte", ARITHMETIC, 1DFBh, {cmp al, bl}
        sweep "and byte", LOGIC, 0B4E5h, {and al, bl}
        sweep "or byte", LOGIC, 7218h, {or al, bl}
        sweep "xor byte", LOGIC, 0E3B7h, {xor al, bl}
        sweep "test byte", LOGIC, 5AE2h, {test al, bl}
        sweep "inc byte", ARITHMETIC, 6086h, {inc al}
        sweep "dec byte", ARITHMETIC, 0D3D7h, {dec al}
        sweep "neg byte", ARITHMETIC, 15A3h, {neg al}
        sweep "not byte", ARITHMETIC, 0E20Ah, {not al}
        sweep "add word", ARITHMETIC, 6A87h, {add ax, bx}
        sweep "adc word", ARITHMETIC, 0E75Fh, {adc ax, bx}
        sweep "sub word", ARITHMETIC, 8256h, {sub ax, bx}
        sweep "sbb word", ARITHMETIC, 0CE46h, {sbb ax, bx}
        sweep "cmp word", ARITHMETIC, 0F597h, {cmp ax, bx}
        sweep "and word", LOGIC, 3A3Eh, {and ax, bx}
        sweep "xor word", LOGIC, 0A3C4h, {xor ax, bx}
        sweep "inc word", ARITHMETIC, 0165h, {inc ax}
        sweep "dec word", ARITHMETIC, 0F775h, {dec ax}
        sweep "neg word", ARITHMETIC, 2546h, {neg ax}
        sweep "sign extended immediate", ARITHMETIC, 0F328h, {adc ax, byte -3}
        sweep "mul byte", MULTIPLY, 77F8h, {mul bl}
        sweep "imul byte", MULTIPLY, 4DE2h, {imul bl}
        sweep "mul word, low", MULTIPLY, 1861h, {call mul_low}
        sweep "mul word, high", MULTIPLY, 4DE7h, {call mul_high}
        sweep "imul word, high", MULTIPLY, 3788h, {call imul_high}
        sweep "div byte", 0, 0CCFDh, {call div_byte}
        sweep "div word", 0, 3EFBh, {call div_word}
        sweep "idiv byte", 0, 0E8B9h, {call idiv_byte}
        sweep "cbw", ARITHMETIC, 0AB39h, {cbw}
        sweep "cwd", ARITHMETIC, 0FB54h, {call sign_word}
        sweep "aam", 00C4h, 5D9Bh, {aam}
        sweep "aad", 00C4h, 0DCD2h, {aad}

; Decimal digits: every pair of packed decimal numbers.
        mov di, ADJUST
        xor bp, bp
        xor cx, cx
.a:     xor dx, dx
.b:     mov al, cl
        add al, dl
        daa
        mov ah, 0
        call accumulate
        mov al, cl
        sub al, dl
        das
        mov ah, 0
        call accumulate
        mov al, dl
        add al, 1
        daa
        mov dl, al
        jnz .b
        mov al, cl
        add al, 1
        daa
        mov cl, al
        jnz .a
        expect_eq bp, 3572h, "daa and das"

        mov di, 0011h                           ; AF and CF
        xor bp, bp
        mov cx, 0
.c:     mov dx, 0
.d:     mov ax, cx
        add al, dl
        aaa
        call accumulate
        mov ax, 0500h
        mov al, cl
        sub al, dl
        aas
        call accumulate
        inc dx
        cmp dx, 10
        jne .d
        inc cx
        cmp cx, 10
        jne .c
        expect_eq bp, 1238h, "aaa and aas"

; Multiplications and divisions of words, by example.
        mov ax, 0FFFFh
        mov bx, ax
        mul bx
        expect_eq dx, 0FFFEh, "FFFF * FFFF, high"
        expect_eq ax, 0001h, "FFFF * FFFF, low"
        mov ax, 8000h
        mov bx, 8000h
        imul bx
        expect_eq dx, 4000h, "-32768 * -32768, high"
        mov dx, 0FFFFh
        mov ax, -1000
        mov bx, 7
        idiv bx
        expect_eq ax, -142, "-1000 / 7 is cut towards zero"
        expect_eq dx, -6, "the remainder has the dividend's sign"
        mov dx, 1234h
        mov ax, 5678h
        mov bx, 0ABCDh
        div bx
        expect_eq ax, 1B20h, "12345678 / ABCD"
        expect_eq dx, 3DD8h, "12345678 mod ABCD"
        finish

; AX and BX from CL and DL: the byte, and its complement in the high half.
operands:
        mov al, cl
        mov ah, al
        not ah
        mov bl, dl
        mov bh, bl
        not bh
        ret

; Folds AX and the masked flags into BP.
accumulate:
        pushf
        pop si
        and si, di
        xor bp, si
        rol bp, 1
        add bp, ax
        ret

mul_low:
        push dx
        mul bx
        pop dx
        ret

mul_high:
        push dx
        mul bx
        mov ax, dx
        pop dx
        ret

imul_high:
        push dx
        imul bx
        mov ax, dx
        pop dx
        ret

; AX / (BL or 80h), made safe: AH below the divisor.
div_byte:
        or bl, 80h
        and ah, 7Fh
        div bl
        ret

div_word:
        push dx
        mov dx, ax
        and dh, 7Fh
        or bh, 80h
        div bx
        add ax, dx
        pop dx
        ret

idiv_byte:
        or bl, 40h
        cbw
        idiv bl
        ret

sign_word:
        push dx
        cwd
        mov ax, dx
        pop dx
        ret
