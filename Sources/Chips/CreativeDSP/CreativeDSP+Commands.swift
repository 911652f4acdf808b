import Core

extension CreativeDSP {
    // MARK: Bytes from the program

    /// Whether the next byte goes to the MIDI port, which must have sent the last one.
    var isMIDIByteNext: Bool {
        state.midiMode.contains([.active, .uart])
            || state.argumentsExpected != 0 && Command(byte: state.command).isMIDIOutput
    }

    /// The chip takes a byte out of the mailbox.
    func take(_ byte: UInt8, at now: Tick) {
        if state.midiMode.contains(.active) { return takeInMIDIMode(byte, at: now) }
        if state.uploadLeft != 0 { return takeUpload(byte, at: now) }
        if state.argumentsExpected != 0 {
            state.arguments = state.arguments << 8 | UInt32(byte)
            state.argumentCount &+= 1
            state.busyUntil = now + version.machineCycle * CreativeDSP.argumentCycles
            guard state.argumentCount >= state.argumentsExpected else { return }
            state.argumentsExpected = 0
        } else {
            state.lastCommand = state.command
            state.command = byte
            state.busyUntil = now + version.machineCycle * CreativeDSP.commandCycles
            (state.arguments, state.argumentCount) = (0, 0)
            let command = Command(byte: byte)
            state.argumentsExpected = version.major >= 4 ? argumentsOfVersion4(command) : argumentsOfVersion1(command)
            guard state.argumentsExpected == 0 else { return }
        }
        let command = Command(byte: state.command)
        if version.major >= 4 {
            executeVersion4(command, at: now)
        } else {
            executeVersion1(command, at: now)
        }
    }

    /// The busy bit after a command and after an argument, counted along the usual path. Source: [SBDSP202].
    private static let commandCycles: Int64 = 20
    static let argumentCycles: Int64 = 4

    /// The last argument, and the two of a length or address with the low byte first.
    var lastArgument: UInt8 { UInt8(truncatingIfNeeded: state.arguments) }
    var lengthArgument: UInt16 { UInt16(truncatingIfNeeded: state.arguments).byteSwapped }

    // MARK: What all versions share

    /// 14h to 1Fh, 24h to 2Fh, 74h to 7Fh and 80h: starts a transfer of the 8-bit half, or queues a block behind the
    /// present one.
    func startCompatible(_ command: Command, _ kind: Transfer.Kind, isRecording: Bool, at now: Tick) {
        let isAutomatic = command.bit3 && kind != .silence
        if !isAutomatic && kind != .silence && isSingleBlockQueued(isRecording: isRecording) {
            state.narrow.isQueued = true
            state.narrow.queued = lengthArgument
            if version.major >= 4 { followRate(at: now) }
            return
        }
        var transfer = Transfer()
        transfer.kind = kind
        transfer.isRecording = isRecording
        // To record, version 4 does not leave the automatic mode.
        transfer.isAutomatic = isAutomatic || version.major >= 4 && isRecording && state.narrow.isAutomatic
        transfer.block = state.narrow.block
        transfer.left = isAutomatic ? transfer.block : lengthArgument
        transfer.awaitsFirstByte = [.adpcm2, .adpcm3, .adpcm4].contains(kind)
        transfer.firstByteIsReference = command.bit0
        if version.major >= 4 { setUpVersion4(&transfer, isNewQueue: !isAutomatic && !isRecording) }
        start(transfer, isWide: false, at: now)
    }

    /// Whether a single block waits for the end of the present one: of what runs. To play, version 4 looks for the
    /// automatic mode instead, which a pause does not end; another single block is broken off.
    private func isSingleBlockQueued(isRecording: Bool) -> Bool {
        version.major >= 4 && !isRecording ? state.narrow.isAutomatic : state.narrow.isRunning
    }

    /// 90h to 9Fh: transfers with the block length of 48h.
    func startHighSpeed(_ command: Command, locksChip: Bool, at now: Tick) {
        var transfer = Transfer()
        transfer.kind = .pcm
        transfer.isRecording = command.bit3
        transfer.isAutomatic = !command.bit0
        transfer.isHighSpeed = locksChip
        transfer.block = state.narrow.block
        transfer.left = transfer.block
        if version.major >= 4 {
            setUpVersion4(&transfer, isNewQueue: false)
            setWarmMark(true)
        }
        start(transfer, isWide: false, at: now)
    }

    /// The kind of groups 1 and 7.
    func kind(of command: Command) -> Transfer.Kind {
        if command.group == 7 { return command.bit1 ? .adpcm3 : .adpcm4 }
        return command.bit1 ? .adpcm2 : .pcm
    }

    /// 10h: the converter's value.
    func convertDirectly(at now: Tick) { convert(lastArgument, at: now) }

    /// 20h: the converter's input.
    func sampleDirectly() { send(UInt8(UInt16(bitPattern: state.inputLeft) >> 8) ^ 0x80) }

    // MARK: Identification

    /// E2h: a byte by DMA that depends on all bytes sent before. Source: [SBDSP202], [SBDSP4] command E2h.
    func identify(at now: Tick) {
        state.identificationSum &+= lastArgument ^ state.identificationKey
        state.identificationKey = state.identificationKey >> 2 | state.identificationKey << 6
        send(state.identificationSum)
        state.awaitsIdentification = true
        offerIdentification(at: now)
    }

    /// Offers the byte to the DMA controller, and again a little later until it or the program has taken it.
    func offerIdentification(at now: Tick) {
        if let byte = state.output.first, state.output.count == 1,
            bus?.writeDMA(UInt16(byte), isWide: false) == true
        {
            state.lastOutput = state.output.removeFirst()
            return endIdentification(at: now)
        }
        bus?.setDMARequest(true, isWide: false, at: now)
        state.deafUntil = now + Tick.microseconds(100)
    }

    func endIdentification(at now: Tick) {
        state.awaitsIdentification = false
        state.deafUntil = now
        bus?.setDMARequest(false, isWide: false, at: now)
    }

    func sendVersion() {
        send(version.major)
        send(version.minor)
    }
}

extension CreativeDSP.Command {
    /// 38h to 3Fh: a byte to the MIDI port.
    var isMIDIOutput: Bool { group == 3 && bit3 }
}
