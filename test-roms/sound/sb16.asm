; sb16: the commands that version 4.05 of the DSP adds, on a Sound Blaster 16, and its mixer CT1745.
; Tests: what earlier versions have (sb1, sb2), rates by 41h and 42h, all forms of the commands Bxh and Cxh, pause,
;   continuation and end in 16 bits, both interrupts and the mixer's status of them, the registers of the mixer with the
;   choice of interrupt and DMA channels; units by the 8237's counter, and times; what is not documented: the commands for a
;   signal processor that is not there, holding DMA, what follows on what, flags, warm resets. What drivers do is in sbdsp.
; Settings: sound.card=sb16
; Source: [SBHPG] chapters 3, 4 and 6; [SBDSP4] for what is not documented.

%include "check.inc"
%include "dsp.inc"
%include "dsp-common.inc"
%include "dsp-auto.inc"
%include "mixer.inc"

; check_16 "name", COMMAND, MODE, UNITS, MICROSECONDS: one block, all of it by DMA.
%macro check_16 5
        dsp %2, %3, (%4 - 1) & 255
        dsp_timed (%4 - 1) >> 8
        expect_block %1, 1, %4, %5, 100
%endmacro

%macro narrow 1
        call use_narrow
        dma %1, 4000
%endmacro

%macro wide 1
        call use_wide
        dma %1, 2000
%endmacro

        call find_card
        expect nc, "BLASTER is there"
        mov ax, [blaster + 2 * ('T' - 'A')]
        expect_eq ax, 6, "BLASTER: T6"
        mov byte [has_status], 1
        call reset_dsp
        expect_al 0AAh, "reset: AAh"
        expect_version 4, 5
        check_common
        call check_identity
        call check_speaker
        call check_auto_init
        call check_auto_input
        call check_uart
        call check_rates
        call check_narrow
        call check_wide
        call check_wide_auto
        call check_hold
        call check_order
        call check_processor
        call check_memory
        call check_warm_reset
        call check_interrupts
        call check_mixer
        call check_resources
        call leave_card
        finish

use_narrow:
        push ax
        mov al, [blaster + 2 * ('D' - 'A')]
        mov [dma_channel], al
        pop ax
        ret

use_wide:
        push ax
        mov al, [blaster + 2 * ('H' - 'A')]
        mov [dma_channel], al
        pop ax
        ret

; 400 bytes at three rates.
check_rates:
        narrow to_device
        dsp 41h, 1Fh, 40h                       ; 8,000 Hz
        check_16 "41h, 8,000 Hz", 0C0h, 0, 200, 25000
        narrow to_device
        dsp 41h, 0ACh, 44h                      ; 44,100 Hz
        check_16 "41h, 44,100 Hz", 0C0h, 0, 1764, 40000
        mov ax, 5555h
        call fill_buffer
        narrow from_device
        dsp 42h, 2Bh, 11h                       ; 11,025 Hz
        check_16 "42h, 11,025 Hz", 0C8h, 0, 441, 40000
        ret

; 22,050 Hz: 441 samples, or 882 of both sides, take 20 ms.
check_narrow:
        dsp 41h, 56h, 22h
        narrow to_device
        check_16 "C0h 00h, unsigned", 0C0h, 00h, 441, 20000
        narrow to_device
        check_16 "C0h 10h, signed", 0C0h, 10h, 441, 20000
        narrow to_device
        check_16 "C0h 20h, unsigned in stereo", 0C0h, 20h, 882, 20000
        narrow to_device
        check_16 "C2h 30h, signed in stereo, FIFO", 0C2h, 30h, 882, 20000
        dsp 42h, 56h, 22h
        mov ax, 5555h
        call fill_buffer
        narrow from_device
        check_16 "C8h 00h, unsigned input", 0C8h, 00h, 442, 20045
        mov bx, 8080h
        call count_words
        expect_eq ax, 221, "C8h 00h: nothing on the input is 80h"
        narrow from_device
        check_16 "C8h 10h, signed input", 0C8h, 10h, 442, 20045
        mov bx, 0
        call count_words
        expect_eq ax, 221, "C8h 10h: nothing on the input is 0"
        ret

