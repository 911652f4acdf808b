; Two tones to be recorded: half a second of the loudspeaker, silence, and half a second of the AdLib's.
;
; Tests: what a recording from outside holds, and when: timer 2 at 1,000.15 Hz (divisor 1193), then a sine of 440 Hz on
; the first voice of the OPL2. With a tick of the BIOS (54.9 ms) as the unit: 9 of tone, 4 of silence, 9 of tone, 4.
; Model: AdLib or Sound Blaster at 388h. Output: one line for each part.

        org     100h

start:
        mov     dx, speaker_text
        call    print
        mov     cx, 1
        call    wait_ticks              ; to the beginning of a tick
        mov     al, 0B6h                ; counter 2, square wave
        out     43h, al
        mov     ax, 1193
        out     42h, al
        mov     al, ah
        out     42h, al
        in      al, 61h
        or      al, 3
        out     61h, al
        mov     cx, 9
        call    wait_ticks
        in      al, 61h
        and     al, 0FCh
        out     61h, al
        mov     cx, 4
        call    wait_ticks

        mov     dx, adlib_text
        call    print
        mov     si, registers
.next:
        lodsw
        test    al, al
        jz      .playing
        call    write_register
        jmp     .next
.playing:
        mov     cx, 9
        call    wait_ticks
        mov     ax, 12B0h               ; key off
        call    write_register
        mov     cx, 4
        call    wait_ticks
        mov     ax, 4C00h
        int     21h

; AL: register, AH: value
write_register:
        mov     dx, 388h
        out     dx, al
        mov     cx, 6
.address:
        in      al, dx
        loop    .address
        inc     dx
        mov     al, ah
        out     dx, al
        dec     dx
        mov     cx, 35
.data:
        in      al, dx
        loop    .data
        ret

; CX: ticks of the BIOS
wait_ticks:
        push    cx
        xor     ah, ah
        int     1Ah
        pop     cx
        mov     bx, dx
.wait:
        push    cx
        xor     ah, ah
        int     1Ah
        pop     cx
        cmp     dx, bx
        je      .wait
        mov     bx, dx
        loop    .wait
        ret

print:
        mov     ah, 9
        int     21h
        ret

; Modulator silent; carrier at full level, sustained; F-number 580, block 4, key on: 440.0 Hz.
registers:
        db      01h, 20h, 20h, 21h, 40h, 3Fh, 60h, 0F0h, 80h, 0Fh
        db      23h, 21h, 43h, 00h, 63h, 0F0h, 83h, 0Fh, 0C0h, 30h
        db      0A0h, 44h, 0B0h, 32h, 0, 0

speaker_text    db      "speaker: 1000 Hz", 13, 10, "$"
adlib_text      db      "AdLib: 440 Hz", 13, 10, "$"
