import Core

/// The commands of version 4. Source: [SBDSP4] tables of the groups; [SBHPG] chapter 6.
extension CreativeDSP {
    func argumentsOfVersion4(_ command: Command) -> UInt8 {
        switch command.byte {
        case 0x02, 0x04, 0x0B, 0x0C, 0x0F: return 1
        case 0x05, 0x0E: return 2
        case 0x10...0x1F: return command.bit3 ? 0 : command.bit2 ? 2 : 1
        case 0x20...0x2F, 0x70...0x7F: return !command.bit3 && command.bit2 ? 2 : 0
        case 0x38...0x3F, 0x40, 0x4D: return 1
        case 0x41, 0x42, 0x48, 0x4C, 0x4E, 0x80...0x8F: return 2
        case 0x4F: return isTimerRepeating ? 0 : 2
        case 0xB0...0xCF: return 3
        case 0xE0, 0xE2, 0xE4, 0xF9: return 1
        case 0xFA: return 2
        default: return 0
        }
    }

    func executeVersion4(_ command: Command, at now: Tick) {
        switch command.group {
        case 0: executeProcessor(command)
        case 1 where !command.bit3 && !command.bit2:
            (state.isNarrowStereo, state.isNarrowSigned) = (false, false)
            convertDirectly(at: now)
        case 2 where !command.bit3 && !command.bit2:
            (state.isNarrowStereo, state.isNarrowSigned) = (false, false)
            sampleDirectly()
        case 1: startCompatible(command, kind(of: command), isRecording: false, at: now)
        case 2: startCompatible(command, .pcm, isRecording: true, at: now)
        case 3: startMIDI(command, at: now)
        case 4: executeSetup(command, at: now)
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
    /// ends that mode: it follows behind the present block, as the program keeps the mode it has; one more starts over.
    /// What is paused stays so.
    private func startVersion4(_ command: Command, isWide: Bool, at now: Tick) {
        let current = isWide ? state.wide : state.narrow
        noteStart(isWide: isWide, isRecording: command.bit3)
        if !command.bit2 && current.isAutomatic {
            var queue = current
            (queue.isQueued, queue.queued, queue.isAutomatic) = (true, lengthArgument, false)
            if isWide { state.wide = queue } else { state.narrow = queue }
            return followRate(at: now)
        }
        let mode = UInt8(truncatingIfNeeded: state.arguments >> 16)
        var transfer = Transfer()
        transfer.kind = .pcm
        transfer.isRecording = command.bit3
        transfer.isAutomatic = command.bit2
        transfer.isStereo = mode & 0b0010_0000 != 0
        transfer.isSigned = mode & 0b0001_0000 != 0
        transfer.block = lengthArgument
        transfer.left = lengthArgument
        (transfer.isQueued, transfer.queued) = (current.isQueued, current.queued)
        state.ram[isWide ? Place.wideMode : Place.narrowMode] = mode
        if !isWide { (state.isNarrowStereo, state.isNarrowSigned) = (transfer.isStereo, transfer.isSigned) }
        start(transfer, isWide: isWide, at: now)
    }

    /// What the older commands take over from before: the form that Cxh has set; and a single block that waits, if they
    /// do not ask for one.
    func setUpVersion4(_ transfer: inout Transfer, isNewQueue: Bool) {
        state.ram[Place.interruptRoutine] = transfer.kind.routineOfVersion4 ?? state.ram[Place.interruptRoutine]
        if transfer.kind == .silence { return }
        if !isNewQueue { (transfer.isQueued, transfer.queued) = (state.narrow.isQueued, state.narrow.queued) }
        guard transfer.kind == .pcm else { return }
        (transfer.isStereo, transfer.isSigned) = (state.isNarrowStereo, state.isNarrowSigned)
        noteStart(isWide: false, isRecording: transfer.isRecording)
    }

    /// A transfer has ended behind a single block.
    func endVersion4(_ kind: Transfer.Kind, isWide: Bool, at now: Tick) {
        if kind == .pcm {
            noteEnd(isWide: isWide)
            if !isWide { setWarmMark(false) }
        }
        idleRate(besides: isWide, at: now)
    }

    /// When one half ends or pauses, the program sets the rate that it idles at, if a lower one was chosen. The other
    /// half, should it run, is driven by that too, until a transfer is started or continued.
    func idleRate(besides isWide: Bool, at now: Tick) {
        let isOtherRunning = isWide ? state.narrow.isRunning : state.wide.isRunning
        guard isOtherRunning, state.ram[Place.status] & Place.isRateLow != 0 else { return }
        state.runningRate = CreativeDSP.idleRate
        clock = CreativeDSP.clock(version, state.runningRate, isHighSpeed: false)
        restartClock(at: now)
    }

    private static let idleRate: UInt8 = 0xF8

    private func setRate(_ code: UInt8) {
        state.rate = code
        state.ram[Place.status] &= ~Place.isRateLow
        if code < CreativeDSP.idleRate { state.ram[Place.status] |= Place.isRateLow }
    }

    private func executeSetup(_ command: Command, at now: Tick) {
        switch command.byte {
        case 0x40: setRate(CreativeDSP.rateOfVersion4(timeConstant: lastArgument))
        case 0x41, 0x42: setRate(CreativeDSP.rateOfVersion4(hertz: UInt16(truncatingIfNeeded: state.arguments)))
        case 0x44, 0x45: hold(!command.bit0, isWide: false, at: now)
        case 0x46, 0x47: hold(!command.bit0, isWide: true, at: now)
        case 0x48: state.narrow.block = lengthArgument
        // Meant to write a register, it loses the number of it, and hits the mailbox.
        case 0x4C: sendAtOnce(lastArgument)
        case 0x4D: send(ram(Place.scratch + Int(lastArgument & 3)))
        case 0x4E: isTimerRepeating = false
        case 0x4F: isTimerRepeating = state.argumentCount != 0
        default: break
        }
    }

    /// The rate code of 41h and 42h: the rate * 23 / 4,096, rounded; 1Ch below 4,864 Hz, FFh from 45,312 Hz on. The
    /// program multiplies byte by byte and loses a carry, so that some rates, like 11,398 to 11,519 Hz, come out 2,845 Hz
    /// too low.
    static func rateOfVersion4(hertz: UInt16) -> UInt8 {
        if hertz >= 0xB100 { return 0xFF }
        if hertz < 0x1300 { return 0x1C }
        let high = (hertz >> 8) &* 23
        let low = ((hertz & 0xFF) &* 23) >> 8
        let product = high & 0xFF00 | (high &+ low) & 0xFF
        return UInt8(truncatingIfNeeded: (product &+ 8) >> 4)
    }

    /// The rate code of 40h. The chip has a table, which this formula gives but for four places that are one off and the
    /// entry of C8h, which is wrong in the chip: twice as fast as its neighbours. Source: [SBDSP4] rate table.
    static func rateOfVersion4(timeConstant: UInt8) -> UInt8 {
        switch timeConstant {
        case 31: return 24
        case 62: return 28
        case 179: return 73
        case 183: return 77
        case 0xC8: return 0xC8
        default:
            let hundredths = 2_300_000_000 / (256 - min(Int(timeConstant), 235)) / 4_096
            return UInt8(truncatingIfNeeded: min((hundredths + 6) / 100, 255))
        }
    }

    private func executeControlOfVersion4(_ command: Command, at now: Tick) {
        switch command.byte & 15 {
        case 0x0:
            pause(isWide: false, at: now)
            if state.narrow.kind == .pcm { waitForDMA(at: now) }
        case 0x1: state.isSpeakerOn = true
        case 0x3: state.isSpeakerOn = false
        case 0x4: resume(isWide: false, at: now)
        case 0x5:
            pause(isWide: true, at: now)
            waitForDMA(at: now)
        case 0x6: resume(isWide: true, at: now)
        case 0x8: send(state.isSpeakerOn ? 0xFF : 0)
        case 0x9: state.wide.isAutomatic = false
        case 0xA: state.narrow.isAutomatic = false
        default: break
        }
    }

    /// D0h and D5h count to a hundred before they go on.
    private func waitForDMA(at now: Tick) {
        state.deafUntil = now + version.machineCycle * 260
        state.busyUntil = state.deafUntil
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
        case 0x0:
            setRate(0x5A)
            followRate(at: now)
            (state.isNarrowStereo, state.isNarrowSigned) = (false, false)
            state.ram[Place.interruptRoutine] = 5
        case 0x2: request(isWide: false, at: now)
        case 0x3: request(isWide: true, at: now)
        case 0x4:
            // Constants of the program, whatever they mean.
            send(0x7D)
            send(0x1B)
        case 0x8: sendAtOnce(0)
        case 0x9: send(ram(Int(lastArgument)))
        case 0xA: setRAM(Int(UInt8(truncatingIfNeeded: state.arguments >> 8)), lastArgument)
        case 0xB: send(ram(Place.status))
        case 0xC: send(ram(Place.transfers))
        case 0xD: send(state.lastCommand)
        default: break
        }
    }
}

extension CreativeDSP.Transfer.Kind {
    /// The routine that sample interrupts run, as the program numbers them; nil if there are none.
    fileprivate var routineOfVersion4: UInt8? {
        switch self {
        case .none, .pcm: nil
        case .silence: 1
        case .adpcm2: 2
        case .adpcm3: 3
        case .adpcm4: 4
        }
    }
}
