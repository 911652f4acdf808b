import Core

extension Intel8259A {
    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let value = peekPort(port, at: now)
        if state.isPolling {
            state.isPolling = false
            _ = takeHighestRequest()
            output.set(false, at: now)
            updateOutput(at: now)
        }
        return value
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        if state.isPolling { return pendingLevel.map { 0b1000_0000 | $0 } ?? 0 }
        if port & 1 != 0 { return state.imr }
        return state.readsISR ? state.isr : irr
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if port & 1 == 0 {
            if value & 0b0001_0000 != 0 {
                beginInitialization(ICW1(rawValue: value))
            } else if value & 0b0000_1000 != 0 {
                operate(OCW3(rawValue: value))
            } else {
                operate(ocw2: value)
            }
        } else {
            writeUpper(value)
        }
        updateOutput(at: now)
    }

    // MARK: Initialization

    private func beginInitialization(_ word: ICW1) {
        state.icw1 = word
        state.edgeLatch = ~state.inputs
        state.imr = 0
        state.isr = 0
        state.lowestPriority = 7
        state.isSpecialMaskMode = false
        state.rotatesOnAutomaticEOI = false
        state.isPolling = false
        state.readsISR = false
        // The slave number becomes 7; a master without cascade never looks at it.
        state.icw3 = 7
        state.icw4 = []
        state.nextWord = .icw2
    }

    private func writeUpper(_ value: UInt8) {
        switch state.nextWord {
        case .nothing, .operation:
            state.imr = value
        case .icw2:
            state.icw2 = value
            state.nextWord = state.icw1.contains(.single) ? wordAfterICW3 : .icw3
        case .icw3:
            state.icw3 = value
            state.nextWord = wordAfterICW3
        case .icw4:
            state.icw4 = ICW4(rawValue: value)
            state.nextWord = .operation
        }
    }

    private var wordAfterICW3: State.NextWord { state.icw1.contains(.needsICW4) ? .icw4 : .operation }

    // MARK: Operation

    private func operate(_ word: OCW3) {
        if word.contains(.changesSpecialMask) { state.isSpecialMaskMode = word.contains(.specialMask) }
        if word.contains(.poll) { state.isPolling = true }
        if word.contains(.changesRead) { state.readsISR = word.contains(.readISR) }
    }

    /// OCW2: bits 7-5 rotate, specific, end of interrupt; bits 2-0 the level.
    private func operate(ocw2 word: UInt8) {
        let level = word & 7
        switch word >> 5 {
        case 0b000: state.rotatesOnAutomaticEOI = false
        case 0b001: _ = endHighest()
        case 0b011: state.isr &= ~(UInt8(1) << level)
        case 0b100: state.rotatesOnAutomaticEOI = true
        case 0b101: if let ended = endHighest() { state.lowestPriority = ended }
        case 0b110: state.lowestPriority = level
        case 0b111:
            state.isr &= ~(UInt8(1) << level)
            state.lowestPriority = level
        default: break
        }
    }
}
