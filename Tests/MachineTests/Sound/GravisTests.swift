import Boards
import Core
import Machine
import TestSupport
import Testing

extension Assembly {
    /// Eight bits to a register of a GF1 at 340h.
    fileprivate mutating func gravis(_ register: UInt8, _ value: UInt8) {
        out(at: 0x343, register)
        out(at: 0x345, value)
    }

    /// Sixteen bits to a register.
    fileprivate mutating func gravisWord(_ register: UInt8, _ value: UInt16) {
        out(at: 0x343, register)
        mov(.dx, 0x344)
        mov(.ax, value)
        code(0xEF)
    }

    /// As programs look for the card: reset it, write to its memory, read again. Ends with 1 if it is not there.
    fileprivate mutating func findGravis() {
        gravis(0x4C, 0)
        for _ in 0..<7 { code(0xEC) }
        gravis(0x4C, 1)
        for _ in 0..<7 { code(0xEC) }
        gravisWord(0x43, 0)
        gravis(0x44, 0)
        out(at: 0x347, 0xAA)
        // IN AL, DX; CMP AL, AAh.
        code(0xEC, 0x3C, 0xAA)
        jump(0x74, "found")
        exit(1)
        label("found")
        gravis(0x4C, 7)
    }

    /// Bytes of the program to the beginning of the card's memory.
    fileprivate mutating func pokeGravis(_ label: String, _ count: Int) {
        mov(.si, label)
        mov(.cx, UInt16(count))
        code(0x31, 0xDB)  // XOR BX, BX
        self.label("poke")
        out(at: 0x343, 0x43)
        // INC DX; MOV AX, BX; OUT DX, AX; MOV DX, 347h; LODSB; OUT DX, AL; INC BX; LOOP.
        code(0x42, 0x89, 0xD8, 0xEF)
        mov(.dx, 0x347)
        code(0xAC, 0xEE, 0x43)
        jump(0xE2, "poke")
    }

    /// The voice plays 64 samples of the card's memory again and again, in the middle at its loudest.
    fileprivate mutating func playGravis(voice: UInt8 = 0, step: UInt16, control: UInt8, volume: UInt16 = 0xFFF0) {
        out(at: 0x342, voice)
        for (register, value): (UInt8, UInt16) in [
            (0x02, 0), (0x03, 0), (0x04, 0), (0x05, 64 << 9), (0x0A, 0), (0x0B, 0), (0x01, step), (0x09, volume),
        ] { gravisWord(register, value) }
        gravis(0x0C, 7)
        gravis(0x00, control)
    }

    /// One period of a sine and its first sample again; 16 bits take the low byte first.
    fileprivate mutating func sineData(isWide: Bool) {
        let samples = (0...64).map { Int((100 * Assembly.sineTable[$0 & 63]).rounded()) }
        data("sine", samples.flatMap { isWide ? [0, UInt8(truncatingIfNeeded: $0)] : [UInt8(truncatingIfNeeded: $0)] })
    }
}

/// Programs that drive a Gravis UltraSound, and what is heard of them.
@Suite struct GravisTests {
    private static func sound(_ change: (inout SoundConfiguration) -> Void = { _ in }) -> SoundConfiguration {
        var sound = SoundConfiguration()
        sound.card = .gus
        change(&sound)
        return sound
    }

    /// A sine of 64 samples, on a card with this many voices.
    private static func sine(voices: UInt8 = 14, isWide: Bool = false, step: UInt16 = 0x0400) -> (inout Assembly) ->
        Void
    {
        { program in
            program.findGravis()
            program.gravis(0x0E, 0xC0 | (voices - 1))
            program.pokeGravis("sine", isWide ? 130 : 65)
            program.playGravis(step: step, control: isWide ? 0x0C : 0x08)
            program.sleep()
            program.sineData(isWide: isWide)
        }
    }

    /// The toolkit's rate for the number of voices, by 64 samples; the greatest sample is 100 of 128, the mantissa 511 of
    /// 512, and position 7 has 8/15 of the power on the left and 7/15 on the right.
    @Test(
        "a sine has its frequency and level",
        arguments: [(14, false, 1.0), (24, false, 1.5), (32, true, 0.4375)] as [(UInt8, Bool, Double)])
    func frequency(voices: UInt8, isWide: Bool, step: Double) throws {
        let run = try SoundRun(
            Self.sound(), Self.sine(voices: voices, isWide: isWide, step: UInt16(step * 512) << 1))
        run.run(until: .milliseconds(1_500))
        let rate: Double = [14: 44_100, 24: 25_725, 32: 19_293.75][voices, default: 0]
        let hertz = rate * step / 64
        let (left, right) = (run.spectrum(run.left()), run.spectrum(run.right()))
        #expect(abs(left.strongest() - hertz) < 0.05)
        let level: Double = 25_550 * (8.0 / 15).squareRoot()
        let error = decibels(left.amplitude(near: hertz) / level)
        #expect(abs(error) < 0.9)
        let balance = decibels(right.amplitude(near: hertz) / left.amplitude(near: hertz))
        let expected = decibels((7.0 / 8).squareRoot())
        #expect(abs(balance - expected) < 0.02)
    }

    @Test("the converter's steps have images, and nothing else is there")
    func purity() throws {
        let run = try SoundRun(Self.sound(), Self.sine(isWide: true))
        run.run(until: .milliseconds(1_500))
        // Sine of 6.6 bits at 44,100 / 64 Hz: its errors are harmonics.
        let rest = run.spectrum(run.left()).strongest(besideHarmonicsOf: 44_100.0 / 64)
        #expect(decibels(rest / 18_000) < -60)
    }

