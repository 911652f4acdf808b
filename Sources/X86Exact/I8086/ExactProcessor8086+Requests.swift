import Core
import X86

/// What the execution unit asks of the queue and the bus. Each function begins in the clock of its microcode line.
extension ExactProcessor8086 {
    // MARK: Queue

    /// Takes a byte from the queue that is not the first of an instruction, waiting for it.
    @inline(__always) func nextByte() -> UInt8 {
        let w = work
        while w.pointee.queueCount == 0 { tick() }
        return takeQueue(operation: 3)
    }

    /// The queue must not be empty.
    @inline(__always) func takeQueue(operation: UInt8) -> UInt8 {
        let w = work
        let byte = UInt8(truncatingIfNeeded: w.pointee.queue)
        w.pointee.queue &>>= 8
        w.pointee.queueCount &-= 1
        w.pointee.queueOperation = operation
        w.pointee.queueByte = byte
        return byte
    }

    /// Two lines that take a word from the queue; the clock of the line behind them has begun.
    @inline(__always) func nextWord() -> UInt16 {
        let low = nextByte()
        tick()
        let high = nextByte()
        tick()
        return UInt16(low) | UInt16(high) &<< 8
    }

    /// Two lines for an immediate operand. Of a byte, which is sign-extended, the second is jumped over, which takes a
    /// clock too.
    @inline(__always) func immediate(isByte: Bool) -> UInt16 {
        let low = nextByte()
        tick()
        if isByte {
            tick()
            return UInt16(bitPattern: Int16(Int8(bitPattern: low)))
        }
        let high = nextByte()
        tick()
        return UInt16(low) | UInt16(high) &<< 8
    }

    /// The address of the next byte that the execution unit has not taken.
    @inline(__always) var instructionPointer: UInt16 {
        work.pointee.fetchPointer &- UInt16(truncatingIfNeeded: work.pointee.queueCount)
    }

    /// SUSP: no more fetches; a cycle in progress comes to its end. The clock of the next line has begun.
    func suspend() {
        let w = work
        w.pointee.hold |= Hold8086.suspended
        if w.pointee.busState != .t4 && w.pointee.busState != .idle {
            repeat { tick() } while w.pointee.busState != .t4
        } else {
            w.pointee.cycle = .passive
        }
        tick()
    }

    /// CORR: the fetch pointer becomes the address of the next instruction.
    func correct() {
        let w = work
        repeat { tick() } while w.pointee.cycle != .passive || w.pointee.busState == .t4
        w.pointee.fetchPointer = instructionPointer
        w.pointee.queueCount = 0
        w.pointee.queue = 0
        tick()
    }

    /// FLUSH, in the clock of its line.
    @inline(__always) func flush(to offset: UInt16) {
        let w = work
        w.pointee.fetchPointer = offset
        w.pointee.queueCount = 0
        w.pointee.queue = 0
        w.pointee.isFlushing = true
        w.pointee.queueOperation = 2
    }

    // MARK: Bus

    /// One or two bus cycles; the clock in which the last one delivers its data (T3) is the present one then.
    ///
    /// The request is seen a clock later, or two if it comes when a fetch is being decided on; a fetch that has been
    /// decided on but not begun is given up. The cycle itself then begins two clocks later at the earliest.
    @inline(never) func access(
        _ cycle: BusCycle8086, _ slot: Int, _ offset: UInt16, _ value: UInt16, _ isWord: Bool
    ) -> UInt16 {
        let w = work
        let busState = w.pointee.busState
        let isLate =
            busState == .t3 || busState == .wait
            || w.pointee.hold == 0 && w.pointee.cycle == .passive && busState != .t4
        if busState == .t4 || busState == .idle { w.pointee.cycle = .passive }
        w.pointee.hold |= Hold8086.requested
        tick()
        if isLate {
            while w.pointee.nextState == .wait { tick() }
            // The fetch that is given up had been told the width of the access already.
            if busState == .idle && !isWord { w.pointee.isBHEHigh = true }
            tick()
        }
        while w.pointee.busState == .t4 { tick() }
        tick()
        while w.pointee.cycle != .passive { tick() }
        w.pointee.wantedSegment = segmentCode(slot)
        let address = place(slot, offset)
        if !isWord {
            want(cycle, address, value, isWide: false)
            tick()
            w.pointee.hold &= ~Hold8086.requested
            while w.pointee.cycle != .passive { tick() }
            return UInt16(taken())
        }
        if isWideBus && address & 1 == 0 {
            want(cycle, address, value, isWide: true)
            tick()
            w.pointee.hold &= ~Hold8086.requested
            while w.pointee.cycle != .passive { tick() }
            return w.pointee.data
        }
        want(cycle, address, value, isWide: false)
        tick()
        while w.pointee.cycle != .passive { tick() }
        let low = taken()
        let second = cycle == .acknowledge ? address : place(slot, offset &+ 1)
        want(cycle, second, value >> 8, isWide: false)
        tick()
        w.pointee.hold &= ~Hold8086.requested
        w.pointee.isSecondAcknowledge = cycle == .acknowledge
        while w.pointee.cycle != .passive { tick() }
        w.pointee.isSecondAcknowledge = false
        return UInt16(low) | UInt16(taken()) &<< 8
    }

    /// Puts a cycle before the bus, which begins it as soon as it is free. A byte goes on the half of the data bus that
    /// belongs to its address.
    @inline(__always) private func want(
        _ cycle: BusCycle8086, _ address: UInt32, _ value: UInt16, isWide: Bool
    ) {
        let w = work
        w.pointee.wantedAddress = address
        w.pointee.wantedIsWide = isWide
        w.pointee.wantedData = !isWide && isWideBus && address & 1 != 0 ? value &<< 8 : value
        w.pointee.cycle = cycle
    }

    @inline(__always) private func place(_ slot: Int, _ offset: UInt16) -> UInt32 {
        (UInt32(words[slot]) &<< 4 &+ UInt32(offset)) & 0xF_FFFF
    }

    /// S3 and S4: ES, SS, CS or none, DS.
    @inline(__always) private func segmentCode(_ slot: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: 0x3_1202 &>> (4 &* (slot &- Slot8086.zero))) & 3
    }

    /// A read; the clock of the next line has begun.
    @inline(__always) func read(_ slot: Int, _ offset: UInt16, _ isWord: Bool) -> UInt16 {
        let value = access(.readMemory, slot, offset, 0, isWord)
        work.pointee.operand = value
        tick()
        return value
    }

    /// A write that ends the instruction (W,RNI).
    @inline(__always) func write(_ slot: Int, _ offset: UInt16, _ value: UInt16, _ isWord: Bool) {
        _ = access(.writeMemory, slot, offset, value, isWord)
    }

    // MARK: Stack

    /// Two lines that work out the new SP, one that keeps it, and the write that ends the instruction.
    @inline(__always) func pushLast(_ value: UInt16, _ isWord: Bool = true) {
        let sp = words[Slot8086.sp] &- 2
        words[Slot8086.sp] = sp
        work.pointee.indirect = sp
        write(Slot8086.ss, sp, value, isWord)
    }

    /// A read at SP; SP moves. The clock of the next line has begun.
    @inline(__always) func pop() -> UInt16 {
        let sp = words[Slot8086.sp]
        let value = read(Slot8086.ss, sp, true)
        words[Slot8086.sp] = sp &+ 2
        work.pointee.indirect = sp &+ 2
        return value
    }
}
