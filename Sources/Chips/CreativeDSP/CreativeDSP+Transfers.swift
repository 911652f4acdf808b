import Core

extension CreativeDSP {
    // MARK: The sample clock

    /// Starts the clock, or goes on with it if another transfer runs at the same rate.
    func startClock(at now: Tick) {
        if state.nextSample != .never && state.runningRate == state.rate { return }
        state.runningRate = state.rate
        clock = CreativeDSP.clock(version, state.rate, isHighSpeed: state.narrow.isHighSpeed)
        restartClock(at: now)
    }

    func restartClock(at now: Tick) {
        state.clockStart = now
        state.cycles = 0
        state.nextSample = now + clock.time(ofCycle: 1)
    }

    /// Stops the clock if nothing runs by it.
    func stopClockIfIdle() {
        if !state.narrow.isRunning && !state.wide.isRunning { state.nextSample = .never }
    }

    /// The sample clock's edge.
    func sample(at now: Tick) {
        state.cycles &+= 1
        if state.narrow.isRunning { state.narrow = stepped(state.narrow, isWide: false, at: now) }
        if state.wide.isRunning { state.wide = stepped(state.wide, isWide: true, at: now) }
        if state.narrow.isRunning || state.wide.isRunning {
            state.nextSample = state.clockStart + clock.time(ofCycle: state.cycles + 1)
        } else {
            state.nextSample = .never
        }
    }

    /// Goes on with another rate, if one has been set and the clock runs.
    func followRate(at now: Tick) {
        if state.narrow.isRunning || state.wide.isRunning { startClock(at: now) }
    }

    private func stepped(_ transfer: Transfer, isWide: Bool, at now: Tick) -> Transfer {
        if transfer.kind != .silence && isHeld(isWide: isWide) { return transfer }
        var transfer = transfer
        switch transfer.kind {
        case .none: transfer.stop()
        case .silence: count(&transfer, isWide: isWide, at: now)
        case .pcm where transfer.isRecording: record(&transfer, isWide, now)
        case .pcm: play(&transfer, isWide, now)
        case .adpcm2: unpack(&transfer, .twoBits, 4, now)
        case .adpcm3: unpack(&transfer, .threeBits, 3, now)
        case .adpcm4: unpack(&transfer, .fourBits, 2, now)
        }
        return transfer
    }

    // MARK: Blocks

    /// One sample of the block is done.
    private func count(_ transfer: inout Transfer, isWide: Bool, at now: Tick) {
        if transfer.left != 0 {
            transfer.left &-= 1
        } else {
            endBlock(&transfer, isWide: isWide, at: now)
        }
    }

    private func endBlock(_ transfer: inout Transfer, isWide: Bool, at now: Tick) {
        if !continueBlock(&transfer) {
            if version.major >= 4 { endVersion4(transfer.kind, isWide: isWide, at: now) }
            transfer.stop()
        }
        request(isWide: isWide, at: now)
    }

    /// Sets up what follows on the block: a single block that has been asked for, or the same again.
    /// - Returns: false if nothing follows.
    private func continueBlock(_ transfer: inout Transfer) -> Bool {
        if transfer.isExiting { return false }
        if transfer.isQueued {
            transfer.left = transfer.queued
            (transfer.isQueued, transfer.isAutomatic) = (false, false)
            return true
        }
        transfer.left = version.major >= 4 && transfer.kind == .pcm ? transfer.reload : transfer.block
        return transfer.isAutomatic
    }

    // MARK: Samples

    private func fetch(_ transfer: inout Transfer, _ isWide: Bool, _ now: Tick) -> UInt16? {
        let value = bus?.readDMA(isWide: isWide)
        note(answered: value != nil, &transfer, isWide, now)
        return value
    }

    private func note(answered: Bool, _ transfer: inout Transfer, _ isWide: Bool, _ now: Tick) {
        guard transfer.isStarved == answered else { return }
        transfer.isStarved = !answered
        bus?.setDMARequest(!answered, isWide: isWide, at: now)
    }

