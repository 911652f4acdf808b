import X86

/// String instructions, alone and repeated.
///
/// A repeat begins with its first access; the state between two repeats is plain registers and the bus, so that a
/// repetition can be suspended there.
///
/// Measured: SingleStepTests/80286.
extension ExactProcessor80286 {
    func string() throws(ProcessorFault) {
        let opcode = instruction.pointee.opcode
        guard instruction.pointee.repeatPrefix != 0 else {
            spend(ExactProcessor80286.addressClocks)
            try element(opcode, dataSegment, isRepeated: false)
            if comparesZero(opcode) {
                spend(opcode < 0xA8 ? 1 : 2)
            }
            return
        }
        spend(clocksBefore(opcode))
        if words[Slot80286.cx] == 0 {
            if opcode & 0xFE == 0xA4 || opcode < 0x70 { spend(1) }
            return
        }
        try repeatElements(
            opcode, instruction.pointee.repeatPrefix, dataSegment, end: state.pointee.ip)
    }

    /// Goes on with a suspended instruction without decoding its bytes again.
    func goOnRepeating() throws(ProcessorFault) {
        let s = state
        let (opcode, prefix) = (s.pointee.repeatedOpcode, s.pointee.repeatedPrefix)
        let (segment, end) = (Int(s.pointee.repeatedSegment), s.pointee.repeatedEnd)
        endSuspension()
        s.pointee.ip = end
        try repeatElements(opcode, prefix, segment, end: end)
    }

    /// Clocks from the beginning of a repeated instruction to its first address.
    private func clocksBefore(_ opcode: UInt8) -> Int {
        switch opcode {
        case 0xA4, 0xA5, 0xAA, 0xAB, 0x6C...0x6F: 6
        default: 5
        }
    }

    private func comparesZero(_ opcode: UInt8) -> Bool { opcode & 0xF6 == 0xA6 }

    private func repeatElements(
        _ opcode: UInt8, _ prefix: UInt8, _ segment: Int, end: UInt16
    ) throws(ProcessorFault) {
        let p = pipe
        while true {
            let (si, di) = (words[Slot80286.si], words[Slot80286.di])
            do throws(ProcessorFault) {
                try element(opcode, segment, isRepeated: true)
            } catch {
                words[Slot80286.cx] &-= countAhead(
                    opcode, hasMovedSI: si != words[Slot80286.si], hasMovedDI: di != words[Slot80286.di])
                spend(3)
                throw error
            }
            words[Slot80286.cx] &-= 1
            let isFound = comparesZero(opcode) && (flags & Flag.zero != 0) != (prefix == 0xF3)
            if words[Slot80286.cx] == 0 || isFound { break }
            spend(clocksAfter(opcode, isLast: false))
            if p.pointee.isLookNeeded { lookUp() }
            let isCut = p.pointee.now >= p.pointee.deadline || state.pointee.caches.areLoaded
            if isCut || isInterruptReady {
                suspend(opcode, prefix, segment, end)
                return
            }
        }
        if opcode < 0xAA { settle() }
        spend(clocksAfter(opcode, isLast: true))
    }

    private var isInterruptReady: Bool {
        let s = state
        return s.pointee.isNMIPending || s.pointee.flags & Flag.trap != 0
            || s.pointee.isInterruptRequested && s.pointee.flags & Flag.interrupt != 0
    }

    /// Clocks after a repeat: to the address of the next one, or to the end.
    private func clocksAfter(_ opcode: UInt8, isLast: Bool) -> Int {
        switch opcode {
        case 0xAA, 0xAB: isLast ? 1 : 2
        case 0xA6, 0xA7: 4
        case 0xAE, 0xAF: 5
        default: 1
        }
    }

    private func suspend(_ opcode: UInt8, _ prefix: UInt8, _ segment: Int, _ end: UInt16) {
        let s = state
        s.pointee.isRepeating = true
        s.pointee.repeatedOpcode = opcode
        s.pointee.repeatedPrefix = prefix
        s.pointee.repeatedSegment = UInt8(truncatingIfNeeded: segment)
        s.pointee.repeatedEnd = end
        s.pointee.ip = pipe.pointee.start
    }

