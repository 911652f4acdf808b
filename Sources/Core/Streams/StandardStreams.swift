/// Which of the host's standard streams are terminals. To DOS programs those are the console, others are files.
public struct TerminalStreams: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let input = TerminalStreams(rawValue: 1)
    public static let output = TerminalStreams(rawValue: 2)
    public static let error = TerminalStreams(rawValue: 4)
}

/// Takes what a program writes to its standard output and standard error.
public protocol StreamSink: AnyObject {
    func write(_ bytes: UnsafeRawBufferPointer, toError: Bool)
}

/// The standard input and output of the host, when a DOS program runs as a filter.
///
/// Bytes are in the guest's code page with DOS line ends; the front end translates. Reading when nothing is buffered
/// stops emulated time (the service answers `ServiceOutcome.hostInput`) until the host has supplied a byte or the end,
/// so the host's timing never shows. The buffered input is part of the machine's state.
public final class StandardStreams: StateChunk {
    private var input: [UInt8] = []
    private var next = 0
    /// Whether DOS standard input, output and keyboard belong to the host's streams.
    public private(set) var isAttached = false
    /// Whether the host's input has ended. What was buffered before can still be read.
    public private(set) var hasEnded = false
    /// The streams that are terminals. Without `output`, a terminal's input comes in lines that the host has echoed.
    public private(set) var terminals: TerminalStreams = []
    /// Bytes that the guest has read and written: whether it has done anything with the streams since an earlier count.
    public private(set) var transferCount: UInt64 = 0
    private weak var sink: (any StreamSink)?

    /// Most bytes of input that are held at once.
    public static let limit = 1 << 20

    public init() {}

    /// Makes the host's streams the machine's.
    public func attach(_ sink: any StreamSink, terminals: TerminalStreams = []) {
        self.sink = sink
        self.terminals = terminals
        isAttached = true
    }

    // MARK: Host side

    /// Adds input. At most `limit` bytes are kept.
    public func supply(_ bytes: some Collection<UInt8>) {
        if next > 0 { input.removeFirst(next) }
        next = 0
        input.append(contentsOf: bytes.prefix(StandardStreams.limit - input.count))
    }

    /// No more input will come.
    public func end() { hasEnded = true }

    // MARK: Guest side

    public var availableCount: Int { input.count - next }

    /// True when a read must wait for the host: nothing is buffered and the end has not come.
    public var needsHost: Bool { isAttached && availableCount == 0 && !hasEnded }

    public func peek() -> UInt8? { next < input.count ? input[next] : nil }

    public func readByte() -> UInt8? {
        guard next < input.count else { return nil }
        transferCount &+= 1
        defer { next += 1 }
        return input[next]
    }

    public func read(atMost count: Int) -> [UInt8] {
        let slice = input[next...].prefix(max(count, 0))
        next += slice.count
        transferCount &+= UInt64(slice.count)
        return Array(slice)
    }

    public func write(_ bytes: [UInt8], toError: Bool = false) {
        transferCount &+= UInt64(bytes.count)
        bytes.withUnsafeBytes { sink?.write($0, toError: toError) }
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("STDS") }
    public var chunkVersion: UInt16 { 3 }

    public func transfer(_ coder: StateCoder) {
        coder.field("isAttached", &isAttached)
        coder.field("hasEnded", &hasEnded)
        var terminalBits = terminals.rawValue
        coder.field("terminals", &terminalBits)
        terminals = TerminalStreams(rawValue: terminalBits)
        coder.field("transferCount", &transferCount)
        var rest = Array(input[next...])
        coder.field("input", &rest, limit: StandardStreams.limit)
        (input, next) = (rest, 0)
    }

    public func stateDidRestore() {}
}
