import Testing

@testable import X87

/// What differs from the chips after the 80287, by its manual: NaNs, denormals, unnormals, infinities, zeros.
///
/// Source: [80287PRM] tables 1-9 to 1-12 and 1-17; [387DX].
@Suite struct SpecialValueTests {
    private let bench = Bench()
    private static let (add, multiply, divide) = (UInt16(0x0C1), UInt16(0x0C9), UInt16(0x0F1))
    private static let (subtract, compare, test, root) = (UInt16(0x0E1), UInt16(0x0D1), UInt16(0x1E4), UInt16(0x1FA))
    private static let (remainder, scale, extract, round) = (
        UInt16(0x1F8), UInt16(0x1FD), UInt16(0x1F4), UInt16(0x1FC)
    )
    private static let affine: UInt16 = 0x137F

    private func result(_ code: UInt16, _ top: Extended, _ next: Extended = .one, _ control: UInt16 = 0x037F)
        -> Extended
    {
        bench.calculate(code, top, next, control: control)
        return bench.top
    }

    // MARK: NaNs

    @Test("any NaN is invalid, also a quiet one, and the one with the larger significand is the result")
    func nans() {
        for code in [Self.add, Self.subtract, Self.multiply, Self.divide] {
            #expect(result(code, Special.smallNaN, Special.largeNaN) == Special.largeNaN)
            #expect(bench.exceptions == .invalid)
            #expect(result(code, Special.largeNaN, Special.smallNaN) == Special.largeNaN)
            #expect(result(code, .one, Special.smallNaN) == Special.smallNaN)
            #expect(bench.exceptions == .invalid)
        }
        #expect(result(Self.root, Special.smallNaN) == Special.smallNaN)
        #expect(result(Self.round, Special.smallNaN) == Special.smallNaN)
        #expect(bench.exceptions == .invalid)
    }

    @Test("moving a NaN is no operation on it")
    func moveNaN() {
        bench.load(Special.smallNaN)
        bench.execute(0x1C0)
        bench.execute(0x1E0)
        #expect(bench.top == Special.smallNaN.negated)
        bench.execute(Bench.Memory.storeLong)
        // The significand is chopped, so that this NaN becomes an infinity, as the manual has it.
        #expect(Intel8087.bits(bench.operand, words: 4) == 0xFFF0_0000_0000_0000)
        bench.execute(Bench.Memory.loadShort, bits: 0x7F80_0001)
        #expect(bench.top == Extended(signExponent: 0x7FFF, significand: 0x8000_0100_0000_0000))
        #expect(bench.exceptions == [])
    }

    @Test("an invalid operation that is not masked changes nothing")
    func unmaskedInvalid() {
        bench.calculate(0x6C1, Special.smallNaN, .one, control: 0x037E)
        #expect(bench.top == Special.smallNaN)
        #expect(bench.next == .one)
        #expect(bench.exceptions == .invalid)
        #expect(bench.chip.state.status & StatusBit.errorSummary != 0)
    }

    // MARK: Denormals and unnormals

    @Test("the load of a denormal short real makes an unnormal and is signalled")
    func loadDenormal() {
        bench.execute(Bench.Memory.loadShort, bits: 0x0040_0000)
        #expect(bench.top == Extended(signExponent: 0x3F81, significand: 0x4000_0000_0000_0000))
        #expect(bench.exceptions == .denormal)
        bench.execute(0x1E5)
        #expect(bench.conditions == 0)
        bench.load(Special.denormal)
        #expect(bench.top == Special.denormal)
    }

    @Test("the load of a denormal is not done if the exception is not masked")
    func loadDenormalUnmasked() {
        bench.set(control: 0x037D)
        bench.execute(Bench.Memory.loadShort, bits: 0x0040_0000)
        bench.load(Special.denormal)
        #expect(bench.depth == 0)
        #expect(bench.exceptions == .denormal)
    }

