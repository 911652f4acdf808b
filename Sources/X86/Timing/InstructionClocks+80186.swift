extension InstructionClocks {
    mutating func fill80186() {
        setArithmetic(
            register: 3, load: 10, store: 10, compare: 10, accumulator: 4, immediate: 4, immediateStore: 16)
        for segment in [0x06, 0x0E, 0x16, 0x1E] {
            set(segment, 9)
            set(segment + 1, 8)
        }
        for decimal in [0x27, 0x2F] { set(decimal, 4) }
        set(0x37, 8)
        set(0x3F, 7)
        set(0x40...0x4F, 3)
        set(0x50...0x5F, 10)
        set(0x60, 36)
        set(0x61, 51)
        set(0x62, 34)
        set(0x68, 10)
        set(0x6A, 10)
        set(0x69, 23, memory: 30)
        set(0x6B, 23, memory: 30)
        set(0x70...0x7F, 4, taken: 13)
        set(0x84...0x85, 3, memory: 10)
        set(0x86...0x87, 4, memory: 17)
        set(0x88...0x89, 2, memory: 12)
        set(0x8A...0x8B, 2, memory: 9)
        set(0x8C, 2, memory: 11)
        set(0x8D, 6)
        set(0x8E, 2, memory: 9)
        set(0x8F, 10, memory: 20)
        set(0x90...0x97, 3)
        set(0x98, 2)
        set(0x99, 4)
        set(0x9A, 23)
        set(0x9B, 6)
        set(0x9C, 9)
        set(0x9D, 8)
        set(0x9E, 3)
        set(0x9F, 2)
        set(0xA0...0xA3, 9)
        set(0xA8...0xA9, 4)
        set(0xB0...0xBF, 4)
        set(0xC0...0xC1, 5, memory: 17)
        set(0xC2, 18)
        set(0xC3, 16)
        set(0xC4...0xC5, 18)
        set(0xC6...0xC7, 4, memory: 13)
        set(0xC8, 15)
        set(0xC9, 8)
        set(0xCA, 25)
        set(0xCB, 22)
        set(0xCC...0xCD, 2)
        set(0xCE...0xCE, 4, taken: 5)
        set(0xCF, 28)
        set(0xD0...0xD1, 2, memory: 15)
        set(0xD2...0xD3, 5, memory: 17)
        set(0xD4, 19)
        set(0xD5, 15)
        set(0xD7, 11)
        set(0xD8...0xDF, 6)
        set(0xE0...0xE1, 6, taken: 16)
        set(0xE2...0xE2, 6, taken: 16)
        set(0xE3...0xE3, 6, taken: 16)
        set(0xE4...0xE5, 10)
        set(0xE6...0xE7, 9)
        set(0xE8, 15)
        set(0xE9...0xEB, 14)
        set(0xEC...0xED, 8)
        set(0xEE...0xEF, 7)
        setString(0x6C, 14, start: 8, each: 8)
        setString(0x6E, 14, start: 8, each: 8)
        setString(0xA4, 14, start: 8, each: 8)
        setString(0xA6, 22, start: 5, each: 22)
        setString(0xAA, 10, start: 6, each: 9)
        setString(0xAC, 12, start: 6, each: 11)
        setString(0xAE, 15, start: 5, each: 15)
        fillGroups80186()
        shiftBit = 1
        enterLevel = 16
        interrupt = 45
        wordTransfer = [0, 4]
    }

    private mutating func fillGroups80186() {
        for group in [Group.unary8, .unary16] {
            let isByte = group == .unary8
            for test in 0...1 { setGroup(group, test, 2, memory: 8) }
            for negate in 2...3 { setGroup(group, negate, 1, memory: 8) }
            setGroup(group, 4, isByte ? 25 : 34, memory: isByte ? 31 : 40)
            setGroup(group, 5, isByte ? 25 : 34, memory: isByte ? 31 : 40)
            setGroup(group, 6, isByte ? 27 : 36, memory: isByte ? 33 : 42)
            setGroup(group, 7, isByte ? 46 : 55, memory: isByte ? 52 : 61)
        }
        for group in [Group.step8, .step16] {
            for step in 0...1 { setGroup(group, step, 1, memory: 13) }
            setGroup(group, 2, 11, memory: 17)
            setGroup(group, 3, 36, memory: 36)
            setGroup(group, 4, 9, memory: 15)
            setGroup(group, 5, 24, memory: 24)
            for push in 6...7 { setGroup(group, push, 8, memory: 14) }
        }
    }
}
