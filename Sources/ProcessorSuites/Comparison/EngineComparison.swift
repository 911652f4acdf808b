import Core
import X86

/// Runs two engines side by side on random programs: after every instruction registers, flags and everything written
/// must be the same, with interrupts at equal instruction counts.
///
/// Only what both promise is compared: not the time, not the order of an instruction's writes, and not what a prefetch queue does to code that changes itself
/// just ahead of itself. Before such code the queue of an engine that has one is filled anew from memory.
public struct EngineComparison: Sendable {
    public var model: ProcessorModel
    public var first: SuiteEngine
    public var second: SuiteEngine
    /// Instructions of one program.
    public var programLength = 2_000

    public init(model: ProcessorModel, _ first: SuiteEngine, _ second: SuiteEngine) {
        self.model = model
        self.first = first
        self.second = second
    }

    /// What came of a run.
    public struct Outcome: Sendable {
        public internal(set) var programs = 0
        public internal(set) var instructions = 0
        /// Interrupts that were requested.
        public internal(set) var interrupts = 0
        /// Nil: the engines agree.
        public internal(set) var divergence: Divergence?

        public init() {}

        /// Adds another share of the same run.
        public mutating func add(_ other: Outcome) {
            programs += other.programs
            instructions += other.instructions
            interrupts += other.interrupts
            divergence = divergence ?? other.divergence
        }
    }

    /// Runs the programs of `seeds` until one makes the engines differ, or `isOver` says so (asked between programs).
    /// - Returns: nil if one of the engines has no such processor.
    public func run(seeds: Range<UInt64>, isOver: (Outcome) -> Bool = { _ in false }) -> Outcome? {
        var outcome = Outcome()
        guard let pair = EnginePair(self) else { return nil }
        defer { pair.close() }
        for seed in seeds where outcome.divergence == nil {
            if isOver(outcome) { break }
            outcome.divergence = pair.run(seed, &outcome)
            outcome.programs += 1
        }
        return outcome
    }
}

/// Two engines at the first instruction after which they were not in the same state.
public struct Divergence: Sendable, CustomStringConvertible {
    public let seed: UInt64
    /// The number of the instruction in its program, from 1.
    public let instruction: Int
    /// What differs, a line each.
    public let differences: [String]
    /// The instructions up to it, as both saw them.
    public let history: [String]

    public var description: String {
        (["program \(seed), instruction \(instruction):"] + history + differences).joined(separator: "\n  ")
    }
}

/// Both engines with their memories.
private final class EnginePair {
    private let comparison: EngineComparison
    private let first: ComparedProcessor
    private let second: ComparedProcessor
    /// Memory at the start of every program, but for its code.
    private let image: [UInt8]
    private var history: [String] = []
    private var unmatched = UnmatchedWrites()

    init?(_ comparison: EngineComparison) {
        guard let first = ComparedProcessor(comparison.model, comparison.first),
            let second = ComparedProcessor(comparison.model, comparison.second)
        else { return nil }
        self.comparison = comparison
        self.first = first
        self.second = second
        var random = ProgramGenerator(seed: 1)
        image = random.bytes(0x10_0000)
        for processor in [first, second] {
            for (address, byte) in image.enumerated() { processor.memory.physical[address] = byte }
        }
    }

    func close() {
        first.close()
        second.close()
    }

    func run(_ seed: UInt64, _ outcome: inout EngineComparison.Outcome) -> Divergence? {
        let length = outcome.instructions
        if let divergence = steps(seed, &outcome) { return divergence }
        for write in unmatched.first where !write.isPort { second.poke(Int(write.address), write.value) }
        for write in unmatched.second where !write.isPort { first.poke(Int(write.address), write.value) }
        guard first.memory.digest != second.memory.digest else { return nil }
        return Divergence(
            seed: seed, instruction: outcome.instructions - length,
            differences: ["memory differs at the end of the program"], history: history)
    }

