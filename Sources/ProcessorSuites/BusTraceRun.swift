import Core
import Dispatch
import Glibc
import Synchronization
import X86

/// Compares an engine that works clock by clock with the clocks of the captured 8086 tests.
public struct BusTraceRun: Sendable {
    public typealias EngineMaker =
        @Sendable (ProcessorModel, GuestMemory, any ProcessorBus) -> any ClockTracingEngine

    /// The outcome of one file.
    public struct Form: Sendable {
        public let name: String
        public internal(set) var total = 0
        /// Registers, memory and all flags are right.
        public internal(set) var passedState = 0
        /// The number of clocks is right.
        public internal(set) var passedClocks = 0
        /// Every clock is right, and so is what is left in the queue.
        public internal(set) var passedRecords = 0
        /// Descriptions of failed tests.
        public internal(set) var failures: [String] = []
        /// Why the file could not be run.
        public internal(set) var problem: SuiteError?

        public var isPerfect: Bool {
            problem == nil && total > 0 && passedState == total && passedClocks == total && passedRecords == total
        }
    }

    public var directory: String
    public var model: ProcessorModel
    /// At most so many tests of each file, evenly spread; nil for all.
    public var testsPerForm: Int?
    /// Only forms that begin with this; nil for all.
    public var filter: String?
    /// So many failures of each form are described.
    public var failuresShown = 3
    let makeEngine: EngineMaker

    public init(directory: String, model: ProcessorModel, makeEngine: @escaping EngineMaker) {
        self.directory = directory
        self.model = model
        self.makeEngine = makeEngine
    }

    /// Whether the directory holds a suite.
    public var isAvailable: Bool { access(directory + "/manifest.tsv", R_OK) == 0 }

    /// Runs all forms, in parallel over the files.
    public func run() throws(SuiteError) -> [Form] {
        var forms = try Manifest(path: directory + "/manifest.tsv").forms
        if let filter { forms = forms.filter { $0.name.hasPrefix(filter) } }
        let results = Mutex<[Int: Form]>([:])
        DispatchQueue.concurrentPerform(iterations: forms.count) { [forms] index in
            let result = run(forms[index].name)
            results.withLock { $0[index] = result }
        }
        return results.withLock { results in forms.indices.compactMap { results[$0] } }
    }

    private func run(_ name: String) -> Form {
        var form = Form(name: name)
        do throws(SuiteError) {
            let file = try MOOFile(path: "\(directory)/\(name).MOO.gz")
            let machine = BusTraceMachine(model, makeEngine)
            let count = min(file.tests.count, testsPerForm ?? .max)
            for k in 0..<count { check(file.tests[k * file.tests.count / count], machine, &form) }
        } catch {
            form.problem = error
        }
        return form
    }

    private func check(_ test: MOOTest, _ machine: BusTraceMachine, _ form: inout Form) {
        let differences = machine.run(test)
        form.total += 1
        if differences.state.isEmpty { form.passedState += 1 }
        if differences.clocks == 0 { form.passedClocks += 1 }
        if !differences.hasWrongRecords { form.passedRecords += 1 }
        if !differences.isEmpty && form.failures.count < failuresShown {
            form.failures.append(
                "\(form.name) #\(test.index) \(test.name)  \(differences.state.joined(separator: "; "))\n"
                    + machine.sideBySide(test))
        }
    }
}

/// Memory, a bus where nobody answers, and the processor under test.
private final class BusTraceMachine: ProcessorBus {
    struct Differences {
        var state: [String] = []
        var clocks = 0
        var hasWrongRecords = false
        var isEmpty: Bool { state.isEmpty && clocks == 0 && !hasWrongRecords }
    }

    /// What all memory holds that a test does not list: NOP.
    static let filler: UInt8 = 0x90
    let model: ProcessorModel
    let memory = GuestMemory()
    let trace = ClockTrace(capacity: 10_000)
    var deadline = Tick.zero
    private var engine: (any ClockTracingEngine)?

