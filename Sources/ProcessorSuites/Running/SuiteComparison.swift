import Core
import X86

/// The differences between what a test asks for and what the processor did, as far as state goes.
struct SuiteComparison {
    /// Registers that differ; FLAGS too if it differs in any flag.
    private(set) var registers: [CapturedState.Register] = []
    /// Bytes that differ.
    private(set) var memory: [SuiteFailure.MemoryRow] = []
    /// Level 1: nothing differs but flags that the manuals leave undefined.
    private(set) var isStateRight = true
    /// Level 2.
    var isRight: Bool { registers.isEmpty && memory.isEmpty }

    init(_ test: CapturedTest, _ got: CapturedState, _ machine: SuiteMachine, _ form: Suite.Form) {
        let model = machine.model
        for register in CapturedState.Register.allCases
        where register != .flags && got[register] != test.final[register] {
            registers.append(register)
            isStateRight = false
        }
        let flagsThatDiffer = got[.flags] ^ model.normalizedFlags(test.final[.flags])
        if flagsThatDiffer != 0 { registers.append(.flags) }
        if flagsThatDiffer & form.flagsMask != 0 { isStateRight = false }
        compareMemory(test, machine, form)
    }

    /// A byte was written that the test does not know; `address` is of it or just below it.
    mutating func addStray(_ address: UInt32) {
        memory.append(SuiteFailure.MemoryRow(address: address, before: nil, expected: nil, got: nil))
        isStateRight = false
    }

    private mutating func compareMemory(_ test: CapturedTest, _ machine: SuiteMachine, _ form: Suite.Form) {
        // The last word on an address counts: final over initial, later over earlier.
        var masks: [UInt32: UInt8]?
        for (list, isFinal) in [(test.final.memory, true), (test.initial.memory, false)] {
            for (position, byte) in list.enumerated() {
                let got = machine.peek(byte.address)
                guard got != byte.value else { continue }
                if list[(position + 1)...].contains(where: { $0.address == byte.address }) { continue }
                if !isFinal && test.final.memory.contains(where: { $0.address == byte.address }) { continue }
                let pushed = masks ?? pushedFlags(test, form, machine.model)
                masks = pushed
                memory.append(
                    SuiteFailure.MemoryRow(
                        address: byte.address,
                        before: test.initial.memory.last { $0.address == byte.address }?.value,
                        expected: byte.value, got: got, flagsMask: pushed[byte.address]))
                if (got ^ byte.value) & (pushed[byte.address] ?? 0xFF) != 0 { isStateRight = false }
            }
        }
        for address in Set(machine.strays).sorted() {
            memory.append(
                SuiteFailure.MemoryRow(address: address, before: nil, expected: nil, got: machine.peek(address)))
            isStateRight = false
        }
    }

    /// The masks of the two bytes of FLAGS that an exception pushed.
    private func pushedFlags(
        _ test: CapturedTest, _ form: Suite.Form, _ model: ProcessorModel
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
}
