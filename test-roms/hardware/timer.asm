; timer: the 8254 timer, by channel 2 (gate at port 61h bit 0, output at port 61h bit 5) and channel 0.
; Tests: the six modes as far as a program can see them, latch and read-back, the byte access modes, BCD, reading while it
;   counts, and interrupts at a reprogrammed rate through INT 8.
; Needs an AT: an XT has no output bit in port 61h, a PC's 8253 no read-back command.
; The expected results are the data sheet's. QEMU 7.2 has the outputs of modes 1, 2, 4 and 5 the wrong way round, no BCD
;   and no null count, and does not stop for the gate; DOSBox 0.74 has neither gate nor output of channel 2.
; Source: Intel 8254 data sheet, mode definitions and read-back command.
; Models: i80286

%include "check.inc"

%macro outb 2
        mov al, %2
        out %1, al
%endmacro

        in al, 61h
        mov [port_61], al
        call gate_on

; Mode 0: output low until the count ends.
        outb 43h, 0B0h
        call output
        expect_al 0, "mode 0: low when the mode is set"
        outb 42h, 00h
        outb 42h, 80h
        call output
        expect_al 0, "mode 0: low while counting"
        call read_latched
        mov bx, ax
        call read_latched
        cmp bx, 8000h
        expect be, "mode 0: the count starts at what was written"
        cmp ax, bx
        expect be, "mode 0: it counts down"
        call gate_off
        call read_latched
        mov bx, ax
        call read_latched
        cmp ax, bx
        expect e, "mode 0: a low gate stops it"
        call gate_on
        outb 43h, 0B0h
        outb 42h, 40h
        outb 42h, 00h
        call wait_high
        expect_al 20h, "mode 0: high at the end"
        call read_latched
        cmp ax, 0F000h
        expect a, "mode 0: it counts on from FFFF"

; Mode 1: a one-shot started by the gate.
        call gate_off
        outb 43h, 0B2h
        outb 42h, 00h
        outb 42h, 20h
        call output
        expect_al 20h, "mode 1: high before the trigger"
        call gate_on
        call settle
        call output
        expect_al 0, "mode 1: low after the trigger"
        call wait_high
        expect_al 20h, "mode 1: high after the count"
        call gate_off
        call gate_on
        call settle
        call output
        expect_al 0, "mode 1: it can be triggered again"

; Mode 2: reloads for ever.
        outb 43h, 0B4h
        outb 42h, 00h
        outb 42h, 10h
        call settle
        mov cx, 60000
        mov word [largest], 0
        mov word [wraps], 0
        mov word [last], 0FFFFh
.mode2: call read_latched
        cmp ax, [largest]
        jbe .not_larger
        mov [largest], ax
.not_larger:
        cmp ax, [last]
        jbe .no_wrap
        inc word [wraps]
.no_wrap:
        mov [last], ax
        cmp word [wraps], 3
        loopne .mode2
        cmp word [largest], 1000h
        expect be, "mode 2: never above the count"
        cmp word [wraps], 1
        expect a, "mode 2: starts again"
        call output
        expect_al 20h, "mode 2: the output is high nearly always"
        call gate_off
        call read_latched
        call gate_on
        call settle
        call read_latched
        cmp ax, 0F00h
        expect a, "mode 2: the gate's rise starts the count again"

; Mode 3: a square wave, counted by twos.
        outb 43h, 0B6h
        outb 42h, 00h
        outb 42h, 04h
        call settle
        mov word [highs], 0
        mov word [lows], 0
        mov word [odds], 0
        mov cx, 3000
.mode3: call read_latched
        test al, 1
        jz .even
        inc word [odds]
.even:  call output
        or al, al
        jz .low
        inc word [highs]
        jmp short .next3
.low:   inc word [lows]
.next3: loop .mode3
        expect_eq word [odds], 0, "mode 3: an even count stays even"
        mov ax, [highs]
        mov bx, [lows]
        add bx, bx
        cmp ax, bx
        expect b, "mode 3: not high much longer than low"
        mov ax, [lows]
        mov bx, [highs]
        add bx, bx
        cmp ax, bx
        expect b, "mode 3: not low much longer than high"

; Mode 4 and 5: the output is high, one low clock marks the end.
        outb 43h, 0B8h
        outb 42h, 00h
        outb 42h, 80h
        call settle
        call output
        expect_al 20h, "mode 4: high while counting"
        call read_latched
        mov bx, ax
        call settle
        call read_latched
        cmp ax, bx
        expect b, "mode 4: it counts"
        call gate_off
        outb 43h, 0BAh
        outb 42h, 00h
        outb 42h, 40h
        call output
        expect_al 20h, "mode 5: high before the trigger"
        call gate_on
        call settle
        call read_latched
        mov bx, ax
        cmp bx, 4000h
        expect be, "mode 5: the trigger loads the count"
        call settle
        call read_latched
        cmp ax, bx
        expect b, "mode 5: it counts"

