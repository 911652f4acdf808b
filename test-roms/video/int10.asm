; int10: what INT 10h of an EGA or a VGA does, as text on standard output: registers, colours and data area after each mode,
; and what its functions return and leave. Run it with the machine's own video BIOS and with another one on the same
; machine (--set video.bios=FILE), and compare both texts: see docs/testing.md. Pictures are sums over the memory, drawn with
; characters of the program's own. With an argument of two digits only that mode.
; Tests: INT 10h.
        cpu 8086
        org 100h

buffer  equ 4000h                               ; text that is not yet written
table   equ 5000h                               ; 1 KB for INT 10h
font    equ 6000h                               ; 256 characters of 16 bytes

%macro say 1
        mov si, %%text
        call put_text
        jmp short %%end
%%text: db %1, 0
%%end:
%endmacro

; Calls INT 10h with these registers, and says what comes back.
%macro video 4
        mov ax, %1
        mov bx, %2
        mov cx, %3
        mov dx, %4
        call int10
%endmacro

start:  cld
        mov di, buffer
        mov [end_of_text], di
        call make_font
        mov ax, 1A00h
        int 10h
        cmp al, 1Ah
        jne .adapter
        mov byte [is_vga], 1
.adapter:
        say `adapter`
        video 1200h, 0FF10h, 0, 0
        call put_parameters
        call argument
        cmp al, '0'
        jb .all
        mov si, [tail]
        dec si
        mov [tail], si
        call hexadecimal
        mov [mode], al
        call one_mode
        jmp done
.all:   mov si, modes
.next:  lodsb
        cmp al, 0FFh
        je .global
        cmp al, 10h
        jbe .go
        cmp byte [is_vga], 0
        je .next
.go:    mov [mode], al
        push si
        call one_mode
        pop si
        jmp .next
.global:
        mov byte [mode], 3
        call set_mode
        call choices
done:   mov byte [mode], 3
        call set_mode
        call flush
        mov ax, 4C00h
        int 21h

; The parameter table, where the save pointer table says.
put_parameters:
        say `\nparameters`
        mov cx, 17h
        cmp byte [is_vga], 0
        je .go
        mov cx, 1Dh
.go:    xor bx, bx
        mov ds, bx
        lds si, [4A8h]
        lds si, [si]
.entry: push cx
        push ds
        push si
        push cs
        pop ds
        say `\n `
        pop si
        pop ds
        mov cx, 64
        call put_bytes
        pop cx
        loop .entry
        push cs
        pop ds
        ret

modes:  db 0, 1, 2, 3, 4, 5, 6, 7, 0Dh, 0Eh, 0Fh, 10h, 11h, 12h, 13h, 0FFh

; ---------------------------------------------------------------------------------------------------------------------
one_mode:
        say `\nmode `
        mov al, [mode]
        call put_byte
        call set_mode
        call put_registers
        call put_colors
        call put_data
        call cursors
        call pages
        call characters
        call strings
        call scrolls
        call pixels
        call color_calls
        call fonts
        call information
        ret

; Sets the mode anew, with the program's characters in graphics.
set_mode:
        push ds
        mov ax, 40h
        mov ds, ax
        and byte [10h], 0CFh                    ; which monitor the mode is for
        mov al, [cs:mode]
        cmp al, 7
        je .monochrome
        cmp al, 0Fh
        je .monochrome
        or byte [10h], 20h
        jmp short .go
.monochrome:
        or byte [10h], 30h
.go:    pop ds
        mov al, [mode]
        xor ah, ah
        mov bx, 1234h
        int 10h
        push ax
        say `\nset: `
        pop ax
        call put_word
        call use_font
        ret

use_font:
        cmp byte [mode], 4
        jb .text
        cmp byte [mode], 7
        je .text
        push cs
        pop es
        mov bp, font + 128 * 8
        mov ax, 1120h
        int 10h
        mov bp, font
        push ds
        mov ax, 40h
        mov ds, ax
        mov cx, [85h]
        mov dl, [84h]
        pop ds
        inc dl
        mov bx, 0
        mov ax, 1121h
        int 10h
        ret
