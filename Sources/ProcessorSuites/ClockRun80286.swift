import Core
import Dispatch
import Synchronization
import X86

/// Compares the clocks of an 80286 engine with the captured ones.
///
/// A trace begins with the first bus cycle of a processor whose queue is empty, and ends with the HALT bus status.
public struct ClockRun80286: Sendable {
    /// Makes the engine under test. The bus outlives it.
    public typealias EngineMaker = @Sendable (GuestMemory, any ProcessorBus) -> any ClockTracingEngine

    /// The directory with `manifest.tsv` and the `.MOO.gz` files.
    public var directory: String
    /// At most so many tests of each file, evenly spread; nil for all.
    public var testsPerForm: Int?
    /// Only forms that begin with this; nil for all.
    public var filter: String?
    /// So many failures of each form are described.
    public var failuresShown = 3
    /// Tests with the right number of clocks but different records are described, too.
    public var describesRecords = false
    public var makeEngine: EngineMaker

    public init(directory: String, makeEngine: @escaping EngineMaker) {
        self.directory = directory
        self.makeEngine = makeEngine
    }

    /// The tests of one file.
    public struct Form: Sendable {
        public let name: String
        public internal(set) var total = 0
        /// Level 3a: the same data transfers in the same order.
        public internal(set) var sameTransfers = 0
        /// Level 3b: the same number of clocks.
        public internal(set) var sameCount = 0
        /// Level 3c: the same clocks, fetches included.
        public internal(set) var sameRecords = 0
        /// Differences in the number of clocks, got minus wanted, and how often.
        public internal(set) var differences: [Int: Int] = [:]
        public internal(set) var failures: [String] = []
        /// Why the file could not be run.
        public internal(set) var problem: SuiteError?
    }

    /// Runs all forms, in parallel over the files.
    public func run() throws(SuiteError) -> [Form] {
        var forms = try Manifest(path: directory + "/manifest.tsv").forms.map(\.name)
        if let filter { forms = forms.filter { $0.hasPrefix(filter) } }
        let results = Mutex<[Int: Form]>([:])
        DispatchQueue.concurrentPerform(iterations: forms.count) { [forms] index in
            let result = run(forms[index])
            results.withLock { $0[index] = result }
        }
        return results.withLock { results in forms.indices.compactMap { results[$0] } }
    }

    private func run(_ name: String) -> Form {
        var form = Form(name: name)
        do throws(SuiteError) {
            let file = try MOOFile(path: "\(directory)/\(name).MOO.gz")
            let trace = ClockTrace(capacity: 4_096)
            let machine = SuiteMachine(.i80286) { [makeEngine] _, memory, bus in makeEngine(memory, bus) }
            let count = min(file.tests.count, testsPerForm ?? .max)
            for k in 0..<count {
                let test = file.tests[k * file.tests.count / count]
                trace.removeAll()
                machine.runThrough(test, trace)
                check(test, trace.records, &form)
                _ = machine.clear(test)
            }
        } catch {
            form.problem = error
        }
        return form
    }

    private func check(_ test: MOOTest, _ records: [ClockRecord], _ form: inout Form) {
        let start = records.firstIndex { $0.state != 0 } ?? records.count
        let end = records.firstIndex { $0.status == 4 && $0.state == 1 } ?? records.count - 1
        let got = start <= end ? Array(records[start...end]) : []
        let wanted = (0..<test.clockCount).map { ClockRecord(captured: test.clockBytes[($0 * 15)..<($0 * 15 + 15)]) }
        form.total += 1
        if transfers(got) == transfers(wanted) { form.sameTransfers += 1 }
        let isSame = got.count == wanted.count && zip(got, wanted).allSatisfy { $0.matches($1) }
        if isSame { form.sameRecords += 1 }
        if got.count == wanted.count {
            form.sameCount += 1
        } else {
            form.differences[got.count - wanted.count, default: 0] += 1
        }
        let isFailure = got.count != wanted.count || describesRecords && !isSame
        if isFailure && form.failures.count < failuresShown {
            let bytes = test.bytes.map { hex($0) }.joined(separator: " ")
            form.failures.append(
                "\(form.name) #\(test.index) \(test.name) [\(bytes)] \(SuiteComparison.describe(test.initial))\n"
                    + "    got    \(got.count) \(line(got))\n    wanted \(wanted.count) \(line(wanted))")
        }
    }

    /// The data cycles: fetches and idle states are left out.
    private func transfers(_ records: [ClockRecord]) -> [[UInt32]] {
        var list: [[UInt32]] = []
        for (index, record) in records.enumerated() where record.state == 1 && record.status != 13 {
            var data: UInt32 = 0
            if let last = records[index...].dropFirst().prefix(while: { $0.state == 2 }).last {
                data = UInt32(last.activeData(of: record))
            }
            list.append([UInt32(record.status), record.bus, record.isBHEHigh ? 1 : 0, data])
        }
        return list
    }

    /// A letter for each clock: F fetch, R and W memory, I and O ports, H halt, c Tc, dot idle.
    private func line(_ records: [ClockRecord]) -> String {
        String(
            records.map { record -> Character in
                switch record.state {
                case 0: return "."
                case 2: return "c"
                default:
                    let letters: [UInt8: Character] = [0: "A", 4: "H", 5: "R", 6: "W", 9: "I", 10: "O", 13: "F"]
                    return letters[record.status] ?? "?"
                }
            })
    }
}

extension ClockRecord {
    /// A record of the MOO format; 15 bytes.
    fileprivate init(captured bytes: ArraySlice<UInt8>) {
        self.init()
        let b = Array(bytes)
        isAddressLatched = b[0] & 1 != 0
        isBHEHigh = b[0] & 2 != 0
        isReadyHigh = b[0] & 4 != 0
        isLockHigh = b[0] & 8 != 0
        bus = UInt32(b[1]) | UInt32(b[2]) << 8 | UInt32(b[3]) << 16
        memoryCommand = Command(rawValue: b[6])
        portCommand = Command(rawValue: b[7])
        data = UInt16(b[9]) | UInt16(b[10]) << 8
        status = b[11]
        state = b[12]
    }

    /// The half of the data bus that takes part in the bus cycle that began with `start`.
    fileprivate func activeData(of start: ClockRecord) -> UInt16 {
        if start.bus & 1 != 0 { return data & 0xFF00 }
        return start.isBHEHigh ? data & 0x00FF : data
    }

    /// Whether two records show the same: state, status, address and BHE# where they are valid, commands and LOCK#.
    /// Data are compared by transfers.
    fileprivate func matches(_ other: ClockRecord) -> Bool {
        guard state == other.state, memoryCommand == other.memoryCommand, portCommand == other.portCommand else {
            return false
        }
        if state != 1 { return state == 0 || isLockHigh == other.isLockHigh }
        return status == other.status && bus == other.bus && isBHEHigh == other.isBHEHigh
            && isLockHigh == other.isLockHigh
    }
}
