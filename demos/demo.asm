; demo: Z:\DEMO, which shows what the machine has: a picture on its display adapter, and sound from its speaker, its FM
; chip and its Sound Blaster. For an 8086; each part leaves the machine as it was.
;
; DEMO            a menu
; DEMO PICTURE    a picture until a key is pressed, at most ten seconds
; DEMO SOUND      speaker, AdLib and Sound Blaster one after the other
; DEMO SPEAKER, DEMO ADLIB, DEMO BLASTER
;
; The tunes: Beethoven's Ode to Joy, and the beginning of Bach's first prelude of the Well-Tempered Clavier. The Sound Blaster
; plays plucked strings after Karplus and Strong.

        cpu 8086
        org 100h

ticks_per_note  equ 4                   ; of the clock of 18.2 Hz
escape          equ 27

start:
        mov sp, stack_top
        call find_word
        jc menu
        cmp ax, 'PI'
        je .picture
        cmp ax, 'SO'
        je .sound
        cmp ax, 'SP'
        je .speaker
        cmp ax, 'AD'
        je .adlib
        cmp ax, 'BL'
        je .blaster
        mov dx, text_usage
        call print
        mov al, 1
        jmp quit
.picture:
        call picture
        jmp done
.sound:
        call speaker
        call adlib
        call blaster
        jmp done
.speaker:
        call speaker
        jmp done
.adlib:
        call adlib
        jmp done
.blaster:
        call blaster
done:
        mov al, 0
quit:
        mov ah, 4Ch
        int 21h

menu:
        mov dx, text_menu
        call print
.next:
        mov ah, 0
        int 16h
        cmp al, escape
        je done
        sub al, '1'
        cmp al, 4
        jae .next
        mov bl, al
        mov bh, 0
        shl bx, 1
        call [parts + bx]
        jmp menu

parts   dw picture, speaker, adlib, blaster

; AX: the first two letters of the first word of the command line, in capitals. Carry: there is no word.
find_word:
        mov si, 81h
        mov ch, 0
        mov cl, [80h]
        jcxz .none
.blank:
        lodsb
        cmp al, ' '
        jne .word
        loop .blank
.none:
        stc
        ret
.word:
        mov ah, [si]
        and ax, 0DFDFh
        clc
        ret

print:
        mov ah, 9
        int 21h
        ret

; Waits CX ticks of the clock. Carry: a key has been pressed; it is taken.
wait_ticks:
        push bx
        push es
        mov bx, 40h
        mov es, bx
.tick:
        mov bx, [es:6Ch]
.same:
        mov ah, 1
        int 16h
        jnz .key
        hlt
        cmp bx, [es:6Ch]
        je .same
        loop .tick
        clc
        jmp .end
.key:
        mov ah, 0
        int 16h
        stc
.end:
        pop es
        pop bx
        ret

; ---- Speaker -------------------------------------------------------------------------------------------------------------

; A note is two bytes: octave * 16 + semitone, and its length in notes; 0 ends a tune, a semitone of 15 is a rest.
speaker:
        mov dx, text_speaker
        call print
        mov si, joy
.note:
        lodsb
        or al, al
        jz .end
        mov bl, al
        and bx, 15
        mov cl, 4
        shr al, cl
        cmp bl, 15
        je .silent
        shl bx, 1
        mov dx, [divisors + bx]         ; of octave 4
        mov cl, al
        sub cl, 4
        shr dx, cl
        mov al, 0B6h                    ; counter 2, both bytes, square wave
        out 43h, al
        mov al, dl
        out 42h, al
        mov al, dh
        out 42h, al
        in al, 61h
        or al, 3
        out 61h, al
.silent:
        call note_length
        call wait_ticks
        pushf
        in al, 61h
        and al, 0FCh
        out 61h, al
        popf
        jc .end
        mov cx, 1
        call wait_ticks
        jnc .note
.end:
        ret

; CX: the ticks of the note whose length is next at SI, less the tick between notes.
note_length:
        lodsb
        mov ah, ticks_per_note
        mul ah
        dec ax
        mov cx, ax
        ret

