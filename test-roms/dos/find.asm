; find: searches by handle functions.
; Tests: AH=4Eh, 4Fh, 1Ah, 2Fh; patterns, attributes, the entry in the DTA, deleting while searching, errors.

%include "check.inc"

        mov dx, directory
        mov ah, 39h
        int 21h
        mov ah, 3Bh
        int 21h
        expect_ok "a directory for the test"
        mov si, names
.make:  mov dx, si
        mov cx, 0
        mov ah, 3Ch
        int 21h
        mov bx, ax
        mov cx, 5
        mov dx, names
        mov ah, 40h
        int 21h
        mov ah, 3Eh
        int 21h
.skip:  lodsb
        or al, al
        jnz .skip
        cmp byte [si], 0
        jne .make
        mov ax, 4301h
        mov cx, 2
        mov dx, hidden
        int 21h
        mov dx, inner
        mov ah, 39h
        int 21h

        mov ah, 1Ah
        mov dx, dta
        int 21h
        mov ah, 2Fh
        push es
        int 21h
        pop es
        expect_eq bx, dta, "the DTA is where it was set"

        mov dx, all
        mov cx, 0
        call count
        expect_eq ax, 5, "*.* without attributes: the normal files"
        mov dx, all
        mov cx, 2
        call count
        expect_eq ax, 6, "with hidden files"
        mov dx, all
        mov cx, 10h
        call count
        expect_eq ax, 8, "with directories, . and .. too"
        mov dx, star
        mov cx, 0
        call count
        expect_eq ax, 1, "* is names without extension"
        mov dx, text
        mov cx, 0
        call count
        expect_eq ax, 3, "*.TXT"
        mov dx, question
        mov cx, 0
        call count
        expect_eq ax, 2, "A?.TXT matches one or no character"
        mov dx, prefix
        mov cx, 0
        call count
        expect_eq ax, 1, "what follows a star is ignored"
        mov dx, lower
        mov cx, 0
        call count
        expect_eq ax, 3, "small letters"
        mov dx, longer
        mov cx, 0
        call count
        expect_eq ax, 1, "long parts are cut"

        mov dx, names
        mov cx, 0
        mov ah, 4Eh
        int 21h
        expect_ok "a name without wildcards"
        expect_string dta + 1Eh, {"A.TXT", 0}, "the name in the DTA"
        mov al, [dta + 15h]
        expect_al 20h, "the attribute"
        expect_eq word [dta + 1Ah], 5, "the size"
        expect_eq word [dta + 1Ch], 0, "the size, high word"
        mov ah, 4Fh
        int 21h
        expect_error 12h, "there is no second"
        mov dx, missing
        mov cx, 0
        mov ah, 4Eh
        int 21h
        expect_error 12h, "nothing matches"
        mov dx, no_path
        mov ah, 4Eh
        int 21h
        expect_error 3, "the directory is not there"
        mov dx, inner
        mov cx, 10h
        mov ah, 4Eh
        int 21h
        mov al, [dta + 15h]
        expect_al 10h, "a directory"
        expect_eq word [dta + 1Ah], 0, "has size 0"

; Two searches at the same time, each with its own DTA.
        mov dx, text
        mov cx, 0
        mov ah, 4Eh
        int 21h
        mov ah, 1Ah
        mov dx, dta_2
        int 21h
        mov dx, all
        mov cx, 0
        call count
        mov ah, 1Ah
        mov dx, dta
        int 21h
        mov bx, 1
.next:  mov ah, 4Fh
        int 21h
        jc .last
        inc bx
        jmp short .next
.last:  expect_eq bx, 3, "a search goes on after another"

; Deleting what is found.
        mov bx, 0
        mov dx, all
        mov cx, 0
        mov ah, 4Eh
        int 21h
.delete:
        jc .deleted
        inc bx
        mov dx, dta + 1Eh
        mov ah, 41h
        int 21h
        mov ah, 4Fh
        int 21h
        jmp short .delete
.deleted:
        expect_eq bx, 5, "deleting while searching misses none"
        mov dx, all
        mov cx, 0
        call count
        expect_eq ax, 0, "and leaves none"

        mov ax, 4301h
        mov cx, 0
        mov dx, hidden
        int 21h
        mov dx, hidden
        mov ah, 41h
        int 21h
        mov dx, inner
        mov ah, 3Ah
        int 21h
        mov dx, parent
        mov ah, 3Bh
        int 21h
        mov dx, directory
        mov ah, 3Ah
        int 21h
        expect_ok "the directory is removed"
        finish

; AX = how many entries match DS:DX with attributes CX.
count:  push bx
        xor bx, bx
        mov ah, 4Eh
        int 21h
.next:  jc .end
        inc bx
        mov ah, 4Fh
        int 21h
        jmp short .next
.end:   mov ax, bx
        pop bx
        ret

directory: db "FINDTEST", 0
parent:    db "..", 0
inner:     db "INNER", 0
hidden:    db "HIDDEN.TXT", 0
names:     db "A.TXT", 0, "AB.TXT", 0, "ABC.TXT", 0, "NOEXT", 0, "LONGNAME.DAT", 0, "HIDDEN.TXT", 0, 0
all:       db "*.*", 0
star:      db "*", 0
text:      db "*.TXT", 0
lower:     db "*.txt", 0
question:  db "A?.TXT", 0
prefix:    db "ABC*Z.TXT", 0
longer:    db "LONGNAMEXY.DATA", 0
missing:   db "MISSING.*", 0
no_path:   db "NODIR\*.*", 0
dta:       times 64 db 0
dta_2:     times 64 db 0
