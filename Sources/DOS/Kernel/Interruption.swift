import Core
import X86

/// What an INT 24h handler returns in AL.
enum CriticalErrorReply: UInt8 {
    case ignore = 0, retry, abort, fail
}

/// Ctrl-C (INT 23h) and critical errors (INT 24h) in the middle of a call.
/// Source: Ralf Brown's interrupt list, INT 23h and INT 24h; MS-DOS 4.0's treatment of the handlers' replies.
extension DOSKernel {
    // MARK: Ctrl-C

    /// Prints `^C` and a line end, then performs INT 23h with the registers and the stack of the call.
    func announceBreak(_ call: Call) -> CallResult {
        if call.progress.interruption != .announcing {
            call.progress = CallProgress()
            call.progress.interruption = .announcing
            for byte in [UInt8(ascii: "^"), UInt8(ascii: "C"), 0x0D, 0x0A] { put(byte, call) }
        }
        if let result = drain(call, checks: false) { return result }
        call.progress = CallProgress()
        call.progress.interruption = .breakHandler
        return .callerInterrupt(0x23, call.registers)
    }

    /// The handler has come back. IRET, or RETF with the carry flag clear: the call begins again, with the registers as
    /// the handler left them. RETF with carry: the process ends.
    /// - Returns: nil to begin again.
    func endBreak(_ call: Call) -> CallResult? {
        guard let answer = call.answer else { return nil }
        call.progress = CallProgress()
        if call.returnedFar && answer.carry { return terminate(call, code: 0, .controlC) }
        let flags = call.registers.flags
        call.registers = answer
        call.registers.flags = flags
        call.answer = nil
        return nil
    }

    // MARK: Critical errors

    /// Bits of AH at INT 24h.
    private struct ErrorFlags: OptionSet {
        let rawValue: UInt8
        static let isWrite = ErrorFlags(rawValue: 0x01)
        static let dataArea = ErrorFlags(rawValue: 0x06)
        static let failAllowed = ErrorFlags(rawValue: 0x08)
        static let retryAllowed = ErrorFlags(rawValue: 0x10)
        static let ignoreAllowed = ErrorFlags(rawValue: 0x20)
        static let notDisk = ErrorFlags(rawValue: 0x80)
    }

    /// Performs INT 24h on the caller's stack. Nil if one is on its way already: the call then fails at once.
    /// - Parameter progress: where the function goes on after a retry.
    func beginCriticalError(_ error: DOSError, progress: CallProgress, _ call: Call) -> CallResult? {
        guard !state.suspended.contains(where: { $0.progress.interruption == .criticalError }) else { return nil }
        let memory = call.memory
        var flags: ErrorFlags = [.failAllowed, .retryAllowed]
        if call.fault.isWrite || error == .writeProtected { flags.insert(.isWrite) }
        var header = blockDeviceHeader
        let drive = call.fault.drive ?? usedDrive ?? memory.read8(DOSLayout.currentDrive)
        if let device = call.fault.device {
            flags.formUnion([.notDisk, .ignoreAllowed])
            header = deviceHeader(device)
        } else {
            flags.insert(.dataArea)
            memory.write8(DOSLayout.errorDrive, drive)
        }
        call.progress = progress
        call.progress.request = .none
        call.progress.interruption = .criticalError
        call.progress.criticalError = error.rawValue
        var registers = guestRegisters()
        registers.ah = flags.rawValue
        registers.al = drive
        registers.di = min(error.rawValue - 0x13, 0x0C)
        (registers.bp, registers.si) = (header.segment, header.offset)
        return .callerInterrupt(0x24, registers)
    }

    /// The handler has come back: ignore and fail end the call with an error, retry begins it again, abort ends the
    /// process. Ignore is not allowed for a drive and counts as fail, as in DOS.
    /// - Returns: nil to begin again.
    func endCriticalError(_ call: Call) -> CallResult? {
        guard let answer = call.answer else { return nil }
        let number = call.registers.ah
        call.progress.interruption = .none
        call.answer = nil
        call.memory.write8(DOSLayout.errorDrive, 0xFF)
        switch CriticalErrorReply(rawValue: answer.al) {
        case .retry: return nil
        case .ignore, .fail:
            noteError(.failOnCriticalError, call)
            return fail(.failOnCriticalError, number, call)
        case .abort, nil: return terminate(call, code: 0, .criticalError)
        }
    }
}
