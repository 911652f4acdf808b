; exec: child programs and overlays.
; Tests: AH=4Bh functions 0, 1 and 3, AH=4Dh, AH=31h as seen by the parent; the command tail, FCBs and environment of the
;   child; registers, handles and memory after it; redirection that the child inherits; errors.
; Needs: CHILD.COM OVERLAY.COM

%include "check.inc"

        mov sp, stack_top
        mov bx, (stack_top - $$ + 10Fh) / 16
        mov ah, 4Ah
        int 21h
        mov ax, cs
        mov [block_tail + 2], ax
        mov [block_fcb + 2], ax
        mov [block_fcb_2 + 2], ax
        mov bx, 0FFFFh
        mov ah, 48h
        int 21h
        mov [largest], bx

        mov word [block_tail], tail
        call run
        expect_ok "run a child"
        cmp sp, stack_top
        expect e, "SP is back"
        mov ax, ss
        mov dx, cs
        cmp ax, dx
        expect e, "SS is back"
        mov ah, 4Dh
        int 21h
        expect_eq ax, 002Ah, "its ERRORLEVEL"
        mov ah, 4Dh
        int 21h
        expect_eq ax, 0, "which is given once"
        call free
        cmp bx, [largest]
        expect e, "its memory is free again"

; An environment of our own: it must begin on a paragraph.
        mov ax, cs
        mov dx, environment - $$ + 100h
        mov cl, 4
        shr dx, cl
        add ax, dx
        mov [block], ax
        call run
        expect_ok "run a child with another environment"
        mov word [block], 0

; The child's output goes where ours does: to a file.
        mov ah, 45h
        mov bx, 1
        int 21h
        mov [saved], ax
        mov dx, out_file
        mov cx, 0
        mov ah, 3Ch
        int 21h
        mov [handle], ax
        mov bx, ax
        mov cx, 1
        mov ah, 46h
        int 21h
        call run
        mov bx, [saved]
        mov cx, 1
        mov ah, 46h
        int 21h
        mov bx, [saved]
        mov ah, 3Eh
        int 21h
        mov bx, [handle]
        mov ax, 4200h
        xor cx, cx
        xor dx, dx
        int 21h
        mov bx, [handle]
        mov cx, 12
        mov dx, buffer
        mov ah, 3Fh
        int 21h
        expect_eq ax, 12, "the child wrote to the redirected output"
        expect_string buffer, "child: tail ", "and what it should"
        mov bx, [handle]
        mov ah, 3Eh
        int 21h
        mov dx, out_file
        mov ah, 41h
        int 21h
        expect_ok "the file is closed and can go"

        mov word [block_tail], tail_stay
        call run
        expect_ok "run a child that stays"
        mov ah, 4Dh
        int 21h
        expect_eq ax, 032Bh, "it stayed, with its ERRORLEVEL"
        call free
        mov ax, [largest]
        sub ax, bx
        cmp ax, 21h
        expect ae, "it kept its memory"

        push ds
        pop es
        mov bx, block
        mov dx, no_program
        mov ax, 4B00h
        int 21h
        push cs
        pop ds
        expect_error 2, "a program that is not there"
        push ds
        pop es
        mov bx, block
        mov dx, no_path
        mov ax, 4B00h
        int 21h
        push cs
        pop ds
        expect_error 3, "a directory that is not there"
        push ds
        pop es
        mov dx, program
        mov ax, 4B77h
        int 21h
        push cs
        pop ds
        expect_error 1, "an unknown function"
; An overlay.
        mov bx, 10h
        mov ah, 48h
        int 21h
        mov [overlay_block], ax
        mov [overlay_block + 2], ax
        mov [overlay_entry + 2], ax
        push ds
        pop es
        mov bx, overlay_block
        mov dx, overlay
        mov ax, 4B03h
        int 21h
        push cs
        pop ds
        expect_ok "load an overlay"
        call far [overlay_entry]
        expect_eq ax, 5AA5h, "call it"
        cmp dx, [overlay_block]
        expect e, "it is where it was asked for"

.take:  call free                               ; all memory but crumbs
        cmp bx, 10h
        jb .full
        mov ah, 48h
        int 21h
        jmp short .take
.full:  call run
        expect_error 8, "no memory for the child"
        finish

; Runs the child. EXEC of DOS 2 destroys the registers and the data segments.
run:
        push ds
        pop es
        mov bx, block
        mov dx, program
        mov ax, 4B00h
        int 21h
        mov cx, cs
        mov ds, cx
        mov es, cx
        ret

; BX = the largest free block.
free:   mov bx, 0FFFFh
        mov ah, 48h
        int 21h
        ret

block:         dw 0
block_tail:    dw 0, 0
block_fcb:     dw fcb_1, 0
block_fcb_2:   dw fcb_2, 0
tail:          db 12, " file.ext /x", 13
tail_stay:     db 5, " stay", 13
fcb_1:         db 3, "FILE    EXT", 0, 0, 0, 0
fcb_2:         db 0, "           ", 0, 0, 0, 0
program:       db "CHILD.COM", 0
overlay:       db "OVERLAY.COM", 0
no_program:    db "NOTHERE.COM", 0
no_path:       db "NODIR\CHILD.COM", 0
out_file:      db "CHILD.OUT", 0
overlay_block: dw 0, 0
overlay_entry: dw 0, 0
largest:       dw 0
saved:         dw 0
handle:        dw 0
buffer:        times 16 db 0
               align 16
environment:   db "FIRST=1", 0, "TESTVAR=own value", 0, 0
               align 2
               times 256 db 0
stack_top:
