; sb1: every command of the DSP 1.05, the one of the Sound Blaster 1.0 and 1.5.
; Tests: reset, version, direct output and input, single-cycle DMA both ways, the compressed forms, silence, pause, the
;   speaker switch, MIDI; bytes by the 8237's counter, interrupts and their times; commands of later versions.
; Settings: sound.card=sb1
; Source: [SBHPG] chapter 6, the table of versions. That later commands are passed over is an assumption of the DSP.

%include "check.inc"
%include "dsp.inc"
%include "dsp-common.inc"

        call find_card
        expect nc, "BLASTER is there"
        mov ax, [blaster + 2 * ('T' - 'A')]
        expect_eq ax, 1, "BLASTER: T1"
        call reset_dsp
        expect_al 0AAh, "reset: AAh"
        expect_version 1, 5
        dsp 0D1h
        check_common

; D1h and D3h pause a transfer in version 1, and take some time.
        dma to_device, 4000
        dsp 14h, 199, 0
        mov cx, clocks_of(3000)
        call wait_clocks
        dsp 0D3h
        expect_in_step "D3h: done within 220 ms"
        call dma_moved
        mov bx, ax
        mov cx, clocks_of(5000)
        call wait_clocks
        call dma_moved
        cmp ax, bx
        expect e, "D3h: the transfer is paused"
        dsp 0D1h
        expect_in_step "D1h: done within 112 ms"
        dsp 0D4h
        mov bx, 1
        call await_interrupts
        call dma_moved
        expect_eq ax, 200, "D4h: the transfer goes on after D1h"

; What only later versions have does nothing: no answer, no interrupt, no transfer.
        dma to_device, 4000
        mov si, later
.next:  lodsb
        or al, al
        jz .done
        call write_dsp
        mov [wrong], al
        dsp 0E1h
        call read_dsp
        cmp al, 1
        jne .wrong
        call read_dsp
        cmp al, 5
        jne .wrong
        call peek_dsp
        or al, al
        jz .next
.wrong: mov al, [wrong]
        mov ah, 0
        show "not passed over", ax
.done:  mov cx, clocks_of(5000)
        call wait_clocks
        cmp byte [si - 1], 0
        expect e, "commands of later versions are passed over"
        mov ax, [interrupts]
        expect_eq ax, 0, "they make no interrupt"
        call dma_moved
        expect_eq ax, 0, "they move nothing"

        call leave_card
        finish

; Without 41h, 42h, 45h and 47h, which are decoded as 40h with one argument, D5h and D6h, which are D4h, and F3h.
later   db 1Ch, 1Fh, 2Ch, 34h, 35h, 36h, 37h, 48h, 7Dh, 7Fh, 90h, 91h, 98h, 99h, 0A0h, 0A8h
        db 0B0h, 0B6h, 0B8h, 0BEh, 0C0h, 0C6h, 0C8h, 0CEh, 0D8h, 0D9h, 0DAh, 0E0h, 0E2h, 0E3h, 0E4h, 0E8h, 0
wrong   db 0
