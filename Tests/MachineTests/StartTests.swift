import Core
import Machine
import Storage
import TestSupport
import Testing

/// Collects what programs write to standard output.
final class OutputCollector: StreamSink {
    private(set) var bytes: [UInt8] = []
    func write(_ bytes: UnsafeRawBufferPointer, toError: Bool) { self.bytes += Array(bytes) }
    var text: String { CodePage.cp437.text(bytes) }
}

/// A drive in memory with these files.
func drive(_ files: [String: [UInt8]] = [:]) throws -> MemoryVolume {
    let volume = MemoryVolume(clock: StoppedFileClock(FileTime(year: 1990, month: 1, day: 1)))
    try volume.load(files)
    return volume
}

/// Runs until the machine ends, giving `input` to a program that reads; returns how it ended.
func runToEnd(_ machine: PersonalComputer, limit: Tick = .seconds(60)) -> MachineStop {
    while true {
        switch machine.run(until: limit) {
        case .waiting: continue
        case .needsInput: machine.streams.end()
        case let stop: return stop
        }
    }
}

@Suite struct StartTests {
    @Test("a command line runs, its output goes to the host, and the machine ends with its error level")
    func echo() throws {
        var configuration = MachineConfiguration()
        configuration.drives = [(letter: 2, volume: try drive())]
        configuration.startup = [.line(Array("ECHO hello".utf8))]
        let machine = PersonalComputer(configuration)
        let output = OutputCollector()
        machine.attachStreams(output)
        #expect(runToEnd(machine) == .exited(status: 0))
        #expect(output.text == "hello\r\n")
    }

    /// Emulated time of a program on an XT, with the command interpreter before it.
    private func time(_ engine: EngineKind, _ program: [UInt8]) throws -> Tick {
        var configuration = MachineConfiguration()
        configuration.profile = .xt
        configuration.profile.engine = engine
        configuration.drives = [(letter: 2, volume: try drive(["LOOP.COM": program]))]
        configuration.startup = [.line(Array("ECHO hello".utf8)), .line(Array("LOOP".utf8))]
        let machine = PersonalComputer(configuration)
        let output = OutputCollector()
        machine.attachStreams(output)
        #expect(runToEnd(machine) == .exited(status: 7))
        #expect(output.text == "hello\r\n")
        return machine.now
    }

    @Test("the exact engine runs the command interpreter and programs; refresh of memory slows it down")
    func exactEngine() throws {
        // MOV CX,20000; a loop of 8 NOPs; MOV AX,4C07h; INT 21h.
        let loop: [UInt8] =
            [0xB9, 0x20, 0x4E] + [UInt8](repeating: 0x90, count: 8) + [0xE2, 0xF6, 0xB8, 7, 0x4C, 0xCD, 0x21]
        // MOV AL,54h; OUT 43h,AL: the timer's channel 1 waits for a count.
        let stopsRefresh: [UInt8] = [0xB0, 0x54, 0xE6, 0x43]
        let with = try time(.exact, loop)
        let without = try time(.exact, stopsRefresh + loop)
        #expect(try time(.fast, loop) > .milliseconds(100))
        #expect(without > .milliseconds(150) && without < .milliseconds(300), "\(without)")
        let percent = (with - without).count * 100 / without.count
        #expect((2...12).contains(percent), "\(with), without refresh \(without)")
    }

    @Test("a program shows its text on the screen")
    func screen() throws {
        // MOV AH,9; MOV DX,10Ch; INT 21h; MOV AX,4C07h; INT 21h; "Hi$"
        let program: [UInt8] = [0xB4, 9, 0xBA, 0x0C, 1, 0xCD, 0x21, 0xB8, 7, 0x4C, 0xCD, 0x21] + Array("Hi$".utf8)
        var configuration = MachineConfiguration()
        configuration.drives = [(letter: 2, volume: try drive(["HI.COM": program]))]
        configuration.startup = [.program(path: Array("C:\\HI.COM".utf8), tail: [])]
        let machine = PersonalComputer(configuration)
        #expect(runToEnd(machine) == .exited(status: 7))
        #expect(machine.textScreen()?.line(0) == "Hi")
    }
}
