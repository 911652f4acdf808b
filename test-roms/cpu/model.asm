; model: what kind of processor this is, by the differences that Intel documents between the models.
; Tests: PUSH SP, shift counts, the top bits of FLAGS, IDIV's largest negative quotient, the return address of a divide
;   error, invalid opcodes, words at offset FFFFh, SALC, and the instructions of the 80186.
; Models: i8088 i8086 i80186 i80286
; Sources: 80286 programmer's reference, appendix on 8086 compatibility; 80186 data sheet, differences from the 8086.
; Other emulators of a 386 and up answer otherwise (flags top bits, offset FFFFh), so there is one expected file a model.

%include "check.inc"

        push sp
        pop ax
        cmp ax, sp
        mov ax, 0
        jne .old
        inc ax
.old:   show "push sp pushes the old value", ax
        mov [is_286], ax

        mov ax, 1
        mov cl, 33
        shl ax, cl
        show "1 shl 33", ax
        mov [is_186], ax
        mov ax, 8000h
        mov cl, 32
        sar ax, cl
        show "8000 sar 32", ax

        pushf
        pop ax
        and ax, 0F000h
        show "flags 15-12", ax
        mov ax, 0F202h
        push ax
        popf
        pushf
        pop ax
        and ax, 0F000h
        show "flags 15-12 after setting them", ax

        mov al, 0
        mov dx, handler_0
        call hook
        mov ax, [is_186]                        ; of the 80186 no source says what it makes of these
        cmp ax, 2
        jne .salc
        cmp word [is_286], 0
        je .c_next
.salc:  mov al, 0
        stc
        db 0D6h                                 ; SALC
        mov ah, 0
        show "salc", ax

        mov word [continue], .a
        mov word [vector], 0FFFFh
        mov ax, -128
        mov bl, 1
        idiv bl
.a:     show "-128 idiv 1", ax
        show "it made interrupt", word [vector]
.c_next:

        mov word [continue], .c
        mov ax, 1
        mov dx, 1
        mov bx, 0
.b:     div bx
.c:     mov ax, [fault_ip]
        sub ax, .b
        show "divide error, return address behind DIV", ax
        mov al, 0
        call unhook

        mov al, 6
        mov dx, handler_6
        call hook
        mov word [vector], 0FFFFh
        mov word [continue], .e
        stc                                     ; the 8086 takes 63h for JNB
.d:     db 63h, 0C0h
.e:     show "opcode 63 made interrupt", word [vector]
        mov al, 6
        call unhook

        mov al, 0Dh
        mov dx, handler_13
        call hook
        mov word [vector], 0FFFFh
        mov word [continue], .f
        mov ax, [0FFFFh]
.f:     show "a word at offset FFFF made interrupt", word [vector]
        mov word [vector], 0FFFFh
        mov word [continue], .g
        push ds
        mov ax, 8000h                           ; free memory: its last byte and its first
        mov ds, ax
        mov byte [0FFFFh], 34h
        mov byte [0], 12h
        mov ax, 0
        mov ax, [0FFFFh]
.g:     pop ds
        show "the word read there", ax
        mov al, 0Dh
        call unhook

        cmp word [is_186], 0
        je .end
        cpu 186
        push 1234h
        pop ax
        expect_eq ax, 1234h, "push immediate word"
        push byte -2
        pop ax
        expect_eq ax, 0FFFEh, "push immediate byte"
        mov ax, 3
        shl ax, 4
        expect_eq ax, 30h, "shift by an immediate"
        mov bx, 7
        imul ax, bx, -3
        expect_eq ax, -21, "imul with an immediate"
        imul bx, 1000
        expect_eq bx, 7000, "imul in place"
        mov bp, 5555h
        mov dx, sp
        enter 8, 0
        mov ax, dx
        sub ax, bp
        expect_eq ax, 2, "enter makes a frame"
        mov ax, bp
        sub ax, sp
        expect_eq ax, 8, "enter makes room"
        leave
        expect_eq bp, 5555h, "leave restores BP"
        sub dx, sp
        expect_eq dx, 0, "leave restores SP"
        enter 4, 2
        mov ax, dx
        leave
        expect_eq bp, 5555h, "enter with levels"
        mov ax, 1
        mov cx, 2
        mov dx, 3
        mov bx, 4
        mov si, 6
        mov di, 7
        pusha
        pop ax
        expect_eq ax, 7, "pusha pushes DI last"
        push ax
        mov cx, 0
        mov di, 0
        popa
        expect_eq cx, 2, "popa"
        expect_eq di, 7, "popa, the last register"

        mov al, 5
        mov dx, handler_5
        call hook
        mov word [vector], 0FFFFh
        mov word [continue], .h
        mov ax, 10
        bound ax, [limits]
.h:     expect_eq word [vector], 0FFFFh, "bound inside the limits"
        mov ax, 21
        mov word [continue], .i
        bound ax, [limits]
.i:     expect_eq word [vector], 5, "bound outside the limits"
        mov al, 5
        call unhook
        cpu 8086
.end:   finish

is_186: dw 0
is_286: dw 0
vector: dw 0
continue: dw 0
fault_ip: dw 0
limits: dw 10, 20
old_vector: dw 0, 0

hook:   push ax
        push bx
        push es
        mov ah, 35h
        int 21h
        mov [old_vector], bx
        mov [old_vector + 2], es
        pop es
        pop bx
        pop ax
        mov ah, 25h
        int 21h
        ret

unhook: push ds
        lds dx, [old_vector]
        mov ah, 25h
        int 21h
        pop ds
        ret

; Each handler notes its number and goes on at [continue].
%macro handler 1
        mov word [cs:vector], %1
        jmp note_fault
%endmacro
handler_0:  handler 0
handler_5:  handler 5
handler_6:  handler 6
handler_13: handler 13
note_fault: push bp
        mov bp, sp
        push ax
        mov ax, [bp + 2]
        mov [cs:fault_ip], ax
        mov ax, [cs:continue]
        mov [bp + 2], ax
        pop ax
        pop bp
        iret
