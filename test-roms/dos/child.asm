; child: started by other test programs; not a test by itself.
; Prints its command tail and the variable TESTVAR of its environment, and what its first FCB was parsed to; returns the
; ERRORLEVEL 42. With the tail " stay" it stays resident.

        org 100h

        mov al, [80h]
        mov ah, 0
        mov di, ax
        mov byte [81h + di], '$'
        mov dx, text_tail
        mov ah, 9
        int 21h
        mov dx, 81h
        int 21h
        mov dx, text_fcb
        int 21h
        mov byte [5Ch + 12], '$'
        mov dx, 5Ch + 1
        int 21h
        mov dx, text_variable
        int 21h
        mov es, [2Ch]
        xor di, di
.variable:
        cmp byte [es:di], 0
        je .no_variable
        cmp word [es:di], 'TE'
        jne .skip
        cmp word [es:di + 6], 'R='
        je .found
.skip:  inc di
        cmp byte [es:di - 1], 0
        jne .skip
        jmp short .variable
.found: add di, 8
.print: mov dl, [es:di]
        or dl, dl
        jz .no_variable
        mov ah, 2
        int 21h
        inc di
        jmp short .print
.no_variable:
        mov dx, text_end
        mov ah, 9
        int 21h
        cmp word [82h], 'st'
        je .stay
        mov ax, 4C2Ah
        int 21h
.stay:  mov ax, 312Bh
        mov dx, 20h
        int 21h

text_tail:     db "child: tail [$"
text_fcb:      db "] fcb [$"
text_variable: db "] TESTVAR [$"
text_end:      db "]", 13, 10, "$"
