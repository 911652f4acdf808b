import Boards
import Core
import TestSupport
import Testing

@Suite struct GamePortTests {
    private let port = GamePort()

    private func read(_ now: Tick) -> UInt8 { port.readPort(0x201, at: now) }

    @Test("an axis runs for 24.2 us and 0.011 us for each ohm")
    func durations() {
        #expect(GamePort.duration(ohms: 0).count == 60_984)
        #expect(GamePort.duration(ohms: 100_000).count == 60_984 + 2_772_000)
        port.setAxis(0, ohms: 50_000, at: .zero)
        port.setAxis(1, ohms: 0, at: .zero)
        port.writePort(0x201, 0, at: .zero)
        #expect(read(.zero) == 0xFF)
        #expect(read(Tick(60_983)) & 0b11 == 0b11)
        #expect(read(Tick(60_984)) & 0b11 == 0b01)
        let end = GamePort.duration(ohms: 50_000)
        #expect(read(end - Tick(1)) & 1 == 1)
        #expect(read(end) & 1 == 0)
    }

    @Test("axes without a joystick never end")
    func unplugged() {
        #expect(read(.zero) & 15 == 0)
        port.writePort(0x201, 0xFF, at: .zero)
        #expect(read(.seconds(3)) & 15 == 15)
        port.setAxis(2, ohms: 1_000, at: .seconds(3))
        #expect(read(.seconds(3)) & 15 == 0b1011)
    }

    @Test("a write while an axis runs does not start it again")
    func noRetrigger() {
        port.setAxis(0, ohms: 100_000, at: .zero)
        port.writePort(0x201, 0, at: .zero)
        port.writePort(0x201, 0, at: .microseconds(500))
        #expect(read(GamePort.duration(ohms: 100_000)) & 1 == 0)
    }

    @Test("buttons read 0 while pressed; odd numbers are ignored")
    func buttons() {
        port.setButton(0, isPressed: true, at: .zero)
        port.setButton(3, isPressed: true, at: .zero)
        port.setButton(9, isPressed: true, at: .zero)
        port.setAxis(-1, ohms: 5, at: .zero)
        #expect(read(.zero) >> 4 == 0b0110)
        port.setButton(0, isPressed: false, at: .zero)
        #expect(read(.zero) >> 4 == 0b0111)
    }

    @Test("the state comes back in the middle of a run")
    func state() {
        port.setAxis(0, ohms: 1_000_000, at: .zero)
        port.setButton(1, isPressed: true, at: .zero)
        port.writePort(0x201, 0, at: .zero)
        let other = GamePort()
        #expect(restore(other, from: savedState(port)) == nil)
        for micros in [0, 500, 1_123, 1_125, 2_000] as [Int64] {
            #expect(other.readPort(0x201, at: .microseconds(micros)) == read(.microseconds(micros)))
        }
    }
}
