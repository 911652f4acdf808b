; adlib: how programs find an AdLib or what is compatible with it, by the FM chip's timers.
; Tests: the usual routine (reset of the timers, status, timer 1 in 80 us), timer 2 in 320 us,
;   masks, the bits that tell an OPL3, and the same at the card's own ports.
; Needs a Sound Blaster 16 at 220h.
; Source: [ADLIB]; YM3812 and YMF262 data sheets, timers.

%include "check.inc"

%macro fm 2
        mov ax, %1 | %2 << 8
        call write_fm
%endmacro

        mov word [port], 388h
        call detect
        expect_al 0, "388h: no timer flag after the reset of the timers"
        expect_ah 0C0h, "388h: timer 1 has set its flag after 80 us"

        fm 4, 60h
        fm 4, 80h
        fm 3, 0FEh                              ; two periods of 320 us, of which the first may have begun before
        fm 4, 42h                               ; timer 2, timer 1 masked
        mov cx, 40
        call wait_us
        call status
        expect_al 0, "388h: timer 2 has no flag after 40 us"
        mov cx, 640
        call wait_us
        call status
        expect_al 0A0h, "388h: timer 2 has set its flag after 680 us"
        fm 4, 80h
        call status
        expect_al 0, "388h: bit 7 of register 4 clears the flags"

        fm 4, 60h
        fm 4, 80h
        fm 2, 0FFh
        fm 4, 01h
        mov cx, 160
        call wait_us
        call status
        expect_al 0C0h, "388h: a timer that runs again sets its flag again"
        fm 4, 60h
        fm 4, 80h

        mov dx, 388h
        in al, dx
        and al, 06h
        expect_al 0, "388h: bits 2 and 1 are clear: an OPL3"

        mov word [port], 220h
        call detect
        expect_al 0, "220h: no timer flag after the reset of the timers"
        expect_ah 0C0h, "220h: timer 1 has set its flag after 80 us"
        mov word [port], 228h
        call detect
        expect_al 0, "228h: no timer flag after the reset of the timers"
        expect_ah 0C0h, "228h: timer 1 has set its flag after 80 us"
        finish

; The usual routine: AL and AH are bits 7-5 of the status before and after.
detect: fm 4, 60h
        fm 4, 80h
        call status
        push ax
        fm 2, 0FFh
        fm 4, 21h
        mov cx, 100
        call wait_us
        call status
        mov ah, al
        push ax
        fm 4, 60h
        fm 4, 80h
        pop bx
        pop ax
        mov ah, bh
        ret

status: mov dx, [port]
        in al, dx
        and al, 0E0h
        ret

; Writes AH to register AL, with the reads that programs make for time.
write_fm:
        mov dx, [port]
        out dx, al
        mov cx, 6
.first: in al, dx
        loop .first
        inc dx
        mov al, ah
        out dx, al
        dec dx
        mov cx, 35
.second:
        in al, dx
        loop .second
        ret

; Waits CX microseconds, at most 10,000, by counter 0 of the timer.
wait_us:
        call counter
        mov bx, ax
        mov ax, cx
        mov dx, 1193
        mul dx
        mov cx, 1000
        div cx
        mov cx, ax
.wait:  call counter
        neg ax
        add ax, bx
        cmp ax, cx
        jb .wait
        ret

; AX = counter 0. The BIOS runs it in mode 3, which counts by two.
counter:
        mov al, 34h                             ; mode 2, so that it counts by one
        cmp byte [is_set], 0
        jne .latch
        mov byte [is_set], 1
        out 43h, al
        mov al, 0
        out 40h, al
        out 40h, al
.latch: mov al, 0
        out 43h, al
        in al, 40h
        mov ah, al
        in al, 40h
        xchg al, ah
        ret

port    dw 388h
is_set  db 0
