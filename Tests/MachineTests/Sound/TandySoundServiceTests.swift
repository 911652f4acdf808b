import Core
import Machine
import TestSupport
import Testing

/// INT 1Ah AH=81h to 84h as programs use them, on a whole machine.
@Suite("Digital sound of the Tandy 1000's BIOS")
struct TandySoundServiceTests {
    private static var sound: SoundConfiguration {
        var sound = SoundConfiguration()
        sound.board = .tandydac
        return sound
    }

    /// 8,000 samples, 125 periods of 64; 3.579545 MHz / 447 is 8,008 Hz.
    private static let hertz = 315_000_000.0 / 88 / 447 / 64

    @Test("a block is found, played at its rate, and ends once")
    func block() throws {
        let run = try SoundRun(Self.sound, profile: .xt) { program in
            program.hookEnd()
            program.status(expectsBusy: false)
            program.play()
            program.jump(0x72, "bad")
            program.status(expectsBusy: true)
            program.play()
            program.jump(0x73, "bad")
            program.label("more")
            program.code(0xF4)  // HLT
            program.mov(.ax, 0x8100)
            program.interrupt(0x1A)
            program.jump(0x72, "more")
            program.finish()
        }
        let start = run.machine.now
        #expect(run.run(until: .seconds(4)) == .exited(status: 1))
        // 8,000 samples take 0.999 s.
        #expect(run.machine.now - start > .milliseconds(999))
        let spectrum = run.spectrum(run.left(32_768))
        #expect(abs(spectrum.strongest() - Self.hertz) < 0.2)
        #expect(abs(decibels(spectrum.amplitude(near: Self.hertz) / (100 * 128))) < 1.5)
    }

    @Test("AH=84h stops early, and no end follows")
    func stop() throws {
        let run = try SoundRun(Self.sound, profile: .xt) { program in
            program.hookEnd()
            program.play()
            program.jump(0x72, "bad")
            program.ticks(5)
            program.status(expectsBusy: true)
            program.movAH(0x84)
            program.interrupt(0x1A)
            program.status(expectsBusy: false)
            program.ticks(25)
            program.finish()
        }
        #expect(run.run(until: .seconds(4)) == .exited(status: 0))
        let isHeard = run.samples.contains { $0 > 8_000 }
        #expect(isHeard)
        #expect(run.spectrum(run.left(32_768)).amplitude(near: Self.hertz) < 0.1)
    }

    @Test("other machines do not know the calls", arguments: [nil, true])
    func others(hasGenerator: Bool?) throws {
        var sound = SoundConfiguration()
        if hasGenerator == true { sound.board = .tandy }
        let run = try SoundRun(sound, profile: .xt) { program in
            program.mov(.ax, 0x8100)
            program.interrupt(0x1A)
            program.code(0x3D, 0x00, 0x81)  // CMP AX, 8100h
            program.jump(0x75, "bad")
            program.exit(0)
            program.label("bad")
            program.exit(99)
        }
        #expect(run.run(until: .seconds(2)) == .exited(status: 0))
    }
}

extension Assembly {
    /// INT 15h counts AX=91FBh.
    fileprivate mutating func hookEnd() {
        mov(.ax, 0x2515)
        mov(.dx, "handler")
        interrupt(0x21)
    }

    /// INT 1Ah AX=8100h, to `bad` if it is not as expected.
    fileprivate mutating func status(expectsBusy: Bool) {
        mov(.ax, 0x8100)
        interrupt(0x1A)
        jump(expectsBusy ? 0x73 : 0x72, "bad")
        code(0x3D, 0xC4, 0x00)  // CMP AX, 00C4h
        jump(0x75, "bad")
    }

    /// INT 1Ah AH=83h: all of the wave at full volume.
    fileprivate mutating func play() {
        mov(.ax, 0x8307)
        mov(.cx, 8_000)
        mov(.dx, 447)
        mov(.bx, "wave")
        interrupt(0x1A)
    }

    /// Waits for interrupts of the timer, of 55 ms.
    fileprivate mutating func ticks(_ count: UInt16) {
        mov(.cx, count)
        label("ticks \(count)")
        code(0xF4)  // HLT
        jump(0xE2, "ticks \(count)")
    }

    /// Ends with the number of INT 15h AX=91FBh, or with 99 from `bad`; then what the program needs.
    fileprivate mutating func finish() {
        code(0xA0)  // MOV AL, [count]
        word("count")
        dos(0x4C)
        label("bad")
        exit(99)
        label("handler")
        code(0x3D, 0xFB, 0x91)  // CMP AX, 91FBh
        jump(0x75, "other")
        code(0x2E, 0xFE, 0x06)  // INC BYTE CS:[count]
        word("count")
        label("other")
        code(0xCF)  // IRET
        data("count", [0])
        data("wave", (0..<8_000).map { UInt8(128 + Int((100 * Assembly.sineTable[$0 & 63]).rounded())) })
    }
}
