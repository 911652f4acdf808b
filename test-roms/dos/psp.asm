; psp: the program segment prefix and the environment.
; Tests: the documented fields, AH=50h, 51h, 55h, 62h, 26h, 67h; registers at the start of a .COM program; the command
;   tail and the FCBs that COMMAND.COM parses; the environment with the program's name behind it.
; Args: first.txt b:second /s

%include "check.inc"

        mov [start_sp], sp
        mov [start_ax], ax
        mov [start_es], es
        cmp word [start_sp], 0FFFEh
        expect e, "SP is FFFE"
        pop ax
        push ax
        expect_eq ax, 0, "a zero is on the stack"
        mov ax, [start_es]
        mov bx, cs
        cmp ax, bx
        expect e, "ES is the PSP"
        expect_eq word [0], 20CDh, "INT 20h at 0"
        mov al, [5]
        expect_al 9Ah, "a far call at 5"
        expect_eq word [50h], 21CDh, "INT 21h at 50"
        mov al, [52h]
        expect_al 0CBh, "RETF at 52"
        mov ax, [2]
        mov bx, cs
        sub ax, bx
        cmp ax, 1000h
        expect ae, "the memory's end is at 2"
        expect_eq word [32h], 20, "twenty handles"
        expect_eq word [34h], 18h, "the handle table is at 18"
        mov ax, [36h]
        mov bx, cs
        cmp ax, bx
        expect e, "in this PSP"
        cmp byte [18h], 0FFh
        expect ne, "standard input is open"
        mov al, [18h + 5]
        expect_al 0FFh, "handle 5 is free"
        mov cx, 3
        mov si, 0Ah
        mov bx, 22h * 4
        xor ax, ax
        mov es, ax
.vector:
        mov ax, [si]
        cmp ax, [es:bx]
        jne .vectors
        mov ax, [si + 2]
        cmp ax, [es:bx + 2]
        jne .vectors
        add si, 4
        add bx, 4
        loop .vector
.vectors:
        expect_eq cx, 0, "copies of vectors 22h to 24h"
        mov bl, [80h]                           ; COMMAND.COM leaves a blank before a redirection
        mov bh, 0
        mov al, [81h + bx]
        expect_al 13, "the command tail ends with a carriage return"
        expect_string 81h, " first.txt b:second /s", "the command tail"
        expect_string 5Ch, {0, "FIRST   TXT"}, "the first FCB"
        expect_string 6Ch, {2, "SECOND     "}, "the second FCB"

        mov ah, 62h
        int 21h
        mov ax, cs
        cmp ax, bx
        expect e, "AH=62"
        mov ah, 51h
        int 21h
        cmp ax, bx
        mov ax, cs
        cmp ax, bx
        expect e, "AH=51"
        mov dx, cs
        add dx, 400h
        mov ah, 26h
        int 21h
        mov dx, cs
        add dx, 500h
        mov si, dx
        add si, 10h
        mov ah, 55h
        int 21h
        mov ax, cs
        add ax, 500h
        mov es, ax
        expect_eq word [es:0], 20CDh, "AH=55 makes a PSP"
        mov ax, [es:16h]
        mov bx, cs
        cmp ax, bx
        expect e, "with this one as its parent"
        mov bx, cs                              ; AH=55 has made the new one current
        mov ah, 50h
        int 21h
        mov ah, 51h
        int 21h
        mov ax, cs
        cmp ax, bx
        expect e, "AH=50"

        push cs
        pop es
        mov ah, 4Ah
        mov bx, 500h
        int 21h
        mov bx, 40
        mov ah, 67h
        int 21h
        expect_ok "forty handles"
        expect_eq word [32h], 40, "AH=67 notes the number"
        cmp word [34h], 18h
        expect ne, "and moves the table"

; The environment: strings, an empty one, a count, the program's full name.
        mov es, [2Ch]
        xor di, di
        mov bx, 0
.next:  cmp byte [es:di], 0
        je .end
        inc bx
        cmp word [es:di], 'CO'
        jne .skip
        cmp word [es:di + 6], 'C='
        jne .skip
        mov word [comspec], 1
.skip:  inc di
        cmp byte [es:di - 1], 0
        jne .skip
        jmp short .next
.end:   cmp bx, 2
        expect ae, "variables in the environment"
        expect_eq word [comspec], 1, "COMSPEC is one"
        expect_eq word [es:di + 1], 1, "one string follows"
        add di, 3
        mov al, [es:di + 1]
        expect_al ':', "the program's full name"
        mov al, 0
        mov cx, 80
        cld
        repne scasb
        cmp word [es:di - 5], '.C'
        expect e, "with its extension"
        mov ax, es
        dec ax
        mov es, ax
        mov ax, [es:1]
        mov bx, cs
        cmp ax, bx
        expect e, "the environment belongs to the program"
        finish

start_sp: dw 0
start_ax: dw 0
start_es: dw 0
comspec:  dw 0
