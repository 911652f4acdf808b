; sbdsp: the DSP of a Sound Blaster 16 as drivers and games use it.
; Tests: reset, version, identification, the test register, the copyright text, interrupts by command, single-cycle and
;   auto-initialised DMA in 8 and 16 bits with their interrupts and times, pause and continue, speaker state, silence.
; Needs a Sound Blaster 16 at 220h with IRQ 5, DMA channels 1 and 5 (the BLASTER variable is not looked at).
; Source: [SBHPG].
; Models: i80286

%include "check.inc"

base    equ 220h

%macro clear_count 0
        mov word [count], 0
        mov word [seen], 0
%endmacro

        call reset_dsp
        expect_al 0AAh, "reset: AAh within 200 us"

        mov al, 0E1h
        call write_dsp
        call read_dsp
        mov ah, al
        call read_dsp
        xchg al, ah
        expect_al 4, "E1h: major version"
        mov al, ah
        expect_al 5, "E1h: minor version"
        mov al, 0E0h
        call write_dsp
        mov al, 55h
        call write_dsp
        call read_dsp
        expect_al 0AAh, "E0h: the complement of the byte"
        mov al, 0E4h
        call write_dsp
        mov al, 5Ah
        call write_dsp
        mov al, 0E8h
        call write_dsp
        call read_dsp
        expect_al 5Ah, "E8h: what E4h has written"
        mov al, 0E3h
        call write_dsp
        mov di, text
        mov cx, 9
.text:  call read_dsp
        mov [di], al
        inc di
        loop .text
        expect_string text, "COPYRIGHT", "E3h: the copyright text"
        call reset_dsp

        mov al, 0D3h
        call write_dsp
        mov al, 0D8h
        call write_dsp
        call read_dsp
        expect_al 0, "D8h: the speaker is off after D3h"
        mov al, 0D1h
        call write_dsp
        mov al, 0D8h
        call write_dsp
        call read_dsp
        expect_al 0FFh, "D8h: the speaker is on after D1h"

; An interrupt handler on IRQ 5.
        mov ax, 3500h + 0Dh
        int 21h
        mov [old_vector], bx
        mov [old_vector + 2], es
        mov ax, 2500h + 0Dh
        mov dx, handler
        int 21h
        in al, 21h
        mov [old_mask], al
        and al, 0DFh
        out 21h, al
        push ds
        pop es

        mov al, 0F2h
        call write_dsp
        call wait_interrupt
        mov ax, [count]
        expect_eq ax, 1, "F2h: one interrupt"
        mov al, [status]
        expect_al 1, "F2h: 8-bit, by the mixer's register 82h"

; 8 bits, single cycle: 441 samples of 22,050 Hz are 20 ms.
        clear_count
        mov al, 49h                             ; single mode, read
        mov cx, 441
        call program_dma
        mov al, 41h
        call write_dsp
        mov al, 56h
        call write_dsp
        mov al, 22h
        call write_dsp
        call start_clock
        mov al, 14h
        call write_dsp
        mov al, 0B8h                            ; 440
        call write_dsp
        mov al, 1
        call write_dsp
        call wait_interrupt
        call read_clock
        cmp ax, 23600
        expect ae, "14h: the block takes 20 ms at least"
        cmp ax, 24200
        expect be, "14h: and not much more"
        mov ax, [count]
        expect_eq ax, 1, "14h: one interrupt"
        call dma_left
        expect_eq ax, 0FFFFh, "14h: the DMA count has run out"
        call wait_little
        mov ax, [count]
        expect_eq ax, 1, "14h: no second interrupt"

; 8 bits, auto-initialised: blocks of 110 samples, DMA of 220.
        clear_count
        mov al, 59h
        mov cx, 220
        call program_dma
        mov al, 48h
        call write_dsp
        mov al, 109
        call write_dsp
        mov al, 0
        call write_dsp
        mov al, 1Ch
        call write_dsp
        call start_clock
        mov bx, 6
.auto:  call wait_interrupt
        dec bx
        jnz .auto
        call read_clock
        cmp ax, 34000                           ; 660 / 22,050 s are 29.9 ms, 35,714 clocks
        expect ae, "1Ch: six blocks take 30 ms at least"
        cmp ax, 36400
        expect be, "1Ch: and not much more"
        mov ax, [count]
        expect_eq ax, 6, "1Ch: an interrupt for each block"

        mov al, 0D0h
        call write_dsp
        call wait_little
        clear_count
        call wait_little
        mov ax, [count]
        expect_eq ax, 0, "D0h: nothing comes while it is paused"
        mov al, 0D4h
        call write_dsp
        call wait_interrupt
        mov ax, [count]
        cmp ax, 0
        expect ne, "D4h: it goes on"
        mov al, 0DAh
        call write_dsp
        call wait_interrupt
        call wait_little
        clear_count
        call wait_little
        mov ax, [count]
        expect_eq ax, 0, "DAh: it ends with the block"