; ---- FM chip -------------------------------------------------------------------------------------------------------------

adlib:
        call find_adlib
        mov dx, text_no_adlib
        jc print
        mov dx, text_adlib
        call print
        call silence_adlib
        mov ax, 2001h                   ; register 1: waveforms may be chosen
        call adlib_write
        mov si, instrument
        mov cx, instrument_end - instrument
        shr cx, 1
.set:
        lodsw
        mov dl, ah
        push ax
        call set_voices
        pop ax
        loop .set
        mov si, prelude
.note:
        lodsb
        or al, al
        jz .end
        call adlib_note
        mov cx, 3
        call wait_ticks
        jnc .note
        jmp silence_adlib
.end:
        mov cx, 24
        call wait_ticks
silence_adlib:
        mov cx, 9
        mov ax, 00B0h
.off:
        call adlib_write
        inc al
        loop .off
        ret

; The value DL in the register AL of the nine voices: their operators are at 0, 1, 2, 8, 9, 10, 16, 17, 18.
set_voices:
        push cx
        mov cx, 9
        mov bx, operators
.voice:
        push ax
        add al, [bx]
        mov ah, dl
        call adlib_write
        pop ax
        inc bx
        loop .voice
        pop cx
        ret

; Starts the note AL on the next voice.
adlib_note:
        mov bl, al
        and bx, 15
        shl bx, 1
        mov dx, [numbers + bx]
        mov cl, 4
        shr al, cl
        shl al, 1
        shl al, 1
        or dh, al
        or dh, 20h
        inc byte [voice]
        cmp byte [voice], 9
        jb .in_range
        mov byte [voice], 0
.in_range:
        mov al, 0B0h
        add al, [voice]
        mov ah, 0
        call adlib_write
        sub al, 10h
        mov ah, dl
        call adlib_write
        add al, 10h
        mov ah, dh
        jmp adlib_write

; The value AH into the register AL; the chip needs 3.3 us after the address and 23 us after the data.
adlib_write:
        push ax
        push cx
        push dx
        mov dx, 388h
        out dx, al
        mov cx, 6
        call .pause
        inc dx
        mov al, ah
        out dx, al
        dec dx
        mov cx, 36
        call .pause
        pop dx
        pop cx
        pop ax
        ret
.pause:
        push ax
.read:
        in al, dx
        loop .read
        pop ax
        ret

; Carry: there is no FM chip. Its first timer, at its shortest, must run out in 80 us and show in the status.
find_adlib:
        mov ax, 6004h
        call adlib_write
        mov ax, 8004h
        call adlib_write
        mov dx, 388h
        in al, dx
        and al, 0E0h
        jnz .none
        mov ax, 0FF02h
        call adlib_write
        mov ax, 2104h
        call adlib_write
        mov cx, 200
.wait:
        in al, dx
        loop .wait
        in al, dx
        and al, 0E0h
        mov bl, al
        mov ax, 6004h
        call adlib_write
        mov ax, 8004h
        call adlib_write
        cmp bl, 0C0h
        jne .none
        clc
        ret
.none:
        stc
        ret

; ---- Sound Blaster -------------------------------------------------------------------------------------------------------

sample_rate     equ 11_111              ; 256 - 1,000,000 / 11,111 is 166
pluck           equ 5_556               ; samples: half a second
plucks          equ 5

blaster:
        call find_settings
        mov dx, text_no_blaster
        jc print
        call reset_dsp
        mov dx, text_no_dsp
        jc print
        call find_buffer
        mov dx, text_no_memory
        jc print
        mov dx, text_blaster
        call print
        call make_strings
        call hook
        mov byte [is_done], 0
        mov al, 0D1h                    ; the speaker on
        call dsp_write
        mov al, 40h
        call dsp_write
        mov al, 166
        call dsp_write
        call start_dma
        mov al, 14h                     ; 8 bits by DMA, once
        call dsp_write
        mov al, (plucks * pluck - 1) & 0FFh
        call dsp_write
        mov al, (plucks * pluck - 1) >> 8
        call dsp_write
        mov bx, plucks * 10 + 10        ; ticks at most