; Latches and access modes.
        outb 43h, 0B4h
        outb 42h, 00h
        outb 42h, 00h
        call settle
        outb 43h, 80h
        mov cx, 2000
.wait:  in al, 61h
        loop .wait
        outb 43h, 80h                           ; a second latch changes nothing
        in al, 42h
        mov bl, al
        in al, 42h
        mov bh, al
        call read_latched
        mov dx, bx
        sub dx, ax
        cmp dx, 200
        expect a, "the first latch is kept until it is read"
        outb 43h, 0E8h                          ; read-back: status of channel 2
        in al, 42h
        and al, 3Fh
        expect_al 34h, "read-back: access and mode"
        outb 43h, 0C8h                          ; count and status: status comes first
        in al, 42h
        and al, 3Fh
        mov bl, al
        in al, 42h
        in al, 42h
        mov al, bl
        expect_al 34h, "read-back: status, then the count"
        outb 43h, 0B0h
        outb 43h, 0E8h
        in al, 42h
        and al, 40h
        expect_al 40h, "read-back: null count until a count is written"
        outb 42h, 00h
        outb 42h, 10h
        call settle
        outb 43h, 0E8h
        in al, 42h
        and al, 40h
        expect_al 0, "read-back: the count is loaded"

        outb 43h, 90h                           ; low byte only
        outb 42h, 0FFh
        call settle
        outb 43h, 80h
        in al, 42h
        mov bl, al
        call settle
        outb 43h, 80h
        in al, 42h
        cmp bl, al
        expect ne, "low byte only: it counts"
        outb 43h, 0A0h                          ; high byte only
        outb 42h, 80h
        call settle
        in al, 42h
        cmp al, 70h
        expect ae, "high byte only: the count is 8000"
        cmp al, 80h
        expect be, "high byte only: at most 80"

        outb 43h, 0B5h                          ; BCD, mode 2
        outb 42h, 00h
        outb 42h, 90h                           ; 9000
        mov cx, 1000
        mov word [odds], 0
.bcd:   call read_latched
        call is_decimal
        jz .decimal
        inc word [odds]
.decimal:
        loop .bcd
        expect_eq word [odds], 0, "BCD: decimal digits only"

; Channel 0: interrupts at 16 times the usual rate, counted against channel 2.
        mov ax, 3508h
        int 21h
        mov [old], bx
        mov [old + 2], es
        mov ax, 2508h
        mov dx, tick
        int 21h
        cli
        outb 43h, 34h
        outb 40h, 00h
        outb 40h, 10h
        sti
        mov cx, 3
        mov word [ticks], 0
        call wait_tick
        mov word [ticks], 0
.wait2: outb 43h, 0B0h
        outb 42h, 0FFh
        outb 42h, 0FFh
        call wait_high
        loop .wait2
        mov ax, [ticks]                         ; 3 * 65536 / 4096 = 48
        sub ax, 46
        cmp ax, 4
        expect be, "channel 0: 48 interrupts in the time of 48"
        cli
        outb 43h, 36h
        outb 40h, 0
        outb 40h, 0
        sti
        push ds
        lds dx, [old]
        mov ax, 2508h
        int 21h
        pop ds

        outb 43h, 0B6h
        mov al, [port_61]
        out 61h, al
        finish

output: in al, 61h
        and al, 20h
        mov ah, 0
        ret

gate_on:
        in al, 61h
        and al, 0FDh
        or al, 1
        out 61h, al
        ret

gate_off:
        in al, 61h
        and al, 0FCh
        out 61h, al
        ret

; Long enough for a written count to be loaded, far shorter than the counts used here.
settle: push cx
        mov cx, 10
.more:  in al, 61h
        loop .more
        pop cx
        ret

; AL = 20h when the output is high, 0 if that takes longer than a long time.
wait_high:
        push cx
        push dx
        mov dx, 30
.outer: mov cx, 20000
.more:  call output
        or al, al
        jnz .end
        loop .more
        dec dx
        jnz .outer
.end:   pop dx
        pop cx
        ret

read_latched:
        mov al, 80h
        out 43h, al
        in al, 42h
        mov ah, al
        in al, 42h
        xchg al, ah
        ret

; ZF set if the four digits of AX are 0 to 9.
is_decimal:
        push ax
        push bx
        push cx
        mov cx, 4
.digit: mov bl, al
        and bl, 15
        cmp bl, 10
        jae .end                                ; the flags say: above, or ZF when it is 10
        shr ax, 1
        shr ax, 1
        shr ax, 1
        shr ax, 1
        loop .digit
        cmp cx, 0
        jmp short .out
.end:   or bl, bl
.out:   pop cx
        pop bx
        pop ax
        ret

wait_tick:
        cmp word [ticks], 0
        je wait_tick
        ret

tick:   push ax
        inc word [cs:ticks]
        mov al, 20h
        out 20h, al
        pop ax
        iret

port_61: db 0
old:     dw 0, 0
ticks:   dw 0
largest: dw 0
wraps:   dw 0
last:    dw 0
highs:   dw 0
lows:    dw 0
odds:    dw 0
