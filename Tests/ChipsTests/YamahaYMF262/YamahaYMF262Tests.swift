import Core
import TestSupport
import Testing

@testable import Chips

@Suite struct YamahaYMF262Tests {
    private let sample = Tick(176 * 288)

    private func write(_ chip: some PortDevice, _ register: UInt8, _ value: UInt8, at now: Tick) {
        chip.writePort(0x388, register, at: now)
        chip.writePort(0x389, value, at: now)
    }

    @Test func `a sample takes 288 clocks of 14_31818 MHz`() {
        #expect(YamahaYMF262.sampleRate.time(ofCycle: 1) == sample)
        #expect(YamahaYM3812.sampleRate == YamahaYMF262.sampleRate)
        #expect(YamahaYMF262.sampleRate.cycles(at: .seconds(1)) == 49_715)
    }

    /// As AdLib's own programming guide says, with the 80 us that programs wait for.
    private func detect(_ chip: some PortDevice) -> (before: UInt8, after: UInt8) {
        var now = Tick.milliseconds(20)
        write(chip, 0x04, 0x60, at: now)
        write(chip, 0x04, 0x80, at: now)
        let before = chip.readPort(0x388, at: now)
        write(chip, 0x02, 0xFF, at: now)
        write(chip, 0x04, 0x21, at: now)
        // 100 reads of the status port, of about 1 us each.
        for _ in 0..<100 {
            _ = chip.readPort(0x388, at: now)
            now += .microseconds(1)
        }
        let after = chip.readPort(0x388, at: now)
        write(chip, 0x04, 0x60, at: now)
        write(chip, 0x04, 0x80, at: now)
        #expect(chip.readPort(0x388, at: now) & 0xE0 == 0)
        return (before, after)
    }

    @Test func `programs find the chips, and tell one from the other`() {
        let opl3 = detect(YamahaYMF262())
        #expect(opl3 == (0x00, 0xC0))
        let opl2 = detect(YamahaYM3812())
        #expect(opl2 == (0x06, 0xC6))
    }

    private static let timers: [(UInt8, UInt8, Int64, UInt8)] = [(0x01, 0x02, 4, 0x40), (0x02, 0x03, 16, 0x20)]

    @Test(arguments: [0, 0x9C, 0xFF] as [UInt8])
    func `timers count in steps of 4 and 16 samples`(_ preset: UInt8) {
        let counts = 256 - Int64(preset)
        for (control, register, length, flag) in Self.timers {
            let chip = YamahaYMF262()
            write(chip, register, preset, at: .zero)
            write(chip, 0x04, control, at: .zero)
            let end = sample * (counts * length)
            #expect(chip.readPort(0x388, at: end - Tick(1)) == 0)
            #expect(chip.readPort(0x388, at: end) == 0x80 | flag)
            // The flag stays; the timer goes on.
            write(chip, 0x04, 0x80, at: end)
            #expect(chip.readPort(0x388, at: end + end - Tick(1)) == 0)
            #expect(chip.readPort(0x388, at: end + end) == 0x80 | flag)
        }
    }

    @Test func `the interrupt line rises at the timer's time, and a mask holds it`() {
        let scheduler = Scheduler()
        let (line, recorder) = (Line(), LineRecorder())
        line.connect(to: recorder, as: 3)
        let chip = YamahaYMF262(interrupt: line, slot: scheduler.makeSlot("OPL"))
        write(chip, 0x02, 0xF0, at: .zero)
        write(chip, 0x04, 0x41, at: .zero)
        scheduler.deliver(through: .milliseconds(5))
        #expect(recorder.changes.isEmpty)
        write(chip, 0x04, 0x00, at: .milliseconds(5))
        write(chip, 0x04, 0x01, at: .milliseconds(5))
        scheduler.deliver(through: .milliseconds(20))
        let count = YamahaYMF262.sampleRate.cycles(at: .milliseconds(5)) / 4 + 16
        #expect(recorder.changes == [.init(line: 3, isAsserted: true, time: sample * (4 * count))])
        write(chip, 0x04, 0x80, at: .milliseconds(20))
        #expect(recorder.changes.count == 2)
    }