.playing:
        mov cx, 1
        call wait_ticks
        jc .stop
        cmp byte [is_done], 0
        jne .stop
        dec bx
        jnz .playing
.stop:
        call unhook
        call reset_dsp
        ret

; The settings in the environment's BLASTER: A220 I7 D1. Carry: they are not there.
find_settings:
        push es
        mov es, [2Ch]
        mov di, 0
.variable:
        cmp byte [es:di], 0
        je .none
        mov si, name_blaster
        mov cx, 8
        push di
        repe cmpsb
        pop di
        je .found
        mov al, 0
        mov cx, 0FFFFh
        repne scasb
        jmp .variable
.found:
        add di, 8
.setting:
        mov al, [es:di]
        inc di
        or al, al
        jz .end
        mov bx, base
        cmp al, 'A'
        je .read
        mov bx, irq
        cmp al, 'I'
        je .read
        mov bx, channel
        cmp al, 'D'
        jne .setting
.read:
        mov dx, 0
        mov cx, 10
        cmp al, 'A'
        jne .digit
        mov cx, 16
.digit:
        mov al, [es:di]
        sub al, '0'
        cmp al, 10
        jae .write
        inc di
        mov ah, 0
        xchg ax, dx
        push dx
        mul cx
        pop dx
        add dx, ax
        jmp .digit
.write:
        mov [bx], dx
        jmp .setting
.end:
        pop es
        cmp word [irq], 15
        ja .bad
        cmp word [channel], 3
        ja .bad
        cmp word [base], 1
        ret
.none:
        pop es
.bad:
        stc
        ret

; Carry: no DSP answers.
reset_dsp:
        mov dx, [base]
        add dx, 6
        mov al, 1
        out dx, al
        mov cx, 20
.hold:
        in al, dx
        loop .hold
        mov al, 0
        out dx, al
        add dx, 8                       ; bit 7: a byte is there to be read
        mov cx, 1000
.wait:
        in al, dx
        or al, al
        js .read
        loop .wait
        stc
        ret
.read:
        sub dx, 4
        in al, dx
        cmp al, 0AAh
        je .end
        stc
.end:
        ret

; AL to the DSP, when it is ready.
dsp_write:
        push ax
        push cx
        mov dx, [base]
        add dx, 0Ch
        mov cx, 0FFFFh
        mov ah, al
.busy:
        in al, dx
        or al, al
        jns .ready
        loop .busy
.ready:
        mov al, ah
        out dx, al
        pop cx
        pop ax
        ret

; [buffer]: the segment of memory for the samples. The DMA controller keeps within 64 KB, so it begins with such a part.
; Carry: there is too little memory.
find_buffer:
        mov ax, cs
        add ax, 10FFh                   ; 4 KB are this program's own
        and ax, 0F000h
        mov [buffer], ax
        mov bx, ax
        add bx, (plucks * pluck + 15) / 16
        cmp [2], bx
        ret

; A string: noise in a delay line, which each turn makes softer.
make_strings:
        push es
        mov es, [buffer]
        mov di, 0
        mov si, string_lengths
        mov bp, 0ACE1h
.string:
        lodsw
        or ax, ax
        jz .end
        mov bx, ax                      ; samples of the delay line
        mov cx, ax
.noise:
        shr bp, 1
        jnc .even
        xor bp, 0B400h
.even:
        mov ax, bp
        and al, 7Fh
        add al, 40h
        stosb
        loop .noise
        mov cx, pluck
        sub cx, bx
        neg bx
.next:
        mov al, [es:di + bx]
        mov dl, [es:di + bx + 1]
        mov ah, 0
        mov dh, 0
        add ax, dx
        mov dx, di                      ; halves are rounded down and up in turn
        and dx, 1
        add ax, dx
        shr ax, 1
        stosb
        loop .next
        jmp .string
.end:
        pop es
        ret

