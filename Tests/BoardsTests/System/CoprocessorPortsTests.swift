import Boards
import Core
import TestSupport
import Testing

@Suite struct CoprocessorPortsTests {
    private let ports = PortMap()
    private let now = Tick(1)

    @Test("bit 7 of port A0h lets the 8087's interrupt through")
    func mask() {
        let (request, nmi, lines) = (Line(), Line(), LineRecorder())
        let mask = NMIMask(nmi: nmi)
        mask.attach(to: ports)
        request.connect(to: mask, as: 0)
        nmi.connect(to: lines, as: 0)
        request.set(true, at: now)
        #expect(!nmi.isAsserted)
        ports.write8(0xA0, 0x80, at: now)
        #expect(nmi.isAsserted)
        ports.write8(0xA0, 0x7F, at: now)
        #expect(!nmi.isAsserted)
        ports.write8(0xA0, 0xFF, at: now)
        request.set(false, at: now)
        #expect(!nmi.isAsserted)
        #expect(lines.changes.count == 4)
        #expect(ports.read8(0xA0, at: now) == 0xFF)
    }

    @Test("an error is latched until F0h is written; F1h resets the coprocessor too")
    func latch() {
        let (error, interrupt, hold, reset, lines) = (Line(), Line(), Line(), Line(), LineRecorder())
        let latch = NumericErrorLatch(interrupt: interrupt, busyHold: hold, reset: reset)
        latch.attach(to: ports)
        error.connect(to: latch, as: 0)
        reset.connect(to: lines, as: 0)
        for (port, pulses) in [(UInt16(0xF0), 0), (0xF1, 2)] {
            error.set(true, at: now)
            error.set(false, at: now)
            #expect(interrupt.isAsserted)
            #expect(hold.isAsserted)
            ports.write8(port, 0, at: now)
            #expect(!interrupt.isAsserted)
            #expect(!hold.isAsserted)
            #expect(lines.changes.count == pulses)
        }
    }

    @Test("states come back with the levels of the lines")
    func states() {
        let lines = (0..<8).map { _ in Line() }
        let first = NumericErrorLatch(interrupt: lines[0], busyHold: lines[1], reset: lines[2])
        first.lineDidChange(0, isAsserted: true, at: now)
        let second = NumericErrorLatch(interrupt: lines[3], busyHold: lines[4], reset: lines[5])
        #expect(restore(second, from: savedState(first)) == nil)
        #expect(lines[3].isAsserted && lines[4].isAsserted && !lines[5].isAsserted)
        let mask = NMIMask(nmi: lines[6])
        mask.lineDidChange(0, isAsserted: true, at: now)
        mask.writePort(0xA0, 0x80, at: now)
        let other = NMIMask(nmi: lines[7])
        #expect(restore(other, from: savedState(mask)) == nil)
        #expect(lines[7].isAsserted)
    }
}
