; dirs: directories and paths.
; Tests: AH=39h, 3Ah, 3Bh, 47h, 0Eh, 19h, 36h, 60h; "." and "..", slashes, errors.

%include "check.inc"

%macro path 2
        mov dx, %2
        mov ah, %1
        int 21h
%endmacro

        path 39h, one
        expect_ok "make a directory"
        path 39h, one
        expect_error 5, "make it twice"
        path 39h, deep
        expect_error 3, "make one where there is no parent"
        path 39h, two
        expect_ok "make one inside"
        path 3Ah, one
        expect_error 5, "remove one that is not empty"
        path 3Bh, two
        expect_ok "change to it"
        call current
        expect_string buffer, {"DIRTEST\TWO", 0}, "the current directory"
        path 3Ah, inside
        expect_error 10h, "remove the current directory"
        path 3Bh, up
        expect_ok "change to .."
        call current
        expect_string buffer, {"DIRTEST", 0}, "and be there"
        path 3Bh, slash
        expect_ok "a path with / and small letters"
        call current
        expect_string buffer, {"DIRTEST\TWO", 0}, "is the same directory"
        path 3Bh, dots
        expect_ok "a path with . and .."
        call current
        expect_string buffer, {"DIRTEST", 0}, "leads there"
        path 3Bh, nothing
        expect_error 3, "change to what is not there"
        mov cx, 0
        path 3Ch, file
        mov bx, ax
        mov ah, 3Eh
        int 21h
        path 3Bh, file
        expect_error 3, "change to a file"
        path 3Ah, file
        expect c, "remove a file as a directory"
        path 3Bh, root
        expect_ok "change to the root"
        call current
        expect_string buffer, 0, "the root is an empty string"
        path 3Bh, up
        expect_error 3, "there is nothing above the root"
        path 41h, two
        expect c, "delete a directory as a file"
        path 41h, file_path
        path 3Ah, inside
        expect_ok "remove the inner one"
        path 3Ah, one
        expect_ok "remove the outer one"
        path 3Ah, one
        expect_error 3, "remove it twice"

        mov ah, 19h
        int 21h
        mov dl, al
        mov [drive], al
        mov ah, 0Eh
        int 21h
        mov ah, 19h
        int 21h
        cmp al, [drive]
        expect e, "select the current drive"
        mov dl, 25
        mov ah, 0Eh
        int 21h
        mov bl, al
        mov ah, 19h
        int 21h
        push ax
        mov dl, [drive]
        mov ah, 0Eh
        int 21h
        pop ax
        mov dl, 99
        mov ah, 0Eh
        int 21h
        mov ah, 19h
        int 21h
        cmp al, [drive]
        expect e, "an invalid drive changes nothing"
        mov ah, 47h
        mov dl, 99
        mov si, buffer
        int 21h
        expect_error 0Fh, "the current directory of an invalid drive"
        mov ah, 36h
        mov dl, 99
        int 21h
        expect_eq ax, 0FFFFh, "the free space of an invalid drive"
        mov ah, 36h
        mov dl, 0
        int 21h
        cmp ax, 0FFFFh
        expect ne, "the free space of this drive"
        cmp cx, 512
        expect e, "sectors of 512 bytes"
        cmp bx, dx
        expect be, "not more free than there is"

        push ds
        pop es
        mov si, name_1
        mov di, buffer
        mov ah, 60h
        int 21h
        expect_ok "canonical path"
        expect_string buffer + 1, {":\A.B", 0}, "of a path with dots"
        mov si, name_2
        mov di, buffer
        mov ah, 60h
        int 21h
        expect_string buffer + 1, {":\????????.TX?", 0}, "of a pattern"
        mov si, name_3
        mov di, buffer
        mov ah, 60h
        int 21h
        expect_string buffer + 1, {":\LONGNAME.EXT", 0}, "of a name that is too long"
        finish

current:
        mov ah, 47h
        mov dl, 0
        mov si, buffer
        int 21h
        ret

one:       db "\DIRTEST", 0
two:       db "\DIRTEST\TWO", 0
inside:    db "\DIRTEST\TWO", 0
deep:      db "\DIRTEST\NONE\DEEP", 0
up:        db "..", 0
slash:     db "/dirtest/two", 0
dots:      db ".\..\TWO\.\..", 0
nothing:   db "NOTHING", 0
file:      db "FILE.TXT", 0
file_path: db "\DIRTEST\FILE.TXT", 0
root:      db "\", 0
name_1:    db "\x\y\..\..\.\a.b", 0
name_2:    db "\*.tx?", 0
name_3:    db "\longname12.extension", 0
drive:     db 0
buffer:    times 130 db 0