    init(_ model: ProcessorModel, _ make: BusTraceRun.EngineMaker) {
        self.model = model
        let engine = make(model, memory, self)
        memory.connect(engine)
        for address in memory.physical.indices { memory.physical[address] = Self.filler }
        self.engine = engine
    }

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }
    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 { 0xFFFF }
    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {}
    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {}
    func acknowledgeInterrupt(at now: Tick) -> UInt8 { 0xFF }

    /// Runs the test with a trace, which is compared, and again without one, which may take ways of its own through the
    /// engine and must take the same time.
    func run(_ test: MOOTest) -> Differences {
        guard let engine else { return Differences() }
        trace.removeAll()
        engine.trace = trace
        let clocks = step(engine, test)
        let queue = Array(engine.prefetchQueue.dropFirst()) + endingFetch()
        var differences = compare(test, engine.registers, queue: queue)
        engine.trace = nil
        if step(engine, test) != clocks { differences.state.append("without a trace the time is another") }
        let again = compare(test, engine.registers, queue: queue)
        differences.state += again.state
        return differences
    }

    /// Loads the test and runs it; returns how many clocks it has taken.
    private func step(_ engine: any ClockTracingEngine, _ test: MOOTest) -> Int64 {
        let r = engine.registers
        engine.reset()
        for byte in test.initial.memory { memory.physical[Int(byte.address) & 0xF_FFFF] = byte.value }
        let state = test.initial
        (r.ax, r.bx, r.cx, r.dx) = (state[.ax], state[.bx], state[.cx], state[.dx])
        (r.cs, r.ss, r.ds, r.es) = (state[.cs], state[.ss], state[.ds], state[.es])
        (r.sp, r.bp, r.si, r.di) = (state[.sp], state[.bp], state[.si], state[.di])
        (r.ip, r.flags) = (state[.ip], model.normalizedFlags(state[.flags]))
        engine.loadPrefetchQueue(state.queue)
        let count = engine.instructionCount
        let start = engine.now
        // The next instruction's first byte is in the queue when the recorded clocks end.
        for _ in 0..<100_000 {
            deadline = engine.now + Tick(1)
            _ = engine.run()
            let isDone = engine.instructionCount != count && !r.state.pointee.isRepeating
            if isDone && !engine.prefetchQueue.isEmpty { break }
        }
        return (engine.now - start).count / engine.clockPeriod.count
    }

    /// The bytes of a fetch that ends with the last clock: in the capture they are in the queue.
    private func endingFetch() -> [UInt8] {
        guard let last = trace.records.last, last.state == 4, last.segment == 2,
            let start = trace.records.lastIndex(where: \.isAddressLatched), trace.records[start].status == 6
        else { return [] }
        let data = trace.records[trace.records.count - 2].data
        let high = UInt8(data >> 8)
        return trace.records[start].bus & 1 == 0 ? [UInt8(truncatingIfNeeded: data), high] : [high]
    }

    private func compare(_ test: MOOTest, _ r: Registers, queue: [UInt8]) -> Differences {
        var differences = Differences()
        let got: [UInt16] = [
            r.ax, r.bx, r.cx, r.dx, r.cs, r.ss, r.ds, r.es, r.sp, r.bp, r.si, r.di, r.ip, r.flags,
        ]
        for register in MOOState.Register.allCases where got[register.rawValue] != test.final[register] {
            differences.state.append("\(register) \(hex(got[register.rawValue])) not \(hex(test.final[register]))")
        }
        var wanted: [UInt32: UInt8] = [:]
        for byte in test.initial.memory { wanted[byte.address] = byte.value }
        for byte in test.final.memory { wanted[byte.address] = byte.value }
        for (address, value) in wanted {
            let got = memory.physical[Int(address) & 0xF_FFFF]
            if got != value { differences.state.append("memory \(hex(address)) \(hex(got)) not \(hex(value))") }
            memory.physical[Int(address) & 0xF_FFFF] = Self.filler
        }
        for record in trace.records where record.isAddressLatched && record.status == 4 {
            for address in [record.bus, record.bus | 1] where wanted[address] == nil {
                let isWritten = address == record.bus || !record.isBHEHigh && record.bus & 1 == 0
                if isWritten { differences.state.append("\(hex(address)) was written") }
                memory.physical[Int(address) & 0xF_FFFF] = Self.filler
            }
        }
        differences.clocks = trace.count - test.clockCount
        differences.hasWrongRecords =
            differences.clocks != 0 || hasWrongQueue(test, queue, r.ip)
            || test.clockBytes.withUnsafeBufferPointer { bytes in hasWrongRecord(test, bytes) }
        return differences
    }

    /// `next` is the address of the byte that has left the queue last.
    private func hasWrongQueue(_ test: MOOTest, _ queue: [UInt8], _ next: UInt16) -> Bool {
        guard queue.count == test.final.queue.count else { return true }
        let base = UInt32(test.final[.cs]) << 4
        return queue.indices.contains { index in
            let address = (base + UInt32(next &+ 1 &+ UInt16(index))) & 0xF_FFFF
            return queue[index] != test.final.queue[index] && !test.isReplaced(address, test.final.queue[index])
        }
    }

    private func hasWrongRecord(_ test: MOOTest, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var address: UInt32?
        for (index, record) in trace.records.enumerated() {
            let wanted = ClockRecord(captured: bytes, at: index * 15)
            if wanted.isAddressLatched { address = wanted.bus }
            var got = record
            if let address, wanted.segment == 2 { got.data = test.replacing(record.data, address, wanted.data) }
            if got.differs(from: wanted, address: address) { return true }
        }
        return false
    }

    /// The clocks wanted and got.
    func sideBySide(_ test: MOOTest) -> String {
        var lines: [String] = []
        let code = test.bytes.map { hex($0) }.joined(separator: " ")
        lines.append("  \(code), queue \(test.initial.queue.count), then \(test.final.queue.count)")
        test.clockBytes.withUnsafeBufferPointer { bytes in
            var address: UInt32?
            for index in 0..<max(trace.records.count, test.clockCount) {
                let wanted = index < test.clockCount ? ClockRecord(captured: bytes, at: index * 15) : nil
                let got = index < trace.records.count ? trace.records[index] : nil
                if let wanted, wanted.isAddressLatched { address = wanted.bus }
                var isSame = false
                if let wanted, let got { isSame = !got.differs(from: wanted, address: address) }
                lines.append("  \(isSame ? " " : "*") \(wanted?.line ?? pad)   \(got?.line ?? pad)")
            }
        }
        return lines.joined(separator: "\n")
    }

    private var pad: String { String(repeating: " ", count: 31) }
}

extension MOOTest {
    /// Whether a fetch of `address` that brought `byte` was answered by the capturing rig and not by memory: all fetches
    /// behind the first filling of the queue give NOP, those that come back to the instruction's own bytes too.
    fileprivate func isReplaced(_ address: UInt32, _ byte: UInt8) -> Bool {
        let base = UInt32(initial[.cs]) << 4
        return byte == 0x90
            && bytes.indices.contains { (base + UInt32(initial[.ip] &+ UInt16($0))) & 0xF_FFFF == address }
    }

    /// The data of a fetch with such bytes in place of those of memory.
    fileprivate func replacing(_ data: UInt16, _ address: UInt32, _ wanted: UInt16) -> UInt16 {
        guard data != wanted else { return data }
        var data = data
        if isReplaced(address & ~1, UInt8(truncatingIfNeeded: wanted)) { data = data & 0xFF00 | 0x0090 }
        if isReplaced(address | 1, UInt8(wanted >> 8)) { data = data & 0x00FF | 0x9000 }
        return data
    }
}

extension ClockRecord {
    /// A record of 15 bytes at `start`.
    init(captured bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
        self.init()
        isAddressLatched = bytes[start] & 1 != 0
        bus = UInt32(bytes[start + 1]) | UInt32(bytes[start + 2]) << 8 | UInt32(bytes[start + 3]) << 16
        segment = bytes[start + 5]
        memoryCommand = Command(rawValue: bytes[start + 6])
        portCommand = Command(rawValue: bytes[start + 7])
        isBHEHigh = bytes[start + 8] & 1 != 0
        data = UInt16(bytes[start + 9]) | UInt16(bytes[start + 10]) << 8
        status = bytes[start + 11]
        state = bytes[start + 12]
        queueOperation = QueueOperation(rawValue: bytes[start + 13]) ?? .none
        queueByte = bytes[start + 14]
    }

    /// All fields count, except the address while ALE is low, the half of the data bus that is not in use, the data
    /// while no transfer is made, and the queue's byte while none leaves it. `address` is the last one that was latched;
    /// before the first, BHE# is not known.
    func differs(from wanted: ClockRecord, address: UInt32?) -> Bool {
        if isAddressLatched != wanted.isAddressLatched || segment != wanted.segment || status != wanted.status
            || state != wanted.state || memoryCommand != wanted.memoryCommand || portCommand != wanted.portCommand
            || queueOperation != wanted.queueOperation
        {
            return true
        }
        if isAddressLatched && bus != wanted.bus { return true }
        let isByte = queueOperation == .firstByte || queueOperation == .subsequentByte
        if isByte && queueByte != wanted.queueByte { return true }
        guard let address else { return false }
        if isBHEHigh != wanted.isBHEHigh { return true }
        guard state == 3, !memoryCommand.isEmpty || !portCommand.isEmpty else { return false }
        let activeHalf: UInt16 = isBHEHigh ? 0x00FF : address & 1 != 0 ? 0xFF00 : 0xFFFF
        return (data ^ wanted.data) & activeHalf != 0
    }

    var line: String {
        let states = ["Ti", "T1", "T2", "T3", "T4"]
        let statuses = ["INTA", "IOR ", "IOW ", "MEMR", "MEMW", "HALT", "CODE", "PASV"]
        let segments = ["ES", "SS", "CS", "DS", "--"]
        let operation = ["-", "F", "E", "S"][Int(queueOperation.rawValue)]
        let address = isAddressLatched ? String(hex(bus).suffix(5)) : "     "
        return "\(address) \(segments[Int(min(segment, 4))]) m\(memoryCommand.rawValue) p\(portCommand.rawValue)"
            + " b\(isBHEHigh ? 1 : 0) \(hex(data)) \(statuses[Int(status & 7)]) \(states[Int(min(state, 4))])"
            + " \(operation)\(queueOperation == .none ? "  " : hex(queueByte))"
    }
}
