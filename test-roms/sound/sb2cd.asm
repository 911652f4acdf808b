; sb2cd: the mixer CT1335 of a Sound Blaster 2.0 with the CD interface.
; Tests: how it is found, its registers and what a reset leaves in them; that the DSP is the one of the 2.0. How loud it makes
;   the sound is measured with waves.
; Settings: sound.card=sb2cd
; Source: [SBHPG] chapters 4 and 6.

%include "check.inc"
%include "dsp.inc"
%include "mixer.inc"

        call find_card
        expect nc, "BLASTER is there"
        mov ax, [blaster + 2 * ('T' - 'A')]
        expect_eq ax, 3, "BLASTER: T3"
        call reset_dsp
        expect_al 0AAh, "reset: AAh"
        dsp 0E1h
        call read_dsp
        expect_al 2, "E1h: version 2"
        call read_dsp
        expect_al 1, "E1h: .01"

        expect_mixer 02h, 0Eh, 0Eh, "02h: main volume as the card's programs leave it"
        expect_mixer 0Ah, 06h, 06h, "0Ah: voice volume as the card's programs leave it"
        mixer 0, 0
        expect_mixer 02h, 0Eh, 08h, "02h: main volume after a reset"
        expect_mixer 06h, 0Eh, 08h, "06h: FM volume after a reset"
        expect_mixer 08h, 0Eh, 0, "08h: CD volume after a reset"
        expect_mixer 0Ah, 06h, 0, "0Ah: voice volume after a reset"
        expect_kept 02h, 0Eh, "02h: main volume"
        expect_kept 06h, 0Eh, "06h: FM volume"
        expect_kept 08h, 0Eh, "08h: CD volume"
        expect_kept 0Ah, 06h, "0Ah: voice volume"
        mixer 02h, 0Ah
        mov dx, [dsp_port]
        add dl, 4
        in al, dx
        expect_al 02h, "2x4h: the register's number"
        expect_mixer 22h, 0FFh, 0FFh, "22h: nothing of a Pro"
        expect_mixer 30h, 0FFh, 0FFh, "30h: nothing of a 16"
        mixer 0, 0
        expect_mixer 02h, 0Eh, 08h, "00h: a reset brings the main volume back"
        finish
