import Core
import X86

/// A coprocessor that does what the test says.
final class TestCoprocessor: Coprocessor {
    var takesTime = true
    var transfer = CoprocessorTransfer.none
    var result = CoprocessorResult()
    /// When BUSY ends.
    var end = Tick.zero
    /// For how long each instruction makes it busy.
    var duration = Tick.zero
    private(set) var instructions: [CoprocessorInstruction] = []
    private(set) var times: [Tick] = []
    private(set) var read: [UInt16] = []
    var written: [UInt16] = []

    init(duration: Tick = .zero) { self.duration = duration }

    func transfer(of code: UInt16) -> CoprocessorTransfer { code & 0xC0 == 0xC0 ? .none : transfer }
    func waits(_ code: UInt16) -> Bool { code != 0x53E }
    func busyEnd(at now: Tick) -> Tick { end }

    func execute(
        _ instruction: CoprocessorInstruction, operand: inout CoprocessorOperand, at now: Tick
    ) -> CoprocessorResult {
        instructions.append(instruction)
        times.append(now)
        read = (0..<47).map { operand[$0] }
        for (index, word) in written.enumerated() { operand[index] = word }
        if duration > .zero { end = now + duration }
        return result
    }
}
