/// The six exceptions, as bits of the status word and, as masks, of the control word.
struct Exceptions: OptionSet, Hashable, Sendable {
    let rawValue: UInt16
    static let invalid = Exceptions(rawValue: 0x01)
    static let denormal = Exceptions(rawValue: 0x02)
    static let zeroDivide = Exceptions(rawValue: 0x04)
    static let overflow = Exceptions(rawValue: 0x08)
    static let underflow = Exceptions(rawValue: 0x10)
    static let precision = Exceptions(rawValue: 0x20)
    static let all = Exceptions(rawValue: 0x3F)
}

/// The rounding control field.
enum Rounding: UInt16, CaseIterable, Sendable {
    /// To nearest, and to even when two are equally near.
    case nearest = 0
    /// Towards negative infinity.
    case down = 1
    /// Towards positive infinity.
    case up = 2
    /// Towards zero.
    case chop = 3
}

/// The control word: exception masks, interrupt mask (8087), precision, rounding and infinity control.
///
/// Source: [80287PRM] figure 1-7; [8087] control word.
struct ControlWord: Hashable, Sendable {
    var rawValue: UInt16

    init(_ rawValue: UInt16) { self.rawValue = rawValue }

    static let interruptMask: UInt16 = 0x0080

    var masks: Exceptions {
        get { Exceptions(rawValue: rawValue & Exceptions.all.rawValue) }
        set { rawValue = rawValue & ~Exceptions.all.rawValue | newValue.rawValue }
    }
    /// The 8087's interrupt line is held back. The 80287 has no such bit.
    var isInterruptMasked: Bool {
        get { rawValue & ControlWord.interruptMask != 0 }
        set { rawValue = newValue ? rawValue | ControlWord.interruptMask : rawValue & ~ControlWord.interruptMask }
    }
    var rounding: Rounding { Rounding(rawValue: rawValue >> 10 & 3) ?? .nearest }
    /// Bits of the significand: 24, 53 or 64. The reserved setting acts as 64.
    var precision: Int {
        switch rawValue >> 8 & 3 {
        case 0: 24
        case 2: 53
        default: 64
        }
    }
    /// Infinities have signs; else the projective closure, in which there is one infinity.
    var isAffine: Bool { rawValue & 0x1000 != 0 }
}

/// Bits of the status word outside the exceptions.
enum StatusBit {
    /// IR of the 8087, ES of the 80287: an exception that is not masked is pending.
    static let errorSummary: UInt16 = 0x0080
    static let c0: UInt16 = 0x0100
    static let c1: UInt16 = 0x0200
    static let c2: UInt16 = 0x0400
    static let c3: UInt16 = 0x4000
    static let conditions: UInt16 = c0 | c1 | c2 | c3
    static let top: UInt16 = 0x3800
    static let busy: UInt16 = 0x8000
}
