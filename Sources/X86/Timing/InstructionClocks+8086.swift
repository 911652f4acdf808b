extension InstructionClocks {
    mutating func fill8086(_ model: ProcessorModel) {
        setArithmetic(
            register: 3, load: 9, store: 16, compare: 9, accumulator: 4, immediate: 4, immediateStore: 17)
        fillMoves8086()
        fillTransfers8086()
        fillStrings8086()
        fillGroups8086()
        fillAddresses8086()
        shiftBit = 4
        interrupt = 61
        wordTransfer = model == .i8088 ? [4, 4] : [0, 4]
        if model == .i8088 { applyFetching() }
    }

    private mutating func fillMoves8086() {
        for segment in [0x06, 0x0E, 0x16, 0x1E] {
            set(segment, 10)
            set(segment + 1, 8)
        }
        for decimal in [0x27, 0x2F] { set(decimal, 4) }
        for ascii in [0x37, 0x3F] { set(ascii, 8) }
        set(0x40...0x4F, 2)
        set(0x50...0x57, 11)
        set(0x58...0x5F, 8)
        set(0x84...0x85, 3, memory: 9)
        set(0x86...0x87, 4, memory: 17)
        set(0x88...0x89, 2, memory: 9)
        set(0x8A...0x8B, 2, memory: 8)
        set(0x8C, 2, memory: 9)
        set(0x8D, 2)
        set(0x8E, 2, memory: 8)
        set(0x8F, 8, memory: 17)
        set(0x90...0x97, 3)
        set(0x98, 2)
        set(0x99, 5)
        set(0x9B, 4)
        set(0x9C, 10)
        set(0x9D, 8)
        set(0x9E...0x9F, 4)
        set(0xA0...0xA3, 10)
        set(0xA8...0xA9, 4)
        set(0xB0...0xBF, 4)
        set(0xC4...0xC5, 16)
        set(0xC6...0xC7, 4, memory: 10)
        set(0xD4, 83)
        set(0xD5, 60)
        set(0xD6, 4)
        set(0xD7, 11)
        set(0xD8...0xDF, 2, memory: 8)
        set(0xE4...0xE7, 10)
        set(0xEC...0xEF, 8)
    }

    private mutating func fillTransfers8086() {
        set(0x60...0x7F, 4, taken: 16)
        set(0x9A, 28)
        for near in [0xC0, 0xC2] { set(near, 20) }
        for near in [0xC1, 0xC3] { set(near, 16) }
        for far in [0xC8, 0xCA] { set(far, 25) }
        for far in [0xC9, 0xCB] { set(far, 26) }
        // What taking the interrupt adds is `interrupt`; the instruction's own share is the rest, at least 1.
        set(0xCC...0xCD, 1)
        set(0xCE...0xCE, 4, taken: 4)
        set(0xCF, 32)
        set(0xE0...0xE0, 5, taken: 19)
        set(0xE1...0xE1, 6, taken: 18)
        set(0xE2...0xE2, 5, taken: 17)
        set(0xE3...0xE3, 6, taken: 18)
        set(0xE8, 19)
        set(0xE9...0xEB, 15)
    }

    private mutating func fillStrings8086() {
        setString(0xA4, 18, start: 9, each: 17)
        setString(0xA6, 22, start: 9, each: 22)
        setString(0xAA, 11, start: 9, each: 10)
        setString(0xAC, 12, start: 9, each: 13)
        setString(0xAE, 15, start: 9, each: 15)
    }

    private mutating func fillGroups8086() {
        set(0xD0...0xD1, 2, memory: 15)
        set(0xD2...0xD3, 8, memory: 20)
        for group in [Group.unary8, .unary16] {
            let isByte = group == .unary8
            for test in 0...1 { setGroup(group, test, 3, memory: 9) }
            for negate in 2...3 { setGroup(group, negate, 1, memory: 14) }
            setGroup(group, 4, isByte ? 72 : 124, memory: isByte ? 78 : 130)
            setGroup(group, 5, isByte ? 87 : 139, memory: isByte ? 93 : 145)
            setGroup(group, 6, isByte ? 83 : 151, memory: isByte ? 89 : 157)
            setGroup(group, 7, isByte ? 105 : 173, memory: isByte ? 111 : 179)
        }
        for group in [Group.step8, .step16] {
            for step in 0...1 { setGroup(group, step, 1, memory: 13) }
            setGroup(group, 2, 14, memory: 19)
            setGroup(group, 3, 26, memory: 35)
            setGroup(group, 4, 9, memory: 16)
            setGroup(group, 5, 13, memory: 22)
            for push in 6...7 { setGroup(group, push, 9, memory: 14) }
        }
    }

    /// Source: Intel, The 8086 Family User's Manual (1979), table 2-20.
    private mutating func fillAddresses8086() {
        let registers: [UInt8] = [7, 8, 8, 7, 5, 5, 5, 5]
        for modRM in 0..<0xC0 {
            let registerClocks = registers[modRM & 7]
            let isDirect = modRM & 0xC7 == 0x06
            address[modRM] = isDirect ? 6 : registerClocks + (modRM < 0x40 ? 0 : 4)
        }
    }

    /// The 8088 fetches a byte in 4 clocks.
    private mutating func applyFetching() {
        for opcode in 0..<256 {
            let hasModRM = InstructionLength.hasModRM(UInt8(opcode))
            let length = 1 + (hasModRM ? 1 : 0) + InstructionLength.immediateBytes(UInt8(opcode), isOriginal: true)
            let isPrefix = InstructionLength.isPrefix(UInt8(opcode))
            if !isPrefix { base[opcode] = max(base[opcode], UInt8(length * 4)) }
        }
    }
}
