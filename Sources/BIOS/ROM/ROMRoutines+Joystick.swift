extension ROMRoutines {
    /// The end of INT 15h AH=84h DX=0001h: measures the axes of the game port one after the other, and gives back AX, BX,
    /// CX and DX: counts of the timer until the one-shot ends, divided by 16; zero for an axis that does not end. Counter 0
    /// counts by two in mode 3: 100 kOhm are about 168.
    ///
    /// Source: [ATTR] BIOS listing, "Joystick": units, limit and the zero. An IBM AT gives up after so many turns of a
    /// loop, which a faster processor turns before the one-shot ends; this gives up by the timer.
    static var joystickPositions: [UInt8] {
        var code = MachineCode()
        code.emit(0x56, 0x57)  // push si; push di
        code.emit(0xBA, 0x01, 0x02)  // mov dx, 201h
        code.emit(0xB3, 0x01)  // mov bl, 1
        code.label("axis")
        code.emit(0xFB, 0x90, 0xFA)  // sti; nop; cli: interrupts between the axes
        // A one-shot that somebody else has started is not started anew.
        code.call("timer")
        code.emit(0x89, 0xC6)  // mov si, ax
        code.call("measure")
        code.call("timer")
        code.emit(0x89, 0xC6)  // mov si, ax
        code.emit(0xEE)  // out dx, al
        code.call("measure")
        code.emit(0x50)  // push ax
        code.emit(0xD0, 0xE3)  // shl bl, 1
        code.emit(0x80, 0xFB, 0x10)  // cmp bl, 10h
        code.jump(.ifNotZero, "axis")
        code.emit(0x5A, 0x59, 0x5B, 0x58)  // pop dx; pop cx; pop bx; pop ax
        code.emit(0x5F, 0x5E, 0xCF)  // pop di; pop si; iret

        // AX: counts of the timer since SI until bit BL of port DX is clear, divided by 16; 0 if it stays set.
        code.label("measure")
        code.emit(0xB9, 0x00, 0x40)  // mov cx, 4000h: for a timer that a program has set to shorter rounds
        code.label("look")
        code.emit(0xEC)  // in al, dx
        code.emit(0x88, 0xC7)  // mov bh, al
        code.call("timer")
        code.emit(0x89, 0xF7, 0x29, 0xC7)  // mov di, si; sub di, ax
        code.emit(0x84, 0xDF)  // test bh, bl
        code.jump(.ifZero, "ended")
        code.emit(0x81, 0xFF, 0xF0, 0x1F)  // cmp di, 1FF0h
        code.jump(.ifNotCarry, "endless")
        code.jump(.whileCounting, "look")
        code.label("endless")
        code.emit(0x31, 0xFF)  // xor di, di
        code.label("ended")
        code.emit(0x89, 0xF8)  // mov ax, di
        code.emit(0xB1, 0x04, 0xD3, 0xE8)  // mov cl, 4; shr ax, cl
        code.emit(0xC3)  // ret

        // AX: counter 0.
        code.label("timer")
        code.emit(0xB0, 0x00, 0xE6, 0x43)  // mov al, 0; out 43h, al
        code.emit(0xE4, 0x40, 0x88, 0xC4)  // in al, 40h; mov ah, al
        code.emit(0xE4, 0x40, 0x86, 0xE0)  // in al, 40h; xchg ah, al
        code.emit(0xC3)  // ret
        return code.assembled()
    }
}
