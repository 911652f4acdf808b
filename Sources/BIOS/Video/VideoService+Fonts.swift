import Core
import X86

/// INT 10h AH=11h and 12h: character heights, fonts, and the choices of the VGA's BIOS.
///
/// A call that loads a font of the ROM changes the geometry of the screen as it should (43 and 50 lines), and leaves the
/// adapter's characters as they are.
extension VideoService {
    func characterGenerator(_ call: BIOSCall) {
        let cpu = call.cpu
        switch cpu.al {
        case 0x00: loadUserFont(call)
        case 0x10:
            loadUserFont(call)
            setCharacterHeight(cpu.bh, call)
        case 0x01, 0x02, 0x04:
            // A ROM font into block BL: nothing to load.
            break
        case 0x11: setCharacterHeight(14, call)
        case 0x12: setCharacterHeight(8, call)
        case 0x14: setCharacterHeight(16, call)
        case 0x03:
            // Which blocks show when attribute bit 3 is 0 and 1.
            call.context.out(0x3C4, 0x03)
            call.context.out(0x3C5, cpu.bl)
        case 0x20: call.memory.setVector(0x1F, FarPointer(cpu.es, cpu.bp))
        case 0x21: call.memory.setVector(0x43, FarPointer(cpu.es, cpu.bp))
        case 0x22: call.memory.setVector(0x43, addresses.font14)
        case 0x23: call.memory.setVector(0x43, addresses.font8)
        case 0x24: call.memory.setVector(0x43, addresses.font16)
        case 0x30: fontInformation(call)
        default: call.reportUnknown()
        }
    }

    /// AL=00h, 10h: CX characters of BH bytes from ES:BP become characters DX and up of block BL, in plane 2.
    private func loadUserFont(_ call: BIOSCall) {
        let (cpu, context) = (call.cpu, call.context)
        let height = min(Int(cpu.bh), 32)
        let block = UInt32(cpu.bl & 3) * 0x4000 + UInt32(cpu.bl & 4) * 0x0800
        let count = min(Int(cpu.cx), 256 - min(Int(cpu.dx), 256))
        let old = openFontPlane(context)
        for character in 0..<count {
            let target = 0xA_0000 + block + UInt32(Int(cpu.dx) + character) * 32
            let source = FarPointer(cpu.es, cpu.bp) + character * height
            for line in 0..<height {
                call.memory.write8(target + UInt32(line), call.memory.read8(source + line))
            }
        }
        closeFontPlane(old, context)
        call.spend(clocks: count * height * 10)
    }

    /// Makes plane 2 writable at A0000h. Returns the registers to restore: map mask, memory mode, mode, miscellaneous.
    private func openFontPlane(_ context: ServiceContext) -> [UInt8] {
        func exchange(_ port: UInt16, _ index: UInt8, _ value: UInt8) -> UInt8 {
            context.out(port, index)
            let old = context.in(port + 1)
            context.out(port + 1, value)
            return old
        }
        return [
            exchange(0x3C4, 0x02, 0x04), exchange(0x3C4, 0x04, 0x06), exchange(0x3CE, 0x05, 0x00),
            exchange(0x3CE, 0x06, 0x04),
        ]
    }

    private func closeFontPlane(_ old: [UInt8], _ context: ServiceContext) {
        let registers: [(UInt16, UInt8)] = [(0x3C4, 0x02), (0x3C4, 0x04), (0x3CE, 0x05), (0x3CE, 0x06)]
        for ((port, index), value) in zip(registers, old) {
            context.out(port, index)
            context.out(port + 1, value)
        }
    }

    /// As many lines of text as fit: CRTC, rows and page size follow the height.
    private func setCharacterHeight(_ height: UInt8, _ call: BIOSCall) {
        guard (1...32).contains(height) else { return }
        let data = call.data
        let scanLines =
            switch data[.vgaFlags] & 0b1001_0000 {
            case 0b1000_0000: 400  // 200 lines, shown twice
            case 0b0000_0000: 350
            default: 400
            }
        let isDoubled = data[.vgaFlags] & 0b1001_0000 == 0b1000_0000
        let shown = isDoubled ? Int(height) * 2 : Int(height)
        let rows = max(scanLines / shown, 1)
        let port = data[.videoPort]
        call.context.out(port, 0x09)
        let maximum = call.context.in(port &+ 1)
        call.context.out(port &+ 1, maximum & 0xE0 | (height - 1))
        // Vertical display end and underline.
        writeCRTC(0x12, UInt8(truncatingIfNeeded: rows * shown - 1), call)
        if data[.videoMode] == 7 { writeCRTC(0x14, height - 1, call) }
        data[.characterHeight] = UInt16(height)
        data[.lastRow] = UInt8(truncatingIfNeeded: rows - 1)
        // IBM's BIOS leaves 256 bytes between pages.
        let used = UInt16(truncatingIfNeeded: rows) &* data[.columns] &* 2
        data[.pageSize] = rows == 25 ? (data[.columns] == 40 ? 0x0800 : 0x1000) : used &+ 256
        let bottom = height > 8 ? height - 2 : height - 1
        let top = bottom > 0 ? bottom - 1 : 0
        writeCRTC16(0x0A, UInt16(top) << 8 | UInt16(bottom), call)
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

    // MARK: AH=12h

    /// AL=12h on return: the function exists.
    func alternateSelect(_ call: BIOSCall) {
        let cpu = call.cpu
        let data = call.data
        switch cpu.bl {
        case 0x10:
            // BH: colour (0) or monochrome (1); BL: 256 KB; CX: feature bits and switches.
            cpu.bh = data[.videoPort] == 0x3B4 ? 1 : 0
            cpu.bl = 3
            cpu.ch = data[.videoSwitches] >> 4
            cpu.cl = data[.videoSwitches] & 0x0F
            return
        case 0x20:
            // Print screen for other than 25 rows: the ROM's routine does that already.
            return
        case 0x30:
            // Scan lines of text modes, from the next mode setting on.
            guard cpu.al <= 2 else { return }
            let bits: [UInt8] = [0b1000_0000, 0b0000_0000, 0b0001_0000]
            data[.vgaFlags] = data[.vgaFlags] & 0b0110_1111 | bits[Int(cpu.al)]
        case 0x31: setFlag(0b0000_1000, cpu.al & 1 != 0, data)
        case 0x32:
            // Whether the adapter answers at its addresses.
            let miscellaneous = call.context.in(0x3CC)
            call.context.out(0x3C2, cpu.al & 1 == 0 ? miscellaneous | 0x02 : miscellaneous & ~0x02)
        case 0x33: setFlag(0b0000_0010, cpu.al & 1 == 0, data)
        case 0x34:
            // Cursor emulation: AL=0 on.
            data[.videoInfo] = data[.videoInfo] & ~1 | cpu.al & 1
        case 0x36:
            // Refresh: AL=0 on, 1 off.
            call.context.out(0x3C4, 0x01)
            let clocking = call.context.in(0x3C5)
            call.context.out(0x3C5, cpu.al & 1 == 0 ? clocking & ~0x20 : clocking | 0x20)
        default:
            call.reportUnknown()
            return
        }
        cpu.al = 0x12
    }

    private func setFlag(_ flag: UInt8, _ isSet: Bool, _ data: BIOSDataArea) {
        data[.vgaFlags] = isSet ? data[.vgaFlags] | flag : data[.vgaFlags] & ~flag
    }
}
