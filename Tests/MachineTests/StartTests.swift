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

    @Test("the exact engine runs the command interpreter and programs, more slowly for the refresh of memory")
    func exactEngine() throws {
        var times: [Tick] = []
        for engine in EngineKind.allCases {
            var configuration = MachineConfiguration()
            configuration.profile = .xt
            configuration.profile.engine = engine
            // MOV CX,20000; a loop of 8 NOPs; then the ticks of the timer, and exit.
            let loop: [UInt8] =
                [0xB9, 0x20, 0x4E] + [UInt8](repeating: 0x90, count: 8) + [0xE2, 0xF6, 0xB8, 7, 0x4C, 0xCD, 0x21]
            configuration.drives = [(letter: 2, volume: try drive(["LOOP.COM": loop]))]
            configuration.startup = [.line(Array("ECHO hello".utf8)), .line(Array("LOOP".utf8))]
            let machine = PersonalComputer(configuration)
            let output = OutputCollector()
            machine.attachStreams(output)
            #expect(runToEnd(machine) == .exited(status: 7))
            #expect(output.text == "hello\r\n")
            times.append(machine.now)
        }
        // 20,000 turns of 10 fetched bytes: 4 clocks each, and a jump that empties the queue.
        let exact = times[EngineKind.allCases.firstIndex(of: .exact) ?? 0]
        #expect(exact > .milliseconds(180) && exact < .milliseconds(400), "\(times)")
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
