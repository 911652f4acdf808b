import Core
import Foundation
import Machine
import Storage

/// What sound costs: machines that play, with somebody who listens at 48,000 Hz and without.
struct SoundSpeed {
    let rounds: Int

    private static let rate = 48_000
    /// When every program plays, and every attack is over.
    private static let start = Tick.seconds(2)
    /// Emulated seconds of a measurement.
    private static let seconds = 2

    /// Host seconds for an emulated one.
    private struct Cost {
        var unheard = Double.infinity
        var heard = Double.infinity
        var isSilent = true

        var sound: Double { max(heard - unheard, 0) }
        var text: String {
            String(format: "%.2f %% without a listener, %.2f %% more with one", unheard * 100, sound * 100)
        }
    }

    func table() -> String {
        var lines = [
            "sound at 48,000 Hz, share of one processor (best of \(rounds) times \(SoundSpeed.seconds) seconds):"
        ]
        let blaster = { (sound: inout SoundConfiguration) in sound.card = .sb16 }
        func add(
            _ name: String, onXT: Bool = false, _ change: (inout SoundConfiguration) -> Void,
            _ play: (inout SoundPlayer) -> Void
        ) -> Cost {
            let cost = cost(onXT: onXT, change, play)
            lines.append("\(name): \(cost.text)\(cost.isSilent ? ", silent" : "")")
            return cost
        }
        _ = add("Sound Blaster 16 and speaker at rest", blaster) { _ in }
        _ = add("speaker, 1 kHz", { _ in }) { $0.playSpeaker() }
        _ = add("YMF262, all 18 voices", blaster) { $0.playFM() }
        let generator = add("SN76489, all voices", onXT: true, { $0.board = .pcjr }) { $0.playGenerator() }
        let pair = add("two SAA1099, all voices", { $0.card = .gameblaster }) { $0.playGameBlaster() }
        _ = add("Gravis UltraSound, 32 voices that loop", { $0.card = .gus }) { $0.playGravis() }
        let gravis = add("Gravis UltraSound, 32 voices that loop, with ramps", { $0.card = .gus }) {
            $0.playGravis()
            $0.rampGravis()
        }
        _ = add("Sound Blaster 16, DMA of 16 bits in stereo at 44,100 Hz", blaster) { $0.playDMA() }
        let together = add("speaker, YMF262 and DMA at once", blaster) {
            $0.playSpeaker()
            $0.playFM()
            $0.playDMA()
        }
        // No machine has all of them.
        let all = together.heard + generator.sound + pair.sound + gravis.sound
        lines.append(
            String(format: "with SN76489, two SAA1099 and UltraSound beside them: %.2f %% in all", all * 100))
        return lines.joined(separator: "\n")
    }

    /// Interleaved.
    private func cost(
        onXT: Bool, _ change: (inout SoundConfiguration) -> Void, _ play: (inout SoundPlayer) -> Void
    ) -> Cost {
        var player = SoundPlayer()
        play(&player)
        var profile = MachineProfile()
        if onXT {
            (profile.family, profile.model, profile.clockPeriod) = (.xt, .i8088, Tick(528))
            (profile.video, profile.extendedKilobytes) = (.cga, 0)
        }
        change(&profile.sound)
        let (unheard, heard) = (machine(profile, player.program), machine(profile, player.program))
        heard.startListening(rate: SoundSpeed.rate)
        var cost = Cost()
        _ = run(unheard, until: SoundSpeed.start)
        _ = run(heard, until: SoundSpeed.start)
        for round in 1...rounds {
            let end = SoundSpeed.start + .seconds(Int64(round * SoundSpeed.seconds))
            cost.unheard = min(cost.unheard, run(unheard, until: end).seconds / Double(SoundSpeed.seconds))
            let result = run(heard, until: end)
            cost.heard = min(cost.heard, result.seconds / Double(SoundSpeed.seconds))
            cost.isSilent = cost.isSilent && result.isSilent
        }
        return cost
    }

    /// Runs in slices of a host's audio buffer, and returns the processor time and whether nothing was heard.
    private func run(_ machine: PersonalComputer, until end: Tick) -> (seconds: Double, isSilent: Bool) {
        var blocks: [AudioBlock] = []
        let start = ProcessorTime.now
        while machine.now < end {
            let limit = min(machine.now + .milliseconds(20), end)
            while machine.now < limit {
                if case .stopped = machine.run(until: limit) { return (.infinity, true) }
            }
            if let block = machine.takeAudio() { blocks.append(block) }
        }
        let seconds = ProcessorTime.now - start
        return (seconds, blocks.allSatisfy { $0.samples.allSatisfy { $0 == 0 } })
    }

    private func machine(_ profile: MachineProfile, _ program: [UInt8]) -> PersonalComputer {
        let volume = MemoryVolume(clock: StoppedFileClock())
        do { try volume.load(["PLAY.COM": program]) } catch { preconditionFailure("no room for a program: \(error)") }
        var configuration = MachineConfiguration()
        configuration.profile = profile
        configuration.drives = [(letter: 2, volume: volume)]
        configuration.startup = [.program(path: Array("C:\\PLAY.COM".utf8), tail: [])]
        return PersonalComputer(configuration)
    }
}

