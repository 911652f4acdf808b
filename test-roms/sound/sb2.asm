; sb2: every command of the DSP 2.01, the one of the Sound Blaster 2.0.
; Tests: what the DSP 1.05 has (sb1), identification and the test register, the speaker's state, auto-initialised DMA both
;   ways and compressed, high speed, the UART mode of MIDI; bytes by the 8237's counter, interrupts and their times;
;   commands of later versions.
; Settings: sound.card=sb2
; Source: [SBHPG] chapter 6, the table of versions. That later commands are passed over is an assumption of the DSP.

%include "check.inc"
%include "dsp.inc"
%include "dsp-common.inc"
%include "dsp-auto.inc"

        call find_card
        expect nc, "BLASTER is there"
        mov ax, [blaster + 2 * ('T' - 'A')]
        expect_eq ax, 3, "BLASTER: T3"
        call reset_dsp
        expect_al 0AAh, "reset: AAh"
        expect_version 2, 1
        dsp 0D1h
        check_common
        check_automatic
        call check_high_speed

; No mixer: its ports are nobody's.
        mov dx, [dsp_port]
        add dl, 4
        mov al, 22h
        out dx, al
        inc dx
        in al, dx
        expect_al 0FFh, "2x5h: no mixer"

        call leave_card
        finish
