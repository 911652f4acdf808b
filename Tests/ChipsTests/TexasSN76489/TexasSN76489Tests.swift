import Chips
import Core
import Foundation
import TestSupport
import Testing

private func steps(_ count: Int64) -> Tick { TexasSN76489.step * count }

private func chip(_ variant: TexasSN76489.Variant = .texas) -> TexasSN76489 {
    let chip = TexasSN76489(variant)
    chip.levels.isHeard = true
    return chip
}

private func drain(_ chip: TexasSN76489, to now: Tick) -> [LevelChange] {
    chip.catchUpSound(to: now)
    var list: [LevelChange] = []
    while let change = chip.levels.take(before: .never) { list.append(change) }
    return list
}

/// The noise by the documents' polynomials, with bits in an array, newest first: taps `a` and `b` counted from the newest.
private struct NoiseModel {
    var bits: [Bool]
    let taps: (Int, Int)
    let isInverted: Bool

    init(_ variant: TexasSN76489.Variant) {
        bits = [true] + [Bool](repeating: false, count: variant == .texas ? 16 : 15)
        taps = variant == .texas ? (14, 13) : (14, 10)
        isInverted = variant != .texas
    }

    mutating func next(isWhite: Bool) -> Bool {
        let new = isWhite ? (bits[taps.0] != bits[taps.1]) != isInverted : bits[taps.0]
        bits = [new] + bits.dropLast()
        return bits[bits.count - 1]
    }
}

@Suite struct TexasSN76489Tests {
    /// The data sheet: f = clock / (32 n).
    @Test(arguments: [1_023, 254, 100, 17, 5, 0]) func `a tone has the data sheet's frequency`(_ number: Int) {
        let chip = chip()
        for byte in [0x80 | number & 15, number >> 4, 0x90] { chip.writePort(0xC0, UInt8(byte), at: .zero) }
        let rises = drain(chip, to: .seconds(1)).filter { $0.left > 0 }.count
        let expected = 3_579_545.4545 / (32 * Double(number == 0 ? 1_024 : number))
        #expect(abs(Double(rises) - expected) <= 1)
    }

    @Test func `attenuation is 2 dB a step and silence at 15`() {
        for attenuation in 0..<16 {
            let chip = chip()
            for byte in [0x8F, 0x01, 0x90 | attenuation] { chip.writePort(0xC0, UInt8(byte), at: .zero) }
            let peak = drain(chip, to: .milliseconds(5)).map(\.left).max() ?? 0
            let expected = attenuation == 15 ? 0 : 8_191 * pow(10, -2 * Double(attenuation) / 20)
            #expect(abs(Double(peak) - expected) <= 1, "attenuation \(attenuation)")
        }
    }

    @Test(arguments: [TexasSN76489.Variant.texas, .ncr8496, .pssj])
    func `noise is the polynomial's sequence, white and periodic, at the chosen rate`(_ variant: TexasSN76489.Variant) {
        for control: UInt8 in [4, 5, 6, 0, 1] {
            let chip = chip(variant)
            // From the other kind, so that every variant starts over.
            chip.writePort(0xC0, 0xE0 | control ^ 4, at: .zero)
            chip.writePort(0xC0, 0xE0 | control, at: .zero)
            chip.writePort(0xC0, 0xF0, at: .zero)
            var model = NoiseModel(variant)
            let clocks: Int64 = 512 << Int64(control & 3)
            // The first shift is one step after power-on.
            for shift in 0..<Int64(3_000) {
                let time = steps(1 + shift * clocks / 16)
                _ = drain(chip, to: time)
                let isHigh = model.next(isWhite: control & 4 != 0) != (variant == .ncr8496)
                #expect((chip.levels.left != 0) == isHigh, "shift \(shift) of \(control)")
            }
        }
    }

