; video: text modes by INT 10h and by video memory, and the status port.
; Tests: mode, cursor, character and attribute, scrolling, pages, teletype, the data area, retrace bits at 3DAh.
; Output: file
; Its reports go to a file by redirection, since what it writes to the screen by INT 10h would lie between them.

%include "check.inc"

        mov ax, 0003h
        int 10h
        mov ah, 0Fh
        int 10h
        expect_al 3, "mode 3"
        expect_ah 80, "80 columns"
        mov al, bh
        expect_al 0, "page 0"
        mov ax, 0B800h
        mov es, ax
        expect_eq word [es:0], 0720h, "the screen is blank"

        mov ah, 2
        mov bh, 0
        mov dx, 0305h                           ; row 3, column 5
        int 10h
        mov ax, 0941h
        mov bx, 001Eh
        mov cx, 3
        int 10h
        expect_eq word [es:(3 * 80 + 5) * 2], 1E41h, "write character and attribute"
        expect_eq word [es:(3 * 80 + 7) * 2], 1E41h, "three of them"
        expect_eq word [es:(3 * 80 + 8) * 2], 0720h, "and no more"
        mov ax, 0A42h
        mov cx, 1
        int 10h
        expect_eq word [es:(3 * 80 + 5) * 2], 1E42h, "write character keeps the attribute"
        mov ah, 3
        mov bh, 0
        int 10h
        expect_eq dx, 0305h, "the cursor has not moved"
        mov ah, 8
        mov bh, 0
        int 10h
        expect_eq ax, 1E42h, "read character and attribute"

        mov ax, 0E43h
        mov bx, 0007h
        int 10h
        expect_eq word [es:(3 * 80 + 5) * 2], 1E43h, "teletype writes with the attribute that is there"
        mov ah, 3
        mov bh, 0
        int 10h
        expect_eq dx, 0306h, "teletype moves the cursor"
        mov ax, 0E0Dh
        int 10h
        mov ax, 0E0Ah
        int 10h
        mov ah, 3
        mov bh, 0
        int 10h
        expect_eq dx, 0400h, "carriage return and line feed"
        mov ax, 0E08h
        int 10h
        mov ah, 3
        mov bh, 0
        int 10h
        expect_eq dx, 0400h, "backspace stops at the left"

        mov ax, 0601h                           ; up one line, rows 2 to 5, columns 4 to 10
        mov bh, 70h
        mov cx, 0204h
        mov dx, 050Ah
        int 10h
        expect_eq word [es:(2 * 80 + 5) * 2], 1E43h, "scroll up moves the window"
        expect_eq word [es:(5 * 80 + 4) * 2], 7020h, "and fills the line below"
        expect_eq word [es:(5 * 80 + 11) * 2], 0720h, "not what is beside it"
        mov ax, 0702h
        mov bh, 17h
        mov cx, 0204h
        mov dx, 050Ah
        int 10h
        expect_eq word [es:(4 * 80 + 5) * 2], 1E43h, "scroll down"
        expect_eq word [es:(2 * 80 + 4) * 2], 1720h, "and fills the lines above"
        mov ax, 0600h
        mov bh, 07h
        mov cx, 0
        mov dx, 184Fh
        int 10h
        expect_eq word [es:(4 * 80 + 5) * 2], 0720h, "scroll 0 lines clears"

        mov ah, 2
        mov bh, 0
        mov dx, 184Fh                           ; the last cell
        int 10h
        mov ax, 0E5Ah
        int 10h
        expect_eq word [es:(23 * 80 + 79) * 2], 075Ah, "teletype in the last cell scrolls"
        mov ah, 3
        mov bh, 0
        int 10h
        expect_eq dx, 1800h, "the cursor is on the new line"

        mov ax, 0501h
        int 10h
        mov ah, 0Fh
        int 10h
        mov al, bh
        expect_al 1, "page 1 is shown"
        mov ax, 40h
        push ds
        mov ds, ax
        mov ax, [4Eh]
        mov bl, [62h]
        mov cx, [63h]
        mov dl, [49h]
        mov dh, [4Ah]
        pop ds
        expect_eq ax, 1000h, "data area: the page starts at 1000"
        expect_eq cx, 3D4h, "data area: the port of the 6845"
        mov al, bl
        expect_al 1, "data area: the page"
        mov al, dl
        expect_al 3, "data area: the mode"
        mov al, dh
        expect_al 80, "data area: the columns"
        mov ah, 2
        mov bh, 1
        mov dx, 0101h
        int 10h
        mov ax, 0958h
        mov bx, 0107h
        mov cx, 1
        int 10h
        expect_eq word [es:1000h + (80 + 1) * 2], 0758h, "page 1 has its own memory"
        mov ax, 0500h
        int 10h

        mov dx, 3DAh                            ; both levels of both bits are seen
        mov bx, 0
        mov cx, 0FFFFh
.poll:  in al, dx
        mov ah, al
        not ah
        and ax, 0909h
        or bx, ax
        loop .poll
        expect_eq bx, 0909h, "retrace and display enable come and go"

        mov ax, 0001h
        int 10h
        mov ah, 0Fh
        int 10h
        expect_ah 40, "mode 1 has 40 columns"
        mov ax, 0083h                           ; bit 7: do not clear
        mov word [es:0], 4E55h
        int 10h
        expect_eq word [es:0], 4E55h, "mode with bit 7 keeps the memory"
        mov ah, 0Fh
        int 10h
        and al, 7Fh
        expect_al 3, "and sets the mode"
        mov ah, 1
        mov cx, 0607h
        int 10h
        mov ah, 3
        mov bh, 0
        int 10h
        expect_eq cx, 0607h, "the cursor's shape"

        push cs                                 ; write a string, moving the cursor
        pop es
        mov ax, 1301h
        mov bx, 001Fh
        mov cx, 5
        mov dx, 0A14h
        mov bp, text
        int 10h
        mov ah, 3
        mov bh, 0
        int 10h
        expect_eq dx, 0A19h, "write string moves the cursor"
        mov ax, 0B800h
        mov es, ax
        expect_eq word [es:(10 * 80 + 20) * 2], 1F48h, "write string, the first character"
        mov ax, 0003h
        int 10h
        finish

text:   db "Hello"