.text:  ret

; ---------------------------------------------------------------------------------------------------------------------
cursors:
        say `\ncursor shapes`
        mov si, .shapes
.next:  lodsw
        cmp ax, 0FFFFh
        je .end
        push si
        mov cx, ax
        push cx
        mov ah, 1
        int 10h
        say `\n `
        pop ax
        call put_word
        call put_cursor
        pop si
        jmp .next
.end:   mov cx, 0607h
        mov ah, 1
        int 10h
        ret
.shapes: dw 0607h, 0707h, 0007h, 0407h, 0000h, 0003h, 0206h, 0506h, 0405h, 0305h, 0B0Ch, 0D0Eh, 080Fh, 0003h, 0706h
        dw 0602h, 0005h, 2607h, 2000h, 6607h, 4607h, 2003h, 1F1Fh, 0F00h, 0300h, 0FFFFh

; CRTC 0Ah, 0Bh and 0040:0060.
put_cursor:
        mov al, 0Ah
        call put_crtc
        mov al, 0Bh
        call put_crtc
        mov bx, 60h
        jmp put_data_word

pages:  say `\npages`
        mov bh, 0
        mov dx, 0305h
        mov ah, 2
        int 10h
        call put_place
        mov bh, 1
        mov dx, 0407h
        mov ah, 2
        int 10h
        call put_place
        mov ax, 0501h
        int 10h
        call put_place
        video 0300h, 0100h, 0, 0
        video 0300h, 0000h, 0, 0
        video 0F00h, 0, 0, 0
        mov ax, 0500h
        int 10h
        call put_place
        ret

; CRTC 0Ch to 0Fh, 0040:004E, 0062.
put_place:
        say `\n `
        mov al, 0Ch
.next:  push ax
        call put_crtc
        pop ax
        inc al
        cmp al, 10h
        jb .next
        mov bx, 4Eh
        call put_data_word
        mov bx, 62h
        jmp put_data_word

; ---------------------------------------------------------------------------------------------------------------------
characters:
        say `\ncharacters`
        call set_mode
        mov bp, .list
.next:  mov dx, [cs:bp]
        cmp dx, 0FFFFh
        je .read
        mov bh, 0
        mov ah, 2
        int 10h
        mov ax, [cs:bp + 2]
        mov bx, [cs:bp + 4]
        mov cx, [cs:bp + 6]
        int 10h
        add bp, 8
        push bp
        call put_sums
        pop bp
        jmp .next
.read:  mov dx, 0
        mov bh, 0
        mov ah, 2
        int 10h
        video 0800h, 0, 0, 0
        mov dx, 0103h
        mov bh, 0
        mov ah, 2
        int 10h
        video 0800h, 0, 0, 0
        say `\nteletype`
        call set_mode
        mov si, .text
.char:  lodsb
        or al, al
        jz .end
        mov bx, 3
        mov ah, 0Eh
        int 10h
        jmp .char
.end:   call put_sums
        video 0300h, 0, 0, 0
        ret
; Place, AX, BX, CX.
.list:  dw 0000h, 0941h, 0007h, 1
        dw 0001h, 0942h, 0001h, 3
        dw 0006h, 09C1h, 000Eh, 2
        dw 0102h, 0943h, 0083h, 2
        dw 0102h, 0944h, 0085h, 1
        dw 0103h, 0A45h, 0002h, 2
        dw 0200h, 0A46h, 000Fh, 5
        dw 0220h, 0947h, 0009h, 12
        dw 0310h, 0949h, 00F4h, 1
        dw 0226h, 094Ah, 0006h, 1
        dw 0FFFFh
.text:  db `Line\rfirst\nsecond\b\b\b\x01\r\nabc`, 9, `def`
        times 30 db `0123456789\r\n`
        db `A`, 0

