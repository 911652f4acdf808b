import Core
import X86

/// INT 10h AH=1Ah to 1Ch: what the VGA is, its state for programs, and saving it.
extension VideoService {
    /// AH=1Ah: AL=00h BL active display, BH the other; AL=01h sets them. 0040:008A has the place of the pair in the table.
    func displayCombination(_ call: BIOSCall) {
        let cpu = call.cpu
        switch cpu.al {
        case 0x00: cpu.bx = combination(call.data)
        case 0x01:
            let place = displayCombinations(call.memory).firstIndex {
                $0 == [cpu.bh, cpu.bl] || $0 == [cpu.bl, cpu.bh]
            }
            call.data[.displayCombination] = place.map { UInt8($0) } ?? 0xFF
        default: return
        }
        cpu.al = 0x1A
    }

    /// The active display in the low byte. With two, the equipment word says which is active; FFFFh: the pair is not known.
    private func combination(_ data: BIOSDataArea) -> UInt16 {
        let place = Int(data[.displayCombination])
        let pairs = displayCombinations(data.memory)
        guard pairs.indices.contains(place) else { return 0xFFFF }
        var (active, other) = (pairs[place][0], pairs[place][1])
        if active == 0 { (active, other) = (other, active) }
        // Odd codes are those of monochrome displays.
        let isMonochrome = data[.equipment] & 0x30 == 0x30
        if other != 0, (active & 1 != 0) != isMonochrome { (active, other) = (other, active) }
        return UInt16(other) << 8 | UInt16(active)
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
        memory.write16(target + 0x25, combination(data))
        let mode = data[.videoMode] & 0x7F
        memory.write16(target + 0x27, VideoService.colors(mode))
        memory.write8(target + 0x29, pages(mode, data))
        memory.write8(target + 0x2A, scanLines(mode, data))
        let fonts = call.context.indexed(0x3C4, 3)
        memory.write8(target + 0x2B, fonts & 3 | fonts >> 2 & 4)
        memory.write8(target + 0x2C, fonts >> 2 & 3 | fonts >> 3 & 4)
        memory.write8(target + 0x2D, choices(data, call))
        memory.write8(target + 0x31, data[.videoInfo] >> 5 & 3)
        memory.write8(target + 0x32, savePointerFlags(call.memory))
        cpu.al = 0x1B
    }

    /// 0 for monochrome modes, as the table has it.
    private static func colors(_ mode: UInt8) -> UInt16 {
        switch mode {
        case 4, 5: 4
        case 6, 0x11: 2
        case 7, 0x0F: 0
        case 0x13: 256
        default: 16
        }
    }

    private func pages(_ mode: UInt8, _ data: BIOSDataArea) -> UInt8 {
        switch mode {
        // Text has 32 KB, in pages of the size that the rows need.
        case 0...3, 7: UInt8(clamping: min(0x8000 / max(Int(data[.pageSize]), 1), 8))
        case 0x0D: 8
        case 0x0E: 4
        case 0x0F, 0x10: 2
        default: 1
        }
    }

    /// Of the mode: 0 is 200, 1 is 350, 2 is 400, 3 is 480.
    private func scanLines(_ mode: UInt8, _ data: BIOSDataArea) -> UInt8 {
        switch mode {
        case 0...3, 7: lines(data).rawValue
        case 0x0F, 0x10: 1
        case 0x11, 0x12: 3
        default: 0
        }
    }

    /// Bit 0 all modes, 1 gray summing, 2 monochrome display, 3 no default palette, 4 cursor emulation, 5 blinking.
    private func choices(_ data: BIOSDataArea, _ call: BIOSCall) -> UInt8 {
        let flags = data[.vgaFlags]
        var bits: UInt8 = 0x01 | flags & 0b0000_1010
        if combination(data) & 0xFF == 0x07 { bits |= 0x04 }
        if data[.videoInfo] & 1 == 0 { bits |= 0x10 }
        if readAttribute(0x10, call) & 0x08 != 0 { bits |= 0x20 }
        return bits
    }

    // MARK: Save and restore

    /// Bytes of each part of a saved state, by the bit in CX: registers, data area, DAC. Before them are the offsets of each,
    /// as in IBM's.
    private static let partSizes = [0x46, 0x3A, 0x304]
    private static let headSize = 0x20

    /// AH=1Ch: AL=00h size in 64-byte blocks (BX), 01h save to ES:BX, 02h restore; CX which parts.
    func saveOrRestore(_ call: BIOSCall) {
        let cpu = call.cpu
        guard cpu.al <= 2, cpu.cx & 7 != 0 else {
            cpu.al = 0
            return
        }
        let place = FarPointer(cpu.es, cpu.bx)
        switch cpu.al {
        case 0: cpu.bx = UInt16((stateSize(parts: cpu.cx) + 63) / 64)
        case 1: saveState(parts: cpu.cx, at: place, call)
        default: restoreState(parts: cpu.cx, from: place, call)
        }
        cpu.al = 0x1C
    }