    private func steps(_ seed: UInt64, _ outcome: inout EngineComparison.Outcome) -> Divergence? {
        var program = ProgramGenerator(seed: seed &* 0x1_0001 &+ 7)
        let start = program.startState(comparison.model)
        let code = program.code(0x1_0000)
        let base = Int(start.address(10, 0))
        for processor in [first, second] {
            processor.restore(image)
            processor.engine.reset()
            let time = processor.engine.now
            var state = start
            state.now = time
            processor.registers.state.pointee = state
            processor.engine.skip(to: time + Tick(1))
            for (offset, byte) in code.enumerated() { processor.poke(base + offset, byte) }
        }
        history.removeAll()
        unmatched = UnmatchedWrites()
        for index in 1...comparison.programLength {
            first.refillQueue(from: second)
            second.refillQueue(from: first)
            limitRepeats()
            stepOver()
            outcome.interrupts += raise(&program)
            note()
            let steps = (first.step(), second.step())
            outcome.instructions += 1
            let differences = compare(steps)
            // A request that an instruction has shut out is taken back.
            for processor in [first, second] { processor.registers.state.pointee.isInterruptRequested = false }
            if !differences.isEmpty {
                return Divergence(seed: seed, instruction: index, differences: differences, history: history)
            }
            switch steps.0 {
            case .instruction, .interrupt: break
            case .halted:
                // Only an NMI ends every HLT.
                for processor in [first, second] { processor.registers.state.pointee.isNMIPending = true }
            case .shutDown, .serviceTrap, .endless: return nil
            }
        }
        return nil
    }

    /// Makes the count of a repeated string instruction small: both engines would take long for nothing.
    private func limitRepeats() {
        let r = first.registers
        guard !r.state.pointee.isRepeating else { return }
        let isRepeat = (0..<3).contains { first.codeByte($0) & 0xFE == 0xF2 }
        guard isRepeat, r.cx > 0x7F else { return }
        for processor in [first, second] { processor.registers.cx &= 0x7F }
    }

    /// Goes past instructions of an 8086 whose operand is whatever an internal register holds from before: LEA, LES, LDS
    /// and far transfers with a register operand. An engine without microcode has no such register.
    private func stepOver() {
        guard comparison.model.isOriginal, !first.registers.state.pointee.isRepeating else { return }
        while true {
            var offset: UInt16 = 0
            while InstructionLength.isPrefix(first.codeByte(offset)) || first.codeByte(offset) == 0xF1, offset < 0x100 {
                offset += 1
            }
            let (opcode, modRM) = (first.codeByte(offset), first.codeByte(offset + 1))
            let reg = modRM >> 3 & 7
            let isOdd: Bool =
                switch opcode {
                case 0x8D, 0xC4, 0xC5: modRM >= 0xC0
                case 0xFE, 0xFF: modRM >= 0xC0 && (reg == 3 || reg == 5)
                default: false
                }
            guard isOdd else { return }
            for processor in [first, second] { processor.registers.ip &+= offset + 2 }
        }
    }

    /// Now and then an interrupt, before the same instruction on both. A request comes while IF is set: what a waiting
    /// request does behind the instruction that sets IF (POPF, IRET) depends on the clock on an 8086.
    private func raise(_ program: inout ProgramGenerator) -> Int {
        let number = program.next() % 256
        guard number < 6 else { return 0 }
        let (a, b) = (first.registers.state.pointee, second.registers.state.pointee)
        if number > 0 && (a.flags & Flag.interrupt == 0 || a.isShadowed != b.isShadowed) { return 0 }
        let vector = UInt8(truncatingIfNeeded: program.next())
        for processor in [first, second] {
            if number == 0 {
                processor.registers.state.pointee.isNMIPending = true
            } else {
                processor.vector = vector
                processor.registers.state.pointee.isInterruptRequested = true
            }
        }
        return 1
    }

    // MARK: Comparing

