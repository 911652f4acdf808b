import Testing

@testable import X87

/// Results out of range, and conversions that round in their own way.
///
/// Source: [80287PRM] tables 1-11 and 1-17, FST, FBSTP, FSCALE.
@Suite struct RangeTests {
    private let bench = Bench()
    private static let multiply: UInt16 = 0x0C9

    @Test("masked overflow: infinity, or the largest number when rounding goes the other way")
    func overflow() {
        for (control, positive, negative) in [
            (UInt16(0x037F), Special.infinity, Special.minusInfinity),
            (0x0F7F, Special.infinity, Special.minusInfinity),
            (0x077F, Special.greatest, Special.minusInfinity), (0x0B7F, Special.infinity, Special.greatest.negated),
        ] {
            bench.calculate(Self.multiply, Special.greatest, Special.greatest, control: control)
            #expect(bench.top == positive)
            #expect(bench.exceptions == [.overflow, .precision])
            bench.calculate(Self.multiply, Special.greatest, Special.greatest.negated, control: control)
            #expect(bench.top == negative)
        }
    }

    @Test("overflow and underflow that are not masked change the exponent by 24,576")
    func adjusted() {
        bench.calculate(Self.multiply, Special.greatest, Extended(4), control: 0x0377)
        #expect(bench.top == Extended(signExponent: 0x7FFE + 2 - 24_576, significand: .max))
        #expect(bench.exceptions == .overflow)
        let half = Extended(signExponent: 0x3FFE, significand: Extended.integerBit)
        bench.calculate(Self.multiply, Special.least, half, control: 0x036F)
        #expect(bench.top == Extended(signExponent: 24_576, significand: Extended.integerBit))
        #expect(bench.exceptions == .underflow)
    }

    @Test("masked underflow gives a denormal or zero and is signalled, exact or not")
    func underflow() {
        let half = Extended(signExponent: 0x3FFE, significand: Extended.integerBit)
        bench.calculate(Self.multiply, Special.least, half)
        #expect(bench.top == Extended(signExponent: 0, significand: Extended.integerBit >> 1))
        #expect(bench.exceptions == .underflow)
        bench.calculate(Self.multiply, Special.least, Special.least)
        #expect(bench.top == .zero)
        #expect(bench.exceptions == [.underflow, .precision])
    }

    @Test("a store that overflows or underflows is not done if that is not masked")
    func stores() {
        bench.operand[0] = 0x5A5A
        bench.calculate(Bench.Memory.storeShort, Special.greatest, control: 0x0377)
        #expect(bench.exceptions == .overflow)
        #expect(bench.top == Special.greatest)
        bench.calculate(Bench.Memory.storeShort, Special.least, control: 0x036F)
        #expect(bench.exceptions == .underflow)
        #expect(bench.top == Special.least)
        bench.calculate(Bench.Memory.storeShort, Extended(10), control: 0x0340)
        #expect(Intel8087.bits(bench.operand, words: 2) == 0x4120_0000)
        #expect(bench.depth == 1)
    }

    @Test("FSCALE out of range, with a fraction, and of a denormal")
    func scale() {
        let half = Extended(signExponent: 0x3FFE, significand: Extended.integerBit)
        bench.calculate(0x1FD, .one, half)
        #expect(bench.top == .one)
        bench.calculate(0x1FD, .one, Extended(-70_000))
        #expect(bench.top == .zero)
        bench.calculate(0x1FD, .one, Extended(70_000), control: 0x0377)
        #expect(bench.top == Special.infinity)
        bench.calculate(0x1FD, Special.denormal, Extended(100))
        #expect(bench.top == Extended(signExponent: 94, significand: Extended.integerBit))
    }

    @Test("FBSTP adds one half and chops, whatever the rounding control says, and signals nothing")
    func decimalRounding() {
        for control in [UInt16(0x037F), 0x077F, 0x0B7F, 0x0F7F] {
            for (value, digits) in [
                (Extended(5), UInt16(0x3)), (Extended(-7), 0x4), (Extended(9), 0x5), (Extended(1), 0x1),
            ] {
                // Halves of the values.
                let halved = Extended(signExponent: value.signExponent - 1, significand: value.significand)
                bench.calculate(Bench.Memory.storeDecimal, halved, control: control)
                #expect(bench.operand[0] == digits)
                #expect(bench.operand[4] == (value.isNegative ? 0x8000 : 0))
                #expect(bench.exceptions == [])
            }
        }
    }

    @Test("FBSTP refuses more than 18 digits")
    func decimalRange() {
        bench.calculate(Bench.Memory.storeDecimal, Extended(999_999_999_999_999_999))
        #expect(Intel8087.bits(bench.operand, words: 4) == 0x9999_9999_9999_9999)
        #expect(bench.operand[4] == 0x0099)
        #expect(bench.exceptions == [])
        bench.calculate(Bench.Memory.storeDecimal, Extended(1_000_000_000_000_000_000))
        #expect(bench.operand[4] == 0xFFFF)
        #expect(bench.exceptions == .invalid)
    }

    @Test("constants do not follow the rounding control")
    func constants() {
        for control in [UInt16(0x037F), 0x077F, 0x0B7F, 0x0F7F] {
            bench.execute(0x3E3)
            bench.set(control: control)
            for code in UInt16(0x1E8)...0x1EE { bench.execute(code) }
            #expect(bench.depth == 7)
            #expect((0..<7).map { bench.chip.state[6 - $0] } == Intel8087.constants)
            #expect(bench.exceptions == [])
        }
    }

    @Test("a long remainder takes several steps, and says so")
    func remainderSteps() {
        bench.calculate(0x1F8, Extended(signExponent: 0x3FFF + 130, significand: Extended.integerBit), Extended(3))
        var steps = 1
        while bench.conditions & StatusBit.c2 != 0 && steps < 10 {
            bench.execute(0x1F8)
            steps += 1
        }
        #expect(steps == 3)
        // 2^130 modulo 3.
        #expect(bench.top == .one)
    }
}
