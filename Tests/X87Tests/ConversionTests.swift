import CHostX87
import Testing

@testable import X87

/// Conversions to and from the formats of memory, bit for bit against the host's x87.
@Suite(.enabled(if: Host.exists, "not run: the host has no x87")) struct ConversionTests {
    private func bytes(_ bits: UInt64, _ high: UInt16 = 0) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
            + [UInt8(truncatingIfNeeded: high), UInt8(high >> 8)]
    }

    private func bits(_ bytes: [UInt8]) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
    }

    /// The host signals underflow only when something is lost; overflow when chopping is infinity here.
    @Test("stores of short and long reals agree", arguments: [host_short, host_long])
    func storeReals(format: host_format) {
        var numbers = Numbers(seed: 21)
        let isShort = format == host_short
        let real = isShort ? RealFormat.short : .long
        for round in 0..<40_000 * rounds {
            let edge = Extended(
                signExponent: UInt16(0x3FFF + (round % 2 == 0 ? 1 : -1) * (isShort ? 127 : 1_023)), significand: 0)
            let a = round % 3 == 0 ? numbers.ordinary() : numbers.near(edge, within: isShort ? 30 : 60)
            for control in Settings.roundings {
                let host = Host.store(format, control, a)
                var context = Context(control)
                let result = real.store(a, &context)
                let exceptions = Exceptions(rawValue: host.status).intersection(.all)
                var expected = bits(host.bytes)
                if exceptions.contains(.overflow) && control.rounding == .chop { expected += 1 }
                if result != expected || context.raised.subtracting(.underflow) != exceptions.subtracting(.underflow)
                    || exceptions.contains(.underflow) && !context.raised.contains(.underflow)
                {
                    Issue.record("store \(a.text) cw \(control.rawValue): \(String(describing: result)) \(expected)")
                    return
                }
            }
        }
    }

    /// Infinity and NaNs included; denormals become unnormals of the same value, without the host's normalisation.
    @Test("loads of short and long reals agree", arguments: [host_short, host_long])
    func loadReals(format: host_format) {
        var numbers = Numbers(seed: 22)
        let isShort = format == host_short
        let real = isShort ? RealFormat.short : .long
        let control = ControlWord(0x137F)
        let quiet: UInt64 = isShort ? 0x0040_0000 : 0x0008_0000_0000_0000
        for round in 0..<100_000 * rounds {
            var pattern = numbers.bits() & (isShort ? 0xFFFF_FFFF : .max)
            if round % 4 == 0 { pattern &= isShort ? 0x807F_FFFF : 0x800F_FFFF_FFFF_FFFF }
            if round % 9 == 0 { pattern |= isShort ? 0x7F80_0000 : 0x7FF0_0000_0000_0000 }
            // The host makes a signalling NaN quiet; the 8087 and 80287 know one kind only.
            if real.load(pattern).isNaN { pattern |= quiet }
            let host = Host.load(format, control, bytes(pattern))
            let value = real.load(pattern)
            if real.isDenormal(pattern) {
                #expect(host.exceptions == .denormal)
                #expect(value.isUnnormal)
                #expect(
                    value.normalized == (host.value.significand, host.value.exponent)
                        && value.isNegative == host.value.isNegative)
            } else if value != host.value {
                Issue.record("load \(pattern): \(value.text), host \(host.value.text)")
                return
            }
        }
    }

    @Test("stores of integers agree", arguments: [(host_word, 16), (host_doubleword, 32), (host_quadword, 64)])
    func storeIntegers(format: host_format, width: Int) {
        var numbers = Numbers(seed: 23)
        for round in 0..<30_000 * rounds {
            let edge = Extended(signExponent: UInt16(0x3FFF + width - 1), significand: 0)
            let a =
                switch round % 3 {
                case 0: numbers.ordinary()
                case 1: numbers.near(edge, within: 1)
                default: numbers.near(.one, within: width)
                }
            for control in Settings.roundings {
                let host = Host.store(format, control, a)
                var context = Context(control)
                let result = context.storeInteger(a, bits: width).map { $0 & (.max >> UInt64(64 - width)) }
                if result != bits(host.bytes) || context.raised.rawValue != host.status & 0x3F {
                    Issue.record("store \(a.text): \(String(describing: result)), host \(bits(host.bytes))")
                    return
                }
            }
        }
    }

    @Test("loads of integers agree")
    func loadIntegers() {
        var numbers = Numbers(seed: 24)
        let control = ControlWord(0x137F)
        for _ in 0..<20_000 * rounds {
            let value = Int64(bitPattern: numbers.bits()) >> Int64(numbers.below(64))
            #expect(Extended(value) == Host.load(host_quadword, control, bytes(UInt64(bitPattern: value))).value)
            let word = Int16(truncatingIfNeeded: value)
            #expect(
                Extended(Int64(word)) == Host.load(host_word, control, bytes(UInt64(UInt16(bitPattern: word)))).value)
            let double = Int32(truncatingIfNeeded: value)
            let pattern = UInt64(UInt32(bitPattern: double))
            #expect(Extended(Int64(double)) == Host.load(host_doubleword, control, bytes(pattern)).value)
        }
    }

    /// Fractions are rounded in another way than on the host, so only integers are compared here.
    @Test("packed decimals agree both ways")
    func decimals() {
        var numbers = Numbers(seed: 25)
        for control in Settings.roundings {
            for _ in 0..<20_000 * rounds {
                var context = Context(control)
                let start = numbers.below(8) == 0 ? numbers.ordinary() : numbers.near(.one, within: 64)
                guard let a = context.roundToInteger(start) else { continue }
                context.raised = []
                let host = Host.store(host_decimal, control, a)
                guard let decimal = context.storeDecimal(a) else { continue }
                if bytes(decimal.low, decimal.high) != host.bytes || context.raised.rawValue != host.status & 0x3F {
                    Issue.record("store \(a.text): \(decimal), host \(host.bytes)")
                    return
                }
                guard context.raised.isEmpty else { continue }
                let back = Host.load(host_decimal, control, host.bytes)
                #expect(Extended(decimal: decimal.low, decimal.high) == back.value)
                #expect(back.value == a)
            }
        }
    }
}
