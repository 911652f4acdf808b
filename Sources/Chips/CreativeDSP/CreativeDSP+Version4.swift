import Core

/// The commands of version 4. Source: [SBDSP4] tables of the groups; [SBHPG] chapter 6.
extension CreativeDSP {
    func argumentsOfVersion4(_ command: Command) -> UInt8 {
        switch command.byte {
        case 0x02, 0x04, 0x0F: return 1
        case 0x05, 0x0E: return 2
        case 0x10...0x1F: return command.bit3 ? 0 : command.bit2 ? 2 : 1
        case 0x20...0x2F, 0x70...0x7F: return !command.bit3 && command.bit2 ? 2 : 0
        case 0x38...0x3F, 0x40, 0x4D: return 1
        case 0x41, 0x42, 0x48, 0x4C, 0x4E, 0x4F, 0x80...0x8F: return 2
        case 0xB0...0xCF: return 3
        case 0xE0, 0xE2, 0xE4, 0xF9: return 1
        case 0xFA: return 2
        default: return 0
        }
    }

    func executeVersion4(_ command: Command, at now: Tick) {
        switch command.group {
        case 0: executeProcessor(command)
        case 1 where !command.bit3 && !command.bit2: convertDirectly(at: now)
        case 2 where !command.bit3 && !command.bit2: sampleDirectly()
        case 1: startCompatible(command, kind(of: command), isRecording: false, at: now)
        case 2: startCompatible(command, .pcm, isRecording: true, at: now)
        case 3: startMIDI(command, at: now)
        case 4: executeSetup(command)
        case 7:
            let automatic = Command(byte: command.byte | (command.bit2 ? 0 : 0b1000))
            startCompatible(automatic, kind(of: command), isRecording: false, at: now)
        case 8: startCompatible(command, .silence, isRecording: false, at: now)
        case 9: startHighSpeed(command, locksChip: false, at: now)
        case 0xB: startVersion4(command, isWide: true, at: now)
        case 0xC: startVersion4(command, isWide: false, at: now)
        case 0xD: executeControlOfVersion4(command, at: now)
        case 0xE: executeIdentificationOfVersion4(command, at: now)
        case 0xF: executeAuxiliaryOfVersion4(command, at: now)
        default: break
        }
    }

    /// Bxh and Cxh: mode (bit 5 stereo, bit 4 signed), length less one. A single block while the automatic mode is on
    /// ends that mode: it follows behind the present block, as the program keeps the mode it has.
    private func startVersion4(_ command: Command, isWide: Bool, at now: Tick) {
        let current = isWide ? state.wide : state.narrow
        if !command.bit2 && current.isAutomatic && current.isActive {
            if isWide {
                (state.wide.isQueued, state.wide.queued) = (true, lengthArgument)
            } else {
                (state.narrow.isQueued, state.narrow.queued) = (true, lengthArgument)
            }
            return resume(isWide: isWide, at: now)
        }
        var transfer = Transfer()
        transfer.kind = .pcm
        transfer.isRecording = command.bit3
        transfer.isAutomatic = command.bit2
        let mode = UInt8(truncatingIfNeeded: state.arguments >> 16)
        transfer.isStereo = mode & 0b0010_0000 != 0
        transfer.isSigned = mode & 0b0001_0000 != 0
        transfer.block = lengthArgument
        transfer.left = lengthArgument
        start(transfer, isWide: isWide, at: now)
    }

    private func executeSetup(_ command: Command) {
        switch command.byte {
        case 0x40: state.rate = CreativeDSP.rateOfVersion4(timeConstant: lastArgument)
        case 0x41, 0x42: state.rate = CreativeDSP.rateOfVersion4(hertz: UInt16(truncatingIfNeeded: state.arguments))
        case 0x45: resumeAutomatic(isWide: false)
        case 0x47: resumeAutomatic(isWide: true)
        case 0x48: state.narrow.block = lengthArgument
        case 0x4D: send(0xFF)
        default: break
        }
    }

