import X86

/// What the pins showed, compared with what the chip's showed.
///
/// An address counts while ALE is active, data where they are valid (T3 of an 8086, Tc of an 80286) and only on the half
/// of the bus that takes part, BHE# together with the address, the queue's byte with a queue operation. All bus states of
/// an 80286 that the suites name PASV are one. READY# is an input and not compared. A fetched byte is not
/// compared where the test's own memory cannot give it: the rig that captured the chips answered some fetches itself, with
/// NOP behind the instruction (8086) or HLT behind a jump (80286).
struct TraceComparison {
    private let model: ProcessorModel
    private let wanted: ClockList
    private let got: ArraySlice<ClockRecord>
    private let test: CapturedTest
    /// Level 3a: the same data transfers in the same order.
    private(set) var areTransfersRight = true
    /// Level 3b: the same number of clocks.
    let isCountRight: Bool
    /// Level 3c: nil if all records are the same, else the first that is not.
    private(set) var firstDifference: Int?

    init(_ test: CapturedTest, _ got: ArraySlice<ClockRecord>, count: Int, _ model: ProcessorModel) {
        self.model = model
        self.wanted = test.clocks
        self.got = got
        self.test = test
        isCountRight = wanted.count == count
        compareRecords()
        if firstDifference == nil && !isCountRight { firstDifference = min(wanted.count, count) }
        // Equal records make equal transfers.
        if firstDifference != nil { areTransfersRight = transfers(wanted.count, wantedRecord) == gotTransfers }
    }

    private func wantedRecord(_ clock: Int) -> ClockRecord { wanted.record(clock, model) }
    private func gotRecord(_ clock: Int) -> ClockRecord { got[got.startIndex + clock] }

    // MARK: Records

    private mutating func compareRecords() {
        var start = ClockRecord()
        for clock in 0..<min(wanted.count, got.count) {
            let record = wantedRecord(clock)
            if record.isAddressLatched { start = record }
            guard isEqual(record, gotRecord(clock), start) else { return firstDifference = clock }
        }
    }

    /// The data lines that count in a bus cycle that began with `start`, when the chip saw `data`.
    private func dataMask(_ start: ClockRecord, _ data: UInt16) -> UInt16 {
        var mask = ClockText.Lanes(start, model).mask
        guard ClockText.status(start, model) == .code else { return mask }
        let low = model == .i8088 ? start.bus : start.bus & ~1
        if !canGive(UInt8(truncatingIfNeeded: data), at: low) { mask &= 0xFF00 }
        if !canGive(UInt8(data >> 8), at: start.bus | 1) { mask &= 0x00FF }
        return mask
    }

    /// Whether a fetch from `address` can bring `byte`: memory holds it before or after the instruction.
    private func canGive(_ byte: UInt8, at address: UInt32) -> Bool {
        let before = test.initial.memory.last { $0.address == address }
        let after = test.final.memory.last { $0.address == address }
        guard before != nil || after != nil else { return model.isOriginal && byte == SuiteMachine.nop }
        return before?.value == byte || after?.value == byte
    }

    /// `start` is the chip's record with the address of the bus cycle.
    private func isEqual(_ a: ClockRecord, _ b: ClockRecord, _ start: ClockRecord) -> Bool {
        guard a.isAddressLatched == b.isAddressLatched, a.state == b.state,
            ClockText.status(a, model) == ClockText.status(b, model), a.memoryCommand == b.memoryCommand,
            a.portCommand == b.portCommand
        else { return false }
        if a.isAddressLatched {
            if a.bus != b.bus { return false }
            if model != .i8088 && a.isBHEHigh != b.isBHEHigh { return false }
        }
        if a.data != b.data, ClockText.hasData(a, model), (a.data ^ b.data) & dataMask(start, a.data) != 0 {
            return false
        }
        if model == .i80286 { return a.isLockHigh == b.isLockHigh }
        guard a.segment == b.segment, a.queueOperation == b.queueOperation else { return false }
        let hasByte = a.queueOperation == .firstByte || a.queueOperation == .subsequentByte
        return !hasByte || a.queueByte == b.queueByte
    }

    // MARK: Transfers

    /// One bus cycle that moves data.
    private struct Transfer: Equatable {
        var status: ClockText.Status
        var address: UInt32
        var lanes: ClockText.Lanes
        /// The data on the active half; nil if the trace ends before.
        var data: UInt16?
    }

    private var gotTransfers: [Transfer] { transfers(got.count, gotRecord) }

    private func transfers(_ count: Int, _ record: (Int) -> ClockRecord) -> [Transfer] {
        var list: [Transfer] = []
        var isOpen = false
        for clock in 0..<count {
            let record = record(clock)
            if record.isAddressLatched {
                let status = ClockText.status(record, model)
                isOpen = status.isTransfer
                if isOpen {
                    list.append(
                        Transfer(
                            status: status, address: record.bus, lanes: ClockText.Lanes(record, model), data: nil))
                }
            } else if isOpen, ClockText.hasData(record, model) {
                list[list.count - 1].data = record.data & list[list.count - 1].lanes.mask
            }
        }
        return list
    }

    // MARK: What a person sees

    /// The clocks around the first difference.
    func window() -> SuiteFailure.TraceWindow? {
        guard let firstDifference else { return nil }
        // The window begins with an address, so that the data behind it can be shown.
        var first = max(0, firstDifference - 8)
        while first > 0 && firstDifference - first < 16
            && !(first < wanted.count && wantedRecord(first).isAddressLatched)
        {
            first -= 1
        }
        let end = firstDifference + 12
        return SuiteFailure.TraceWindow(
            firstClock: first, difference: firstDifference,
            expected: (first..<max(first, min(end, wanted.count))).map(wantedRecord),
            got: (first..<max(first, min(end, got.count))).map(gotRecord))
    }
}
