import Core
import X86

/// Standard output for the console functions. Characters are queued in `call.progress.output` and written by `drain`,
/// which can be interrupted at each one by Ctrl-S, Ctrl-C and guest code.
extension DOSKernel {
    /// Queues a character as AH=02h writes it: tabs become blanks, the column is counted.
    func put(_ byte: UInt8, _ call: Call) {
        let memory = call.memory
        let column = memory.read8(DOSLayout.consoleColumn)
        switch byte {
        case 0x09:
            let count = 8 - column & 7
            call.progress.output += [UInt8](repeating: 0x20, count: Int(count))
            memory.write8(DOSLayout.consoleColumn, column &+ count)
            return
        case 0x0D: memory.write8(DOSLayout.consoleColumn, 0)
        case 0x08: memory.write8(DOSLayout.consoleColumn, column &- 1)
        case 0x20..<0x7F, 0x80...: memory.write8(DOSLayout.consoleColumn, column &+ 1)
        default: break
        }
        call.progress.output.append(byte)
    }

    /// Writes what is queued. - Returns: what the function must return before it runs again; nil when all is written.
    /// - Parameter checks: whether Ctrl-C, Ctrl-S and Ctrl-P act meanwhile.
    func drain(_ call: Call, checks: Bool = true) -> CallResult? {
        guard !call.progress.output.isEmpty || call.progress.owesEcho else { return nil }
        return drain(call, to: standardHandle(1, process: currentProcess(call.memory), call.memory), checks: checks)
    }

    func drain(_ call: Call, to target: HandleTarget, checks: Bool) -> CallResult? {
        switch target {
        case .hostOutput, .hostError:
            if checks && takesBreak(call) { return .controlC }
            streams.write(call.progress.output, toError: target == .hostError)
        case .file(let index):
            if checks && takesBreak(call) { return .controlC }
            // As in DOS, an error or a full disk is not told to the console functions.
            if !call.progress.output.isEmpty { _ = try? writeEntry(index, call.progress.output, call.memory) }
        case .device(.con): return drainToScreen(call, checks: checks)
        case .device(let device) where device.printerPort != nil || device.serialPort != nil:
            call.portAnswer = nil
            guard !call.progress.output.isEmpty else { return nil }
            return sendToPort(call.progress.output.removeFirst(), device, call)
        case .device, .closed, .hostInput: break
        }
        call.progress.output = []
        return nil
    }

    private func drainToScreen(_ call: Call, checks: Bool) -> CallResult? {
        let memory = call.memory
        let output = call.progress.output
        var done = 0
        defer { call.progress.output.removeFirst(min(done, call.progress.output.count)) }
        while done < output.count || call.progress.owesEcho {
            if call.progress.owesEcho {
                call.progress.owesEcho = false
                return sendToPort(call.progress.echo, .prn, call)
            }
            let count = memory.read8(DOSLayout.consoleCount) &+ 1
            if checks && (count & 0x3F == 0 || call.progress.isPaused) {
                switch consoleStatus(call) {
                case .controlC: return .controlC
                case .pending(let result): return result
                case .empty, .ready, .end: break
                }
            }
            memory.write8(DOSLayout.consoleCount, count)
            let byte = output[done]
            done += 1
            if memory.read8(DOSLayout.printerEcho) != 0 { (call.progress.echo, call.progress.owesEcho) = (byte, true) }
            if byte == 0x08, call.progress.editor != nil, let result = moveUp(call) { return result }
            if let result = writeScreen(byte, call) { return result }
        }
        return nil
    }

    /// A backspace of the line editor at the left edge goes to the end of the row above, where the line has wrapped;
    /// the BIOS's teletype would stay. Nil if the cursor is anywhere else.
    private func moveUp(_ call: Call) -> CallResult? {
        let memory = call.memory
        guard memory.vector(0x29) == address(of: .int29) else { return nil }
        let page = memory.read8(FarPointer(0x0040, 0x0062)) & 7
        let cursor = memory.read16(FarPointer(0x0040, 0x0050 + UInt16(page) * 2))
        let columns = memory.read8(FarPointer(0x0040, 0x004A))
        guard cursor & 0xFF == 0, cursor >= 0x0100, columns > 0 else { return nil }
        var registers = guestRegisters()
        registers.ah = 0x02
        registers.bh = page
        registers.dx = (cursor & 0xFF00) &- 0x0100 | UInt16(columns - 1)
        call.progress.request = .output
        return .guestInterrupt(0x10, registers)
    }

    /// Writes one character to the screen: at once while INT 10h and 29h are as the ROM made them, else by them.
    func writeScreen(_ byte: UInt8, _ call: Call) -> CallResult? {
        var registers = guestRegisters()
        call.progress.request = .output
        guard call.memory.vector(0x29) == address(of: .int29) else {
            registers.al = byte
            return .guestInterrupt(0x29, registers)
        }
        return teletype(byte, registers, call)
    }

    /// What INT 29h does: the BIOS's teletype.
    func teletype(_ byte: UInt8, _ registers: CallRegisters, _ call: Call) -> CallResult? {
        if let teletype, isUnhooked(0x10, call.memory) {
            call.progress.request = .none
            teletype.teletype(byte, in: call.context)
            return nil
        }
        var registers = registers
        registers.ax = 0x0E00 | UInt16(byte)
        registers.bx = 0x0007
        return .guestInterrupt(0x10, registers)
    }
}
