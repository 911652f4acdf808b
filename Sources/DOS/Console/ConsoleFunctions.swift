import Core

/// INT 21h AH=01h to 0Ch. Source: Ralf Brown's interrupt list; MS-DOS 4.0's behaviour with redirection.
extension DOSKernel {
    /// The console functions of INT 21h; nil for a number that is not among them.
    func consoleFunction(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult? {
        switch number {
        case 0x01: return readWithEcho(call)
        case 0x02: return writeCharacter(call)
        case 0x03: return try readAuxiliary(call)
        case 0x04: return try writePort(3, call)
        case 0x05: return try writePort(4, call)
        case 0x06: return rawConsole(call)
        case 0x07: return readSilently(call, checks: false)
        case 0x08: return readSilently(call, checks: true)
        case 0x09: return writeString(call)
        case 0x0A: return readBuffered(call)
        case 0x0B: return inputStatus(call)
        case 0x0C: return try flushAndRead(call)
        default: return nil
        }
    }

    /// AH=01h: waits for a character and echoes it.
    private func readWithEcho(_ call: Call) -> CallResult {
        if call.progress.phase == 0 {
            switch readCharacter(call, checks: true) {
            case .result(let result): return result
            case .byte(let byte):
                call.registers.al = byte
                put(byte, call)
                call.progress.phase = 1
            }
        }
        return drain(call) ?? .done
    }

    /// AH=02h: writes DL. AL is what was written last, a blank for a tab.
    private func writeCharacter(_ call: Call) -> CallResult {
        if call.progress.phase == 0 {
            put(call.registers.dl, call)
            call.progress.phase = 1
        }
        if let result = drain(call) { return result }
        call.registers.al = call.registers.dl == 0x09 ? 0x20 : call.registers.dl
        return .done
    }

    /// AH=03h: waits for a byte from AUX.
    private func readAuxiliary(_ call: Call) throws(DOSError) -> CallResult {
        if takesBreak(call) { return .controlC }
        switch standardHandle(3, process: currentProcess(call.memory), call.memory) {
        case .device(let device) where device.serialPort != nil:
            switch takeSerial(device, call) {
            case .byte(let byte): call.registers.al = byte
            case .pending(let result): return result
            case .none, .end: return .idle
            }
        case .file(let index): call.registers.al = try readEntry(index, 1, call.memory).first ?? 0x1A
        default: call.registers.al = 0x1A
        }
        return .done
    }

    /// AH=04h and 05h: writes DL to AUX or PRN, by their handles.
    private func writePort(_ handle: UInt16, _ call: Call) throws(DOSError) -> CallResult {
        if takesBreak(call) { return .controlC }
        switch standardHandle(handle, process: currentProcess(call.memory), call.memory) {
        case .device(.con):
            if call.progress.phase == 0 { call.progress.output = [call.registers.dl] }
            call.progress.phase = 1
            return drain(call, to: .device(.con), checks: true) ?? .done
        case .device(let device) where device.serialPort != nil || device.printerPort != nil:
            if call.portAnswer == nil { return sendToPort(call.registers.dl, device, call) }
        case .file(let index): _ = try writeEntry(index, [call.registers.dl], call.memory)
        case .hostOutput: streams.write([call.registers.dl])
        case .hostError: streams.write([call.registers.dl], toError: true)
        default: break
        }
        return .done
    }

    /// AH=06h: DL = FFh asks for a character without waiting, anything else is written as it is.
    private func rawConsole(_ call: Call) -> CallResult {
        if call.registers.dl != 0xFF {
            if call.progress.phase == 0 { call.progress.output = [call.registers.dl] }
            call.progress.phase = 1
            if let result = drain(call, checks: false) { return result }
            call.registers.al = call.registers.dl
            return .done
        }
        switch rawInput(call) {
        case .byte(let byte):
            call.registers.al = byte
            call.registers.zero = false
        case .pending(let result): return result
        case .none, .end:
            call.registers.al = 0
            call.registers.zero = true
            call.context.idlePoll()
        }
        return .done
    }

    /// AH=07h and 08h: waits for a character, without echo.
    private func readSilently(_ call: Call, checks: Bool) -> CallResult {
        switch readCharacter(call, checks: checks) {
        case .result(let result): return result
        case .byte(let byte): call.registers.al = byte
        }
        return .done
    }

    /// AH=09h: writes the string at DS:DX up to `$`.
    private func writeString(_ call: Call) -> CallResult {
        if call.progress.phase == 0 {
            let text = call.memory.readString(call.registers.dsdx, terminator: UInt8(ascii: "$"), limit: 0x1_0000)
            for byte in text { put(byte, call) }
            call.progress.phase = 1
        }
        if let result = drain(call) { return result }
        call.registers.al = UInt8(ascii: "$")
        return .done
    }

    /// AH=0Ah: reads a line into the buffer at DS:DX: size, count, text, CR.
    private func readBuffered(_ call: Call) -> CallResult {
        let buffer = call.registers.dsdx
        guard call.memory.read8(buffer) > 0 else { return .done }
        if call.progress.phase == 0 {
            switch readLine(buffer, fromHandle: true, call) {
            case .pending(let result): return result
            case .line, .end: call.progress.phase = 1
            }
        }
        return drain(call) ?? .done
    }

    /// AH=0Bh: AL is FFh if a character is there.
    private func inputStatus(_ call: Call) -> CallResult {
        switch consoleStatus(call) {
        case .controlC: return .controlC
        case .pending(let result): return result
        case .ready: call.registers.al = 0xFF
        case .empty, .end:
            call.registers.al = 0
            call.context.idlePoll()
        }
        return .done
    }

    /// AH=0Ch: empties the keyboard buffer, then performs the input function in AL.
    private func flushAndRead(_ call: Call) throws(DOSError) -> CallResult {
        if !call.progress.isFlushed {
            call.progress.isFlushed = true
            if standardHandle(0, process: currentProcess(call.memory), call.memory) == .device(.con) {
                flushKeyboard(call.memory)
            }
        }
        // AL is overwritten when the function is done, so its number is kept.
        if call.progress.words.isEmpty { call.progress.words = [UInt16(call.registers.al)] }
        switch call.progress.words[0] {
        case 0x01, 0x06, 0x07, 0x08, 0x0A:
            return try consoleFunction(UInt8(truncatingIfNeeded: call.progress.words[0]), call) ?? .done
        default:
            call.registers.al = 0
            return .done
        }
    }
}