    func endSuspension() {
        let s = state
        s.pointee.isRepeating = false
        s.pointee.repeatedOpcode = 0
        s.pointee.repeatedPrefix = 0
        s.pointee.repeatedSegment = 0
        s.pointee.repeatedEnd = 0
    }

    /// One repeat, or the instruction alone.
    private func element(_ opcode: UInt8, _ segment: Int, isRepeated: Bool) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        let isDown = flags & Flag.direction != 0
        let step: UInt16 = isDown ? (isWord ? 0xFFFE : 0xFFFF) : (isWord ? 2 : 1)
        let isLast = !isRepeated || words[Slot80286.cx] == 1
        switch opcode & 0xFE {
        case 0xA4:
            try askString(segment, step, isWord: isWord, isLast: false)
            moveOn(isRepeated: isRepeated)
            try storeString(nil, step, isWord: isWord, isLast: isLast)
        case 0x6C:
            access(.portRead, UInt32(words[Slot80286.dx]), isWord: isWord, isLast: false)
            moveOn(isRepeated: isRepeated)
            try storeString(nil, step, isWord: isWord, isLast: isLast)
        case 0x6E:
            try askString(segment, step, isWord: isWord, isLast: false)
            spend(1)
            access(.portWrite, UInt32(words[Slot80286.dx]), isWord: isWord, isLast: isLast, passesOn: true)
            settle()
        case 0xA6:
            // The element at ES:DI is read first. The pointers move before it is found that an element does not fit.
            let di = words[Slot80286.di]
            words[Slot80286.di] &+= step
            try ask(Slot80286.es, di, isWord: isWord, isLast: false)
            follow()
            try askString(segment, step, isWord: isWord, isLast: true)
            let subtrahend = UInt32(pipe.pointee.data)
            Arithmetic80286.subtract(&flags, UInt32(received()), subtrahend, 0, isWord ? 16 : 8)
        case 0xAA: try storeString(register(0, isWord: isWord), step, isWord: isWord, isLast: true)
        case 0xAC:
            try askString(segment, step, isWord: isWord, isLast: true)
            setRegister(0, UInt32(received()), isWord: isWord)
        default:
            let di = words[Slot80286.di]
            words[Slot80286.di] &+= step
            try ask(Slot80286.es, di, isWord: isWord)
            Arithmetic80286.subtract(
                &flags, register(0, isWord: isWord), UInt32(received()), 0, isWord ? 16 : 8)
        }
    }

    /// Between the read and the write of MOVS and INS: alone, the value is waited for; repeated, the write follows the
    /// read at once.
    private func moveOn(isRepeated: Bool) {
        if isRepeated { settle() } else { received() }
        spend(1)
    }

    /// Asks for the element at the source pointer, which moves also when it does not fit.
    private func askString(
        _ segment: Int, _ step: UInt16, isWord: Bool, isLast: Bool
    ) throws(ProcessorFault) {
        let si = words[Slot80286.si]
        words[Slot80286.si] &+= step
        try ask(segment, si, isWord: isWord, isLast: isLast)
    }

    /// Stores an element; nil stands for what was read last.
    private func storeString(
        _ value: UInt32?, _ step: UInt16, isWord: Bool, isLast: Bool
    ) throws(ProcessorFault) {
        let di = words[Slot80286.di]
        words[Slot80286.di] &+= step
        access(
            .memoryWrite, try address(Slot80286.es, di, isWord, .write), isWord: isWord,
            UInt16(truncatingIfNeeded: value ?? 0), isLast: isLast, passesOn: value == nil)
    }

    /// By how much CX is ahead of the elements when a repeat faults. The pointer that faulted is the last one that moved.
    private func countAhead(_ opcode: UInt8, hasMovedSI: Bool, hasMovedDI: Bool) -> UInt16 {
        switch opcode {
        case 0xA7: hasMovedSI ? 1 : 0
        case 0xA5, 0x6D, 0xAB: hasMovedDI ? 2 : 1
        default: 1
        }
    }
}
