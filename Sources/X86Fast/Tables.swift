import X86

/// Lookup tables of one processor, in plain memory.
struct Tables {
    /// Clocks by opcode: the register form, and what a memory operand adds.
    let base: UnsafeMutablePointer<UInt8>
    let memory: UnsafeMutablePointer<UInt8>
    /// Clocks of the effective address by ModRM byte.
    let address: UnsafeMutablePointer<UInt8>
    let taken: UnsafeMutablePointer<UInt8>
    let repeatStart: UnsafeMutablePointer<UInt8>
    let repeatEach: UnsafeMutablePointer<UInt8>
    /// Clocks by group and reg field, with register and with memory operands.
    let group: UnsafeMutablePointer<UInt8>
    let groupMemory: UnsafeMutablePointer<UInt8>
    /// By address bit 0: what a word in memory costs more.
    let wordTransfer: UnsafeMutablePointer<Int>
    /// Clocks of a bit shifted, a level entered, an interrupt taken.
    let shiftBit: UnsafeMutablePointer<Int>
    let enterLevel: UnsafeMutablePointer<Int>
    let interrupt: UnsafeMutablePointer<Int>
    /// Effective addresses by ModRM byte: base slot, index slot, segment slot, size of the displacement, a byte each.
    let operand: UnsafeMutablePointer<UInt32>
    /// 0x100 where the parity of a byte is odd.
    let oddParity: UnsafeMutablePointer<UInt8>
    let fixedClocks: UnsafeMutablePointer<Int?>

    private let storage: UnsafeMutablePointer<UInt8>
    private static let groupSize = InstructionClocks.Group.allCases.count * 8

    init(_ clocks: InstructionClocks) {
        storage = .allocate(capacity: 7 * 256 + 2 * Tables.groupSize)
        storage.initialize(repeating: 0, count: 7 * 256 + 2 * Tables.groupSize)
        base = storage
        memory = storage + 256
        address = storage + 512
        taken = storage + 768
        repeatStart = storage + 1_024
        repeatEach = storage + 1_280
        oddParity = storage + 1_536
        group = storage + 1_792
        groupMemory = group + Tables.groupSize
        wordTransfer = .allocate(capacity: 5)
        wordTransfer.initialize(repeating: 0, count: 5)
        shiftBit = wordTransfer + 2
        enterLevel = wordTransfer + 3
        interrupt = wordTransfer + 4
        operand = .allocate(capacity: 256)
        operand.initialize(repeating: 0, count: 256)
        fixedClocks = .allocate(capacity: 1)
        fixedClocks.initialize(to: nil)
        for byte in 0..<256 { oddParity[byte] = UInt8(byte.nonzeroBitCount & 1) }
        fillOperands()
        fill(clocks)
    }

    func deallocate() {
        storage.deallocate()
        wordTransfer.deallocate()
        operand.deallocate()
        fixedClocks.deallocate()
    }

    func fill(_ clocks: InstructionClocks) {
        for opcode in 0..<256 {
            base[opcode] = clocks.base[opcode]
            memory[opcode] = clocks.memory[opcode]
            address[opcode] = clocks.address[opcode]
            taken[opcode] = clocks.taken[opcode]
            repeatStart[opcode] = clocks.repeatStart[opcode]
            repeatEach[opcode] = clocks.repeatEach[opcode]
        }
        for entry in 0..<Tables.groupSize {
            group[entry] = clocks.group[entry]
            groupMemory[entry] = clocks.groupMemory[entry]
        }
        wordTransfer[0] = Int(clocks.wordTransfer[0])
        wordTransfer[1] = Int(clocks.wordTransfer[1])
        shiftBit.pointee = clocks.shiftBit
        enterLevel.pointee = clocks.enterLevel
        interrupt.pointee = clocks.interrupt
    }

    private func fillOperands() {
        let bases = [Slot.bx, Slot.bx, Slot.bp, Slot.bp, Slot.zero, Slot.zero, Slot.bp, Slot.bx]
        let indexes = [Slot.si, Slot.di, Slot.si, Slot.di, Slot.si, Slot.di, Slot.zero, Slot.zero]
        for modRM in 0..<0xC0 {
            let rm = modRM & 7
            let isDirect = modRM & 0xC7 == 0x06
            let base = isDirect ? Slot.zero : bases[rm]
            let segment = base == Slot.bp ? Slot.ss : Slot.ds
            let size = isDirect ? 2 : modRM >> 6
            operand[modRM] = UInt32(base | indexes[rm] << 8 | segment << 16 | size << 24)
        }
    }
}
