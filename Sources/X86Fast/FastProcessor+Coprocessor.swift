import Core
import X86

/// WAIT, and the ESC instructions when there is a coprocessor.
extension FastProcessor {
    /// WAIT. It is left while it waits, so that interrupts are taken, and begins again.
    ///
    /// Source: [8086UM] WAIT; [80286PRM] WAIT.
    /// - Returns: the address to go on at.
    @inline(never) func wait(start: UInt16, next: UInt16) throws(ProcessorFault) -> UInt16 {
        guard let coprocessor else { return next }
        if isKeptWaiting(by: coprocessor) { return start }
        try checkError()
        return next
    }

    /// The ERROR# pin, looked at when BUSY is off.
    ///
    /// Source: [80286PRM] interrupt 16.
    private func checkError() throws(ProcessorFault) {
        guard state.pointee.isErrorAsserted && is286 else { return }
        // The time of waiting has passed.
        work.pointee.startBudget = work.pointee.budget
        throw .coprocessorError
    }

    /// Charges the time for which the coprocessor is still busy. If that goes beyond the budget, the budget is used up
    /// and the instruction has to begin again.
    private func isKeptWaiting(by coprocessor: any Coprocessor) -> Bool {
        let w = work
        let begin = now
        let end = coprocessor.busyEnd(at: begin)
        guard end > begin else { return false }
        let clocks = clocks(from: begin.count, to: end.count)
        // A traced instruction is not cut; one that waits for ever has to be.
        if clocks <= w.pointee.startBudget || w.pointee.isLimitedToOne && end != .never {
            w.pointee.budget &-= clocks
            return false
        }
        w.pointee.budget = 0
        w.pointee.executed &-= 1
        // The boundary before it has passed: a shadow there holds back no longer.
        w.pointee.shadowAt = .max
        return true
    }

    /// An ESC instruction; `decoder` is behind its first byte.
    /// - Returns: the address to go on at.
    @inline(never) func escape(_ decoder: Decoder, start: UInt16) throws(ProcessorFault) -> UInt16 {
        var d = decoder
        defer { lend(d) }
        let escapeIP = d.ip &- 1
        let modRM = d.byte()
        guard let coprocessor else { return d.ip }
        let code = UInt16(d.opcode & 7) << 8 | UInt16(modRM)
        if is286 && coprocessor.waits(code) {
            let isKeptWaiting = isKeptWaiting(by: coprocessor)
            takeBack(&d)
            if isKeptWaiting { return start }
            try checkError()
        }
        let place = modRM < 0xC0 ? memoryPlace(&d, modRM) : Place(segment: 0, offset: 0)
        let transfer = coprocessor.transfer(of: code)
        var operand = CoprocessorOperand()
        lend(d)
        if place.isMemory {
            try readOperand(&operand, place, transfer)
            // A violation of the segment: see `finishTranslated`.
            if work.pointee.hasViolation { return d.ip }
        }
        let cs = words[Slot.cs]
        let instruction = CoprocessorInstruction(
            code: code, start: FarPointer(cs, start), escape: FarPointer(cs, escapeIP),
            operand: FarPointer(words[place.segment], place.offset))
        let result = coprocessor.execute(instruction, operand: &operand, at: now)
        if result.storesOperand, case .write(let count) = transfer { writeOperand(operand, place, count) }
        if let accumulator = result.accumulator { words[Slot.ax] = accumulator }
        lookUp()
        takeBack(&d)
        return d.ip
    }

    /// Reads what is to be read. The processor itself reads a word in any case, as it does without a coprocessor.
    private func readOperand(
        _ operand: inout CoprocessorOperand, _ place: Place, _ transfer: CoprocessorTransfer
    ) throws(ProcessorFault) {
        let count =
            switch transfer {
            case .none: 2
            case .read(let count), .write(let count): count
            }
        if is286 && Int(place.offset) + count > 0x1_0000 {
            throw place.offset == 0xFFFF ? .segmentOverrun : .coprocessorOverrun
        }
        if state.pointee.caches[place.segment].isLoaded { try check(place, count, transfer) }
        operand[0] = try read16(place.segment, place.offset)
        guard case .read = transfer else { return }
        let first = place.offset == 0xFFFF ? 0 : 1
        operand.read(first..<max(count / 2, first), from: memory, at: address(place), mask: addressLines)
    }

    /// All of an operand must lie in a segment that LOADALL has loaded; a violation by its first word is an ordinary one.
    private func check(_ place: Place, _ count: Int, _ transfer: CoprocessorTransfer) throws(ProcessorFault) {
        let cache = state.pointee.caches[place.segment]
        var use = DescriptorCache.Use.read
        if case .write = transfer { use = .write }
        if cache.allows(use, place.offset, count) { return }
        if cache.allows(use, place.offset, 2) { throw .coprocessorOverrun }
        work.pointee.hasViolation = true
    }

    private func writeOperand(_ operand: CoprocessorOperand, _ place: Place, _ count: Int) {
        operand.write(count / 2, to: memory, at: address(place), mask: addressLines)
    }

    private func address(_ place: Place) -> UInt32 {
        state.pointee.address(place.segment, place.offset)
    }

    private var addressLines: UInt32 { is286 ? .max : 0xF_FFFF }
}
