import Chips
import Core
import Foundation

/// What share of one processor the OPL3 and the OPL2 take to make sound as fast as it is heard.
struct OPLSpeed {
    /// What the chip plays.
    enum Piece: String, CaseIterable {
        case untouched = "as after reset"
        case released = "all voices released"
        case melody = "all voices, with feedback, tremolo and vibrato"
        case decay = "all voices, decaying"
        case mixture = "6 voices of four operators, rhythm, 3 voices of two"
    }

    private static let samplesPerSecond = 49_716
    /// What a mixer would ask for at a time.
    private static let framesAtOnce = 512

    /// Each piece is played as often; the fastest counts.
    let rounds: Int

    /// A line for each chip and piece. 1 % means that a second of sound takes 10 ms.
    func table() -> String {
        var lines = ["sound chips, share of one processor (best of \(rounds) seconds each):"]
        for piece in Piece.allCases { lines.append(line("YMF262", piece) { YamahaYMF262() }) }
        for piece in Piece.allCases where piece != .mixture { lines.append(line("YM3812", piece) { YamahaYM3812() }) }
        return lines.joined(separator: "\n")
    }

    private func line(_ name: String, _ piece: Piece, _ make: () -> any BenchedChip) -> String {
        let chip = make()
        play(piece, on: chip)
        // Past the attack, and for released voices past the release.
        var position = 0
        _ = draw(chip, from: &position, seconds: piece == .released ? 3 : 1)
        var best = Double.infinity
        for _ in 0..<rounds {
            if piece == .decay {
                strike(chip, isDown: false, at: position)
                _ = draw(chip, from: &position, seconds: 1)
                strike(chip, isDown: true, at: position)
            }
            best = min(best, draw(chip, from: &position, seconds: 1))
        }
        return String(format: "%@, %@: %.2f %%", name, piece.rawValue, best * 100)
    }

    /// Draws samples and returns the processor time in seconds.
    private func draw(_ chip: any BenchedChip, from position: inout Int, seconds: Int) -> Double {
        let buffer = UnsafeMutableBufferPointer<Int16>.allocate(capacity: 2 * OPLSpeed.framesAtOnce)
        defer { buffer.deallocate() }
        let end = position + seconds * OPLSpeed.samplesPerSecond
        let start = ProcessorTime.now
        while position < end {
            position += OPLSpeed.framesAtOnce
            _ = chip.generate(into: buffer, until: OPLSpeed.time(position))
        }
        return ProcessorTime.now - start
    }

    private static func time(_ sample: Int) -> Tick { YamahaYMF262.sampleRate.time(ofCycle: Int64(sample)) }

    private func play(_ piece: Piece, on chip: any BenchedChip) {
        OPLSpeed.set(piece) { chip.writeRegister($0, $1, at: .zero) }
        if piece == .released { strike(chip, isDown: false, at: 1_000) }
    }

    /// Gives the registers that make a chip play a piece; those of the second array are from 100h on.
    static func set(_ piece: Piece, _ set: (_ register: Int, _ value: UInt8) -> Void) {
        guard piece != .untouched else { return }
        set(0x105, 1)
        set(0x01, 0x20)
        set(0x104, piece == .mixture ? 0x3F : 0)
        for bank in [0, 0x100] {
            for slot in 0..<0x16 where slot & 7 < 6 {
                set(bank + 0x20 + slot, (piece == .decay ? 0xC0 : 0xE0) | UInt8(slot % 4 + 1))
                set(bank + 0x40 + slot, 0x10)
                set(bank + 0x60 + slot, 0xF4)
                set(bank + 0x80 + slot, piece == .decay ? 0xF4 : 0x47)
                set(bank + 0xE0 + slot, UInt8(slot & 7))
            }
            for channel in 0..<9 {
                set(bank + 0xC0 + channel, 0x3A)
                set(bank + 0xA0 + channel, UInt8(0x44 + 7 * channel))
            }
        }
        strike(isDown: true, set)
        if piece == .mixture { set(0xBD, 0x3F) }
    }

    private func strike(_ chip: any BenchedChip, isDown: Bool, at position: Int) {
        OPLSpeed.strike(isDown: isDown) { chip.writeRegister($0, $1, at: OPLSpeed.time(position)) }
    }

    private static func strike(isDown: Bool, _ set: (_ register: Int, _ value: UInt8) -> Void) {
        for bank in [0, 0x100] {
            for channel in 0..<9 { set(bank + 0xB0 + channel, isDown ? 0x32 : 0x12) }
        }
    }
}

/// What both chips have.
protocol BenchedChip: AnyObject {
    func writeRegister(_ register: Int, _ value: UInt8, at now: Tick)
    func generate(into frames: UnsafeMutableBufferPointer<Int16>, until now: Tick) -> Int
}

extension YamahaYMF262: BenchedChip {}
extension YamahaYM3812: BenchedChip {}