; The DMA controller: one turn of [channel] from memory to the card.
start_dma:
        mov al, [channel]
        or al, 4                        ; masked
        out 0Ah, al
        out 0Ch, al
        and al, 3
        or al, 48h                      ; single transfers, read
        out 0Bh, al
        mov dl, [channel]
        mov dh, 0
        mov bx, dx
        shl dx, 1                       ; address, then count
        mov al, 0
        out dx, al
        out dx, al
        inc dx
        mov al, (plucks * pluck - 1) & 0FFh
        out dx, al
        mov al, (plucks * pluck - 1) >> 8
        out dx, al
        mov ax, [buffer]
        mov al, ah
        mov cl, 4
        shr al, cl
        mov dl, [pages + bx]
        mov dh, 0
        out dx, al
        mov al, [channel]
        out 0Ah, al
        ret

; The interrupt of the card: the vector, and the masks of the interrupt controllers. An AT's IRQ 2 is its IRQ 9.
hook:
        cmp word [irq], 2
        jne .number
        mov ax, 0F000h
        mov es, ax
        cmp byte [es:0FFFEh], 0FCh
        jne .number
        mov word [irq], 9
.number:
        call vector_number
        mov ah, 35h
        int 21h
        mov [old_handler], bx
        mov [old_handler + 2], es
        push cs
        pop es
        mov dx, handler
        call vector_number
        mov ah, 25h
        int 21h
        mov cx, [irq]
        mov ax, 1
        shl ax, cl
        not ax
        mov bx, ax
        in al, 21h
        mov [old_mask], al
        and al, bl
        out 21h, al
        cmp word [irq], 8
        jb .end
        in al, 0A1h
        mov [old_mask + 1], al
        and al, bh
        out 0A1h, al
        in al, 21h
        and al, 0FBh
        out 21h, al
.end:
        ret

unhook:
        mov al, [old_mask]
        out 21h, al
        cmp word [irq], 8
        jb .vector
        mov al, [old_mask + 1]
        out 0A1h, al
.vector:
        push ds
        call vector_number
        lds dx, [old_handler]
        mov ah, 25h
        int 21h
        pop ds
        ret

; AL: the interrupt of [irq].
vector_number:
        mov al, [irq]
        add al, 8
        cmp al, 16
        jb .end
        add al, 60h
.end:
        ret

handler:
        push ax
        push dx
        mov dx, [cs:base]
        add dx, 0Eh
        in al, dx                       ; takes the request back
        mov byte [cs:is_done], 1
        mov al, 20h
        cmp word [cs:irq], 8
        jb .first
        out 0A0h, al
.first:
        out 20h, al
        pop dx
        pop ax
        iret

; ---- Picture -------------------------------------------------------------------------------------------------------------

picture:
        mov ah, 0Fh
        int 10h
        mov [old_mode], al
        cmp al, 7
        mov dx, text_no_picture
        je print
        mov ax, 1A00h
        int 10h
        cmp al, 1Ah
        je plasma                       ; a VGA
        mov bx, 0FF10h
        mov ah, 12h
        int 10h
        mov si, pattern_ega
        cmp bh, 1
        jbe lines
        mov si, pattern_cga
lines:
        lodsw
        int 10h
        lodsw
        mov [colors], ax
        lodsw
        mov [width], ax
        lodsw
        mov [height], ax
        mov word [position], 8
.line:
        ; From the upper edge to the right one, and from the left edge to the lower: the lines wrap curves.
        mov ax, [position]
        mul word [height]
        div word [width]
        mov dx, ax
        push dx
        mov ax, [position]
        mov bx, 0
        mov cx, [width]
        dec cx
        call line
        pop bx
        mov cx, [position]
        mov ax, 0
        mov dx, [height]
        dec dx
        call line
        mov ah, 1
        int 16h
        jnz .key
        mov ax, [position]
        add ax, 8
        mov [position], ax
        cmp ax, [width]
        jb .line
        mov cx, 90
        call wait_ticks
        jmp .end
.key:
        mov ah, 0
        int 16h
.end:
        jmp restore_mode

; A line from AX, BX to CX, DX by the BIOS, in a colour by its beginning.
line:
        mov [line_x], ax
        mov [line_y], bx
        mov [end_y], dx
        sub cx, ax
        mov word [step_x], 1
        jns .right
        neg cx
        neg word [step_x]
