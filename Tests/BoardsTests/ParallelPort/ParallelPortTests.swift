import Boards
import Core
import TestSupport
import Testing

@Suite struct ParallelPortTests {
    private let interrupt = Line()
    private var port: ParallelPort { ParallelPort(base: 0x378, interrupt: interrupt) }

    @Test func `an open port keeps its data and control and reads 7Fh as its status`() {
        let port = port
        port.writePort(0x378, 0xA5, at: .zero)
        port.writePort(0x37A, 0x0C, at: .zero)
        #expect(port.readPort(0x378, at: .zero) == 0xA5)
        #expect(port.readPort(0x379, at: .zero) == 0x7F)
        #expect(port.readPort(0x37A, at: .zero) == 0xEC)
    }

    @Test func `a bidirectional port lets go of the data lines`() {
        let port = ParallelPort(base: 0x378, interrupt: interrupt, isBidirectional: true)
        port.writePort(0x378, 0x12, at: .zero)
        port.writePort(0x37A, 0x20, at: .zero)
        #expect(port.readPort(0x378, at: .zero) == 0xFF)
        port.writePort(0x37A, 0x00, at: .zero)
        #expect(port.readPort(0x378, at: .zero) == 0x12)
    }

    @Test func `ACK interrupts when it is allowed to, and the state keeps the line`() {
        let port = port
        port.lineDidChange(0, isAsserted: true, at: .zero)
        #expect(!interrupt.isAsserted)
        port.writePort(0x37A, 0x10, at: .zero)
        #expect(interrupt.isAsserted)
        let other = ParallelPort(base: 0x378, interrupt: Line())
        #expect(restore(other, from: savedState(port)) == nil)
        #expect(other.interrupt.isAsserted)
        port.lineDidChange(0, isAsserted: false, at: .zero)
        #expect(!interrupt.isAsserted)
    }

    @Test func `a Covox steps with every data byte`() {
        let port = port
        let covox = CovoxSpeechThing()
        port.attachment = covox
        covox.levels.isHeard = true
        port.writePort(0x378, 0xFF, at: Tick(5))
        port.writePort(0x378, 0x80, at: Tick(9))
        #expect(covox.levels.take(before: .never) == LevelChange(time: Tick(5), left: 32_640, right: 32_640))
        #expect(covox.levels.take(before: .never) == LevelChange(time: Tick(9), left: 16_384, right: 16_384))
    }

    /// As programs do: data, 0Ch, 04h.
    private func send(_ byte: UInt8, _ port: ParallelPort, at now: Tick) {
        port.writePort(0x378, byte, at: now)
        port.writePort(0x37A, 0x0C, at: now + .microseconds(2))
        port.writePort(0x37A, 0x04, at: now + .microseconds(6))
    }

    @Test func `a Disney Sound Source is full after 16 bytes, has room a clock later, and plays at 7 kHz`() {
        let port = port
        let source = DisneySoundSource()
        port.attachment = source
        source.levels.isHeard = true
        // 04h turns it on and takes the byte that is on the lines.
        port.writePort(0x37A, 0x04, at: Tick(1))
        source.catchUpSound(to: .milliseconds(10))
        // The clock after 10 ms = 70 clocks is at 10.142 ms; 16 bytes in 16 us each do not reach it if sent in 8 us.
        for byte in 1...16 {
            #expect(port.readPort(0x379, at: .milliseconds(10)) & 0x40 == 0)
            send(UInt8(byte * 10), port, at: .milliseconds(10) + .microseconds(Int64(byte) * 8))
        }
        let last = Tick.milliseconds(10) + .microseconds(141)
        #expect(port.readPort(0x379, at: last) & 0x40 != 0)
        send(0xFF, port, at: .milliseconds(10) + .microseconds(135))
        #expect(port.readPort(0x379, at: .milliseconds(10) + .microseconds(143)) & 0x40 == 0)
        source.catchUpSound(to: .seconds(1))
        for byte in 1...16 {
            let change = source.levels.take(before: .never)
            // 2,520,000,000 / 7,000 = 360,000 ticks a clock.
            #expect(change?.time == Tick(Int64(70 + byte) * 360_000))
            #expect(change?.left == Int16(byte * 10 * 128))
        }
        #expect(source.levels.take(before: .never) == nil)
    }

    @Test func `a strobe in which the clock falls loses nothing, two clocks without power lose what waits`() {
        let port = port
        let source = DisneySoundSource()
        port.attachment = source
        source.levels.isHeard = true
        port.writePort(0x37A, 0x04, at: Tick(1))
        source.catchUpSound(to: .milliseconds(10))
        for byte in 1...8 { send(UInt8(byte * 10), port, at: .milliseconds(10) + .microseconds(Int64(byte) * 8)) }
        // The 71st clock, between the two halves of a strobe.
        let clock = Tick(71 * 360_000)
        port.writePort(0x378, 90, at: clock - Tick(2_000))
        port.writePort(0x37A, 0x0C, at: clock - Tick(1_000))
        source.catchUpSound(to: clock + Tick(100))
        port.writePort(0x37A, 0x04, at: clock + Tick(1_000))
        source.catchUpSound(to: .milliseconds(20))
        for byte in 1...9 {
            let change = source.levels.take(before: .never)
            #expect(change?.time == Tick(Int64(70 + byte) * 360_000) && change?.left == Int16(byte * 10 * 128))
        }
        // Off at 20.1 ms: the clocks 141 and 142 follow.
        for byte in 1...8 { send(UInt8(byte), port, at: .milliseconds(20) + .microseconds(Int64(byte) * 8)) }
        port.writePort(0x37A, 0x0C, at: .milliseconds(20) + .microseconds(100))
        source.catchUpSound(to: .milliseconds(30))
        let changes = [source.levels.take(before: .never), source.levels.take(before: .never)]
        #expect(changes.map { $0?.time } == [Tick(141 * 360_000), Tick(142 * 360_000)])
        #expect(changes.map { $0?.left } == [128, 0] && source.levels.take(before: .never) == nil)
    }

    @Test(arguments: soundSeeds(8)) func `one step or many give the same, and a restored source goes on alike`(
        _ seed: UInt64
    ) {
        var dice = SeededGenerator(seed: seed)
        let ports = [port, port]
        let sources = [DisneySoundSource(), DisneySoundSource()]
        var third = DisneySoundSource()
        for (port, source) in zip(ports, sources) { port.attachment = source }
        let thirdPort = port
        var now = Tick.zero
        for _ in 0..<400 {
            thirdPort.attachment = third
            let register = UInt16.random(in: 0x378...0x37A, using: &dice)
            let value = UInt8.random(in: 0...255, using: &dice)
            for port in ports + [thirdPort] { port.writePort(register, value, at: now) }
            let span = Int64.random(in: 0...400_000, using: &dice)
            for part: Int64 in 1...4 { sources[1].catchUpSound(to: now + Tick(span * part / 4)) }
            now += Tick(span)
            #expect(ports[0].readPort(0x379, at: now) == ports[1].readPort(0x379, at: now))
            let bytes = savedState(third)
            third = DisneySoundSource()
            #expect(restore(third, from: bytes) == nil)
        }
        for source in sources + [third] { source.catchUpSound(to: now) }
        #expect(savedState(sources[0]) == savedState(sources[1]))
        #expect(savedState(sources[0]) == savedState(third))
    }
}
