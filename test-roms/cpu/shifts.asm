; shifts: shifts and rotates by 1 and by CL, with their defined flags.
; Tests: every byte value with counts 0 to 8 (0 to 31 for rotates), words likewise, folded into checksums that QEMU and
; DOSBox agree on. The overflow flag is defined for a count of 1 only, AF never after a shift. Counts above 31 differ
; between processors and are in model.asm.

%include "check.inc"

ONE     equ 08C5h                               ; OF SF ZF PF CF
ROTATE1 equ 0801h                               ; a rotate changes OF and CF only
MANY    equ 00C5h
ROTATEN equ 0001h

; one "name", MASK, CHECKSUM, instruction
%macro one 4
        mov di, %2
        xor bp, bp
        xor dx, dx
%%next: mov al, dl
        mov ah, al
        not ah
        clc
        %4
        call accumulate
        mov al, dl
        mov ah, al
        not ah
        stc
        %4
        call accumulate
        inc dl
        jnz %%next
        expect_eq bp, %3, %1
%endmacro

; many "name", MASK, CHECKSUM, last count, instruction by CL
%macro many 5
        mov di, %2
        xor bp, bp
        xor dx, dx
%%next: xor cx, cx
%%count:
        mov al, dl
        mov ah, al
        not ah
        cmp al, ah                              ; some flags that a count of 0 must keep
        cmc
        %5
        call accumulate
        inc cl
        cmp cl, %4
        jbe %%count
        inc dl
        jnz %%next
        expect_eq bp, %3, %1
%endmacro

        one "shl byte by 1", ONE, 92FEh, {shl al, 1}
        one "shr byte by 1", ONE, 6C75h, {shr al, 1}
        one "sar byte by 1", ONE, 8828h, {sar al, 1}
        one "rol byte by 1", ROTATE1, 4D42h, {rol al, 1}
        one "ror byte by 1", ROTATE1, 7BBFh, {ror al, 1}
        one "rcl byte by 1", ROTATE1, 0B424h, {rcl al, 1}
        one "rcr byte by 1", ROTATE1, 0FFD1h, {rcr al, 1}
        one "shl word by 1", ONE, 81C2h, {shl ax, 1}
        one "shr word by 1", ONE, 5036h, {shr ax, 1}
        one "sar word by 1", ONE, 2E81h, {sar ax, 1}
        one "rol word by 1", ROTATE1, 3650h, {rol ax, 1}
        one "ror word by 1", ROTATE1, 0A260h, {ror ax, 1}
        one "rcl word by 1", ROTATE1, 1779h, {rcl ax, 1}
        one "rcr word by 1", ROTATE1, 0E79Bh, {rcr ax, 1}
        many "shl byte by cl", MANY, 0D6A9h, 8, {shl al, cl}
        many "shr byte by cl", MANY, 1792h, 8, {shr al, cl}
        many "sar byte by cl", MANY, 45F9h, 31, {sar al, cl}
        many "rol byte by cl", ROTATEN, 2AE3h, 31, {rol al, cl}
        many "ror byte by cl", ROTATEN, 1939h, 31, {ror al, cl}
        many "rcl byte by cl", ROTATEN, 1D11h, 31, {rcl al, cl}
        many "rcr byte by cl", ROTATEN, 0D5AAh, 31, {rcr al, cl}
        many "shl word by cl", MANY, 675Dh, 16, {shl ax, cl}
        many "shr word by cl", MANY, 8248h, 16, {shr ax, cl}
        many "sar word by cl", MANY, 5A50h, 31, {sar ax, cl}
        many "rol word by cl", ROTATEN, 051Ah, 31, {rol ax, cl}
        many "ror word by cl", ROTATEN, 0F14Eh, 31, {ror ax, cl}
        many "rcl word by cl", ROTATEN, 0169h, 31, {rcl ax, cl}
        many "rcr word by cl", ROTATEN, 0FB94h, 31, {rcr ax, cl}
        finish

accumulate:
        pushf
        pop si
        and si, di
        xor bp, si
        rol bp, 1
        add bp, ax
        ret
