import Core

/// Reading and writing character devices. A transfer that must wait keeps its count in `call.progress.index`.
extension DOSKernel {
    /// Reads at most `count` bytes. In cooked mode CON gives a line, edited and echoed.
    func readDevice(
        _ device: CharacterDevice, _ call: Call, into buffer: FarPointer, count: UInt16, isRaw: Bool
    ) throws(DOSError) -> DeviceTransfer {
        switch device {
        case .con: return isRaw ? readConsoleRaw(call, buffer, count) : readConsoleLine(call, buffer, count)
        case .nul, .prn, .lpt1, .lpt2, .lpt3: return .finished(0)
        case .clock:
            let bytes = clockBytes(call.memory).prefix(Int(count))
            call.memory.writeBytes(buffer, Array(bytes))
            return .finished(UInt16(bytes.count))
        case .aux, .com1, .com2, .com3, .com4:
            return try readSerial(device, call, buffer, count, isRaw: isRaw)
        }
    }

    /// Writes `count` bytes. In cooked mode tabs are expanded on CON and the text ends at Ctrl-Z.
    func writeDevice(
        _ device: CharacterDevice, _ call: Call, from buffer: FarPointer, count: UInt16, isRaw: Bool
    ) throws(DOSError) -> DeviceTransfer {
        switch device {
        case .nul: return .finished(count)
        case .clock:
            setClock(call.memory.readBytes(buffer, Int(count)), call.memory)
            return .finished(count)
        case .con: return writeConsole(call, buffer, count, isRaw: isRaw)
        default: return try writePort(device, call, buffer, count, isRaw: isRaw)
        }
    }

    /// Whether a read would give something at once.
    func deviceInputReady(_ device: CharacterDevice, _ call: Call) -> Bool {
        guard device == .con else { return device == .clock }
        let line = call.memory.read16(DOSLayout.consoleLineNext) < call.memory.read16(DOSLayout.consoleLineEnd)
        return line || hasKey(call.memory) || (streams.isAttached && streams.availableCount > 0)
    }

    func deviceOutputReady(_ device: CharacterDevice, _ call: Call) -> Bool { true }

    // MARK: CON

    private func readConsoleRaw(_ call: Call, _ buffer: FarPointer, _ count: UInt16) -> DeviceTransfer {
        while call.progress.index < UInt32(count) {
            switch takeConsole(call) {
            case .byte(let byte):
                call.memory.write8(buffer + Int(call.progress.index), byte)
                call.progress.index += 1
            case .none: return .pending(.idle)
            case .end: return .finished(UInt16(truncatingIfNeeded: call.progress.index))
            case .pending(let result): return .pending(result)
            }
        }
        return .finished(count)
    }

    /// A line of at most 128 characters and its CR LF, handed out in as many reads as the program wants. Ctrl-Z at the
    /// start of a line is the end of the file.
    private func readConsoleLine(_ call: Call, _ buffer: FarPointer, _ count: UInt16) -> DeviceTransfer {
        let memory = call.memory
        guard count > 0 else { return .finished(0) }
        let text = DOSLayout.consoleLine + 2
        if memory.read16(DOSLayout.consoleLineNext) >= memory.read16(DOSLayout.consoleLineEnd) {
            if call.progress.phase == 0 {
                memory.write8(DOSLayout.consoleLine, DOSLayout.consoleLineCapacity)
                switch readLine(DOSLayout.consoleLine, fromHandle: false, call) {
                case .pending(let result): return .pending(result)
                case .line: put(0x0A, call)
                case .end: return .finished(0)
                }
                call.progress.phase = 1
            }
            if let result = drain(call) { return .pending(result) }
            let length = UInt16(memory.read8(DOSLayout.consoleLine + 1))
            if memory.read8(text) == 0x1A { return .finished(0) }
            memory.write8(text + Int(length) + 1, 0x0A)
            memory.write16(DOSLayout.consoleLineNext, 0)
            memory.write16(DOSLayout.consoleLineEnd, length + 2)
        }
        let next = memory.read16(DOSLayout.consoleLineNext)
        let taken = min(count, memory.read16(DOSLayout.consoleLineEnd) &- next)
        memory.writeBytes(buffer, memory.readBytes(text + Int(next), Int(taken)))
        memory.write16(DOSLayout.consoleLineNext, next &+ taken)
        return .finished(taken)
    }

