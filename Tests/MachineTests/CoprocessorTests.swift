import Core
import TestSupport
import Testing

@testable import Machine

/// The coprocessor in a machine: whether it is there, how its errors arrive, and that its state is saved.
@Suite struct CoprocessorTests {
    /// Two hundred times: the square root of two, divided by zero with that exception not masked. The handler at INT 2
    /// counts and clears; the count is the exit status.
    private static let divisions: [UInt8] = [
        0xBA, 0x31, 0x01,  // mov dx, handler
        0xB8, 0x02, 0x25, 0xCD, 0x21,  // mov ax, 2502h; int 21h
        0xB9, 0xC8, 0x00,  // mov cx, 200
        0x9B, 0xDB, 0xE3,  // again: fninit
        0x9B, 0xD9, 0x2E, 0x3B, 0x01,  // fldcw [control]
        0x9B, 0xDF, 0x06, 0x39, 0x01,  // fild word [number]
        0x9B, 0xD9, 0xFA,  // fsqrt
        0x9B, 0xD9, 0xEE,  // fldz
        0x9B, 0xDE, 0xF9,  // fdivp st1
        0x9B,  // fwait
        0x9B, 0xDD, 0x1E, 0x3E, 0x01,  // fstp qword [result]
        0x9B, 0xE2, 0xE1,  // fwait; loop again
        0xA0, 0x3D, 0x01, 0xB4, 0x4C, 0xCD, 0x21,  // mov al, [calls]; mov ah, 4Ch; int 21h
        0x2E, 0xFE, 0x06, 0x3D, 0x01,  // handler: inc byte [cs:calls]
        0xDB, 0xE2, 0xCF,  // fnclex; iret
        0x02, 0x00, 0x7B, 0x03, 0x00,  // number, control, calls
    ]

    private static let profiles: [MachineProfile] = {
        var pc = MachineProfile.xt
        (pc.family, pc.video) = (.pc, .mda)
        var mixed = MachineProfile.small
        mixed.model = .i8086
        return [EngineKind.fast, .exact].flatMap { engine in
            [.small, .xt, pc, mixed].map {
                var profile = $0
                (profile.engine, profile.hasCoprocessor) = (engine, true)
                return profile
            }
        }
    }()

    private func scenario(_ code: [UInt8], _ profile: MachineProfile) -> Scenario {
        var scenario = Scenario("coprocessor")
        scenario.files["A.COM"] = code
        scenario.startup = [.program(path: Array("C:\\A.COM".utf8), tail: [])]
        scenario.profile = profile
        return scenario
    }

    @Test("errors come as INT 2: by NMI on a PC, by IRQ 13 on an AT", arguments: profiles.indices)
    func errors(index: Int) throws {
        let run = try ScenarioRun(scenario(Self.divisions, Self.profiles[index]))
        run.start()
        run.runToEnd()
        #expect(run.ending == .exited(status: 200))
    }

    @Test("saved and restored at any point, the run is the same", arguments: profiles.indices)
    func snapshots(index: Int) throws {
        let scenario = scenario(Self.divisions, Self.profiles[index])
        let whole = try ScenarioRun(scenario)
        whole.start()
        whole.runToEnd()
        let sliced = try ScenarioRun(scenario)
        sliced.start()
        var random = SeededGenerator(seed: UInt64(index))
        var point = Tick.zero
        for _ in 0..<20 {
            point += Tick(Int64.random(in: 1...(whole.machine.now.count / 20), using: &random))
            sliced.run(until: point)
            let restored = try ScenarioRun(scenario)
            try restored.machine.restoreState(sliced.machine.saveState())
            restored.runToEnd()
            #expect(restored.result == whole.result, "\(differences(whole.machine, restored.machine))")
        }
        sliced.runToEnd()
        #expect(sliced.result == whole.result, "\(differences(whole.machine, sliced.machine))")
    }

