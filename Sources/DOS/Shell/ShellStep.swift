import Core
import X86

/// Why the code of a step was left before its end.
enum StepSignal: Error {
    /// An interrupt must be performed in the guest first. The step is run again from its start when it has answered.
    case pending
    /// A DOS call failed with this error code, and nobody in the step wanted to know.
    case dos(UInt16)
    /// A command cannot go on; the sentence is for the user.
    case refused(String)
}

/// What an interrupt has answered: the registers, and bytes that the step wanted from memory.
struct StepAnswer: StateValue {
    var ax: UInt16 = 0
    var bx: UInt16 = 0
    var cx: UInt16 = 0
    var dx: UInt16 = 0
    var di: UInt16 = 0
    var es: UInt16 = 0
    var flags: UInt16 = 0
    var data: [UInt8] = []

    var al: UInt8 { UInt8(truncatingIfNeeded: ax) }
    var ah: UInt8 { UInt8(truncatingIfNeeded: ax >> 8) }
    var dl: UInt8 { UInt8(truncatingIfNeeded: dx) }
    var dh: UInt8 { UInt8(truncatingIfNeeded: dx >> 8) }
    var cl: UInt8 { UInt8(truncatingIfNeeded: cx) }
    var ch: UInt8 { UInt8(truncatingIfNeeded: cx >> 8) }
    var isError: Bool { flags & Flag.carry != 0 }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("ax", &ax)
        coder.field("bx", &bx)
        coder.field("cx", &cx)
        coder.field("dx", &dx)
        coder.field("di", &di)
        coder.field("es", &es)
        coder.field("flags", &flags)
        coder.field("data", &data, limit: 0x1_0000)
    }
}

/// One run of the code of a step.
///
/// The code is written straight down, with calls of DOS as if they were functions. A call whose answer is in the log
/// returns it; the first one that is not there sets the registers up and leaves with `pending`. When DOS has answered,
/// the answer goes to the end of the log and the code runs again from its start. So the log and the frame are all there
/// is to save, and the code must depend on nothing else: what it reads from memory it reads while it takes an answer.
/// A step with a loop that has no small bound is several steps.
final class ShellStep {
    /// Answers in a log; a step that needs more is refused.
    static let answerLimit = 600

    let cpu: Registers
    let memory: GuestMemory
    let addresses: ShellAddresses
    /// The process as this step leaves it; kept only when the step ends.
    var process: ShellProcess
    private(set) var log: [StepAnswer]
    private var position = 0
    private var hasFreshAnswer: Bool
    /// The interrupt that is asked for, with `pending`.
    private(set) var interrupt: UInt8 = 0x21
    /// Set before the call that ends the process.
    var isEnding = false

    init(
        _ context: ServiceContext, addresses: ShellAddresses, process: ShellProcess, log: [StepAnswer],
        hasFreshAnswer: Bool
    ) {
        self.addresses = addresses
        cpu = context.cpu
        memory = context.memory
        self.process = process
        self.log = log
        self.hasFreshAnswer = hasFreshAnswer
    }

    var segment: UInt16 { process.psp }

    func address(_ offset: UInt16) -> FarPointer { FarPointer(segment, offset) }

    /// Performs an interrupt, with DS and ES at the process unless said otherwise. `prepare` fills buffers in memory;
    /// `capture` takes what the answer needs from memory.
    func call(
        _ ax: UInt16, bx: UInt16 = 0, cx: UInt16 = 0, dx: UInt16 = 0, si: UInt16 = 0, di: UInt16 = 0,
        ds: UInt16? = nil, es: UInt16? = nil, interrupt: UInt8 = 0x21,
        prepare: () -> Void = {}, capture: () -> [UInt8] = { [] }
    ) throws(StepSignal) -> StepAnswer {
        if position < log.count {
            position += 1
            return log[position - 1]
        }
        if hasFreshAnswer {
            hasFreshAnswer = false
            let answer = StepAnswer(
                ax: cpu.ax, bx: cpu.bx, cx: cpu.cx, dx: cpu.dx, di: cpu.di, es: cpu.es, flags: cpu.flags,
                data: capture())
            log.append(answer)
            position += 1
            return answer
        }
        guard log.count < ShellStep.answerLimit else { throw .refused("Command too complex") }
        prepare()
        (cpu.ax, cpu.bx, cpu.cx, cpu.dx) = (ax, bx, cx, dx)
        (cpu.si, cpu.di) = (si, di)
        (cpu.ds, cpu.es) = (ds ?? segment, es ?? segment)
        self.interrupt = interrupt
        throw .pending
    }

