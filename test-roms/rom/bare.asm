; A ROM image for the runner of ROM images: 64 KB at F0000h, no DOS, no devices.
;
;   ochenta cpu-test --rom BARE.BIN@F0000 --expect-memory BARE-MEM.BIN@600 --report-port 80
;
; It reports 01h to 05h and 'K' on port 80h, leaves the results that bare-mem.asm lists at 0:600h, and halts. They are
; the same on every processor.

        cpu     8086
        bits    16
        org     0

RESULTS equ     0600h

%macro  report  1
        mov     al, %1
        out     80h, al
%endmacro

start:
        cli
        cld
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 0400h
        mov     di, RESULTS
        report  01h

; The sum of 1 to 100.
        xor     ax, ax
        mov     cx, 100
sum:    add     ax, cx
        loop    sum
        stosw
        report  02h

; A product of 32 bits.
        mov     ax, 1234h
        mov     bx, 5678h
        mul     bx
        stosw
        mov     ax, dx
        stosw
        report  03h

; A string from the ROM, with an override and a repeat.
        mov     si, text
        mov     cx, textend - text
        rep     cs movsb
        report  04h

; A software interrupt and a divide error, through vectors in RAM.
        mov     word [60h * 4], on60
        mov     [60h * 4 + 2], cs
        mov     word [0], ondivide
        mov     [2], cs
        mov     bp, 1111h
        int     60h
        mov     ax, bp
        stosw
        xor     bl, bl
        mov     ax, 1
        div     bl
        mov     ax, 0DEADh              ; not reached
        jmp     store
ondivide:
        add     sp, 6
        mov     ax, 0D0D0h
store:  stosw
        report  05h

; The stack is where it was.
        mov     ax, sp
        stosw
        report  'K'
        hlt

on60:   add     bp, 2222h
        iret

text:   db      'bare metal'
textend:

        times   0FFF0h - ($ - $$) db 0FFh
        jmp     0F000h:start
        times   10000h - ($ - $$) db 0FFh