strings:
        say `\nstrings`
        call set_mode
        push cs
        pop es
        mov bp, .text
        video 1300h, 0007h, 12, 0205h
        video 1301h, 000Ch, 12, 0305h
        mov bp, .pairs
        video 1302h, 0001h, 6, 0405h
        video 1303h, 0001h, 6, 0505h
        mov bp, .text
        video 1301h, 0002h, 0, 0909h
        video 1305h, 0002h, 3, 0A0Ah
        call put_data_cursor
        video 1301h, 0003h, 12, 1822h
        call put_data_cursor
        video 1301h, 0103h, 12, 0203h
        call put_data_cursor
        jmp put_sums
.text:  db `Hello`, 13, 10, `world`
.pairs: db `A`, 1, `B`, 82h, 13, 10, `C`, 3, `D`, 4

put_data_cursor:
        mov bx, 50h
        call put_data_word
        mov bx, 52h
        jmp put_data_word

; ---------------------------------------------------------------------------------------------------------------------
scrolls:
        say `\nscrolls`
        call set_mode
        call fill_screen
        mov bp, .list
.next:  mov ax, [cs:bp]
        or ax, ax
        jz .end
        mov bx, [cs:bp + 2]
        mov cx, [cs:bp + 4]
        mov dx, [cs:bp + 6]
        add bp, 8
        push bp
        int 10h
        call put_sums
        call put_graphics
        pop bp
        jmp .next
.end:   ret
; AX, BX, CX, DX.
.list:  dw 0601h, 0700h, 0000h, 1827h
        dw 0602h, 1E00h, 0302h, 0A0Fh
        dw 0703h, 4200h, 0302h, 0A0Fh
        dw 0600h, 0F00h, 0503h, 0708h
        dw 0700h, 0300h, 0C03h, 0D08h
        dw 0604h, 0500h, 0E05h, 1109h
        dw 0701h, 8100h, 0E05h, 1109h
        dw 0703h, 0000h, 1205h, 1409h
        dw 0601h, 0A00h, 0505h, 0505h
        dw 0

; Letters everywhere.
fill_screen:
        mov dh, 0
.row:   mov dl, 0
        mov bh, 0
        mov ah, 2
        int 10h
        mov al, dh
        add al, 'A'
        mov bl, dh
        and bl, 0Fh
        or bl, 1
        mov cx, 40
        mov ah, 9
        int 10h
        inc dh
        cmp dh, 24
        jb .row
        ret

pixels: cmp byte [mode], 4
        jb .none
        cmp byte [mode], 7
        je .none
        say `\npixels`
        call set_mode
        mov bp, .list
.next:  mov ax, [cs:bp]
        cmp ax, 0FFFFh
        je .end
        mov bh, 0
        mov cx, [cs:bp + 2]
        mov dx, [cs:bp + 4]
        mov ah, 0Ch
        int 10h
        push cx
        push dx
        mov ah, 0Dh
        mov al, 0
        mov bh, 0
        int 10h
        push ax
        say ` `
        pop ax
        call put_byte
        pop dx
        pop cx
        add bp, 6
        jmp .next
.end:   call put_sums
        call put_graphics
.none:  ret
.list:  dw 0001h, 0, 0
        dw 0003h, 1, 0
        dw 000Fh, 7, 1
        dw 0002h, 319, 199
        dw 0082h, 319, 199
        dw 0083h, 319, 199
        dw 0007h, 100, 101
        dw 0085h, 100, 101
        dw 0084h, 101, 101
        dw 0000h, 7, 1
        dw 0047h, 33, 44
        dw 00FFh, 34, 44
        dw 0FFFFh

; ---------------------------------------------------------------------------------------------------------------------
color_calls:
        say `\ncolours`
        call set_mode
        mov bp, .list
.next:  mov ax, [cs:bp]
        cmp ax, 0FFFFh
        je .table
        mov bx, [cs:bp + 2]
        mov cx, [cs:bp + 4]
        mov dx, [cs:bp + 6]
        add bp, 8
        push bp
        call int10
        call put_attributes
        mov bx, 65h
        call put_data_word
        pop bp
        jmp .next
