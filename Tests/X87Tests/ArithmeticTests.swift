import CHostX87
import Testing

@testable import X87

/// Add, subtract, multiply, divide, square root and remainder, bit for bit against the host's x87, with every rounding
/// and precision control.
///
/// Where the 8087 and 80287 differ from the host's chip by their manuals, the expectation follows the manual, and the
/// difference is named:
/// * underflow is signalled for any result that is too small, also an exact one, and before rounding;
/// * overflow gives infinity when rounding is to nearest *and when it chops*.
@Suite(.enabled(if: Host.exists, "not run: the host has no x87")) struct ArithmeticTests {
    typealias Operation = (inout Context, Extended, Extended) -> Extended?
    static let operations: [(host_operation, String)] = [
        (host_add, "add"), (host_subtract, "subtract"), (host_multiply, "multiply"), (host_divide, "divide"),
        (host_square_root, "square root"),
    ]

    static func ours(_ operation: host_operation, _ context: inout Context, _ a: Extended, _ b: Extended) -> Extended? {
        switch operation {
        case host_add: context.add(a, b)
        case host_subtract: context.subtract(a, b)
        case host_multiply: context.multiply(a, b)
        case host_divide: context.divide(a, b)
        default: context.squareRoot(a)
        }
    }

    /// What the manual changes of the host's answer.
    static func expected(_ answer: Host.Answer, _ control: ControlWord) -> (Extended, Exceptions) {
        var value = answer.value
        var exceptions = answer.exceptions
        if exceptions.contains(.overflow) && control.rounding == .chop {
            value = .infinity(isNegative: value.isNegative)
        }
        exceptions.remove(.underflow)
        return (value, exceptions)
    }

    @Test("results and exceptions agree, all roundings and precisions", arguments: operations.indices)
    func agree(index: Int) {
        let (operation, name) = Self.operations[index]
        var numbers = Numbers(seed: UInt64(index) + 1)
        var count = 0
        var failures = 0
        for round in 0..<6_000 * rounds {
            let a = numbers.ordinary()
            let b = round % 3 == 0 ? numbers.ordinary() : numbers.near(a, within: round % 2 == 0 ? 3 : 70)
            for control in Settings.all {
                let answer = Host.calculate(operation, control, a, b)
                let (value, exceptions) = Self.expected(answer, control)
                var context = Context(control)
                let result = Self.ours(operation, &context, a, b)
                count += 1
                if result != value || context.raised.subtracting(.underflow) != exceptions
                    || answer.exceptions.contains(.underflow) && !context.raised.contains(.underflow)
                {
                    failures += 1
                    if failures < 6 {
                        Issue.record(
                            """
                            \(name) \(a.text) \(b.text) cw \(String(control.rawValue, radix: 16)): \
                            \(result?.text ?? "none") \(context.raised.rawValue), host \(answer.value.text) \
                            \(answer.exceptions.rawValue)
                            """)
                    }
                }
            }
        }
        print("x87 \(name): \(count) results, \(failures) differ from the host")
        #expect(failures == 0)
    }

    /// Results that are too small become denormals in the same way; the flag is signalled whenever they are small.
    @Test("underflow gives the host's denormals", arguments: [host_add, host_subtract, host_multiply, host_divide])
    func underflow(operation: host_operation) {
        var numbers = Numbers(seed: 77)
        var small = 0
        for _ in 0..<20_000 * rounds {
            let a = numbers.near(Extended(signExponent: 70, significand: 0), within: 69)
            let isScaling = operation == host_multiply || operation == host_divide
            let middle = operation == host_multiply ? UInt16(0x3FFF - 40) : 0x3FFF + 40
            let b =
                isScaling
                ? numbers.near(Extended(signExponent: middle, significand: 0), within: 60) : numbers.near(a, within: 4)
            guard let control = Settings.all.randomElement(using: &numbers.random) else { continue }
            let answer = Host.calculate(operation, control, a, b)
            var context = Context(control)
            let result = Self.ours(operation, &context, a, b)
            if result != answer.value
                || context.raised.subtracting(.underflow) != answer.exceptions.subtracting(.underflow)
            {
                Issue.record(
                    """
                    \(operation.rawValue) \(a.text) \(b.text) cw \(String(control.rawValue, radix: 16)): \
                    \(result?.text ?? "none") \(context.raised.rawValue), host \(answer.value.text) \
                    \(answer.exceptions.rawValue)
                    """)
                return
            }
            if context.raised.contains(.underflow) { small += 1 }
        }
        #expect(small > 100 * rounds / 2)
    }

    /// The remainder is exact, so the settings do not matter. In steps the chips may go different ways to the same end.
    @Test("the remainder and its quotient bits agree")
    func remainder() {
        var numbers = Numbers(seed: 5)
        let control = ControlWord(0x137F)
        var count = 0
        for round in 0..<60_000 * rounds {
            let b = numbers.near(Extended(signExponent: 0x3FFF, significand: 0), within: 8_000)
            let a = numbers.near(b, within: round % 4 == 0 ? 3 : 63)
            let answer = Host.calculate(host_remainder, control, a, b)
            var context = Context(control)
            guard let result = context.partialRemainder(a, b) else { continue }
            let quotient = result.quotient.bits
            let bits =
                (quotient & 1 != 0 ? StatusBit.c1 : 0) | (quotient & 2 != 0 ? StatusBit.c3 : 0)
                | (quotient & 4 != 0 ? StatusBit.c0 : 0)
            count += 1
            if result.value != answer.value || bits != answer.status & StatusBit.conditions {
                Issue.record("\(a.text) rem \(b.text): \(result.value.text), host \(answer.value.text)")
                return
            }
        }
        print("x87 remainder: \(count) results agree")
    }

    @Test("a long remainder ends where the host's ends")
    func longRemainder() {
        var numbers = Numbers(seed: 6)
        let control = ControlWord(0x137F)
        for _ in 0..<2_000 * rounds {
            let a = numbers.normal()
            let b = numbers.normal()
            var host = a
            for _ in 0..<1_200 {
                let answer = Host.calculate(host_remainder, control, host, b)
                host = answer.value
                if answer.status & StatusBit.c2 == 0 { break }
            }
            var ours = a
            var context = Context(control)
            for _ in 0..<600 {
                guard let step = context.partialRemainder(ours, b) else { break }
                ours = step.value
                if !step.quotient.isIncomplete { break }
            }
            if ours != host {
                Issue.record("\(a.text) rem \(b.text): \(ours.text), host \(host.text)")
                return
            }
        }
    }

    @Test("rounding to an integer agrees")
    func roundToInteger() {
        var numbers = Numbers(seed: 8)
        for _ in 0..<40_000 * rounds {
            let a = numbers.below(3) == 0 ? numbers.ordinary() : numbers.near(.one, within: 66)
            for control in Settings.roundings {
                let answer = Host.calculate(host_round_to_integer, control, a, .one)
                var context = Context(control)
                let result = context.roundToInteger(a)
                if result != answer.value || context.raised != answer.exceptions {
                    Issue.record("round \(a.text): \(result?.text ?? "none"), host \(answer.value.text)")
                    return
                }
            }
        }
    }

    /// The host takes any scale; the 8087's operands are integers of 16 bits.
    @Test("scaling and extracting agree")
    func scaleAndExtract() {
        var numbers = Numbers(seed: 9)
        for _ in 0..<40_000 * rounds {
            let a = numbers.normal()
            let b = Extended(Int64(numbers.below(2) == 0 ? numbers.below(200) - 100 : numbers.below(65_536) - 32_768))
            guard let control = Settings.roundings.randomElement(using: &numbers.random) else { continue }
            let answer = Host.calculate(host_scale, control, a, b)
            let (value, exceptions) = Self.expected(answer, control)
            var context = Context(control)
            let result = context.scale(a, by: b)
            if result != value || context.raised.subtracting(.underflow) != exceptions {
                Issue.record(
                    "\(a.text) scaled by \(b.text): \(result?.text ?? "none") \(context.raised), host \(answer.value.text)"
                )
                return
            }
            let parts = Host.calculate(host_extract, control, a, b)
            let ours = context.extract(a)
            #expect(ours?.exponent == parts.value)
            #expect(ours?.significand == parts.second)
        }
    }

    @Test("comparisons agree, denormals and all")
    func compare() {
        var numbers = Numbers(seed: 10)
        let control = ControlWord(0x137F)
        for round in 0..<60_000 * rounds {
            let a = round % 5 == 0 ? numbers.denormal() : numbers.ordinary()
            let b = round % 7 == 0 ? a : round % 3 == 0 ? numbers.denormal() : numbers.near(a, within: 1)
            let answer = Host.calculate(host_compare, control, a, b)
            var context = Context(control)
            let ordering = context.compare(a, b)
            if ordering?.rawValue != answer.status & Ordering.notComparable.rawValue
                || context.raised != answer.exceptions
            {
                Issue.record("compare \(a.text) \(b.text): \(String(describing: ordering))")
                return
            }
        }
    }
}
