; filecopy: writes a file of 1 MB in pieces of 4 KB, then copies it ten times, reading it back at the end.
; DOS only: there is no boot floppy of it. Prints a checksum of the last copy.

        cpu 8086
        org 100h
        cld
        mov di, buffer
        mov cx, 4096
        xor ax, ax
.fill:  stosb
        add al, 37
        loop .fill
        mov dx, source
        call create
        mov [output], ax
        mov si, 256
.write: mov bx, [output]
        mov cx, 4096
        mov dx, buffer
        mov ah, 40h
        int 21h
        inc word [buffer]
        dec si
        jnz .write
        mov bx, [output]
        mov ah, 3Eh
        int 21h
        mov di, 10
.copy:  mov ax, 3D00h
        mov dx, source
        int 21h
        jc failed
        mov [input], ax
        mov dx, target
        call create
        mov [output], ax
.piece: mov bx, [input]
        mov cx, 4096
        mov dx, buffer
        mov ah, 3Fh
        int 21h
        jc failed
        mov cx, ax
        jcxz .copied
        mov bx, [output]
        mov ah, 40h
        int 21h
        jc failed
        jmp short .piece
.copied:
        mov bx, [input]
        mov ah, 3Eh
        int 21h
        mov bx, [output]
        mov ah, 3Eh
        int 21h
        dec di
        jnz .copy
        mov ax, 3D00h
        mov dx, target
        int 21h
        jc failed
        mov [input], ax
        xor di, di
.sum:   mov bx, [input]
        mov cx, 4096
        mov dx, buffer
        mov ah, 3Fh
        int 21h
        mov cx, ax
        jcxz .summed
        mov si, buffer
        shr cx, 1
.word:  lodsw
        rol di, 1
        add di, ax
        loop .word
        jmp short .sum
.summed:
        mov bx, [input]
        mov ah, 3Eh
        int 21h
        mov dx, source
        mov ah, 41h
        int 21h
        mov dx, target
        mov ah, 41h
        int 21h
        mov cx, 4
.digit: push cx
        mov cl, 4
        rol di, cl
        pop cx
        mov ax, di
        and al, 15
        add al, 90h
        daa
        adc al, 40h
        daa
        mov dl, al
        mov ah, 2
        int 21h
        loop .digit
        mov ax, 4C00h
        int 21h
failed: mov ax, 4C01h
        int 21h
create: mov cx, 0
        mov ah, 3Ch
        int 21h
        jc failed
        ret
source: db "BENCH1.TMP", 0
target: db "BENCH2.TMP", 0
input:   dw 0
output:    dw 0
buffer:
