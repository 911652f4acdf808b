import Core

extension Intel8259A {
    /// First initialization command word.
    struct ICW1: OptionSet {
        let rawValue: UInt8
        static let needsICW4 = ICW1(rawValue: 0b0000_0001)
        static let single = ICW1(rawValue: 0b0000_0010)
        static let interval4 = ICW1(rawValue: 0b0000_0100)
        static let levelTriggered = ICW1(rawValue: 0b0000_1000)
    }

    /// Fourth initialization command word.
    struct ICW4: OptionSet {
        let rawValue: UInt8
        static let mode8086 = ICW4(rawValue: 0b0000_0001)
        static let automaticEOI = ICW4(rawValue: 0b0000_0010)
        static let bufferedMaster = ICW4(rawValue: 0b0000_0100)
        static let buffered = ICW4(rawValue: 0b0000_1000)
        static let specialFullyNested = ICW4(rawValue: 0b0001_0000)
    }

    /// Third operation command word.
    struct OCW3: OptionSet {
        let rawValue: UInt8
        static let readISR = OCW3(rawValue: 0b0000_0001)
        static let changesRead = OCW3(rawValue: 0b0000_0010)
        static let poll = OCW3(rawValue: 0b0000_0100)
        static let specialMask = OCW3(rawValue: 0b0010_0000)
        static let changesSpecialMask = OCW3(rawValue: 0b0100_0000)
    }

    struct State: StateValue {
        /// What the next write to the upper port is. `nothing`: the chip was never initialized.
        enum NextWord: UInt8 { case nothing, icw2, icw3, icw4, operation }

        /// Levels of IR0-IR7.
        var inputs: UInt8 = 0
        /// Edge sense: inputs that were low since they were last acknowledged.
        var edgeLatch: UInt8 = 0xFF
        var isr: UInt8 = 0
        var imr: UInt8 = 0
        var icw1: ICW1 = []
        var icw2: UInt8 = 0
        var icw3: UInt8 = 0
        var icw4: ICW4 = []
        var nextWord = NextWord.nothing
        var lowestPriority: UInt8 = 7
        var isSpecialMaskMode = false
        var rotatesOnAutomaticEOI = false
        var isPolling = false
        var readsISR = false
        /// The level of INT.
        var isRequesting = false

        mutating func transfer(_ coder: StateCoder) {
            coder.field("inputs", &inputs)
            coder.field("edgeLatch", &edgeLatch)
            coder.field("isr", &isr)
            coder.field("imr", &imr)
            coder.field("icw1", &icw1)
            coder.field("icw2", &icw2)
            coder.field("icw3", &icw3)
            coder.field("icw4", &icw4)
            coder.field("nextWord", &nextWord)
            coder.field("lowestPriority", &lowestPriority)
            coder.field("isSpecialMaskMode", &isSpecialMaskMode)
            coder.field("rotatesOnAutomaticEOI", &rotatesOnAutomaticEOI)
            coder.field("isPolling", &isPolling)
            coder.field("readsISR", &readsISR)
            coder.field("isRequesting", &isRequesting)
        }
    }

    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) { state.transfer(coder) }

    public func stateDidRestore() { output.restore(state.isRequesting) }
}