.right:
        mov [delta_x], cx
        sub dx, bx
        mov [delta_y], dx
        mov cl, 5
        shr ax, cl
        mov dx, 0
        div word [colors]
        inc dx
        mov [color], dl
        ; The line goes down: the error says when it goes aside.
        mov bp, [delta_y]
        shr bp, 1
.pixel:
        mov ah, 0Ch
        mov al, [color]
        mov bh, 0
        mov cx, [line_x]
        mov dx, [line_y]
        push bp
        int 10h
        pop bp
        mov ax, [line_y]
        cmp ax, [end_y]
        jae .end
        inc word [line_y]
        sub bp, [delta_x]
.aside:
        jns .pixel
        mov ax, [step_x]
        add [line_x], ax
        add bp, [delta_y]
        jns .pixel
        push bp
        mov ah, 0Ch
        mov al, [color]
        mov bh, 0
        mov cx, [line_x]
        mov dx, [line_y]
        int 10h
        pop bp
        or bp, bp
        jmp .aside
.end:
        ret

; Mode 13h: a sum of waves, whose colours go round.
plasma:
        call make_palette
        mov ax, 13h
        int 10h
        mov ax, 0A000h
        mov es, ax
        mov di, 0
        mov dx, 0                       ; the line
.row:
        mov cx, 0
.column:
        mov bx, cx
        call wave
        mov ah, al
        mov bx, dx
        shl bx, 1
        call wave
        add ah, al
        mov bx, cx
        add bx, dx
        call wave
        add ah, al
        mov bx, cx
        sub bx, dx
        shl bx, 1
        call wave
        add al, ah
        stosb
        inc cx
        cmp cx, 320
        jb .column
        inc dx
        cmp dx, 200
        jb .row
        mov cx, 600                     ; frames: some nine seconds
.frame:
        push cx
        mov dx, 3DAh
.end_of_last:
        in al, dx
        test al, 8
        jnz .end_of_last
.retrace:
        in al, dx
        test al, 8
        jz .retrace
        call load_palette
        pop cx
        mov ah, 1
        int 16h
        loopz .frame
        jz restore_mode
        mov ah, 0
        int 16h
restore_mode:
        mov ah, 0
        mov al, [old_mode]
        int 10h
        push cs
        pop es
        ret

; AL: a wave of 256 steps at BL, 1 to 63.
wave:
        push bx
        mov bh, 0
        mov al, bl
        test bl, 40h
        jz .rising
        not bl                          ; the second quarter is the first backwards
.rising:
        and bl, 3Fh
        shr bl, 1
        test al, al                     ; the lower half has bit 7
        mov al, [quarter + bx]
        jns .end
        neg al
.end:
        add al, 32
        pop bx
        ret

; The palette, twice: red, green and blue are waves a third apart.
make_palette:
        push es
        push cs
        pop es
        mov di, palette
        mov bx, 0
        mov cx, 512
.color:
        call wave
        stosb
        add bl, 85
        call wave
        stosb
        add bl, 85
        call wave
        stosb
        sub bl, 169
        loop .color
        pop es
        ret

; Loads the palette from colour [phase] on, while the beam goes back.
load_palette:
        inc byte [phase]
        mov al, [phase]
        mov ah, 3
        mul ah
        mov si, palette
        add si, ax
        mov dx, 3C8h
        mov al, 0
        out dx, al
        inc dx
        mov cx, 768
.level:
        lodsb
        out dx, al
        loop .level
        ret

; ---- Data ----------------------------------------------------------------------------------------------------------------

; The first quarter of a sine of amplitude 31, in 32 steps.
quarter:
        db 0, 2, 3, 5, 6, 8, 9, 11, 12, 13, 15, 16, 17, 19, 20, 21
        db 22, 23, 24, 25, 26, 27, 27, 28, 29, 29, 30, 30, 30, 31, 31, 31

