import Core

/// A batch file, read line by line from where the last line ended, so that it may change while it runs.
struct BatchFrame: ShellFrame {
    static let kind = FrameKind.batch
    private static let labelLength = 8

    var call = BatchCall()
    var offset: UInt32 = 0
    /// The label that GOTO looks for, upper case; empty for none.
    var label: [UInt8] = []
    /// ECHO as it was before the outermost batch file.
    var savedEcho = true
    var isOutermost = false
    var hasFailed = false

    init() {}

    init(_ call: BatchCall, in process: ShellProcess) {
        self.call = call
        savedEcho = process.isEchoOn
        isOutermost = !process.isInBatch
    }

    var handlesCancellation: Bool { true }

    mutating func noteFailure() { hasFailed = true }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        switch shell.process.cancellation {
        case .command:
            shell.process.cancellation = .none
            return .push(BatchQueryFrame())
        case .batchJob, .leaving: return end(shell)
        case .none: break
        }
        if hasFailed { return end(shell) }
        if let next = shell.process.nextBatch {
            shell.process.nextBatch = nil
            (call, offset, label) = (next, 0, [])
            return .again
        }
        if !label.isEmpty { return try seekLabel(shell) }
        guard let line = try readLine(shell) else { return end(shell) }
        return try run(line, shell)
    }

    private func end(_ shell: ShellStep) -> ShellFlow {
        if isOutermost { shell.process.isEchoOn = savedEcho }
        return .finish
    }

    private func readChunk(_ shell: ShellStep) throws(StepSignal) -> [UInt8] {
        let handle: UInt16
        do throws(StepSignal) { handle = try shell.open(call.path) } catch {
            if case .dos = error { throw .refused(ShellMessage.batchMissing) }
            throw error
        }
        try shell.seek(handle, to: offset)
        let chunk = try shell.read(handle)
        try shell.close(handle)
        return chunk
    }

    /// The line at the offset, which moves behind it; nil at the end of the file.
    private mutating func readLine(_ shell: ShellStep) throws(StepSignal) -> [UInt8]? {
        let chunk = try readChunk(shell)
        guard let first = chunk.first, first != Character8.endOfFile else { return nil }
        let line = BatchFrame.line(in: chunk[...])
        offset &+= UInt32(line.length)
        return line.text
    }

    /// The first line of `chunk`, and how many bytes it takes with its end.
    private static func line(in chunk: ArraySlice<UInt8>) -> (text: [UInt8], length: Int, isComplete: Bool) {
        let text = chunk.prefix { $0 != Character8.lineFeed && $0 != Character8.endOfFile }
        let end = text.endIndex < chunk.endIndex ? chunk[text.endIndex] : 0
        return (
            text.filter { $0 != Character8.carriageReturn }, text.count + (end == Character8.lineFeed ? 1 : 0), end != 0
        )
    }

    private func run(_ line: [UInt8], _ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        let start = line.withoutLeadingDelimiters
        if start.isEmpty || start.first == Character8.colon { return .again }
        var text = CommandLine.expand(start, arguments: call.arguments, variable: shell.variable)
        let isSilent = text.first == Character8.at
        if isSilent { text.removeFirst() }
        if shell.process.isEchoOn, !isSilent {
            let prompt = try shell.promptText()
            let blank = shell.process.needsBlankLine ? "\r\n".dosText : []
            try shell.write(blank + prompt + text + "\r\n".dosText)
        }
        shell.process.needsBlankLine = true
        return .push(LineFrame(text))
    }

    /// Looks through the file from its start, a piece at a time.
    private mutating func seekLabel(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        let chunk = try readChunk(shell)
        var position = 0
        while position < chunk.count, chunk[position] != Character8.endOfFile {
            let line = BatchFrame.line(in: chunk[position...])
            // A line cut off by the end of the piece is read again with the next one.
            if !line.isComplete, position > 0, chunk.count == ShellLayout.dataSize { break }
            position += line.length
            if BatchFrame.labelName(line.text) == label {
                offset &+= UInt32(position)
                label = []
                return .again
            }
            if line.length == 0 { break }
        }
        let isAtEnd = position < chunk.count && chunk[position] == Character8.endOfFile
        guard position > 0, chunk.count == ShellLayout.dataSize, !isAtEnd else {
            throw .refused(ShellMessage.labelNotFound)
        }
        offset &+= UInt32(position)
        return .again
    }

    /// The first eight letters of the label on a line, upper case; nil if the line is no label.
    private static func labelName(_ line: [UInt8]) -> [UInt8]? {
        let start = line.withoutLeadingDelimiters
        guard start.first == Character8.colon else { return nil }
        return significant(Array(start.dropFirst()))
    }

    private static func significant(_ text: [UInt8]) -> [UInt8] {
        let word = text.trimmed.prefix { !Character8.isDelimiter($0) && $0 != Character8.colon }
        return word.prefix(labelLength).uppercased
    }

    // MARK: What commands do to it

    mutating func goTo(_ text: [UInt8]) {
        let name = text.trimmed
        label = BatchFrame.significant(name.first == Character8.colon ? Array(name.dropFirst()) : name)
        offset = 0
    }

    mutating func shift() {
        if !call.arguments.isEmpty { call.arguments.removeFirst() }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("call", &call)
        coder.field("offset", &offset)
        coder.field("label", &label, limit: 16)
        coder.field("savedEcho", &savedEcho)
        coder.field("isOutermost", &isOutermost)
        coder.field("hasFailed", &hasFailed)
    }
}

/// "Terminate batch job (Y/N)?"
struct BatchQueryFrame: ShellFrame {
    static let kind = FrameKind.batchQuery

    /// A second Ctrl-C is a yes.
    var handlesCancellation: Bool { true }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if shell.process.cancellation != .none {
            shell.process.cancellation = .batchJob
            return .finish
        }
        try shell.print("\r\nTerminate batch job (Y/N)?")
        while true {
            let typed = try shell.call(0x0800).al & 0xDF
            guard typed == UInt8(ascii: "Y") || typed == UInt8(ascii: "N") else { continue }
            try shell.write([typed] + "\r\n".dosText)
            if typed == UInt8(ascii: "Y") { shell.process.cancellation = .batchJob }
            return .finish
        }
    }

    mutating func transfer(_ coder: StateCoder) {}
}