check_wide:
        dsp 41h, 56h, 22h
        mov ax, 0
        call fill_buffer
        wide to_device
        check_16 "B0h 00h, unsigned", 0B0h, 00h, 441, 20000
        wide to_device
        check_16 "B0h 10h, signed", 0B0h, 10h, 441, 20000
        wide to_device
        check_16 "B2h 20h, unsigned in stereo, FIFO", 0B2h, 20h, 882, 20000
        wide to_device
        check_16 "B0h 30h, signed in stereo", 0B0h, 30h, 882, 20000
        mov ax, 5555h
        call fill_buffer
        wide from_device
        check_16 "B8h 10h, signed input", 0B8h, 10h, 441, 20000
        mov bx, 0
        call count_words
        expect_eq ax, 441, "B8h 10h: nothing on the input is 0"
        wide from_device
        check_16 "B8h 00h, unsigned input", 0B8h, 00h, 441, 20000
        mov bx, 8000h
        call count_words
        expect_eq ax, 441, "B8h 00h: nothing on the input is 8000h"
        ret

; Blocks of 200 words, 100 frames: 4.535 ms.
check_wide_auto:
        mov ax, 0
        call fill_buffer
        call use_wide
        dma to_device | auto_init, 400
        dsp 0B6h, 30h, 199
        dsp_timed 0
        expect_auto "B6h, five blocks", 5, 22676, 100
        dsp 0D9h
        expect_end "D9h: it ends with the sixth block", 6, 0
; 47h and 45h change nothing where no end was asked for.
        dma to_device | auto_init, 400
        dsp 0B6h, 30h, 199
        dsp_timed 0
        dsp 47h
        expect_auto "47h, five blocks", 5, 22676, 100
        dsp 0D9h
        expect_end "47h, then D9h", 6, 0
        dma to_device | auto_init, 400
        dsp 0B6h, 30h, 199
        dsp_timed 0
        expect_auto "B6h, to be paused", 1, 4535, 100
        dsp 0D5h
        mov cx, clocks_of(15000)
        call wait_clocks
        mov ax, [interrupts]
        expect_eq ax, 1, "D5h: no block ends"
        dsp 0D6h
        mov bx, 2
        call await_interrupts
        dsp 0D9h
        expect_end "D6h, then D9h", 3, 200
        call use_narrow
        dma to_device | auto_init, 400
        dsp 0C6h, 0, 99
        dsp_timed 0
        expect_auto "C6h, five blocks", 5, 22676, 100
        dsp 0DAh
        expect_end "DAh: it ends with the sixth block", 6, 200
        dma to_device | auto_init, 400
        dsp 0C6h, 0, 99
        dsp_timed 0
        dsp 45h
        expect_auto "45h, five blocks", 5, 22676, 100
        dsp 0DAh
        expect_end "45h, then DAh", 6, 200
        ret

; 46h and 44h hold the DMA of a half, 47h and 45h release it; they do not call off an end.
check_hold:
        call use_wide
        dma to_device | auto_init, 400
        dsp 0B6h, 30h, 199
        dsp_timed 0
        expect_auto "B6h, to be held", 1, 4535, 100
        dsp 46h
        mov cx, clocks_of(15000)
        call wait_clocks
        mov ax, [interrupts]
        expect_eq ax, 1, "46h: no block ends"
        dsp 47h
        mov bx, 2
        call await_interrupts
        dsp 0D9h, 47h
        expect_end "47h, then D9h and 47h", 3, 200
        call use_narrow
        dma to_device | auto_init, 400
        dsp 0C6h, 0, 99
        dsp_timed 0
        expect_auto "C6h, to be held", 1, 4535, 100
        dsp 44h
        mov cx, clocks_of(15000)
        call wait_clocks
        mov ax, [interrupts]
        expect_eq ax, 1, "44h: no block ends"
        dsp 45h
        mov bx, 2
        call await_interrupts
        dsp 0DAh, 45h
        expect_end "45h, then DAh and 45h", 3, 300
        ret