; Silence: 220 samples of 22,050 Hz without DMA.
        clear_count
        mov al, 80h
        call write_dsp
        mov al, 219
        call write_dsp
        mov al, 0
        call write_dsp
        call wait_interrupt
        mov ax, [count]
        expect_eq ax, 1, "80h: an interrupt at the end of the silence"

; 16 bits, stereo, single cycle: 200 words are 100 frames.
        clear_count
        call program_wide_dma
        mov al, 0B0h
        call write_dsp
        mov al, 30h                             ; signed, stereo
        call write_dsp
        mov al, 199
        call write_dsp
        mov al, 0
        call write_dsp
        call start_clock
        call wait_interrupt
        call read_clock
        cmp ax, 5200                            ; 100 / 22,050 s are 4.5 ms, 5,411 clocks
        expect ae, "B0h: 100 frames take 4.5 ms at least"
        cmp ax, 6200
        expect be, "B0h: and not much more"
        mov ax, [count]
        expect_eq ax, 1, "B0h: one interrupt"
        mov al, [status]
        expect_al 2, "B0h: 16-bit, by the mixer's register 82h"

        mov al, [old_mask]
        out 21h, al
        lds dx, [old_vector]
        mov ax, 2500h + 0Dh
        int 21h
        push cs
        pop ds
        call reset_dsp
        expect_al 0AAh, "reset at the end"
        finish

; AL: AAh, or what came instead.
reset_dsp:
        mov dx, base + 6
        mov al, 1
        out dx, al
        mov cx, 100
.hold:  in al, dx
        loop .hold
        mov al, 0
        out dx, al
        mov cx, 2000
.wait:  mov dx, base + 0Eh
        in al, dx
        or al, al
        js .ready
        loop .wait
        mov al, 0
        ret
.ready: mov dx, base + 0Ah
        in al, dx
        ret

write_dsp:
        push dx
        push cx
        push ax
        mov dx, base + 0Ch
        mov cx, 0
.wait:  in al, dx
        or al, al
        jns .free
        loop .wait
.free:  pop ax
        out dx, al
        pop cx
        pop dx
        ret

read_dsp:
        push dx
        push cx
        mov cx, 0
        mov dx, base + 0Eh
.wait:  in al, dx
        or al, al
        js .ready
        loop .wait
.ready: mov dx, base + 0Ah
        in al, dx
        pop cx
        pop dx
        ret

; Channel 1: mode AL, CX bytes from the buffer, which lies in one page.
program_dma:
        mov ah, al
        mov al, 5
        out 0Ah, al
        out 0Ch, al
        mov al, ah
        out 0Bh, al
        call buffer_address
        out 2, al
        mov al, ah
        out 2, al
        mov al, dl
        out 83h, al
        dec cx
        mov al, cl
        out 3, al
        mov al, ch
        out 3, al
        mov al, 1
        out 0Ah, al
        ret

; Channel 5, single mode: 200 words.
program_wide_dma:
        mov al, 5
        out 0D4h, al
        out 0D8h, al
        mov al, 49h
        out 0D6h, al
        call buffer_address
        shr dl, 1                               ; A16 goes with the address of words
        rcr ax, 1
        shl dl, 1
        out 0C4h, al
        mov al, ah
        out 0C4h, al
        mov al, dl
        out 8Bh, al
        mov al, 199
        out 0C6h, al
        mov al, 0
        out 0C6h, al
        mov al, 1
        out 0D4h, al
        ret

; DL:AX is the linear address of the buffer.
buffer_address:
        push cx
        mov ax, ds
        mov dx, ax
        mov cl, 4
        shl ax, cl
        mov cl, 12
        shr dx, cl
        add ax, buffer
        adc dl, 0
        pop cx
        ret

dma_left:
        out 0Ch, al
        in al, 3
        mov ah, al
        in al, 3
        xchg al, ah
        ret

%include "clock.inc"

; Waits for the handler, for 50 ms at most.
wait_interrupt:
        push ax
        push bx
        push cx
        mov bx, [count]
        cmp bx, [seen]
        jne .come
        mov cx, 50000
.wait:  in al, 61h
        mov bx, [count]
        cmp bx, [seen]
        jne .come
        loop .wait
.come:  mov [seen], bx
        pop cx
        pop bx
        pop ax
        ret

; About 15 ms.
wait_little:
        push cx
        push ax
        mov cx, 15000
.wait:  in al, 61h
        loop .wait
        pop ax
        pop cx
        ret

handler:
        push ax
        push dx
        push ds
        push cs
        pop ds
        inc word [count]
        mov dx, base + 4
        mov al, 82h
        out dx, al
        inc dx
        in al, dx
        and al, 7
        mov [status], al
        mov dx, base + 0Eh
        test al, 1
        jz .wide
        in al, dx
.wide:  test byte [status], 2
        jz .done
        inc dx
        in al, dx
.done:  mov al, 20h
        out 20h, al
        pop ds
        pop dx
        pop ax
        iret

count   dw 0
seen    dw 0
status  db 0
old_mask db 0
old_vector dw 0, 0
text    times 10 db 0
        align 2
buffer: times 512 db 80h
