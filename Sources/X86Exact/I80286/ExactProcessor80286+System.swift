import X86

/// The system instructions behind 0F, as far as real mode allows them.
///
/// Source: clocks: [80286PRM] appendix B; no captured test shows these instructions.
extension ExactProcessor80286 {
    func system() throws(ProcessorFault) {
        switch instruction.pointee.second {
        case 0x01: try descriptorTables()
        case 0x05: loadAll()
        case 0x06:
            state.pointee.msw &= ~0x0008
            spend(2)
        default:
            throw .invalidOpcode
        }
    }

    private func descriptorTables() throws(ProcessorFault) {
        let s = state
        switch regField {
        case 0: try storeTable(s.pointee.gdtBase, s.pointee.gdtLimit, clocks: 4)
        case 1: try storeTable(s.pointee.idtBase, s.pointee.idtLimit, clocks: 5)
        case 2: (s.pointee.gdtBase, s.pointee.gdtLimit) = try loadTable(clocks: 2)
        case 3: (s.pointee.idtBase, s.pointee.idtLimit) = try loadTable(clocks: 3)
        case 4:
            if isRegisterForm {
                words[Int(rmField)] = s.pointee.msw
                spend(2)
            } else {
                let (segment, offset) = place
                spendAddress()
                try write(segment, offset, UInt32(s.pointee.msw), isWord: true)
            }
        case 6:
            let value = UInt16(truncatingIfNeeded: try operand(isWord: true))
            spend(isRegisterForm ? 3 : 1)
            loadMachineStatus(value)
        default: throw .invalidOpcode
        }
    }

    private func storeTable(_ base: UInt32, _ limit: UInt16, clocks: Int) throws(ProcessorFault) {
        if isRegisterForm { throw .invalidOpcode }
        let (segment, offset) = place
        spendAddress()
        try write(segment, offset, UInt32(limit), isWord: true, isLast: false)
        spend(1)
        try write(segment, offset &+ 2, base & 0xFFFF, isWord: true, isLast: false)
        spend(1)
        // The top byte reads as FFh on an 80286.
        try write(segment, offset &+ 4, 0xFF00 | base >> 16, isWord: true)
        spend(clocks)
    }

    private func loadTable(clocks: Int) throws(ProcessorFault) -> (UInt32, UInt16) {
        if isRegisterForm { throw .invalidOpcode }
        let (segment, offset) = place
        spendAddress()
        try ask(segment, offset, isWord: true, isLast: false)
        spend(1)
        try ask(segment, offset &+ 2, isWord: true, isLast: false)
        let limit = pipe.pointee.data
        spend(1)
        try ask(segment, offset &+ 4, isWord: true)
        let low = UInt32(pipe.pointee.data)
        let high = UInt32(received() & 0x00FF)
        spend(clocks)
        return (low | high << 16, limit)
    }

    /// LMSW. Protected mode is not provided: PE stays clear, and the request is noted.
    private func loadMachineStatus(_ value: UInt16) {
        if value & 1 != 0 { state.pointee.noteProtectedMode(at: pipe.pointee.start) }
        state.pointee.msw = state.pointee.msw & 0xFFF0 | value & 0x000E
    }

    /// LOADALL: all registers from the table at 800h, and what belongs to segment registers beside their selectors. 195
    /// clocks and 51 bus cycles.
    ///
    /// Source: [LOADALL].
    private func loadAll() {
        spend(ExactProcessor80286.addressClocks)
        var table = [UInt16](repeating: 0, count: 51)
        for index in table.indices {
            access(.memoryRead, 0x800 &+ UInt32(2 &* index), isWord: true, isLast: index == 50)
            table[index] = received()
        }
        let ip = state.pointee.loadAll(table, at: pipe.pointee.start, model)
        spend(37)
        jump(to: ip, clocks: 0)
    }
}
