import Core
import X86

/// INT 10h AH=11h: character heights and fonts.
///
/// Fonts go into plane 2 as a BIOS puts them there: the plane is opened at A0000h by the registers, and closed again.
extension VideoService {
    func characterGenerator(_ call: BIOSCall) {
        let cpu = call.cpu
        switch cpu.al {
        case 0x00: loadUserFont(call)
        case 0x10:
            loadUserFont(call)
            setCharacterHeight(cpu.bh, call.context)
        case 0x04 where !isVGA, 0x14 where !isVGA: call.reportUnknown()
        case 0x01, 0x02, 0x04: loadROMFont(cpu.al, block: cpu.bl, call)
        case 0x11, 0x12, 0x14:
            loadROMFont(cpu.al, block: cpu.bl, call)
            setCharacterHeight(cpu.al == 0x11 ? 14 : cpu.al == 0x12 ? 8 : 16, call.context)
        case 0x03:
            // Which blocks show when attribute bit 3 is 0 and 1.
            call.context.out(0x3C4, 0x03)
            call.context.out(0x3C5, cpu.bl)
        case 0x20: call.memory.setVector(0x1F, FarPointer(cpu.es, cpu.bp))
        case 0x21: useGraphicsFont(FarPointer(cpu.es, cpu.bp), height: cpu.cx, call)
        case 0x22: useGraphicsFont(addresses.font14, height: 14, call)
        case 0x23: useGraphicsFont(addresses.font8, height: 8, call)
        case 0x24 where isVGA: useGraphicsFont(addresses.font16, height: 16, call)
        case 0x30: fontInformation(call)
        default: call.reportUnknown()
        }
    }

    /// AL=21h to 24h: what graphics modes draw with, and rows on the screen: 14, 25 or 43 for BL 1 to 3, DL for 0.
    private func useGraphicsFont(_ font: FarPointer, height: UInt16, _ call: BIOSCall) {
        call.memory.setVector(0x43, font)
        let rows: [UInt8] = [call.cpu.dl, 14, 25, 43]
        // Other values of BL are taken as 25 rows, as IBM's BIOS does.
        call.data[.lastRow] = (call.cpu.bl < 4 ? rows[Int(call.cpu.bl)] : 25) &- 1
        call.data[.characterHeight] = height
    }

    /// AL=x1h, x2h, x4h: a font of the ROM into block BL.
    private func loadROMFont(_ function: UInt8, block: UInt8, _ call: BIOSCall) {
        let height: UInt8 = function & 15 == 1 ? 14 : function & 15 == 2 ? 8 : 16
        loadROMFont(height: height, block: block, call.context)
        call.spend(clocks: 256 * Int(height) * 10)
    }

    func loadROMFont(height: UInt8, block: UInt8, _ context: ServiceContext) {
        loadFont(from: addresses.font(height: height), height: Int(height), characters: 0..<256, block: block, context)
    }

    /// The registers after a font has been loaded: the VGA's of text, whatever the mode is. The EGA's BIOS sets all of the
    /// mode again, with its colours and its cursor.
    ///
    /// Source: the ROMs of [IBM EGA] and [IBM VGA].
    private func closeFontPlane(_ context: ServiceContext) {
        let data = BIOSDataArea(memory: context.memory)
        if isVGA {
            let window: UInt8 = data[.videoPort] == 0x3B4 ? 0x0A : 0x0E
            out([(0x3C4, 2, 3), (0x3C4, 4, 3), (0x3CE, 5, 0x10), (0x3CE, 6, window), (0x3CE, 4, 0)], context)
            return
        }
        let parameters = parameters(data[.videoMode], data)
        guard parameters != .unused else { return }
        writeRegisters(parameters, context)
        loadColors(parameters, mode: data[.videoMode], context)
        setCursorShape(UInt16(parameters.crtc[0x0A]) << 8 | UInt16(parameters.crtc[0x0B]), context)
    }

