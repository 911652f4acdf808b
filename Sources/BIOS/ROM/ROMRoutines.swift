/// The routines of the ROM that are machine code, so that a program sees what it would see on a PC: the chain of vectors
/// that they call, and interrupts in the middle of them.
///
/// Source: behaviour as described in IBM PC AT Technical Reference (1985), sections "Time-of-day", "Real-time clock
/// interrupt", "Print screen", "Hardware interrupt handler".
enum ROMRoutines {
    /// INT 08h, IRQ 0: counts ticks since midnight, stops the diskette motor, calls INT 1Ch.
    static var timerTick: [UInt8] {
        var code = MachineCode()
        code.emit(0xFB)  // sti
        code.emit(0x1E, 0x50, 0x52)  // push ds; push ax; push dx
        code.emit(dataSegmentToDS)
        code.emit(0xFF, 0x06, 0x6C, 0x00)  // inc word [6Ch]
        code.jump(.ifNotZero, "counted")
        code.emit(0xFF, 0x06, 0x6E, 0x00)  // inc word [6Eh]
        code.label("counted")
        // 1800B0h ticks are a day.
        code.emit(0x83, 0x3E, 0x6E, 0x00, 0x18)  // cmp word [6Eh], 18h
        code.jump(.ifNotZero, "motor")
        code.emit(0x81, 0x3E, 0x6C, 0x00, 0xB0, 0x00)  // cmp word [6Ch], 0B0h
        code.jump(.ifNotZero, "motor")
        code.emit(0x31, 0xC0)  // xor ax, ax
        code.emit(0xA3, 0x6E, 0x00)  // mov [6Eh], ax
        code.emit(0xA3, 0x6C, 0x00)  // mov [6Ch], ax
        code.emit(0xC6, 0x06, 0x70, 0x00, 0x01)  // mov byte [70h], 1
        code.label("motor")
        code.emit(0xFE, 0x0E, 0x40, 0x00)  // dec byte [40h]
        code.jump(.ifNotZero, "user")
        code.emit(0x80, 0x26, 0x3F, 0x00, 0xF0)  // and byte [3Fh], 0F0h
        code.emit(0xBA, 0xF2, 0x03)  // mov dx, 3F2h
        code.emit(0xB0, 0x0C)  // mov al, 0Ch
        code.emit(0xEE)  // out dx, al
        code.label("user")
        code.emit(0xCD, 0x1C)  // int 1Ch
        code.emit(0xFA)  // cli
        code.emit(endOfInterrupt)
        code.emit(0x5A, 0x58, 0x1F, 0xCF)  // pop dx; pop ax; pop ds; iret
        return code.assembled()
    }

