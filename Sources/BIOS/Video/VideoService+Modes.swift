import Core
import X86

/// Mode setting.
extension VideoService {
    /// The mode that the machine starts in.
    func powerOn(in context: ServiceContext) {
        let data = BIOSDataArea(memory: context.memory)
        if isVGA {
            // 256 KB, colour display active; 400 lines, VGA active; switches of a colour VGA.
            data[.videoInfo] = 0x60
            data[.videoSwitches] = 0xF9
            data[.vgaFlags] = 0x11
            data[.displayCombination] = 0x08
            context.memory.writePointer(data.pointer(0xA8), addresses.videoSavePointers)
        }
        mirror.move(to: TextPosition(row: 0, column: 0))
        applyMode(configuration.video.isMonochrome ? 7 : 3, clearing: true, context)
    }

    /// AH=00h: mode AL. On a VGA bit 7 keeps the memory.
    func setMode(_ call: BIOSCall) {
        let cpu = call.cpu
        let mode = isVGA ? cpu.al & 0x7F : cpu.al
        let clearing = !isVGA || cpu.al & 0x80 == 0
        if let graphics = ColorGraphicsMode(mode, video: configuration.video) {
            applyColorGraphics(graphics, call.context)
            return call.spend(clocks: 20_000)
        }
        let isText: Bool =
            switch configuration.video {
            case .mda, .hercules: true
            case .cga, .tandy, .pcjr: mode <= 3
            case .vga: mode <= 3 || mode == 7
            }
        guard isText else {
            call.service.report(.unavailableVideoMode(mode, caller: call.caller))
            return
        }
        applyMode(configuration.video.isMonochrome ? 7 : mode, clearing: clearing, call.context)
        if isVGA { cpu.al = 0x30 }
        call.spend(clocks: 20_000)
    }

    /// Scan lines chosen by INT 10h AX=12xxh BL=30h, in bits 7 and 4 of 0040:0089.
    private func lines(_ data: BIOSDataArea) -> VideoTables.VGALines {
        switch data[.vgaFlags] & 0b1001_0000 {
        case 0b1000_0000: .lines200
        case 0b0000_0000: .lines350
        default: .lines400
        }
    }

    private func applyMode(_ mode: UInt8, clearing: Bool, _ context: ServiceContext) {
        let data = BIOSDataArea(memory: context.memory)
        let columns: UInt8 = mode < 2 ? 40 : 80
        let isMonochrome = mode == 7
        data[.videoMode] = mode
        data[.columns] = UInt16(columns)
        data[.pageSize] = columns == 40 ? 0x0800 : 0x1000
        data[.pageStart] = 0
        data[.activePage] = 0
        data[.videoPort] = isMonochrome ? 0x3B4 : 0x3D4
        data[.modeRegister] = VideoTables.modeRegisters[Int(mode)]
        data[.colorRegister] = 0x30
        context.memory.writeBytes(data.pointer(0x50), [UInt8](repeating: 0, count: 16))
        if isVGA {
            programVGA(columns: columns, isMonochrome: isMonochrome, clearing: clearing, context)
        } else {
            program6845(mode: mode, context)
        }
        if clearing {
            let memoryWords = configuration.video.isMonochrome ? 0x0800 : 0x2000
            context.memory.fill16(isMonochrome ? 0xB_0000 : 0xB_8000, with: 0x0720, count: memoryWords)
        }
    }

    private func program6845(mode: UInt8, _ context: ServiceContext) {
        let data = BIOSDataArea(memory: context.memory)
        let registers: [UInt8] =
            switch mode {
            case 0, 1: VideoTables.CRTC6845.columns40
            case 7: VideoTables.CRTC6845.monochrome
            default: VideoTables.CRTC6845.columns80
            }
        let port = data[.videoPort]
        let modeRegister = data[.modeRegister]
        // Video off while the timing changes.
        context.out(port + 4, modeRegister & ~0b0000_1000)
        for (index, value) in registers.enumerated() {
            context.out(port, UInt8(index))
            context.out(port + 1, value)
        }
        if mode != 7 {
            context.out(port + 5, data[.colorRegister])
            programGateArray(mode, context)
        }
        context.out(port + 4, modeRegister)
        data[.cursorShape] = mode == 7 ? 0x0B0C : 0x0607
        // The PC's BIOS knows neither rows nor character height.
        data[.lastRow] = 0
    }