; What older commands do behind others: blocks of 100 samples at 22,050 Hz, 4.535 ms.
check_order:
        dsp 41h, 56h, 22h, 48h, 99, 0
        narrow to_device
        dsp 14h, 0E7h, 3                        ; 1,000 bytes
        mov cx, clocks_of(5000)
        call wait_clocks
        dsp 14h, 99, 0
        mov cx, clocks_of(50000)
        call wait_clocks
        mov ax, [interrupts]
        expect_eq ax, 1, "14h breaks off a single block: one interrupt"
        call dma_moved
        expect_between 200, 240, "14h breaks off a single block: what has been moved"
        dma to_device | auto_init, 400
        dsp_timed 1Ch
        expect_auto "1Ch, to be paused", 1, 4535, 100
        dsp 0D0h, 14h, 49, 0
        mov cx, clocks_of(15000)
        call wait_clocks
        mov ax, [interrupts]
        expect_eq ax, 1, "D0h, then 14h: nothing before D4h"
        dsp 0D4h
        expect_end "D4h: two blocks, and 50 bytes behind them", 3, 250
        dma to_device | auto_init, 400
        dsp_timed 1Ch
        dsp 48h, 49, 0
        expect_auto "48h changes no block of 1Ch", 3, 13605, 100
        dsp 0DAh
        expect_end "48h, then DAh", 4, 0
        narrow to_device
        check_16 "C0h 20h, to be kept", 0C0h, 20h, 440, 9977
        narrow to_device
        dsp 14h, 0B7h
        dsp_timed 1
        expect_block "14h in the form of C0h, stereo", 1, 440, 9977, 100
        narrow to_device
        dsp 10h, 80h, 14h, 0B7h
        dsp_timed 1
        expect_block "14h behind 10h, mono", 1, 440, 19955, 100
        ret

check_processor:
        dsp 08h
        expect_answer 0FFh, "08h: no processor"
        dsp 0Ah
        expect_answer 0, "0Ah: no lock"
        expect_answer 0FFh, "0Ah: and what 08h gives"
        dsp 06h, 06h, 07h, 0Ah
        expect_answer 1, "06h, 06h, 07h: one lock"
        expect_answer 0FFh, "0Ah: and what 08h gives"
        dsp 01h
        expect_in_step "01h: nothing while there is a lock"
        dsp 07h, 07h, 0Ah
        expect_answer 0, "07h: not below 0"
        expect_answer 0FFh, "0Ah: and what 08h gives"
        dsp 01h
        expect_answer 0, "01h: a program may come"
        dsp 6, 0, 0E1h, 0E1h, 0E1h, 0A3h, 2     ; three bytes and their sum
        expect_answer 0FFh, "01h: it does not run"
        dsp 34h, 12h, 09h
        expect_answer 34h, "09h: the program's number"
        expect_answer 12h, "09h: the program's number, high"
        dsp 0Eh, 83h, 55h, 0Fh, 83h
        expect_answer 0FFh, "0Eh, 0Fh: nothing keeps a byte"
        expect_in_step "and nothing is left over"
        ret

check_memory:
        dsp 0D1h, 41h, 0ACh, 44h, 0FBh
        call read_dsp
        and al, 0D0h
        expect_al 10h, "FBh: speaker on, 44,100 Hz"
        dsp 0D3h, 41h, 56h, 22h, 0FBh
        call read_dsp
        and al, 0D0h
        expect_al 80h, "FBh: speaker off, 22,050 Hz"
        dsp 0FCh
        expect_answer 0, "FCh: no automatic mode"
        dsp 0F9h, 37h
        expect_answer 124, "F9h 37h: the rate"
        dsp 41h, 2Ch, 0C8h, 0F9h, 37h
        expect_answer 48, "41h, 11,464 Hz: 16 too low, as a carry is lost"
        dsp 41h, 2Dh, 00h, 0F9h, 37h
        expect_answer 65, "41h, 11,520 Hz"
        dsp 0FAh, 2Ah, 0A5h, 0E8h
        expect_answer 0A5h, "FAh 2Ah: what E8h reads"
        dsp 4Ch, 1, 55h
        expect_answer 55h, "4Ch: its second byte comes back"
        dsp 4Dh, 1
        expect_answer 0, "4Dh"
        dsp 4Fh, 0F2h, 0F2h, 4Fh
        expect_in_step "4Fh: two bytes the first time, none the second"
        dsp 0E0h, 0Fh, 0F8h
        call peek_dsp
        expect_answer 0, "F8h: overwrites an answer"
        expect_in_step "and nothing is left over"
        ret

