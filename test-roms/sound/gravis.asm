; gravis: a Gravis UltraSound as its programs use it.
; Tests: the variable ULTRASND, reset, how the card and its memory are found, timers, DMA into its memory, a voice with its
;   position, time and interrupts, rollover, a ramp, recording, the MIDI port looped back.
; Needs an UltraSound; the interrupt and the DMA channel are those of the variable, 11 and 3 if it says nothing else.
; DOSBox 0.74 differs: register 4Ch cannot be read, voices move in blocks of a millisecond, nothing is recorded, there is
;   no MIDI port.
; Source: [GUSSDK] chapters 2 and 3.
; Models: i80286
; Settings: sound.gus=true

%include "check.inc"

; 8 bits to a register of the GF1, and 16.
%macro gf1 2
        mov ax, %1 | (%2) << 8
        call write_byte
%endmacro

%macro gf1_word 2
        mov al, %1
        mov cx, %2
        call write_word
%endmacro

%macro read_gf1 1
        mov al, %1
        call read_byte
%endmacro

        call find_variable
        expect nc, "ULTRASND is there"
        mov ax, [port]
        expect_eq ax, 240h, "ULTRASND: the port"
        mov ax, [channel]
        expect_eq ax, 3, "ULTRASND: the DMA channel"
        mov ax, [irq]
        expect_eq ax, 11, "ULTRASND: the interrupt"

        gf1 4Ch, 0
        call delay
        read_gf1 4Ch
        expect_al 0, "4Ch: held in its reset"
        gf1 4Ch, 7
        call delay
        read_gf1 4Ch
        expect_al 1, "4Ch: out of the reset the other bits are clear"
        gf1 4Ch, 7
        read_gf1 4Ch
        expect_al 7, "4Ch: and can be set then"

; The card, and its banks of 256 KB.
        mov bx, 0
        mov dl, 0
        mov al, 0AAh
        call poke
        mov bx, 1
        mov al, 55h
        call poke
        mov bx, 0
        call peek
        expect_al 0AAh, "DRAM: a byte can be read again"
        mov bx, 1
        call peek
        expect_al 55h, "DRAM: and the one behind it"
        mov dl, 0
        mov bx, 0
.bank:  mov al, dl
        add al, 31h
        call poke
        call peek
        sub al, 31h
        cmp al, dl
        jne .banks
        add dl, 4
        cmp dl, 16
        jb .bank
.banks: mov al, dl
        expect_al 16, "DRAM: 1 MB"
        mov dl, 0
        call peek
        expect_al 31h, "DRAM: the first bank is not the last"

; Interrupts.
        in al, 0A1h
        mov [old_mask], al
        and al, 0F7h
        out 0A1h, al
        mov ax, 3573h
        int 21h
        mov [old_vector], bx
        mov [old_vector + 2], es
        push cs
        pop es
        mov dx, handler
        mov ax, 2573h
        int 21h

; Timer 1: 16 times 80 us.
        gf1 46h, 0F0h
        gf1 45h, 4
        mov al, 4
        mov dl, 8
        call write_low
        call start_clock
        mov al, 1
        mov dl, 9
        call write_low
        call wait_interrupt
        call read_clock
        cmp ax, 1500                            ; 1,280 us are 1,527 clocks
        expect ae, "timer 1: 16 counts take 1.28 ms at least"
        cmp ax, 2100
        expect be, "timer 1: and not much more"
        mov al, [status]
        expect_al 4, "timer 1: bit 2 of the interrupt status"
        mov dl, 8
        call read_low
        and al, 0E0h
        expect_al 0C0h, "timer 1: the AdLib's flag"
        mov al, 0
        mov dl, 9
        call write_low
        mov al, 80h
        mov dl, 9
        call write_low
        gf1 45h, 0
        mov dl, 6
        call read_low
        expect_al 0, "timer 1: acknowledged"

; DMA: 256 bytes to 1_2340h, with the sign inverted.
        mov cx, 256
        mov di, buffer
        mov al, 0
.fill:  mov [di], al
        inc di
        inc al
        loop .fill
        mov bl, 4Bh
        call program_dma
        call clear_interrupts
        gf1_word 42h, 1234h
        gf1 41h, 0A1h
        call wait_interrupt
        mov al, [status]
        expect_al 80h, "DMA: bit 7 of the interrupt status"
        read_gf1 41h
        and al, 40h
        expect_al 40h, "DMA: terminal count in register 41h"
        read_gf1 41h
        and al, 40h
        expect_al 0, "DMA: which reading clears"
        mov dl, 1
        mov bx, 233Fh
        call peek
        expect_al 0, "DMA: nothing before the beginning"
        mov bx, 2340h
        call peek
        expect_al 80h, "DMA: the first byte"
        mov bx, 243Fh
        call peek
        expect_al 7Fh, "DMA: the last byte"

