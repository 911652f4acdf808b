; keys: the keyboard through INT 9 and INT 16h.
; Tests: codes of ordinary, shifted, Ctrl, Alt, function and grey keys; INT 16h AH=00h, 01h, 02h, 05h, 10h, 11h; a hooked
;   INT 9 sees every make and break.
; The keys come from keys.script.

%include "check.inc"

        mov ax, 3509h
        int 21h
        mov [old], bx
        mov [old + 2], es
        mov ax, 2509h
        mov dx, keyboard
        int 21h
        mov ah, 1
        int 16h
        expect z, "AH=01: no key yet"
        mov cx, 1E61h
        mov ah, 5
        int 16h
        expect_al 0, "AH=05 stores a key"
        mov ah, 1
        int 16h
        expect nz, "AH=01: it is there"
        expect_eq ax, 1E61h, "AH=01 shows it"
        mov ah, 0
        int 16h
        expect_eq ax, 1E61h, "AH=00 reads it"
        mov ah, 2
        int 16h
        and al, 0Fh
        expect_al 0, "no shift key is down"
        say "press keys"
.next:  mov ah, 10h
        int 16h
        cmp al, 13
        je .end
        call check_print_ax
        call check_print_inline
        db " ", 0
        jmp short .next
.end:   mov ah, 0                               ; until Enter is up, at most two seconds
        int 1Ah
        mov si, dx
.up:    mov ax, [makes]
        cmp ax, [breaks]
        je .all_up
        mov ah, 0
        int 1Ah
        sub dx, si
        cmp dx, 36
        jb .up
.all_up:
        call check_newline
        push ds
        lds dx, [old]
        mov ax, 2509h
        int 21h
        pop ds
        mov ax, [makes]
        cmp ax, 16
        expect ae, "INT 9 saw the keys go down"
        mov ax, [makes]
        cmp ax, [breaks]
        expect e, "and up"
        finish

keyboard:
        push ax
        in al, 60h
        cmp al, 0E0h
        je .end
        test al, 80h
        jz .make
        inc word [cs:breaks]
        jmp short .end
.make:  inc word [cs:makes]
.end:   pop ax
        jmp far [cs:old]

old:    dw 0, 0
makes:  dw 0
breaks: dw 0
