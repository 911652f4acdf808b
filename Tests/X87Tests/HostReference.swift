import CHostX87
import Foundation
import TestSupport

@testable import X87

/// The x87 of the host, bit for bit: a third opinion on x86-64, absent elsewhere.
enum Host {
    static var exists: Bool { host_x87_exists() }

    static func calculate(_ operation: host_operation, _ control: ControlWord, _ a: Extended, _ b: Extended) -> Answer {
        let result = host_x87_calculate(operation, control.rawValue, a.host, b.host)
        return Answer(
            value: Extended(result.value), second: Extended(result.second), status: result.status)
    }

    static func store(_ format: host_format, _ control: ControlWord, _ a: Extended) -> (bytes: [UInt8], status: UInt16)
    {
        var bytes = [UInt8](repeating: 0, count: 10)
        let status = host_x87_store(format, control.rawValue, a.host, &bytes)
        return (bytes, status)
    }

    static func load(_ format: host_format, _ control: ControlWord, _ bytes: [UInt8]) -> Answer {
        let result = host_x87_load(format, control.rawValue, bytes)
        return Answer(value: Extended(result.value), second: .zero, status: result.status)
    }

    struct Answer {
        var value: Extended
        var second: Extended
        var status: UInt16
        var exceptions: Exceptions { Exceptions(rawValue: status).intersection(.all) }
    }
}

extension Extended {
    var host: host_real { host_real(significand: significand, sign_exponent: signExponent) }
    init(_ real: host_real) { self.init(signExponent: real.sign_exponent, significand: real.significand) }

    /// For messages.
    var text: String { "\(String(signExponent, radix: 16)):\(String(significand, radix: 16))" }
}

/// How many times the usual number of random operands is tried: `OCHENTA_X87_ROUNDS`, 1 if that is not set.
let rounds = max(1, ProcessInfo.processInfo.environment["OCHENTA_X87_ROUNDS"].flatMap { Int($0) } ?? 1)

/// Every setting of rounding and precision, all exceptions masked, infinities affine as on the host.
enum Settings {
    static let all: [ControlWord] = Rounding.allCases.flatMap { rounding in
        [UInt16(0), 2, 3].map { ControlWord(0x107F | $0 << 8 | rounding.rawValue << 10) }
    }
    /// Full precision only, for what precision control does not touch.
    static let roundings: [ControlWord] = all.filter { $0.precision == 64 }
}

/// Random numbers, with the edges of everything more often than chance would have them.
struct Numbers {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func bits() -> UInt64 { random.next() }
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

    mutating func significand() -> UInt64 {
        let bits = random.next() | Extended.integerBit
        switch below(8) {
        case 0: return Extended.integerBit
        case 1: return .max
        case 2: return bits & ~0 << UInt64(below(63))
        case 3: return bits | (1 << UInt64(below(63)) - 1)
        case 4: return Extended.integerBit | 1 << UInt64(below(64))
        default: return bits
        }
    }

    /// A normal number anywhere in the range, or near the middle.
    mutating func normal() -> Extended {
        let exponent =
            switch below(8) {
            case 0: 1 + below(80)
            case 1: 0x7FFE - below(80)
            case 2: 1 + below(0x7FFE)
            default: 0x3FFF - 70 + below(140)
            }
        return Extended(isNegative: below(2) == 1, exponent: exponent, significand: significand())
    }

    mutating func denormal() -> Extended {
        Extended(
            isNegative: below(2) == 1, exponent: 0,
            significand: max(1, significand() & ~Extended.integerBit >> UInt64(below(63))))
    }

    /// A normal number, a zero or an infinity.
    mutating func ordinary() -> Extended {
        switch below(24) {
        case 0: .zero(isNegative: below(2) == 1)
        case 1: .infinity(isNegative: below(2) == 1)
        default: normal()
        }
    }

    /// A normal number whose exponent is near that of `other`.
    mutating func near(_ other: Extended, within distance: Int) -> Extended {
        let exponent = other.exponent + below(2 * distance + 1) - distance
        return Extended(
            isNegative: below(2) == 1, exponent: min(max(exponent, 1), 0x7FFE), significand: significand())
    }

    /// Any 80 bits at all.
    mutating func pattern() -> Extended {
        switch below(6) {
        case 0: return normal()
        case 1: return denormal()
        case 2: return Extended(signExponent: UInt16(truncatingIfNeeded: bits()), significand: bits() >> 1)
        case 3: return Extended(signExponent: UInt16(truncatingIfNeeded: bits()) | 0x7FFF, significand: bits())
        case 4: return ordinary()
        default: return Extended(signExponent: UInt16(truncatingIfNeeded: bits()), significand: bits())
        }
    }
}