; The first reset behind a high-speed command keeps what was set.
check_warm_reset:
        narrow to_device | auto_init
        dsp 0D1h, 48h, 77h, 2, 90h
        call reset_dsp
        expect_al 0AAh, "reset behind 90h: AAh"
        dsp 0D8h
        expect_answer 0FFh, "reset behind 90h: the speaker stays on"
        dsp 0F9h, 0Eh
        expect_answer 77h, "reset behind 90h: the length of 48h stays"
        call reset_dsp
        expect_al 0AAh, "the next reset: AAh"
        dsp 0D8h
        expect_answer 0, "the next reset: the speaker is off"
        dsp 0F9h, 0Eh
        expect_answer 0FFh, "the next reset: the length of 48h is gone"
        dsp 0D1h, 48h, 99, 0
        ret

check_interrupts:
        mov word [interrupts], 0
        dsp 0F2h
        mov bx, 1
        call await_interrupts
        mov al, [interrupt_status]
        expect_al 1, "F2h: the status says 8 bits"
        dsp 0F3h
        mov bx, 2
        call await_interrupts
        mov al, [interrupt_status]
        expect_al 2, "F3h: the status says 16 bits"
        mov ax, [interrupts]
        expect_eq ax, 2, "F2h and F3h: two interrupts"
        expect_mixer 82h, 07h, 0, "82h: nothing waits when both are acknowledged"
        ret

; Volumes have five bits.
check_mixer:
        mixer 0, 0
        expect_mixer 30h, 0F8h, 0C0h, "30h: main volume after a reset"
        expect_mixer 32h, 0F8h, 0C0h, "32h: voice volume after a reset"
        expect_kept 30h, 0F8h, "30h: main volume, left"
        expect_kept 31h, 0F8h, "31h: main volume, right"
        expect_kept 32h, 0F8h, "32h: voice volume, left"
        expect_kept 33h, 0F8h, "33h: voice volume, right"
        expect_kept 34h, 0F8h, "34h: FM volume, left"
        expect_kept 35h, 0F8h, "35h: FM volume, right"
        expect_kept 36h, 0F8h, "36h: CD volume, left"
        expect_kept 38h, 0F8h, "38h: line volume, left"
        expect_kept 3Ah, 0F8h, "3Ah: microphone volume"
        expect_kept 3Bh, 0C0h, "3Bh: loudspeaker volume"
        expect_kept 3Ch, 1Fh, "3Ch: switches of the output"
        expect_kept 3Dh, 7Fh, "3Dh: switches of the input, left"
        expect_kept 3Eh, 7Fh, "3Eh: switches of the input, right"
        expect_kept 3Fh, 0C0h, "3Fh: gain of the input, left"
        expect_kept 41h, 0C0h, "41h: gain of the output, left"
        expect_kept 43h, 01h, "43h: automatic gain"
        expect_kept 44h, 0F0h, "44h: treble, left"
        expect_kept 46h, 0F0h, "46h: bass, left"
        mixer 22h, 0A4h                         ; as on the Pro
        expect_mixer 30h, 0F0h, 0A0h, "22h: main volume of the Pro, left"
        expect_mixer 31h, 0F0h, 040h, "22h: main volume of the Pro, right"
        mixer 0, 0
        ret

; Bits 0 to 3 of register 80h choose IRQ 2, 5, 7 or 10, bits of 81h the channels with their numbers.
check_resources:
        expect_mixer 80h, 0Fh, 02h, "80h: IRQ 5"
        expect_mixer 81h, 0EBh, 22h, "81h: DMA channels 1 and 5"
        mixer 80h, 08h
        mov word [interrupts], 0
        dsp 0F2h
        mov cx, clocks_of(5000)
        call wait_clocks
        mov ax, [interrupts]
        expect_eq ax, 0, "80h: with IRQ 10 none comes at 5"
        mov dx, [dsp_port]
        add dl, 0Eh
        in al, dx
        mixer 80h, 02h
        dsp 0F2h
        mov bx, 1
        call await_interrupts
        mov ax, [interrupts]
        expect_eq ax, 1, "80h: with IRQ 5 it does"
; Words through the 8-bit channel when there is no other.
        mixer 81h, 02h
        dsp 41h, 56h, 22h
        narrow to_device
        dsp 0B0h, 10h, 0DBh
        dsp_timed 0
        expect_block "81h, no channel of 16 bits: 220 words are 440 bytes", 1, 440, 9977, 100
        mixer 81h, 22h
        ret
