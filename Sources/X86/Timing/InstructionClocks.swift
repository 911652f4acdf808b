/// The clocks of every instruction of one processor model, by opcode.
///
/// The counts are those of the manuals with operands in line and the prefetch queue full. Word transfers that take two
/// bus cycles add `wordTransfer`. On an 8088 no instruction is shorter than the fetching of its bytes, 4 clocks each;
/// that is applied to the register forms, whose own counts are below it.
///
/// Source: Intel, The 8086 Family User's Manual (1979), table 2-21; iAPX 186/188 User's Manual (1985), instruction set
/// summary; 80286 Programmer's Reference Manual (1987), appendix B (m, the bytes of the next instruction's first
/// element, is taken as 2).
public struct InstructionClocks: Sendable {
    /// Which part of a group of instructions under one opcode: the reg field of the ModRM byte selects the entry.
    public enum Group: Int, CaseIterable, Sendable {
        /// F6 and F7 (TEST, NOT, NEG, MUL, IMUL, DIV, IDIV), FE and FF (INC, DEC, CALL, JMP, PUSH).
        case unary8, unary16, step8, step16
    }

    /// Charged for every instruction, by opcode: the form with register operands, or the only form.
    public internal(set) var base = [UInt8](repeating: 2, count: 256)
    /// Charged in addition when the operand is in memory, by opcode.
    public internal(set) var memory = [UInt8](repeating: 0, count: 256)
    /// Charged in addition for the effective address, by ModRM byte.
    public internal(set) var address = [UInt8](repeating: 0, count: 256)
    /// Charged in addition by group and reg field: `group[Group * 8 + reg]`, and for memory `groupMemory`.
    public internal(set) var group = [UInt8](repeating: 0, count: Group.allCases.count * 8)
    public internal(set) var groupMemory = [UInt8](repeating: 0, count: Group.allCases.count * 8)
    /// Charged in addition when a conditional jump, LOOP or INTO is taken, by opcode.
    public internal(set) var taken = [UInt8](repeating: 0, count: 256)
    /// The start of a repeated string instruction, prefixes included, and each repeat, by opcode.
    public internal(set) var repeatStart = [UInt8](repeating: 0, count: 256)
    public internal(set) var repeatEach = [UInt8](repeating: 0, count: 256)
    /// Charged in addition for a word in memory at an even and at an odd address.
    public internal(set) var wordTransfer: [UInt8] = [0, 0]
    /// Each bit of a shift or rotate by CL or by an immediate count.
    public internal(set) var shiftBit = 0
    /// Each level of ENTER beyond the first.
    public internal(set) var enterLevel = 0
    /// Taking an interrupt or exception.
    public internal(set) var interrupt = 0

    public init(_ model: ProcessorModel) {
        switch model {
        case .i8086, .i8088: fill8086(model)
        case .i80186: fill80186()
        case .i80286: fill80286()
        }
    }

    /// Every instruction takes `count` clocks (at least 1, at most 255), whatever it does.
    public init(fixed count: Int) {
        let clocks = UInt8(min(max(count, 1), 255))
        base = [UInt8](repeating: clocks, count: 256)
        for prefix in [0x26, 0x2E, 0x36, 0x3E, 0xF0, 0xF2, 0xF3] { base[prefix] = 0 }
        repeatStart = base
    }

    // MARK: Filling

    mutating func set(_ opcodes: ClosedRange<Int>, _ clocks: UInt8, memory more: UInt8? = nil) {
        for opcode in opcodes {
            base[opcode] = clocks
            if let more { memory[opcode] = more &- clocks }
        }
    }

    mutating func set(_ opcode: Int, _ clocks: UInt8, memory more: UInt8? = nil) {
        set(opcode...opcode, clocks, memory: more)
    }

    /// A conditional transfer: `clocks` when it is not taken, `jumping` when it is.
    mutating func set(_ opcodes: ClosedRange<Int>, _ clocks: UInt8, taken jumping: UInt8) {
        for opcode in opcodes {
            base[opcode] = clocks
            taken[opcode] = jumping - clocks
        }
    }

    /// A string instruction alone, and repeated.
    mutating func setString(_ opcode: Int, _ clocks: UInt8, start: UInt8, each: UInt8) {
        for opcode in [opcode, opcode + 1] {
            base[opcode] = clocks
            repeatStart[opcode] = start
            repeatEach[opcode] = each
        }
    }

    mutating func setGroup(_ which: Group, _ reg: Int, _ clocks: UInt8, memory more: UInt8) {
        group[which.rawValue * 8 + reg] = clocks
        groupMemory[which.rawValue * 8 + reg] = more
    }

    /// The eight arithmetic instructions at 00-3F and their immediate forms at 80-83.
    mutating func setArithmetic(
        register: UInt8, load: UInt8, store: UInt8, compare: UInt8, accumulator: UInt8, immediate: UInt8,
        immediateStore: UInt8
    ) {
        for row in stride(from: 0x00, through: 0x38, by: 8) {
            set(row...row + 1, register, memory: row == 0x38 ? compare : store)
            set(row + 2...row + 3, register, memory: row == 0x38 ? compare : load)
            set(row + 4...row + 5, accumulator)
        }
        set(0x80...0x83, immediate, memory: immediateStore)
    }
}
