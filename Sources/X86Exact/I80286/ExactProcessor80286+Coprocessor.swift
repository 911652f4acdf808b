import Core
import X86

/// WAIT and ESC, with an 80287 or without.
extension ExactProcessor80286 {
    // MARK: Waiting for BUSY

    @inline(never) func wait() throws(ProcessorFault) {
        if state.pointee.msw & 0x000A == 0x000A { throw .coprocessorMissing }
        if let coprocessor {
            if isKeptWaiting(by: coprocessor) { return }
            try checkError()
        }
        spend(7)
    }

    /// The ERROR# pin, looked at when BUSY is off.
    ///
    /// Source: [80286PRM] interrupt 16.
    private func checkError() throws(ProcessorFault) {
        if state.pointee.isErrorAsserted { throw .coprocessorError }
    }

    /// Waits until BUSY is off. If an interrupt is ready before that, or the run has come to its deadline, the
    /// instruction is left and will begin again.
    ///
    /// Assumption: BUSY is looked at in every clock, and an instruction that had to wait takes its usual clocks behind
    /// that. A trace of an 80286 with an 80287 would show it.
    @inline(never) private func isKeptWaiting(by coprocessor: any Coprocessor) -> Bool {
        let p = pipe
        while coprocessor.busyEnd(at: now) > now {
            if p.pointee.isLookNeeded { lookUp() }
            if isInterruptReady || p.pointee.now >= p.pointee.deadline {
                p.pointee.isWaiting = true
                return true
            }
            spend(1)
            // With a fixed time for each instruction a clock of waiting takes that, for clocks take none.
            if p.pointee.fixedClocks > 0 { p.pointee.now &+= p.pointee.fixedClocks &* period }
        }
        return false
    }

    private var isInterruptReady: Bool {
        let s = state
        return s.pointee.isNMIPending || s.pointee.isInterruptRequested && s.pointee.flags & Flag.interrupt != 0
    }

    /// The instruction has been left waiting: IP points to it.
    @inline(never) func suspendWait() {
        let p = pipe
        state.pointee.ip = p.pointee.start
        (p.pointee.isLocked, p.pointee.isLockHeld) = (false, false)
    }

    /// The instruction that was left waiting begins again.
    @inline(never) func resumeWait() {
        let p = pipe
        p.pointee.isWaiting = false
        p.pointee.start = state.pointee.ip
        p.pointee.isLocked = instruction.pointee.isLocked
        state.pointee.ip &+= UInt16(instruction.pointee.length)
    }

    // MARK: ESC

    /// Ports of the 80287: opcode and status, data, addresses.
    ///
    /// Source: [80287PRM] CMD0 and CMD1. Measured: SingleStepTests/80286, with ports F8h and FCh.
    private static let commandPort: UInt32 = 0xF8
    private static let dataPort: UInt32 = 0xFA
    private static let addressPort: UInt32 = 0xFC

    /// ESC hands opcode, address of the instruction and address of the operand to the ports of the coprocessor. Without
    /// one nothing answers there, and the operand itself is not transferred.
    ///
    /// Measured: SingleStepTests/80286.
    @inline(never) func escape() throws(ProcessorFault) {
        if state.pointee.msw & 0x000C != 0 { throw .coprocessorMissing }
        let d = instruction
        let code = UInt16(d.pointee.opcode & 7) << 8 | UInt16(d.pointee.modRM)
        if let coprocessor, coprocessor.waits(code) {
            if isKeptWaiting(by: coprocessor) { return }
            try checkError()
        }
        let command = UInt16(d.pointee.modRM) << 8 | UInt16(d.pointee.opcode)
        let cs = state.pointee.cs
        var address: UInt32 = 0
        var words = [command, pipe.pointee.start, cs]
        if isRegisterForm {
            spend(7)
        } else {
            let (segment, offset) = place
            spend(addsThree ? 14 : 13)
            if offset == 0xFFFF { throw .segmentOverrun }
            let (size, use) = operandUse(code)
            if Int(offset) + size > 0x1_0000 { throw .coprocessorOverrun }
            if state.pointee.caches.areLoaded { try checkOperand(segment, offset, size, use) }
            address = state.pointee.address(segment, offset)
            words += [offset, self.words[segment]]
            spend(2)
        }
        for (index, word) in words.enumerated() {
            if index > 0 { spend(index == 1 && words.count > 3 ? 2 : 1) }
            access(.portWrite, index == 0 ? Self.commandPort : Self.addressPort, isWord: true, word)
        }
        if let coprocessor {
            execute(
                CoprocessorInstruction(
                    code: code, start: FarPointer(cs, pipe.pointee.start), escape: FarPointer(cs, escapeOffset),
                    operand: isRegisterForm ? FarPointer(0, 0) : FarPointer(words[4], words[3])),
                at: address, by: coprocessor)
        }
        spend(3)
    }

    /// Bytes of the operand, and what is done with it; of one that is not transferred the first word counts.
    private func operandUse(_ code: UInt16) -> (size: Int, use: DescriptorCache.Use) {
        switch coprocessor?.transfer(of: code) ?? .none {
        case .none: (2, .read)
        case .read(let count): (count, .read)
        case .write(let count): (count, .write)
        }
    }

    /// Where the ESC byte stands, behind prefixes.
    private var escapeOffset: UInt16 {
        let modRM = instruction.pointee.modRM
        let displacement: UInt16 =
            switch modRM & 0xC0 {
            case 0x40: 1
            case 0x80: 2
            case 0x00: modRM & 7 == 6 ? 2 : 0
            default: 0
            }
        return state.pointee.ip &- 2 &- displacement
    }

    /// The coprocessor's part, and the transfers that the processor makes for it: each word of the operand goes through
    /// the port of the data, with a cycle there and one in memory.
    ///
    /// Assumption: the cycles follow each other as fast as the bus lets them.
    private func execute(
        _ instruction: CoprocessorInstruction, at address: UInt32, by coprocessor: any Coprocessor
    ) {
        let transfer = isRegisterForm ? .none : coprocessor.transfer(of: instruction.code)
        var operand = CoprocessorOperand()
        if case .read(let count) = transfer {
            for index in 0..<count / 2 {
                access(.memoryRead, (address &+ UInt32(2 &* index)) & 0xFF_FFFF, isWord: true)
                operand[index] = received()
                access(.portWrite, Self.dataPort, isWord: true, operand[index])
            }
        }
        let result = coprocessor.execute(instruction, operand: &operand, at: now)
        pipe.pointee.isLookNeeded = true
        if result.storesOperand, case .write(let count) = transfer {
            for index in 0..<count / 2 {
                access(.portRead, Self.dataPort, isWord: true)
                received()
                access(.memoryWrite, (address &+ UInt32(2 &* index)) & 0xFF_FFFF, isWord: true, operand[index])
            }
        }
        if let accumulator = result.accumulator {
            access(.portRead, Self.commandPort, isWord: true)
            received()
            words[Slot80286.ax] = accumulator
        }
    }
}
