import X86

/// Jumps, calls, returns, and the instructions that share their opcodes with them.
///
/// A transfer empties the queue; the first fetch has its address on the pins in the clock after the next.
///
/// Measured: SingleStepTests/80286.
extension ExactProcessor80286 {
    /// Goes to `ip` of CS after some clocks.
    func jump(to ip: UInt16, clocks: Int) {
        spend(clocks)
        state.pointee.ip = ip
        redirect(ip)
    }

    /// The condition of the jumps 70-7F.
    func condition(_ opcode: UInt8) -> Bool {
        let flags = self.flags
        let isLess = (flags & Flag.sign != 0) != (flags & Flag.overflow != 0)
        let isTrue: Bool
        switch opcode >> 1 & 7 {
        case 0: isTrue = flags & Flag.overflow != 0
        case 1: isTrue = flags & Flag.carry != 0
        case 2: isTrue = flags & Flag.zero != 0
        case 3: isTrue = flags & (Flag.carry | Flag.zero) != 0
        case 4: isTrue = flags & Flag.sign != 0
        case 5: isTrue = flags & Flag.parity != 0
        case 6: isTrue = isLess
        default: isTrue = isLess || flags & Flag.zero != 0
        }
        return isTrue != (opcode & 1 != 0)
    }

    func jumpShort(if condition: Bool, untaken: Int, clocks: Int = 1) {
        if condition {
            jump(to: state.pointee.ip &+ immediate, clocks: clocks)
        } else {
            spend(untaken)
        }
    }

    /// LOOPNE, LOOPE, LOOP, JCXZ.
    func loop(_ opcode: UInt8) {
        let isTaken: Bool
        if opcode == 0xE3 {
            isTaken = words[Slot80286.cx] == 0
        } else {
            words[Slot80286.cx] &-= 1
            let isZero = flags & Flag.zero != 0
            isTaken = words[Slot80286.cx] != 0 && (opcode == 0xE2 || isZero == (opcode == 0xE1))
        }
        jumpShort(if: isTaken, untaken: 4, clocks: 2)
    }

    // MARK: Calls

    func callNear(_ target: UInt16) throws(ProcessorFault) {
        if words[Slot80286.sp] == 1 { throw .segmentOverrun }
        let next = state.pointee.ip
        jump(to: target, clocks: 1)
        spend(3)
        try push(next)
    }

    /// CS is pushed before, IP after the first fetch at the new place.
    func callFar(_ segment: UInt16, _ offset: UInt16, clocks: Int) throws(ProcessorFault) {
        let sp = words[Slot80286.sp]
        let next = state.pointee.ip
        spend(clocks)
        try push(state.pointee.cs, isLast: false)
        if words[Slot80286.sp] == 1 {
            words[Slot80286.sp] = sp
            throw .segmentOverrun
        }
        loadSegment(Slot80286.cs, segment)
        settle()
        jump(to: offset, clocks: 2)
        spend(3)
        try push(next)
    }

    func returnNear() throws(ProcessorFault) {
        spend(ExactProcessor80286.addressClocks)
        let ip = UInt16(truncatingIfNeeded: try read(Slot80286.ss, words[Slot80286.sp], isWord: true, isLast: false))
        words[Slot80286.sp] &+= 2 &+ immediate
        jump(to: ip, clocks: 1)
    }

    func returnFar() throws(ProcessorFault) {
        let sp = words[Slot80286.sp]
        spend(ExactProcessor80286.addressClocks)
        try ask(Slot80286.ss, sp, isWord: true, isLast: false)
        follow()
        try ask(Slot80286.ss, sp &+ 2, isWord: true)
        let ip = pipe.pointee.data
        loadSegment(Slot80286.cs, received())
        words[Slot80286.sp] = sp &+ 4 &+ immediate
        jump(to: ip, clocks: 2)
    }

    func returnFromInterrupt() throws(ProcessorFault) {
        let sp = words[Slot80286.sp]
        spend(ExactProcessor80286.addressClocks + 1)
        try ask(Slot80286.ss, sp &+ 4, isWord: true, isLast: false)
        follow()
        try ask(Slot80286.ss, sp, isWord: true, isLast: false)
        let newFlags = pipe.pointee.data
        follow()
        try ask(Slot80286.ss, sp &+ 2, isWord: true)
        let ip = pipe.pointee.data
        loadSegment(Slot80286.cs, received())
        flags = model.normalizedFlags(newFlags)
        words[Slot80286.sp] = sp &+ 6
        jump(to: ip, clocks: 2)
    }

    // MARK: FE and FF

    /// INC, DEC, CALL, JMP and PUSH under FE and FF.
    func stepOrTransfer(_ opcode: UInt8) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        switch regField {
        case 0:
            let value = try operand(isWord: isWord, isLast: false)
            try store(Arithmetic80286.increment(&flags, value, isWord ? 16 : 8), isWord: isWord)
        case 1:
            let value = try operand(isWord: isWord, isLast: false)
            try store(Arithmetic80286.decrement(&flags, value, isWord ? 16 : 8), isWord: isWord)
        case 2: try callIndirect()
        case 3: try callFarIndirect()
        case 4:
            if isRegisterForm { spend(1) }
            jump(to: UInt16(truncatingIfNeeded: try operand(isWord: true, isLast: false)), clocks: 0)
        case 5:
            let (segment, offset) = place
            spendAddress()
            try ask(segment, offset, isWord: true, isLast: false)
            follow()
            try ask(segment, offset &+ 2, isWord: true)
            let ip = pipe.pointee.data
            loadSegment(Slot80286.cs, received())
            jump(to: ip, clocks: 2)
        default:
            if isRegisterForm {
                let value = words[Int(rmField)]
                spend(ExactProcessor80286.addressClocks)
                try push(value)
            } else {
                let value = try operand(isWord: true, isLast: false)
                spend(1)
                try push(UInt16(truncatingIfNeeded: value))
            }
        }
    }

    private func callIndirect() throws(ProcessorFault) {
        if isRegisterForm { return try callNear(words[Int(rmField)]) }
        let next = state.pointee.ip
        let (segment, offset) = place
        spendAddress()
        try ask(segment, offset, isWord: true, isLast: false)
        spend(1)
        try push(next)
        jump(to: pipe.pointee.data, clocks: 1)
    }

    private func callFarIndirect() throws(ProcessorFault) {
        let (segment, offset) = place
        spendAddress()
        try ask(segment, offset, isWord: true, isLast: false)
        follow()
        try ask(segment, offset &+ 2, isWord: true, isLast: false)
        let ip = pipe.pointee.data
        let sp = words[Slot80286.sp]
        let next = state.pointee.ip
        spend(2)
        try push(state.pointee.cs, isLast: false)
        let target = received()
        if words[Slot80286.sp] == 1 {
            words[Slot80286.sp] = sp
            throw .segmentOverrun
        }
        loadSegment(Slot80286.cs, target)
        settle()
        jump(to: ip, clocks: 2)
        spend(3)
        try push(next)
    }

    // MARK: BOUND

    func bound() throws(ProcessorFault) {
        let (segment, offset) = place
        let index = Int16(bitPattern: words[Int(regField)])
        spendAddress()
        try ask(segment, offset, isWord: true, isLast: false)
        follow()
        try ask(segment, offset &+ 2, isWord: true)
        let lower = Int16(bitPattern: pipe.pointee.data)
        let upper = Int16(bitPattern: received())
        if index < lower {
            throw .boundRange
        }
        spend(3)
        if index > upper { throw .boundRange }
        spend(3)
    }
}
