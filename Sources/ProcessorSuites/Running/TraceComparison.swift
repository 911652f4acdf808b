import X86

/// What the pins showed, compared with what the chip's showed.
///
/// An address counts while ALE is active, data where they are valid (T3 of an 8086, Tc of an 80286) and only on the half
/// of the bus that takes part, BHE# together with the address, the queue's byte with a queue operation. All bus states of
/// an 80286 that the suites name PASV are one. READY# is an input and not compared.
struct TraceComparison {
    private let model: ProcessorModel
    private let wanted: ClockList
    private let got: ArraySlice<ClockRecord>
    /// Level 3a: the same data transfers in the same order.
    private(set) var areTransfersRight = true
    /// Level 3b: the same number of clocks.
    let isCountRight: Bool
    /// Level 3c: nil if all records are the same, else the first that is not.
    private(set) var firstDifference: Int?

    init(_ wanted: ClockList, _ got: ArraySlice<ClockRecord>, count: Int, _ model: ProcessorModel) {
        self.model = model
        self.wanted = wanted
        self.got = got
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
        var lanes = ClockText.Lanes.none
        for clock in 0..<min(wanted.count, got.count) {
            let record = wantedRecord(clock)
            if record.isAddressLatched { lanes = ClockText.Lanes(record, model) }
            guard isEqual(record, gotRecord(clock), lanes) else { return firstDifference = clock }
        }
    }

    private func isEqual(_ a: ClockRecord, _ b: ClockRecord, _ lanes: ClockText.Lanes) -> Bool {
        guard a.isAddressLatched == b.isAddressLatched, a.state == b.state,
            ClockText.status(a, model) == ClockText.status(b, model), a.memoryCommand == b.memoryCommand,
            a.portCommand == b.portCommand
        else { return false }
        if a.isAddressLatched {
            if a.bus != b.bus { return false }
            if model != .i8088 && a.isBHEHigh != b.isBHEHigh { return false }
        }
        if ClockText.hasData(a, model), (a.data ^ b.data) & lanes.mask != 0 { return false }
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
        let first = max(0, firstDifference - 8)
        let end = firstDifference + 12
        return SuiteFailure.TraceWindow(
            firstClock: first, difference: firstDifference,
            expected: (first..<max(first, min(end, wanted.count))).map(wantedRecord),
            got: (first..<max(first, min(end, got.count))).map(gotRecord))
    }
}