    @Test func `the second bank is there once 105h has said so`() {
        let chip = YamahaYMF262()
        chip.writePort(0x38A, 0x20, at: .zero)
        chip.writePort(0x38B, 0x07, at: .zero)
        #expect(chip.chip.synthesizer.operators[0].multiple == 7)
        chip.writePort(0x38A, 0x05, at: .zero)
        chip.writePort(0x38B, 0x01, at: .zero)
        chip.writePort(0x38A, 0x20, at: .zero)
        chip.writePort(0x38B, 0x09, at: .zero)
        #expect(chip.chip.synthesizer.operators[18].multiple == 9)
        #expect(chip.readPort(0x389, at: .zero) == 0xFF && chip.peekPort(0x38A, at: .zero) == 0xFF)
    }

    /// Random writes, times and draws, and a copy restored from the state at times.
    @Test(arguments: 1...10) func `a restored chip goes on like the one it was taken from`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let chip = YamahaYMF262()
        var copy = YamahaYMF262()
        var now = Tick.zero
        for step in 0..<600 {
            now += Tick(Int64.random(in: 0...4_000_000, using: &random))
            let register = Int.random(in: 0...0x1FF, using: &random)
            let value = UInt8.random(in: 0...255, using: &random)
            for chip in [chip, copy] { chip.writeRegister(register, value, at: now) }
            if step % 20 == 7 {
                let isEqual = draw(chip, until: now) == draw(copy, until: now)
                #expect(isEqual)
            }
            if step % 50 == 31 {
                // Frames that wait are not state.
                let isEqual = draw(chip, until: now) == draw(copy, until: now)
                #expect(isEqual)
                #expect(savedState(chip) == savedState(copy))
                copy = YamahaYMF262()
                #expect(restore(copy, from: savedState(chip)) == nil)
            }
        }
        #expect(savedState(chip) == savedState(copy))
    }

    @Test func `one advance or many give the same`() {
        let (one, many) = (YamahaYMF262(), YamahaYMF262())
        let stream = RegisterStream.random(seed: 5, samples: 2_000, gap: 10, registers: 0..<0x200)
        for write in stream.writes {
            let now = sample * Int64(write.sample)
            for chip in [one, many] { chip.writeRegister(write.register, write.value, at: now) }
        }
        let end = Tick.milliseconds(900)
        for step in stride(from: sample.count * 2_001, to: end.count, by: 333_333) { many.advance(to: Tick(step)) }
        one.advance(to: end)
        many.advance(to: end)
        #expect(savedState(one) == savedState(many))
    }

    @Test func `frames that nobody draws wait until there are 4096`() {
        let chip = YamahaYMF262()
        chip.advance(to: .seconds(1))
        #expect(draw(chip, until: .seconds(1)).count == 2 * 4_096)
        #expect(draw(chip, until: .seconds(1)).isEmpty)
        #expect(draw(chip, until: .seconds(1) + sample).count == 2)
    }

    @Test(arguments: 1...40) func `damaged states are refused or run without harm`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for chip in [YamahaYMF262(), YamahaYM3812()] as [any PortDevice & StateChunk] {
            write(chip, 0x01, 0x20, at: .zero)
            chip.writePort(0x38A, 0x05, at: .zero)
            chip.writePort(0x38B, 0x01, at: .zero)
            for register in 0x20...0xF5 {
                write(chip, UInt8(register), UInt8.random(in: 0...255, using: &random), at: sample * 100)
            }
            var bytes = savedState(chip)
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                bytes[Int.random(in: 16..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = restore(chip, from: bytes)
            chip.stateDidRestore()
            for step in 0..<400 {
                // Frequencies, keys and connections of all channels, so that every kind of channel is met.
                let register = 0xA0 + UInt8(step / 9 % 3 * 16 + step % 9)
                write(chip, register, UInt8.random(in: 0...255, using: &random), at: sample * Int64(120 + 2 * step))
            }
            #expect(chip.readPort(0x388, at: sample * 900) & 1 == 0)
        }
    }

    @Test func `a state with a channel that cannot be is refused`() {
        let chip = YamahaYMF262()
        chip.chip.synthesizer.channels[0].kind = .fourOperatorsSecond
        #expect(restore(YamahaYMF262(), from: savedState(chip))?.contains("channel") == true)
        chip.chip.synthesizer.channels[0].kind = .fourOperatorsFirst
        #expect(restore(YamahaYMF262(), from: savedState(chip)) == nil)
    }

    private func draw(_ chip: YamahaYMF262, until now: Tick) -> [Int16] {
        var buffer = [Int16](repeating: 0, count: 10_000)
        let count = buffer.withUnsafeMutableBufferPointer { chip.generate(into: $0, until: now) }
        return Array(buffer.prefix(2 * count))
    }
}
