; sbpro: every command of the DSP 3.01, the one of the Sound Blaster Pro, and its mixer CT1345.
; Tests: what the DSP 2.01 has (sb2), stereo both ways at normal and high speed, the mixer's registers; bytes by the 8237's
;   counter, interrupts and their times.
; Settings: sound.card=sbpro
; Source: [SBHPG] chapters 3, 4 and 6.

%include "check.inc"
%include "dsp.inc"
%include "dsp-common.inc"
%include "dsp-auto.inc"
%include "mixer.inc"

        call find_card
        expect nc, "BLASTER is there"
        mov ax, [blaster + 2 * ('T' - 'A')]
        expect_eq ax, 2, "BLASTER: T2"
        call reset_dsp
        expect_al 0AAh, "reset: AAh"
        expect_version 3, 1
        dsp 0D1h
        check_common
        check_automatic
        call check_high_speed
        call check_stereo
        call check_mixer
        call leave_card
        finish

; Two bytes make a frame: 400 bytes of 20,000 frames a second take 10 ms.
check_stereo:
        mixer 0Eh, 22h
        mov ax, 8080h
        call fill_buffer
        dma to_device, 4000
        dsp 40h, 0E7h, 48h, 8Fh, 1
        dsp_timed 91h
        expect_block "91h, 200 frames in stereo", 1, 400, 10000, 100
        mixer 0Eh, 0
        mov ax, 5555h
        call fill_buffer
        dma from_device, 4000
        dsp 0A8h, 48h, 8Fh, 1
        dsp_timed 99h
        expect_block "A8h, 99h, 200 frames of input in stereo", 1, 400, 10000, 100
        mov bx, 8080h
        call count_words
        expect_eq ax, 200, "A8h, 99h: they are in memory"
        dsp 0A0h
        expect_in_step "A0h: mono again"
        ret

; Volumes have three bits a side, that of the microphone two.
check_mixer:
        mixer 0, 0
        expect_mixer 22h, 0EEh, 88h, "22h: main volume after a reset"
        expect_mixer 04h, 0EEh, 88h, "04h: voice volume after a reset"
        expect_mixer 26h, 0EEh, 88h, "26h: FM volume after a reset"
        expect_kept 04h, 0EEh, "04h: voice volume"
        expect_kept 0Ah, 06h, "0Ah: microphone volume"
        expect_kept 0Ch, 2Eh, "0Ch: source and filter of the input"
        expect_kept 0Eh, 22h, "0Eh: stereo and filter of the output"
        expect_kept 22h, 0EEh, "22h: main volume"
        expect_kept 26h, 0EEh, "26h: FM volume"
        expect_kept 28h, 0EEh, "28h: CD volume"
        expect_kept 2Eh, 0EEh, "2Eh: line volume"
        mixer 22h, 0A4h
        expect_mixer 22h, 0EEh, 0A4h, "22h: both sides of their own"
        mixer 0, 0
        expect_mixer 22h, 0EEh, 88h, "00h: a reset brings the main volume back"
        expect_mixer 0Eh, 22h, 0, "00h: and mono"
        ret