/// A .COM program that sets up chips and then waits for ever.
struct SoundPlayer {
    private var code: [UInt8] = []

    /// With HLT and a jump back to it.
    var program: [UInt8] { code + [0xF4, 0xEB, 0xFD] }

    /// MOV DX, port; MOV AL, value; OUT DX, AL.
    private mutating func out(_ port: UInt16, _ value: UInt8) {
        code += [0xBA, UInt8(port & 0xFF), UInt8(port >> 8), 0xB0, value, 0xEE]
    }

    private mutating func out(_ port: UInt16, _ values: [UInt8]) { for value in values { out(port, value) } }

    /// Counter 2 divides by 1,193; IN AL, 61h; OR AL, 3; OUT 61h, AL.
    mutating func playSpeaker() {
        out(0x43, 0xB6)
        out(0x42, [0xA9, 0x04])
        code += [0xE4, 0x61, 0x0C, 0x03, 0xE6, 0x61]
    }

    mutating func playFM() {
        OPLSpeed.set(.melody) { register, value in
            let port: UInt16 = register < 0x100 ? 0x388 : 0x38A
            out(port, UInt8(register & 0xFF))
            out(port + 1, value)
        }
    }

    /// Three tones and white noise, without attenuation.
    mutating func playGenerator() {
        out(0xC0, [0x8E, 0x0F, 0x90, 0xA5, 0x0A, 0xB0, 0xC3, 0x07, 0xD0, 0xE4, 0xF0])
    }

    /// Six tones of each chip, on both sides.
    mutating func playGameBlaster() {
        for port: UInt16 in [0x220, 0x222] {
            let tones: [(UInt8, UInt8)] = (0..<6).flatMap { [($0, 0xAA), (8 + $0, 0x20 + 0x18 * $0)] }
            for (register, value) in [(0x1C, 2)] + tones + [
                (0x10, 0x33), (0x11, 0x44), (0x12, 0x55), (0x14, 0x3F), (0x1C, 1),
            ] {
                out(port + 1, register)
                out(port, value)
            }
        }
    }

    /// All voices loop through a sawtooth of 256 samples, each at its own rate.
    mutating func playGravis() {
        for value: UInt8 in [1, 7] { setGF1(0x4C, value) }
        setGF1(0x0E, 0xDF)
        setGF1(0x44, 0)
        for sample: UInt16 in 0..<256 {
            setGF1(0x43, word: sample)
            out(0x347, UInt8(sample))
        }
        for voice: UInt16 in 0..<32 {
            out(0x342, UInt8(voice))
            for (register, value): (UInt8, UInt16) in [
                (0x02, 0), (0x03, 0), (0x04, 1), (0x05, 255 << 9 & 0xFFFF), (0x0A, 0), (0x0B, 0),
                (0x01, 0x0202 + 0x55 * voice), (0x09, 0xB800),
            ] { setGF1(register, word: value) }
            setGF1(0x0C, UInt8(voice & 15))
            setGF1(0x00, 0x08)
        }
    }

    /// The volumes of all voices go up and down for ever: those of a quarter of them by a step each frame, the others by
    /// one each 8, 64 and 512.
    mutating func rampGravis() {
        for voice: UInt8 in 0..<32 {
            out(0x342, voice)
            for (register, value): (UInt8, UInt8) in [
                (0x06, voice << 6 | (voice + 1)), (0x07, 0x80), (0x08, 0xC0), (0x0D, 0x18),
            ] { setGF1(register, value) }
        }
    }

    private mutating func setGF1(_ register: UInt8, _ value: UInt8) {
        out(0x343, register)
        out(0x345, value)
    }

    private mutating func setGF1(_ register: UInt8, word: UInt16) {
        out(0x343, register)
        out(0x344, UInt8(word & 0xFF))
        out(0x345, UInt8(word >> 8))
    }

    /// A sawtooth of 2,048 frames at 80000h, again and again by channel 5.
    mutating func playDMA() {
        code += [0xB8, 0x00, 0x80, 0x8E, 0xC0]  // MOV AX, 8000h; MOV ES, AX
        code += [0x31, 0xFF, 0xB9, 0x00, 0x10]  // XOR DI, DI; MOV CX, 4096
        // MOV AX, DI; SHL AX, 4; STOSW; LOOP.
        code += [0x89, 0xF8, 0xC1, 0xE0, 0x04, 0xAB, 0xE2, 0xF8]
        out(0xD4, 0x05)
        out(0xD8, 0x00)
        out(0xD6, 0x59)
        out(0xC4, [0x00, 0x00])
        out(0x8B, 0x08)
        out(0xC6, [0xFF, 0x0F])
        out(0xD4, 0x01)
        for byte: UInt8 in [0x41, 0xAC, 0x44, 0xB6, 0x30, 0xFF, 0x07] {
            // MOV DX, 22Ch; until bit 7 is clear: IN AL, DX; OR AL, AL; JS.
            code += [0xBA, 0x2C, 0x02, 0xEC, 0x08, 0xC0, 0x78, 0xFB]
            out(0x22C, byte)
        }
    }
}