    /// INT 70h, IRQ 8: counts down the event wait of INT 15h AH=83h and 86h, calls INT 4Ah for the alarm.
    static var realTimeClock: [UInt8] {
        var code = MachineCode()
        code.emit(0x1E, 0x50, 0x53)  // push ds; push ax; push bx
        code.label("again")
        // Reading status C clears its flags, so it is read until none is left that is enabled in status B.
        code.emit(0xB0, 0x0B, 0xE6, 0x70, 0xE4, 0x71)  // mov al, 0Bh; out 70h, al; in al, 71h
        code.emit(0x88, 0xC4)  // mov ah, al
        code.emit(0xB0, 0x0C, 0xE6, 0x70, 0xE4, 0x71)  // mov al, 0Ch; out 70h, al; in al, 71h
        code.emit(0x20, 0xE0)  // and al, ah
        code.emit(0xA8, 0x60)  // test al, 60h
        code.jump(.ifZero, "finished")
        code.emit(0x50)  // push ax
        code.emit(0xA8, 0x40)  // test al, 40h
        code.jump(.ifZero, "alarm")
        code.emit(dataSegmentToDS)
        code.emit(0x81, 0x2E, 0x9C, 0x00, 0xD0, 0x03)  // sub word [9Ch], 976
        code.emit(0x83, 0x1E, 0x9E, 0x00, 0x00)  // sbb word [9Eh], 0
        code.jump(.ifNotCarry, "alarm")
        code.emit(0xB0, 0x0B, 0xE6, 0x70, 0xE4, 0x71)  // mov al, 0Bh; out 70h, al; in al, 71h
        code.emit(0x24, 0xBF)  // and al, 0BFh: no periodic interrupt
        code.emit(0x88, 0xC4)  // mov ah, al
        code.emit(0xB0, 0x0B, 0xE6, 0x70)  // mov al, 0Bh; out 70h, al
        code.emit(0x88, 0xE0, 0xE6, 0x71)  // mov al, ah; out 71h, al
        // The wait is no longer active. A wait of AH=86h has its user byte here, so the order matters.
        code.emit(0x80, 0x26, 0xA0, 0x00, 0xFE)  // and byte [0A0h], 0FEh
        code.emit(0xC5, 0x1E, 0x98, 0x00)  // lds bx, [98h]
        code.emit(0x80, 0x0F, 0x80)  // or byte [bx], 80h
        code.label("alarm")
        code.emit(0x58)  // pop ax
        code.emit(0xA8, 0x20)  // test al, 20h
        code.jump(.ifZero, "again")
        code.emit(0xFB, 0xCD, 0x4A, 0xFA)  // sti; int 4Ah; cli
        code.jump(.always, "again")
        code.label("finished")
        code.emit(0xB0, 0x0D, 0xE6, 0x70)  // mov al, 0Dh; out 70h, al
        code.emit(0xB0, 0x20, 0xE6, 0xA0)  // mov al, 20h; out 0A0h, al
        code.emit(0xE6, 0x20)  // out 20h, al
        code.emit(0x5B, 0x58, 0x1F, 0xCF)  // pop bx; pop ax; pop ds; iret
        return code.assembled()
    }

    /// INT 09h, IRQ 1, around `trap`: reads the scan code and offers it to INT 15h AH=4Fh (AT), or acknowledges it at
    /// port 61h (PC, XT). `trap` finds the code in AL and carry set if it is to be translated; AX is on the stack.
    static func keyboardInterrupt(isAT: Bool, trap: [UInt8]) -> [UInt8] {
        var code = MachineCode()
        code.emit(0x50)  // push ax
        code.emit(0xE4, 0x60)  // in al, 60h
        if isAT {
            code.emit(0xB4, 0x4F)  // mov ah, 4Fh
            code.emit(0xF9)  // stc
            code.emit(0xCD, 0x15)  // int 15h
        } else {
            code.emit(0x50)  // push ax
            code.emit(0xE4, 0x61)  // in al, 61h
            code.emit(0x0C, 0x80, 0xE6, 0x61)  // or al, 80h; out 61h, al
            code.emit(0x24, 0x7F, 0xE6, 0x61)  // and al, 7Fh; out 61h, al
            code.emit(0x58)  // pop ax
            code.emit(0xF9)  // stc
        }
        code.emit(trap)
        return code.assembled()
    }

    /// The wait of INT 16h on an AT: INT 15h AX=9002h (device busy, keyboard) once, then `trap`, which waits for a key.
    static func keyboardWait(trap: [UInt8]) -> [UInt8] {
        var code = MachineCode()
        code.emit(0x50)  // push ax
        code.emit(0xB8, 0x02, 0x90)  // mov ax, 9002h
        code.emit(0xCD, 0x15)  // int 15h
        code.emit(0x58)  // pop ax
        code.emit(0xFA)  // cli
        code.emit(trap)
        return code.assembled()
    }

    /// Around the interrupts of the mouse: push ax, bx, cx, dx, si, di, bp, ds, es, and back.
    static let pushAll: [UInt8] = [0x50, 0x53, 0x51, 0x52, 0x56, 0x57, 0x55, 0x1E, 0x06]
    static let popAll: [UInt8] = [0x07, 0x1F, 0x5D, 0x5F, 0x5E, 0x5A, 0x59, 0x5B, 0x58]

