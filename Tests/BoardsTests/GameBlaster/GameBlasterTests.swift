import Boards
import Chips
import Core
import TestSupport
import Testing

private func drain(_ chip: PhilipsSAA1099, to now: Tick) -> [LevelChange] {
    chip.catchUpSound(to: now)
    var list: [LevelChange] = []
    while let change = chip.levels.take(before: .never) { list.append(change) }
    return list
}

private func write(_ chip: PhilipsSAA1099, _ register: UInt8, _ value: UInt8, at now: Tick = .zero) {
    chip.writePort(1, register, at: now)
    chip.writePort(0, value, at: now)
}

@Suite struct GameBlasterTests {
    @Test func `games find the card by its detection register`() {
        let card = GameBlaster()
        for value: UInt8 in [0xC6, 0x39] {
            card.writePort(0x226, value, at: .zero)
            #expect(card.readPort(0x22A, at: .zero) == value)
        }
        #expect(card.readPort(0x224, at: .zero) == 0x7F)
    }

    /// The data sheet's formula, with edges counted for a second.
    @Test(arguments: [(0, 0), (100, 3), (255, 7), (17, 5)])
    func `a tone has the frequency of its number and octave`(_ number: Int, _ octave: Int) {
        let card = GameBlaster()
        let chip = card.music.first
        chip.levels.isHeard = true
        for (register, value) in [(0x00, 0x0F), (0x08, number), (0x10, octave), (0x14, 1), (0x1C, 1)] {
            card.writePort(0x221, UInt8(register), at: .zero)
            card.writePort(0x220, UInt8(value), at: .zero)
        }
        let changes = drain(chip, to: .seconds(1))
        let expected = 7_159_090.909 * Double(1 << octave) / (512 * Double(511 - number))
        #expect(abs(Double(changes.filter { $0.left > 0 }.count) - expected) <= 1)
        #expect(changes.map(\.left).max() == Int16(2_700))
        #expect(changes.allSatisfy { $0.right == 0 })
    }

    @Test func `amplitudes are linear, left in the low digit and right in the high one`() {
        for amplitude: UInt8 in 0..<16 {
            let chip = PhilipsSAA1099()
            chip.levels.isHeard = true
            for (register, value): (UInt8, UInt8) in [(3, amplitude | (15 - amplitude) << 4), (0x14, 8), (0x1C, 1)] {
                write(chip, register, value)
            }
            let changes = drain(chip, to: .milliseconds(100))
            #expect(changes.map(\.left).max() == Int16(amplitude) * 180)
            #expect(changes.map(\.right).max() == Int16(15 - amplitude) * 180)
        }
    }

    @Test func `a repeated decay falls in 16 steps, one at each edge of tone 1`() {
        let chip = PhilipsSAA1099()
        chip.levels.isHeard = true
        for (register, value): (UInt8, UInt8) in [(2, 0x0E), (0x18, 0x86), (0x1C, 1)] { write(chip, register, value) }
        let levels = drain(chip, to: .seconds(1)).map { Int($0.left) }
        let expected = (0..<32).map { 14 * (15 - $0 % 16) * 2 * 180 / 32 }
        #expect(Array(levels.prefix(32)) == expected)
    }

    @Test(arguments: soundSeeds(8)) func `one step or many give the same, and a restored chip goes on alike`(
        _ seed: UInt64
    ) {
        var dice = SeededGenerator(seed: seed)
        let (first, second) = (PhilipsSAA1099(), PhilipsSAA1099())
        var third = PhilipsSAA1099()
        for chip in [first, second] { chip.levels.isHeard = true }
        var lists: [[LevelChange]] = [[], []]
        var now = Tick.zero
        for _ in 0..<200 {
            var (register, value) = (UInt8.random(in: 0...31, using: &dice), UInt8.random(in: 0...255, using: &dice))
            if register > 0x1C { (register, value) = (0x1C, 1) }
            for chip in [first, second, third] { write(chip, register, value, at: now) }
            let span = Int64.random(in: 0...10_000_000, using: &dice)
            for part: Int64 in 1...4 { lists[1] += drain(second, to: now + Tick(span * part / 4)) }
            now += Tick(span)
            lists[0] += drain(first, to: now)
            let bytes = savedState(third)
            third = PhilipsSAA1099()
            #expect(restore(third, from: bytes) == nil)
        }
        third.catchUpSound(to: now)
        let isEqual = lists[0] == lists[1]
        #expect(isEqual)
        #expect(savedState(first) == savedState(second))
        let isRestored = savedState(first) == savedState(third)
        #expect(isRestored)
    }
}

@Suite struct SAA1099LeapTests {
    /// Registers of all kinds: tones, noises of both clocks, envelopes.
    private static func chip(_ random: inout SeededGenerator) -> PhilipsSAA1099 {
        let chip = PhilipsSAA1099()
        for register: UInt8 in 0..<0x1A { write(chip, register, UInt8.random(in: 0...255, using: &random)) }
        write(chip, 0x1C, 0x01)
        return chip
    }

    @Test(arguments: soundSeeds(24))
    func `a long time at once ends as many short ones`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let stepped = Self.chip(&random)
        random = SeededGenerator(seed: seed)
        let leapt = Self.chip(&random)
        for second in 1...9 as ClosedRange<Int64> { stepped.catchUpSound(to: .seconds(second)) }
        leapt.catchUpSound(to: .seconds(9))
        #expect(stepped.levels.left == leapt.levels.left && stepped.levels.right == leapt.levels.right)
        // From here on both go the same way.
        stepped.levels.isHeard = true
        leapt.levels.isHeard = true
        #expect(drain(stepped, to: .milliseconds(9_100)) == drain(leapt, to: .milliseconds(9_100)))
    }

    @Test func `a year of silence costs nothing to speak of`() {
        var random = SeededGenerator(seed: 99)
        let chip = Self.chip(&random)
        chip.catchUpSound(to: .seconds(365 * 86_400))
        #expect(savedState(chip).count > 100)
    }
}
