; ticks: the flow of the timer interrupt from the chip to INT 1Ch and the BIOS data area.
; Tests: hooked INT 8 and INT 1Ch, chaining, the tick count at 0040:006C, INT 1Ah, the mask and in-service registers.

%include "check.inc"

        mov al, 8
        mov dx, timer
        mov si, old_8
        call hook
        mov al, 1Ch
        mov dx, user_timer
        mov si, old_1c
        call hook
        call wait_tick
        mov word [ticks], 0
        mov word [user_ticks], 0
        mov ah, 0
        int 1Ah
        mov [start], dx
        mov bx, 40h
        mov es, bx
        mov bx, [es:6Ch]
        sub bx, dx
        cmp bx, 1
        expect be, "INT 1Ah gives the count of the data area"
.wait:  cmp word [ticks], 5
        jb .wait
        mov ah, 0
        int 1Ah
        sub dx, [start]
        cmp dx, 5
        expect ae, "five interrupts, five ticks"
        cmp dx, 7
        expect be, "and not many more"
        mov ax, [user_ticks]
        cmp ax, 5
        expect ae, "INT 1Ch is called for each"
        expect_eq word [in_service], 1, "IRQ 0 is in service in the handler of INT 8"
        mov al, 0Bh
        out 20h, al
        in al, 20h
        and al, 1
        expect_al 0, "and not after it"

; Masked, it stays away; the request is kept.
        cli
        in al, 21h
        mov [mask], al
        or al, 1
        out 21h, al
        sti
        mov word [ticks], 0
        mov al, 0Ah
        out 20h, al
        mov cx, 40
.long:  push cx
        xor cx, cx
.poll:  in al, 20h
        test al, 1
        loopz .poll
        pop cx
        jnz .seen
        loop .long
.seen:  and al, 1
        expect_al 1, "a masked interrupt is requested"
        expect_eq word [ticks], 0, "a masked interrupt is not delivered"
        mov al, [mask]
        out 21h, al
        mov cx, 100
        loop $
        cmp word [ticks], 1
        expect ae, "it comes when the mask is cleared"

        mov al, 8
        mov si, old_8
        call unhook
        mov al, 1Ch
        mov si, old_1c
        call unhook
        mov ah, 2Ch                             ; DOS time goes on
        int 21h
        mov [start], dx
        mov word [ticks], 0
        mov cx, 20
.tick:  sti
        hlt
        loop .tick
        mov ah, 2Ch
        int 21h
        cmp dx, [start]
        expect ne, "the time of day goes on"
        finish

wait_tick:
        mov word [ticks], 0
.wait:  cmp word [ticks], 0
        je .wait
        ret

hook:   push es
        mov ah, 35h
        int 21h
        mov [si], bx
        mov [si + 2], es
        pop es
        mov ah, 25h
        int 21h
        ret

unhook: push ds
        lds dx, [si]
        mov ah, 25h
        int 21h
        pop ds
        ret

timer:  push ax
        inc word [cs:ticks]
        mov al, 0Bh
        out 20h, al
        in al, 20h
        and ax, 1
        mov [cs:in_service], ax
        pop ax
        jmp far [cs:old_8]

user_timer:
        inc word [cs:user_ticks]
        jmp far [cs:old_1c]

old_8:      dw 0, 0
old_1c:     dw 0, 0
ticks:      dw 0
user_ticks: dw 0
in_service: dw 0
start:      dw 0
mask:       db 0
