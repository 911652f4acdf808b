import CHostX87
import Testing

@testable import X87

/// The transcendental functions against true values.
///
/// The strictest bound that Intel has given for these instructions on any chip is one unit of the last place; the 8087
/// and 80287 do not reach it.
///
/// Source: Intel, 64 and IA-32 Architectures Manual, volume 1, 8.3.10 (transcendental instruction accuracy).
@Suite struct FunctionTests {
    static func compute(
        _ function: FunctionVector.Function, _ context: inout Context, _ top: Extended, _ next: Extended
    ) -> Extended? {
        switch function {
        case .exponential: context.exponential(top)
        case .logarithm: context.logarithm(top, times: next)
        case .logarithmOfOnePlus: context.logarithmOfOnePlus(top, times: next)
        case .arcTangent: context.arcTangent(y: next, x: top)
        case .tangent: context.tangent(top)?.y
        }
    }

    /// The distance from the true value, in units of the last of 64 bits.
    private func error(_ result: Extended, _ vector: FunctionVector) -> Double {
        guard result.signExponent & 0x8000 == vector.signExponent & 0x8000 else { return .infinity }
        let shift = result.exponent - Int(vector.signExponent & 0x7FFF)
        guard abs(shift) < 2 else { return .infinity }
        // Both as multiples of 2^-64 units of the true value's last place, halved to leave room.
        let bits = UInt128(result.significand) << 63
        let ours = shift > 0 ? bits << 1 : bits >> UInt128(-shift)
        let truth = vector.significand >> 1
        let difference = ours > truth ? ours - truth : truth - ours
        return Double(difference) / 0x1p63
    }

    @Test("results are within a hair of half a unit", arguments: FunctionVector.Function.allCases)
    func accuracy(function: FunctionVector.Function) {
        let vectors = FunctionVector.of(function)
        #expect(vectors.count >= 60)
        var worst = 0.0
        for vector in vectors {
            var context = Context(ControlWord(0x137F))
            guard let result = Self.compute(function, &context, vector.top, vector.next) else {
                Issue.record("\(function) \(vector.top.text) gives nothing")
                return
            }
            let error = error(result, vector)
            worst = max(worst, error)
            if error > 0.5001 {
                Issue.record("\(function) \(vector.top.text) \(vector.next.text): \(result.text), off by \(error)")
            }
        }
        print("x87 \(function.rawValue): \(vectors.count) results, largest error \(worst) units of the last place")
    }

    @Test("rounding control holds for results", arguments: FunctionVector.Function.allCases)
    func rounding(function: FunctionVector.Function) {
        for vector in FunctionVector.of(function).prefix(40) {
            var down = Context(ControlWord(0x177F))
            var up = Context(ControlWord(0x1B7F))
            guard let low = Self.compute(function, &down, vector.top, vector.next),
                let high = Self.compute(function, &up, vector.top, vector.next)
            else { continue }
            #expect(down.raised == up.raised)
            if down.raised.contains(.precision) {
                #expect(low != high)
                #expect(error(low, vector) < 1 && error(high, vector) < 1)
            } else {
                #expect(low == high)
            }
        }
    }

    /// The host's own error is below one unit, so two units is what both together allow.
    @Test(
        "random operands come within two units of the host", .enabled(if: Host.exists, "not run: the host has no x87"),
        arguments: zip(
            FunctionVector.Function.allCases,
            [host_exponential, host_logarithm, host_logarithm_plus, host_arc_tangent, host_tangent]))
    func host(function: FunctionVector.Function, operation: host_operation) {
        var numbers = Numbers(seed: UInt64(operation.rawValue))
        let control = ControlWord(0x137F)
        var worst: Int64 = 0
        var equal = 0
        let count = 4_000 * rounds
        for _ in 0..<count {
            let (top, next) = operands(function, &numbers)
            let answer = Host.calculate(operation, control, top, next)
            var context = Context(control)
            guard let result = Self.compute(function, &context, top, next) else { continue }
            let order = { (value: Extended) -> Int64 in
                Int64(bitPattern: UInt64(value.exponent) << 63 &+ (value.significand & ~Extended.integerBit))
            }
            let distance = abs(order(result) &- order(answer.value))
            if distance == 0 { equal += 1 }
            worst = max(worst, distance)
            if distance > 2 || result.isNegative != answer.value.isNegative {
                Issue.record("\(function) \(top.text) \(next.text): \(result.text), host \(answer.value.text)")
                return
            }
        }
        print("x87 \(function.rawValue): \(equal) of \(count) as the host's, at most \(worst) units apart")
    }

    private func operands(_ function: FunctionVector.Function, _ numbers: inout Numbers) -> (Extended, Extended) {
        func number(_ range: ClosedRange<Int>, _ isSigned: Bool) -> Extended {
            Extended(
                isNegative: isSigned && numbers.below(2) == 1,
                exponent: 0x3FFF + Int.random(in: range, using: &numbers.random), significand: numbers.significand())
        }
        let factor = number(-20...20, true)
        switch function {
        case .exponential: return (number(-70 ... -1, true), factor)
        case .logarithm: return (numbers.below(2) == 0 ? number(-1...0, false) : number(-9_000...9_000, false), factor)
        case .logarithmOfOnePlus: return (number(-70 ... -3, true), factor)
        case .arcTangent: return (number(-30...30, true), factor)
        case .tangent: return (number(-70 ... -1, true), factor)
        }
    }

    @Test("results that are exact raise nothing")
    func exactResults() {
        var context = Context(ControlWord(0x137F))
        #expect(context.exponential(.one) == .one)
        #expect(context.exponential(Extended.one.negated) == Extended(signExponent: 0xBFFE, significand: 1 << 63))
        #expect(context.exponential(.zero) == .zero)
        #expect(context.exponential(Extended(10)) == Extended(1_023))
        #expect(context.logarithm(Extended(1 << 40), times: Extended(3)) == Extended(120))
        #expect(context.logarithm(.one, times: Extended(3)) == .zero)
        #expect(context.arcTangent(y: .zero, x: .one) == .zero)
        #expect(context.tangent(.zero)?.y == .zero)
        #expect(context.raised == [])
    }

    @Test("what has no value is invalid, and the logarithm of zero divides by zero")
    func undefined() {
        let infinity = Extended.infinity(isNegative: false)
        for operand in [infinity, infinity.negated] {
            for function in FunctionVector.Function.allCases {
                var context = Context(ControlWord(0x137F))
                #expect(Self.compute(function, &context, operand, .one) == .indefinite)
                #expect(context.raised == .invalid)
            }
        }
        var context = Context(ControlWord(0x137F))
        #expect(context.logarithm(Extended.one.negated, times: .one) == .indefinite)
        #expect(context.raised == .invalid)
        context = Context(ControlWord(0x137F))
        #expect(context.logarithm(.zero, times: .one) == infinity.negated)
        #expect(context.raised == .zeroDivide)
        context = Context(ControlWord(0x1340))
        #expect(context.logarithm(.zero, times: .one) == nil)
    }

    @Test("any operand at all gives some answer")
    func patterns() {
        var numbers = Numbers(seed: 99)
        for _ in 0..<3_000 * rounds {
            let (a, b) = (numbers.pattern(), numbers.pattern())
            for function in FunctionVector.Function.allCases {
                var context = Context(ControlWord(0x037F))
                #expect(Self.compute(function, &context, a, b) != nil)
            }
        }
    }
}
