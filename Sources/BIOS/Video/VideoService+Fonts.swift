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
        out([(0x3C4, 2, 4), (0x3C4, 4, 7), (0x3CE, 5, 0), (0x3CE, 6, 4)], context)
    }

    /// The registers of the mode again.
    private func closeFontPlane(_ context: ServiceContext) {
        let data = BIOSDataArea(memory: context.memory)
        let parameters = parameters(data[.videoMode], data)
        guard parameters != .unused else { return }
        let (sequencer, graphics) = (parameters.sequencer, parameters.graphics)
        out(
            [(0x3C4, 2, sequencer[1]), (0x3C4, 4, sequencer[3]), (0x3CE, 5, graphics[5]), (0x3CE, 6, graphics[6])],
            context)
    }

    /// As many lines of text as fit, but no more than `limit`: CRTC, rows and page size follow the height.
    func setCharacterHeight(_ height: UInt8, rows limit: UInt8 = 0xFF, _ context: ServiceContext) {
        guard (1...32).contains(height) else { return }
        let data = BIOSDataArea(memory: context.memory)
        let lines = lines(data)
        // The VGA shows 200 lines twice.
        let scanLines = lines == .lines350 ? 350 : isVGA ? 400 : 200
        let isDoubled = isVGA && lines == .lines200
        let shown = isDoubled ? Int(height) * 2 : Int(height)
        let rows = max(min(scanLines / shown, Int(limit)), 1)
        let maximum = parameters(data[.videoMode], data).crtc[9]
        writeCRTC(0x09, maximum & 0xE0 | (height - 1), context)
        // Vertical display end and underline.
        writeCRTC(0x12, UInt8(truncatingIfNeeded: rows * shown - 1), context)
        if data[.videoMode] == 7 { writeCRTC(0x14, height - 1, context) }
        data[.characterHeight] = UInt16(height)
        data[.lastRow] = UInt8(truncatingIfNeeded: rows - 1)
        // IBM's BIOS leaves 256 bytes between pages.
        let used = UInt16(truncatingIfNeeded: rows) &* data[.columns] &* 2
        data[.pageSize] = rows == 25 ? (data[.columns] == 40 ? 0x0800 : 0x1000) : used &+ 256
        let bottom = height > 8 ? height - 2 : height - 1
        let top = bottom > 0 ? bottom - 1 : 0
        writeCRTC16(0x0A, UInt16(top) << 8 | UInt16(isVGA ? bottom : cursorEnd(bottom, height: height)), context)
        data[.cursorShape] = height > 8 ? 0x0607 : UInt16(top) << 8 | UInt16(bottom)
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
