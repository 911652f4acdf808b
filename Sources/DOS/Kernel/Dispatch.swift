import Core
import X86

extension DOSKernel {
    /// Runs the function that `call` asks for, from its start or again after a wait.
    func perform(_ entry: Entry, _ call: Call) -> CallResult {
        switch call.progress.interruption {
        case .none: break
        case .announcing: return announceBreak(call)
        case .breakHandler: if let result = endBreak(call) { return result }
        case .criticalError: if let result = endCriticalError(call) { return result }
        }
        absorbAnswer(call)
        let result = dispatch(entry, call)
        if case .controlC = result { return announceBreak(call) }
        return result
    }

    private func dispatch(_ entry: Entry, _ call: Call) -> CallResult {
        switch entry {
        case .int21: return performInt21(call)
        case .callFive:
            // Only the functions of CP/M can be called this way.
            if call.registers.ah <= 0x24 { return performInt21(call) }
            call.registers.al = 0
            return .done
        case .int20: return abort(call)
        case .int22: return .exit(UInt8(truncatingIfNeeded: call.memory.read16(DOSLayout.returnCode)))
        case .int23: return terminate(call, code: 0, .controlC)
        case .int24:
            call.registers.al = CriticalErrorReply.fail.rawValue
            return .done
        case .int25, .int26: return absoluteDisk(call)
        case .int27:
            return stayResident(call, paragraphs: UInt16((UInt32(call.registers.dx) + 15) >> 4), code: 0)
        case .int29: return fastOutput(call)
        case .int2F: return multiplex(call)
        case .deviceStrategy: return deviceStrategy(call)
        case .deviceInterrupt: return deviceInterrupt(call)
        case .resume, .int28, .int2A, .int2E: return .done
        }
    }

    private func performInt21(_ call: Call) -> CallResult {
        let number = call.registers.ah
        if number > 0x0C {
            // DOS comes back to the normal state whenever such a call is made.
            call.memory.write8(DOSLayout.criticalErrorFlag, 0)
            if call.memory.read8(DOSLayout.extendedBreak) != 0, takesBreak(call) { return .controlC }
        }
        let before = call.progress
        usedDrive = nil
        do throws(DOSError) {
            return try function(number, call)
        } catch {
            noteError(error, call)
            if error.isCritical, let result = beginCriticalError(error, progress: before, call) { return result }
            return fail(error, number, call)
        }
    }

    /// Returns an error as the function does: FCB functions by AL, all others by the carry flag and AX.
    func fail(_ error: DOSError, _ number: UInt8, _ call: Call) -> CallResult {
        switch number {
        case 0x01...0x0C: break
        case 0x0D...0x24, 0x27, 0x28, 0x36: call.registers.al = 0xFF
        default:
            call.registers.ax = error.code(for: number)
            call.registers.carry = true
        }
        return .done
    }

    /// INT 21h by function number. A function clears the carry flag itself where DOS does. Each group answers nil for
    /// a number that is not its own.
    private func function(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult {
        if let result = try consoleFunction(number, call) { return result }
        if let result = try fileFunction(number, call) { return result }
        if let result = try memoryFunction(number, call) { return result }
        if let result = try processFunction(number, call) { return result }
        if let result = try systemFunction(number, call) { return result }
        note("INT 21h AH=\(hex(number))h is not known")
        call.registers.al = 0
        return .done
    }

    /// INT 29h: writes AL.
    private func fastOutput(_ call: Call) -> CallResult {
        guard call.progress.phase == 0 else { return .done }
        call.progress.phase = 1
        return teletype(call.registers.al, guestRegisters(), call) ?? .done
    }

    /// INT 25h and 26h: sectors of a drive. The drives have none, so DOS's answer for a drive that does not respond is
    /// given. The flags of the INT stay on the stack, and the carry flag comes back in the processor.
    private func absoluteDisk(_ call: Call) -> CallResult {
        call.registers.ax = 0x8002
        call.context.cpu.flags |= Flag.carry
        note("INT 25h or 26h: the drives have no sectors")
        return .done
    }
}
