; system: date, time, vectors, country, break flag, extended errors, devices and IOCTL.
; Tests: AH=25h, 2Ah to 2Eh, 30h, 33h, 34h, 35h, 37h, 38h, 44h, 52h, 54h, 59h, 65h, 66h.

%include "check.inc"

        mov cx, 1987
        mov dx, 0C1Fh
        mov ah, 2Bh
        int 21h
        expect_al 0, "set the date"
        mov ah, 2Ah
        int 21h
        expect_eq cx, 1987, "the year"
        expect_eq dx, 0C1Fh, "31 December"
        expect_al 4, "was a Thursday"
        mov cx, 1987
        mov dx, 021Eh
        mov ah, 2Bh
        int 21h
        expect_al 0FFh, "there is no 30 February"
        mov cx, 1979
        mov dx, 0101h
        mov ah, 2Bh
        int 21h
        expect_al 0FFh, "nor a year before 1980"
        mov cx, 1988
        mov dx, 021Dh
        mov ah, 2Bh
        int 21h
        expect_al 0, "29 February 1988"
        mov cx, 0C22h
        mov dx, 3800h
        mov ah, 2Dh
        int 21h
        expect_al 0, "set the time"
        mov ah, 2Ch
        int 21h
        expect_eq cx, 0C22h, "hours and minutes"
        sub dh, 37h                             ; or a tick less
        cmp dh, 1
        expect be, "seconds"
        mov cx, 1800h
        mov ah, 2Dh
        int 21h
        expect_al 0FFh, "there is no hour 24"

        mov ah, 30h
        int 21h
        cmp al, 3
        expect ae, "DOS is version 3 or later"
        mov ax, 3300h
        int 21h
        mov [break], dl
        mov dl, 1
        mov ax, 3301h
        int 21h
        mov ax, 3300h
        int 21h
        mov al, dl
        expect_al 1, "the break flag"
        mov dl, [break]
        mov ax, 3301h
        int 21h
        mov ax, 2E01h
        mov dl, 0
        int 21h
        mov ah, 54h
        int 21h
        expect_al 1, "the verify flag"
        mov ax, 2E00h
        mov dl, 0
        int 21h
        mov ah, 34h
        push es
        int 21h
        mov al, [es:bx]
        pop es
        expect_al 0, "InDOS is 0 in a program"
        mov ax, 3700h
        int 21h
        mov al, dl
        expect_al '/', "the switch character"
        mov ah, 52h
        push es
        int 21h
        mov ax, [es:bx - 2]                     ; the first memory control block
        mov es, ax
        mov al, [es:0]
        pop es
        expect_al 'M', "the list of lists leads to the memory"

        mov ax, 2562h
        mov dx, 1234h
        int 21h
        mov ax, 3562h
        push es
        int 21h
        mov ax, es
        pop es
        expect_eq bx, 1234h, "a vector's offset"
        mov bx, cs
        cmp ax, bx
        expect e, "a vector's segment"

        mov ax, 3800h
        mov dx, buffer
        int 21h
        expect_ok "country information"
        expect_eq word [buffer], 0, "the date is month, day, year"
        expect_string buffer + 2, {"$", 0}, "the currency"
        expect_string buffer + 7, {",", 0, ".", 0, "-", 0, ":", 0}, "the separators"
        mov ax, [buffer + 12h]
        mov [call_address], ax
        mov ax, [buffer + 14h]
        mov [call_address + 2], ax
        mov al, 84h
        call far [call_address]
        expect_al 8Eh, "its routine makes a umlaut a capital"
        mov ax, 6501h
        mov bx, -1
        mov dx, -1
        mov cx, 41
        mov di, buffer
        push ds
        pop es
        int 21h
        expect_ok "extended country information"
        expect_eq word [buffer + 3], 1, "country 1"
        expect_eq word [buffer + 5], 437, "code page 437"
        mov ax, 6502h
        mov bx, -1
        mov dx, -1
        mov cx, 5
        mov di, buffer
        int 21h
        expect_ok "the table of capitals"
        les bx, [buffer + 1]
        expect_eq word [es:bx], 128, "has 128 bytes"
        mov al, [es:bx + 2 + 4]
        expect_al 8Eh, "a umlaut"
        push ds
        pop es
        mov ax, 6601h
        int 21h
        expect_eq bx, 437, "the active code page"

        mov dx, nothing
        mov ax, 3D00h
        int 21h
        mov ah, 59h
        mov bx, 0
        push ds
        push es
        int 21h
        pop es
        pop ds
        expect_eq ax, 2, "the extended error"
        mov al, bh
        expect_al 8, "its class: not found"
        mov al, ch
        expect_al 2, "its place: a block device"
        mov ax, 0FF00h
        int 21h
        expect_al 0, "an unknown function returns 0 in AL"

; Devices.
        mov ax, 3D02h
        mov dx, nul
        int 21h
        expect_ok "open NUL"
        mov bx, ax
        mov ax, 4400h
        int 21h
        and dx, 0084h
        expect_eq dx, 0084h, "IOCTL: NUL is a device, and is NUL"
        mov cx, 100
        mov dx, buffer
        mov ah, 40h
        int 21h
        expect_eq ax, 100, "NUL takes everything"
        mov ah, 3Fh
        mov cx, 100
        int 21h
        expect_eq ax, 0, "and gives nothing"
        mov ah, 3Eh
        int 21h
        mov ax, 3D02h
        mov dx, nul_path
        int 21h
        expect_ok "NUL with an extension, in any directory"
        mov bx, ax
        mov ah, 3Eh
        int 21h
        mov ax, 3D02h
        mov dx, con
        int 21h
        mov bx, ax
        mov ax, 4400h
        int 21h
        push dx
        and dx, 0093h
        expect_eq dx, 0093h, "IOCTL: CON is a device, input and output"
        pop dx
        mov dh, 0
        or dl, 20h
        mov ax, 4401h
        int 21h
        expect_ok "IOCTL: make it raw"
        mov ax, 4400h
        int 21h
        and dx, 20h
        expect_eq dx, 20h, "it is"
        mov ax, 4407h
        int 21h
        expect_al 0FFh, "IOCTL: ready for output"
        mov ah, 3Eh
        int 21h
        mov cx, 0
        mov dx, file
        mov ah, 3Ch
        int 21h
        mov bx, ax
        mov ax, 4400h
        int 21h
        and dx, 80h
        expect_eq dx, 0, "IOCTL: a file is not a device"
        mov ax, 4406h
        int 21h
        expect_al 0, "IOCTL: at the end of a file"
        mov ah, 3Eh
        int 21h
        mov dx, file
        mov ah, 41h
        int 21h
        mov ax, 4400h
        mov bx, 77
        int 21h
        expect_error 6, "IOCTL: an invalid handle"
        mov ax, 44FFh
        mov bx, 1
        int 21h
        expect_error 1, "IOCTL: an unknown function"
        mov ax, 4408h
        mov bl, 99
        int 21h
        expect_error 0Fh, "IOCTL: an invalid drive"
        finish

break:        db 0
nothing:      db "NOTHING.DAT", 0
nul:          db "NUL", 0
nul_path:     db "nul.txt", 0
con:          db "CON", 0
file:         db "IOCTL.DAT", 0
call_address: dw 0, 0
buffer:       times 128 db 0
