import Core
import X86

/// INT 10h AH=1Ah to 1Ch: what the VGA is, its state for programs, and saving it.
extension VideoService {
    /// AH=1Ah: AL=00h BL active display, BH the other; AL=01h sets them.
    func displayCombination(_ call: BIOSCall) {
        let cpu = call.cpu
        switch cpu.al {
        case 0x00:
            cpu.bl = call.data[.displayCombination]
            cpu.bh = 0
        case 0x01: call.data[.displayCombination] = cpu.bl
        default: return
        }
        cpu.al = 0x1A
    }

    /// AH=1Bh BX=0: 64 bytes at ES:DI.
    ///
    /// Source: RBIL INT 10h AH=1Bh, table 00040.
    func functionality(_ call: BIOSCall) {
        let (cpu, memory, data) = (call.cpu, call.memory, call.data)
        guard cpu.bx == 0 else { return }
        let target = FarPointer(cpu.es, cpu.di)
        memory.writeBytes(target, [UInt8](repeating: 0, count: 64))
        memory.writePointer(target, addresses.videoFunctionality)
        // Mode, columns, page size and start, cursors, shape, page, port, two registers: 0040:0049 to 0066.
        memory.writeBytes(target + 0x04, memory.readBytes(data.pointer(0x49), 0x1E))
        memory.write8(target + 0x22, data[.lastRow] &+ 1)
        memory.write16(target + 0x23, data[.characterHeight])
        memory.write8(target + 0x25, data[.displayCombination])
        // Colours, pages, scan lines (0: 200, 1: 350, 2: 400).
        let isMonochrome = data[.videoMode] & 0x7F == 7
        memory.write16(target + 0x27, isMonochrome ? 0 : 16)
        let pageSize = max(Int(data[.pageSize]), 1)
        memory.write8(target + 0x29, UInt8(clamping: min(0x8000 / pageSize, 8)))
        let lines: UInt8 =
            switch data[.vgaFlags] & 0b1001_0000 {
            case 0b1000_0000: 0
            case 0b0000_0000: 1
            default: 2
            }
        memory.write8(target + 0x2A, lines)
        memory.write8(target + 0x2B, 0)
        memory.write8(target + 0x2C, 0)
        let isBlinking = data[.modeRegister] & 0x20 != 0
        let isCursorEmulated = data[.videoInfo] & 1 == 0
        memory.write8(target + 0x2D, 0x01 | (isBlinking ? 0x20 : 0) | (isCursorEmulated ? 0x10 : 0))
        // 256 KB; no save pointer tables in use.
        memory.write8(target + 0x31, 3)
        memory.write8(target + 0x32, 0)
        cpu.al = 0x1B
    }

    // MARK: Save and restore

    /// Bytes of each part of a saved state, by the bit in CX: registers, data area, DAC.
    private static let partSizes = [0x46, 0x3E, 0x305]

    /// AH=1Ch: AL=00h size in 64-byte blocks (BX), 01h save to ES:BX, 02h restore; CX which parts.
    func saveOrRestore(_ call: BIOSCall) {
        let cpu = call.cpu
        let parts = (0..<3).filter { cpu.cx >> $0 & 1 != 0 }
        guard cpu.al <= 2, !parts.isEmpty else { return }
        if cpu.al == 0 {
            let size = parts.reduce(0) { $0 + VideoService.partSizes[$1] }
            cpu.bx = UInt16((size + 63) / 64)
        } else {
            var place = FarPointer(cpu.es, cpu.bx)
            for part in parts {
                switch (part, cpu.al) {
                case (0, 1): call.memory.writeBytes(place, readRegisters(call))
                case (0, _): writeRegisters(call.memory.readBytes(place, VideoService.partSizes[0]), call)
                case (1, 1): saveData(at: place, call)
                case (1, _): restoreData(from: place, call)
                case (_, 1): call.memory.writeBytes(place, readDAC(first: 0, count: 256, call))
                default:
                    let levels = call.memory.readBytes(place, 768)
                    call.context.out(0x3C8, 0)
                    for level in levels { call.context.out(0x3C9, level) }
                }
                place = place + VideoService.partSizes[part]
            }
        }
        cpu.al = 0x1C
    }

    /// Miscellaneous output, sequencer, CRTC, attribute controller, graphics controller: 1 + 5 + 25 + 21 + 9 bytes, and
    /// the low byte of the CRTC's port.
    private func readRegisters(_ call: BIOSCall) -> [UInt8] {
        let context = call.context
        let port = call.data[.videoPort]
        func indexed(_ port: UInt16, _ count: UInt8) -> [UInt8] {
            (0..<count).map { index in
                context.out(port, index)
                return context.in(port &+ 1)
            }
        }
        return [context.in(0x3CC)] + indexed(0x3C4, 5) + indexed(port, 25)
            + (0..<21).map { readAttribute($0, call) } + indexed(0x3CE, 9) + [UInt8(truncatingIfNeeded: port)]
    }

    private func writeRegisters(_ bytes: [UInt8], _ call: BIOSCall) {
        guard bytes.count >= 62 else { return }
        let context = call.context
        let port: UInt16 = bytes[61] == 0xB4 ? 0x3B4 : 0x3D4
        func indexed(_ port: UInt16, _ values: ArraySlice<UInt8>) {
            for (index, value) in values.enumerated() {
                context.out(port, UInt8(index))
                context.out(port + 1, value)
            }
        }
        context.out(0x3C2, bytes[0])
        indexed(0x3C4, bytes[1..<6])
        context.out(port, 0x11)
        context.out(port + 1, bytes[6 + 0x11] & 0x7F)
        indexed(port, bytes[6..<31])
        call.data[.videoPort] = port
        for index in 0..<21 { writeAttribute(UInt8(index), bytes[31 + index], call) }
        indexed(0x3CE, bytes[52..<61])
    }

    /// 0040:0049 to 0066, 0084 to 008A, 00A8 to 00AB, and the vectors 1Dh, 1Fh, 43h.
    private static let dataParts: [(offset: UInt16, count: Int)] = [(0x49, 0x1E), (0x84, 7), (0xA8, 4)]
    private static let vectors: [UInt8] = [0x1D, 0x1F, 0x43]

    private func saveData(at place: FarPointer, _ call: BIOSCall) {
        var place = place
        for part in VideoService.dataParts {
            call.memory.writeBytes(place, call.memory.readBytes(call.data.pointer(part.offset), part.count))
            place = place + part.count
        }
        for vector in VideoService.vectors {
            call.memory.writePointer(place, call.memory.vector(vector))
            place = place + 4
        }
    }

    private func restoreData(from place: FarPointer, _ call: BIOSCall) {
        var place = place
        for part in VideoService.dataParts {
            call.memory.writeBytes(call.data.pointer(part.offset), call.memory.readBytes(place, part.count))
            place = place + part.count
        }
        for vector in VideoService.vectors {
            call.memory.setVector(vector, call.memory.readPointer(place))
            place = place + 4
        }
    }
}