.table: push cs
        pop es
        video 1002h, 0, 0, .palette
        call put_attributes
        cmp byte [is_vga], 0
        je .end
        call .clear
        video 1009h, 0, 0, table
        call .put_table
        video 1012h, 0010h, 4, .dac
        call put_dac_sum
        call .clear
        video 1017h, 000Fh, 3, table
        call .put_table
        video 101Bh, 0000h, 32, 0
        call put_colors
        mov ax, 1200h
        mov bl, 33h
        int 10h
        video 1010h, 0005h, 1234h, 3F00h
        video 1015h, 0005h, 0, 0
        video 1012h, 0020h, 4, .dac
        video 1015h, 0021h, 0, 0
        call set_mode
        call put_colors
        mov ax, 1201h
        mov bl, 33h
        int 10h
        mov ax, 1201h
        mov bl, 31h
        int 10h
        video 1000h, 1103h, 0, 0
        video 1001h, 0500h, 0, 0
        video 1010h, 0007h, 0102h, 0300h
        call set_mode
        call put_attributes
        call put_colors
        mov ax, 1200h
        mov bl, 31h
        int 10h
        call set_mode
.end:   ret
.clear: push cs
        pop es
        mov di, table
        mov cx, 32
        xor ax, ax
        rep stosw
        ret
.put_table:
        say `\n table`
        mov si, table
        mov cx, 18
        jmp put_bytes
.palette: db 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
.dac:   db 1, 2, 3, 63, 62, 61, 40, 20, 10, 200, 100, 50
; AX, BX, CX, DX.
.list:  dw 0B00h, 0003h, 0, 0
        dw 0B00h, 001Ch, 0, 0
        dw 0B00h, 0101h, 0, 0
        dw 0B00h, 0100h, 0, 0
        dw 0B00h, 0007h, 0, 0
        dw 0B00h, 0103h, 0, 0
        dw 1000h, 3F01h, 0, 0
        dw 1000h, 1402h, 0, 0
        dw 1000h, 0311h, 0, 0
        dw 1000h, 0515h, 0, 0
        dw 1001h, 0B00h, 0, 0
        dw 1003h, 0000h, 0, 0
        dw 1003h, 0001h, 0, 0
        dw 1003h, 0002h, 0, 0
        dw 1007h, 0002h, 0, 0
        dw 1007h, 0011h, 0, 0
        dw 1008h, 0000h, 0, 0
        dw 101Ah, 0000h, 0, 0
        dw 1013h, 0100h, 0, 0
        dw 1013h, 0501h, 0, 0
        dw 101Ah, 0000h, 0, 0
        dw 1013h, 0000h, 0, 0
        dw 1013h, 0201h, 0, 0
        dw 1013h, 0701h, 0, 0
        dw 101Ah, 0000h, 0, 0
        dw 1013h, 0001h, 0, 0
        dw 1018h, 0F0Fh, 0, 0
        dw 1019h, 0000h, 0, 0
        dw 1018h, 00FFh, 0, 0
        dw 1015h, 0003h, 0, 0
        dw 0FFFFh

; ---------------------------------------------------------------------------------------------------------------------
fonts:  say `\nfonts`
        call set_mode
        mov bh, 0
.kind:  push bx
        mov ax, 1130h
        mov cx, 5555h
        mov dx, 6666h
        mov bl, 0
        int 10h
        push dx
        push cx
        say `\n 1130: `
        pop ax
        call put_word
        pop ax
        call put_word
        pop bx
        inc bh
        cmp bh, 8
        jb .kind
        cmp byte [mode], 4
        jb .text
        cmp byte [mode], 7
        je .text
        mov bp, .drawn
        jmp .next
