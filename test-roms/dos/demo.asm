; demo: what `make demo` runs: a small program that uses DOS and BIOS as programs do.
; Shows: the DOS version, the date and time, memory, the first files of the directory and a table of primes.

        org 100h

        mov dx, title
        call print
        mov dx, text_dos
        call print
        mov ah, 30h
        int 21h
        push ax
        mov ah, 0
        call decimal
        mov dl, '.'
        call character
        pop ax
        mov al, ah
        mov ah, 0
        call decimal
        mov dx, text_date
        call print
        mov ah, 2Ah
        int 21h
        push dx
        mov ax, cx
        call decimal
        mov dl, '-'
        call character
        pop dx
        push dx
        mov al, dh
        call two_digits
        mov dl, '-'
        call character
        pop ax
        call two_digits
        mov dl, ' '
        call character
        mov ah, 2Ch
        int 21h
        push cx
        mov al, ch
        call two_digits
        mov dl, ':'
        call character
        pop ax
        call two_digits
        mov dx, text_memory
        call print
        int 12h
        call decimal
        mov dx, text_free
        call print
        mov ax, cs
        sub ax, [2]
        neg ax
        mov cl, 6
        shr ax, cl
        call decimal
        mov dx, text_files
        call print

        mov ah, 1Ah
        mov dx, dta
        int 21h
        mov ah, 4Eh
        mov cx, 10h
        mov dx, pattern
        int 21h
        mov byte [count], 0
.file:  jc .files
        cmp byte [dta + 1Eh], '.'
        je .skip
        mov dl, ' '
        call character
        mov si, dta + 1Eh
.name:  lodsb
        or al, al
        jz .named
        mov dl, al
        call character
        jmp short .name
.named: inc byte [count]
        cmp byte [count], 6
        je .files
.skip:  mov ah, 4Fh
        int 21h
        jmp short .file
.files: mov dx, text_primes
        call print

        push cs                                 ; the sieve of Eratosthenes up to 10,000
        pop es
        mov di, sieve
        mov cx, 10001
        mov al, 1
        cld
        rep stosb
        mov si, 2
.sieve: cmp byte [sieve + si], 0
        je .next
        mov di, si
        add di, si
.cross: cmp di, 10000
        ja .next
        mov byte [sieve + di], 0
        add di, si
        jmp short .cross
.next:  inc si
        cmp si, 5000
        jb .sieve
        mov si, 2
        xor bx, bx
.count: mov al, [sieve + si]
        cbw
        add bx, ax
        jz .more
        or al, al
        jz .more
        cmp bx, 15
        ja .more
        push bx
        mov dl, ' '
        call character
        mov ax, si
        call decimal
        pop bx
.more:  inc si
        cmp si, 10000
        jbe .count
        mov dx, text_last
        call print
        mov ax, bx
        call decimal
        mov dx, text_end
        call print
        mov ax, 4C00h
        int 21h

print:  mov ah, 9
        int 21h
        ret

character:
        mov ah, 2
        int 21h
        ret

two_digits:
        aam
        add ax, 3030h
        push ax
        mov dl, ah
        call character
        pop dx
        jmp character

decimal:
        mov bx, 10
        xor cx, cx
.more:  xor dx, dx
        div bx
        push dx
        inc cx
        or ax, ax
        jnz .more
.digit: pop dx
        add dl, '0'
        call character
        loop .digit
        ret

title:       db 201, 30 dup (205), 187, 13, 10
             db 186, "  A DOS program, at your host ", 186, 13, 10
             db 200, 30 dup (205), 188, 13, 10, "$"
text_dos:    db "DOS version   $"
text_date:   db 13, 10, "Date          $"
text_memory: db 13, 10, "Memory        $"
text_free:   db " KB, $"
text_files:  db " KB of it for programs", 13, 10, "Files        $"
text_primes: db 13, 10, "Primes       $"
text_last:   db " ...", 13, 10, "Up to 10,000  $"
text_end:    db 13, 10, "$"
pattern:     db "*.*", 0
count:       db 0
dta:         times 64 db 0
sieve:
