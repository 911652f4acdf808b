import Boards
import Core
import Machine
import Storage
import TestSupport
import Testing

@Suite("Sound of whole machines")
struct MachineSoundTests {
    private static func sound(_ change: (inout SoundConfiguration) -> Void = { _ in }) -> SoundConfiguration {
        var sound = SoundConfiguration()
        change(&sound)
        return sound
    }

    @Test(
        "the loudspeaker has the timer's frequency, its level, and no aliases",
        arguments: [(MachineProfile.small, UInt16(1_193)), (.small, 149), (.xt, 2_712)])
    func speaker(profile: MachineProfile, divisor: UInt16) throws {
        let run = try SoundRun(Self.sound(), profile: profile) { program in
            program.speakerTone(divisor: divisor)
            program.sleep()
        }
        run.run(until: .milliseconds(1_500))
        let hertz = 315_000_000.0 / 22 / 12 / Double(divisor)
        let spectrum = run.spectrum(run.left())
        // PCSpeaker.amplitude from rest to pushed out.
        let level = 8_192 * 4 / Double.pi
        #expect(abs(spectrum.strongest() - hertz) < 0.1)
        #expect(abs(decibels(spectrum.amplitude(near: hertz) / level)) < 0.9)
        #expect(decibels(spectrum.strongest(besideHarmonicsOf: hertz) / level) < -60)
        #expect(run.left() == run.right())
    }

    @Test("FM music has its frequency at the card's level", arguments: [SoundCard.adlib, .sb1, .sbpro, .sbpro2, .sb16])
    func music(card: SoundCard) throws {
        let run = try SoundRun(Self.sound { $0.card = card }) { program in
            program.fmTone()
            program.sleep()
        }
        run.run(until: .milliseconds(1_500))
        let spectrum = run.spectrum(run.left())
        #expect(abs(spectrum.strongest() - 580 * 49_715.909 / 65_536) < 0.05)
        // An operator at full level is 4,085 of the converter's 32,767.
        #expect(abs(decibels(spectrum.amplitude(near: 440) / 4_085)) < 1.5)
        #expect(abs(decibels(run.spectrum(run.right()).amplitude(near: 440) / spectrum.amplitude(near: 440))) < 0.1)
    }

    @Test(
        "the generators of PCjr and Tandy have the frequency of their numbers",
        arguments: [BoardSound.pcjr, .tandy, .tandydac])
    func generator(board: BoardSound) throws {
        let run = try SoundRun(Self.sound { $0.board = board }, profile: .xt) { program in
            // Tone 1: number 254, no attenuation; the others are silent.
            for value: UInt8 in [0x8E, 0x0F, 0x90, 0xBF, 0xDF, 0xFF] { program.out(0xC0, value) }
            program.sleep()
        }
        run.run(until: .milliseconds(1_500))
        let hertz = 315_000_000.0 / 88 / 32 / 254
        let spectrum = run.spectrum(run.left())
        #expect(abs(spectrum.strongest() - hertz) < 0.05)
        #expect(abs(decibels(spectrum.amplitude(near: hertz) / (8_191 / 2 * 4 / Double.pi))) < 0.9)
        #expect(decibels(spectrum.strongest(besideHarmonicsOf: hertz) / 5_200) < -60)
    }

    @Test(
        "a tone of the Game Blaster's chips is on the side to which its amplitude says",
        arguments: [SoundCard.gameblaster, .sb1, .sb2])
    func gameBlaster(card: SoundCard) throws {
        let sound = Self.sound {
            $0.card = card
            $0.hasMusicSystem = card == .sb2 ? true : nil
        }
        let run = try SoundRun(sound) { program in
            let registers: [(UInt8, UInt8)] = [
                (0x1C, 0x02), (0x00, 0x0F), (0x08, 0x55), (0x10, 0x04), (0x14, 0x01), (0x1C, 0x01),
            ]
            for (register, value) in registers {
                program.out(at: 0x221, register)
                program.out(at: 0x220, value)
            }
            program.sleep()
        }
        run.run(until: .milliseconds(1_500))
        let hertz = 315_000_000.0 / 44 * 16 / (512 * (511 - 85))
        let spectrum = run.spectrum(run.left())
        #expect(abs(spectrum.strongest() - hertz) < 0.05)
        #expect(spectrum.amplitude(near: hertz) > 1_000)
        #expect(run.right().allSatisfy { $0 == 0 })
    }

    @Test("a Covox plays what is written to the printer port")
    func covox() throws {
        let run = try SoundRun(Self.sound { $0.parallel = .covox }) { program in
            program.mov(.dx, 0x378)
            program.label("loop")
            // XOR AL, AL; OUT DX, AL; a delay; MOV AL, 80h; OUT DX, AL; the same delay.
            for value: UInt8 in [0x00, 0x80] {
                program.code(0xB0, value, 0xEE)
                program.mov(.cx, 400)
                program.code(0xE2, 0xFE)
            }
            program.jump(0xEB, "loop")
        }
        run.run(until: .milliseconds(1_500))
        let spectrum = run.spectrum(run.left())
        let hertz = spectrum.strongest()
        #expect(hertz > 500)
        #expect(abs(decibels(spectrum.amplitude(near: hertz) / (8_192 * 4 / Double.pi))) < 0.9)
    }

