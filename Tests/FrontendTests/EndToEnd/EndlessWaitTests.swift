import Core
import Machine
import Testing

@testable import Hosting

/// Programs in which nothing ever happens again, while somebody listens.
@Suite struct EndlessWaitTests {
    private final class Counter: SoundListener {
        var frames = 0
        func hear(_ block: AudioBlock, isLive: Bool) { frames += block.samples.count / 2 }
    }

    /// Timer 0 is spent, so that no tick comes.
    private static let spendTimer: [UInt8] = [
        0xB0, 0x30, 0xE6, 0x43, 0xB0, 0x01, 0xE6, 0x40, 0xB0, 0x00, 0xE6, 0x40,  // OUT 43h,30h; OUT 40h,1; OUT 40h,0
    ]

    private func run(_ program: [UInt8], _ set: (inout Session.Options) -> Void) throws -> (SessionEnd, frames: Int) {
        let machine = try makeMachine(program)
        machine.startListening(rate: 8_000)
        let counter = Counter()
        var options = Session.Options()
        options.pacing = Pacing(rule: .never)
        set(&options)
        let end = try Session(
            machine: machine, frontEnd: NoFrontEnd(), listeners: [counter], options: options,
            log: SessionLog(level: .warning) { _ in }, clock: EagerClock()
        ).run()
        return (end, counter.frames)
    }

    @Test("a wait for a key that cannot come ends with the host's time limit")
    func key() throws {
        // XOR AH,AH; INT 16h
        let (end, _) = try run(Self.spendTimer + [0x30, 0xE4, 0xCD, 0x16]) { $0.hostTimeLimit = 2_000_000_000 }
        #expect(end == .hostTimeLimit)
    }

    @Test("a tone during such a wait is heard to the end")
    func tone() throws {
        let tone: [UInt8] = [
            0xB0, 0xB6, 0xE6, 0x43, 0xB0, 0x00, 0xE6, 0x42, 0xB0, 0x08, 0xE6, 0x42,  // counter 2: 800h
            0xE4, 0x61, 0x0C, 0x03, 0xE6, 0x61, 0xF4, 0xEB, 0xFD,  // both bits of port 61h; HLT for ever
        ]
        let (end, frames) = try run(Self.spendTimer + tone) { $0.timeLimit = .seconds(20) }
        #expect(end == .timeLimit)
        #expect(abs(frames - 160_000) <= PersonalComputer.audioDelay)
    }
}
