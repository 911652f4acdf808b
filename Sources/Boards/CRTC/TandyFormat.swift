/// How the gate array makes dots of memory, as its registers say.
struct TandyFormat {
    enum Kind { case text, pairs, bits, planes, nibbles }
    var kind = Kind.text
    var dotsPerCharacter = 8
    /// Bits of the row address that select a bank of 8 KB.
    var bankMask = 0
    var isBlinkEnabled = false
    var isVideoEnabled = false

    init() {}

    /// - Parameters:
    ///   - control: register 0: bit 0 the fast clock, 1 graphics, 3 video, 4 sixteen colours.
    ///   - second: register 3: bit 1 blinking, 3 two colours.
    init(pcjr control: UInt8, _ second: UInt8, page: UInt8) {
        let isFast = control & 0b1 != 0
        var kind = Kind.text
        if control & 0b10 != 0 {
            kind =
                control & 0b1_0000 != 0
                ? .nibbles : second & 0b1000 != 0 ? .bits : isFast ? .planes : .pairs
        }
        self.init(kind, isFast: isFast, page: page)
        isBlinkEnabled = second & 0b10 != 0
        isVideoEnabled = control & 0b1000 != 0
    }

    /// - Parameter second: register 3: bit 3 four colours with 640 dots, bit 4 sixteen colours.
    init(tandy mode: ColorMode, _ second: UInt8, page: UInt8) {
        let isFast = mode.contains(.has80Columns)
        var kind = Kind.text
        if second & 0b1_0000 != 0 {
            kind = .nibbles
        } else if mode.contains(.graphics) {
            kind = second & 0b1000 != 0 && isFast ? .planes : mode.contains(.fineDots) ? .bits : .pairs
        }
        self.init(kind, isFast: isFast, page: page)
        isBlinkEnabled = mode.contains(.blink)
        isVideoEnabled = mode.contains(.video)
    }

    private init(_ kind: Kind, isFast: Bool, page: UInt8) {
        self.kind = kind
        dotsPerCharacter = isFast ? 8 : 16
        // 0: none, 1: two banks, 3: four.
        bankMask = Int(page >> 6) == 3 ? 3 : Int(page >> 6) & 1
    }

    var dotsPerPixel: Int {
        switch kind {
        case .text: dotsPerCharacter / 8
        case .pairs: dotsPerCharacter / 8
        case .bits, .planes: 1
        case .nibbles: dotsPerCharacter / 4
        }
    }
}
