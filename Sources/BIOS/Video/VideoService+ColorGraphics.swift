import Core
import X86

/// INT 10h in the graphics modes of the CGA, the PCjr and the Tandy 1000.
///
/// Sources: [PCTR] and [PCJRTR] appendix A, BIOS listings of "video I/O"; [RBIL] INT 10h.
extension VideoService {
    // MARK: Modes

    func applyColorGraphics(_ mode: ColorGraphicsMode, clearing: Bool, _ context: ServiceContext) {
        let data = BIOSDataArea(memory: context.memory)
        data[.videoMode] = mode.number
        data[.columns] = UInt16(mode.columns)
        data[.pageSize] = UInt16(truncatingIfNeeded: mode.size)
        data[.pageStart] = 0
        data[.activePage] = 0
        data[.videoPort] = 0x3D4
        data[.modeRegister] =
            mode.number < 8 ? VideoTables.modeRegisters[Int(mode.number)] : mode.number == 8 ? 0x0A : 0x0B
        data[.colorRegister] = mode.number == 6 ? 0x3F : 0x30
        data[.cursorShape] = 0x0607
        data[.lastRow] = 0
        context.memory.writeBytes(data.pointer(0x50), [UInt8](repeating: 0, count: 16))
        let modeRegister = data[.modeRegister]
        context.out(0x3D8, modeRegister & ~0b0000_1000)
        let registers = mode.banks == 4 ? VideoTables.CRTC6845.fourBanks : VideoTables.CRTC6845.graphics
        for (index, value) in registers.enumerated() {
            context.out(0x3D4, UInt8(index))
            context.out(0x3D5, value)
        }
        context.out(0x3D9, data[.colorRegister])
        programGateArray(mode.number, context)
        context.out(0x3D8, modeRegister)
        guard clearing else { return }
        context.memory.fill16(graphicsBase(mode.number, data), with: 0, count: mode.size / 2)
    }

    /// Where the memory of a mode is. On the PCjr the window at B8000h has only 16 KB, and its BIOS goes to the pages
    /// themselves for modes that have 32.
    func graphicsBase(_ mode: UInt8, _ data: BIOSDataArea) -> UInt32 {
        VideoService.graphicsBase(mode, configuration.video, data)
    }

    static func graphicsBase(_ mode: UInt8, _ video: VideoKind, _ data: BIOSDataArea) -> UInt32 {
        guard video == .pcjr, mode >= 9 else { return 0xB_8000 }
        return UInt32(data[.displayCombination] >> 3 & 7) * 0x4000
    }

    /// The gate array of the PCjr and the Tandy in mode 0 to 0Ah: control registers, palette, pages.
    func programGateArray(_ mode: UInt8, _ context: ServiceContext) {
        guard configuration.video.hasSixteenColors else { return }
        let isPCjr = configuration.video == .pcjr
        let table = VideoTables.GateArray.self
        let index = Int(min(mode, 10))
        if isPCjr { writeArray(0, table.control[index], context) }
        writeArray(1, isPCjr ? table.paletteMask[index] : 0x0F, context)
        writeArray(2, 0, context)
        writeArray(3, isPCjr ? table.secondPCjr[index] : table.secondTandy[index], context)
        // On the Tandy the colour register makes four colours of CGA modes, as on the CGA.
        let few = isPCjr ? fewColors(mode) : nil
        for (number, color) in (few.map { $0[mode == 6 ? 0 : 1] } ?? [UInt8](0...15)).enumerated() {
            writeArray(0x10 + UInt8(number), color, context)
        }
        // Text in page 7, modes of 32 KB in pages 6 and 7.
        let page: UInt8 = mode < 4 ? 0x3F : mode < 9 ? 0x7F : 0xF6
        context.out(0x3DF, page)
        BIOSDataArea(memory: context.memory)[.displayCombination] = page
    }

    /// The two sets of colours of a mode of the PCjr with two or four colours; nil for sixteen.
    private func fewColors(_ mode: UInt8) -> [[UInt8]]? {
        switch mode {
        case 4, 5, 10: VideoTables.GateArray.fourColors
        case 6: VideoTables.GateArray.twoColors
        default: nil
        }
    }

    private func writeArray(_ register: UInt8, _ value: UInt8, _ context: ServiceContext) {
        if configuration.video == .pcjr {
            _ = context.in(0x3DA)
            context.out(0x3DA, register)
            context.out(0x3DA, value)
        } else {
            context.out(0x3DA, register)
            context.out(0x3DE, value)
        }
    }

    // MARK: Pages and colours of the PCjr and the Tandy

    /// AH=05h, AL=80h-83h: the page register: BH what is shown, BL what the processor sees.
    func selectMemoryPages(_ call: BIOSCall) {
        let cpu = call.cpu
        var page = call.data[.displayCombination]
        if cpu.al & 0b01 != 0 { page = page & 0b1100_0111 | (cpu.bl & 7) << 3 }
        if cpu.al & 0b10 != 0 { page = page & 0b1111_1000 | cpu.bh & 7 }
        call.data[.displayCombination] = page
        call.context.out(0x3DF, page)
        (cpu.bh, cpu.bl) = (page & 7, page >> 3 & 7)
    }

    /// AH=10h: AL=00h palette register BL gets BH; 01h border BH; 02h all from ES:DX.
    func gateArrayPalette(_ call: BIOSCall) {
        let cpu = call.cpu
        switch cpu.al {
        case 0x00: writeArray(0x10 | cpu.bl & 15, cpu.bh & 15, call.context)
        case 0x01: writeArray(2, cpu.bh & 15, call.context)
        case 0x02:
            for (index, value) in call.memory.readBytes(FarPointer(cpu.es, cpu.dx), 17).enumerated() {
                writeArray(index == 16 ? 2 : 0x10 + UInt8(index), value & 15, call.context)
            }
        default: call.reportUnknown()
        }
    }

    /// AH=0Bh on the PCjr, which has no colour register: BH=0 colour 0 and the border, BH=1 the others: a set of two or
    /// four, or each of sixteen as it was.
    func setGateArrayColor(_ call: BIOSCall) {
        let cpu = call.cpu
        guard configuration.video.hasSixteenColors else { return }
        if cpu.bh == 0 {
            writeArray(2, cpu.bl & 15, call.context)
            if configuration.video == .pcjr, call.data[.videoMode] >= 4 { writeArray(0x10, cpu.bl & 15, call.context) }
        } else if configuration.video == .pcjr {
            let set = fewColors(call.data[.videoMode]).map { $0[Int(cpu.bl & 1)] } ?? [UInt8](0...15)
            for number in 1..<set.count { writeArray(0x10 + UInt8(number), set[number], call.context) }
        }
    }
}
