import Chips
import Core
import TestSupport
import Testing

private final class Cable: MIDIOutput {
    var bytes: [UInt8] = []
    var times: [Tick] = []
    func sendMIDI(_ byte: UInt8, at now: Tick) {
        bytes.append(byte)
        times.append(now)
    }
}

@Suite struct Motorola6850Tests {
    private let scheduler = Scheduler()
    private let line = Line()
    private let recorder = LineRecorder()
    private let cable = Cable()
    private let chip: Motorola6850

    init() {
        chip = Motorola6850(interrupt: line, slot: scheduler.makeSlot("midi"))
        chip.output = cable
        line.connect(to: recorder, as: 0)
    }

    private func status(_ now: Tick = .zero) -> UInt8 { chip.read(0, at: now) }

    @Test("a byte leaves at once, a second waits its 320 us")
    func sending() {
        #expect(status() == 0x02)
        chip.write(1, 0x90, at: .zero)
        #expect(status() == 0x02)
        chip.write(1, 0x3C, at: .microseconds(10))
        #expect(status() == 0)
        scheduler.deliver(through: .microseconds(400))
        #expect(status() == 0x02)
        #expect(cable.bytes == [0x90, 0x3C])
        #expect(cable.times == [.zero, .microseconds(320)])
    }

    @Test("the transmitter interrupts while it can take a byte")
    func transmitInterrupt() {
        chip.write(0, 0x03, at: .zero)
        #expect(status() == 0)
        chip.write(0, 0x20, at: .zero)
        #expect(status() == 0x82)
        chip.write(1, 1, at: .zero)
        chip.write(1, 2, at: .zero)
        scheduler.deliver(through: .microseconds(320))
        chip.write(0, 0x00, at: .microseconds(330))
        #expect(recorder.changes.map(\.time) == [.zero, .zero, .microseconds(320), .microseconds(330)])
    }

    @Test("what is looped back is received, and lost if nobody reads it")
    func loop() {
        chip.isLoopedBack = true
        chip.write(0, 0x80, at: .zero)
        chip.write(1, 0x55, at: .zero)
        scheduler.deliver(through: .microseconds(320))
        #expect(status() == 0x83)
        #expect(chip.isReceiveInterrupt && !chip.isTransmitInterrupt)
        chip.write(1, 0xAA, at: .microseconds(320))
        scheduler.deliver(through: .microseconds(640))
        #expect(status() == 0xA3)
        #expect(chip.read(1, at: .microseconds(650)) == 0x55)
        #expect(status() == 0x02)
        #expect(recorder.changes.map(\.isAsserted) == [true, false])
    }

    @Test("a saved chip goes on with its byte")
    func state() {
        chip.write(1, 1, at: .zero)
        chip.write(1, 2, at: .zero)
        let other = Scheduler()
        let slot = other.makeSlot("midi")
        let copy = Motorola6850(interrupt: Line(), slot: slot)
        copy.output = cable
        #expect(restore(copy, from: savedState(chip)) == nil)
        #expect(restore(other, from: savedState(scheduler)) == nil)
        other.deliver(through: .milliseconds(1))
        #expect(cable.bytes == [1, 2])
        #expect(copy.read(0, at: .milliseconds(1)) == 0x02)
    }
}