    @Test("a sum is normalised if the operand with the larger absolute value is")
    func unnormalSum() {
        #expect(
            result(Self.add, .one, Special.unnormal)
                == Extended(signExponent: 0x3FFF, significand: 0xA000_0000_0000_0000))
        let quarter = Extended(signExponent: 0x3FFD, significand: Extended.integerBit)
        let eighth = Extended(signExponent: 0x3FFC, significand: Extended.integerBit)
        // 1/4, unnormal, and 1/8.
        #expect(
            result(Self.add, Special.unnormal, eighth)
                == Extended(signExponent: 0x3FFE, significand: 0x6000_0000_0000_0000))
        #expect(result(Self.subtract, quarter, Special.unnormal).isAnyZero)
        #expect(bench.exceptions == [])
    }

    @Test("denormals become unnormals of the least exponent")
    func denormalSum() {
        #expect(
            result(Self.add, Special.denormal, Special.denormal)
                == Extended(signExponent: 1, significand: 0x0200_0000_0000_0000))
        #expect(bench.exceptions == .denormal)
        bench.calculate(Self.add, Special.denormal, .one, control: 0x037D)
        #expect(bench.top == Special.denormal)
        #expect(bench.exceptions == .denormal)
    }

    @Test("a product with an unnormal is unnormal; two of many zeros give a pseudo zero")
    func unnormalProduct() {
        #expect(result(Self.multiply, Special.unnormal, .one) == Special.unnormal)
        let tiny = Extended(signExponent: 0x3FFF, significand: 1)
        let product = result(Self.multiply, tiny, tiny, 0x0F7F)
        #expect(product.isPseudoZero)
        #expect(bench.exceptions == .precision)
    }

    @Test("a dividend may be unnormal, a divisor must not")
    func unnormalQuotient() {
        #expect(
            result(Self.divide, Special.unnormal, .one)
                == Extended(signExponent: 0x3FFE, significand: 0x4000_0000_0000_0000))
        for divisor in [Special.unnormal, Special.pseudoZero, Special.denormal] {
            for code in [Self.divide, Self.remainder] {
                #expect(result(code, .one, divisor) == .indefinite)
                #expect(bench.exceptions.contains(.invalid))
            }
        }
        #expect(
            result(Self.remainder, Special.unnormal, .one)
                == Extended(signExponent: 0x3FFD, significand: Extended.integerBit))
    }

    @Test("square root and stores of integers and decimals refuse unnormals and denormals")
    func refusals() {
        for operand in [Special.unnormal, Special.denormal] {
            #expect(result(Self.root, operand) == .indefinite)
            #expect(bench.exceptions.contains(.invalid))
            bench.calculate(Bench.Memory.storeWord, operand)
            #expect(bench.operand[0] == 0x8000)
            #expect(bench.exceptions == .invalid)
            bench.calculate(Bench.Memory.storeDecimal, operand)
            #expect(bench.operand[4] == 0xFFFF)
            #expect(bench.operand[3] == 0xC000)
        }
    }

    @Test("stores of an unnormal: invalid in the range of the format, underflow below it; of a denormal: chopped")
    func storeUnnormal() {
        bench.calculate(Bench.Memory.storeShort, Special.unnormal)
        #expect(Intel8087.bits(bench.operand, words: 2) == 0xFFC0_0000)
        #expect(bench.exceptions == .invalid)
        bench.calculate(Bench.Memory.storeShort, Extended(signExponent: 0x3F80, significand: 0x4000_0000_0000_0000))
        #expect(Intel8087.bits(bench.operand, words: 2) == 0x0020_0000)
        #expect(bench.exceptions == .underflow)
        bench.calculate(Bench.Memory.storeShort, Special.denormal)
        #expect(Intel8087.bits(bench.operand, words: 2) == 0x0001_0000)
        #expect(bench.exceptions == [])
    }

    @Test("a denormal that is loaded and stored stays what it is, and is signalled")
    func denormalRoundTrip() {
        for (bits, load, store, words) in [
            (UInt64(0x8040_0001), Bench.Memory.loadShort, Bench.Memory.storeShort, 2),
            (0x0008_0000_0000_0001, Bench.Memory.loadLong, Bench.Memory.storeLong, 4),
        ] {
            bench.execute(0x3E3)
            bench.execute(load, bits: bits)
            bench.execute(0x1E8)
            bench.execute(0x6C9)
            bench.execute(store)
            #expect(Intel8087.bits(bench.operand, words: words) == bits)
            #expect(bench.exceptions == [.denormal, .underflow])
        }
    }

    @Test("comparison and rounding normalise")
    func comparison() {
        bench.calculate(
            Self.compare, Special.unnormal, Extended(signExponent: 0x3FFD, significand: Extended.integerBit))
        #expect(bench.conditions == StatusBit.c3)
        bench.calculate(Self.compare, Special.pseudoZero, .zero)
        #expect(bench.conditions == StatusBit.c3)
        #expect(result(Self.round, Extended(signExponent: 0x4000, significand: Extended.integerBit >> 1)) == .one)
        #expect(result(Self.round, Special.pseudoZero) == .zero)
    }

    @Test("FXAM and the tags tell the kinds apart")
    func examine() {
        let (c0, c1, c2, c3) = (StatusBit.c0, StatusBit.c1, StatusBit.c2, StatusBit.c3)
        let kinds: [(Extended, UInt16, UInt16)] = [
            (Special.unnormal, 0, 0), (Special.smallNaN, c0, 2), (Special.largeNaN, c0 | c1, 2), (.one, c2, 0),
            (Special.minusOne, c2 | c1, 0), (Special.infinity, c2 | c0, 2), (.zero, c3, 1),
            (Special.minusZero, c3 | c1, 1), (Special.denormal, c3 | c2, 2), (Special.pseudoZero, 0, 0),
        ]
        for (value, conditions, tag) in kinds {
            bench.calculate(0x1E5, value)
            #expect(bench.conditions == conditions)
            #expect(bench.chip.state.tags >> UInt16(2 * bench.chip.state.place(0)) & 3 == tag)
        }
        bench.execute(0x3E3)
        bench.execute(0x1E5)
        #expect(bench.conditions & ~c1 == c3 | c0)
    }

    // MARK: Infinities

    @Test("the projective closure knows one infinity")
    func projective() {
        for (a, b) in [(Special.infinity, Special.infinity), (Special.infinity, Special.minusInfinity)] {
            #expect(result(Self.add, a, b) == .indefinite)
            #expect(bench.exceptions == .invalid)
            bench.calculate(Self.compare, a, b)
            #expect(bench.conditions == StatusBit.c3)
            #expect(bench.exceptions == [])
        }
        bench.calculate(Self.compare, Special.infinity, .one)
        #expect(bench.conditions == Ordering.notComparable.rawValue)
        #expect(bench.exceptions == .invalid)
        bench.calculate(Self.test, Special.minusInfinity)
        #expect(bench.conditions == Ordering.notComparable.rawValue)
        #expect(result(Self.root, Special.infinity) == .indefinite)
    }

    @Test("the affine closure knows two")
    func affine() {
        #expect(result(Self.add, Special.infinity, Special.infinity, Self.affine) == Special.infinity)
        #expect(result(Self.add, Special.infinity, Special.minusInfinity, Self.affine) == .indefinite)
        #expect(result(Self.subtract, Special.infinity, Special.minusInfinity, Self.affine) == Special.infinity)
        bench.calculate(Self.compare, Special.infinity, Special.minusInfinity, control: Self.affine)
        #expect(bench.conditions == 0)
        bench.calculate(Self.compare, Special.minusInfinity, .one, control: Self.affine)
        #expect(bench.conditions == StatusBit.c0)
        bench.calculate(Self.test, Special.infinity, control: Self.affine)
        #expect(bench.conditions == 0)
        #expect(result(Self.root, Special.infinity, .one, Self.affine) == Special.infinity)
        #expect(result(Self.root, Special.minusInfinity, .one, Self.affine) == .indefinite)
    }

    @Test("infinities in products, quotients, remainders, scales and parts")
    func infinities() {
        #expect(result(Self.multiply, Special.infinity, Special.minusOne) == Special.minusInfinity)
        #expect(result(Self.multiply, Special.infinity, .zero) == .indefinite)
        #expect(result(Self.divide, Special.infinity, Special.infinity) == .indefinite)
        #expect(result(Self.divide, Special.infinity, .zero) == Special.infinity)
        #expect(bench.exceptions == [])
        #expect(result(Self.divide, Special.minusOne, Special.infinity) == Special.minusZero)
        #expect(result(Self.remainder, Special.infinity, .one) == .indefinite)
        #expect(result(Self.remainder, .one, Special.infinity) == .one)
        #expect(result(Self.scale, Special.infinity, .one) == Special.infinity)
        #expect(result(Self.scale, .one, Special.infinity) == .indefinite)
        #expect(result(Self.scale, .zero, Special.infinity) == .zero)
        #expect(result(Self.extract, Special.infinity) == .indefinite)
        #expect(bench.exceptions == .invalid)
        #expect(result(Self.round, Special.minusInfinity) == Special.minusInfinity)
    }

    // MARK: Zeros

    @Test("zeros: signs, remainders, quotients, parts")
    func zeros() {
        #expect(result(Self.add, .zero, Special.minusZero) == .zero)
        #expect(result(Self.add, .zero, Special.minusZero, 0x077F) == Special.minusZero)
        #expect(result(Self.subtract, .one, .one, 0x077F) == Special.minusZero)
        #expect(result(Self.divide, .zero, .zero) == .indefinite)
        #expect(bench.exceptions == .invalid)
        #expect(result(Self.divide, .one, Special.minusZero) == Special.minusInfinity)
        #expect(bench.exceptions == .zeroDivide)
        #expect(result(Self.remainder, .one, .zero) == .indefinite)
        #expect(result(Self.remainder, Special.minusZero, .one) == Special.minusZero)
        #expect(result(Self.root, Special.minusZero) == Special.minusZero)
        bench.calculate(Self.extract, Special.minusZero)
        #expect(bench.top == Special.minusZero)
        #expect(bench.next == Special.minusZero)
        #expect(bench.exceptions == [])
    }

    @Test("a zero divide that is not masked keeps the operands")
    func unmaskedZeroDivide() {
        bench.calculate(Self.divide, .one, .zero, control: 0x037B)
        #expect(bench.top == .one)
        #expect(bench.exceptions == .zeroDivide)
    }
}
