import Core
import X86

/// What the execution unit does to let time pass and to reach the bus.
///
/// A memory operand that comes first in an instruction has its address on the pins in the instruction's third clock: the
/// offset is computed in one clock, base and limit are applied in the next. Accesses that follow find their addresses
/// ready.
extension ExactProcessor80286 {
    @inline(__always) var instruction: UnsafeMutablePointer<Decoded80286> {
        decoded + Int(pipe.pointee.executing)
    }

    @inline(__always) var flags: UInt16 {
        get { state.pointee.flags }
        set { state.pointee.flags = newValue }
    }

    /// Lets clocks pass.
    func spend(_ clocks: Int) {
        var left = clocks
        while left > 0 {
            tick()
            left &-= 1
        }
    }

    /// Clocks from the beginning of an instruction to the address of its operand on the pins.
    static let addressClocks = 2

    // MARK: Bus cycles

    /// Asks for a bus cycle, or two for a word at an odd address, and waits until the address is on the pins. The next
    /// clock is Ts.
    ///
    /// `isLast`: no data cycle of the instruction follows, so LOCK# is not active. `passesOn`: what is written is what
    /// was read last.
    func access(
        _ kind: BusKind80286, _ address: UInt32, isWord: Bool, _ data: UInt16 = 0, isLast: Bool = true,
        passesOn: Bool = false
    ) {
        let p = pipe
        if p.pointee.request.kind != .none { settle() }
        let isSplit = isWord && address & 1 != 0
        if p.pointee.isLocked && !isLast { p.pointee.isLockHeld = true }
        p.pointee.request = BusCycle80286(
            kind, size: isWord && !isSplit ? 2 : 1, isLocked: p.pointee.isLocked && !isLast,
            rest: isSplit ? 1 : 0, passesOn: passesOn, address: address, data: data)
        if kind == .memoryRead || kind == .portRead { p.pointee.reads &+= isSplit ? 2 : 1 }
        p.pointee.isAccepted = false
        awaitAcceptance()
    }

    private func awaitAcceptance() {
        repeat { tick() } while !pipe.pointee.isAccepted
    }

    /// Waits until the second cycle of a word at an odd address, if there is one, has its address on the pins.
    func settle() {
        while pipe.pointee.request.kind != .none { tick() }
    }

    /// Waits until everything written is in memory, for somebody outside who is about to look.
    func finishWrites() {
        let p = pipe
        while p.pointee.request.kind != .none || p.pointee.next.kind.isWrite { tick() }
    }

    /// Between two accesses of an instruction: the second is looked at in the clock after the first has been accepted
    /// whole, and finds the bus at once if there are no wait states.
    func follow() {
        settle()
        spend(1)
    }

    /// Waits for what was asked for; the next clock is the one after the last Tc.
    @discardableResult
    func received() -> UInt16 {
        while pipe.pointee.reads > 0 { tick() }
        return pipe.pointee.data
    }

    @inline(__always) func linear(_ segment: Int, _ offset: UInt16) -> UInt32 {
        UInt32(words[segment]) &<< 4 &+ UInt32(offset)
    }

    /// The address of an operand.
    @inline(__always) func address(
        _ segment: Int, _ offset: UInt16, _ isWord: Bool, _ use: DescriptorCache.Use
    ) throws(ProcessorFault) -> UInt32 {
        if isWord && offset == 0xFFFF || state.pointee.caches.areLoaded {
            return try translated(segment, offset, isWord, use)
        }
        return linear(segment, offset)
    }

    /// Asks for a byte or word in memory, without waiting for it.
    @inline(__always) func ask(
        _ segment: Int, _ offset: UInt16, isWord: Bool, isLast: Bool = true
    ) throws(ProcessorFault) {
        access(.memoryRead, try address(segment, offset, isWord, .read), isWord: isWord, isLast: isLast)
    }

    @inline(__always) func read(
        _ segment: Int, _ offset: UInt16, isWord: Bool, isLast: Bool = true
    ) throws(ProcessorFault) -> UInt32 {
        try ask(segment, offset, isWord: isWord, isLast: isLast)
        return UInt32(received())
    }

