; detect: how programs find a Game Blaster, an MPU-401 and a Disney Sound Source.
; Tests: the Game Blaster's latch and constant, acknowledgements and version of the MPU-401 and its UART mode, the FIFO of the
;   Sound Source as it fills and drains.
; Settings: sound.card=gameblaster sound.mpu401=true sound.lpt1=disney
; Source: [PCGPE] Game Blaster; [MPU401]; [DSS].

%include "check.inc"

blaster equ 220h
mpu     equ 330h
printer equ 378h

; ---- Game Blaster: what is written to port 6 is read at port Ah, and port 4 is 7Fh.
        mov dx, blaster + 4
        in al, dx
        expect_al 7Fh, "Game Blaster: port 4"
        mov dx, blaster + 6
        mov al, 0C6h
        out dx, al
        mov dx, blaster + 0Ah
        in al, dx
        expect_al 0C6h, "Game Blaster: the latch keeps C6h"
        mov dx, blaster + 6
        mov al, 39h
        out dx, al
        mov dx, blaster + 0Ah
        in al, dx
        expect_al 39h, "Game Blaster: and 39h"

; ---- MPU-401: a command is acknowledged with FEh.
        mov al, 0FFh
        call command
        call read
        expect_al 0FEh, "MPU-401: FFh, reset, is acknowledged"
        mov al, 0ACh
        call command
        call read
        expect_al 0FEh, "MPU-401: ACh, version, is acknowledged"
        call read
        expect_al 15h, "MPU-401: version 1.5"
        mov al, 3Fh
        call command
        call read
        expect_al 0FEh, "MPU-401: 3Fh, UART mode, is acknowledged"
        mov dx, mpu + 1
        in al, dx
        and al, 80h
        expect_al 80h, "MPU-401: nothing more waits"
        mov al, 0FFh                            ; ends the UART mode, without an answer
        call command
        call pause
        mov al, 0FFh
        call command
        call read
        expect_al 0FEh, "MPU-401: behind the UART mode FFh is acknowledged"

; ---- Disney Sound Source: power by bit 2 of the control port; a pulse of bit 3 is a byte; bit 6 of the status is "full".
        mov dx, printer + 2
        mov al, 04h
        out dx, al
        call pause
        mov dx, printer + 1
        in al, dx
        and al, 40h
        expect_al 0, "Sound Source: the FIFO is not full"
        mov cx, 40
        mov bx, 0
        cli
.fill:  mov dx, printer
        mov al, 80h
        out dx, al
        inc dx
        inc dx
        mov al, 0Ch
        out dx, al
        mov al, 04h
        out dx, al
        dec dx
        inc bx
        in al, dx
        test al, 40h
        loopz .fill
        sti
        cmp bx, 16
        expect ae, "Sound Source: it takes 16 bytes at least"
        cmp bx, 18
        expect be, "Sound Source: and is full then"
        call start_clock
.drain: in al, dx
        test al, 40h
        jz .free
        call read_clock
        cmp ax, 1200                            ; a millisecond
        jb .drain
.free:  call read_clock
        cmp ax, 176                             ; a byte in 1 / 7,000 s, 170 clocks
        expect be, "Sound Source: a byte leaves within 1 / 7,000 s"
        finish

command:
        push ax
        mov dx, mpu + 1
        mov cx, 0
.wait:  in al, dx
        test al, 40h
        loopnz .wait
        pop ax
        out dx, al
        ret

; AL: the next byte; 0 if none comes.
read:   mov dx, mpu + 1
        mov cx, 0
.wait:  in al, dx
        test al, 80h
        loopnz .wait
        mov al, 0
        jnz .end
        dec dx
        in al, dx
.end:   ret

; 20 ms.
pause:  call start_clock
.wait:  call read_clock
        cmp ax, 23864
        jb .wait
        ret

%include "clock.inc"
