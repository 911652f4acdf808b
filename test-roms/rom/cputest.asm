; cputest: a test of the processor, as a ROM of 64 KB at F0000h that takes the place of the BIOS.
;
; Tests: every instruction of the 8086, 80186 and 80286 in real mode, all forms of operands, flags, faults, traps,
;   interrupt shadows, what the chips do beside the manuals, and the length of the prefetch queue.
; Requires: RAM from 0 to 7FFFh; nothing else. It uses a display adapter (MDA or CGA), COM1, the timer and the
;   interrupt controller where they are. It takes some 350 million clocks on an 8086.
; Reports: a progress code on port 80h for each group of tests; text on COM1 (9600 8N1), on the display and at 4010h
;   in RAM; the head of the report is at 4000h (layout.inc). At the end port 80h gets the number of failures (FFh for
;   more than 254), and the processor halts with interrupts off.
; Sources: [8086UM] instruction set reference; [80186]; [80286PRM] instruction set and the appendices on
;   compatibility. What is expected is worked out by models in this ROM that use other instructions or another method,
;   or is written down from the manuals; where it is known from measured chips only (SST86, SST286), the comment says
;   so.

        cpu 8086
        bits 16
%ifndef FROM_DOS
        org 0
%define ROM_SEGMENT 0F000h
%define ROM_SECTION .text
%endif

%include "cputest/layout.inc"

; The first bytes of the segment: word operands at offset FFFFh take their high byte from here, and so does an
; instruction that begins at FFFEh (LAST_WORD); what it goes on with is the jump.
first_byte:
        db 5Ah
        jmp 0:in_stubs(save_registers)
        db "Ochenta processor test ROM", 0

%include "cputest/start.inc"
%include "cputest/output.inc"
%include "cputest/harness.inc"
%include "cputest/table.inc"
%include "cputest/detect.inc"
%include "cputest/model.inc"
%include "cputest/moves.inc"
%include "cputest/stack.inc"
%include "cputest/modrm.inc"
%include "cputest/alu.inc"
%include "cputest/unary.inc"
%include "cputest/shifts.inc"
%include "cputest/muldiv.inc"
%include "cputest/decimal.inc"
%include "cputest/strings.inc"
%include "cputest/compares.inc"
%include "cputest/flow.inc"
%include "cputest/conditions.inc"
%include "cputest/traps.inc"
%include "cputest/timer.inc"
%include "cputest/undocumented.inc"
%include "cputest/more186.inc"
%include "cputest/more286.inc"

main:
        call detect_model
        call detect_queue
        call print_inline
        db "Ochenta processor test", 13, 10, 0
        call print_model
        call print_queue
        mov si, groups
.next:  cmp word [cs:si], 0
        je .end
        push si
        call run_group
        pop si
        call skip_group
        jmp .next
.end:   call print_inline
        db "checks: ", 0
        mov ax, [checks]
        mov dx, [checks + 2]
        call print_long
        call print_inline
        db " failed: ", 0
        mov ax, [failed]
        mov dx, [failed + 2]
        call print_long
        call newline
        ; The head of the report.
        mov si, checks
        mov di, REPORT_CHECKS
        mov cx, 4
        rep movsw
        mov ax, [text_end]
        sub ax, REPORT_TEXT
        stosw
        mov ax, [model]
        stosw
        mov ax, [queue]
        stosw
        mov bx, "OK"
        mov ax, [failed]
        or ax, [failed + 2]
        jz .good
        mov bx, "NO"
.good:  mov [di], bx
        mov ax, [failed]
        mov dx, [failed + 2]
        or dx, dx
        jnz .many
        cmp ax, 255
        jb .few
.many:  mov al, 255
.few:   out PROGRESS, al
.halt:  cli
        hlt
        jmp .halt

; A group: its routine, the processors that it is for, its progress code, its name.
%macro group 4
        dw %1
        db %2, %3, %4, 0
%endmacro

MALL            equ M86 | M186 | M286 | M386

groups: group test_moves, MALL, 10h, "moves"
        group test_stack, MALL, 11h, "stack and flags"
        group test_modrm, MALL, 12h, "addressing"
        group test_alu, MALL, 13h, "add or adc sbb and sub xor cmp"
        group test_unary, MALL, 14h, "inc dec neg not test"
        group test_shifts, MALL, 15h, "shifts and rotates"
        group test_muldiv, MALL, 16h, "mul imul div idiv"
        group test_decimal, MALL, 17h, "decimal"
        group test_strings, MALL, 18h, "strings"
        group test_flow, MALL, 19h, "jumps calls interrupts"
        group test_traps, MALL, 1Ah, "single step"
        group test_timer, MALL, 1Bh, "interrupts and halt"
        group test_undocumented, M86, 20h, "undocumented 8086"
        group test_186, M186 | M286 | M386, 21h, "80186 additions"
        group test_286, M286, 22h, "80286 additions and faults"
        dw 0

skip_group:
        add si, 4
        jmp skip_string

; Runs the group at CS:SI and prints its line.
run_group:
        mov al, [model]
        test [cs:si + 2], al
        jnz .run
        ret
.run:   mov al, [cs:si + 3]
        out PROGRESS, al
        xor ax, ax
        mov [group_checks], ax
        mov [group_checks + 2], ax
        mov [group_failed], ax
        mov [group_failed + 2], ax
        mov [shown], ax
        push si
        call [cs:si]
        pop si
        mov ax, [group_checks]
        or ax, [group_checks + 2]
        jnz .print
        ret                                     ; it has said why
.print: add si, 4
        call print_string
        call print_inline
        db ": ", 0
        mov ax, [group_checks]
        mov dx, [group_checks + 2]
        call print_long
        mov ax, [group_failed]
        or ax, [group_failed + 2]
        jnz .bad
        call print_inline
        db " ok", 13, 10, 0
        ret
.bad:   call print_inline
        db " checks, FAILED: ", 0
        mov ax, [group_failed]
        mov dx, [group_failed + 2]
        call print_long
        jmp newline

%ifndef FROM_DOS

code_size       equ $ - $$
%if code_size > 0FC00h
%error "the ROM is full"
%endif
        times 0FC00h - ($ - $$) db 0FFh

; The uppermost kilobyte, which is all that an 80186 sees after reset: 64 KB of ROM from F0000h.
; Source: [80186] chip-select registers.
reset:
        mov dx, 0FFA0h
        mov ax, 0F038h
        out dx, ax
        jmp ROM_SEGMENT:start

        times 0FFF0h - ($ - $$) db 0FFh
        jmp ROM_SEGMENT:reset
        times 0FFFEh - ($ - $$) db 0FFh
        dw LAST_WORD

%endif
