import Core

/// The computer around a GF1: its DMA channels. It calls `channelsDidChange` when one begins to answer.
public protocol GravisGF1Bus: AnyObject {
    /// Transfers until the terminal count; 0 if the channel would not answer.
    func transfersLeft(_ path: GravisGF1.DMAPath) -> Int
    /// Whether the channel moves 16 bits at a time.
    func isWide(_ path: GravisGF1.DMAPath) -> Bool
    /// Transfers out of the computer's memory, as many as `values` has room for, at most until the terminal count; gives
    /// whether that came.
    func readDMA(_ path: GravisGF1.DMAPath, into values: UnsafeMutableBufferPointer<UInt16>) -> Bool
    /// Transfers into it, of all `values` at most.
    func writeDMA(_ path: GravisGF1.DMAPath, from values: UnsafeBufferPointer<UInt16>) -> Bool
    /// `isRequesting` has changed for one of the paths.
    func requestsDidChange(at now: Tick)
}

extension GravisGF1 {
    /// Who has the DMA channel: the card's memory (register 41h) or the converter for recording (49h).
    public enum DMAPath: Sendable { case memory, recording }

    /// One of the two that move data by DMA, up to 16 transfers at a time.
    struct Transfer: StateValue {
        static let block = 16

        /// Register 41h or 49h, as written.
        var control: UInt8 = 0
        /// Bit 6, as read: terminal count.
        var hasEnded = false
        /// When the next transfers are done; `.never` while the path is off or its channel does not answer.
        var due = Tick.never
        /// Of the card's memory; not for recording.
        var address: UInt32 = 0

        var isOn: Bool { control & 0b0000_0001 != 0 }
        /// 41h: out of the card's memory. 49h: two sides.
        var hasBit1: Bool { control & 0b0000_0010 != 0 }
        /// The channel is one of 16 bits.
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

        /// The place of the next transfer, whose address then moves on within its 256 KB. Addresses of a wide channel count
        /// words there: bits 19-18 stay, the others are doubled.
        mutating func nextPlace(isWide: Bool) -> UInt32 {
            defer { address = address & 0xC_0000 | (address &+ 1) & 0x3_FFFF }
            return isWide ? address & 0xC_0000 | (address & 0x1_FFFF) << 1 : address
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
            if !isOn && due != .never || due < .zero {
                coder.fail("transfer out of range")
                (control, due) = (0, .never)
            }
            address &= 0xF_FFFF
        }
    }

    // MARK: Registers 41h and 49h

    /// Whether the path asks for its channel: from its start to the terminal count.
    public func isRequesting(_ path: DMAPath) -> Bool {
        path == .memory ? state.memoryTransfer.isOn : state.recording.isOn
    }

    /// Bits 19-4 of the address are in register 42h. A transfer that is on goes on where it is.
    func writeMemoryTransfer(_ value: UInt8, at now: Tick) {
        let wasOn = state.memoryTransfer.isOn
        state.memoryTransfer.control = value
        guard state.memoryTransfer.isOn != wasOn else { return }
        state.memoryTransfer.address = UInt32(state.transferAddress) << 4
        requestDidChange(.memory, at: now)
    }

    func writeRecording(_ value: UInt8, at now: Tick) {
        let wasOn = state.recording.isOn
        state.recording.control = value
        if state.recording.isOn != wasOn { requestDidChange(.recording, at: now) }
    }

    private func requestDidChange(_ path: DMAPath, at now: Tick) {
        schedule(path, after: now)
        bus?.requestsDidChange(at: now)
    }

    /// Channels are others than before, or answer that did not.
    public func channelsDidChange(at now: Tick) {
        advance(to: now)
        if state.memoryTransfer.due == .never { schedule(.memory, after: now) }
        if state.recording.due == .never { schedule(.recording, after: now) }
        settle(at: now)
    }

    // MARK: Transfers

