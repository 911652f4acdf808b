import Core

/// The commands of versions 1 to 3. Source: [SBDSP202] dispatch and handlers; [SBHPG] for which version has what.
extension CreativeDSP {
    /// Whether the chip passes over a command: this version does not have it, or a transfer is active.
    private func passesOver(_ command: Command) -> Bool {
        let isTransferring = state.narrow.isRunning
        switch command.group {
        case 0: return false
        case 1, 2, 7: return command.bit3 && !version.hasAutomaticTransfers
        case 3:
            if command.bit3 { return false }
            return isTransferring || command.bit2 && !version.hasAutomaticTransfers
        case 4: return isTransferring || command.bit3 && !version.hasAutomaticTransfers
        case 8: return isTransferring
        case 9: return !version.hasHighSpeed
        case 0xA: return !version.hasStereo
        case 0xD: return command.bit3 && !version.hasAutomaticTransfers
        case 0xE: return isTransferring || command.byte != 0xE1 && !version.hasAutomaticTransfers
        case 0xF: return isTransferring
        default: return true
        }
    }

    func argumentsOfVersion1(_ command: Command) -> UInt8 {
        if passesOver(command) { return 0 }
        switch command.group {
        case 1: return command.bit3 ? 0 : command.bit2 ? 2 : 1
        case 2, 7: return !command.bit3 && command.bit2 ? 2 : 0
        case 3: return command.bit3 ? 1 : 0
        case 4: return command.bit3 ? 2 : 1
        case 8: return 2
        case 0xE:
            if command.bit3 { return 0 }
            return command.bit2 || command.bit1 || !command.bit0 ? 1 : 0
        default: return 0
        }
    }

    func executeVersion1(_ command: Command, at now: Tick) {
        if passesOver(command) { return }
        switch command.group {
        case 0:
            // 08h stays in a loop.
            if command.bit3 { state.isHalted = true } else if command.bit2 { send(statusRegister) }
        case 1:
            guard command.bit3 || command.bit2 else { return convertAndStop(at: now) }
            startCompatible(command, kind(of: command), isRecording: false, at: now)
        case 2:
            guard command.bit3 || command.bit2 else { return sampleAndStop() }
            startCompatible(command, .pcm, isRecording: true, at: now)
        case 3: startMIDI(command, at: now)
        case 4:
            if command.bit3 { state.narrow.block = lengthArgument } else { state.rate = lastArgument }
        case 7:
            // 70h to 73h run into the code of 78h.
            let automatic = Command(byte: command.byte | (command.bit2 ? 0 : 0b1000))
            startCompatible(automatic, kind(of: command), isRecording: false, at: now)
        case 8: startCompatible(command, .silence, isRecording: false, at: now)
        case 9: startHighSpeed(command, locksChip: true, at: now)
        case 0xA: state.isStereoInput = command.bit3
        case 0xD: executeControl(command, at: now)
        case 0xE: executeIdentification(command, at: now)
        case 0xF: executeAuxiliary(command, at: now)
        default: break
        }
    }

    /// 10h stops the timer of a transfer, which D4h starts again.
    private func convertAndStop(at now: Tick) {
        pause(isWide: false, at: now)
        convertDirectly(at: now)
    }

    private func sampleAndStop() {
        state.narrow.isRunning = false
        stopClockIfIdle()
        sampleDirectly()
    }

    private func executeControl(_ command: Command, at now: Tick) {
        if command.bit2 {
            resume(isWide: false, at: now)
        } else if command.bit3 {
            if command.bit1 {
                state.narrow.isExiting = state.narrow.isActive
            } else {
                send(state.isSpeakerOn ? 0xFF : 0)
            }
        } else if command.bit0 {
            switchSpeaker(!command.bit1, at: now)
        } else {
            pause(isWide: false, at: now)
        }
    }

    /// D1h and D3h. Versions 1 and 2 move the converter step by step, 102 machine cycles each.
    private func switchSpeaker(_ isOn: Bool, at now: Tick) {
        if version.major == 1 { pause(isWide: false, at: now) }
        if version.major < 3 {
            let steps: Int64 = isOn ? 129 : Int64(UInt16(bitPattern: state.left) >> 8 ^ 0x80)
            state.deafUntil = now + version.machineCycle * (102 * steps)
        }
        state.isSpeakerOn = isOn
        if isOn {
            state.left = CreativeDSP.level(0x80)
            state.right = state.left
        }
        setLevels(at: now)
    }

    private func executeIdentification(_ command: Command, at now: Tick) {
        if command.bit3 {
            send(state.testRegister)
        } else if command.bit2 {
            state.testRegister = lastArgument
        } else if command.bit1 {
            identify(at: now)
        } else if command.bit0 {
            sendVersion()
        } else {
            send(~lastArgument)
        }
    }

    private func executeAuxiliary(_ command: Command, at now: Tick) {
        if command.bit3 {
            // The test of the chip's RAM has found nothing.
            send(0)
        } else if command.bit2 {
            send(0)
            send(0)
        } else if command.bit1 {
            request(isWide: false, at: now)
        } else if command.bit0 {
            // Port 2 of the 8051: bit 0 mute, 1 to 4 open, 5 the comparator.
            send(0b0011_1110 | (state.isSpeakerOn ? 0 : 1))
        }
    }

    /// 04h. Bit 0 speaker, 1 stereo input, 2 recording, 3 silence, 4 to 6 the compressed forms, 7 playing.
    private var statusRegister: UInt8 {
        var status: UInt8 = state.isSpeakerOn ? 0b0000_0001 : 0
        if state.isStereoInput { status |= 0b0000_0010 }
        switch state.narrow.kind {
        case .none: break
        case .pcm: status |= state.narrow.isRecording ? 0b0000_0100 : 0b1000_0000
        case .silence: status |= 0b0000_1000
        case .adpcm2: status |= 0b0001_0000
        case .adpcm3: status |= 0b0010_0000
        case .adpcm4: status |= 0b0100_0000
        }
        return status
    }
}
