; handles: files by handle.
; Tests: AH=3Ch to 43h, 45h, 46h, 56h, 57h, 5Ah, 5Bh, 68h, 6Ch, and their errors.

%include "check.inc"

%macro name 2                                   ; FUNCTION, name: AH and DS:DX
        mov dx, %2
        mov ah, %1
        int 21h
%endmacro

        mov cx, 0
        name 3Ch, file
        expect_ok "create"
        mov [handle], ax
        expect_eq ax, 5, "the first free handle"
        mov bx, ax
        mov cx, 10
        name 40h, digits
        expect_ok "write"
        expect_eq ax, 10, "ten bytes written"
        mov ax, 4201h
        xor cx, cx
        xor dx, dx
        int 21h
        expect_eq ax, 10, "the position is behind them"
        mov ax, 4200h
        mov dx, 3
        int 21h
        expect_eq ax, 3, "seek from the start"
        mov cx, 4
        name 3Fh, buffer
        expect_eq ax, 4, "four bytes read"
        expect_string buffer, "3456", "the right ones"
        mov ax, 4201h
        mov cx, 0FFFFh
        mov dx, -2
        int 21h
        expect_eq ax, 5, "seek back from here"
        mov ax, 4202h
        mov cx, 0FFFFh
        mov dx, -1
        int 21h
        expect_eq ax, 9, "seek from the end"
        mov cx, 5
        name 3Fh, buffer
        expect_eq ax, 1, "a read is cut at the end"
        mov cx, 5
        name 3Fh, buffer
        expect_eq ax, 0, "a read at the end gives nothing"
        expect nc, "and is no error"
        mov ax, 4200h
        mov cx, 0
        mov dx, 20
        int 21h
        expect_eq ax, 20, "seek beyond the end"
        mov cx, 5
        name 3Fh, buffer
        expect_eq ax, 0, "a read beyond the end gives nothing"
        mov cx, 1
        name 40h, digits
        expect_eq ax, 1, "a write beyond the end"
        mov ax, 4202h
        mov cx, 0
        mov dx, 0
        int 21h
        expect_eq ax, 21, "makes the file longer"
        mov ax, 4200h
        mov dx, 6
        int 21h
        mov cx, 0
        name 40h, digits
        expect_eq ax, 0, "a write of no bytes"
        mov ax, 4202h
        xor dx, dx
        int 21h
        expect_eq ax, 6, "cuts the file at the position"
        mov ax, 4203h
        int 21h
        expect_error 1, "seek with an unknown origin"
        mov ah, 68h
        int 21h
        expect_ok "commit"
        mov ax, 5701h
        mov cx, 6C61h                           ; 13:35:02
        mov dx, 1A21h                           ; 1993-01-01
        int 21h
        expect_ok "set date and time"
        mov ah, 3Eh
        int 21h
        expect_ok "close"
        mov ah, 3Eh
        int 21h
        expect_error 6, "close twice"
        mov cx, 1
        name 3Fh, buffer
        expect_error 6, "read a closed handle"

        mov ax, 3D00h
        mov dx, file
        int 21h
        expect_ok "open for reading"
        mov bx, ax
        mov ax, 5700h
        int 21h
        expect_eq cx, 6C61h, "the time was kept"
        expect_eq dx, 1A21h, "the date was kept"
        mov cx, 1
        name 40h, digits
        expect_error 5, "write to a file open for reading"
        mov ah, 45h
        int 21h
        expect_ok "duplicate"
        mov [handle], ax
        mov cx, 2
        name 3Fh, buffer
        push bx
        mov bx, [handle]
        mov ax, 4201h
        xor cx, cx
        xor dx, dx
        int 21h
        pop bx
        expect_eq ax, 2, "a duplicate has the same position"
        mov ah, 3Eh
        int 21h
        mov bx, [handle]
        mov cx, 2
        name 3Fh, buffer
        expect_eq ax, 2, "a duplicate stays open"
        expect_string buffer, "23", "and goes on"
        mov cx, 19
        mov ah, 46h
        int 21h
        expect_ok "force a duplicate to handle 19"
        push bx
        mov bx, 19
        mov cx, 2
        name 3Fh, buffer
        expect_string buffer, "45", "handle 19 goes on"
        mov ah, 3Eh
        int 21h
        pop bx
        mov ah, 3Eh
        int 21h

        mov ax, 3D01h
        mov dx, file
        int 21h
        mov bx, ax
        mov cx, 1
        name 3Fh, buffer
        expect_error 5, "read from a file open for writing"
        mov ah, 3Eh
        int 21h
        mov ax, 3D03h
        mov dx, file
        int 21h
        expect_error 0Ch, "open with an invalid mode"
        mov ax, 3D00h
        mov dx, nothing
        int 21h
        expect_error 2, "open what is not there"
        mov ax, 3D00h
        mov dx, no_path
        int 21h
        expect_error 3, "open in a directory that is not there"
        mov ax, 3D00h
        mov dx, wild
        int 21h
        expect c, "open a wildcard"
        mov cx, 0
        name 3Ch, no_path
        expect_error 3, "create in a directory that is not there"

        mov ax, 4300h
        mov dx, file
        int 21h
        expect_eq cx, 20h, "attributes: archive"
        mov ax, 4301h
        mov cx, 21h
        int 21h
        expect_ok "make it read-only"
        mov ax, 3D02h
        int 21h
        expect_error 5, "open a read-only file for writing"
        mov cx, 0
        name 3Ch, file
        expect_error 5, "create over a read-only file"
        name 41h, file
        expect_error 5, "delete a read-only file"
        mov ax, 4301h
        mov cx, 20h
        mov dx, file
        int 21h
        mov ax, 4301h
        mov cx, 10h
        int 21h
        expect_error 5, "a file cannot become a directory"
        mov ax, 4300h
        mov dx, nothing
        int 21h
        expect_error 2, "attributes of what is not there"
        mov ax, 4302h
        mov dx, file
        int 21h
        expect_error 1, "attributes, unknown function"

        mov cx, 0
        name 5Bh, file
        expect_error 50h, "create new over an existing file"
        mov cx, 0
        name 5Bh, second
        expect_ok "create new"
        mov bx, ax
        mov ah, 3Eh
        int 21h
        push ds
        pop es
        mov di, second
        name 56h, file
        expect_error 5, "rename to an existing name"
        name 41h, second
        expect_ok "delete"
        name 41h, second
        expect_error 2, "delete twice"
        mov di, second
        name 56h, file
        expect_ok "rename"
        mov ax, 3D00h
        mov dx, file
        int 21h
        expect_error 2, "the old name is gone"
        mov cx, 0
        name 5Ah, temporary
        expect_ok "create a temporary file"
        mov bx, ax
        mov ah, 3Eh
        int 21h
        name 41h, temporary
        expect_ok "delete it by the name that DOS made"

        mov ax, 6C00h
        mov bx, 2
        mov cx, 0
        mov dx, 11h                             ; open, or create
        mov si, file
        int 21h
        expect_ok "extended open creates"
        expect_eq cx, 2, "and says so"
        mov bx, ax
        mov ah, 3Eh
        int 21h
        mov ax, 6C00h
        mov bx, 0
        mov cx, 0
        mov dx, 01h
        mov si, file
        int 21h
        expect_eq cx, 1, "extended open opens"
        mov bx, ax
        mov ah, 3Eh
        int 21h
        mov ax, 6C00h
        mov bx, 0
        mov cx, 0
        mov dx, 10h
        mov si, file
        int 21h
        expect_error 50h, "extended open: fail if it exists"
        name 41h, file
        name 41h, second

        mov word [count], 0                     ; open until DOS says no more
.more:  mov ax, 3D00h
        mov dx, null
        int 21h
        jc .full
        inc word [count]
        cmp word [count], 30
        jb .more
.full:  expect_error 4, "too many open files"
        expect_eq word [count], 15, "a process has twenty handles"
        mov ah, 59h
        mov bx, 0
        push ds
        push es
        int 21h
        pop es
        pop ds
        expect_eq ax, 4, "extended error"
        finish

file:      db "TEST.DAT", 0
second:    db "SECOND.DAT", 0
nothing:   db "NOTHING.DAT", 0
no_path:   db "NODIR\TEST.DAT", 0
wild:      db "*.DAT", 0
null:      db "NUL", 0
digits:    db "0123456789"
handle:    dw 0
count:     dw 0
temporary: db ".\", 0
           times 20 db 0
buffer:    times 64 db 0