    private func compare(_ steps: (ComparedProcessor.Step, ComparedProcessor.Step)) -> [String] {
        var lines: [String] = []
        let names = (first: comparison.first.name, second: comparison.second.name)
        if steps.0 != steps.1 { lines.append("ended: \(names.first) \(steps.0), \(names.second) \(steps.1)") }
        let (a, b) = (first.registers, second.registers)
        for (name, x, y) in zip(a.named, b.named).map({ ($0.name, $0.value, $1.value) }) where x != y {
            let flags = name == "flags" ? "  " + FlagName.differing(x, y) : ""
            lines.append("\(name): \(names.first) \(hex(x)), \(names.second) \(hex(y))\(flags)")
        }
        let counts = (first.engine.instructionCount, second.engine.instructionCount)
        if counts.0 != counts.1 {
            lines.append("instructions: \(names.first) \(counts.0), \(names.second) \(counts.1)")
        }
        if !unmatched.match(first.writes, second.writes, areEqual) {
            lines.append("\(names.first) wrote \(text(unmatched.first))")
            lines.append("\(names.second) wrote \(text(unmatched.second))")
        }
        return lines
    }

    /// Whether memory is the same at the address of a write.
    private func areEqual(_ write: ComparedProcessor.Write) -> Bool {
        let index = Int(write.address)
        for processor in [first, second] { processor.touched.insert(write.address) }
        return first.memory.physical[index] == second.memory.physical[index]
    }

    private func text(_ writes: [ComparedProcessor.Write]) -> String {
        writes.prefix(16).map { ($0.isPort ? "port " : "") + "\(hex($0.address)):\(hex($0.value))" }
            .joined(separator: " ")
    }

    /// A line of the history: where the next instruction stands, its bytes, and the registers before it.
    private func note() {
        if history.count == 12 { history.removeFirst() }
        let r = first.registers
        let bytes = (0..<6).map { hex(first.codeByte($0)) }
        let registers = r.named.map { "\($0.name) \(hex($0.value))" }
        history.append("\(r.codePointer)  \(bytes.joined(separator: " "))  \(registers.joined(separator: " "))")
    }
}

/// What one processor has written and the other has not yet: an 80286 goes on to the next instructions while its last
/// write is on its way.
private struct UnmatchedWrites {
    typealias Write = ComparedProcessor.Write

    /// Steps in which a write must have come: the halves of a word at an odd address wait for each other.
    private static let patience = 3

    private var firstRest: [(write: Write, age: Int)] = []
    private var secondRest: [(write: Write, age: Int)] = []

    var first: [Write] { firstRest.map(\.write) }
    var second: [Write] { secondRest.map(\.write) }

    /// Adds the writes of a step. False if something is left for too long that `areEqual` does not explain: a write that
    /// one side made behind the back of the list, or that has been written over.
    mutating func match(_ newFirst: [Write], _ newSecond: [Write], _ areEqual: (Write) -> Bool) -> Bool {
        if firstRest.isEmpty && secondRest.isEmpty && newFirst == newSecond { return true }
        firstRest = firstRest.map { ($0.write, $0.age + 1) } + newFirst.map { ($0, 0) }
        secondRest = secondRest.map { ($0.write, $0.age + 1) } + newSecond.map { ($0, 0) }
        firstRest.removeAll { item in
            guard let index = secondRest.firstIndex(where: { $0.write == item.write }) else { return false }
            secondRest.remove(at: index)
            return true
        }
        firstRest.removeAll { !$0.write.isPort && areEqual($0.write) }
        secondRest.removeAll { !$0.write.isPort && areEqual($0.write) }
        return !(firstRest + secondRest).contains { $0.age >= UnmatchedWrites.patience }
    }
}

extension Registers {
    /// All registers with their names.
    var named: [(name: String, value: UInt16)] {
        [
            ("ax", ax), ("bx", bx), ("cx", cx), ("dx", dx), ("sp", sp), ("bp", bp), ("si", si), ("di", di),
            ("cs", cs), ("ds", ds), ("es", es), ("ss", ss), ("ip", ip), ("flags", flags),
        ]
    }
}
