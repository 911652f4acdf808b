import Core

/// Why frames are being given up.
enum Cancellation: UInt8 {
    case none
    /// Ctrl-C: the present command ends; a batch file asks whether to go on.
    case command
    /// The user has ended the batch job: everything up to the prompt goes.
    case batchJob
    /// EXIT: the interpreter ends.
    case leaving
}

/// A batch file that replaces the one that has started it.
struct BatchCall: StateValue {
    /// The whole path of the file.
    var path: [UInt8] = []
    /// `%0` and the arguments.
    var arguments: [[UInt8]] = []

    mutating func transfer(_ coder: StateCoder) {
        coder.field("path", &path, limit: 128)
        coder.strings("arguments", &arguments, limit: 128)
    }
}

/// The state of one process whose logic is in the ROM: a command interpreter or a command on Z:.
struct ShellProcess: StateValue {
    static let frameLimit = 100

    var psp: UInt16 = 0
    var program = ShellProgram.command
    /// Whether it is the first interpreter, which the machine was started with.
    var isFirst = false
    var frames: [FrameSlot] = []
    var errorLevel: UInt8 = 0
    var isEchoOn = true
    /// Whether an empty line comes before the next prompt: the last command was not an empty one.
    var needsBlankLine = false
    var cancellation = Cancellation.none
    var nextBatch: BatchCall?

    init() {}

    init(psp: UInt16, program: ShellProgram, isFirst: Bool, root: RootFrame) {
        self.psp = psp
        self.program = program
        self.isFirst = isFirst
        frames = [FrameSlot(root)]
    }

    var isInBatch: Bool { frames.contains { $0.body is BatchFrame } }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("psp", &psp)
        coder.field("program", &program)
        coder.field("isFirst", &isFirst)
        coder.array("frames", &frames, limit: ShellProcess.frameLimit)
        coder.field("errorLevel", &errorLevel)
        coder.field("isEchoOn", &isEchoOn)
        coder.field("needsBlankLine", &needsBlankLine)
        coder.field("cancellation", &cancellation)
        coder.field("nextBatch", &nextBatch)
    }
}
