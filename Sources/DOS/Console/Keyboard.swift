import Core
import X86

/// What an input gave.
enum InputByte: Equatable {
    case byte(UInt8)
    /// Nothing yet.
    case none
    /// The file or the host's input has ended.
    case end
    /// The function must return this and run again.
    case pending(CallResult)

    static func == (a: InputByte, b: InputByte) -> Bool {
        switch (a, b) {
        case (.byte(let x), .byte(let y)): x == y
        case (.none, .none), (.end, .end): true
        default: false
        }
    }
}

/// The CON driver's side of the keyboard: the BIOS's buffer while INT 16h is as the ROM made it, else INT 16h itself.
/// Source: MS-DOS 4.0, the CON driver's treatment of keys; IBM AT technical reference, keyboard buffer.
extension DOSKernel {
    private static let bufferHead = FarPointer(0x0040, 0x001A)
    private static let bufferTail = FarPointer(0x0040, 0x001C)
    private static let bufferStart = FarPointer(0x0040, 0x0080)
    private static let bufferEnd = FarPointer(0x0040, 0x0082)
    /// Bit 4: an enhanced keyboard.
    private static let keyboardMode = FarPointer(0x0040, 0x0096)

    /// Whether a vector still leads into the ROM.
    func isUnhooked(_ vector: UInt8, _ memory: GuestMemory) -> Bool {
        ServiceROM.range.contains(memory.vector(vector).linear)
    }

    /// The oldest key in the BIOS's buffer; the empty words that Ctrl-Break leaves are removed.
    private func bufferedKey(_ memory: GuestMemory) -> UInt16? {
        for _ in 0..<64 {
            let head = memory.read16(DOSKernel.bufferHead)
            guard head != memory.read16(DOSKernel.bufferTail) else { return nil }
            let key = memory.read16(FarPointer(0x0040, head))
            if key != 0 { return key }
            removeKey(memory)
        }
        return nil
    }

    private func removeKey(_ memory: GuestMemory) {
        var next = memory.read16(DOSKernel.bufferHead) &+ 2
        let end = memory.read16(DOSKernel.bufferEnd)
        if next >= (end == 0 ? 0x3E : end) {
            let start = memory.read16(DOSKernel.bufferStart)
            next = start == 0 ? 0x1E : start
        }
        memory.write16(DOSKernel.bufferHead, next)
    }

    /// Whether a read of the keyboard would give something at once, as far as the BIOS's buffer tells.
    func hasKey(_ memory: GuestMemory) -> Bool {
        memory.read8(DOSLayout.pendingScanCode) != 0 || bufferedKey(memory) != nil
    }

    func flushKeyboard(_ memory: GuestMemory) {
        memory.write8(DOSLayout.pendingScanCode, 0)
        memory.write16(DOSKernel.bufferHead, memory.read16(DOSKernel.bufferTail))
    }

    /// The character of a key; 0 for one that has only a scan code.
    private func character(_ key: UInt16) -> UInt8 {
        let (low, high) = (UInt8(truncatingIfNeeded: key), UInt8(key >> 8))
        if key == 0x7200 { return 0x10 }  // Ctrl-PrtSc is Ctrl-P
        return (low == 0xE0 || low == 0xF0) && high != 0 ? 0 : low
    }

    /// Function 00h or 01h of INT 16h, or their counterparts for the enhanced keyboard.
    private func keyboardCall(_ function: UInt8, _ call: Call) -> CallResult {
        var registers = guestRegisters()
        registers.ah = call.memory.read8(DOSKernel.keyboardMode) & 0x10 != 0 ? function | 0x10 : function
        return .guestInterrupt(0x16, registers)
    }

    /// The key that waits, by the BIOS's buffer or by asking the guest.
    private func waitingKey(_ call: Call) -> (key: UInt16?, ask: CallResult?) {
        if call.progress.hasKey { return (call.progress.key, nil) }
        if isUnhooked(0x16, call.memory) { return (bufferedKey(call.memory), nil) }
        guard let polled = call.polledKey else {
            call.progress.request = .keyStatus
            return (nil, keyboardCall(0x01, call))
        }
        if polled == 0 {
            // What Ctrl-Break leaves: take it out and ask again.
            call.progress.request = .keyRead
            return (nil, keyboardCall(0x00, call))
        }
        return (polled, nil)
    }

    /// The byte that the keyboard would give next.
    func peekKey(_ call: Call) -> InputByte {
        let scan = call.memory.read8(DOSLayout.pendingScanCode)
        if scan != 0 { return .byte(scan) }
        let (key, ask) = waitingKey(call)
        if let ask { return .pending(ask) }
        guard let key else { return .none }
        return .byte(character(key))
    }

    /// Takes the next byte of the keyboard: a character, or a 0 and then the scan code.
    func takeKey(_ call: Call) -> InputByte {
        let memory = call.memory
        let scan = memory.read8(DOSLayout.pendingScanCode)
        if scan != 0 {
            memory.write8(DOSLayout.pendingScanCode, 0)
            return .byte(scan)
        }
        let (waiting, ask) = waitingKey(call)
        if let ask { return .pending(ask) }
        guard let key = waiting else { return .none }
        if call.progress.hasKey {
            call.progress.hasKey = false
        } else if isUnhooked(0x16, memory) {
            removeKey(memory)
        } else {
            call.polledKey = nil
            call.progress.request = .keyRead
            return .pending(keyboardCall(0x00, call))
        }
        let byte = character(key)
        if byte == 0 { memory.write8(DOSLayout.pendingScanCode, UInt8(key >> 8)) }
        return .byte(byte)
    }

    /// Keeps what the guest has answered to a question of the run before.
    func absorbAnswer(_ call: Call) {
        defer { call.progress.request = .none }
        guard let answer = call.answer else { return }
        switch call.progress.request {
        case .keyStatus: call.polledKey = .some(answer.zero ? nil : answer.ax)
        case .keyRead where answer.ax != 0:
            call.progress.key = answer.ax
            call.progress.hasKey = true
        case .printer, .serial: call.portAnswer = answer.ax
        default: break
        }
    }
}
