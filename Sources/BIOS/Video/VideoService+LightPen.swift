import Core
import X86

/// INT 10h AH=04h: where the light pen saw the beam.
///
/// Source: [PCTR] BIOS listing, "READ LIGHT PEN"; [RBIL] INT 10h AH=04h.
extension VideoService {
    /// Characters between the beam and the address that the 6845 has latched, by mode 0 to 7.
    private static let delays: [UInt16] = [3, 3, 5, 5, 3, 3, 3, 4]

    /// AH=0: not triggered. AH=1: DH,DL row and column, CH (or CX, above 200 lines) line and BX dot of the first dot.
    func readLightPen(_ call: BIOSCall) {
        let (context, cpu, data) = (call.context, call.cpu, call.data)
        cpu.ah = 0
        // A VGA has no place to plug it in, and the PCjr and the Tandy have the CGA's.
        guard !isVGA else { return }
        let port = data[.videoPort]
        let status = context.in(port &+ 6)
        // Bit 2: the switch is open. Bit 1: the pen has seen the beam.
        if status & 0b0110 == 0b0010 {
            let mode = data[.videoMode] & 0x7F
            let seen = UInt16(context.indexed(port, 0x10)) << 8 | UInt16(context.indexed(port, 0x11))
            let delay = mode < 8 ? VideoService.delays[Int(mode)] : 4
            let start = mode <= 7 ? data[.pageStart] >> 1 : data[.pageStart]
            report(at: seen > delay &+ start ? seen - delay - start : 0, mode, call)
            cpu.ah = 1
        }
        // The latch is cleared, unless the switch is open.
        if status & 0b0100 == 0 { context.out(port &+ 7, 0) }
    }

    /// `address`: characters from the beginning of the page.
    private func report(at address: UInt16, _ mode: UInt8, _ call: BIOSCall) {
        let cpu = call.cpu
        let columns = max(call.data[.columns], 1)
        switch mode {
        case 4...6, 8...10:
            // 40 addresses hold two lines.
            let (line, column) = (address / 40 &* 2, address % 40)
            let isWide = mode == 6 || mode == 10
            cpu.ch = UInt8(truncatingIfNeeded: line)
            cpu.bx = column &* (isWide ? 16 : 8)
            cpu.dl = UInt8(truncatingIfNeeded: isWide ? column &* 2 : column)
            cpu.dh = UInt8(truncatingIfNeeded: line / 8)
        case 0x0D...0x10:
            let (line, column) = (address / columns, address % columns)
            cpu.cx = line
            cpu.bx = column &* 8
            cpu.dl = UInt8(truncatingIfNeeded: column)
            cpu.dh = UInt8(truncatingIfNeeded: line / max(call.data[.characterHeight], 1))
        default:
            let (row, column) = (address / columns, address % columns)
            let height: UInt16 = isPlanar ? call.data[.characterHeight] : 8
            cpu.dh = UInt8(truncatingIfNeeded: row)
            cpu.dl = UInt8(truncatingIfNeeded: column)
            cpu.ch = UInt8(truncatingIfNeeded: row &* height)
            cpu.bx = column &* 8
        }
    }
}