    private func setDue(_ path: DMAPath, _ due: Tick) {
        if path == .memory { state.memoryTransfer.due = due } else { state.recording.due = due }
    }

    /// Transfers that take place together; 0: the path is off or its channel does not answer.
    private func blockLength(_ path: DMAPath) -> Int {
        isRequesting(path) ? min(bus?.transfersLeft(path) ?? 0, Transfer.block) : 0
    }

    /// Whether a path waits for a channel that does answer, which no path does for long.
    func misses(_ path: DMAPath) -> Bool {
        (path == .memory ? state.memoryTransfer.due : state.recording.due) == .never && blockLength(path) > 0
    }

    private func schedule(_ path: DMAPath, after now: Tick) {
        let count = blockLength(path)
        setDue(path, count > 0 ? now + timeOfBlock(path, Int64(count)) : .never)
    }

    private func timeOfBlock(_ path: DMAPath, _ count: Int64) -> Tick {
        if path == .memory { return GravisGF1.slotTime * (count * state.memoryTransfer.divisor) }
        // 9,878,400 / (16 (n + 2)) samples a second, of one byte a side.
        let bytes = isWide(path) ? 2 * count : count
        let time = GravisGF1.slotTime * (bytes * (Int64(state.recordingRate) + 2))
        return state.recording.hasBit1 ? Tick(time.count / 2) : time
    }

    /// A channel of 8 bits moves 8 whatever the register says.
    private func isWide(_ path: DMAPath) -> Bool {
        (path == .memory ? state.memoryTransfer.isWide : state.recording.isWide) && bus?.isWide(path) ?? false
    }

    /// What is due at `now`, which is then due again unless it has ended or the channel does not answer any more.
    func transferBlock(_ path: DMAPath, at now: Tick) {
        let values = UnsafeMutableBufferPointer(rebasing: block[..<blockLength(path)])
        guard let bus, !values.isEmpty, move(values, path, over: bus, isWide: isWide(path)) else {
            return schedule(path, after: now)
        }
        if path == .memory {
            state.memoryTransfer.hasEnded = true
            state.memoryTransfer.control &= ~1
        } else {
            state.recording.hasEnded = true
            state.recording.control &= ~1
        }
        requestDidChange(path, at: now)
    }

    /// Moves a block; gives whether the terminal count came with it.
    private func move(
        _ values: UnsafeMutableBufferPointer<UInt16>, _ path: DMAPath, over bus: any GravisGF1Bus, isWide: Bool
    ) -> Bool {
        if path == .recording {
            // Silence, since nothing is connected to the card's inputs: signed bytes, or unsigned ones with bit 7.
            let byte: UInt16 = state.recording.invertsSign ? 0x80 : 0
            values.update(repeating: isWide ? byte << 8 | byte : byte)
            return bus.writeDMA(path, from: UnsafeBufferPointer(values))
        }
        if state.memoryTransfer.hasBit1 {
            for index in values.indices { values[index] = download(isWide: isWide) }
            return bus.writeDMA(path, from: UnsafeBufferPointer(values))
        }
        let isLast = bus.readDMA(path, into: values)
        for value in values { upload(value, isWide: isWide) }
        return isLast
    }

    /// Into the card's memory.
    private func upload(_ value: UInt16, isWide: Bool) {
        let place = state.memoryTransfer.nextPlace(isWide: isWide)
        memory.write(place, state.memoryTransfer.signed(UInt8(truncatingIfNeeded: value), at: place))
        if isWide { memory.write(place + 1, state.memoryTransfer.signed(UInt8(value >> 8), at: place + 1)) }
    }

    /// Out of it.
    private func download(isWide: Bool) -> UInt16 {
        let place = state.memoryTransfer.nextPlace(isWide: isWide)
        let low = UInt16(state.memoryTransfer.signed(memory.read(place), at: place))
        return isWide ? low | UInt16(state.memoryTransfer.signed(memory.read(place + 1), at: place + 1)) << 8 : low
    }
}
