import Core

/// Where the interpreter goes when a step has ended.
enum ShellFlow {
    /// The frame has another step.
    case again
    /// The frame is done.
    case finish
    /// Another frame runs first, then this one again.
    case push(any ShellFrame)
    /// Another frame takes the place of this one.
    case replace(any ShellFrame)
    /// The frame is done, and so is the INT 2Eh that began it; its caller's stack is here.
    case returnToCaller(FarPointer)
}

/// Something the interpreter is in the middle of: a batch file, a line with its redirections, a copy.
///
/// A frame is plain data. `step` changes it and says where to go; what it has changed counts only when the step ends.
protocol ShellFrame: StateValue {
    static var kind: FrameKind { get }
    /// Whether Ctrl-C stops here: the frame's `step` sees `process.cancellation` and decides.
    var handlesCancellation: Bool { get }
    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow
    /// Undoes what must not stay behind, when Ctrl-C ends the frame.
    mutating func cancel(_ shell: ShellStep) throws(StepSignal)
    /// A step of a frame that handles cancellation has failed: the next one must not do the same again.
    mutating func noteFailure()
}

extension ShellFrame {
    var handlesCancellation: Bool { false }
    mutating func cancel(_ shell: ShellStep) throws(StepSignal) {}
    mutating func noteFailure() {}
}

/// The number of each sort of frame in a saved state.
enum FrameKind: UInt8 {
    case root, cleanup, message, interactive, batch, secondary, batchQuery
    case line, command, program, forLoop
    case type, copy, delete, rename, directory, dateTime
    case more, find, sort, tree, attrib, mem, xcopy, deltree, move, choice

    var empty: any ShellFrame {
        switch self {
        case .root: RootFrame()
        case .cleanup: CleanupFrame()
        case .message: MessageFrame()
        case .interactive: InteractiveFrame()
        case .batch: BatchFrame()
        case .secondary: SecondaryFrame()
        case .batchQuery: BatchQueryFrame()
        case .line: LineFrame()
        case .command: CommandFrame()
        case .program: ProgramFrame()
        case .forLoop: ForFrame()
        case .type: TypeFrame()
        case .copy: CopyFrame()
        case .delete: DeleteFrame()
        case .rename: RenameFrame()
        case .directory: DirectoryFrame()
        case .dateTime: DateTimeFrame()
        case .more: MoreFrame()
        case .find: FindFrame()
        case .sort: SortFrame()
        case .tree: TreeFrame()
        case .attrib: AttribFrame()
        case .mem: MemFrame()
        case .xcopy: XcopyFrame()
        case .deltree: DeltreeFrame()
        case .move: MoveFrame()
        case .choice: ChoiceFrame()
        }
    }
}

/// A frame with the log of its present step.
struct FrameSlot: StateValue {
    var body: any ShellFrame = MessageFrame()
    var log: [StepAnswer] = []
    /// An interrupt has been asked for and has not answered.
    var isPending = false
    /// The frame has failed: its `cancel` runs, then it is gone.
    var isGivenUp = false

    init() {}
    init(_ body: any ShellFrame) { self.body = body }

    mutating func transfer(_ coder: StateCoder) {
        var kind = type(of: body).kind
        coder.field("kind", &kind)
        if coder.direction == .load { body = kind.empty }
        body.transfer(coder)
        coder.array("log", &log, limit: ShellStep.answerLimit + 1)
        coder.field("isPending", &isPending)
        coder.field("isGivenUp", &isGivenUp)
    }
}

/// A list of byte strings in a state.
struct ByteString: StateValue {
    var bytes: [UInt8] = []

    mutating func transfer(_ coder: StateCoder) { coder.field("bytes", &bytes, limit: 0x1_0000) }
}

extension StateCoder {
    /// A list of byte strings, at most `limit` of them.
    func strings(_ name: String, _ values: inout [[UInt8]], limit: Int) {
        var list = values.map { ByteString(bytes: $0) }
        array(name, &list, limit: limit)
        values = list.map(\.bytes)
    }
}

/// Says something and is gone.
struct MessageFrame: ShellFrame {
    static let kind = FrameKind.message
    var text: [UInt8] = []

    var handlesCancellation: Bool { true }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        try shell.write(text, to: ShellStep.standardError)
        return .finish
    }

    mutating func transfer(_ coder: StateCoder) { coder.field("text", &text, limit: 1_024) }
}

/// Closes what an interrupted command has left open.
struct CleanupFrame: ShellFrame {
    static let kind = FrameKind.cleanup
    var handles: [UInt8] = []

    var handlesCancellation: Bool { true }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        for handle in handles { try shell.close(UInt16(handle)) }
        return .finish
    }

    mutating func transfer(_ coder: StateCoder) { coder.field("handles", &handles, limit: 32) }
}
