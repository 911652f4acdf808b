import Core
import Testing

@testable import Output

private final class Listener: SoundRegisterListener {
    struct Write: Hashable {
        var chip: SoundChip
        var register: Int
        var value: UInt8
        var time: Tick
    }
    private(set) var writes: [Write] = []

    func soundRegisterDidChange(_ register: Int, to value: UInt8, of chip: SoundChip, at now: Tick) {
        writes.append(Write(chip: chip, register: register, value: value, time: now))
    }
}

@Suite struct RegisterHistoryTests {
    @Test func aRecordingBeginsWithWhatIsThereKeysLast() {
        let history = RegisterHistory()
        let writes: [(Int, UInt8)] = [
            (0xB0, 0x32), (0x40, 1), (0x1B1, 5), (0x105, 1), (0x40, 2), (0xC0, 7), (0x104, 3),
        ]
        for (register, value) in writes {
            history.soundRegisterDidChange(register, to: value, of: .opl3, at: .seconds(1))
        }
        let listener = Listener()
        history.add(listener, at: .seconds(2))
        #expect(listener.writes.map(\.register) == [0x105, 0x104, 0x40, 0xC0, 0xB0, 0x1B1])
        #expect(listener.writes.map(\.value) == [1, 3, 2, 7, 0x32, 5])
        #expect(listener.writes.allSatisfy { $0.time == .seconds(2) && $0.chip == .opl3 })
        history.soundRegisterDidChange(0x20, to: 9, of: .opl2, at: .seconds(3))
        #expect(listener.writes.last == Listener.Write(chip: .opl2, register: 0x20, value: 9, time: .seconds(3)))
        history.remove(listener)
        history.soundRegisterDidChange(0x20, to: 10, of: .opl2, at: .seconds(4))
        #expect(listener.writes.last?.value == 9)
    }

    @Test func theToneGeneratorsRegistersAreInItsBytes() {
        let history = RegisterHistory()
        // Tone 0 twice, the volume of 1 and of the noise; the upper half belongs to what was chosen last.
        for value: UInt8 in [0x81, 0x02, 0x83, 0x04, 0xB5, 0xF6, 0x80] {
            history.soundRegisterDidChange(0, to: value, of: .sn76489, at: .zero)
        }
        let listener = Listener()
        history.add(listener, at: .zero)
        #expect(listener.writes.map(\.value) == [0x80, 0x04, 0xB5, 0xF6])
        #expect(listener.writes.allSatisfy { $0.register == 0 })
    }

    @Test func theGameBlasterIsSwitchedOnLast() {
        let history = RegisterHistory()
        for (register, value): (Int, UInt8) in [(0x1C, 1), (0x00, 0xFF), (0x1D, 2)] {
            history.soundRegisterDidChange(register, to: value, of: .secondSAA1099, at: .zero)
        }
        let listener = Listener()
        history.add(listener, at: .zero)
        #expect(listener.writes.map(\.register) == [0x00, 0x1D, 0x1C])
    }
}
