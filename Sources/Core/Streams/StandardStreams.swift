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
///
/// A program can go back in its input as in a file, as far as `history` reaches: programs read a block and return to the
/// start of a line that it cuts.
public final class StandardStreams: StateChunk {
    /// What has been read lately, then what has not been read.
    private var input: [UInt8] = []
    /// Bytes of the input before the first of `input`.
    private var dropped: UInt64 = 0
    private var next = 0
    /// How far behind the end of the input a program has moved.
    private var excess: UInt64 = 0
    /// Whether DOS standard input, output and keyboard belong to the host's streams.
    public private(set) var isAttached = false
    /// Whether the host's input has ended. What was buffered before can still be read.
    public private(set) var hasEnded = false
    /// The streams that are terminals. Without `output`, a terminal's input comes in lines that the host has echoed.
    public private(set) var terminals: TerminalStreams = []
    /// Bytes that the guest has read and written: whether it has done anything with the streams since an earlier count.
    public private(set) var transferCount: UInt64 = 0
    private weak var sink: (any StreamSink)?

    /// Most bytes of unread input that are held at once.
    public static let limit = 1 << 20
    /// Bytes of read input that are kept at least.
    public static let history = 1 << 16

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
        let old = next - StandardStreams.history
        if old > StandardStreams.history {
            input.removeFirst(old)
            dropped &+= UInt64(old)
            next -= old
        }
        input.append(contentsOf: bytes.prefix(StandardStreams.limit - availableCount))
    }

    /// No more input will come.
    public func end() { hasEnded = true }

    // MARK: Guest side

    public var availableCount: Int { input.count - next }

    /// Where the next byte stands in the input.
    public var position: UInt64 { dropped &+ UInt64(next) &+ excess }

    /// True when a read must wait for the host: nothing is buffered and the end has not come.
    public var needsHost: Bool { isAttached && availableCount == 0 && !hasEnded }

    /// How a change of the position ended.
    public enum Seek: Hashable, Sendable {
        case done
        /// The input has not come so far: once the host has supplied more, try again.
        case needsHost
        /// The place is no longer held.
        case lost
    }

    /// Moves to `position`. It may lie behind the end, where nothing can be read.
    public func seek(to position: UInt64) -> Seek {
        guard position >= dropped else { return .lost }
        let index = position &- dropped
        if index <= UInt64(input.count) {
            (next, excess) = (Int(index), 0)
            return .done
        }
        next = input.count
        guard hasEnded else { return .needsHost }
        excess = index &- UInt64(input.count)
        return .done
    }

    /// Where the input ends; nil while that is not known. All of it must be held until then.
    public var endPosition: UInt64? { hasEnded ? dropped &+ UInt64(input.count) : nil }

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
    public var chunkVersion: UInt16 { 4 }

    public func transfer(_ coder: StateCoder) {
        coder.field("isAttached", &isAttached)
        coder.field("hasEnded", &hasEnded)
        var terminalBits = terminals.rawValue
        coder.field("terminals", &terminalBits)
        terminals = TerminalStreams(rawValue: terminalBits)
        coder.field("transferCount", &transferCount)
        coder.field("dropped", &dropped)
        coder.field("excess", &excess)
        coder.field("input", &input, limit: StandardStreams.limit + 3 * StandardStreams.history)
        var index = UInt32(truncatingIfNeeded: next)
        coder.field("next", &index)
        if Int(index) > input.count { coder.fail("\(index) bytes of \(input.count) have been read") }
        next = min(Int(index), input.count)
    }

    public func stateDidRestore() {}
}