    /// Of 44,100 a second.
    private static func ticks(frames: Int64) -> Int64 { frames * Tick.perSecond / 44_100 }

    @Test("a program is interrupted each time a voice comes to its end")
    func interrupts() throws {
        func end(after count: UInt8) throws -> Tick {
            let run = try SoundRun(Self.sound { $0.gravisIRQ = 5 }) { program in
                program.findGravis()
                // INT 0Dh takes the source from 8Fh, counts, and acknowledges.
                program.mov(.dx, "handler")
                program.code(0xB0, 0x0D)  // MOV AL, 0Dh
                program.dos(0x25)
                program.code(0xE4, 0x21, 0x24, 0xDF, 0xE6, 0x21)  // IN AL, 21h; AND AL, DFh; OUT 21h, AL
                program.pokeGravis("sine", 65)
                program.playGravis(step: 0x0400, control: 0x28)
                program.label("wait")
                program.code(0x80, 0x3E)  // CMP BYTE [count], count
                program.word("count")
                program.code(count)
                program.jump(0x72, "wait")
                program.exit(0)
                program.label("handler")
                program.code(0x50, 0x52)  // PUSH AX; PUSH DX
                program.out(at: 0x343, 0x8F)
                program.code(0x42, 0x42, 0xEC)  // INC DX; INC DX; IN AL, DX
                program.code(0xFE, 0x06)  // INC BYTE [count]
                program.word("count")
                program.code(0xB0, 0x20, 0xE6, 0x20, 0x5A, 0x58, 0xCF)
                program.sineData(isWide: false)
                program.space("count", 1)
            }
            #expect(run.run(until: .seconds(3)) == .exited(status: 0))
            return run.machine.now
        }
        // 64 frames each.
        let passed = try end(after: 220) - end(after: 20)
        let expected = GravisTests.ticks(frames: 200 * 64)
        #expect(abs(passed.count - expected) < Tick.microseconds(100).count)
    }

    @Test("the same is heard however the machine is run, and a state goes on in the middle of a sound")
    func slices() throws {
        let program: (inout Assembly) -> Void = { program in
            program.findGravis()
            program.gravis(0x0E, 0xC0 | 31)
            program.pokeGravis("sine", 65)
            for voice: UInt8 in 0..<8 {
                program.playGravis(voice: voice, step: 0x0123 * UInt16(voice + 1), control: 0x18, volume: 0xA000)
                program.gravis(0x06, 0x80 | voice)
                program.gravis(0x07, 0x80)
                program.gravis(0x08, 0xD0)
                program.gravis(0x0D, 0x18)
            }
            program.sleep()
            program.sineData(isWide: false)
        }
        let first = try SoundRun(Self.sound(), program)
        let second = try SoundRun(Self.sound(), program)
        let unheard = try SoundRun(Self.sound(), rate: nil, program)
        first.run(until: .milliseconds(600), slice: .milliseconds(600))
        second.run(until: .milliseconds(600), slice: Tick(7_777_777))
        unheard.run(until: .milliseconds(600))
        var areEqual = first.samples == second.samples
        #expect(areEqual)
        #expect(first.samples.contains { abs($0) > 500 })
        #expect(first.machine.stateHash() == unheard.machine.stateHash())
        let restored = try SoundRun(Self.sound(), program)
        try restored.machine.restoreState(first.machine.saveState())
        first.machine.startListening(rate: 48_000)
        let start = first.samples.count
        first.run(until: .milliseconds(900))
        restored.run(until: .milliseconds(900))
        areEqual = Array(first.samples[start...]) == restored.samples
        #expect(areEqual)
        #expect(restored.samples.count > 2 * 48 * 250)
    }

    @Test("its volume is set by its own part, and it plays beside a Sound Blaster")
    func volume() throws {
        let run = try SoundRun(Self.sound { ($0.card, $0.hasGravis) = (.sb16, true) }, Self.sine())
        run.run(until: .milliseconds(1_000))
        let full = run.spectrum(run.left()).amplitude(near: 689)
        run.machine.soundVolumes[.gus] = 50
        run.run(until: .milliseconds(2_000))
        let half = run.spectrum(run.left()).amplitude(near: 689)
        #expect(abs(half / full - 0.5) < 0.01)
    }

    @Test("a machine without the card has no memory for it in its state")
    func size() throws {
        func size(_ card: SoundCard) throws -> Int {
            let run = try SoundRun(Self.sound { $0.card = card }) { $0.sleep() }
            run.run(until: .milliseconds(500))
            return run.machine.saveState().count
        }
        let (with, without) = (try size(.gus), try size(.none))
        #expect(with - without < 6_000)
    }

    @Test("what cannot be set is refused")
    func problems() {
        #expect(Self.sound().problem(family: .at) == nil && Self.sound().problem(family: .xt) == nil)
        #expect(Self.sound { $0.gravisDMA = 2 }.problem(family: .at) != nil)
        #expect(
            Self.sound { ($0.card, $0.hasGravis, $0.gravisBase) = (.sb16, true, 0x220) }.problem(family: .at) != nil)
        #expect(Self.sound { ($0.hasMPU401, $0.gravisBase) = (true, 0x230) }.problem(family: .at) != nil)
        #expect(Self.sound { $0.hasGravis = false }.gravis(family: .at) == nil)
        #expect(Self.sound().gravis(family: .xt)?.variable == "240,3,3,5,5")
    }
}