; Counter 2 for the octave from middle C: 1,193,182 Hz over the frequency.
divisors:
        dw 4561, 4305, 4063, 3835, 3620, 3417, 3225, 3044, 2873, 2712, 2560, 2416
; The FM chip's numbers of the same octave in block 4: frequency * 2^16 / 49,716.
numbers:
        dw 345, 365, 387, 410, 435, 460, 488, 517, 547, 580, 614, 651
; Operators of the nine voices.
operators:
        db 0, 1, 2, 8, 9, 10, 16, 17, 18
; A plucked string: register and value, for the modulators, then the carriers.
instrument:
        db 20h, 01h, 40h, 18h, 60h, 0F3h, 80h, 44h, 0E0h, 00h
        db 23h, 01h, 43h, 04h, 63h, 0F2h, 83h, 55h, 0E3h, 00h
instrument_end:

joy:
        db 44h, 2, 44h, 2, 45h, 2, 47h, 2, 47h, 2, 45h, 2, 44h, 2, 42h, 2
        db 40h, 2, 40h, 2, 42h, 2, 44h, 2, 44h, 3, 42h, 1, 42h, 4
        db 44h, 2, 44h, 2, 45h, 2, 47h, 2, 47h, 2, 45h, 2, 44h, 2, 42h, 2
        db 40h, 2, 40h, 2, 42h, 2, 44h, 2, 42h, 3, 40h, 1, 40h, 4, 0
prelude:
        db 40h, 44h, 47h, 50h, 54h, 47h, 50h, 54h, 40h, 44h, 47h, 50h, 54h, 47h, 50h, 54h
        db 40h, 42h, 49h, 52h, 55h, 49h, 52h, 55h, 40h, 42h, 49h, 52h, 55h, 49h, 52h, 55h
        db 3Bh, 42h, 47h, 52h, 55h, 47h, 52h, 55h, 3Bh, 42h, 47h, 52h, 55h, 47h, 52h, 55h
        db 40h, 44h, 47h, 50h, 54h, 47h, 50h, 54h, 40h, 44h, 47h, 50h, 54h, 47h, 50h, 54h, 0
; Delay lines of C, E, G and C, and of the low C under them: the sample rate over the frequency, and half a sample.
string_lengths:
        dw 85, 43, 34, 29, 22, 0

; The page registers of the DMA channels.
pages   db 87h, 83h, 81h, 82h

; Mode, colours but the background, width and height.
pattern_ega     dw 10h, 15, 640, 350
pattern_cga     dw 4, 3, 320, 200

name_blaster    db 'BLASTER='
text_menu       db 13, 10, 'Ochenta: 1 picture, 2 speaker, 3 AdLib, 4 Sound Blaster; Esc ends. ', 13, 10, '$'
text_usage      db 'Use: DEMO [PICTURE | SOUND | SPEAKER | ADLIB | BLASTER]', 13, 10, '$'
text_speaker    db 'PC speaker', 13, 10, '$'
text_adlib      db 'AdLib', 13, 10, '$'
text_no_adlib   db 'There is no AdLib or Sound Blaster here.', 13, 10, '$'
text_blaster    db 'Sound Blaster', 13, 10, '$'
text_no_blaster db 'There is no Sound Blaster here: no BLASTER in the environment.', 13, 10, '$'
text_no_dsp     db 'The Sound Blaster of the BLASTER variable does not answer.', 13, 10, '$'
text_no_memory  db "There is too little memory for the Sound Blaster's samples.", 13, 10, '$'
text_no_picture db 'This display adapter shows text only; a CGA, EGA or VGA shows a picture.', 13, 10, '$'

base            dw 220h
irq             dw 7
channel         dw 1
old_mask        db 0, 0
voice           db 8
phase           db 0

        section .bss
buffer          resw 1
old_handler     resw 2
is_done         resb 1
old_mode        resb 1
colors          resw 1
color           resb 1
width           resw 1
height          resw 1
position        resw 1
line_x          resw 1
line_y          resw 1
end_y           resw 1
step_x          resw 1
delta_x         resw 1
delta_y         resw 1
palette         resb 512 * 3
                resw 256
stack_top:
