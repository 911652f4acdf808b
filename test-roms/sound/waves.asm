; waves: a second of a sine by one of the ways that converters are fed, or of a sound generator's square wave, to be recorded and
; measured.
;
; Tests: by the first letter of its argument:
;   d  Disney Sound Source on LPT1: 500 Hz of amplitude 100 at its 7,000 Hz
;   t  the converter of a later Tandy 1000 by DMA: 3,579,545 / 447 / 16 = 500.50 Hz of amplitude 100 at full volume
;   x  DSP command 10h of a Sound Blaster, paced by the timer: 1,193,182 / 149 / 16 = 500.50 Hz of amplitude 100
;   n  Sound Blaster, 8 bits by auto-initialised DMA at 8,000 Hz: 500 Hz of amplitude 100
;   w  Sound Blaster 16, 16 bits in stereo at 8,000 Hz: 500 Hz left, 1,000 Hz right, of amplitude 20,000
;   c  Covox Speech Thing on LPT1, paced by the timer: 500.50 Hz of amplitude 100
;   s  SN76489 at C0h, full volume: 3,579,545 / 32 / 254 = 440.40 Hz
;   g  the first SAA1099 of a Game Blaster at 220h, full volume, at 7,159,090 / 512 * 2^octave / (511 - n): 525.17 Hz (octave
;      4, n = 85) left, 976.95 Hz (octave 5, n = 53) right
; Source: [DSS], [PSSJ], [SBHPG], [SN76489], [SAA1099].

%include "check.inc"
%include "dsp.inc"

        cld
        mov si, 81h
.blank: lodsb
        cmp al, ' '
        je .blank
        or al, 20h
        mov di, ways
.way:   cmp [di], al
        je .found
        add di, 3
        cmp di, ways_end
        jb .way
        mov al, 2
        mov ah, 4Ch
        int 21h
.found: call [di + 1]
        mov ax, 4C00h
        int 21h

ways    db 'd'
        dw disney
        db 't'
        dw tandy
        db 'x'
        dw direct
        db 'n'
        dw narrow
        db 'w'
        dw wide
        db 'c'
        dw covox
        db 's'
        dw generator
        db 'g'
        dw game_blaster
ways_end:

; Zero flag when a second has passed since [began], which is set first.
begin:  push es
        mov ax, 40h
        mov es, ax
        mov ax, [es:6Ch]
        mov [began], ax
        pop es
        ret

is_over:
        push es
        push ax
        mov ax, 40h
        mov es, ax
        mov ax, [es:6Ch]
        sub ax, [began]
        cmp ax, 18
        pop ax
        pop es
        ret

wait_second:
        call begin
.wait:  hlt
        call is_over
        jb .wait
        ret

disney: mov dx, 37Ah
        mov al, 04h
        out dx, al
        call begin
.wave:  mov si, sine14
.byte:  mov dx, 379h
.full:  in al, dx
        test al, 40h
        jnz .full
        dec dx
        lodsb
        out dx, al
        inc dx
        inc dx
        mov al, 0Ch
        out dx, al
        mov al, 04h
        out dx, al
        cmp si, sine14 + 14
        jb .byte
        call is_over
        jb .wave
        ret

; PSSJ: divider in C6h and the low four bits of C7h, amplitude in its high three; C4h: converter, DMA.
tandy:  call place_buffer
        call fill_narrow
        mov byte [dma_channel], 1
        mov al, to_device | auto_init
        mov cx, 4096
        call program_dma
        mov al, 447 & 255
        out 0C6h, al
        mov al, 447 >> 8 | 0E0h
        out 0C7h, al
        mov al, 7
        out 0C4h, al
        call wait_second
        mov al, 0
        out 0C4h, al
        ret

direct: call find_card
        call reset_dsp
        dsp 0D1h
        mov di, put_dsp
        call paced
        jmp leave_card

put_dsp:
        push ax
        dsp 10h
        pop ax
        jmp write_dsp

covox:  mov di, .put
        jmp paced
.put:   mov dx, 378h
        out dx, al
        ret

; Gives the sine to DI, a byte each 149 clocks of the timer, for a second.
paced:  call begin
        call start_clock
        mov bx, 149
.wave:  mov si, sine16
.byte:  lodsb
        call di
        cli
.wait:  call read_clock
        sub ax, bx
        js .wait
        sti
        add bx, 149
        cmp si, sine16 + 16
        jb .byte
        call is_over
        jb .wave
        ret

generator:
        mov si, .tone
        mov cx, 6
.byte:  lodsb
        out 0C0h, al
        loop .byte
        call wait_second
        mov al, 9Fh
        out 0C0h, al
        ret
.tone   db 8Eh, 0Fh, 90h, 0BFh, 0DFh, 0FFh

game_blaster:
        mov si, .tones
        mov cx, 8
.register:
        mov dx, 221h
        lodsb
        out dx, al
        dec dx
        lodsb
        out dx, al
        loop .register
        call wait_second
        mov dx, 221h
        mov al, 1Ch
        out dx, al
        dec dx
        mov al, 0
        out dx, al
        ret
; Amplitudes, frequencies, octaves, tones, sound on.
.tones  db 1Ch, 2, 0, 0Fh, 1, 0F0h, 8, 85, 9, 53, 10h, 54h, 14h, 3, 1Ch, 1

narrow: call find_card
        call reset_dsp
        call fill_narrow
        dma to_device | auto_init, 4096
        dsp 0D1h, 40h, 131, 48h, 0FFh, 0Fh, 1Ch ; 125 us
        call wait_second
        jmp leave_card

; Frames of two words, left and right: 1,024 of them.
wide:   call find_card
        mov al, [blaster + 2 * ('H' - 'A')]
        mov [dma_channel], al
        mov byte [has_status], 1
        call reset_dsp
        push ds
        pop es
        mov di, [buffer]
        xor bx, bx
.frame: mov si, bx
        and si, 15
        shl si, 1
        mov ax, [sine_words + si]
        stosw
        mov si, bx
        shl si, 1
        and si, 15
        shl si, 1
        mov ax, [sine_words + si]
        stosw
        inc bx
        cmp bx, 1024
        jb .frame
        dma to_device | auto_init, 2048
        dsp 41h, 1Fh, 40h, 0B6h, 30h, 0FFh, 07h
        call wait_second
        jmp leave_card

fill_narrow:
        push ds
        pop es
        mov di, [buffer]
        mov dx, 256
.wave:  mov si, sine16
        mov cx, 16
        rep movsb
        dec dx
        jnz .wave
        ret

began   dw 0
sine14  db 128, 171, 206, 225, 225, 206, 171, 128, 85, 50, 31, 31, 50, 85
sine16  db 128, 166, 199, 220, 228, 220, 199, 166, 128, 90, 57, 36, 28, 36, 57, 90
sine_words:
        dw 0, 7654, 14142, 18478, 20000, 18478, 14142, 7654, 0, -7654, -14142, -18478, -20000, -18478, -14142, -7654