.text:  mov bp, .loaded
.next:  mov ax, [cs:bp]
        or ax, ax
        jz .end
        mov bx, [cs:bp + 2]
        mov cx, [cs:bp + 4]
        mov dx, [cs:bp + 6]
        add bp, 8
        push bp
        push ax
        push bx
        push cx
        push dx
        call set_mode
        pop dx
        pop cx
        pop bx
        pop ax
        push cs
        pop es
        mov bp, font
        call int10
        call put_registers
        call put_data
        mov ah, 1
        mov cx, 0607h
        int 10h
        call put_cursor
        pop bp
        jmp .next
.end:   ret
; AX, BX, CX, DX.
.drawn: dw 1121h, 0000h, 14, 20
        dw 1121h, 0001h, 8, 20
        dw 1121h, 0005h, 8, 20
        dw 1122h, 0002h, 0, 0
        dw 1123h, 0003h, 0, 0
        dw 1124h, 0002h, 0, 0
        dw 0
.loaded:
        dw 1100h, 0E01h, 256, 0
        dw 1101h, 0000h, 0, 0
        dw 1102h, 0001h, 0, 0
        dw 1103h, 0004h, 0, 0
        dw 1104h, 0001h, 0, 0
        dw 1110h, 0A00h, 256, 0
        dw 1110h, 1000h, 4, 65
        dw 1111h, 0000h, 0, 0
        dw 1112h, 0000h, 0, 0
        dw 1114h, 0000h, 0, 0
        dw 1110h, 2000h, 1, 65
        dw 1110h, 0100h, 1, 65
        dw 0

; ---------------------------------------------------------------------------------------------------------------------
information:
        say `\ninformation`
        call set_mode
        video 1A00h, 0, 0, 0
        cmp byte [is_vga], 0
        je .end
        push cs
        pop es
        mov di, table
        mov cx, 64
        mov ax, 0FFFFh
        rep stosw
        mov di, table
        video 1B00h, 0, 0, 0
        say `\n `
        mov si, table + 4
        mov cx, 64
        call put_bytes
        les si, [table]
        push ds
        push es
        pop ds
        mov di, table
        push cs
        pop es
        mov cx, 8
        rep movsw
        pop ds
        say `\n static`
        mov si, table
        mov cx, 16
        call put_bytes
        mov di, table
        video 1B00h, 1, 0, 0
        mov cx, 1
.size:  push cx
        mov ax, 1C00h
        mov bx, 0
        mov dx, 0
        call int10
        pop cx
        inc cx
        cmp cx, 8
        jbe .size
        ; What is saved comes back.
        mov ax, 0501h
        int 10h
        mov ax, 1000h
        mov bx, 2203h
        int 10h
        mov ax, 1010h
        mov bx, 4
        mov cx, 0102h
        mov dx, 0300h
        int 10h
        mov bx, table
        video 1C01h, table, 7, 0
        mov ax, 13h
        int 10h
        mov bx, table
        video 1C02h, table, 7, 0
        call put_registers
        call put_colors
        call put_data
.end:   ret

; AH=12h, after mode 3.
choices:
        say `\nchoices`
        mov bp, .list
.next:  mov bx, [cs:bp]
        cmp bx, 0FFFFh
        je .end
        mov al, bh
        mov ah, 12h
        add bp, 2
        push bp
        mov bh, 0
        mov cx, 0
        mov dx, table
        call int10
        mov bx, 87h
        call put_data_word
        mov bx, 89h
        call put_data_word
        cmp byte [is_vga], 0
        je .eof
        mov dx, 3C4h
        mov al, 1
        out dx, al
        inc dx
        in al, dx
        call put_byte
.eof:   pop bp
        jmp .next
.end:   cmp byte [is_vga], 0
        je .ega
        ; Text modes of 200 and 350 lines.
        mov bp, .lines
.line:  mov al, [cs:bp]
        cmp al, 0FFh
        je .ega
        inc bp
        push bp
        push ax
        say `\nlines `
        pop ax
        push ax
        call put_byte
        pop ax
        mov ah, 12h
        mov bl, 30h
        int 10h
        mov si, .texts
