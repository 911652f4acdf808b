import Core

/// What a look at the console's input found (the STATCHK of DOS).
enum ConsoleStatus {
    case empty, ready, end
    /// Ctrl-C was pressed and is taken out.
    case controlC
    case pending(CallResult)
}

/// A character that a function waited for.
enum ConsoleCharacter {
    case byte(UInt8)
    /// The function must return this; it runs again, or the process is at its end.
    case result(CallResult)
}

/// A line that a function waited for.
enum ConsoleLine {
    case line
    /// The input has ended and nothing was read.
    case end
    case pending(CallResult)
}

/// Standard input for the console functions, redirected or not.
extension DOSKernel {
    /// Reads at the end of the input in a row, counted as characters, after which the program is told by INT 23h, and
    /// after which it is ended. MS-DOS itself hangs there.
    private static let endReadsBeforeBreak: UInt16 = 1_000
    private static let endReadsBeforeStop: UInt16 = 2_000
    /// What a line read at the end of the input counts.
    private static let endReadsPerLine: UInt16 = 50
    /// Lines that are answered as empty at the end; later ones hold Ctrl-Z.
    private static let emptyLinesAtEnd: UInt16 = 1
    static let historyLimit = 64

    private func inputTarget(_ call: Call) -> HandleTarget {
        standardHandle(0, process: currentProcess(call.memory), call.memory)
    }

    /// The next byte of the console itself: keys, or the host's input where that takes the keyboard's place.
    private func peekConsole(_ call: Call) -> InputByte {
        let key = peekKey(call)
        guard key == .none, streams.isAttached else { return key }
        return peekHost()
    }

    func takeConsole(_ call: Call) -> InputByte {
        let key = takeKey(call)
        guard key == .none, streams.isAttached else { return key }
        return takeHost()
    }

    private func peekHost() -> InputByte {
        if streams.needsHost { return .pending(.hostInput) }
        return streams.peek().map { .byte($0) } ?? .end
    }

    private func takeHost() -> InputByte {
        if streams.needsHost { return .pending(.hostInput) }
        return streams.readByte().map { .byte($0) } ?? .end
    }

    private func peekInput(_ call: Call) -> InputByte {
        switch inputTarget(call) {
        case .device(.con): return peekConsole(call)
        case .hostInput: return peekHost()
        case .device(let device): return device.serialPort == nil ? .end : .byte(0)
        case .file(let index):
            let position = sft(index) + SFTField.position
            let old = call.memory.read32(position)
            defer { call.memory.write32(position, old) }
            return fileByte(index, call)
        case .hostOutput, .hostError, .closed: return .end
        }
    }

    private func takeInput(_ call: Call) -> InputByte {
        switch inputTarget(call) {
        case .device(.con): return takeConsole(call)
        case .hostInput: return takeHost()
        case .device(let device): return device.serialPort == nil ? .end : takeSerial(device, call)
        case .file(let index): return fileByte(index, call)
        case .hostOutput, .hostError, .closed: return .end
        }
    }

    private func fileByte(_ index: Int, _ call: Call) -> InputByte {
        guard let byte = try? readEntry(index, 1, call.memory).first else { return .end }
        return .byte(byte)
    }

    // MARK: Status

    /// Ctrl-C at the keyboard, found without asking the guest, even when the input is redirected. Taken out if found.
    func takesBreak(_ call: Call) -> Bool {
        guard call.memory.read8(DOSLayout.pendingScanCode) == 3 || isUnhooked(0x16, call.memory),
            hasKey(call.memory), peekKey(call) == .byte(0x03)
        else { return false }
        _ = takeKey(call)
        return true
    }

    /// Looks at the input, and serves Ctrl-C, Ctrl-S and Ctrl-P if it is the keyboard.
    func consoleStatus(_ call: Call) -> ConsoleStatus {
        if takesBreak(call) { return .controlC }
        let next = peekInput(call)
        let isKeyboard = inputTarget(call) == .device(.con)
        switch next {
        case .none: return call.progress.isPaused ? .pending(.idle) : .empty
        case .end: return .end
        case .pending(let result): return .pending(result)
        case .byte(let byte):
            // The scan code behind a 0 is no control character.
            guard isKeyboard, call.memory.read8(DOSLayout.lastWasZero) == 0 || call.progress.isPaused else {
                return .ready
            }
            return control(byte, call)
        }
    }

    private func control(_ byte: UInt8, _ call: Call) -> ConsoleStatus {
        let isControl = byte == 0x03 || byte == 0x10 || byte == 0x13
        guard isControl || call.progress.isPaused else { return .ready }
        if case .pending(let result) = takeConsole(call) { return .pending(result) }
        if byte == 0x03 { return .controlC }
        if byte == 0x10 {
            call.memory.write8(DOSLayout.printerEcho, ~call.memory.read8(DOSLayout.printerEcho))
        }
        call.progress.isPaused = byte == 0x13 && !call.progress.isPaused
        return consoleStatus(call)
    }

    // MARK: Characters

    /// Waits for a character of standard input. At the end of the input it is Ctrl-Z.
    /// - Parameter checks: whether Ctrl-C, Ctrl-S and Ctrl-P act.
    func readCharacter(_ call: Call, checks: Bool) -> ConsoleCharacter {
        if checks {
            switch consoleStatus(call) {
            case .controlC: return .result(.controlC)
            case .pending(let result): return .result(result)
            case .empty: return .result(.idle)
            case .ready, .end: break
            }
        }
        switch takeInput(call) {
        case .none: return .result(.idle)
        case .pending(let result): return .result(result)
        case .byte(let byte):
            state.endReads = 0
            call.memory.write8(
                DOSLayout.lastWasZero, byte == 0 && call.memory.read8(DOSLayout.lastWasZero) == 0 ? 1 : 0)
            return .byte(byte)
        case .end:
            if let result = countEnd(1, call) { return .result(result) }
            return .byte(0x1A)
        }
    }

