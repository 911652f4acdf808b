import Core

/// The decoders of Creative's three compressed forms, as the DSP's program computes them: 4, 2.6 and 2 bits a sample.
///
/// - A code is a sign and a magnitude. The level moves by `magnitude * step + step / 2` and stays within 0 to 255; the
///   step grows after the largest magnitudes and halves after 0, but for 1, which it does not go below.
/// - Two bits: magnitude 0 halves the step first and moves by it, and does not move if it was 1.
/// - Source: [SBDSP202], [SBDSP4] decoders of the three forms; both do the same.
/// - Assumption: a level above 255 in the two-bit form stays 255. Version 2.02 loads a register that does not exist.
struct CreativeADPCM: StateValue, Equatable {
    enum Form: UInt8 { case twoBits, threeBits, fourBits }

    /// The level, 0 to 255. A reference byte sets it.
    var level: UInt8 = 0
    var step: UInt8 = 0
    /// The byte that codes are taken from, highest bits first.
    var data: UInt8 = 0
    /// Samples until the next byte is fetched. 0 counts as 256.
    var remaining: UInt8 = 0

    /// Starts over from a reference byte.
    mutating func start(reference: UInt8) { (level, step, remaining) = (reference, 1, 1) }

    /// Takes the next code out of `data` and moves the level.
    mutating func decode(_ form: Form) {
        let isNegative = data & 0b1000_0000 != 0
        switch form {
        case .twoBits:
            let isLarge = data & 0b0100_0000 != 0
            data <<= 2
            decodeTwoBits(isNegative: isNegative, isLarge: isLarge)
        case .threeBits:
            // The third sample of a byte has two bits only.
            let magnitude = remaining == 1 ? data >> 6 & 1 : data >> 5 & 3
            data = remaining == 1 ? magnitude : data << 3 | data >> 5
            move(magnitude, isNegative)
            if magnitude == 3 && step != 16 { step = step << 1 | step >> 7 }
            if magnitude == 0 { halve() }
        case .fourBits:
            let magnitude = data >> 4 & 7
            data = data << 4 | data >> 4
            move(magnitude, isNegative)
            if magnitude >= 5 {
                let doubled = step << 1 | step >> 7
                step = doubled == 16 ? 8 : doubled
            }
            if magnitude == 0 { halve() }
        }
    }

    private mutating func decodeTwoBits(isNegative: Bool, isLarge: Bool) {
        if isLarge {
            add(step >> 1 &+ step, isNegative)
            if step != 32 { step = step &+ step }
        } else if step >> 1 == 0 {
            step = 1
        } else {
            step >>= 1
            add(step, isNegative)
        }
    }

    private mutating func move(_ magnitude: UInt8, _ isNegative: Bool) {
        add(magnitude &* step &+ step >> 1, isNegative)
    }

    private mutating func add(_ change: UInt8, _ isNegative: Bool) {
        let (lower, isBelow) = level.subtractingReportingOverflow(change)
        let (higher, isAbove) = level.addingReportingOverflow(change)
        level = isNegative ? (isBelow ? 0 : lower) : (isAbove ? 255 : higher)
    }

    private mutating func halve() { step = max(step >> 1, 1) }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("level", &level)
        coder.field("step", &step)
        coder.field("data", &data)
        coder.field("remaining", &remaining)
    }
}
