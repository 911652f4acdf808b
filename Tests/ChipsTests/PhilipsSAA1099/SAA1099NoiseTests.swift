import Chips
import Core
import Testing

/// Expected values come from the recurrence of the shift register, s(n) = s(n-18) xor s(n-11), not from a register.
@Suite struct SAA1099NoiseTests {
    /// The noise of channel 0 (generator 0) or 3 (generator 1) with clock select `rate`, a bit for each shift.
    private static func bits(_ count: Int, generator: Int, rate: UInt8) -> [Bool] {
        let chip = PhilipsSAA1099()
        chip.levels.isHeard = true
        let channel = UInt8(3 * generator)
        func write(_ register: UInt8, _ value: UInt8) {
            chip.writePort(1, register, at: .zero)
            chip.writePort(0, value, at: .zero)
        }
        write(channel, 0x0F)
        write(0x15, 1 << channel)
        write(0x16, rate << UInt8(4 * generator))
        // The generators begin anew, then run.
        write(0x1C, 3)
        write(0x1C, 1)
        // 256, 512 or 1,024 clocks a shift.
        let shift = PhilipsSAA1099.unit.count * (128 << Int64(rate))
        var bits: [Bool] = []
        for number in 0..<count {
            chip.catchUpSound(to: Tick(shift * Int64(number) + shift / 2))
            bits.append(chip.levels.left > 0)
            while chip.levels.take(before: .never) != nil {}
        }
        return bits
    }

    @Test(arguments: [(0, UInt8(0)), (0, 2), (1, 1)])
    func `noise is the sequence of its polynomial at the clock that is selected`(_ generator: Int, _ rate: UInt8) {
        let bits = Self.bits(2_000, generator: generator, rate: rate)
        let wrong = (18..<bits.count).filter { bits[$0] != (bits[$0 - 18] != bits[$0 - 11]) }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
        #expect(bits.filter { $0 }.count > 900 && bits.filter { $0 }.count < 1_100)
    }
}
