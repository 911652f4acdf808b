; string: MOVS, STOS, LODS, CMPS, SCAS with and without repetition.
; Tests: both directions, CX = 0, REPE and REPNE ends, segment overrides, offsets that wrap inside the segment.

%include "check.inc"

        push cs
        pop ds
        push cs
        pop es
        cld
        mov si, source
        mov di, target
        mov cx, 5
        rep movsb
        expect_string target, "ABCDE", "rep movsb forward"
        expect_eq si, source + 5, "SI is behind the source"
        expect_eq di, target + 5, "DI is behind the target"
        expect_eq cx, 0, "CX is used up"

        std
        mov si, source + 4
        mov di, target + 8
        mov cx, 4
        rep movsb
        cld
        expect_string target + 5, "BCDE", "rep movsb backward"
        expect_eq di, target + 4, "DI is before the target"

        mov si, source                          ; the classic fill: source and target overlap
        mov di, target
        movsb
        mov si, target
        mov cx, 6
        rep movsb
        expect_string target, "AAAAAAA", "overlapping movsb repeats the first byte"

        mov si, source
        mov di, target
        mov cx, 3
        rep movsw
        expect_string target, "ABCDEF", "rep movsw"

        xor cx, cx
        mov di, target
        mov al, 'x'
        cmp al, al
        rep stosb
        expect z, "rep with CX = 0 keeps the flags"
        expect_eq di, target, "rep with CX = 0 does nothing"

        mov ax, 'yz'
        mov cx, 2
        rep stosw
        expect_string target, "yzyzEF", "rep stosw"

        mov si, source
        lodsb
        mov dl, al
        lodsw
        cmp dl, 'A'
        expect z, "lodsb"
        cmp ax, 'BC'
        expect z, "lodsw"
        mov si, source
        mov cx, 4
        rep lodsb
        expect_al 'D', "rep lodsb keeps the last byte"

        mov si, source
        mov di, other
        mov cx, 10
        repe cmpsb
        expect nz, "repe cmpsb ends at a difference"
        expect_eq cx, 6, "repe cmpsb leaves the count"
        expect_eq si, source + 4, "repe cmpsb is behind the difference"
        mov si, source
        mov di, other
        mov cx, 3
        repe cmpsb
        expect z, "repe cmpsb ends at the count"
        mov si, source + 2
        mov di, other + 3
        mov cx, 10
        repne cmpsb
        expect z, "repne cmpsb ends at an equality"
        expect_eq cx, 7, "repne cmpsb leaves the count"
        mov si, source
        mov di, other
        std
        cmpsw
        cld
        expect z, "cmpsw backward"
        expect_eq di, other - 2, "cmpsw backward moves by two"

        mov di, source
        mov al, 'D'
        mov cx, 10
        repne scasb
        expect z, "repne scasb finds"
        expect_eq di, source + 4, "repne scasb is behind the find"
        mov di, source
        mov al, '?'
        mov cx, 10
        repne scasb
        expect nz, "repne scasb does not find"
        expect_eq cx, 0, "repne scasb uses the count"
        mov di, target
        mov ax, 'yz'
        mov cx, 5
        repe scasw
        expect_eq cx, 2, "repe scasw"

; SI wraps inside the segment: the byte at FFFFh, then the byte at 0.
        mov ax, cs
        add ax, 1000h
        mov ds, ax
        mov byte [0FFFFh], 'p'
        mov byte [0], 'q'
        mov si, 0FFFFh
        mov di, target
        movsb
        movsb
        push cs
        pop ds
        expect_string target, "pq", "the offset wraps inside the segment"
        expect_eq si, 1, "SI has wrapped"

; A segment override replaces DS, never ES.
        mov ax, cs
        add ax, 1000h
        mov es, ax
        mov byte [es:100h], 'e'
        push cs
        pop es
        mov ds, ax
        mov si, source
        mov di, target
        cs movsb
        push cs
        pop ds
        expect_string target, "A", "cs movsb reads from CS"
        mov ax, ds
        add ax, 1000h
        push ds
        mov ds, ax
        mov si, 100h
        mov al, 0
        lodsb
        pop ds
        expect_al 'e', "lodsb reads from DS"

        mov al, 2
        mov bx, source
        xlat
        expect_al 'C', "xlat"
        finish

source: db "ABCDEFGHIJ"
        dw 0
        db "--"
other:  db "ABCdEEFGHIJ"
target: times 16 db 0
