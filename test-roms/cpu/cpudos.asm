; cpudos: the processor test ROM as a program of DOS: puts it into RAM at 30000h and lets it take over the machine.
; Tests: what cputest.asm does, without a ROM to burn. It takes 256 KB of memory and a screen that shows 80 by 25 letters;
;   the machine must be reset afterwards.
; Models: i8088 i8086 i80186 i80286
; Status: 125

        cpu 8086
        bits 16
        org 100h

%define FROM_DOS
%define ROM_SEGMENT 3000h
%define ROM_SECTION .rom

        section .rom vstart=0 follows=.text
        section .text

        cli
        cld
        mov ax, ROM_SEGMENT
        mov es, ax
        mov si, section..rom.start
        xor di, di
        mov cx, 8000h                           ; more than there is
        rep movsb
        mov word [es:0FFFEh], LAST_WORD
        jmp ROM_SEGMENT:start

        section ROM_SECTION
%include "cputest.asm"
