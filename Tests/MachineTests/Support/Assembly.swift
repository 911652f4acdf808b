/// Assembles small .COM programs, so that the tests need no tools: bytes, labels, and names for what is used often.
struct Assembly {
    enum Register: UInt8 {
        case ax, cx, dx, bx, sp, bp, si, di
    }

    private static let origin = 0x100
    private var bytes: [UInt8] = []
    private var labels: [String: Int] = [:]
    private var words: [(place: Int, label: String)] = []
    private var jumps: [(place: Int, label: String)] = []
    private var nearJumps: [(place: Int, label: String)] = []

    init() {}

    /// The program, all labels resolved.
    init(_ build: (inout Assembly) -> Void) { build(&self) }

    mutating func code(_ bytes: UInt8...) { self.bytes += bytes }

    mutating func label(_ name: String) { labels[name] = bytes.count }

    mutating func mov(_ register: Register, _ value: UInt16) {
        code(0xB8 + register.rawValue, UInt8(truncatingIfNeeded: value), UInt8(value >> 8))
    }

    /// MOV register, address of a label.
    mutating func mov(_ register: Register, _ label: String) {
        code(0xB8 + register.rawValue)
        word(label)
    }

    mutating func movAH(_ value: UInt8) { code(0xB4, value) }

    /// The address of a label as a word, for instructions with a memory operand.
    mutating func word(_ label: String) {
        words.append((bytes.count, label))
        code(0, 0)
    }

    mutating func interrupt(_ number: UInt8) { code(0xCD, number) }

    /// MOV AH, function; INT 21h.
    mutating func dos(_ function: UInt8) {
        movAH(function)
        interrupt(0x21)
    }

    /// MOV DX, label; MOV AH, function; INT 21h.
    mutating func dos(_ function: UInt8, _ label: String) {
        mov(.dx, label)
        dos(function)
    }

    /// A short jump, by its opcode: EBh JMP, 72h JC, 73h JNC, 74h JZ, 75h JNZ, E2h LOOP.
    mutating func jump(_ opcode: UInt8, _ label: String) {
        code(opcode)
        jumps.append((bytes.count, label))
        code(0)
    }

    mutating func call(_ label: String) {
        code(0xE8)
        nearJumps.append((bytes.count, label))
        code(0, 0)
    }

    /// INT 21h AH=4Ch with AL.
    mutating func exit(_ status: UInt8) {
        mov(.ax, 0x4C00 | UInt16(status))
        interrupt(0x21)
    }

    mutating func text(_ label: String, _ text: String) { data(label, Array(text.utf8)) }

    mutating func data(_ label: String, _ bytes: [UInt8]) {
        self.label(label)
        self.bytes += bytes
    }

    mutating func space(_ label: String, _ count: Int) { data(label, [UInt8](repeating: 0, count: count)) }

    /// A label that does not exist is a mistake in a test.
    func assembled() -> [UInt8] {
        var result = bytes
        func place(_ label: String) -> Int {
            guard let place = labels[label] else { preconditionFailure("no label \(label)") }
            return place
        }
        for (at, label) in words {
            let address = place(label) + Assembly.origin
            result[at] = UInt8(truncatingIfNeeded: address)
            result[at + 1] = UInt8(truncatingIfNeeded: address >> 8)
        }
        for (at, label) in jumps { result[at] = UInt8(bitPattern: Int8(place(label) - at - 1)) }
        for (at, label) in nearJumps {
            let distance = place(label) - at - 2
            result[at] = UInt8(truncatingIfNeeded: distance)
            result[at + 1] = UInt8(truncatingIfNeeded: distance >> 8)
        }
        return result
    }
}