    /// INT 0Eh, IRQ 6: a diskette operation has ended.
    static func diskette(isAT: Bool) -> [UInt8] {
        var code = MachineCode()
        code.emit(0xFB, 0x1E, 0x50)  // sti; push ds; push ax
        code.emit(dataSegmentToDS)
        code.emit(0x80, 0x0E, 0x3E, 0x00, 0x80)  // or byte [3Eh], 80h
        code.emit(endOfInterrupt)
        if isAT { code.emit(0xB8, 0x01, 0x91, 0xCD, 0x15) }  // mov ax, 9101h; int 15h
        code.emit(0x58, 0x1F, 0xCF)  // pop ax; pop ds; iret
        return code.assembled()
    }

    /// A hardware interrupt that nobody has asked for is masked; its level is left at 0040:006B (FFh: a software INT).
    static func unexpectedInterrupt(isAT: Bool) -> [UInt8] {
        var code = MachineCode()
        code.emit(0x1E, 0x50)  // push ds; push ax
        code.emit(dataSegmentToDS)
        code.emit(0xB0, 0x0B, 0xE6, 0x20, 0xE4, 0x20)  // mov al, 0Bh; out 20h, al; in al, 20h: levels in service
        code.emit(0x88, 0xC4)  // mov ah, al
        code.emit(0x08, 0xC0)  // or al, al
        code.jump(.ifNotZero, "hardware")
        code.emit(0xB4, 0xFF)  // mov ah, 0FFh
        code.jump(.always, "store")
        code.label("hardware")
        if isAT {
            code.emit(0xA8, 0x04)  // test al, 4: the cascade
            code.jump(.ifZero, "master")
            code.emit(0xB0, 0x0B, 0xE6, 0xA0, 0xE4, 0xA0)  // mov al, 0Bh; out 0A0h, al; in al, 0A0h
            code.emit(0x88, 0xC4)  // mov ah, al
            code.emit(0xE4, 0xA1)  // in al, 0A1h
            code.emit(0x08, 0xE0, 0xE6, 0xA1)  // or al, ah; out 0A1h, al
            code.emit(0xB0, 0x20, 0xE6, 0xA0)  // mov al, 20h; out 0A0h, al
            code.jump(.always, "end")
            code.label("master")
        }
        code.emit(0xE4, 0x21)  // in al, 21h
        code.emit(0x08, 0xE0, 0xE6, 0x21)  // or al, ah; out 21h, al
        code.label("end")
        code.emit(endOfInterrupt)
        code.label("store")
        code.emit(0x88, 0x26, 0x6B, 0x00)  // mov [6Bh], ah
        code.emit(0x58, 0x1F, 0xCF)  // pop ax; pop ds; iret
        return code.assembled()
    }

    /// INT 71h: IRQ 9 stands where the PC's IRQ 2 was.
    static let redirectedIRQ2: [UInt8] = [
        0x50,  // push ax
        0xB0, 0x20, 0xE6, 0xA0,  // mov al, 20h; out 0A0h, al
        0x58,  // pop ax
        0xCD, 0x0A,  // int 0Ah
        0xCF,  // iret
    ]

    /// INT 75h: an error of the 80287 becomes the PC's NMI.
    static let coprocessorError: [UInt8] = [
        0x50,  // push ax
        0x31, 0xC0, 0xE6, 0xF0,  // xor ax, ax; out 0F0h, al
        0xB0, 0x20, 0xE6, 0xA0, 0xE6, 0x20,  // mov al, 20h; out 0A0h, al; out 20h, al
        0x58,  // pop ax
        0xCD, 0x02,  // int 2
        0xCF,  // iret
    ]

    /// INT 11h and INT 12h: the word at 0040:`offset`. Exactly 12 bytes, as there is room for in IBM's ROM.
    static func readWord(at offset: UInt8) -> [UInt8] {
        [0xFB, 0x1E] + dataSegmentToDS  // sti; push ds
            + [0xA1, offset, 0x00, 0x1F, 0xCF]  // mov ax, [offset]; pop ds; iret
    }

