import Core

extension GravisGF1 {
    /// The ports, as offsets from 3X2h.
    private enum Port {
        static let voice: UInt16 = 0, register: UInt16 = 1, low: UInt16 = 2, high: UInt16 = 3, memory: UInt16 = 5
    }

    // MARK: Ports

    /// A read of port 3X2h and the next five.
    public func read(_ port: UInt16, at now: Tick) -> UInt8 {
        let value = peek(port, at: now)
        guard port == Port.low || port == Port.high else { return value }
        switch state.register {
        case 0x41: _ = state.memoryTransfer.read()
        case 0x49: _ = state.recording.read()
        case 0x8F: takeVoiceInterrupt()
        default: return value
        }
        settle(at: now)
        return value
    }

    public func peek(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port {
        case Port.voice: return state.voice
        case Port.register: return state.register
        case Port.low: return UInt8(truncatingIfNeeded: register(at: now))
        case Port.high: return UInt8(truncatingIfNeeded: register(at: now) >> 8)
        case Port.memory:
            guard state.isRunning else { return 0xFF }
            // Only a transfer changes what is there; programs read this port by the dozen to let time pass.
            if state.memoryTransfer.due <= now { advance(to: now) }
            return memory.read(state.memoryAddress)
        default: return 0xFF
        }
    }

    /// A read of 16 bits at port 3X4h.
    public func readData16(at now: Tick) -> UInt16 {
        let value = register(at: now)
        _ = read(Port.low, at: now)
        return value
    }

    public func write(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port {
        case Port.voice: state.voice = value & 31
        case Port.register: state.register = value
        // A register of eight bits is in the upper half.
        case Port.low: if GravisGF1.isWide(state.register) { writeRegister(UInt16(value), 0x00FF, at: now) }
        case Port.high: writeRegister(UInt16(value) << 8, 0xFF00, at: now)
        case Port.memory:
            guard state.isRunning else { return }
            advance(to: now)
            memory.write(state.memoryAddress, value)
        default: break
        }
    }

    /// A write of 16 bits at port 3X4h.
    public func writeData16(_ value: UInt16, at now: Tick) { writeRegister(value, 0xFFFF, at: now) }

    /// Registers of 16 bits: frequency, addresses, volume, and those of memory.
    private static func isWide(_ register: UInt8) -> Bool {
        switch register {
        case 0x01...0x05, 0x09...0x0B, 0x42, 0x43: true
        default: false
        }
    }

    // MARK: Reading

    /// The register that is chosen. One of eight bits is in both halves.
    private func register(at now: Tick) -> UInt16 {
        advance(to: now)
        let voice = state.voices[Int(state.voice)]
        switch state.register {
        case 0x81: return voice.wave.frequency
        case 0x82: return UInt16(voice.wave.start >> 16)
        case 0x83: return UInt16(truncatingIfNeeded: voice.wave.start)
        case 0x84: return UInt16(voice.wave.end >> 16)
        case 0x85: return UInt16(truncatingIfNeeded: voice.wave.end)
        case 0x89: return voice.ramp.volume << 4
        case 0x8A: return UInt16(voice.wave.position >> 16)
        case 0x8B: return UInt16(truncatingIfNeeded: voice.wave.position)
        default: return UInt16(byteRegister(voice)) * 0x0101
        }
    }

    private func byteRegister(_ voice: Voice) -> UInt8 {
        switch state.register {
        case 0x41: state.memoryTransfer.value
        case 0x45: state.timerControl
        case 0x49: state.recording.value
        case 0x4C: state.control.rawValue
        case 0x80: voice.wave.control.rawValue | (voice.wave.isPending ? 0x80 : 0)
        case 0x86: voice.ramp.rate
        case 0x87: voice.ramp.start
        case 0x88: voice.ramp.end
        case 0x8C: voice.pan
        case 0x8D: voice.ramp.control.rawValue | (voice.ramp.isPending ? 0x80 : 0)
        case 0x8E: 0xE0 | UInt8(state.voiceCount - 1)
        case 0x8F: voiceInterrupt
        default: 0xFF
        }
    }

    /// Register 8Fh: a voice that has something pending, in turn, with the bit of each cause clear.
    private var voiceInterrupt: UInt8 {
        for offset in 0..<32 {
            let index = (Int(state.nextInterruptingVoice) + offset) & 31
            let voice = state.voices[index]
            guard voice.wave.isPending || voice.ramp.isPending else { continue }
            return UInt8(index) | 0x20 | (voice.wave.isPending ? 0 : 0x80) | (voice.ramp.isPending ? 0 : 0x40)
        }
        return 0xE0 | state.nextInterruptingVoice
    }