    /// 45h, 47h: the automatic mode goes on although an exit was asked for. Source: [SBHPG] 45h, 47h.
    private func resumeAutomatic(isWide: Bool) {
        if isWide {
            state.wide.isAutomatic = state.wide.isActive
        } else {
            state.narrow.isAutomatic = state.narrow.isActive
        }
    }

    /// The rate code of 41h and 42h: the rate * 23 / 4,096, rounded; 1Ch below 4,864 Hz, FFh from 45,312 Hz on.
    static func rateOfVersion4(hertz: UInt16) -> UInt8 {
        if hertz >= 0xB100 { return 0xFF }
        if hertz < 0x1300 { return 0x1C }
        return UInt8(truncatingIfNeeded: (Int(hertz) * 23 + 2_048) >> 12)
    }

    /// The rate code of 40h. The chip has a table, which this formula gives but for five places, where it is one less.
    /// The entry of C8h is wrong in the chip, twice as fast as its neighbours. Source: [SBDSP4] rate table.
    static func rateOfVersion4(timeConstant: UInt8) -> UInt8 {
        if timeConstant == 0xC8 { return 0xC8 }
        let hundredths = 2_300_000_000 / (256 - min(Int(timeConstant), 235)) / 4_096
        return UInt8(truncatingIfNeeded: min((hundredths + 6) / 100, 255))
    }

    private func executeControlOfVersion4(_ command: Command, at now: Tick) {
        switch command.byte & 15 {
        case 0x0: pause(isWide: false, at: now)
        case 0x1: state.isSpeakerOn = true
        case 0x3: state.isSpeakerOn = false
        case 0x4: resume(isWide: false, at: now)
        case 0x5: pause(isWide: true, at: now)
        case 0x6: resume(isWide: true, at: now)
        case 0x8: send(state.isSpeakerOn ? 0xFF : 0)
        case 0x9: state.wide.isAutomatic = false
        case 0xA: state.narrow.isAutomatic = false
        default: break
        }
    }

    private func executeIdentificationOfVersion4(_ command: Command, at now: Tick) {
        switch command.byte & 15 {
        case 0x0: send(~lastArgument)
        case 0x1: sendVersion()
        case 0x2: identify(at: now)
        case 0x3:
            for character in "COPYRIGHT (C) CREATIVE TECHNOLOGY LTD, 1992.".utf8 { send(character) }
            send(0)
        case 0x4: state.testRegister = lastArgument
        case 0x8: send(state.testRegister)
        default: break
        }
    }

    private func executeAuxiliaryOfVersion4(_ command: Command, at now: Tick) {
        switch command.byte & 15 {
        case 0x2: request(isWide: false, at: now)
        case 0x3: request(isWide: true, at: now)
        case 0x4:
            // Constants of the program, whatever they mean.
            send(0x7D)
            send(0x1B)
        case 0x8, 0xB, 0xC: send(0)
        case 0x9: send(ram(Int(lastArgument)))
        case 0xA: state.ram[Int(UInt8(truncatingIfNeeded: state.arguments >> 8))] = lastArgument
        case 0xD: send(state.lastCommand)
        default: break
        }
    }

    /// F9h: the places that programs look at.
    private func ram(_ address: Int) -> UInt8 {
        switch address {
        case 0x0E: UInt8(truncatingIfNeeded: state.narrow.block)
        case 0x0F: UInt8(truncatingIfNeeded: state.narrow.block >> 8)
        case 0x37: state.rate
        default: state.ram[address & 0xFF]
        }
    }

    /// Group 0: the signal processor, which is not there.
    private func executeProcessor(_ command: Command) {
        switch command.byte {
        case 0x03, 0x08, 0x0A, 0x0F: send(0xFF)
        case 0x09: for _ in 0..<2 { send(0xFF) }
        default: break
        }
    }
}