; Recording: 256 unsigned bytes of silence at 44,100 a second.
        mov bl, 47h
        call program_dma
        call clear_interrupts
        gf1 48h, 12
        call start_clock
        gf1 49h, 0A1h
        call wait_interrupt
        call read_clock
        cmp ax, 6900                            ; 6,927 clocks
        expect ae, "recording: 256 samples take 5.8 ms at least"
        cmp ax, 7500
        expect be, "recording: and not much more"
        mov al, [status]
        expect_al 80h, "recording: bit 7 of the interrupt status"
        read_gf1 49h
        and al, 40h
        expect_al 40h, "recording: terminal count in register 49h"
        read_gf1 49h
        and al, 40h
        expect_al 0, "recording: which reading clears"
        mov di, buffer
        mov cx, 256
        mov al, 80h
        cld
        repe scasb
        expect e, "recording: silence"

; A voice through 441 samples: 10 ms at 14 voices.
        call set_voice
        call clear_interrupts
        call start_clock
        gf1 00h, 20h
        call wait_interrupt
        call read_clock
        cmp ax, 11850                           ; 11,932 clocks
        expect ae, "voice: 441 samples take 10 ms at least"
        cmp ax, 12700
        expect be, "voice: and not much more"
        mov al, [status]
        expect_al 20h, "voice: bit 5 of the interrupt status"
        read_gf1 80h
        expect_al 0A1h, "voice: it has stopped, its interrupt is pending"
        gf1 00h, 0A3h                           ; stop it, so that it does not ask again
        read_gf1 8Fh
        expect_al 63h, "8Fh: the voice"
        read_gf1 8Fh
        or al, 1Fh
        expect_al 0FFh, "8Fh: no other"
        mov al, 8Ah
        call read_word
        expect_eq ax, 3, "voice: the high word of its position is that of its end"
        mov al, 8Bh
        call read_word
        expect_eq ax, 57 << 9, "voice: and the low word"

; Rollover: it interrupts and goes on.
        call set_voice
        call clear_interrupts
        gf1 0Dh, 7
        gf1 00h, 20h
        call wait_interrupt
        gf1 00h, 00h
        read_gf1 8Fh
        call delay
        mov al, 8Bh
        call read_word
        cmp ax, 57 << 9
        expect a, "rollover: the voice is past its end"
        read_gf1 80h
        expect_al 0, "rollover: and goes on"
        gf1 00h, 3

; A ramp from 0 to F00h by 63 every 8 frames: 61 steps, 11.07 ms.
        gf1 06h, 7Fh
        gf1 07h, 0
        gf1 08h, 0F0h
        gf1_word 09h, 0
        call clear_interrupts
        call start_clock
        gf1 0Dh, 20h
        call wait_interrupt
        call read_clock
        cmp ax, 12900                           ; 13,205 clocks, less 8 frames
        expect ae, "ramp: 61 steps take 11 ms at least"
        cmp ax, 13900
        expect be, "ramp: and not much more"
        mov al, [status]
        expect_al 40h, "ramp: bit 6 of the interrupt status"
        mov al, 89h
        call read_word
        expect_eq ax, 0F000h, "ramp: the volume is its end"
        read_gf1 8Fh
        expect_al 0A3h, "8Fh: the ramp of the voice"

; The MIDI port, looped back.
        mov al, 29h
        mov dl, 0
        call write_low
        mov dx, [port]
        add dx, 100h
        mov al, 3
        out dx, al
        mov al, 0
        out dx, al
        in al, dx
        expect_al 2, "MIDI: the transmitter is empty"
        inc dx
        mov al, 5Ah
        out dx, al
        dec dx
        mov cx, 4
.midi:  call start_clock
.byte:  call read_clock
        cmp ax, 400
        jb .byte
        loop .midi
        mov dx, [port]
        add dx, 100h
        in al, dx
        expect_al 3, "MIDI: the byte has come back after 320 us"
        inc dx
        in al, dx
        expect_al 5Ah, "MIDI: and is the same"
        mov al, 9
        mov dl, 0
        call write_low

        gf1 4Ch, 0
        mov al, [old_mask]
        out 0A1h, al
        lds dx, [old_vector]
        mov ax, 2573h
        int 21h
        push cs
        pop ds
        gf1 4Ch, 1
        finish