.mode:  lodsb
        cmp al, 0FFh
        je .over
        push si
        mov [mode], al
        call set_mode
        call put_registers
        call put_colors
        call put_data
        call cursors
        call fonts
        call information
        pop si
        jmp .mode
.over:  pop bp
        jmp .line
.ega:   ret
.texts: db 0, 3, 7, 0FFh
.lines: db 0, 1, 2, 0FFh
.list:  dw 0010h, 0110h, 0020h, 0030h, 0130h, 0230h, 0330h, 0230h, 0131h, 0231h, 0031h, 0032h, 0132h, 0032h, 0233h, 0033h
        dw 0133h, 0234h, 0134h, 0034h, 0235h, 0335h, 0136h, 0036h, 0236h, 0037h, 0FFFFh

; ---------------------------------------------------------------------------------------------------------------------
; INT 10h; then AX, BX, CX, DX.
int10:  push ax
        push bx
        push cx
        say `\n `
        pop cx
        pop bx
        pop ax
        push ax
        push bx
        push cx
        push dx
        call put_word
        mov ax, bx
        call put_word
        mov ax, cx
        call put_word
        mov ax, dx
        call put_word
        say `> `
        pop dx
        pop cx
        pop bx
        pop ax
        push bp
        int 10h
        pop bp
        push dx
        push cx
        push bx
        call put_word
        pop ax
        call put_word
        pop ax
        call put_word
        pop ax
        jmp put_word

; All registers of a VGA.
put_registers:
        cmp byte [is_vga], 0
        jne .vga
        ret
.vga:   say `\n misc `
        mov dx, 3CCh
        in al, dx
        call put_byte
        mov dx, 3CAh
        in al, dx
        call put_byte
        say `\n seq `
        mov dx, 3C4h
        mov cx, 5
        call .indexed
        say `\n crtc `
        call crtc_port
        mov cx, 19h
        call .indexed
        call put_graphics
        jmp put_attributes
.indexed:
        mov ah, 0
.next:  mov al, ah
        out dx, al
        inc dx
        in al, dx
        dec dx
        push ax
        call put_byte
        pop ax
        inc ah
        loop .next
        ret

put_graphics:
        cmp byte [is_vga], 0
        jne .vga
        ret
.vga:   say `\n graphics `
        mov dx, 3CEh
        mov cx, 9
        jmp put_registers.indexed

put_attributes:
        cmp byte [is_vga], 0
        jne .vga
        ret
.vga:   say `\n attributes `
        mov bl, 0
.next:  call crtc_port
        add dx, 6
        in al, dx
        mov dx, 3C0h
        mov al, bl
        out dx, al
        inc dx
        in al, dx
        call put_byte
        inc bl
        cmp bl, 15h
        jb .next
        call crtc_port
        add dx, 6
        in al, dx
        mov dx, 3C0h
        mov al, 20h
        out dx, al
        ret

crtc_port:
        push ds
        mov dx, 40h
        mov ds, dx
        mov dx, [63h]
        pop ds
        ret

; Register AL of the CRTC; on an EGA the last byte on the bus.
put_crtc:
        call crtc_port
        out dx, al
        inc dx
        in al, dx
        jmp put_byte

; The DAC: mask, page, and 256 colours.
put_colors:
        cmp byte [is_vga], 0
        jne .vga
        ret
.vga:   say `\n mask `
        mov dx, 3C6h
        in al, dx
        call put_byte
        mov dx, 3C7h
        mov al, 0
        out dx, al
        mov cx, 256
.next:  test cl, 15
        jnz .color
        push cx
        say `\n dac `
        pop cx
.color: mov dx, 3C9h
        in al, dx
        call .two
        in al, dx
        call .two
        in al, dx
        call .two
        push cx
        say ` `
        pop cx
        loop .next
        ret
.two:   jmp put_pair

put_dac_sum:
        mov dx, 3C7h
        mov al, 0
        out dx, al
        mov dx, 3C9h
        mov cx, 768
        xor bx, bx
.next:  in al, dx
        rol bx, 1
        add bl, al
        adc bh, 0
        loop .next
        mov ax, bx
        jmp put_word

