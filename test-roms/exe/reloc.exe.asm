; reloc: an EXE file with relocations, a stack and data in segments of their own, and a bigger memory image than its file.
; Tests: relocation, CS:IP and SS:SP of the header, DS and ES = PSP at the start, minimum and maximum allocation, bytes
;   appended to the file (which DOS does not load). DOS reserves whole pages of the image: it does not look at the bytes
;   of the last page when it computes the size of the block.

        cpu 8086

HEADER  equ 3                                   ; paragraphs
FILE    equ HEADER * 16 + image_end - image     ; bytes that count
DATA    equ (data - image) / 16
STACK   equ (image_end - image) / 16

        section .header start=0
header: db "MZ"
        dw FILE % 512
        dw (FILE + 511) / 512
        dw 2                                    ; relocations
        dw HEADER
        dw 20h + 40h                            ; least extra paragraphs: stack and 1 KB
        dw 20h + 40h                            ; and no more
        dw STACK, 200h
        dw 0
        dw start - image, 0
        dw relocations - header, 0
relocations:
        dw fix_1 + 1 - image, 0
        dw fix_2 + 1 - image, 0
        times HEADER * 16 - ($ - header) db 0

        section .image start=HEADER*16 vstart=0
image:
%define EXE
%include "check.inc"
start:  mov [cs:first_ax], ax
        mov [cs:psp], ds
        mov ax, es
        mov bx, ds
        cmp ax, bx
        expect e, "ES and DS are the PSP"
        expect_eq word [0], 20CDh, "which begins with INT 20h"
        expect_eq sp, 200h, "SP"
fix_1:  mov ax, STACK
        mov bx, ss
        cmp ax, bx
        expect e, "SS is relocated as the fix-up is"
fix_2:  mov ax, DATA
        mov ds, ax
        expect_eq word [0], 'Re', "the data segment is reached by a relocation"
        mov ax, cs
        sub ax, 10h
        cmp ax, [cs:psp]
        expect e, "the image is behind the PSP"
        mov es, [cs:psp]
        mov ax, [es:2]
        sub ax, [cs:psp]
        expect_eq ax, 10h + (FILE + 511) / 512 * 32 - HEADER + 20h + 40h, "the block: whole pages and what the header asks for"
        push ss
        pop es
        mov byte [es:5FFh], 1                   ; the last byte of the extra memory
        finish

first_ax: dw 0
psp:      dw 0
        align 16, db 0
data:   db "Relocated"
        align 16, db 0
image_end:

        section .appended follows=.image vstart=0 align=1
        db "This is behind the image and is not loaded."
