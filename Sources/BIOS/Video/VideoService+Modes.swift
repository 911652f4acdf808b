import Core
import X86

/// Mode setting.
extension VideoService {
    /// The mode that the machine starts in.
    func powerOn(in context: ServiceContext) {
        let data = BIOSDataArea(memory: context.memory)
        if isPlanar {
            // The display active; bit 1: it is monochrome.
            data[.videoInfo] = videoMemory(context) << 5 | (configuration.isMonochrome ? 0x02 : 0)
            data[.videoSwitches] = isVGA ? 0x09 : 0xF0 | readSwitches(context)
            context.memory.writePointer(data.pointer(0xA8), addresses.videoSavePointers)
        }
        if isVGA {
            // 400 lines, VGA active; switches of a colour VGA.
            data[.vgaFlags] = 0x11
            data[.displayCombination] = VideoTables.colorVGA
        }
        mirror.move(to: TextPosition(row: 0, column: 0))
        applyMode(configuration.isMonochrome ? 7 : 3, clearing: true, context)
    }

    /// The EGA's four switches: the clock select bits choose the one that port 3C2h shows.
    ///
    /// Source: [IBM EGA] "Input status register zero".
    private func readSwitches(_ context: ServiceContext) -> UInt8 {
        (UInt8(0)..<4).reduce(0) { switches, number in
            context.out(0x3C2, 0x23 | (3 - number) << 2)
            return switches | (context.in(0x3C2) >> 4 & 1) << number
        }
    }

    /// The planes' size, 0 (64 KB in all), 1 or 3 (256 KB), as bits 5 and 6 of 0040:0087 have it.
    private func videoMemory(_ context: ServiceContext) -> UInt8 {
        let memory = context.memory
        writeRegisters(parameters(0x0D, BIOSDataArea(memory: memory)), context)
        for (offset, size) in [(UInt32(0x4000), UInt8(0)), (0x8000, 1)] {
            memory.write8(0xA_0000 + offset, 0xA5)
            if memory.read8(0xA_0000 + offset) != 0xA5 { return size }
        }
        return 3
    }

    /// AH=00h: mode AL. On an EGA, a VGA and the PCjr bit 7 keeps the memory.
    func setMode(_ call: BIOSCall) {
        let cpu = call.cpu
        let canKeep = isPlanar || configuration.video == .pcjr
        let mode = canKeep ? cpu.al & 0x7F : cpu.al
        let clearing = !canKeep || cpu.al & 0x80 == 0
        if !isPlanar, let graphics = ColorGraphicsMode(mode, video: configuration.video) {
            applyColorGraphics(graphics, clearing: clearing, call.context)
            return call.spend(clocks: 20_000)
        }
        if mode == 0x6A, setExtended(0x102, clearing: clearing, call.context) { return call.spend(clocks: 20_000) }
        guard isKnown(mode) else {
            call.service.report(.unavailableVideoMode(mode, caller: call.caller))
            return
        }
        // With a monochrome monitor there are text and, on an EGA, mode 0Fh.
        let shown = configuration.isMonochrome && !(isPlanar && mode == 0x0F) ? 7 : mode
        applyMode(shown, clearing: clearing, call.context)
        if isVGA { cpu.al = mode <= 7 && mode != 6 ? 0x30 : mode == 6 ? 0x3F : 0x20 }
        call.spend(clocks: 20_000)
    }

    /// Modes of text on all adapters, and of graphics on an EGA or a VGA.
    func isKnown(_ mode: UInt8) -> Bool {
        switch configuration.video {
        case .mda, .hercules: true
        case .cga, .tandy, .pcjr: mode <= 3
        case .ega: mode <= 7 || (0x0D...0x10).contains(mode) || configuration.isMonochrome
        case .vga: mode <= 7 || (0x0D...0x13).contains(mode)
        }
    }

    /// Scan lines chosen by INT 10h AX=12xxh BL=30h, in bits 7 and 4 of 0040:0089. The EGA has those of its monitor, by the
    /// switches: 350 on the enhanced one where it may show them, and on the MDA's.
    func lines(_ data: BIOSDataArea) -> VideoTables.VGALines {
        guard isVGA else { return [0x03, 0x09, 0x0B].contains(data[.videoSwitches] & 0x0F) ? .lines350 : .lines200 }
        return switch data[.vgaFlags] & 0b1001_0000 {
        // Mode 7 has none of 200 lines.
        case 0b1000_0000: data[.videoMode] & 0x7F == 7 ? .lines350 : .lines200
        case 0b0000_0000: .lines350
        default: .lines400
        }
    }

    /// The lines of the mode by which a VGA's BIOS chooses colours: text as it is chosen, pictures of 200, or of more.
    func lines(of mode: UInt8, _ data: BIOSDataArea) -> VideoTables.VGALines {
        switch mode {
        case 0...3, 7: lines(data)
        case 0x0F...0x12: .lines350
        default: .lines200
        }
    }