; 0040:0049 to 66, 84 to 8A.
put_data:
        say `\n data `
        mov bx, 49h
.next:  push bx
        call put_data_byte
        pop bx
        inc bx
        cmp bx, 67h
        jb .next
        mov bx, 84h
.more:  push bx
        call put_data_byte
        pop bx
        inc bx
        cmp bx, 8Bh
        jb .more
        ret

put_data_byte:
        push ds
        mov ax, 40h
        mov ds, ax
        mov al, [bx]
        pop ds
        jmp put_byte
put_data_word:
        push ds
        mov ax, 40h
        mov ds, ax
        mov ax, [bx]
        pop ds
        jmp put_word

; Sums over the memory of the mode.
put_sums:
        say `\n sum `
        push ds
        mov al, [mode]
        mov cx, 4000h
        mov bx, 0B800h
        cmp al, 7
        jb .plain
        mov bx, 0B000h
        je .plain
        mov bx, 0A000h
        mov cx, 64000
        cmp al, 13h
        je .plain
        pop ds
        cmp byte [is_vga], 0
        jne .planes
        cmp byte [mode], 0Fh
        jae .planes
        mov dx, 3CEh                            ; IBM's scrolls leave it with bit 4
        mov ax, 5
        out dx, ax
.planes:
        mov ah, 0
.plane: push ax
        mov dx, 3CEh
        mov al, 4
        out dx, ax
        push ds
        mov bx, 0A000h
        mov cx, 40000
        call .sum
        pop ds
        call put_word
        pop ax
        inc ah
        cmp ah, 4
        jb .plane
        mov dx, 3CEh
        mov ax, 4
        out dx, ax
        ret
.plain: call .sum
        pop ds
        jmp put_word
.sum:   mov ds, bx
        xor si, si
        xor bx, bx
.next:  lodsb
        rol bx, 1
        add bl, al
        adc bh, 0
        loop .next
        mov ax, bx
        ret

; ---------------------------------------------------------------------------------------------------------------------
; Characters that differ: byte N of character C is C * 8 + N * 37, turned.
make_font:
        mov di, font
        push cs
        pop es
        xor cx, cx
.next:  mov ax, cx
        mov bl, 37
        mul bl
        add al, ch
        rol al, 1
        xor al, cl
        stosb
        inc cx
        cmp cx, 256 * 16
        jb .next
        ret

; ---------------------------------------------------------------------------------------------------------------------
put_bytes:
        lodsb
        push cx
        push si
        call put_byte
        pop si
        pop cx
        loop put_bytes
        ret
put_word:
        push ax
        mov al, ah
        call put_pair
        pop ax
; AL in hexadecimal and a blank.
put_byte:
        call put_pair
        mov al, ' '
        jmp put
put_pair:
        push ax
        push cx
        mov cl, 4
        shr al, cl
        pop cx
        call .digit
        pop ax
.digit: and al, 15
        add al, '0'
        cmp al, '9'
        jbe put
        add al, 7
; AL. Keeps the other registers.
put:    cmp al, 10
        jne .one
        push ax
        mov al, 13
        call .one
        pop ax
        call .one
        jmp flush
.one:   push di
        push es
        push cs
        pop es
        mov di, [cs:end_of_text]
        stosb
        mov [cs:end_of_text], di
        pop es
        pop di
        ret
; The text at SI.
put_text:
        cs lodsb
        or al, al
        jz .end
        call put
        jmp put_text
.end:   ret

flush:  push ax
        push bx
        push cx
        push dx
        push ds
        push cs
        pop ds
        mov cx, [end_of_text]
        mov dx, buffer
        sub cx, dx
        mov word [end_of_text], buffer
        mov bx, 1
        mov ah, 40h
        int 21h
        pop ds
        pop dx
        pop cx
        pop bx
        pop ax
        ret

end_of_text: dw 0
mode:   db 0
is_vga: db 0

%include "picture.inc"