    @Test func `noise on the third tone shifts once a period of the tone`() {
        let chip = chip()
        for byte: UInt8 in [0xC4, 0x06, 0xE3, 0xF0] { chip.writePort(0xC0, byte, at: .zero) }
        // Periodic: one pulse in 15 shifts.
        let rises = drain(chip, to: .seconds(1)).filter { $0.left > 0 }.count
        #expect(abs(Double(rises) - 3_579_545.4545 / (32 * 100 * 15)) <= 1)
    }

    @Test func `an ultrasonic tone is a converter of its attenuator, without edges`() {
        let chip = chip()
        for byte: UInt8 in [0x81, 0x00, 0x90] { chip.writePort(0xC0, byte, at: .zero) }
        _ = drain(chip, to: .zero)
        chip.writePort(0xC0, 0x93, at: steps(100))
        let changes = drain(chip, to: .seconds(1))
        #expect(changes == [LevelChange(time: steps(100), left: 2_052, right: 2_052)])
    }

    @Test func `READY is low for 32 clocks`() {
        let chip = chip()
        chip.writePort(0xC0, 0x9F, at: .zero)
        #expect(!chip.isReady(at: Tick(22_527)))
        #expect(chip.isReady(at: Tick(22_528)))
    }

    @Test func `a silent noise goes on as one that is heard, however long it is`() {
        for control: UInt8 in [0, 4, 6] {
            let (silent, loud) = (chip(), chip())
            for chip in [silent, loud] { chip.writePort(0xC0, 0xE0 | control, at: .zero) }
            loud.writePort(0xC0, 0xF0, at: .zero)
            for seconds: Int64 in [1, 7, 40] {
                _ = drain(silent, to: .seconds(seconds))
                _ = drain(loud, to: .seconds(seconds))
            }
            silent.writePort(0xC0, 0xF0, at: .seconds(40))
            #expect(silent.levels.left == loud.levels.left)
            let lists = [silent, loud].map { drain($0, to: .seconds(41)).filter { $0.time > .seconds(40) } }
            let isEqual = lists[0] == lists[1]
            #expect(isEqual && !lists[0].isEmpty)
        }
    }

    @Test(arguments: soundSeeds(12))
    func `one step or many give the same, and a restored chip goes on alike`(_ seed: UInt64) {
        let variants: [TexasSN76489.Variant] = [.texas, .ncr8496, .pssj]
        let variant = variants[Int(seed % 3)]
        var dice = SeededGenerator(seed: seed)
        let (first, second) = (chip(variant), chip(variant))
        var third = chip(variant)
        var lists: [[LevelChange]] = [[], []]
        var now = Tick.zero
        for _ in 0..<120 {
            let byte = UInt8.random(in: 0...255, using: &dice)
            for chip in [first, second, third] { chip.writePort(0xC0, byte, at: now) }
            let span = Int64.random(in: 0...20_000_000, using: &dice)
            for part: Int64 in 1...5 { lists[1] += drain(second, to: now + Tick(span * part / 5)) }
            now += Tick(span)
            lists[0] += drain(first, to: now)
            let state = savedState(third)
            third = chip(variant)
            #expect(restore(third, from: state) == nil)
        }
        third.catchUpSound(to: now)
        let isEqual = lists[0] == lists[1]
        #expect(isEqual)
        #expect(savedState(first) == savedState(second))
        #expect(savedState(first) == savedState(third))
    }

    @Test func `a state that lies is refused or taken, and nothing hangs`() {
        var dice = SeededGenerator(seed: 9)
        for _ in 0..<300 {
            let chip = chip()
            for byte: UInt8 in [0x8F, 0x90, 0xE4, 0xF0] { chip.writePort(0xC0, byte, at: .zero) }
            var bytes = savedState(chip)
            for _ in 0..<5 { bytes[Int.random(in: 0..<bytes.count, using: &dice)] = .random(in: 0...255, using: &dice) }
            _ = restore(chip, from: bytes)
            chip.writePort(0xC0, 0xF1, at: .seconds(1))
            _ = drain(chip, to: .seconds(2))
        }
    }
}
