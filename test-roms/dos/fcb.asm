; fcb: files by file control block.
; Tests: AH=0Fh to 17h, 21h to 24h, 27h to 29h, 13h with a pattern, extended FCBs, sizes and records.

%include "check.inc"

        mov ah, 1Ah
        mov dx, dta
        int 21h

; Names.
        push ds
        pop es
        mov si, name_1
        mov di, parsed
        mov ax, 2901h
        int 21h
        expect_al 0, "parse a name"
        expect_string parsed, {0, "NAME    TXT"}, "into the FCB"
        cmp byte [si], ' '
        expect e, "SI is behind it"
        mov si, name_2
        mov di, parsed
        mov ax, 2901h
        int 21h
        expect_al 1, "parse a pattern"
        expect_string parsed, {0, "AB??????C? "}, "stars become question marks"
        mov si, name_3
        mov di, parsed
        mov ax, 2900h
        int 21h
        expect_al 0FFh, "parse an invalid drive"
        mov si, name_4
        mov di, parsed
        mov ax, 2901h
        int 21h
        expect_string parsed, {0, "LONGNAMEEXT"}, "long parts are cut"
        mov si, name_5
        mov di, parsed
        mov byte [parsed], 7
        mov ax, 290Eh                           ; keep what is not given
        int 21h
        expect_string parsed, {7, "ONLY    EXT"}, "defaults are kept"

; Sequential records of 16 bytes.
        mov dx, fcb
        mov ah, 16h
        int 21h
        expect_al 0, "create"
        mov word [fcb + 0Eh], 16
        mov bx, 0
.write: mov di, dta
        mov al, bl
        add al, 'a'
        mov cx, 16
        cld
        rep stosb
        mov dx, fcb
        mov ah, 15h
        int 21h
        or al, al
        jnz .written
        inc bx
        cmp bx, 10
        jb .write
.written:
        expect_eq bx, 10, "write ten records"
        mov ah, 10h
        mov dx, fcb
        int 21h
        expect_al 0, "close"
        call clear
        mov dx, fcb
        mov ah, 0Fh
        int 21h
        expect_al 0, "open"
        expect_eq word [fcb + 0Eh], 128, "open sets records of 128 bytes"
        expect_eq word [fcb + 10h], 160, "and the size"
        mov word [fcb + 0Eh], 16
        mov dx, fcb
        mov ah, 14h
        int 21h
        expect_al 0, "read the first record"
        expect_string dta, "aaaaaaaaaaaaaaaa", "which is right"
        mov dx, fcb
        mov ah, 14h
        int 21h
        expect_string dta, "bbbbbbbbbbbbbbbb", "and the second"
        mov al, [fcb + 20h]
        expect_al 2, "the current record counts"
        mov word [fcb + 21h], 7
        mov word [fcb + 23h], 0
        mov dx, fcb
        mov ah, 21h
        int 21h
        expect_al 0, "read record 7"
        expect_string dta, "hhhhhhhhhhhhhhhh", "which is right"
        expect_eq word [fcb + 21h], 7, "the random record stays"
        mov byte [dta], 'H'
        mov dx, fcb
        mov ah, 22h
        int 21h
        expect_al 0, "write record 7"
        mov word [fcb + 21h], 8
        mov dx, fcb
        mov cx, 5
        mov ah, 27h
        int 21h
        expect_al 1, "a block read meets the end"
        expect_eq cx, 2, "after two records"
        expect_eq word [fcb + 21h], 10, "the random record has moved"
        mov word [fcb + 21h], 7
        mov dx, fcb
        mov cx, 1
        mov ah, 27h
        int 21h
        expect_string dta, "Hhhh", "what was written is there"
        mov byte [fcb + 0Ch], 0
        mov byte [fcb + 20h], 5
        mov ah, 24h
        mov dx, fcb
        int 21h
        expect_eq word [fcb + 21h], 5, "AH=24 takes the current record"
        mov word [fcb + 21h], 12
        mov word [fcb + 23h], 0
        mov cx, 0
        mov dx, fcb
        mov ah, 28h
        int 21h
        expect_al 0, "a block write of no records"
        mov dx, fcb
        mov ah, 10h
        int 21h
        call clear
        mov dx, fcb
        mov word [fcb + 0Eh], 16
        mov ah, 23h
        int 21h
        expect_al 0, "AH=23"
        expect_eq word [fcb + 21h], 12, "the file was made longer"
        mov dx, fcb
        mov ah, 0Fh
        int 21h
        mov word [fcb + 0Eh], 128
        mov byte [fcb + 20h], 1
        mov dx, fcb
        mov ah, 14h
        int 21h
        expect_al 3, "a last record in part"
        mov al, [dta + 64]
        expect_al 0, "is filled with zeros"
        mov dx, fcb
        mov ah, 14h
        int 21h
        expect_al 1, "then the end"
        mov dx, fcb
        mov ah, 10h
        int 21h

; Searching, renaming, deleting.
        mov dx, pattern
        mov ah, 11h
        int 21h
        expect_al 0, "find first"
        expect_string dta + 1, "FCBTEST DAT", "the name"
        expect_eq word [dta + 1Dh], 192, "the size in the directory entry"
        mov dx, pattern
        mov ah, 12h
        int 21h
        expect_al 0FFh, "find no second"
        mov dx, extended
        mov ah, 11h
        int 21h
        expect_al 0, "find first with an extended FCB"
        mov al, [dta]
        expect_al 0FFh, "gives an extended one"
        expect_string dta + 8, "FCBTEST DAT", "with the name behind the header"
        mov dx, rename
        mov ah, 17h
        int 21h
        expect_al 0, "rename with a pattern"
        mov dx, fcb
        call clear
        mov ah, 0Fh
        int 21h
        expect_al 0FFh, "the old name is gone"
        mov dx, renamed
        mov ah, 13h
        int 21h
        expect_al 0, "delete by a pattern"
        mov dx, renamed
        mov ah, 13h
        int 21h
        expect_al 0FFh, "delete nothing"
        finish

; Clears the fields of the FCB behind the name.
clear:  push di
        push cx
        mov di, fcb + 0Ch
        mov cx, 25
        mov al, 0
        cld
        rep stosb
        pop cx
        pop di
        ret

name_1:  db "  name.txt rest", 0
name_2:  db "ab*.c?", 0
name_3:  db "9:x", 0
name_4:  db "longname12.extension", 0
name_5:  db "only", 0
parsed:  db 0, "        EXT", 0, 0, 0, 0
fcb:     db 0, "FCBTEST DAT"
         times 25 db 0
pattern: db 0, "FCBTEST ???"
         times 25 db 0
extended:
         db 0FFh, 0, 0, 0, 0, 0, 0, 0, "FCBTEST ???"
         times 25 db 0
rename:  db 0, "FCBTEST DAT", 0, 0, 0, 0, 0, "FCBNEW  ???"
         times 25 db 0
renamed: db 0, "FCBNEW  ???"
         times 25 db 0
dta:     times 256 db 0