    private func play(_ transfer: inout Transfer, _ isWide: Bool, _ now: Tick) {
        guard transfer.isStereo else {
            guard let value = fetch(&transfer, isWide, now) else { return }
            if isWide || transfer.isSigned {
                let level = CreativeDSP.level(value, isWide: isWide, isSigned: transfer.isSigned)
                (state.left, state.right) = (level, level)
                setLevels(at: now)
            } else {
                convert(UInt8(truncatingIfNeeded: value), at: now)
            }
            return count(&transfer, isWide: isWide, at: now)
        }
        if !transfer.isSecondOfPair {
            guard let value = fetch(&transfer, isWide, now) else { return }
            transfer.firstOfPair = CreativeDSP.level(value, isWide: isWide, isSigned: transfer.isSigned)
            transfer.isSecondOfPair = true
            count(&transfer, isWide: isWide, at: now)
            // The block had an odd number of samples.
            guard transfer.isRunning else { return }
        }
        guard let value = fetch(&transfer, isWide, now) else { return }
        transfer.isSecondOfPair = false
        state.left = transfer.firstOfPair
        state.right = CreativeDSP.level(value, isWide: isWide, isSigned: transfer.isSigned)
        setLevels(at: now)
        count(&transfer, isWide: isWide, at: now)
    }

    private func record(_ transfer: inout Transfer, _ isWide: Bool, _ now: Tick) {
        for _ in 0..<(transfer.isStereo ? 2 : 1) {
            let isRight = transfer.isStereo ? transfer.isSecondOfPair : state.isStereoInput && state.isRightInputNext
            let level = isRight ? state.inputRight : state.inputLeft
            let code = UInt16(bitPattern: level) ^ (transfer.isSigned ? 0 : 0x8000)
            let isDone = bus?.writeDMA(isWide ? code : code >> 8, isWide: isWide) ?? false
            note(answered: isDone, &transfer, isWide, now)
            guard isDone else { return }
            if transfer.isStereo { transfer.isSecondOfPair.toggle() }
            if state.isStereoInput { state.isRightInputNext.toggle() }
            count(&transfer, isWide: isWide, at: now)
            guard transfer.isRunning else { return }
        }
    }

    /// One sample of a compressed form. Source: [SBDSP202] interrupt routines of the three forms: the interrupt comes
    /// one sample after the last, and a byte fetched at the end of a block loses its last sample.
    private func unpack(
        _ transfer: inout Transfer, _ form: CreativeADPCM.Form, _ samplesPerByte: UInt8, _ now: Tick
    ) {
        if transfer.awaitsFirstByte { return takeFirstByte(&transfer, now) }
        state.adpcm.remaining &-= 1
        if state.adpcm.remaining != 0 {
            state.adpcm.decode(form)
            return convert(state.adpcm.level, at: now)
        }
        let isEnd = transfer.left == 0
        let goesOn = !transfer.isExiting && (transfer.isQueued || transfer.isAutomatic)
        if isEnd && !goesOn { return endBlock(&transfer, isWide: false, at: now) }
        guard let value = fetch(&transfer, false, now) else {
            state.adpcm.remaining = 1
            return
        }
        state.adpcm.data = UInt8(truncatingIfNeeded: value)
        state.adpcm.remaining = samplesPerByte
        if isEnd { return endBlock(&transfer, isWide: false, at: now) }
        transfer.left &-= 1
        state.adpcm.decode(form)
        convert(state.adpcm.level, at: now)
    }

    /// The byte that a compressed transfer starts with.
    func takeFirstByte(_ transfer: inout Transfer, _ now: Tick) {
        guard let value = fetch(&transfer, false, now) else { return }
        transfer.awaitsFirstByte = false
        let byte = UInt8(truncatingIfNeeded: value)
        if transfer.firstByteIsReference {
            state.adpcm.start(reference: byte)
            convert(byte, at: now)
        } else {
            // As in the program, which counts four samples for the four-bit form too.
            state.adpcm.data = byte
            state.adpcm.remaining = transfer.kind == .adpcm3 ? 3 : 4
        }
    }

