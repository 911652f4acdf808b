extension InstructionClocks {
    mutating func fill80286() {
        setArithmetic(register: 2, load: 7, store: 7, compare: 6, accumulator: 3, immediate: 3, immediateStore: 7)
        for segment in [0x06, 0x0E, 0x16, 0x1E] {
            set(segment, 3)
            set(segment + 1, 5)
        }
        for decimal in [0x27, 0x2F, 0x37, 0x3F] { set(decimal, 3) }
        // Prefixes take no time of their own.
        for prefix in [0x26, 0x2E, 0x36, 0x3E, 0xF0, 0xF1, 0xF2, 0xF3] { set(prefix, 0) }
        set(0x40...0x4F, 2)
        set(0x50...0x57, 3)
        set(0x58...0x5F, 5)
        set(0x60, 17)
        set(0x61, 19)
        set(0x62, 13)
        set(0x68, 3)
        set(0x6A, 3)
        set(0x69, 21, memory: 24)
        set(0x6B, 21, memory: 24)
        set(0x70...0x7F, 3, taken: 9)
        set(0x84...0x85, 2, memory: 6)
        set(0x86...0x87, 3, memory: 5)
        set(0x88...0x89, 2, memory: 3)
        set(0x8A...0x8B, 2, memory: 5)
        set(0x8C, 2, memory: 3)
        set(0x8D, 3)
        set(0x8E, 2, memory: 5)
        set(0x8F, 5, memory: 5)
        set(0x90...0x97, 3)
        set(0x98...0x99, 2)
        set(0x9A, 15)
        set(0x9B, 3)
        set(0x9C, 3)
        set(0x9D, 5)
        set(0x9E...0x9F, 2)
        set(0xA0...0xA1, 5)
        set(0xA2...0xA3, 3)
        set(0xA8...0xA9, 3)
        set(0xB0...0xBF, 2)
        set(0xC0...0xC1, 5, memory: 8)
        set(0xC2...0xC3, 13)
        set(0xC4...0xC5, 7)
        set(0xC6...0xC7, 2, memory: 3)
        set(0xC8, 11)
        set(0xC9, 5)
        set(0xCA...0xCB, 17)
        set(0xCC...0xCD, 2)
        set(0xCE...0xCE, 3, taken: 3)
        set(0xCF, 19)
        set(0xD0...0xD1, 2, memory: 7)
        set(0xD2...0xD3, 5, memory: 8)
        set(0xD4, 16)
        set(0xD5, 14)
        set(0xD7, 5)
        set(0xD8...0xDF, 9)
        set(0xE0...0xE3, 4, taken: 10)
        set(0xE4...0xE5, 5)
        set(0xE6...0xE7, 3)
        set(0xE8...0xE9, 9)
        set(0xEA, 13)
        set(0xEB, 9)
        set(0xEC...0xED, 5)
        set(0xEE...0xEF, 3)
        setString(0x6C, 5, start: 5, each: 4)
        setString(0x6E, 5, start: 5, each: 4)
        setString(0xA4, 5, start: 5, each: 4)
        setString(0xA6, 8, start: 5, each: 9)
        setString(0xAA, 3, start: 4, each: 3)
        setString(0xAC, 5, start: 5, each: 4)
        setString(0xAE, 7, start: 5, each: 8)
        fillGroups80286()
        // Base, index and displacement together take one clock more.
        for modRM in 0x40..<0xC0 where modRM & 7 < 4 { address[modRM] = 1 }
        shiftBit = 1
        enterLevel = 4
        interrupt = 23
        wordTransfer = [0, 2]
    }

    private mutating func fillGroups80286() {
        for group in [Group.unary8, .unary16] {
            let isByte = group == .unary8
            for test in 0...1 { setGroup(group, test, 1, memory: 4) }
            for negate in 2...3 { setGroup(group, negate, 0, memory: 5) }
            setGroup(group, 4, isByte ? 11 : 19, memory: isByte ? 14 : 22)
            setGroup(group, 5, isByte ? 11 : 19, memory: isByte ? 14 : 22)
            setGroup(group, 6, isByte ? 12 : 20, memory: isByte ? 15 : 23)
            setGroup(group, 7, isByte ? 15 : 23, memory: isByte ? 18 : 26)
        }
        for group in [Group.step8, .step16] {
            for step in 0...1 { setGroup(group, step, 0, memory: 5) }
            setGroup(group, 2, 7, memory: 11)
            setGroup(group, 3, 16, memory: 16)
            setGroup(group, 4, 7, memory: 11)
            setGroup(group, 5, 15, memory: 15)
            for push in 6...7 { setGroup(group, push, 1, memory: 3) }
        }
    }
}
