import Core

/// The device drivers that programs can find and call: headers and entry code in the DOS data segment.
///
/// Header: +0 next, +4 attributes, +6 strategy, +8 interrupt, +10 name. Source: Ralf Brown's interrupt list, INT 21h
/// AH=52h, table 01646.
extension DOSKernel {
    private static let headerSize = 18
    private static let interruptCodeSize = 12

    func deviceHeader(_ device: CharacterDevice) -> FarPointer {
        guard let place = CharacterDevice.chain.firstIndex(of: device) else { return DOSLayout.nullDevice }
        return FarPointer(DOSLayout.dataSegment, DOSLayout.deviceHeaders) + place * DOSKernel.headerSize
    }

    /// The header of the drives, which stands behind the character devices.
    var blockDeviceHeader: FarPointer {
        FarPointer(DOSLayout.dataSegment, DOSLayout.deviceHeaders) + CharacterDevice.chain.count * DOSKernel.headerSize
    }

    private func interruptCode(_ number: UInt8) -> FarPointer {
        FarPointer(DOSLayout.dataSegment, DOSLayout.deviceCode) + 8 + Int(number) * DOSKernel.interruptCodeSize
    }

    /// The number by which the entry code of the drives is known.
    private static let blockDevice = UInt8(CharacterDevice.allCases.count)

    func initialiseDevices(_ memory: GuestMemory) {
        let strategy = FarPointer(DOSLayout.dataSegment, DOSLayout.deviceCode)
        memory.writeBytes(strategy, [0xEA])
        memory.writePointer(strategy + 1, address(of: .deviceStrategy))
        for number in 0...DOSKernel.blockDevice {
            // PUSH AX; MOV AL, number; CALL FAR entry; POP AX; RETF
            let code = interruptCode(number)
            memory.writeBytes(code, [0x50, 0xB0, number, 0x9A])
            memory.writePointer(code + 4, address(of: .deviceInterrupt))
            memory.writeBytes(code + 8, [0x58, 0xCB])
        }
        let chain = [CharacterDevice.nul] + CharacterDevice.chain
        for (place, device) in chain.enumerated() {
            let next = place + 1 < chain.count ? deviceHeader(chain[place + 1]) : blockDeviceHeader
            writeHeader(
                deviceHeader(device), next: next, attributes: device.attributes, number: device.rawValue,
                name: device.paddedName, memory)
        }
        let units: [UInt8] = [26, 0, 0, 0, 0, 0, 0, 0]
        writeHeader(
            blockDeviceHeader, next: FarPointer(0xFFFF, 0xFFFF), attributes: 0x0840, number: DOSKernel.blockDevice,
            name: units, memory)
    }

    private func writeHeader(
        _ header: FarPointer, next: FarPointer, attributes: UInt16, number: UInt8, name: [UInt8], _ memory: GuestMemory
    ) {
        memory.writePointer(header, next)
        memory.write16(header + 4, attributes)
        memory.write16(header + 6, DOSLayout.deviceCode)
        memory.write16(header + 8, interruptCode(number).offset)
        memory.writeBytes(header + 10, name)
    }

    // MARK: The entries

    /// A driver's strategy entry: ES:BX is the request, kept for the interrupt entry.
    func deviceStrategy(_ call: Call) -> CallResult {
        call.memory.writePointer(DOSLayout.strategyPacket, call.registers.esbx)
        return .done
    }

    /// Commands of a request packet.
    private enum Command: UInt8 {
        case initialise = 0, mediaCheck, buildBPB, controlRead, read, peek, inputStatus, inputFlush
        case write, writeVerify, outputStatus, outputFlush, controlWrite, open, close
    }

    private static let statusDone: UInt16 = 0x0100
    private static let statusBusy: UInt16 = 0x0200
    private static let statusError: UInt16 = 0x8000
    private static let unknownCommand: UInt16 = 0x0003

    /// A driver's interrupt entry: performs the request; AL is the device's number.
    /// Source: Ralf Brown's interrupt list, INT 2Fh AX=0802h, table 02597.
    func deviceInterrupt(_ call: Call) -> CallResult {
        let memory = call.memory
        // The packet's address may change while the call waits, so it is kept.
        if call.progress.words.count < 2 {
            let packet = memory.readPointer(DOSLayout.strategyPacket)
            call.progress.words = [packet.segment, packet.offset]
        }
        let packet = FarPointer(call.progress.words[0], call.progress.words[1])
        guard let device = CharacterDevice(rawValue: call.registers.al),
            let command = Command(rawValue: memory.read8(packet + 2))
        else {
            memory.write16(packet + 3, DOSKernel.statusError | DOSKernel.statusDone | DOSKernel.unknownCommand)
            return .done
        }
        do throws(DOSError) {
            let status = try request(command, of: device, packet, call)
            switch status {
            case .finished(let word): memory.write16(packet + 3, DOSKernel.statusDone | word)
            case .pending(let result): return result
            }
        } catch {
            let code = error.rawValue >= 0x13 && error.rawValue <= 0x1F ? error.rawValue - 0x13 : 0x0C
            memory.write16(packet + 3, DOSKernel.statusError | DOSKernel.statusDone | code)
        }
        return .done
    }

    /// Performs a request. `finished` carries the bits of the status word.
    private func request(_ command: Command, of device: CharacterDevice, _ packet: FarPointer, _ call: Call)
        throws(DOSError) -> DeviceTransfer
    {
        let memory = call.memory
        let buffer = memory.readPointer(packet + 14)
        let count = memory.read16(packet + 18)
        switch command {
        case .read, .write, .writeVerify:
            let transfer =
                command == .read
                ? try readDevice(device, call, into: buffer, count: count, isRaw: true)
                : try writeDevice(device, call, from: buffer, count: count, isRaw: true)
            guard case .finished(let done) = transfer else { return transfer }
            memory.write16(packet + 18, done)
            return .finished(0)
        case .peek:
            guard device == .con else { return .finished(deviceInputReady(device, call) ? 0 : DOSKernel.statusBusy) }
            switch peekKey(call) {
            case .byte(let byte):
                memory.write8(packet + 13, byte)
                return .finished(0)
            case .pending(let result): return .pending(result)
            case .none, .end: return .finished(DOSKernel.statusBusy)
            }
        case .inputStatus: return .finished(deviceInputReady(device, call) ? 0 : DOSKernel.statusBusy)
        case .outputStatus: return .finished(deviceOutputReady(device, call) ? 0 : DOSKernel.statusBusy)
        case .inputFlush:
            if device == .con { flushKeyboard(memory) }
            return .finished(0)
        case .outputFlush, .initialise, .open, .close: return .finished(0)
        case .mediaCheck, .buildBPB, .controlRead, .controlWrite:
            return .finished(DOSKernel.statusError | DOSKernel.unknownCommand)
        }
    }
}
