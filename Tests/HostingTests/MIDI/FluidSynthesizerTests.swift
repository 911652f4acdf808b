import Core
import TestSupport
import Testing

@testable import Hosting

private let hasFluidSynth: Bool = {
    do throws(HostingError) { _ = try FluidSynthesizer(soundFont: nil) } catch { return false }
    return true
}()

@Suite(.enabled(if: hasFluidSynth, "FluidSynth or a sound font is not installed")) struct FluidSynthesizerTests {
    /// A second and a half, drawn in pieces; a chord from 0.5 s on.
    private func play(pieces: Int, listensFrom start: Tick = .zero) throws -> [Int16] {
        let synth = try FluidSynthesizer(soundFont: nil)
        var bytes: [(UInt8, Tick)] = [(0xC0, .milliseconds(490)), (48, .milliseconds(491))]
        for (index, key) in [UInt8(57), 61, 64].enumerated() {
            let time = Tick.milliseconds(500 + Int64(index))
            bytes += [(0x90, time), (key, time), (100, time)]
        }
        var sound: [Int16] = []
        var buffer = [Int16](repeating: 0, count: 2_048)
        var next = 0
        for piece in 1...pieces {
            let now = Tick(Tick.perSecond * 3 / 2 * Int64(piece) / Int64(pieces))
            while next < bytes.count, bytes[next].1 < now {
                synth.sendMIDI(bytes[next].0, at: bytes[next].1)
                next += 1
            }
            while now >= start {
                let count = buffer.withUnsafeMutableBufferPointer { synth.generate(into: $0, until: now) }
                if count == 0 { break }
                sound += buffer[..<(count * 2)]
            }
        }
        return sound
    }

    @Test func aRunSoundsTheSameHoweverItIsDrawn() throws {
        let once = try play(pieces: 150)
        #expect(once.count == 72_000 * 2)
        // Silent before the chord, and loud after it.
        #expect(once[..<48_000].allSatisfy { abs($0) < 4 })
        #expect(once[72_000...].contains { abs($0) > 500 })
        #expect(try play(pieces: 150) == once)
        // Drawn in other pieces, from the chord on.
        #expect(try play(pieces: 31) == once)
    }

    @Test func whenNobodyListensNothingPilesUp() throws {
        let late = try play(pieces: 100, listensFrom: .milliseconds(1_490))
        #expect(late.count == 48_000 * 2)
        let synth = try FluidSynthesizer(soundFont: nil)
        for number in 0..<100_000 {
            synth.sendMIDI(UInt8(number % 3 == 0 ? 0x90 : number % 128), at: .microseconds(Int64(number) * 320))
        }
    }

    @Test(arguments: UInt64(1)...3) func anyBytesArePlayed(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let synth = try FluidSynthesizer(soundFont: nil)
        var buffer = [Int16](repeating: 0, count: 8_192)
        for number in Int64(0)..<5_000 {
            synth.sendMIDI(UInt8.random(in: 0...255, using: &random), at: .microseconds(number * 320))
            if number % 100 == 0 {
                _ = buffer.withUnsafeMutableBufferPointer {
                    synth.generate(into: $0, until: .microseconds(number * 320))
                }
            }
        }
    }

    @Test func aFileThatIsNoSoundFontIsALine() {
        #expect(throws: HostingError.self) { try FluidSynthesizer(soundFont: "/dev/null") }
        #expect {
            try FluidSynthesizer(soundFont: "/nonexistent.sf2")
        } throws: { ($0 as? HostingError)?.message == "/nonexistent.sf2: No such file or directory" }
    }
}