    private func takeVoiceInterrupt() {
        let value = voiceInterrupt
        guard value & 0xC0 != 0xC0 else { return }
        let index = Int(value & 31)
        state.voices[index].wave.isPending = false
        state.voices[index].ramp.isPending = false
        state.nextInterruptingVoice = UInt8(index + 1) & 31
    }

    // MARK: Writing

    /// Writes the bits under `mask` of the register that is chosen.
    private func writeRegister(_ value: UInt16, _ mask: UInt16, at now: Tick) {
        advance(to: now)
        let byte = UInt8(value >> 8)
        if state.register == 0x4C {
            writeReset(byte, at: now)
        } else if state.isRunning {
            switch state.register {
            case 0x00...0x0D: state.voices[Int(state.voice)].write(state.register, value, mask)
            case 0x0E: setVoiceCount(byte)
            default: writeGlobal(value, mask, at: now)
            }
        }
        settle(at: now)
    }

    /// The frame that is being made keeps its length.
    private func setVoiceCount(_ byte: UInt8) { state.voiceCount = max(Int(byte & 0x1F) + 1, 14) }

    private func writeGlobal(_ value: UInt16, _ mask: UInt16, at now: Tick) {
        let byte = UInt8(value >> 8)
        switch state.register {
        case 0x41: writeMemoryTransfer(byte, at: now)
        case 0x42:
            state.transferAddress = state.transferAddress & ~mask | value & mask
            state.memoryTransfer.address = UInt32(state.transferAddress) << 4
        case 0x43: state.memoryAddress = state.memoryAddress & ~UInt32(mask) | UInt32(value & mask)
        case 0x44: state.memoryAddress = state.memoryAddress & 0xFFFF | UInt32(byte & 15) << 16
        case 0x45:
            state.timerControl = byte
            state.timers.first.setInterrupt(byte & 0b0000_0100 != 0)
            state.timers.second.setInterrupt(byte & 0b0000_1000 != 0)
        case 0x46: state.timers.first.count = byte
        case 0x47: state.timers.second.count = byte
        case 0x48: state.recordingRate = byte
        case 0x49: writeRecording(byte, at: now)
        case 0x4B: state.joystickTrim = byte
        default: break
        }
    }

    /// Register 4Ch. Out of the reset, the other two bits come with a second write only.
    private func writeReset(_ value: UInt8, at now: Tick) {
        let wanted = GlobalControl(rawValue: value & 0b0000_0111)
        guard wanted.contains(.run) else {
            state.reset()
            bus?.requestsDidChange(at: now)
            return showLevel(at: now)
        }
        if state.isRunning { return state.control = wanted }
        state.control = .run
        state.due = GravisGF1.slots.cycles(at: max(now, .zero)) &+ Int64(state.voiceCount)
    }

    // MARK: The AdLib's timers

    /// Port 2X8h: bits 6 and 5 timers 1 and 2, bit 7 either; bits 2 and 1 their pending interrupts.
    public func readTimerStatus(at now: Tick) -> UInt8 {
        advance(to: now)
        let (first, second) = state.timers
        let flags: UInt8 = (first.hasExpired ? 0b1100_0000 : 0) | (second.hasExpired ? 0b1010_0000 : 0)
        return flags | (first.isPending ? 0b0000_0100 : 0) | (second.isPending ? 0b0000_0010 : 0)
    }

    /// Port 2X9h, while 2X8h has chosen register 4.
    public func writeTimerControl(_ value: UInt8, at now: Tick) {
        advance(to: now)
        defer { settle(at: now) }
        guard state.isRunning else { return }
        if value & 0b1000_0000 != 0 {
            (state.timers.first.hasExpired, state.timers.second.hasExpired) = (false, false)
            return
        }
        state.timers.first.control(
            isStarted: value & 1 != 0, isMasked: value & 0b0100_0000 != 0, unit: GravisGF1.timerUnits.first, at: now)
        state.timers.second.control(
            isStarted: value & 2 != 0, isMasked: value & 0b0010_0000 != 0, unit: GravisGF1.timerUnits.second, at: now)
    }
}