    /// Counts a read at the end of the input. A program that goes on reading is interrupted, then ended.
    private func countEnd(_ count: UInt16, _ call: Call) -> CallResult? {
        let before = state.endReads
        state.endReads = min(before + count, DOSKernel.endReadsBeforeStop)
        if state.endReads >= DOSKernel.endReadsBeforeStop {
            note("the input has ended and the program reads on; it was stopped")
            state.endReads = 0
            return terminate(call, code: 0, .controlC)
        }
        let limit = DOSKernel.endReadsBeforeBreak
        return before < limit && state.endReads >= limit ? .controlC : nil
    }

    /// A character of standard input if there is one, without a wait and without looking for Ctrl-C.
    func rawInput(_ call: Call) -> InputByte {
        let next = peekInput(call)
        guard case .byte = next else { return next }
        return takeInput(call)
    }

    // MARK: Lines

    /// Reads a line into a buffer as AH=0Ah has it (size, count, text, CR), with editing and echo. The echo, CR
    /// included, may still be in the output when the line is there.
    ///
    /// At the end of the input a line that was begun is given as it is; then comes one empty line, then lines that hold
    /// Ctrl-Z, until the program is interrupted as by Ctrl-C.
    /// - Parameter fromHandle: whether it is read from standard input; otherwise from CON itself.
    func readLine(_ buffer: FarPointer, fromHandle: Bool, _ call: Call) -> ConsoleLine {
        if let result = drain(call) { return .pending(result) }
        var editor = call.progress.editor ?? makeEditor(buffer, call)
        defer { call.progress.editor = editor }
        let isKeyboard = !fromHandle || inputTarget(call) == .device(.con)
        while true {
            call.progress.editor = editor
            let input: ConsoleCharacter =
                fromHandle ? readLineCharacter(call) : readConsoleCharacter(call)
            let byte: UInt8
            switch input {
            case .result(let result): return .pending(result)
            case .byte(let next): byte = next
            }
            if byte == 0x1A && state.endReads > 0 { return endLine(editor.line, buffer, fromHandle, call) }
            guard let output = editor.accept(byte, history: state.history.map(\.text)) else {
                put(0x0D, call)
                store(editor.line, in: buffer, call.memory)
                if isKeyboard { remember(editor.line) }
                return .line
            }
            for byte in output { put(byte, call) }
            call.progress.editor = editor
            if let result = drain(call) { return .pending(result) }
        }
    }

    private func readLineCharacter(_ call: Call) -> ConsoleCharacter {
        let before = state.endReads
        let character = readCharacter(call, checks: true)
        // A line counts for more than the character with which it ends.
        if case .byte(0x1A) = character, state.endReads > before,
            let result = countEnd(DOSKernel.endReadsPerLine - 1, call)
        {
            return .result(result)
        }
        return character
    }

    private func readConsoleCharacter(_ call: Call) -> ConsoleCharacter {
        if takesBreak(call) { return .result(.controlC) }
        switch takeConsole(call) {
        case .byte(let byte):
            state.endReads = 0
            let wasZero = call.memory.read8(DOSLayout.lastWasZero) != 0
            call.memory.write8(DOSLayout.lastWasZero, byte == 0 && !wasZero ? 1 : 0)
            return byte == 0x03 && !wasZero ? .result(.controlC) : .byte(byte)
        case .none: return .result(.idle)
        case .pending(let result): return .result(result)
        case .end:
            if let result = countEnd(DOSKernel.endReadsPerLine, call) { return .result(result) }
            return .byte(0x1A)
        }
    }

    private func endLine(_ line: [UInt8], _ buffer: FarPointer, _ fromHandle: Bool, _ call: Call) -> ConsoleLine {
        guard fromHandle || !line.isEmpty else { return .end }
        let isLate = state.endReads > DOSKernel.emptyLinesAtEnd * DOSKernel.endReadsPerLine
        put(0x0D, call)
        store(line.isEmpty && isLate ? [0x1A] : line, in: buffer, call.memory)
        return .line
    }

    /// The old contents of the buffer are the template, if they are a line that fits.
    private func makeEditor(_ buffer: FarPointer, _ call: Call) -> LineEditor {
        let memory = call.memory
        let (size, count) = (Int(memory.read8(buffer)), Int(memory.read8(buffer + 1)))
        let isLine = count < size && memory.read8(buffer + 2 + count) == 0x0D
        return LineEditor(
            template: isLine ? memory.readBytes(buffer + 2, count) : [], capacity: size - 1,
            startColumn: memory.read8(DOSLayout.consoleColumn))
    }

    private func store(_ line: [UInt8], in buffer: FarPointer, _ memory: GuestMemory) {
        let room = Int(memory.read8(buffer))
        let text = Array(line.prefix(max(room - 1, 0)))
        memory.write8(buffer + 1, UInt8(text.count))
        memory.writeBytes(buffer + 2, text + [0x0D])
    }

    private func remember(_ line: [UInt8]) {
        guard !line.isEmpty, state.history.last?.text != line else { return }
        state.history.append(HistoryLine(line))
        if state.history.count > DOSKernel.historyLimit { state.history.removeFirst() }
    }
}

/// A line that was typed earlier, for the Up key.
struct HistoryLine: StateValue {
    var text: [UInt8] = []

    init() {}
    init(_ text: [UInt8]) { self.text = text }

    mutating func transfer(_ coder: StateCoder) { coder.field("text", &text, limit: 256) }
}