    /// The same, and an error that the carry flag tells of leaves the step.
    @discardableResult
    func checked(
        _ ax: UInt16, bx: UInt16 = 0, cx: UInt16 = 0, dx: UInt16 = 0, si: UInt16 = 0, di: UInt16 = 0,
        ds: UInt16? = nil, es: UInt16? = nil,
        prepare: () -> Void = {}, capture: () -> [UInt8] = { [] }
    ) throws(StepSignal) -> StepAnswer {
        let answer = try call(
            ax, bx: bx, cx: cx, dx: dx, si: si, di: di, ds: ds, es: es, prepare: prepare, capture: capture)
        if answer.isError { throw .dos(answer.ax) }
        return answer
    }

    /// Places `path` with its zero at `offset`.
    func setPath(_ path: [UInt8], at offset: UInt16 = ShellLayout.path) {
        memory.writeBytes(address(offset), path.prefix(ShellLayout.pathCapacity - 1) + [0])
    }

    /// The first `count` bytes of the data buffer.
    func bytes(_ count: Int, at offset: UInt16 = ShellLayout.data) -> [UInt8] {
        memory.readBytes(address(offset), count)
    }
}

// MARK: Text

extension ShellStep {
    static let standardInput: UInt16 = 0
    static let standardOutput: UInt16 = 1
    static let standardError: UInt16 = 2

    func print(_ text: String) throws(StepSignal) { try write(text.dosText) }
    func printError(_ text: String) throws(StepSignal) { try write(text.dosText, to: ShellStep.standardError) }

    /// INT 21h AH=40h in pieces of the buffer's size. A file that takes less than all of it is on a full disk.
    func write(_ text: [UInt8], to handle: UInt16 = standardOutput) throws(StepSignal) {
        var rest = text[...]
        while !rest.isEmpty {
            let piece = rest.prefix(ShellLayout.dataSize)
            rest = rest.dropFirst(piece.count)
            let answer = try checked(
                0x4000, bx: handle, cx: UInt16(piece.count), dx: ShellLayout.data,
                prepare: { memory.writeBytes(address(ShellLayout.data), piece) })
            if Int(answer.ax) < piece.count { throw .refused("Insufficient disk space") }
        }
    }

    /// A key, not shown: INT 21h AH=08h, or 07h without a look for Ctrl-C.
    func key() throws(StepSignal) -> UInt8 { try call(0x0800).al }

    /// A line from standard input: edited by DOS if it is a device, read from a file otherwise. Nil at the end.
    func line(template: Bool) throws(StepSignal) -> [UInt8]? {
        let information = try call(0x4400, bx: ShellStep.standardInput)
        guard !information.isError, information.dx & 0x80 == 0 else { return try editedLine(template: template) }
        var line: [UInt8] = []
        while line.count < Int(ShellLayout.lineCapacity) {
            let answer = try call(
                0x3F00, bx: ShellStep.standardInput, cx: 1, dx: ShellLayout.data, capture: { bytes(1) })
            guard !answer.isError, answer.ax == 1, let byte = answer.data.first, byte != Character8.endOfFile else {
                return line.isEmpty ? nil : line
            }
            if byte == Character8.lineFeed { break }
            if byte != Character8.carriageReturn { line.append(byte) }
        }
        try write(line + [Character8.carriageReturn, Character8.lineFeed])
        return line
    }

    private func editedLine(template: Bool) throws(StepSignal) -> [UInt8]? {
        let answer = try call(
            0x0A00, dx: ShellLayout.lineBuffer,
            prepare: {
                memory.write8(address(ShellLayout.lineBuffer), ShellLayout.lineCapacity)
                if !template { memory.write8(address(ShellLayout.lineBuffer + 1), 0) }
            },
            capture: {
                let count = min(Int(memory.read8(address(ShellLayout.lineBuffer + 1))), Int(ShellLayout.lineCapacity))
                return bytes(count, at: ShellLayout.lineBuffer + 2)
            })
        try print("\r\n")
        return answer.data.first == Character8.endOfFile ? nil : answer.data
    }

    /// Asks until `Y` or `N` is typed, and shows it.
    func confirm(_ question: String) throws(StepSignal) -> Bool {
        try print(question)
        while true {
            let typed = try key() & 0xDF
            guard typed == UInt8(ascii: "Y") || typed == UInt8(ascii: "N") else { continue }
            try write([typed, Character8.carriageReturn, Character8.lineFeed])
            return typed == UInt8(ascii: "Y")
        }
    }
}
