import Core
import X86

/// The differences between what a test asks for and what the processor did.
struct SuiteComparison {
    /// Level 1: registers, memory and defined flags.
    private(set) var architectural: [String] = []
    /// Level 2: undefined flags too.
    private(set) var full: [String] = []

    init(
        _ test: MOOTest, _ got: MOOState, _ machine: SuiteMachine, _ form: Manifest.Form, _ model: ProcessorModel
    ) {
        for register in MOOState.Register.allCases where register != .flags && got[register] != test.final[register] {
            note("\(register) is \(hex(got[register])), not \(hex(test.final[register]))")
        }
        let (flags, wanted) = (got[.flags], model.normalizedFlags(test.final[.flags]))
        if flags != wanted {
            let text = "flags are \(Self.describe(flags)), not \(Self.describe(wanted))"
            note(text, isUndefined: (flags ^ wanted) & form.flagsMask == 0)
        }
        compareMemory(test, machine, form, model)
    }

    private mutating func note(_ text: String, isUndefined: Bool = false) {
        if !isUndefined { architectural.append(text) }
        full.append(text)
    }

    private mutating func compareMemory(
        _ test: MOOTest, _ machine: SuiteMachine, _ form: Manifest.Form, _ model: ProcessorModel
    ) {
        var wanted: [UInt32: UInt8] = [:]
        for byte in test.initial.memory { wanted[byte.address] = byte.value }
        for byte in test.final.memory { wanted[byte.address] = byte.value }
        let masks = pushedFlags(test, form, model)
        for (address, value) in wanted.sorted(by: { $0.key < $1.key }) {
            let got = machine.peek(address)
            guard got != value else { continue }
            let mask = masks[address] ?? 0xFF
            note(
                "memory \(hex(address)) is \(hex(got)), not \(hex(value))", isUndefined: (got ^ value) & mask == 0)
        }
        for address in machine.written where wanted[address] == nil { note("\(hex(address)) was written") }
    }

    /// The masks of the two bytes of FLAGS that an exception pushed.
    private func pushedFlags(
        _ test: MOOTest, _ form: Manifest.Form, _ model: ProcessorModel
    ) -> [UInt32: UInt8] {
        let isException: Bool
        if model == .i80286 {
            isException = test.exception != nil
        } else {
            // Vector 0 points to 0000:0400 in every test of the 8086 suite, and only divisions raise it.
            let divides = ["D4", "F6.6", "F6.7", "F7.6", "F7.7"].contains(form.name)
            isException = divides && test.final[.cs] == 0 && test.final[.ip] == 0x0400
        }
        guard isException else { return [:] }
        let base = UInt32(test.final[.ss]) << 4
        let offset = test.final[.sp] &+ 4
        let wrap: UInt32 = model == .i80286 ? .max : 0xF_FFFF
        return [
            (base &+ UInt32(offset)) & wrap: UInt8(truncatingIfNeeded: form.flagsMask),
            (base &+ UInt32(offset &+ 1)) & wrap: UInt8(form.flagsMask >> 8),
        ]
    }

    // MARK: Texts

    static func describe(_ flags: UInt16) -> String {
        let letters: [(UInt16, String)] = [
            (Flag.overflow, "O"), (Flag.direction, "D"), (Flag.interrupt, "I"), (Flag.trap, "T"), (Flag.sign, "S"),
            (Flag.zero, "Z"), (Flag.auxiliary, "A"), (Flag.parity, "P"), (Flag.carry, "C"),
        ]
        return hex(flags) + " " + letters.map { flags & $0.0 != 0 ? $0.1 : "-" }.joined()
    }

    static func describe(_ state: MOOState) -> String {
        let registers = MOOState.Register.allCases.map { "\($0)=\(hex(state[$0]))" }
        let memory = state.memory.prefix(24).map { "\(hex($0.address)):\(hex($0.value))" }
        return registers.joined(separator: " ") + " memory " + memory.joined(separator: " ")
    }
}