    // MARK: Converters

    static func level(_ byte: UInt8) -> Int16 { Int16(bitPattern: UInt16(byte ^ 0x80) << 8) }

    static func level(_ value: UInt16, isWide: Bool, isSigned: Bool) -> Int16 {
        Int16(bitPattern: (isWide ? value : value << 8) ^ (isSigned ? 0 : 0x8000))
    }

    /// An unsigned byte to the converter; with the stereo switch on, to one of the two in turn.
    func convert(_ byte: UInt8, at now: Tick) {
        let level = CreativeDSP.level(byte)
        if !state.isStereoOutput {
            (state.left, state.right) = (level, level)
        } else if state.isRightNext {
            state.right = level
        } else {
            state.left = level
        }
        state.isRightNext.toggle()
        setLevels(at: now)
    }

    /// Puts what is heard into the trace. The speaker switch has no effect in version 4.
    func setLevels(at now: Tick) {
        let isHeard = state.isSpeakerOn || version.major >= 4
        levels.set(left: isHeard ? state.left : 0, right: isHeard ? state.right : 0, at: now)
    }

    /// The stereo switch of the Sound Blaster Pro, outside of the chip. When it goes on, the next byte is the right
    /// one: programs send a silent byte first, and the left sample follows it. Source: [SBHPG] 8-bit stereo transfers.
    public func setStereoOutput(_ isOn: Bool, at now: Tick) {
        guard isOn != state.isStereoOutput else { return }
        advance(to: now)
        state.isStereoOutput = isOn
        state.isRightNext = true
    }

    /// The signal to be recorded, from `now` on; -32,768 to 32,767 a side.
    public func setInput(left: Int16, right: Int16, at now: Tick) {
        advance(to: now)
        (state.inputLeft, state.inputRight) = (left, right)
    }

    // MARK: Start and end

    /// Starts a transfer from the beginning.
    func start(_ transfer: Transfer, isWide: Bool, at now: Tick) {
        end(isWide: isWide, at: now)
        var transfer = transfer
        transfer.isRunning = true
        transfer.reload = transfer.left
        if transfer.awaitsFirstByte && !isHeld(isWide: isWide) { takeFirstByte(&transfer, now) }
        if isWide { state.wide = transfer } else { state.narrow = transfer }
        startClock(at: now)
    }

    /// Ends a transfer without an interrupt. The block length stays.
    func end(isWide: Bool, at now: Tick) {
        if isWide ? state.wide.isStarved : state.narrow.isStarved {
            bus?.setDMARequest(false, isWide: isWide, at: now)
        }
        if isWide { state.wide.stop() } else { state.narrow.stop() }
        stopClockIfIdle()
    }

    /// D0h, D5h: pause.
    func pause(isWide: Bool, at now: Tick) {
        takeRequestBack(isWide: isWide, at: now)
        if isWide { state.wide.isRunning = false } else { state.narrow.isRunning = false }
        stopClockIfIdle()
        if version.major >= 4 { idleRate(besides: isWide, at: now) }
    }

    /// D4h, D6h: goes on where it was paused.
    func resume(isWide: Bool, at now: Tick) {
        if isWide { state.wide.resume() } else { state.narrow.resume() }
        followRate(at: now)
    }

    /// 44h to 47h of version 4: holds a half's DMA, whatever it does, or releases it.
    func hold(_ isHeld: Bool, isWide: Bool, at now: Tick) {
        if isWide { state.isWideHeld = isHeld } else { state.isNarrowHeld = isHeld }
        if isHeld { takeRequestBack(isWide: isWide, at: now) }
    }

    private func isHeld(isWide: Bool) -> Bool { isWide ? state.isWideHeld : state.isNarrowHeld }

    /// A transfer that nobody answers does not ask any more.
    private func takeRequestBack(isWide: Bool, at now: Tick) {
        var transfer = isWide ? state.wide : state.narrow
        note(answered: true, &transfer, isWide, now)
        if isWide { state.wide = transfer } else { state.narrow = transfer }
    }
}