    /// Pi, a square root, an arc tangent and a product, in all formats of memory, and all that FSTENV and FSAVE tell; then
    /// those bytes to standard output.
    private static let numbers: [UInt8] = [
        0xEB, 0x02, 0x7B, 0x03,  // jmp short start; number at 102h
        0x9B, 0xDB, 0xE3, 0x9B, 0xD9, 0xE8, 0x9B, 0xD9, 0xEB,  // start: finit; fld1; fldpi
        0x9B, 0xD8, 0xF1, 0x9B, 0xD9, 0xFA,  // fdiv st1; fsqrt
        0x9B, 0xD9, 0xE9, 0x9B, 0xD9, 0xF3,  // fldl2t; fpatan
        0x9B, 0xDF, 0x06, 0x02, 0x01, 0x9B, 0xDE, 0xC9,  // fild word [number]; fmulp st1
        0x9B, 0xD9, 0xC0, 0x9B, 0xDF, 0x36, 0x00, 0x03,  // fld st0; fbstp [300h]
        0x9B, 0xD9, 0xC0, 0x9B, 0xDD, 0x1E, 0x0A, 0x03,  // fld st0; fstp qword [30Ah]
        0x9B, 0xD9, 0xC0, 0x9B, 0xD9, 0x1E, 0x12, 0x03,  // fld st0; fstp dword [312h]
        0x9B, 0xD9, 0xC0, 0x9B, 0xDF, 0x3E, 0x16, 0x03,  // fld st0; fistp qword [316h]
        0x9B, 0xD9, 0xC0, 0x9B, 0xDB, 0x3E, 0x1F, 0x03,  // fld st0; fstp tword [31Fh]
        0x9B, 0xDC, 0x0E, 0x0A, 0x03, 0x9B, 0xDB, 0x2E, 0x1F, 0x03,  // fmul qword [30Ah]; fld tword [31Fh]
        0x9B, 0xD9, 0x36, 0x29, 0x03, 0x9B, 0xDD, 0x36, 0x37, 0x03, 0x9B,  // fstenv [329h]; fsave [337h]; fwait
        0xB4, 0x40, 0xBB, 0x01, 0x00, 0xB9, 0x95, 0x00, 0xBA, 0x00, 0x03, 0xCD, 0x21,  // write 95h bytes at 300h
        0xB8, 0x00, 0x4C, 0xCD, 0x21,
    ]

    @Test("both engines calculate and store the same", arguments: 0..<profiles.count / 2)
    func engines(index: Int) throws {
        let outputs = try [index, index + Self.profiles.count / 2].map {
            var scenario = scenario(Self.numbers, Self.profiles[$0])
            scenario.standardInput = []
            let run = try ScenarioRun(scenario)
            run.start()
            run.runToEnd()
            #expect(run.ending == .exited(status: 0))
            return run.output.bytes
        }
        #expect(outputs[0].count >= 0x95)
        #expect(outputs[0] == outputs[1])
    }

    @Test("the equipment word, the switches and the CMOS memory say whether it is there", arguments: [false, true])
    func equipment(isPresent: Bool) throws {
        // int 11h; and al, 2; mov ah, 4Ch; int 21h
        let word: [UInt8] = [0xCD, 0x11, 0x24, 0x02, 0xB4, 0x4C, 0xCD, 0x21]
        for var profile in Self.profiles {
            profile.hasCoprocessor = isPresent
            let run = try ScenarioRun(scenario(word, profile))
            run.start()
            run.runToEnd()
            #expect(run.ending == .exited(status: isPresent ? 2 : 0))
            #expect(profile.switches & 2 == (isPresent ? 2 : 0))
            guard profile.family == .at else { continue }
            run.machine.ports.write8(0x70, 0x14, at: run.machine.now)
            #expect(run.machine.ports.read8(0x71, at: run.machine.now) & 2 == (isPresent ? 2 : 0))
        }
    }

    @Test("without one, FNSTSW stores nothing and nothing of it is in the state")
    func absent() throws {
        // fninit; fnstsw [200h]; mov al, [200h]; mov ah, 4Ch; int 21h, with 5Ah at 200h before.
        let code: [UInt8] = [
            0xC6, 0x06, 0x00, 0x02, 0x5A, 0xDB, 0xE3, 0xDD, 0x3E, 0x00, 0x02, 0xA0, 0x00, 0x02, 0xB4, 0x4C, 0xCD, 0x21,
        ]
        for profile in [MachineProfile.small, .xt] {
            let run = try ScenarioRun(scenario(code, profile))
            run.start()
            run.runToEnd()
            #expect(run.ending == .exited(status: 0x5A))
            #expect(!run.machine.describeState().contains { $0.hasPrefix("NPX") || $0.hasPrefix("NMIM") })
        }
    }
}
