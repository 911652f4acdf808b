import Core
import Glibc
import Hosting
import Machine

/// A DOS program as a Unix filter: its standard input and output are the host's.
///
/// Input is read only when the program asks, so that the host's timing never shows; output is written when the
/// program waits or ends, and at the latest at the session's next look at the host.
public final class StdioFrontEnd: FrontEnd, StreamSink {
    /// What the keyboard sends for Ctrl-Break.
    private static let breakCodes: [(code: UInt16, isDown: Bool)] = [
        (0x1D, true), (0xE046, true), (0xE046, false), (0x1D, false),
    ]
    private static let bufferSize = 65_536

    private let encoding: StreamEncoding
    private let input: Int32
    private let output: Int32
    private let error: Int32
    private var inputTranslator: InputTranslator
    private var outputTranslator: OutputTranslator
    private var errorTranslator: OutputTranslator
    private var pending: [UInt8] = []
    private var isClosed = false
    private var hasInputEnded = false
    private var savedSettings: termios?
    public private(set) var outputCount = 0
    public private(set) var outputFailure: String?

    /// - Parameters: descriptors of the host.
    public init(
        encoding: StreamEncoding = .text, input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO,
        error: Int32 = STDERR_FILENO
    ) {
        self.encoding = encoding
        (self.input, self.output, self.error) = (input, output, error)
        inputTranslator = InputTranslator(encoding)
        outputTranslator = OutputTranslator(encoding)
        errorTranslator = OutputTranslator(encoding)
    }

    public func start(_ machine: any GuestMachine) {
        inputTranslator = InputTranslator(encoding, machine.codePage)
        outputTranslator = OutputTranslator(encoding, machine.codePage)
        errorTranslator = OutputTranslator(encoding, machine.codePage)
        machine.streams.attach(self, terminals: terminals)
        quietenTerminal()
    }

    private var terminals: TerminalStreams {
        var terminals: TerminalStreams = []
        if isatty(input) == 1 { terminals.insert(.input) }
        if isatty(output) == 1 { terminals.insert(.output) }
        if isatty(error) == 1 { terminals.insert(.error) }
        return terminals
    }

    /// DOS echoes what it reads, so a terminal that is both input and output must not; and keys are read one by one.
    private func quietenTerminal() {
        guard terminals.isSuperset(of: [.input, .output]) else { return }
        var settings = termios()
        guard tcgetattr(input, &settings) == 0 else { return }
        savedSettings = settings
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(input, TCSADRAIN, &settings)
    }

    private func restoreTerminal() {
        if var savedSettings { tcsetattr(input, TCSADRAIN, &savedSettings) }
        savedSettings = nil
    }

    // MARK: Input

    public func inputDescriptor(isNeeded: Bool) -> Int32? { isNeeded && !hasInputEnded ? input : nil }

    public func readInput(_ machine: any GuestMachine) -> FrontEndRequest? {
        var buffer = [UInt8](repeating: 0, count: StdioFrontEnd.bufferSize)
        let count = read(input, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return nil }
        var bytes = buffer[..<max(count, 0)]
        var isEnd = bytes.isEmpty
        if savedSettings != nil {
            // A terminal in this mode does not know Ctrl-D, and its backspace key sends DEL.
            if let end = bytes.firstIndex(of: 0x04) { (bytes, isEnd) = (bytes[..<end], true) }
            bytes = ArraySlice(bytes.map { $0 == 0x7F ? 0x08 : $0 })
        }
        machine.streams.supply(inputTranslator.translate(bytes))
        guard isEnd else { return nil }
        machine.streams.supply(inputTranslator.finish())
        machine.streams.end()
        hasInputEnded = true
        return nil
    }

    // MARK: Output

    public func write(_ bytes: UnsafeRawBufferPointer, toError: Bool) {
        outputCount &+= bytes.count
        if toError {
            flush()
            var text: [UInt8] = []
            errorTranslator.translate(bytes, into: &text)
            _ = HostFile.writeAll(text, to: error)
            return
        }
        guard !isClosed else { return }
        outputTranslator.translate(bytes, into: &pending)
        if pending.count >= StdioFrontEnd.bufferSize { flush() }
    }

    private func flush() {
        guard !pending.isEmpty else { return }
        if !isClosed, let number = HostFile.writeAll(pending, to: output) {
            isClosed = true
            if number != EPIPE { outputFailure = "standard output: \(String(cString: strerror(number)))" }
        }
        pending.removeAll(keepingCapacity: true)
    }

    public func show(_ machine: any GuestMachine) -> FrontEndRequest? {
        flush()
        return isClosed ? .outputClosed : nil
    }

    // MARK: Signals and the end

    public func receive(signal: Int32, _ machine: any GuestMachine) -> FrontEndRequest? {
        guard let known = HostSignal(rawValue: signal) else { return nil }
        if known == .interrupt {
            for (code, isDown) in StdioFrontEnd.breakCodes { machine.pushInput(.key(code, isDown: isDown)) }
            return .interrupt(signal)
        }
        if known == .stop {
            restoreTerminal()
            raise(SIGSTOP)
            quietenTerminal()
            return nil
        }
        return known.asksToEnd ? .end(signal) : nil
    }

    public var nextTime: Tick? { nil }
    public func act(_ machine: any GuestMachine) {}
    public var wakeTime: Int64? { nil }
    public func wake(_ machine: any GuestMachine, now: Int64) {}
    public var drawsOverStandardError: Bool { false }

    public func finish(_ machine: any GuestMachine) {
        outputTranslator.finish(into: &pending)
        flush()
        var rest: [UInt8] = []
        errorTranslator.finish(into: &rest)
        _ = HostFile.writeAll(rest, to: error)
        restoreTerminal()
    }
}
