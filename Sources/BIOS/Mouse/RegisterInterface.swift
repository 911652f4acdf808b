import Core
import X86

/// What was written to the registers of an EGA, which cannot be read, and what a program calls their default.
struct RegisterMap: StateValue, Equatable {
    var crtc = [UInt8](repeating: 0, count: 25)
    /// From register 0.
    var sequencer = [UInt8](repeating: 0, count: 5)
    var graphics = [UInt8](repeating: 0, count: 9)
    var attributes = [UInt8](repeating: 0, count: 20)
    /// Miscellaneous output, feature control, graphics 1 and 2 position.
    var single: [UInt8] = [0, 0, 0, 1]

    init() {}

    init(_ mode: VideoParameters) {
        (crtc, graphics, attributes) = (mode.crtc, mode.graphics, mode.attributes)
        sequencer = [3] + mode.sequencer
        single[0] = mode.miscellaneous
    }

    mutating func transfer(_ coder: StateCoder) {
        let fresh = RegisterMap()
        coder.field("crtc", &crtc, limit: 25)
        coder.field("sequencer", &sequencer, limit: 5)
        coder.field("graphics", &graphics, limit: 9)
        coder.field("attributes", &attributes, limit: 20)
        coder.field("single", &single, limit: 4)
        guard coder.direction == .load else { return }
        let sizes = [crtc, sequencer, graphics, attributes, single].map(\.count)
        if sizes != [25, 5, 9, 20, 4] {
            coder.fail("these are no registers of an EGA")
            self = fresh
        }
    }

    /// A group by its index: 00h CRT controller, 08h sequencer, 10h graphics controller, 18h attribute controller.
    static func group(_ index: UInt16) -> WritableKeyPath<RegisterMap, [UInt8]>? {
        switch index {
        case 0x00: \.crtc
        case 0x08: \.sequencer
        case 0x10: \.graphics
        case 0x18: \.attributes
        default: nil
        }
    }

    /// The place in `single` of 20h, 28h, 30h and 38h.
    static func single(_ index: UInt16) -> Int? {
        index & 7 == 0 && (0x20...0x38).contains(index) ? Int(index - 0x20) / 8 : nil
    }
}

/// INT 10h AH=F0h to F7h and FAh: the EGA Register Interface Library, by which a program and the mouse driver share
/// registers that cannot be read.
///
/// Sources: [RBIL] INT 10h AH=F0h to F7h, FAh, tables 00223, 00224; [MSKB] Q29467.
/// Assumption: the map knows what a mode has set and what goes through these calls, not what other calls of INT 10h do.
extension MouseService {
    var hasRegisterInterface: Bool { configuration.video == .ega || configuration.video == .vga }

    static func isRegisterCall(_ function: UInt8) -> Bool { (0xF0...0xF7).contains(function) || function == 0xFA }

    /// A mode has been set.
    func takeRegisters(of mode: VideoParameters) {
        registers = RegisterMap(mode)
        defaultRegisters = registers
    }

    func registerFunction(_ call: BIOSCall) {
        let cpu = call.cpu
        let table = FarPointer(cpu.es, cpu.bx)
        switch cpu.ah {
        case 0xF0: cpu.bl = readRegister(cpu.dx, cpu.bl, call)
        case 0xF1:
            if RegisterMap.single(cpu.dx) == nil {
                writeRegister(cpu.dx, cpu.bl, cpu.bh, call)
                cpu.bl = cpu.bh
            } else {
                writeRegister(cpu.dx, 0, cpu.bl, call)
            }
        case 0xF2:
            for index in 0..<Int(cpu.cl) {
                let value = readRegister(cpu.dx, cpu.ch &+ UInt8(index), call)
                call.memory.write8(table + index, value)
            }
        case 0xF3:
            for index in 0..<Int(cpu.cl) {
                writeRegister(cpu.dx, cpu.ch &+ UInt8(index), call.memory.read8(table + index), call)
            }
        case 0xF4, 0xF5: registerSet(table, call)
        case 0xF6: revertRegisters(call)
        case 0xF7: defineDefaults(table, call)
        // AH=FAh: where the version is.
        default: (cpu.es, cpu.bx) = (addresses.registerVersion.segment, addresses.registerVersion.offset)
        }
    }

    /// AH=F4h, F5h: CX records of group, register and value.
    private func registerSet(_ table: FarPointer, _ call: BIOSCall) {
        let memory = call.memory
        for index in 0..<Int(call.cpu.cx) {
            let record = table + index * 4
            let (group, register) = (memory.read16(record), memory.read8(record + 2))
            if call.cpu.ah == 0xF4 {
                memory.write8(record + 3, readRegister(group, register, call))
            } else {
                writeRegister(group, register, memory.read8(record + 3), call)
            }
        }
        call.spend(clocks: Int(call.cpu.cx) * 50)
    }

    /// AH=F6h. The sequencer first, the palette last.
    private func revertRegisters(_ call: BIOSCall) {
        let defaults = defaultRegisters
        for (place, value) in defaults.single.enumerated() { writeRegister(UInt16(0x20 + place * 8), 0, value, call) }
        for group in [0x08, 0x00, 0x10, 0x18] as [UInt16] {
            guard let path = RegisterMap.group(group) else { continue }
            for (register, value) in defaults[keyPath: path].enumerated() {
                writeRegister(group, UInt8(register), value, call)
            }
        }
        call.spend(clocks: 3_000)
    }

    /// AH=F7h: a byte for each register of group DX.
    private func defineDefaults(_ table: FarPointer, _ call: BIOSCall) {
        if let single = RegisterMap.single(call.cpu.dx) {
            defaultRegisters.single[single] = call.memory.read8(table)
        } else if let path = RegisterMap.group(call.cpu.dx) {
            defaultRegisters[keyPath: path] = call.memory.readBytes(table, defaultRegisters[keyPath: path].count)
        }
    }

    // MARK: Registers

    private func readRegister(_ group: UInt16, _ register: UInt8, _ call: BIOSCall) -> UInt8 {
        if let single = RegisterMap.single(group) { return registers.single[single] }
        guard let path = RegisterMap.group(group), Int(register) < registers[keyPath: path].count else { return 0 }
        return registers[keyPath: path][Int(register)]
    }

    private func writeRegister(_ group: UInt16, _ register: UInt8, _ value: UInt8, _ call: BIOSCall) {
        let context = call.context
        let crtc = call.data[.videoPort]
        if let single = RegisterMap.single(group) {
            registers.single[single] = value
            context.out([0x3C2, crtc &+ 6, 0x3CC, 0x3CA][single], value)
            return
        }
        guard let path = RegisterMap.group(group), Int(register) < registers[keyPath: path].count else { return }
        registers[keyPath: path][Int(register)] = value
        if group == 0x18 {
            // The read makes the next write an index; bit 5 of the index shows the picture.
            _ = context.in(crtc &+ 6)
            context.out(0x3C0, register)
            context.out(0x3C0, value)
            context.out(0x3C0, 0x20)
        } else {
            let port = group == 0x00 ? crtc : group == 0x08 ? 0x3C4 : 0x3CE
            context.out(port, register)
            context.out(port &+ 1, value)
        }
    }
}