    /// DMA without end.
    static func playDMA(_ program: inout Assembly) {
        program.dmaTone()
        program.sleep()
        program.waveData()
    }

    @Test("a Sound Blaster plays by DMA without end", arguments: [SoundCard.sb2, .sbpro, .sbpro2, .sb16])
    func automaticDMA(card: SoundCard) throws {
        let run = try SoundRun(Self.sound { $0.card = card }, Self.playDMA)
        run.run(until: .milliseconds(1_500))
        let spectrum = run.spectrum(run.left())
        #expect(abs(spectrum.strongest() / 312.5 - 1) < 0.005)
        #expect(abs(decibels(spectrum.amplitude(near: spectrum.strongest()) / 25_600)) < 1.5)
        #expect(run.left() == run.right())
    }

    // MARK: The run

    private static let everything = sound {
        ($0.card, $0.parallel, $0.hasMPU401) = (.sb16, .disney, true)
    }

    /// Speaker, FM and converter together.
    private static func playAll(_ program: inout Assembly) {
        program.speakerTone(divisor: 3_000)
        program.fmTone()
        playDMA(&program)
    }

    @Test("the sound is the same however the machine is run and listened to")
    func slices() throws {
        func heard(_ slice: Tick) throws -> [Int16] {
            let run = try SoundRun(Self.everything, Self.playAll)
            run.run(until: .milliseconds(900), slice: slice)
            return run.samples
        }
        let whole = try heard(.milliseconds(900))
        let areEqual = try [Tick.milliseconds(1), Tick(33_333_331), Tick(777_777)].map { try heard($0) == whole }
        #expect(whole.count > 2 * 48 * 850)
        #expect(areEqual == [true, true, true])
    }

    @Test("a machine that is listened to goes the same way as one that is not")
    func sameState() throws {
        let heard = try SoundRun(Self.everything, Self.playAll)
        let unheard = try SoundRun(Self.everything, rate: nil, Self.playAll)
        heard.run(until: .milliseconds(700))
        unheard.run(until: .milliseconds(700), slice: .milliseconds(700))
        #expect(heard.machine.now == unheard.machine.now)
        #expect(heard.machine.stateHash() == unheard.machine.stateHash())
        #expect(heard.samples.contains { $0 != 0 })
    }

    @Test("a restored machine sounds as the one that was saved")
    func restored() throws {
        let first = try SoundRun(Self.everything, Self.playAll)
        first.run(until: .milliseconds(600))
        let state = first.machine.saveState()
        let second = try SoundRun(Self.everything, Self.playAll)
        try second.machine.restoreState(state)
        first.machine.startListening(rate: 48_000)
        let start = first.samples.count
        first.run(until: .milliseconds(1_200))
        second.run(until: .milliseconds(1_200))
        let isEqual = Array(first.samples[start...]) == second.samples
        #expect(isEqual)
        #expect(second.samples.count > 2 * 48 * 550)
    }

    @Test("volumes and mute work while the machine runs")
    func volumes() throws {
        let run = try SoundRun(Self.sound { $0.card = .adlib }) { program in
            program.speakerTone(divisor: 1_193)
            program.fmTone()
            program.sleep()
        }
        func levels(until end: Int64) -> (speaker: Double, music: Double) {
            run.run(until: .milliseconds(end))
            let spectrum = run.spectrum(run.left(16_384))
            return (spectrum.amplitude(near: 1_000), spectrum.amplitude(near: 440))
        }
        let full = levels(until: 1_000)
        run.machine.soundVolumes[.speaker] = 25
        let soft = levels(until: 2_000)
        #expect(abs(soft.speaker / full.speaker - 0.25) < 0.01 && abs(soft.music / full.music - 1) < 0.01)
        run.machine.soundVolumes.isMuted = true
        let muted = levels(until: 3_000)
        #expect(muted.speaker < 0.1 && muted.music < 0.1)
    }

    @Test("MIDI bytes and register writes reach who is connected")
    func taps() throws {
        let recorder = TapRecorder()
        let run = try SoundRun(Self.everything) { program in
            program.fm(0xBD, 0x20)
            program.out(at: 0x331, 0x3F)
            for byte: UInt8 in [0x90, 0x3C, 0x40] { program.out(at: 0x330, byte) }
            program.exit(0)
        }
        run.machine.connectMIDI(recorder)
        run.machine.connectSoundRegisters(recorder)
        run.run(until: .seconds(1))
        #expect(recorder.midi == [0x90, 0x3C, 0x40])
        #expect(recorder.writes == ["opl3 189 32"])
    }

    // MARK: Settings