    /// INT 05h: prints the screen through INT 10h and INT 17h. 0050:0000 is 1 meanwhile, then 0, or FFh after an error.
    static func printScreen(isVGA: Bool) -> [UInt8] {
        var code = MachineCode()
        code.emit(0xFB)  // sti
        code.emit(0x1E, 0x50, 0x53, 0x51, 0x52)  // push ds; push ax; push bx; push cx; push dx
        code.emit(dataSegmentToDS)
        code.emit(0x80, 0x3E, 0x00, 0x01, 0x01)  // cmp byte [100h], 1
        code.jump(.ifZero, "leave")
        code.emit(0xC6, 0x06, 0x00, 0x01, 0x01)  // mov byte [100h], 1
        code.emit(0xB4, 0x0F, 0xCD, 0x10)  // mov ah, 0Fh; int 10h: AH columns, BH page
        code.emit(0x88, 0xE1)  // mov cl, ah
        if isVGA {
            code.emit(0x8A, 0x2E, 0x84, 0x00, 0xFE, 0xC5)  // mov ch, [84h]; inc ch
        } else {
            code.emit(0xB5, 0x19)  // mov ch, 25
        }
        code.emit(0x51)  // push cx
        code.emit(0xB4, 0x03, 0xCD, 0x10)  // mov ah, 3; int 10h: DX cursor
        code.emit(0x59, 0x52)  // pop cx; push dx
        code.emit(0x31, 0xD2)  // xor dx, dx
        code.label("line")
        code.emit(0x52, 0x31, 0xD2)  // push dx; xor dx, dx
        code.emit(0xB8, 0x0D, 0x00, 0xCD, 0x17)  // mov ax, 000Dh; int 17h
        code.emit(0xB8, 0x0A, 0x00, 0xCD, 0x17)  // mov ax, 000Ah; int 17h
        code.emit(0x5A)  // pop dx
        code.emit(0x38, 0xEE)  // cmp dh, ch
        code.jump(.ifZero, "printed")
        code.label("character")
        code.emit(0xB4, 0x02, 0xCD, 0x10)  // mov ah, 2; int 10h
        code.emit(0xB4, 0x08, 0xCD, 0x10)  // mov ah, 8; int 10h
        code.emit(0x08, 0xC0)  // or al, al
        code.jump(.ifNotZero, "visible")
        code.emit(0xB0, 0x20)  // mov al, ' '
        code.label("visible")
        code.emit(0x52, 0x31, 0xD2)  // push dx; xor dx, dx
        code.emit(0xB4, 0x00, 0xCD, 0x17)  // mov ah, 0; int 17h
        code.emit(0x5A)  // pop dx
        code.emit(0xF6, 0xC4, 0x29)  // test ah, 29h: time-out, error, out of paper
        code.jump(.ifNotZero, "failed")
        code.emit(0xFE, 0xC2)  // inc dl
        code.emit(0x38, 0xCA)  // cmp dl, cl
        code.jump(.ifCarry, "character")
        code.emit(0xB2, 0x00, 0xFE, 0xC6)  // mov dl, 0; inc dh
        code.jump(.always, "line")
        code.label("failed")
        code.emit(0xB1, 0xFF)  // mov cl, 0FFh
        code.jump(.always, "restore")
        code.label("printed")
        code.emit(0xB1, 0x00)  // mov cl, 0
        code.label("restore")
        code.emit(0x5A)  // pop dx
        code.emit(0xB4, 0x02, 0xCD, 0x10)  // mov ah, 2; int 10h
        code.emit(0x88, 0x0E, 0x00, 0x01)  // mov [100h], cl
        code.label("leave")
        code.emit(0x5A, 0x59, 0x5B, 0x58, 0x1F, 0xCF)  // pop dx; pop cx; pop bx; pop ax; pop ds; iret
        return code.assembled()
    }

