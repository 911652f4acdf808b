import Chips
import Core
import TestSupport
import Testing

@testable import Machine

/// A level that changes at times that a test gives, as the speaker's or a converter's does.
private final class TestSteps: StepSource {
    let soundName = "test"
    let levels = LevelTrace()
    private let period: Int64
    private let high: Int16
    /// Half periods that are made.
    private var made: Int64 = 0
    var stop = Tick.never

    /// A square wave from 0 to `high`, its period in ticks.
    init(period: Int64, high: Int16) { (self.period, self.high) = (period, high) }

    func catchUpSound(to now: Tick) {
        while true {
            let time = Tick((made &+ 1) * period / 2)
            guard time <= now, time < stop else { return }
            made += 1
            let level = made & 1 != 0 ? high : 0
            levels.set(left: level, right: level / 2, at: time)
        }
    }
}

/// A sine at a rate of its own.
private final class TestSamples: SampledSource {
    let soundName = "test"
    let sampleRate: ClockRatio
    private let value: (Int64) -> (Int16, Int16)
    private var made: Int64 = 0

    init(rate: ClockRatio, value: @escaping (Int64) -> (Int16, Int16)) { (sampleRate, self.value) = (rate, value) }

    func generate(into frames: UnsafeMutableBufferPointer<Int16>, until now: Tick) -> Int {
        let count = min(Int(sampleRate.cycles(at: now) - made), frames.count / 2)
        for frame in 0..<max(count, 0) {
            let (left, right) = value(made)
            (frames[2 * frame], frames[2 * frame + 1]) = (left, right)
            made += 1
        }
        return max(count, 0)
    }
}

@Suite("Mixer")
struct MixerTests {
    private static let opl = ClockRatio(hertz: 315_000_000, over: 22 * 288)

    private static func paths(_ sources: any SoundSource...) -> [SoundPath] {
        sources.map { SoundPath(part: .sb, source: $0) }
    }

    private func mixer(_ rate: Int, _ paths: [SoundPath], at now: Tick = .zero) -> Mixer {
        Mixer(rate: rate, paths: paths, volumes: SoundVolumes(), at: now)
    }

    private func left(_ samples: [Int16]) -> [Double] {
        stride(from: 0, to: samples.count, by: 2).map { Double(samples[$0]) }
    }
    private func right(_ samples: [Int16]) -> [Double] {
        stride(from: 1, to: samples.count, by: 2).map { Double(samples[$0]) }
    }