    private func programVGA(columns: UInt8, isMonochrome: Bool, clearing: Bool, _ context: ServiceContext) {
        let data = BIOSDataArea(memory: context.memory)
        let lines = lines(data)
        let wide = columns == 40 ? VideoTables.vgaSequencer40 : VideoTables.vgaSequencer80
        var sequencer = wide
        if lines != .lines400 { sequencer[1] |= VideoTables.vgaEightDots }
        context.out(0x3C4, 0x00)
        context.out(0x3C5, 0x01)
        context.out(0x3C2, VideoTables.vgaMiscellaneous(lines: lines, isMonochrome: isMonochrome))
        for (index, value) in sequencer.enumerated().dropFirst() {
            context.out(0x3C4, UInt8(index))
            context.out(0x3C5, value)
        }
        context.out(0x3C4, 0x00)
        context.out(0x3C5, sequencer[0])
        let port = data[.videoPort]
        // Registers 0 to 7 are unlocked by bit 7 of register 11h.
        context.out(port, 0x11)
        context.out(port + 1, 0x0E)
        for (index, value) in VideoTables.vgaCRTC(columns: columns, lines: lines, isMonochrome: isMonochrome)
            .enumerated()
        {
            context.out(port, UInt8(index))
            context.out(port + 1, value)
        }
        let graphics = isMonochrome ? VideoTables.vgaGraphicsMonochrome : VideoTables.vgaGraphicsColor
        for (index, value) in graphics.enumerated() {
            context.out(0x3CE, UInt8(index))
            context.out(0x3CF, value)
        }
        // Bit 3 of 0040:0089: the default palette is not loaded.
        if data[.vgaFlags] & 0b0000_1000 == 0 {
            loadPalette(isMonochrome: isMonochrome, context)
        }
        _ = context.in(port + 6)
        context.out(0x3C0, 0x20)
        data[.lastRow] = UInt8(lines.count / Int(lines.characterHeight) - 1)
        data[.characterHeight] = UInt16(lines.characterHeight)
        context.memory.setVector(0x43, addresses.font(height: lines.characterHeight))
        data[.videoInfo] = data[.videoInfo] & 0x7F | (clearing ? 0 : 0x80)
        data[.cursorShape] = lines == .lines200 ? 0x0607 : isMonochrome ? 0x0B0C : 0x0607
    }

    private func loadPalette(isMonochrome: Bool, _ context: ServiceContext) {
        let attributes = isMonochrome ? VideoTables.vgaAttributeMonochrome : VideoTables.vgaAttributeColor
        for (index, value) in attributes.enumerated() {
            writeAttribute(UInt8(index), value, context)
        }
        context.out(0x3C6, 0xFF)
        context.out(0x3C8, 0)
        for index in UInt8(0)..<64 {
            let color = VideoTables.vgaColor(index, isMonochrome: isMonochrome)
            context.out(0x3C9, color.red)
            context.out(0x3C9, color.green)
            context.out(0x3C9, color.blue)
        }
    }

    // MARK: Attribute controller

    func writeAttribute(_ register: UInt8, _ value: UInt8, _ call: BIOSCall) {
        writeAttribute(register, value, call.context)
    }

    /// Writes a register of the attribute controller. Reading the status port sets its flip-flop to the index; bit 5
    /// of the index keeps the screen on.
    func writeAttribute(_ register: UInt8, _ value: UInt8, _ context: ServiceContext) {
        let status = BIOSDataArea(memory: context.memory)[.videoPort] &+ 6
        _ = context.in(status)
        context.out(0x3C0, register)
        context.out(0x3C0, value)
        _ = context.in(status)
        context.out(0x3C0, 0x20)
    }

    func readAttribute(_ register: UInt8, _ call: BIOSCall) -> UInt8 {
        let context = call.context
        let status = call.data[.videoPort] &+ 6
        _ = context.in(status)
        context.out(0x3C0, register)
        let value = context.in(0x3C1)
        _ = context.in(status)
        context.out(0x3C0, 0x20)
        return value
    }
}