    private static func parts(_ bits: UInt16) -> [Int] { (0..<3).filter { bits >> $0 & 1 != 0 } }

    /// Bytes of the parts whose bits are set.
    func stateSize(parts bits: UInt16) -> Int {
        VideoService.parts(bits).reduce(VideoService.headSize) { $0 + VideoService.partSizes[$1] }
    }

    func saveState(parts bits: UInt16, at place: FarPointer, _ call: BIOSCall) {
        let start = place
        var place = place + VideoService.headSize
        for part in VideoService.parts(bits) {
            call.memory.write16(start + part * 2, place.offset)
            switch part {
            case 0: call.memory.writeBytes(place, readRegisters(call))
            case 1: saveData(at: place, call)
            default: call.memory.writeBytes(place, saveDAC(call))
            }
            place = place + VideoService.partSizes[part]
        }
    }

    func restoreState(parts bits: UInt16, from place: FarPointer, _ call: BIOSCall) {
        for part in VideoService.parts(bits) {
            // Where it was put, whatever else was saved.
            let place = FarPointer(place.segment, call.memory.read16(place + part * 2))
            let size = VideoService.partSizes[part]
            switch part {
            case 0: writeRegisters(call.memory.readBytes(place, size), call)
            case 1: restoreData(from: place, call)
            default: restoreDAC(call.memory.readBytes(place, size), call)
            }
        }
    }

    /// Whether it is read, the register that stands next, the mask and the colour page; then all colours.
    private func saveDAC(_ call: BIOSCall) -> [UInt8] {
        let context = call.context
        let head = [context.in(0x3C7), context.in(0x3C8), context.in(0x3C6), readAttribute(0x14, call)]
        return head + readDAC(first: 0, count: 256, call)
    }

    private func restoreDAC(_ bytes: [UInt8], _ call: BIOSCall) {
        let context = call.context
        guard bytes.count >= 772 else { return }
        context.out(0x3C8, 0)
        for level in bytes[4..<772] { context.out(0x3C9, level) }
        writeAttribute(0x14, bytes[3], call)
        context.out(0x3C6, bytes[2])
        // While colours are read, 3C8h is one ahead.
        let isReading = bytes[0] & 3 == 3
        context.out(isReading ? 0x3C7 : 0x3C8, isReading ? bytes[1] &- 1 : bytes[1])
    }

    /// Miscellaneous output, sequencer, CRTC, attribute controller, graphics controller: 1 + 5 + 25 + 21 + 9 bytes, the
    /// low byte of the CRTC's port, the feature control register, and the indices of sequencer, CRTC and graphics controller.
    private func readRegisters(_ call: BIOSCall) -> [UInt8] {
        let context = call.context
        let port = call.data[.videoPort]
        func indexed(_ port: UInt16, _ count: UInt8) -> [UInt8] {
            (0..<count).map { context.indexed(port, $0) }
        }
        let indices = [context.in(0x3C4), context.in(port), context.in(0x3CE)]
        return [context.in(0x3CC)] + indexed(0x3C4, 5) + indexed(port, 25)
            + (0..<21).map { readAttribute($0, call) } + indexed(0x3CE, 9)
            + [UInt8(truncatingIfNeeded: port), context.in(0x3CA)] + indices
    }

    private func writeRegisters(_ bytes: [UInt8], _ call: BIOSCall) {
        guard bytes.count >= 66 else { return }
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
        context.out(port + 6, bytes[62])
        context.out(0x3C4, bytes[63])
        context.out(port, bytes[64])
        context.out(0x3CE, bytes[65])
    }

    /// The equipment's display; 0040:0049 to 0066, 0084 to 008A, 00A8 to 00AB; the vectors 05h, 1Dh, 1Fh, 43h.
    private static let dataParts: [(offset: UInt16, count: Int)] = [(0x49, 0x1E), (0x84, 7), (0xA8, 4)]
    private static let vectors: [UInt8] = [0x05, 0x1D, 0x1F, 0x43]

    func saveData(at place: FarPointer, _ call: BIOSCall) {
        call.memory.write8(place, UInt8(truncatingIfNeeded: call.data[.equipment]) & 0x30)
        var place = place + 1
        for part in VideoService.dataParts {
            call.memory.writeBytes(place, call.memory.readBytes(call.data.pointer(part.offset), part.count))
            place = place + part.count
        }
        for vector in VideoService.vectors {
            call.memory.writePointer(place, call.memory.vector(vector))
            place = place + 4
        }
    }

    func restoreData(from place: FarPointer, _ call: BIOSCall) {
        call.data[.equipment] = call.data[.equipment] & ~0x30 | UInt16(call.memory.read8(place)) & 0x30
        var place = place + 1
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

extension ServiceContext {
    /// A register behind an index port and the data port above it.
    func indexed(_ port: UInt16, _ index: UInt8) -> UInt8 {
        out(port, index)
        return self.in(port &+ 1)
    }
}