    /// The window function of the VESA BIOS extension, called far as INT 10h AX=4F05h: BH=0 moves the window to bank DX,
    /// otherwise DX is where it is.
    static let videoWindow: [UInt8] = {
        var code = MachineCode()
        code.emit(0x50)  // push ax
        code.emit(0x52)  // push dx
        code.emit(0xBA, 0xCE, 0x01)  // mov dx, 1CEh
        code.emit(0xB8, 0x05, 0x00)  // mov ax, 5
        code.emit(0xEF, 0x42)  // out dx, ax; inc dx
        code.emit(0x08, 0xFF)  // or bh, bh
        code.jump(.ifNotZero, "read")
        code.emit(0x58)  // pop ax
        code.emit(0xEF)  // out dx, ax
        code.emit(0x92)  // xchg ax, dx
        code.emit(0x58, 0xCB)  // pop ax; retf
        code.label("read")
        code.emit(0xED)  // in ax, dx
        code.emit(0x5A)  // pop dx
        code.emit(0x92)  // xchg ax, dx
        code.emit(0x58, 0xCB)  // pop ax; retf
        return code.assembled()
    }()

    /// Looks for option ROMs from C0000h up to F0000h, every 2 KB: AA55h, the length in 512 bytes, and all bytes of it
    /// make 0. Each is called far at its fourth byte. Returns far.
    ///
    /// Source: [ATTR] power-on self-test, "ROM scan".
    static let optionROMs: [UInt8] = {
        var code = MachineCode()
        code.emit(0xFC)  // cld
        code.emit(0xBB, 0x00, 0xC0)  // mov bx, 0C000h
        code.label("look")
        code.emit(0x8E, 0xDB)  // mov ds, bx
        code.emit(0x81, 0x3E, 0x00, 0x00, 0x55, 0xAA)  // cmp word [0], 0AA55h
        code.jump(.ifNotZero, "next")
        code.emit(0x8A, 0x16, 0x02, 0x00)  // mov dl, [2]
        code.emit(0x08, 0xD2)  // or dl, dl
        code.jump(.ifZero, "next")
        code.emit(0x31, 0xF6)  // xor si, si
        code.emit(0xB4, 0x00)  // mov ah, 0
        code.label("block")
        code.emit(0xB9, 0x00, 0x02)  // mov cx, 512
        code.label("byte")
        code.emit(0xAC)  // lodsb
        code.emit(0x00, 0xC4)  // add ah, al
        code.emit(0x49)  // dec cx
        code.jump(.ifNotZero, "byte")
        code.emit(0xFE, 0xCA)  // dec dl
        code.jump(.ifNotZero, "block")
        code.emit(0x08, 0xE4)  // or ah, ah
        code.jump(.ifNotZero, "next")
        code.emit(0x53)  // push bx
        code.emit(0x53)  // push bx
        code.emit(0xB8, 0x03, 0x00)  // mov ax, 3
        code.emit(0x50)  // push ax
        code.emit(0x89, 0xE5)  // mov bp, sp
        code.emit(0xFF, 0x5E, 0x00)  // call far [bp]
        code.emit(0x58, 0x58, 0x5B)  // pop ax; pop ax; pop bx
        code.emit(0xFC)  // cld
        code.emit(0x8E, 0xDB)  // mov ds, bx
        code.emit(0xA0, 0x02, 0x00)  // mov al, [2]
        code.emit(0xB4, 0x00)  // mov ah, 0
        code.emit(0xB1, 0x05)  // mov cl, 5
        code.emit(0xD3, 0xE0)  // shl ax, cl: paragraphs
        code.emit(0x05, 0x7F, 0x00)  // add ax, 7Fh
        code.emit(0x25, 0x80, 0xFF)  // and ax, 0FF80h
        code.emit(0x01, 0xC3)  // add bx, ax
        code.jump(.always, "end")
        code.label("next")
        code.emit(0x81, 0xC3, 0x80, 0x00)  // add bx, 80h
        code.label("end")
        code.emit(0x81, 0xFB, 0x00, 0xF0)  // cmp bx, 0F000h
        code.jump(.ifCarry, "look")
        code.emit(0xCB)  // retf
        return code.assembled()
    }()

    /// mov ax, 0040h; mov ds, ax
    private static let dataSegmentToDS: [UInt8] = [0xB8, 0x40, 0x00, 0x8E, 0xD8]
    /// mov al, 20h; out 20h, al
    private static let endOfInterrupt: [UInt8] = [0xB0, 0x20, 0xE6, 0x20]
}