    /// AL=00h, 10h: CX characters of BH bytes from ES:BP become characters DX and up of block BL, in plane 2.
    private func loadUserFont(_ call: BIOSCall) {
        let cpu = call.cpu
        let height = min(Int(cpu.bh), 32)
        let first = min(Int(cpu.dx), 256)
        let characters = first..<first + min(Int(cpu.cx), 256 - first)
        loadFont(from: FarPointer(cpu.es, cpu.bp), height: height, characters: characters, block: cpu.bl, call.context)
        call.spend(clocks: characters.count * height * 10)
    }

    func loadFont(
        from source: FarPointer, height: Int, characters: Range<Int>, block: UInt8, _ context: ServiceContext
    ) {
        let memory = context.memory
        let start = 0xA_0000 + UInt32(block & 3) * 0x4000 + (isVGA ? UInt32(block & 4) * 0x0800 : 0)
        openFontPlane(context)
        var source = source
        for character in characters {
            let target = start + UInt32(character) * 32
            for line in 0..<height { memory.write8(target + UInt32(line), memory.read8(source + line)) }
            source = source + height
        }
        closeFontPlane(context)
    }

    private func out(_ registers: [(UInt16, UInt8, UInt8)], _ context: ServiceContext) {
        for (port, index, value) in registers {
            context.out(port, index)
            context.out(port + 1, value)
        }
    }

    /// Makes plane 2 writable at A0000h.
    private func openFontPlane(_ context: ServiceContext) {
        out([(0x3C4, 2, 4), (0x3C4, 4, 7), (0x3CE, 5, 0), (0x3CE, 6, 4), (0x3CE, 4, 2)], context)
    }

    /// As many lines of text as fit: CRTC, rows, page size and cursor follow the height.
    ///
    /// Source: the ROMs of [IBM EGA] and [IBM VGA].
    func setCharacterHeight(_ height: UInt8, _ context: ServiceContext) {
        guard (1...32).contains(height) else { return }
        let data = BIOSDataArea(memory: context.memory)
        let lines = lines(data)
        // The VGA shows 200 lines twice.
        let isDoubled = isVGA && lines == .lines200
        let scanLines = lines == .lines350 ? 350 : lines == .lines200 ? 200 : 400
        let rows = UInt8(truncatingIfNeeded: scanLines / Int(height))
        let last = height - 1
        data[.characterHeight] = UInt16(height)
        if data[.videoMode] == 7 { writeCRTC(0x14, last, context) }
        writeCRTC(0x09, parameters(data[.videoMode], data).crtc[9] & 0xE0 | last, context)
        // Vertical display end.
        writeCRTC(0x12, UInt8(truncatingIfNeeded: Int(rows) * Int(height) * (isDoubled ? 2 : 1) - 1), context)
        data[.lastRow] = rows &- 1
        // IBM's BIOS leaves 256 bytes between pages.
        data[.pageSize] = UInt16(rows) &* data[.columns] &* 2 &+ 256
        let cursor = UInt16(last &- 1) << 8 | UInt16(last)
        guard isVGA else { return setCursorShape(cursor, context) }
        // The underline, one line higher in high characters, is not emulated any more.
        data[.cursorShape] = height >= 14 ? cursor - 0x0101 : cursor
        writeCRTC16(0x0A, data[.cursorShape], context)
    }

    /// AL=30h: CX bytes per character on the screen (not of the font asked for), DL last row, ES:BP the font that BH names.
    ///
    /// Source: [RBIL] INT 10h AX=1130h.
    private func fontInformation(_ call: BIOSCall) {
        let cpu = call.cpu
        let data = call.data
        let font: FarPointer
        switch cpu.bh {
        case 0x00: font = call.memory.vector(0x1F)
        case 0x01: font = call.memory.vector(0x43)
        case 0x02: font = addresses.font14
        case 0x03: font = addresses.font8
        case 0x04: font = addresses.font8 + 128 * 8
        case 0x05, 0x07: font = addresses.alternateFont
        case 0x06: font = addresses.font16
        default: return
        }
        (cpu.es, cpu.bp) = (font.segment, font.offset)
        cpu.cx = data[.characterHeight]
        cpu.dl = data[.lastRow]
    }
}
