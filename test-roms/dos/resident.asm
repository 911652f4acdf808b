; resident: stays in memory and answers INT 60h; started by tsr.asm, not a test by itself.
; INT 60h returns AX + 1, and counts the calls of INT 28h that it has seen in BX.

        org 100h

        mov ax, 3528h
        int 21h
        mov [old_28], bx
        mov [old_28 + 2], es
        mov ax, 2528h
        mov dx, idle
        int 21h
        mov ax, 2560h
        mov dx, service
        int 21h
        mov es, [2Ch]                           ; the environment is not needed
        mov ah, 49h
        int 21h
        mov ax, 3107h
        mov dx, (end - $$ + 10Fh) / 16
        int 21h

service:
        inc ax
        mov bx, [cs:idle_calls]
        iret

idle:   inc word [cs:idle_calls]
        jmp far [cs:old_28]

old_28:     dw 0, 0
idle_calls: dw 0
end:
