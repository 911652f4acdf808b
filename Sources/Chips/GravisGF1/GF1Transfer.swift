import Core

/// The computer around a GF1: its DMA channels.
public protocol GravisGF1Bus: AnyObject {
    /// Transfers until the terminal count; 0 if the channel would not answer.
    func transfersLeft(_ path: GravisGF1.DMAPath) -> Int
    /// A transfer out of the computer's memory; nil if the channel does not answer.
    func readDMA(_ path: GravisGF1.DMAPath) -> (value: UInt16, isTerminalCount: Bool)?
    /// A transfer into it; gives whether it was the last one.
    func writeDMA(_ value: UInt16, _ path: GravisGF1.DMAPath) -> Bool?
    func setDMARequest(_ isAsserted: Bool, _ path: GravisGF1.DMAPath, at now: Tick)
}

extension GravisGF1 {
    /// Who has the DMA channel: the card's memory (register 41h) or the converter for recording (49h).
    public enum DMAPath: Sendable { case memory, recording }

    /// One of the two that move data by DMA, up to 16 transfers at a time.
    struct Transfer: StateValue {
        static let block = 16
        /// How long a channel that does not answer is left alone.
        static let patience = Tick.microseconds(100)

        /// Register 41h or 49h, as written.
        var control: UInt8 = 0
        /// Bit 6, as read: terminal count.
        var hasEnded = false
        /// When the next transfers are done; `.never` while the path is off.
        var due = Tick.never
        /// Where in the card's memory; not for recording.
        var address: UInt32 = 0

        var isOn: Bool { control & 0b0000_0001 != 0 }
        /// 41h: out of the card's memory. 49h: two sides.
        var hasBit1: Bool { control & 0b0000_0010 != 0 }
        var isWide: Bool { control & 0b0000_0100 != 0 }
        var isInterrupting: Bool { hasEnded && control & 0b0010_0000 != 0 }
        var hasWords: Bool { control & 0b0100_0000 != 0 }
        var invertsSign: Bool { control & 0b1000_0000 != 0 }
        /// 41h: the rate is divided by this.
        var divisor: Int64 { Int64(control >> 3 & 3) + 1 }

        /// Gives the register and lets go of bit 6.
        mutating func read() -> UInt8 {
            defer { hasEnded = false }
            return value
        }

        var value: UInt8 { control & 0b1011_1111 | (hasEnded ? 0b0100_0000 : 0) }

        /// The place of the next byte, which then moves on within its 256 KB.
        mutating func nextPlace() -> UInt32 {
            defer { address = address & 0xC_0000 | (address &+ 1) & 0x3_FFFF }
            return address
        }

        /// A byte on its way, with its sign inverted if it has one to invert.
        func signed(_ byte: UInt8, at place: UInt32) -> UInt8 {
            invertsSign && (!hasWords || place & 1 != 0) ? byte ^ 0x80 : byte
        }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("control", &control)
            coder.field("hasEnded", &hasEnded)
            coder.field("due", &due)
            coder.field("address", &address)
            if isOn != (due != .never) || due < .zero {
                coder.fail("transfer out of range")
                (control, due) = (0, .never)
            }
            address &= 0xF_FFFF
        }
    }

    // MARK: Registers 41h and 49h

    /// Bits 19-4 of the address are in register 42h. Of a wide channel's address the upper two bits stay, and those below
    /// count words.
    func writeMemoryTransfer(_ value: UInt8, at now: Tick) {
        state.memoryTransfer.control = value
        let address = UInt32(state.transferAddress) << 4
        state.memoryTransfer.address =
            state.memoryTransfer.isWide ? address & 0xC_0000 | (address & 0x1_FFFF) << 1 : address
        start(.memory, at: now)
    }

    func writeRecording(_ value: UInt8, at now: Tick) {
        state.recording.control = value
        start(.recording, at: now)
    }

    private func start(_ path: DMAPath, at now: Tick) {
        let isOn = path == .memory ? state.memoryTransfer.isOn : state.recording.isOn
        setDue(path, isOn ? now + timeOfBlock(path) : .never)
        bus?.setDMARequest(isOn, path, at: now)
    }

    private func setDue(_ path: DMAPath, _ due: Tick) {
        if path == .memory { state.memoryTransfer.due = due } else { state.recording.due = due }
    }

    /// How long the next transfers take.
    private func timeOfBlock(_ path: DMAPath) -> Tick {
        let count = Int64(min(bus?.transfersLeft(path) ?? 0, Transfer.block))
        guard count > 0 else { return Transfer.patience }
        if path == .memory { return GravisGF1.slotTime * (count * state.memoryTransfer.divisor) }
        // 9,878,400 / (16 (n + 2)) samples a second, of one byte a side.
        let bytes = count * (state.recording.isWide ? 2 : 1)
        return GravisGF1.slotTime * (bytes * (Int64(state.recordingRate) + 2) / (state.recording.hasBit1 ? 2 : 1))
    }

    /// What is due at `now`, which is then due again unless it has ended.
    func transferBlock(_ path: DMAPath, at now: Tick) {
        var hasEnded = false
        for _ in 0..<min(bus?.transfersLeft(path) ?? 0, Transfer.block) where !hasEnded {
            hasEnded = path == .memory ? transferMemory() : record()
        }
        guard hasEnded else { return setDue(path, now + timeOfBlock(path)) }
        if path == .memory {
            state.memoryTransfer.hasEnded = true
            state.memoryTransfer.control &= ~1
        } else {
            state.recording.hasEnded = true
            state.recording.control &= ~1
        }
        setDue(path, .never)
        bus?.setDMARequest(false, path, at: now)
    }

    /// One transfer between the two memories; gives whether it was the last.
    private func transferMemory() -> Bool {
        let bytes = state.memoryTransfer.isWide ? 2 : 1
        if state.memoryTransfer.hasBit1 {
            var value: UInt16 = 0
            for index in 0..<bytes {
                let place = state.memoryTransfer.nextPlace()
                value |= UInt16(state.memoryTransfer.signed(memory.read(place), at: place)) << UInt16(8 * index)
            }
            return bus?.writeDMA(value, .memory) ?? false
        }
        guard let (value, isLast) = bus?.readDMA(.memory) else { return false }
        for index in 0..<bytes {
            let place = state.memoryTransfer.nextPlace()
            let byte = UInt8(truncatingIfNeeded: value >> UInt16(8 * index))
            memory.write(place, state.memoryTransfer.signed(byte, at: place))
        }
        return isLast
    }

    /// Silence, since nothing is connected to the card's inputs.
    private func record() -> Bool {
        let byte: UInt16 = state.recording.invertsSign ? 0x80 : 0
        return bus?.writeDMA(state.recording.isWide ? byte << 8 | byte : byte, .recording) ?? false
    }
}
