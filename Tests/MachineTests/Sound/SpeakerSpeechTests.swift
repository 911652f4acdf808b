import Core
import Foundation
import Machine
import TestSupport
import Testing

@Suite("Recordings through the loudspeaker")
struct SpeakerSpeechTests {
    /// A counter-0 interrupt for each sample, whose value is the length of a pulse.
    private static let divisor: UInt8 = 74
    private static let rate = 315_000_000.0 / 22 / 12 / Double(divisor)
    private static let heardRate = 48_000

    /// Something like a voice: harmonics of a moving pitch from 300 to 3,400 Hz, louder and softer by formants.
    private static let recording: [Double] = {
        var phase = 0.0
        let count = 12_000
        return (0..<count).map { index in
            let time = Double(index) / rate
            let pitch = 150 + 60 * sin(2 * .pi * 1.3 * time)
            phase += 2 * .pi * pitch / rate
            var sum = 0.0
            for harmonic in 2...22 {
                let hertz = pitch * Double(harmonic)
                guard (300...3_400).contains(hertz) else { continue }
                let formant = 1 / (1 + pow((hertz - 700 - 300 * sin(7 * time)) / 300, 2))
                let second = 0.6 / (1 + pow((hertz - 2_200 + 400 * sin(5 * time)) / 400, 2))
                sum += (formant + second) * sin(Double(harmonic) * phase)
            }
            return sum * (0.6 + 0.4 * sin(2 * .pi * 3 * time)) / 4
        }
    }()

    private static func play(_ program: inout Assembly) {
        program.code(0xFA, 0x31, 0xC0, 0x8E, 0xC0)  // CLI; XOR AX, AX; MOV ES, AX
        program.code(0x26, 0xC7, 0x06, 0x20, 0x00)  // MOV WORD [ES:20h], handler
        program.word("handler")
        program.code(0x26, 0x8C, 0x0E, 0x22, 0x00)  // MOV [ES:22h], CS
        program.out(0x43, 0x90)
        program.code(0xE4, 0x61, 0x0C, 0x03, 0xE6, 0x61)
        program.out(0x43, 0x34)
        program.out(0x40, divisor)
        program.out(0x40, 0)
        program.mov(.si, "recording")
        program.code(0xFB)
        program.sleep()
        program.label("handler")
        program.code(0x50, 0x81, 0xFE)  // PUSH AX; CMP SI, end
        program.word("end")
        program.jump(0x73, "done")
        program.code(0xAC, 0xE6, 0x42)  // LODSB; OUT 42h, AL
        program.label("done")
        program.out(0x20, 0x20)
        program.code(0x58, 0xCF)  // POP AX; IRET
        // The output is low while the counter counts, so a high value is a short count.
        program.data("recording", recording.map { UInt8(min(max(37 - 34 * $0, 2), 72).rounded()) })
        program.data("end", [])
    }

    /// A band of 300 to 3,400 Hz by a filter of 601 taps.
    private static func telephone(_ samples: [Double]) -> [Double] {
        let taps = (-300...300).map { (n: Int) -> Double in
            func sinc(_ hertz: Double) -> Double {
                let x = 2 * hertz / Double(heardRate)
                return n == 0 ? x : sin(.pi * x * Double(n)) / (.pi * Double(n))
            }
            return (sinc(3_400) - sinc(300)) * (0.5 + 0.5 * cos(.pi * Double(n) / 301))
        }
        return (0..<samples.count).map { index in
            let first = max(0, index - 300), last = min(samples.count - 1, index + 300)
            return (first...last).reduce(0.0) { $0 + samples[$1] * taps[$1 - index + 300] }
        }
    }

    private static func correlation(_ a: ArraySlice<Double>, _ b: [Double]) -> Double {
        let (ab, aa, bb) = zip(a, b).reduce((0.0, 0.0, 0.0)) {
            ($0.0 + $1.0 * $1.1, $0.1 + $1.0 * $1.0, $0.2 + $1.1 * $1.1)
        }
        return ab / (aa * bb).squareRoot()
    }

    @Test("pulses of counter 2 play a recording")
    func pulseWidth() throws {
        let run = try SoundRun(SoundConfiguration(), isFiltering: true, Self.play)
        run.run(until: .milliseconds(1_500))
        let heard = run.left(run.samples.count / 2)
        let length = Int(Double(Self.recording.count) / Self.rate * Double(Self.heardRate))
        let expected = Self.telephone((0..<length).map { Self.recording[Int(Double($0) * Self.rate / 48_000)] })
        let start = try #require(heard.firstIndex { abs($0) > 500 })
        let band = Self.telephone(Array(heard[max(start - 1_000, 0)..<min(start + length + 2_000, heard.count)]))
        let best = (900...1_300).map { Self.correlation(band[$0..<min($0 + length, band.count)], expected) }.max() ?? 0
        #expect(best > 0.95)
    }
}
