import BIOS
import Core
import Testing
import X86

@testable import Machine

/// What a program asks for that the processor has not is said in one line, and the machine does not hang on it.
@Suite struct InvalidInstructionTests {
    private func run(_ bytes: [UInt8], _ profile: MachineProfile = .small) throws -> (
        stop: MachineStop?, notices: [String]
    ) {
        var scenario = Scenario("invalid")
        scenario.profile = profile
        scenario.files["A.COM"] = bytes
        scenario.startup = [.program(path: Array("C:\\A.COM".utf8), tail: [])]
        let run = try ScenarioRun(scenario)
        run.run(until: .seconds(1))
        return (run.ending, (run.machine.takeNotices() + run.machine.takeNotices()).map(\.text))
    }

    @Test(
        "an instruction of a later processor stops the machine with its bytes and its place",
        arguments: [
            ([0x66, 0xB8, 1, 2], "an 80386"), ([0x26, 0x0F, 0x84, 0], "an 80386"), ([0x0F, 0xA2], "an 80486 or later"),
            ([0x0F, 0x00, 0xC0], "protected mode"),
        ] as [([UInt8], String)])
    func laterProcessor(_ code: [UInt8], _ name: String) throws {
        guard case .stopped(let reason) = try run(code + [0xCD, 0x20]).stop else {
            Issue.record("it did not stop")
            return
        }
        #expect(reason.hasPrefix("the program needs \(name)"), "\(reason)")
        #expect(reason.contains(hex(code[0]) + " " + hex(code[1])), "\(reason)")
        #expect(reason.hasSuffix(":0100"), "\(reason)")
    }

    @Test("a program that has hooked INT 6, or calls it, goes on")
    func handled() throws {
        // Vector 6 to 110h; an invalid instruction; at 110h: INT 20h.
        let hook: [UInt8] = [
            0xB8, 0x06, 0x25, 0xBA, 0x10, 0x01, 0xCD, 0x21, 0x0F, 0xFF, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
        ]
        #expect(try run(hook + [0xCD, 0x20]).stop == .exited(status: 0))
        #expect(try run([0xCD, 0x06, 0xCD, 0x20]).stop == .exited(status: 0))
    }

    @Test("on an 8086 the same bytes are other instructions")
    func original() throws { #expect(try run([0x66, 0x00, 0xCD, 0x20], .xt).stop == .exited(status: 0)) }

    @Test("a request for protected mode is reported once, with its place; the program goes on in real mode")
    func protectedMode() throws {
        // SMSW AX; OR AL, 1; LMSW AX; twice; INT 20h.
        let request: [UInt8] = [0x0F, 0x01, 0xE0, 0x0C, 0x01, 0x0F, 0x01, 0xF0]
        for engine in [EngineKind.fast, .exact] {
            var profile = MachineProfile.small
            profile.engine = engine
            let (stop, notices) = try run(request + request + [0xCD, 0x20], profile)
            #expect(stop == .exited(status: 0))
            #expect(notices.count == 1)
            #expect(notices.first?.hasPrefix("the program enters protected mode at ") == true, "\(notices)")
        }
    }
}