    private func writeConsole(_ call: Call, _ buffer: FarPointer, _ count: UInt16, isRaw: Bool) -> DeviceTransfer {
        if call.progress.phase == 0 {
            var bytes = call.memory.readBytes(buffer, Int(count))
            if isRaw {
                call.progress.output = bytes
            } else {
                if let end = bytes.firstIndex(of: 0x1A) { bytes.removeSubrange(end...) }
                for byte in bytes { put(byte, call) }
            }
            call.progress.phase = 1
        }
        if let result = drain(call, to: .device(.con), checks: !isRaw) { return .pending(result) }
        return .finished(count)
    }

    // MARK: Ports

    /// Waits for bytes from a serial port, by INT 14h. In cooked mode a CR ends the read.
    private func readSerial(
        _ device: CharacterDevice, _ call: Call, _ buffer: FarPointer, _ count: UInt16, isRaw: Bool
    ) throws(DOSError) -> DeviceTransfer {
        while call.progress.index < UInt32(count) {
            switch takeSerial(device, call) {
            case .byte(let byte):
                call.memory.write8(buffer + Int(call.progress.index), byte)
                call.progress.index += 1
                if !isRaw && (byte == 0x0D || byte == 0x1A) {
                    return .finished(UInt16(truncatingIfNeeded: call.progress.index))
                }
            case .pending(let result): return .pending(result)
            case .none, .end: return .pending(.wait)
            }
        }
        return .finished(count)
    }

    /// One byte from a serial port: asks for the line status first, so that a read that would time out is not begun.
    func takeSerial(_ device: CharacterDevice, _ call: Call) -> InputByte {
        var registers = guestRegisters()
        registers.dx = device.serialPort ?? 0
        guard let answer = call.portAnswer else {
            registers.ah = 0x03
            call.progress.request = .serial
            call.progress.key = 0
            return .pending(.guestInterrupt(0x14, registers))
        }
        call.portAnswer = nil
        if call.progress.key == 0 {
            guard answer & 0x0100 != 0 else { return .none }
            registers.ah = 0x02
            call.progress.request = .serial
            call.progress.key = 1
            return .pending(.guestInterrupt(0x14, registers))
        }
        call.progress.key = 0
        return answer & 0x8000 == 0 ? .byte(UInt8(truncatingIfNeeded: answer)) : .none
    }

    /// Sends bytes to a printer (INT 17h) or a serial port (INT 14h), one guest call each.
    private func writePort(
        _ device: CharacterDevice, _ call: Call, _ buffer: FarPointer, _ count: UInt16, isRaw: Bool
    ) throws(DOSError) -> DeviceTransfer {
        if let answer = call.portAnswer {
            call.portAnswer = nil
            call.fault = Fault(drive: nil, isWrite: true, device: device)
            try checkPort(answer, device)
            call.progress.index += 1
        }
        guard call.progress.index < UInt32(count) else { return .finished(count) }
        let byte = call.memory.read8(buffer + Int(call.progress.index))
        if !isRaw && byte == 0x1A { return .finished(count) }
        return .pending(sendToPort(byte, device, call))
    }

    /// The guest call that sends one byte to a port; its answer is `call.portAnswer` in the next run.
    func sendToPort(_ byte: UInt8, _ device: CharacterDevice, _ call: Call) -> CallResult {
        var registers = guestRegisters()
        registers.al = byte
        if let printer = device.printerPort {
            registers.ah = 0x00
            registers.dx = printer
            call.progress.request = .printer
            return .guestInterrupt(0x17, registers)
        }
        registers.ah = 0x01
        registers.dx = device.serialPort ?? 0
        call.progress.request = .serial
        return .guestInterrupt(0x14, registers)
    }

    /// Turns the status of INT 17h or 14h into a device error.
    private func checkPort(_ answer: UInt16, _ device: CharacterDevice) throws(DOSError) {
        let status = UInt8(answer >> 8)
        if device.printerPort == nil {
            guard status & 0x80 == 0 else { throw .notReady }
        } else {
            guard status & 0x20 == 0 else { throw .outOfPaper }
            guard status & 0x09 == 0 else { throw .notReady }
        }
    }

    /// Registers for a guest call that DOS makes itself.
    func guestRegisters() -> CallRegisters {
        var registers = CallRegisters()
        registers.ds = DOSLayout.dataSegment
        registers.es = DOSLayout.dataSegment
        return registers
    }
}