    @Test("DOS finds the card in the variable BLASTER")
    func blaster() throws {
        func variable(_ name: String = "BLASTER=", _ change: (inout SoundConfiguration) -> Void) throws -> String? {
            let run = try SoundRun(Self.sound(change)) { program in
                // The environment, whose segment is in the PSP, to standard output.
                program.code(0x8E, 0x1E, 0x2C, 0x00)  // MOV DS, [2Ch]
                program.mov(.bx, 1)
                program.mov(.dx, 0)
                program.mov(.cx, 160)
                program.dos(0x40)
                program.exit(0)
            }
            run.run(until: .seconds(1))
            let screen = try #require(run.machine.textScreen()).text()
            return screen.firstRange(of: name).map { String(screen[$0.lowerBound...].prefix(32)) }
        }
        func starts(_ text: String?, _ start: String) -> Bool { text?.hasPrefix(start + " ") == true }
        #expect(starts(try variable { $0.card = .sb16 }, "BLASTER=A220 I5 D1 H5 P330 T6"))
        let moved = try variable { ($0.card, $0.base, $0.irq, $0.dma) = (.sbpro2, 0x240, 5, 3) }
        #expect(starts(moved, "BLASTER=A240 I5 D3 T4"))
        #expect(try variable { $0.card = .adlib } == nil)
        #expect(starts(try variable("ULTRASND=") { $0.card = .gus }, "ULTRASND=240,3,3,11,11"))
        #expect(try variable("ULTRASND=") { $0.card = .sb16 } == nil)
    }

    @Test("jumpers that a card does not have are refused")
    func problems() {
        #expect(Self.sound { ($0.card, $0.irq) = (.sb2, 10) }.problem(family: .at) != nil)
        #expect(Self.sound { ($0.card, $0.base) = (.sb16, 0x230) }.problem(family: .at) != nil)
        #expect(Self.sound { $0.board = .tandy }.problem(family: .at) != nil)
        #expect(Self.sound { $0.board = .tandy }.problem(family: .xt) == nil)
        #expect(Self.sound { ($0.card, $0.irq) = (.sb16, 10) }.problem(family: .at) == nil)
        #expect(Self.sound { ($0.card, $0.irq) = (.sb16, 10) }.problem(family: .xt) != nil)
        for card in SoundCard.allCases { #expect(Self.sound { $0.card = card }.problem(family: .xt) == nil) }
        for card in SoundCard.allCases { #expect(Self.sound { $0.card = card }.problem(family: .at) == nil) }
    }

    @Test("a Game Blaster without its chips is none, which is said")
    func gameBlasterWithoutChips() {
        func problem(_ card: SoundCard, _ hasMusicSystem: Bool?) -> String? {
            Self.sound { ($0.card, $0.hasMusicSystem) = (card, hasMusicSystem) }.problem(family: .at)
        }
        #expect(problem(.gameblaster, false)?.contains("set card to none") == true)
        #expect(problem(.gameblaster, true) == nil && problem(.gameblaster, nil) == nil)
        #expect(problem(.sb15, false) == nil && problem(.adlib, false) == nil)
    }

    // MARK: Bad input

    @Test("random writes to the ports of sound harm nobody", arguments: SoundCard.allCases)
    func randomWrites(card: SoundCard) throws {
        for stream in 0..<soundStreams(1) {
            let seed = card.rawValue.utf8.reduce(7) { $0 &* 31 &+ Int($1) } &+ stream
            try writeAtRandom(card, SeededGenerator(seed: UInt64(truncatingIfNeeded: seed)))
        }
    }

    private func writeAtRandom(_ card: SoundCard, _ generator: SeededGenerator) throws {
        var random = generator
        let ports: [ClosedRange<UInt16>] = [
            0x00...0x0F, 0x40...0x43, 0x61...0x61, 0x80...0x8F, 0xC0...0xDF, 0x200...0x207, 0x220...0x22F,
            0x240...0x24F, 0x330...0x331, 0x340...0x347, 0x378...0x37A, 0x388...0x38B,
        ]
        let run = try SoundRun(
            Self.sound { ($0.card, $0.parallel, $0.hasMPU401) = (card, .disney, true) }
        ) { program in
            program.code(0xFA)
            for _ in 0..<2_500 {
                let range = ports[Int.random(in: 0..<ports.count, using: &random)]
                program.out(at: UInt16.random(in: range, using: &random), UInt8.random(in: 0...255, using: &random))
            }
            program.code(0xFB)
            program.sleep()
        }
        run.run(until: .milliseconds(500))
        let state = run.machine.saveState()
        try run.machine.restoreState(state)
        #expect(run.machine.saveState() == state)
        run.run(until: .milliseconds(900))
    }
}

private final class TapRecorder: MIDIOutput, SoundRegisterListener {
    var midi: [UInt8] = []
    var writes: [String] = []

    func sendMIDI(_ byte: UInt8, at now: Tick) { midi.append(byte) }

    func soundRegisterDidChange(_ register: Int, to value: UInt8, of chip: SoundChip, at now: Tick) {
        writes.append("\(chip.rawValue) \(register) \(value)")
    }
}
