; joystick: the game port, 201h, and the BIOS's way to it.
; Tests: no joystick, plugged in, the time that an axis runs at three places (IBM's 24.2 us and 0.011 us for each ohm), an axis
;   of joystick B, buttons, INT 15h AH=84h, a joystick that is pulled out.
; The joysticks are moved by joystick.script, which presses a button when they are there.

%include "check.inc"

        mov dx, 201h
        in al, dx
        expect_al 0F0h, "nothing is pressed, no axis runs"
        out dx, al
        in al, dx
        expect_al 0FFh, "a write starts all four"
        call wait_tick
        in al, dx
        expect_al 0FFh, "and without a joystick they do not end"
        mov ax, 8400h
        mov dx, 0
        int 15h
        expect nc, "INT 15h AH=84h DX=0: no error"
        expect_al 0F0h, "the switches are open"
        mov ax, 8400h
        mov dx, 1
        mov bx, 5555h
        mov cx, 5555h
        int 15h
        expect nc, "DX=1: no error"
        or ax, bx
        or ax, cx
        or ax, dx
        expect_eq ax, 0, "all axes are zero"
        mov ax, 8400h
        mov dx, 2
        int 15h
        expect c, "DX=2: there is no such function"
        expect_ah 86h, "AH=86h"

        say "A: left and down"
        mov bx, 0E0h
        call wait_buttons
        expect_eq ax, 0E0h, "button 1 of joystick A is pressed"
        mov bl, 1
        call measure
        mov bx, 29                              ; 24.2 us
        call near_enough
        expect be, "left: 24.2 us"
        mov bl, 2
        call measure
        mov bx, 1341                            ; 24.2 us + 1,100 us
        call near_enough
        expect be, "down: 1,124.2 us"
        mov dx, 201h
        in al, dx
        and al, 0Ch
        expect_al 0Ch, "joystick B is not there"

        say "A: the middle"
        mov bx, 0D0h
        call wait_buttons
        expect_eq ax, 0D0h, "button 2 of joystick A is pressed"
        mov bl, 1
        call measure
        mov bx, 685                             ; 24.2 us + 550 us
        call near_enough
        expect be, "the middle: 574.2 us"

        say "B: right and up"
        mov bx, 030h
        call wait_buttons
        expect_eq ax, 030h, "buttons 1 and 2 of joystick B are pressed"
        mov bl, 8
        call measure
        mov bx, 357                             ; 24.2 us + 275 us
        call near_enough
        expect be, "B down: 299.2 us"
        mov ax, 8400h
        mov dx, 0
        int 15h
        expect_al 030h, "INT 15h AH=84h DX=0: B's buttons"
        mov ax, 8400h
        mov dx, 1
        int 15h                                 ; units of 6.7 us, and the time that the look takes
        push bx
        push cx
        push dx
        mov bx, 85
        call near_enough
        expect be, "DX=1: AX is A across"
        pop dx
        pop cx
        pop bx
        push cx
        push dx
        mov ax, bx
        mov bx, 85
        call near_enough
        expect be, "BX is A down"
        pop dx
        pop cx
        push dx
        mov ax, cx
        mov bx, 167
        call near_enough
        expect be, "CX is B across"
        pop ax
        mov bx, 44
        call near_enough
        expect be, "DX is B down"

        say "both: pulled out"
        mov bx, 0F0h
        call wait_buttons
        expect_eq ax, 0F0h, "nothing is pressed"
        mov dx, 201h
        out dx, al
        call wait_tick
        in al, dx
        expect_al 0FFh, "and the axes run for ever"
        finish

; Waits for more than a tick of the BIOS, 55 ms.
wait_tick:
        push es
        mov cx, 40h
        mov es, cx
        mov cx, 2
.next:  mov ax, [es:6Ch]
.same:  cmp ax, [es:6Ch]
        je .same
        loop .next
        pop es
        mov dx, 201h
        ret

; Waits until the buttons, the high half of 201h, are BX. AX: they.
wait_buttons:
        mov dx, 201h
.wait:  in al, dx
        and ax, 0F0h
        cmp ax, bx
        jne .wait
        ret

; AX: clocks of 1.193182 MHz until the bits BL of 201h are clear.
measure:
        cli
        mov dx, 201h
.idle:  in al, dx                               ; what runs is not started anew
        test al, bl
        jnz .idle
        call start_clock
        out dx, al
.wait:  in al, dx
        test al, bl
        jnz .wait
        call read_clock
        sti
        ret

; BE: AX is BX, up to 2 less for the start of the clock, or up to 24 more for the loop that looks.
near_enough:
        sub ax, bx
        add ax, 2
        cmp ax, 26
        ret

%include "clock.inc"