    @Test(
        "a square wave has its frequency and level, and no aliases",
        arguments: [
            (44_100, 440.0), (44_100, 3_111), (44_100, 7_999), (48_000, 1_234), (48_000, 6_789), (48_000, 8_000.3),
        ])
    func squareWave(rate: Int, hertz: Double) throws {
        let period = Int64(Double(Tick.perSecond) / hertz)
        let actual = Double(Tick.perSecond) / Double(period)
        let mixer = mixer(rate, Self.paths(TestSteps(period: period, high: 20_000)))
        mixer.draw(until: Tick.milliseconds(1_900))
        let samples = left(try #require(mixer.take()).samples)
        let spectrum = Spectrum(samples.suffix(65_536), rate: rate)
        #expect(abs(spectrum.strongest() - actual) < 0.05)
        // The first harmonic of a square wave of 10,000 around its mean.
        let expected = 10_000 * 4 / Double.pi
        #expect(abs(decibels(spectrum.amplitude(near: actual) / expected)) < 0.9)
        #expect(decibels(spectrum.strongest(besideHarmonicsOf: actual) / expected) < -66)
    }

    @Test("samples of another rate keep frequency and level", arguments: [22_050, 44_100, 48_000, 96_000])
    func resampling(rate: Int) throws {
        let source = TestSamples(rate: Self.opl) { index in
            let angle = 2 * Double.pi * 5_000 * Double(index) / 49_715.909
            return (Int16(20_000 * sine(angle)), Int16(-10_000 * sine(angle)))
        }
        let mixer = mixer(rate, Self.paths(source))
        mixer.draw(until: Tick.milliseconds(1_600))
        let block = try #require(mixer.take())
        let spectrum = Spectrum(left(block.samples).suffix(32_768), rate: rate)
        #expect(abs(spectrum.strongest() - 5_000) < 0.05)
        #expect(abs(decibels(spectrum.amplitude(near: 5_000) / 20_000)) < 0.9)
        #expect(decibels(spectrum.strongest(besideHarmonicsOf: 5_000) / 20_000) < -66)
        #expect(abs(right(block.samples)[20_000] * 2 + left(block.samples)[20_000]) < 4)
    }

    @Test("what the output cannot carry is not heard as something else")
    func antialiasing() throws {
        let source = TestSamples(rate: Self.opl) { index in
            let value = Int16(20_000 * sine(2 * Double.pi * 15_000 * Double(index) / 49_715.909))
            return (value, value)
        }
        let mixer = mixer(22_050, Self.paths(source))
        mixer.draw(until: Tick.milliseconds(1_600))
        let peak = try #require(mixer.take()).samples.suffix(20_000).map { abs(Int($0)) }.max() ?? 0
        #expect(peak < 20)
    }

    @Test("how often the mixer draws changes no sample", arguments: [44_100, 48_000])
    func drawingPattern(rate: Int) throws {
        func run(_ portions: () -> Int64) -> [Int16] {
            let fm = TestSamples(rate: Self.opl) { index in
                (Int16(truncatingIfNeeded: index &* 7_919), Int16(truncatingIfNeeded: index / 400 & 1 * 20_000))
            }
            let steps = TestSteps(period: 1_234_567, high: 12_000)
            steps.stop = Tick.milliseconds(300)
            let mixer = mixer(
                rate,
                [
                    SoundPath(part: .speaker, source: steps, filterHertz: { 6_000 }), SoundPath(part: .opl, source: fm),
                ], at: Tick.milliseconds(7))
            var now = Tick.milliseconds(7)
            while now < Tick.seconds(1) {
                now = min(now + Tick(portions()), Tick.seconds(1))
                mixer.draw(until: now)
            }
            return mixer.take()?.samples ?? []
        }
        var random = SeededGenerator(seed: 5)
        let whole = run { Tick.perSecond }
        #expect(whole.count > 2 * rate * 9 / 10)
        let areEqual = [
            run { Tick.perSecond / 700 } == whole,
            run { Int64.random(in: 1...20_000_000, using: &random) } == whole,
            run { Int64.random(in: 1...200_000, using: &random) } == whole,
        ]
        #expect(areEqual == [true, true, true])
    }

    @Test("a constant level is silence, and goes on being it without work")
    func silence() throws {
        let steps = TestSteps(period: Tick.perSecond / 1_000, high: 16_000)
        steps.stop = Tick.milliseconds(100)
        let mixer = mixer(48_000, Self.paths(steps))
        mixer.draw(until: Tick.seconds(3))
        let samples = try #require(mixer.take()).samples
        #expect(samples[0..<9_000].contains { abs(Int($0)) > 5_000 })
        #expect(samples.suffix(2 * 48_000).allSatisfy { $0 == 0 })
        // An hour, in pieces that the queue of frames can hold.
        for second in stride(from: Int64(3), through: 3_600, by: 3) {
            mixer.draw(until: Tick.seconds(second))
            #expect(mixer.take()?.samples.contains { $0 != 0 } != true)
        }
    }

    @Test("blocks follow each other, and their time is that of their first frame")
    func times() throws {
        let steps = TestSteps(period: Tick.perSecond, high: 16_000)
        let mixer = mixer(48_000, Self.paths(steps), at: Tick.milliseconds(250))
        mixer.draw(until: Tick.milliseconds(400))
        let first = try #require(mixer.take())
        #expect(first.time == Tick.milliseconds(250))
        #expect(first.samples.count / 2 == 48 * 150 - 64)
        #expect(mixer.take() == nil)
        mixer.draw(until: Tick.milliseconds(600))
        let second = try #require(mixer.take())
        #expect(second.time == first.time + Tick(Tick.perSecond / 48_000 * Int64(first.samples.count / 2)))
        // The step at 500 ms is half way up at its time.
        let frame = Int((Tick.milliseconds(500) - second.time).count / (Tick.perSecond / 48_000))
        let values = left(second.samples)
        #expect(abs(values[frame] - 8_000) < 300)
        #expect(abs(values[frame - 1] + values[frame + 1] - 16_000) < 300)
        #expect(values[frame - 4] < 2_500 && values[frame + 4] > 13_500)
    }

    @Test("loud sums are bent, not wrapped")
    func clipping() throws {
        let sources = (0..<4).map { _ in TestSteps(period: Tick.perSecond / 100, high: 32_767) }
        let mixer = mixer(48_000, sources.map { SoundPath(part: .sb, source: $0) })
        mixer.draw(until: Tick.milliseconds(500))
        let values = left(try #require(mixer.take()).samples)
        #expect(values.max() ?? 0 > 31_000 && values.min() ?? 0 < -31_000)
        for second in stride(from: 96_000.0, through: -96_000, by: -7) {
            #expect(abs(Double(SoftClip.apply(second))) <= 32_767)
            if abs(second) <= 28_000 { #expect(Double(SoftClip.apply(second)) == second.rounded()) }
            #expect(SoftClip.apply(second) >= SoftClip.apply(second - 7))
        }
        #expect(SoftClip.apply(1e300) == 32_767 && SoftClip.apply(-1e300) == -32_767)
    }

    @Test("volume and mute work from their time on, by part")
    func volume() throws {
        let mixer = mixer(48_000, Self.paths(TestSteps(period: Tick.perSecond / 1_000, high: 16_000)))
        var volumes = SoundVolumes()
        func level(_ change: (inout SoundVolumes) -> Void) -> Double {
            change(&volumes)
            let now = Tick.seconds(Int64(mixer.nextDraw.count / Tick.perSecond))
            mixer.setVolumes(volumes, at: now)
            mixer.draw(until: now + Tick.milliseconds(500))
            _ = mixer.take()
            mixer.draw(until: now + Tick.seconds(1))
            return Spectrum(left(mixer.take()?.samples ?? []), rate: 48_000).amplitude(near: 1_000)
        }
        let full = level { _ in }
        #expect(full > 9_000)
        #expect(abs(level { $0[.sb] = 50 } / full - 0.5) < 0.01)
        #expect(abs(level { $0.master = 50 } / full - 0.25) < 0.01)
        #expect(level { $0.isMuted = true } < 0.01)
        #expect(abs(level { ($0.isMuted, $0.master, $0[.sb], $0[.opl]) = (false, 100, 100, 0) } / full - 1) < 0.01)
        #expect(abs(level { $0[.sb] = 1_000 } / full - 2) < 0.01)
    }

    @Test("the low-pass filter takes away what is above its edge")
    func filter() throws {
        func level(_ hertz: Double, edge: Int?) throws -> Double {
            let steps = TestSteps(period: Int64(Double(Tick.perSecond) / hertz), high: 16_000)
            let mixer = mixer(48_000, [SoundPath(part: .speaker, source: steps, filterHertz: { edge })])
            mixer.draw(until: Tick.seconds(1))
            return Spectrum(left(try #require(mixer.take()).samples).suffix(32_768), rate: 48_000).amplitude(
                near: hertz)
        }
        #expect(abs(decibels(try level(500, edge: 4_000) / level(500, edge: nil))) < 0.1)
        #expect(abs(decibels(try level(4_000, edge: 4_000) / level(4_000, edge: nil)) + 3) < 0.1)
        #expect(abs(decibels(try level(16_000, edge: 4_000) / level(16_000, edge: nil)) + 32.4) < 0.5)
    }
}

/// For sources: the value of a sine at an angle.
private func sine(_ angle: Double) -> Double { SignalFunctions.sinePi(angle / Double.pi) }
