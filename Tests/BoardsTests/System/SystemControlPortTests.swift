import Boards
import Chips
import Core
import TestSupport
import Testing

@Suite struct SystemControlPortTests {
    private let timer: Intel8254
    private let port: SystemControlPort
    private let gate = Line()
    private let speaker = Line()

    init() {
        timer = Intel8254(variant: .i8254, outputs: [Line(), Line(), Line()], slots: [nil, nil, nil])
        gate.connect(to: timer, as: 2)
        port = SystemControlPort(timer: timer, timerGate: gate, speakerData: speaker)
    }

    @Test("bit 4 changes every 15.085 us")
    func refresh() {
        var changes = 0
        var last = port.readPort(0x61, at: .zero) & 0x10
        for microsecond in Int64(1)...15_085 {
            let bit = port.readPort(0x61, at: .microseconds(microsecond)) & 0x10
            if bit != last { changes += 1 }
            last = bit
        }
        #expect((999...1_000).contains(changes))
    }

    @Test("timer 2 runs while its gate is open and its output shows in bit 5")
    func timer2() {
        let clock = ClockPeriod.timer
        timer.writePort(0x43, 0xB0, at: .zero)
        timer.writePort(0x42, 0x0A, at: .zero)
        timer.writePort(0x42, 0x00, at: .zero)
        #expect(port.readPort(0x61, at: clock * 100) & 0x2F == 0)
        port.writePort(0x61, 0xF1, at: clock * 100)
        #expect(port.readPort(0x61, at: clock * 109) & 0x2F == 0x01)
        #expect(port.readPort(0x61, at: clock * 110) & 0x2F == 0x21)
        #expect(!speaker.isAsserted)
        port.writePort(0x61, 0x02, at: clock * 111)
        #expect(speaker.isAsserted)
        #expect(!gate.isAsserted)
    }

    @Test("port 92h moves A20 and pulses reset; A20 is the OR of its sources")
    func fastGates() {
        let a20 = Line()
        let gateA20 = OrGate(chunkID: ChunkID("A20 "), output: a20)
        let (controller, fast, reset) = (Line(), Line(), Line())
        controller.connect(to: gateA20, as: 0)
        fast.connect(to: gateA20, as: 1)
        let recorder = LineRecorder()
        reset.connect(to: recorder, as: 0)
        let portA = SystemControlPortA(a20: fast, reset: reset)
        portA.writePort(0x92, 0x02, at: .zero)
        #expect(a20.isAsserted)
        #expect(portA.readPort(0x92, at: .zero) == 0x02)
        controller.set(true, at: .zero)
        portA.writePort(0x92, 0x00, at: .zero)
        #expect(a20.isAsserted)
        let copy = OrGate(chunkID: ChunkID("A20 "), output: Line())
        #expect(restore(copy, from: savedState(gateA20)) == nil)
        #expect(copy.output.isAsserted)
        controller.set(false, at: .zero)
        #expect(!a20.isAsserted)
        portA.writePort(0x92, 0x01, at: .zero)
        portA.writePort(0x92, 0x01, at: .zero)
        #expect(recorder.changes.map(\.isAsserted) == [true, false])
    }

    @Test("state survives a round trip")
    func roundTrip() {
        port.writePort(0x61, 0x0F, at: .zero)
        let other = SystemControlPort(timer: timer, timerGate: Line(), speakerData: Line())
        #expect(restore(other, from: savedState(port)) == nil)
        #expect(other.timerGate.isAsserted && other.speakerData.isAsserted)
        #expect(other.readPort(0x61, at: .zero) == port.readPort(0x61, at: .zero))
    }
}