    /// `parameters`: other registers for an EGA or a VGA than those of its table.
    func applyMode(
        _ mode: UInt8, parameters: VideoParameters? = nil, clearing: Bool, _ context: ServiceContext
    ) {
        let data = BIOSDataArea(memory: context.memory)
        let columns: UInt8 = mode < 2 ? 40 : 80
        let isMonochrome = mode == 7 || mode == 0x0F
        data[.videoMode] = mode
        data[.columns] = UInt16(columns)
        data[.pageSize] = columns == 40 ? 0x0800 : 0x1000
        data[.pageStart] = 0
        data[.activePage] = 0
        data[.videoPort] = isMonochrome ? 0x3B4 : 0x3D4
        if mode <= 7 {
            data[.modeRegister] = VideoTables.modeRegisters[Int(mode)]
            data[.colorRegister] = mode == 6 ? 0x3F : 0x30
        }
        context.memory.writeBytes(data.pointer(0x50), [UInt8](repeating: 0, count: 16))
        if isPlanar {
            if configuration.hasVideoExtension { DisplayInterface(context: context).turnOff() }
            programPlanar(mode, parameters ?? self.parameters(mode, data), clearing: clearing, context)
        } else {
            program6845(mode: mode, context)
            if clearing {
                let memoryWords = configuration.video.isMonochrome ? 0x0800 : 0x2000
                context.memory.fill16(isMonochrome ? 0xB_0000 : 0xB_8000, with: 0x0720, count: memoryWords)
            }
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

    /// An EGA or a VGA by its parameter table.
    private func programPlanar(
        _ mode: UInt8, _ parameters: VideoParameters, clearing: Bool, _ context: ServiceContext
    ) {
        let data = BIOSDataArea(memory: context.memory)
        let isText = mode <= 3 || mode == 7
        writeRegisters(parameters, context)
        loadColors(parameters, mode: mode, context)
        data[.columns] = UInt16(parameters.columns)
        data[.pageSize] = parameters.pageSize
        data[.lastRow] = parameters.rows &- 1
        data[.characterHeight] = UInt16(parameters.characterHeight)
        data[.videoInfo] = data[.videoInfo] & 0x7F | (clearing ? 0 : 0x80)
        if isVGA { noteMonitor(isMonochrome: data[.videoPort] == 0x3B4, data) }
        let cursor = UInt16(parameters.crtc[0x0A]) << 8 | UInt16(parameters.crtc[0x0B])
        data[.cursorShape] = isText || !isVGA ? cursor : 0
        // In text nobody draws with it.
        context.memory.setVector(0x43, isText ? addresses.font8 : addresses.font(height: parameters.characterHeight))
        if clearing { clear(mode, context) }
        if isText {
            loadROMFont(height: parameters.characterHeight, block: 0, context)
            loadFontOverride(mode, context)
            loadSecondFont(mode, context)
        } else {
            useGraphicsFontOverride(mode, context)
        }
        loadColorOverride(mode, context)
        // The EGA's table has the cursor as it was before the BIOS moves it.
        if !isVGA { setCursorShape(data[.cursorShape], context) }
        _ = context.in(data[.videoPort] + 6)
        context.out(0x3C0, 0x20)
    }

    private func clear(_ mode: UInt8, _ context: ServiceContext) {
        switch mode {
        case 0...3: context.memory.fill16(0xB_8000, with: 0x0720, count: 0x4000)
        case 7: context.memory.fill16(0xB_0000, with: 0x0720, count: 0x4000)
        case 4...6: context.memory.fill16(0xB_8000, with: 0, count: 0x4000)
        default: context.memory.fill16(0xA_0000, with: 0, count: 0x8000)
        }
    }

    /// Bit 1 of 0040:0087 and the switches that an EGA with such a monitor would have.
    private func noteMonitor(isMonochrome: Bool, _ data: BIOSDataArea) {
        data[.videoInfo] = data[.videoInfo] & ~0x02 | (isMonochrome ? 0x02 : 0)
        let switches: UInt8 = isMonochrome ? 0x0B : lines(data) == .lines200 ? 0x08 : 0x09
        data[.videoSwitches] = data[.videoSwitches] & 0xF0 | switches
    }

    func writeRegisters(_ parameters: VideoParameters, _ context: ServiceContext) {
        func out(_ port: UInt16, _ values: [UInt8], from first: UInt8 = 0) {
            for (index, value) in values.enumerated() {
                context.out(port, first + UInt8(index))
                context.out(port + 1, value)
            }
        }
        // The sequencer is held while the clock changes, and the screen is off until the palette is there.
        let port: UInt16 = parameters.miscellaneous & 1 != 0 ? 0x3D4 : 0x3B4
        out(0x3C4, [0x01])
        context.out(0x3C2, parameters.miscellaneous)
        out(0x3C4, parameters.sequencer, from: 1)
        out(0x3C4, [0x03])
        // Registers 0 to 7 of the VGA are unlocked by bit 7 of register 11h.
        out(port, [0x0E], from: 0x11)
        out(port, parameters.crtc)
        out(0x3CE, parameters.graphics)
        if !isVGA {
            // Where the EGA's two graphics chips stand.
            context.out(0x3CC, 0x00)
            context.out(0x3CA, 0x01)
        }
    }

    /// The attribute controller and the DAC. With bit 3 of 0040:0089 of a VGA the palette, the border and the DAC stay.
    func loadColors(_ parameters: VideoParameters, mode: UInt8, _ context: ServiceContext) {
        let data = BIOSDataArea(memory: context.memory)
        let keepsColors = isVGA && data[.vgaFlags] & 0b0000_1000 != 0
        for (index, value) in parameters.attributes.enumerated() where !keepsColors || index == 16 || index > 17 {
            writeAttribute(UInt8(index), value, context)
        }
        guard isVGA else { return }
        writeAttribute(0x14, 0, context)
        if keepsColors { return }
        context.out(0x3C6, 0xFF)
        context.out(0x3C8, 0)
        let colors = VideoTables.dacColors(
            mode: mode, isHighResolution: lines(of: mode, data) != .lines200, isGray: showsGrays(data))
        for level in colors { context.out(0x3C9, level) }
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
        savePalette(register, value, context.memory)
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
