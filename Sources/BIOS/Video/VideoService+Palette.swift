import Core
import X86

/// INT 10h AH=0Bh and 10h: colours of the EGA and the VGA, through their ports.
///
/// Sources: [RBIL] INT 10h AH=0Bh, 10h; the ROMs of [IBM EGA] and [IBM VGA] for modes, other values and the weights of gray.
extension VideoService {
    func palette(_ call: BIOSCall) {
        let cpu = call.cpu
        let memory = call.memory
        switch cpu.al {
        case 0x00 where call.data[.videoMode] == 0x13, 0x02 where call.data[.videoMode] == 0x13:
            // 256 colours need the palette as it is.
            break
        case 0x00:
            // One register: BL gets BH.
            if cpu.bl <= 0x14 { writeAttribute(cpu.bl, cpu.bh, call) }
        case 0x01:
            // Border BH.
            writeAttribute(0x11, cpu.bh, call)
        case 0x02:
            // 16 registers and the border from ES:DX.
            for (index, value) in memory.readBytes(FarPointer(cpu.es, cpu.dx), 17).enumerated() {
                writeAttribute(index == 16 ? 0x11 : UInt8(index), value, call)
            }
        case 0x03: setBlinking(cpu.bl, call)
        case _ where !isVGA:
            // The EGA's registers cannot be read, and it has no DAC.
            call.reportUnknown()
        case 0x07:
            if cpu.bl <= 0x14 { cpu.bh = readAttribute(cpu.bl, call) }
        case 0x08: cpu.bh = readAttribute(0x11, call)
        case 0x09:
            for index in UInt8(0)...16 {
                let value = readAttribute(index == 16 ? 0x11 : index, call)
                memory.write8(FarPointer(cpu.es, cpu.dx) + Int(index), value)
            }
        case 0x10:
            // DAC register BX from DH, CH, CL.
            writeDAC(first: cpu.bl, [cpu.dh, cpu.ch, cpu.cl], call.context)
        case 0x12:
            // CX DAC registers from BX, from ES:DX.
            let count = min(Int(cpu.cx), 256) * 3
            writeDAC(first: cpu.bl, memory.readBytes(FarPointer(cpu.es, cpu.dx), count), call.context)
        case 0x13: selectColorPage(call)
        case 0x15:
            let color = readDAC(first: cpu.bl, count: 1, call)
            (cpu.dh, cpu.ch, cpu.cl) = (color[0], color[1], color[2])
        case 0x17:
            let colors = readDAC(first: cpu.bl, count: min(Int(cpu.cx), 256), call)
            memory.writeBytes(FarPointer(cpu.es, cpu.dx), colors)
        case 0x18: call.context.out(0x3C6, cpu.bl)
        case 0x19: cpu.bl = call.context.in(0x3C6)
        case 0x1A:
            // BL 0: four pages of 64 registers, 1: sixteen of 16; BH the page.
            let hasSmallPages = readAttribute(0x10, call) & 0x80 != 0
            let select = readAttribute(0x14, call)
            cpu.bl = hasSmallPages ? 1 : 0
            cpu.bh = hasSmallPages ? select & 0x0F : select >> 2 & 0x03
        case 0x1B: sumToGray(first: cpu.bl, count: min(Int(cpu.cx), 256), call)
        default: call.reportUnknown()
        }
    }

    /// AL=03h: attribute bit 7 blinks (1), or is a bright background (0). Other values leave it, an EGA's as the mode has it.
    private func setBlinking(_ choice: UInt8, _ call: BIOSCall) {
        let data = call.data
        var mode = isVGA ? readAttribute(0x10, call) : parameters(data[.videoMode], data).attributes[0x10]
        switch choice {
        case 0:
            mode &= ~0x08
            data[.modeRegister] &= ~0x20
        case 1:
            mode |= 0x08
            data[.modeRegister] |= 0x20
        default: break
        }
        writeAttribute(0x10, mode, call)
    }

    /// AH=0Bh, as the CGA has it: BH=0 border and, in graphics, colour 0; BH=1 colours 1 to 3. Text has no other colours. An
    /// EGA with 350 lines has no border in text.
    func setPlanarColor(_ call: BIOSCall) {
        let (cpu, data) = (call.cpu, call.data)
        guard data[.videoPort] != 0x3B4 else { return }
        let isGraphics = data[.videoMode] & 0x7F > 3
        if cpu.bh == 0 {
            data[.colorRegister] = data[.colorRegister] & 0xE0 | cpu.bl & 0x1F
            let color = cpu.bl & 7 | cpu.bl << 1 & 0x10
            if isGraphics { writeAttribute(0x00, color, call) }
            if isVGA || isGraphics || lines(data) != .lines350 { writeAttribute(0x11, color, call) }
        } else if isGraphics {
            data[.colorRegister] = data[.colorRegister] & 0xDF | (cpu.bl & 1) << 5
        }
        guard isGraphics else { return }
        let register = data[.colorRegister]
        for index in UInt8(1)...3 { writeAttribute(index, index * 2 | register >> 5 & 1 | register & 0x10, call) }
    }

    /// AL=13h: BL=0 chooses the size of the pages (BH), BL=1 the page (BH).
    private func selectColorPage(_ call: BIOSCall) {
        let cpu = call.cpu
        let mode = readAttribute(0x10, call)
        if cpu.bl == 0 {
            writeAttribute(0x10, mode & 0x7F | (cpu.bh & 1) << 7, call)
        } else {
            writeAttribute(0x14, mode & 0x80 != 0 ? cpu.bh & 0x0F : (cpu.bh & 0x03) << 2, call)
        }
    }

    func writeDAC(first: UInt8, _ levels: [UInt8], _ context: ServiceContext) {
        let isGray = showsGrays(BIOSDataArea(memory: context.memory))
        context.out(0x3C8, first)
        for start in stride(from: 0, to: levels.count - 2, by: 3) {
            let color = levels[start..<start + 3]
            for level in isGray ? VideoService.gray(color) : Array(color) { context.out(0x3C9, level & 0x3F) }
        }
    }

    func readDAC(first: UInt8, count: Int, _ call: BIOSCall) -> [UInt8] {
        call.context.out(0x3C7, first)
        return (0..<count * 3).map { _ in call.context.in(0x3C9) }
    }

    /// Gray summing (bit 1 of 0040:0089) or a monochrome display (bit 2).
    func showsGrays(_ data: BIOSDataArea) -> Bool { data[.vgaFlags] & 0b0000_0110 != 0 }

    /// 30% red, 59% green, 11% blue.
    static func gray(_ color: ArraySlice<UInt8>) -> [UInt8] {
        let weighted = zip(color, [0x2666, 0x4B85, 0x0E14]).reduce(0) { $0 + Int($1.0 & 0x3F) * $1.1 }
        return [UInt8](repeating: UInt8((weighted * 2 + 0x8000) >> 16 & 0x3F), count: 3)
    }

    private func sumToGray(first: UInt8, count: Int, _ call: BIOSCall) {
        let colors = readDAC(first: first, count: count, call)
        call.context.out(0x3C8, first)
        for start in stride(from: 0, to: colors.count, by: 3) {
            for level in VideoService.gray(colors[start..<start + 3]) { call.context.out(0x3C9, level) }
        }
    }
}
