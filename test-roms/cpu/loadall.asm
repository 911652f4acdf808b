; loadall: extended memory from real mode by LOADALL, as RAM disks of the time reached it on an 80286.
; Models: i80286
; Tests: a segment register whose base lies above 1 MB: bytes and words, a block there and back with REP MOVSW, that the
;   selector does not change, and that loading the register ends it.
; LOADALL reads its table from 800h, which belongs to DOS: what lies there is kept and put back, with interrupts off.

%include "check.inc"

        push sp                                 ; an 80286 pushes SP as it was
        pop ax
        cmp ax, sp
        je .is286
        say "this needs an 80286"
        finish
.is286:
        in al, 92h                              ; address line 20
        or al, 2
        out 92h, al

        mov ax, 0003h
        mov es, ax
        mov ax, [es:0]
        mov [below], ax
        call load
        mov word [es:0], 1234h
        mov byte [es:2], 56h
        mov ax, [es:0]
        mov bx, es
        push ds
        pop es                                  ; the base is that of the selector again
        sti
        expect_eq ax, 1234h, "a word above 1 MB"
        expect_eq bx, 0003h, "the selector is what the table said"

        mov ax, bx                              ; the same selector, loaded as usual
        mov es, ax
        mov ax, [es:0]
        sub ax, [below]
        expect_eq ax, 0, "nothing has changed where the selector leads"

        mov ax, cs
        mov es, ax
        mov bx, [es:pattern]
        expect_eq bx, 0A5C3h, "a loaded register has its usual base"

        call load
        cld
        mov si, pattern
        mov di, 100h
        mov cx, pattern_words
        rep movsw                               ; up
        push ds
        pop es
        call load_source
        mov si, 100h
        mov di, buffer
        mov cx, pattern_words
        rep movsw                               ; and back: DS leads above 1 MB, ES is the program's
        push cs
        pop ds
        sti
        mov si, pattern
        mov di, buffer
        mov cx, pattern_words
        repe cmpsw
        expect z, "a block comes back as it went"

        finish

; ES: base 100000h, selector 3.
load:   mov word [new_es], 0003h
        mov word [new_ds], ds
        mov byte [es_base + 2], 10h
        mov word [es_base], 0
        mov ax, ds
        call split
        mov [ds_base], ax
        mov [ds_base + 2], dl
        mov word [new_ip], es_loaded
        jmp short execute

; DS: base 100000h, selector 3; ES: the program's.
load_source:
        mov word [new_ds], 0003h
        mov word [new_es], ds
        mov byte [ds_base + 2], 10h
        mov word [ds_base], 0
        mov ax, ds
        call split
        mov [es_base], ax
        mov [es_base + 2], dl
        mov word [new_ip], ds_loaded

; Puts the table to 800h, executes LOADALL, puts back what was there, and returns with interrupts off. What LOADALL has
; loaded must not be loaded again, so the other register leads to 800h.
execute:
        cli
        mov [new_si], si
        mov [new_di], di
        mov [new_cx], cx
        mov [new_bx], bx
        mov [new_bp], bp
        mov [new_sp], sp
        mov word [new_ss], ss
        mov word [new_cs], cs
        mov ax, ss
        call split
        mov [ss_base], ax
        mov [ss_base + 2], dl
        mov ax, cs
        call split
        mov [cs_base], ax
        mov [cs_base + 2], dl
        push es
        xor ax, ax
        mov es, ax
        mov bx, 0
.swap:  mov al, [table + bx]
        xchg al, [es:800h + bx]
        mov [table_kept + bx], al
        inc bx
        cmp bx, 66h
        jb .swap
        pop es
        db 0Fh, 05h
es_loaded:
        push bx
        push ds
        xor bx, bx
        mov ds, bx
.back:  mov al, [cs:table_kept + bx]
        mov [800h + bx], al
        inc bx
        cmp bx, 66h
        jb .back
        pop ds
        pop bx
        ret

ds_loaded:
        push bx
        push es
        xor bx, bx
        mov es, bx
.back:  mov al, [cs:table_kept + bx]
        mov [es:800h + bx], al
        inc bx
        cmp bx, 66h
        jb .back
        pop es
        pop bx
        ret

; The linear address of segment AX: AX, DL.
split:  mov dx, 10h
        mul dx
        ret

        align 2
pattern:
%assign i 0
%rep 64
        dw 0A5C3h + i * 257
%assign i i + 1
%endrep
pattern_words equ ($ - pattern) / 2
below   dw 0
buffer  times pattern_words dw 0

table:  times 6 db 0
        dw 0FFF0h                               ; MSW
        times 14 db 0
        dw 0                                    ; TR
        dw 0002h                                ; FLAGS: interrupts off
new_ip  dw 0
        dw 0                                    ; LDT
new_ds  dw 0
new_ss  dw 0
new_cs  dw 0
new_es  dw 0
new_di  dw 0
new_si  dw 0
new_bp  dw 0
new_sp  dw 0
new_bx  dw 0
        dw 0                                    ; DX
new_cx  dw 0
        dw 0                                    ; AX
es_base dw 0, 9300h, 0FFFFh
cs_base dw 0, 9300h, 0FFFFh
ss_base dw 0, 9300h, 0FFFFh
ds_base dw 0, 9300h, 0FFFFh
        dw 0, 0, 0FFFFh                         ; GDTR
        dw 0, 8200h, 0FFFFh                     ; LDT
        dw 0, 0, 03FFh                          ; IDTR
        dw 0, 8200h, 0FFFFh                     ; TSS
table_kept times 66h db 0