; Voice 3, with 14 of them: from 0 to 441 at full rate, no volume.
set_voice:
        gf1 0Eh, 0CDh
        mov dx, [port]
        add dx, 102h
        mov al, 3
        out dx, al
        gf1 00h, 3
        gf1 0Dh, 3
        gf1_word 09h, 0
        gf1_word 01h, 400h
        gf1_word 02h, 0
        gf1_word 03h, 0
        gf1_word 04h, 3
        gf1_word 05h, 57 << 9
        gf1_word 0Ah, 0
        gf1_word 0Bh, 0
        call delay
        ret

; AH to register AL, AL: what is in register AL, CX to register AL, AX: what is in register AL.
write_byte:
        mov dx, [port]
        add dx, 103h
        out dx, al
        add dx, 2
        mov al, ah
        out dx, al
        ret

read_byte:
        mov dx, [port]
        add dx, 103h
        out dx, al
        add dx, 2
        in al, dx
        ret

write_word:
        mov dx, [port]
        add dx, 103h
        out dx, al
        inc dx
        mov ax, cx
        out dx, ax
        ret

read_word:
        mov dx, [port]
        add dx, 103h
        out dx, al
        inc dx
        in ax, dx
        ret

; AL to, or from, the port that is DL above the first.
write_low:
        mov dh, 0
        add dx, [port]
        out dx, al
        ret

read_low:
        mov dh, 0
        add dx, [port]
        in al, dx
        ret

; The toolkit's delay.
delay:  push dx
        mov dx, [port]
        add dx, 107h
        mov cx, 7
.more:  in al, dx
        loop .more
        pop dx
        ret

; AL to the card's memory at DL:BX, or from there.
poke:   push dx
        push ax
        call place
        pop ax
        out dx, al
        pop dx
        ret

peek:   push dx
        call place
        in al, dx
        pop dx
        ret

; DX = the memory's port.
place:  mov ah, dl
        mov al, 44h
        call write_byte
        mov al, 43h
        mov cx, bx
        call write_word
        mov dx, [port]
        add dx, 107h
        ret

; Channel 3 in the mode BL, 256 bytes of the buffer, which lies in one page.
program_dma:
        mov al, 7
        out 0Ah, al
        out 0Ch, al
        mov al, bl
        out 0Bh, al
        mov ax, ds
        mov dx, ax
        mov cl, 4
        shl ax, cl
        mov cl, 12
        shr dx, cl
        add ax, buffer
        adc dl, 0
        out 6, al
        mov al, ah
        out 6, al
        mov al, dl
        out 82h, al
        mov al, 0FFh
        out 7, al
        mov al, 0
        out 7, al
        mov al, 3
        out 0Ah, al
        ret

; The interrupt keeps what the status was.
handler:
        push ax
        push dx
        push ds
        push cs
        pop ds
        mov dx, [port]
        add dx, 6
        in al, dx
        mov [status], al
        inc word [count]
        mov al, 20h
        out 0A0h, al
        out 20h, al
        pop ds
        pop dx
        pop ax
        iret

clear_interrupts:
        mov word [count], 0
        mov byte [status], 0
        ret

; Waits for an interrupt, but not for ever.
wait_interrupt:
        mov cx, 0
.wait:  cmp word [count], 0
        jne .end
        loop .wait
.end:   ret

%include "clock.inc"

; Carry: there is no ULTRASND. Otherwise port, channel and interrupt are those that it says.
find_variable:
        mov es, [2Ch]
        mov di, 0
.next:  mov si, name
        mov bx, di
.same:  mov al, [si]
        cmp al, 0
        je .found
        cmp al, [es:bx]
        jne .skip
        inc si
        inc bx
        jmp .same
.skip:  cmp byte [es:di], 0
        je .over
        inc di
        jmp .skip
.over:  inc di
        cmp byte [es:di], 0
        jne .next
        push cs
        pop es
        stc
        ret
.found: mov cx, 16
        call number
        mov [port], ax
        mov cx, 10
        call number
        mov [channel], ax
        call number
        call number
        mov [irq], ax
        push cs
        pop es
        clc
        ret

; AX = the number at ES:BX to the base CX; BX behind the comma.
number: mov ax, 0
.digit: mov dl, [es:bx]
        sub dl, '0'
        jb .end
        cmp dl, 9
        ja .end
        push dx
        mul cx
        pop dx
        mov dh, 0
        add ax, dx
        inc bx
        jmp .digit
.end:   inc bx
        ret

name    db "ULTRASND=", 0
port    dw 0
channel dw 0
irq     dw 0
old_vector:
        dw 0, 0
count   dw 0
old_mask:
        db 0
status  db 0
        align 256
buffer: times 256 db 0
