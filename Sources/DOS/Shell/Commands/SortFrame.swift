import Core

/// SORT `[/R] [/+n]`: sorts the lines of standard input, in any case, from column n.
struct SortFrame: ShellFrame {
    static let kind = FrameKind.sort
    /// What the real one holds: a segment.
    private static let limit = 0xFE00

    var isReversed = false
    /// Columns before the key.
    var skipped: UInt16 = 0
    var badSwitch: [UInt8] = []
    var text: [UInt8] = []
    var isSorted = false

    init() {}

    init(tail: [UInt8]) {
        for word in CommandArguments(tail).switches {
            if word == "R".dosText {
                isReversed = true
            } else if word.first == Character8.plus, let column = word.dropFirst().leadingNumber, column > 0 {
                skipped = UInt16(column - 1)
            } else {
                badSwitch = word
            }
        }
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard badSwitch.isEmpty else { throw .refused(ShellMessage.invalidSwitch(badSwitch)) }
        guard isSorted else {
            let chunk = try shell.read(ShellStep.standardInput)
            let end = chunk.firstIndex(of: Character8.endOfFile)
            text += chunk[..<(end ?? chunk.count)]
            guard text.count <= SortFrame.limit else { throw .refused("SORT: Insufficient memory") }
            if chunk.isEmpty || end != nil { sort() }
            return .again
        }
        guard !text.isEmpty else { return .finish }
        let piece = Array(text.prefix(ShellLayout.dataSize * 8))
        try shell.write(piece)
        text.removeFirst(piece.count)
        return .again
    }

    private mutating func sort() {
        var lines = text.split(separator: Character8.lineFeed, omittingEmptySubsequences: false).map { line in
            line.filter { $0 != Character8.carriageReturn }
        }
        if lines.last == [] { lines.removeLast() }
        let keys = lines.map { $0.dropFirst(Int(skipped)).uppercased }
        let order = lines.indices.sorted { first, second in
            if keys[first] == keys[second] { return first < second }
            return keys[first].lexicographicallyPrecedes(keys[second]) != isReversed
        }
        text = order.flatMap { lines[$0] + "\r\n".dosText }
        isSorted = true
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("isReversed", &isReversed)
        coder.field("skipped", &skipped)
        coder.field("badSwitch", &badSwitch, limit: 128)
        // Line ends may be added by the sort.
        coder.field("text", &text, limit: 4 * SortFrame.limit)
        coder.field("isSorted", &isSorted)
    }
}