    @inline(__always) func write(
        _ segment: Int, _ offset: UInt16, _ value: UInt32, isWord: Bool, isLast: Bool = true
    ) throws(ProcessorFault) {
        access(
            .memoryWrite, try address(segment, offset, isWord, .write), isWord: isWord,
            isWord ? UInt16(truncatingIfNeeded: value) : UInt16(truncatingIfNeeded: value & 0xFF), isLast: isLast)
    }

    // MARK: Registers by number

    /// The byte registers in the order of the instruction set: AL CL DL BL AH CH DH BH.
    @inline(__always) func byteSlot(_ number: UInt8) -> Int { Int((number & 3) << 1 | number >> 2 & 1) }

    @inline(__always) func register(_ number: UInt8, isWord: Bool) -> UInt32 {
        isWord ? UInt32(words[Int(number & 7)]) : UInt32(bytes[byteSlot(number & 7)])
    }

    @inline(__always) func setRegister(_ number: UInt8, _ value: UInt32, isWord: Bool) {
        if isWord {
            words[Int(number & 7)] = UInt16(truncatingIfNeeded: value)
        } else {
            bytes[byteSlot(number & 7)] = UInt8(truncatingIfNeeded: value)
        }
    }

    // MARK: Operands

    @inline(__always) var isRegisterForm: Bool { instruction.pointee.modRM >= 0xC0 }
    @inline(__always) var regField: UInt8 { instruction.pointee.modRM >> 3 & 7 }
    @inline(__always) var rmField: UInt8 { instruction.pointee.modRM & 7 }
    @inline(__always) var dataSegment: Int {
        instruction.pointee.segment == 0 ? Slot80286.ds : Int(instruction.pointee.segment)
    }

    /// The memory operand of the instruction.
    var place: (segment: Int, offset: UInt16) {
        let modRM = instruction.pointee.modRM
        var offset = instruction.pointee.displacement
        var segment = Slot80286.ds
        switch modRM & 7 {
        case 0: offset &+= words[Slot80286.bx] &+ words[Slot80286.si]
        case 1: offset &+= words[Slot80286.bx] &+ words[Slot80286.di]
        case 2:
            offset &+= words[Slot80286.bp] &+ words[Slot80286.si]
            segment = Slot80286.ss
        case 3:
            offset &+= words[Slot80286.bp] &+ words[Slot80286.di]
            segment = Slot80286.ss
        case 4: offset &+= words[Slot80286.si]
        case 5: offset &+= words[Slot80286.di]
        case 6:
            if modRM & 0xC0 != 0 {
                offset &+= words[Slot80286.bp]
                segment = Slot80286.ss
            }
        default: offset &+= words[Slot80286.bx]
        }
        return (instruction.pointee.segment == 0 ? segment : Int(instruction.pointee.segment), offset)
    }

    /// Base, index and displacement together take a clock more.
    @inline(__always) var addsThree: Bool {
        let modRM = instruction.pointee.modRM
        return modRM & 4 == 0 && (modRM & 0xC0 == 0x40 || modRM & 0xC0 == 0x80)
    }

    /// The clocks before the address of the instruction's operand is on the pins.
    @inline(__always) func spendAddress() {
        spend(addsThree ? ExactProcessor80286.addressClocks + 1 : ExactProcessor80286.addressClocks)
    }

    /// The operand of ModRM: its value from a register at once, from memory when it has been read. `isLast`: no other
    /// access follows.
    func operand(isWord: Bool, isLast: Bool = true) throws(ProcessorFault) -> UInt32 {
        if isRegisterForm { return register(rmField, isWord: isWord) }
        let (segment, offset) = place
        spendAddress()
        return try read(segment, offset, isWord: isWord, isLast: isLast)
    }

    // MARK: Stack

    func push(_ value: UInt16, isLast: Bool = true) throws(ProcessorFault) {
        let sp = words[Slot80286.sp] &- 2
        try write(Slot80286.ss, sp, UInt32(value), isWord: true, isLast: isLast)
        words[Slot80286.sp] = sp
    }
}
