import Core

extension NS8250 {
    struct LineControl: OptionSet {
        let rawValue: UInt8
        static let twoStopBits = LineControl(rawValue: 0b0000_0100)
        static let parity = LineControl(rawValue: 0b0000_1000)
        static let breakControl = LineControl(rawValue: 0b0100_0000)
        static let divisorAccess = LineControl(rawValue: 0b1000_0000)
    }

    struct ModemControl: OptionSet {
        let rawValue: UInt8
        static let dtr = ModemControl(rawValue: 0b0000_0001)
        static let rts = ModemControl(rawValue: 0b0000_0010)
        static let out1 = ModemControl(rawValue: 0b0000_0100)
        static let out2 = ModemControl(rawValue: 0b0000_1000)
        static let loop = ModemControl(rawValue: 0b0001_0000)
    }

    struct LineStatus: OptionSet {
        let rawValue: UInt8
        static let dataReady = LineStatus(rawValue: 0b0000_0001)
        static let overrun = LineStatus(rawValue: 0b0000_0010)
        static let framingError = LineStatus(rawValue: 0b0000_1000)
        static let breakReceived = LineStatus(rawValue: 0b0001_0000)
        static let holdingEmpty = LineStatus(rawValue: 0b0010_0000)
        static let transmitterEmpty = LineStatus(rawValue: 0b0100_0000)
        static let errors = LineStatus(rawValue: 0b0001_1110)
    }

    struct State: StateValue {
        var rbr: UInt8 = 0
        var thr: UInt8 = 0
        /// The character that is being sent.
        var tsr: UInt8 = 0
        var divisor: UInt16 = 0
        var ier: UInt8 = 0
        var lcr = LineControl()
        var mcr = ModemControl()
        var lsr: LineStatus = [.holdingEmpty, .transmitterEmpty]
        var msr: UInt8 = 0
        var scratch: UInt8 = 0
        /// Levels of the cable: bits 7 to 4 as in the modem status register.
        var modemInputs: UInt8 = 0
        /// The holding register has become empty, and nobody has looked.
        var isTransmitInterrupt = false

        mutating func transfer(_ coder: StateCoder) {
            coder.field("rbr", &rbr)
            coder.field("thr", &thr)
            coder.field("tsr", &tsr)
            coder.field("divisor", &divisor)
            coder.field("ier", &ier)
            coder.field("lcr", &lcr)
            coder.field("mcr", &mcr)
            coder.field("lsr", &lsr)
            coder.field("msr", &msr)
            coder.field("scratch", &scratch)
            coder.field("modemInputs", &modemInputs)
            coder.field("isTransmitInterrupt", &isTransmitInterrupt)
        }
    }
}
