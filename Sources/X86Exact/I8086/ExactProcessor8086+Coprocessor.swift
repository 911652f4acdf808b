import Core
import X86

/// WAIT, and the ESC instructions when there is an 8087.
extension ExactProcessor8086 {
    // MARK: WAIT

    /// WAIT looks at the TEST pin in its third clock, and then every five clocks.
    ///
    /// Source: [8086UM] WAIT: 3 + 5n clocks.
    func wait() {
        ticks(2)
        guard let coprocessor else { return }
        // It asks for no bus cycle, so a LOCK prefix ends here.
        work.pointee.isLocked = false
        keepWaiting(for: coprocessor)
    }

    /// Goes on with a WAIT in which a run has ended, in the same clock.
    func resumeWait() {
        work.pointee.isWaiting = false
        if let coprocessor { keepWaiting(for: coprocessor) }
        _ = finish()
    }

    /// Polls until BUSY is off, an interrupt is ready, or the run has come to its deadline; the clocks of the polls do
    /// not depend on where runs end. With TF set it is left at the first poll, as a repeated instruction is.
    private func keepWaiting(for coprocessor: any Coprocessor) {
        let w = work
        while coprocessor.busyEnd(at: now) > now {
            if isInterruptReady { return leaveWait() }
            if w.pointee.now >= w.pointee.deadline { return suspendWait() }
            ticks(5)
            // With a fixed time for each instruction a poll takes that, for clocks take none.
            w.pointee.now &+= w.pointee.fixedClocks &* clockPeriod.count
        }
    }

    private func suspendWait() {
        let w = work
        w.pointee.isWaiting = true
        state.pointee.ip = w.pointee.startIP
        // What the end of an instruction adds is for the end of this one.
        w.pointee.now &-= w.pointee.fixedClocks &* clockPeriod.count
    }

    /// Gives up for an interrupt, whose handler returns to the WAIT; it is counted when it is complete.
    private func leaveWait() {
        let w = work
        tick()
        suspend()
        correct()
        tick()
        flush(to: w.pointee.startIP)
        state.pointee.instructionCount &-= 1
    }

    // MARK: ESC

    /// The processor has worked out the address and read a word; an 8087 takes both from the bus, and then the bus for
    /// the rest of the operand, while the processor goes on as far as its queue lets it.
    ///
    /// Assumption: the data move when ESC ends, and the bus cycles follow (`requestBus`, whose clocks around a transfer
    /// are those of the PC's DMA logic, not those of RQ/GT). A trace of both chips would show the difference; programs
    /// do not see it, for they wait before they look at an operand.
    func escape() {
        guard let coprocessor else { return }
        let w = work
        let isMemory = isMemoryOperand
        let code = UInt16(w.pointee.opcode & 7) << 8 | UInt16(w.pointee.modRM)
        let offset = isMemory ? w.pointee.indirect : 0
        let segment = isMemory ? words[w.pointee.operandSlot] : 0
        let address = FarPointer(segment, offset).linear
        let transfer = isMemory ? coprocessor.transfer(of: code) : .none
        var operand = CoprocessorOperand()
        var bytes = 0
        if isMemory { operand[0] = w.pointee.temporaryB }
        if case .read(let count) = transfer {
            // The processor wraps inside the segment, the 8087 does not.
            let first = offset == 0xFFFF ? 0 : 1
            operand.read(first..<max(count / 2, first), from: memory, at: address, mask: Self.addressLines)
            bytes = count - 2 * first
        }
        let cs = words[Slot8086.cs]
        let start = w.pointee.startIP
        let instruction = CoprocessorInstruction(
            code: code, start: FarPointer(cs, start),
            escape: FarPointer(cs, start &+ UInt16(truncatingIfNeeded: w.pointee.prefixCount)),
            operand: FarPointer(segment, offset))
        let result = coprocessor.execute(instruction, operand: &operand, at: now)
        if result.storesOperand, case .write(let count) = transfer {
            operand.write(count / 2, to: memory, at: address, mask: Self.addressLines)
            bytes = count
        }
        if let accumulator = result.accumulator { words[Slot8086.ax] = accumulator }
        // A bus cycle for each word, or for each byte where words do not go over the bus whole.
        if bytes > 0 { requestBus(clocks: UInt16(isWideBus && address & 1 == 0 ? 2 * bytes : 4 * bytes)) }
        w.pointee.deadline = bus.deadline.count
    }

    private static let addressLines: UInt32 = 0xF_FFFF
}
