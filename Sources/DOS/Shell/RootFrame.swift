import Core

/// The bottom of every process: gets its memory in order, runs what is to be run, ends the process.
struct RootFrame: ShellFrame {
    static let kind = FrameKind.root

    enum Phase: UInt8 { case start, environment, tail, startup, interactive, ending }

    var phase = Phase.start
    /// What is still to be run before the prompt.
    var startup: [StartupItem] = []
    var environment: [[UInt8]] = []
    var environmentSize: UInt16 = 0
    var isInteractive = false

    var handlesCancellation: Bool { true }

    init() {}

    /// The first interpreter's.
    init(_ configuration: ShellConfiguration) {
        startup = configuration.startup.map(StartupItem.init)
        isInteractive = configuration.isInteractive
        environmentSize = UInt16(configuration.environmentSize)
        environment = ShellConfiguration.usualEnvironment
        for entry in configuration.environment {
            guard let equals = entry.firstIndex(of: Character8.equals) else { continue }
            let start = entry[..<equals].uppercased + [Character8.equals]
            environment.removeAll { $0.starts(with: start) }
            if equals + 1 < entry.count { environment.append(start + entry[(equals + 1)...]) }
        }
    }

    mutating func noteFailure() { phase = phase.rawValue < Phase.startup.rawValue ? .ending : .startup }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if shell.process.cancellation != .none {
            if shell.process.cancellation == .leaving || !isInteractive { (phase, startup) = (.ending, []) }
            shell.process.cancellation = .none
        }
        switch phase {
        case .start: return try start(shell)
        case .environment: return try makeEnvironment(shell)
        case .tail:
            readTail(shell)
            phase = .startup
            return .again
        case .startup:
            guard !startup.isEmpty else {
                phase = isInteractive ? .interactive : .ending
                return .again
            }
            let item = startup.removeFirst()
            return item.isProgram
                ? .push(ProgramFrame(path: item.text, tail: item.tail)) : .push(LineFrame(item.text))
        case .interactive:
            phase = .ending
            return .push(InteractiveFrame())
        case .ending:
            shell.isEnding = true
            _ = try shell.call(0x4C00 | UInt16(shell.process.errorLevel))
            return .again
        }
    }

    /// Gives back the memory behind the process's own, and takes the vectors of an interpreter.
    private mutating func start(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        let answer = try shell.call(0x4A00, bx: ShellLayout.paragraphs)
        guard !answer.isError else { throw .refused("Insufficient memory") }
        guard shell.process.program == .command else {
            phase = .ending
            return .push(ShellStep.frame(of: shell.process.program, tail: shell.commandTail))
        }
        try shell.setVector(0x23, shell.addresses.breakKey)
        try shell.setVector(0x24, shell.addresses.criticalError)
        if shell.process.isFirst { try shell.setVector(0x2E, shell.addresses.execute) }
        phase = .environment
        return .again
    }

    /// An own environment, with a copy of the parent's strings.
    private mutating func makeEnvironment(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if !shell.process.isFirst {
            environmentSize = ShellTail(shell.commandTail).environmentSize
        }
        let inherited = shell.environment
        let needed = inherited.reduce(2) { $0 + $1.count + 1 } + 64
        let size = max(Int(environmentSize), needed, 256)
        let block = try shell.allocate(UInt16(truncatingIfNeeded: (min(size, 0x8000) + 15) / 16))
        let old = shell.memory.read16(shell.address(ShellLayout.environmentSegment))
        let strings = shell.process.isFirst ? environment : inherited
        // The old block is still the one named in the PSP when this step is run again for the call that frees it.
        if old != 0 { try shell.free(old) }
        guard shell.writeEnvironment(strings, at: FarPointer(block, 0), size: size) else {
            throw .refused("Out of environment space")
        }
        shell.memory.write16(shell.address(ShellLayout.environmentSegment), block)
        environment = []
        phase = shell.process.isFirst ? .startup : .tail
        return .again
    }

    /// `COMMAND /C line` and its like.
    private mutating func readTail(_ shell: ShellStep) {
        let tail = ShellTail(shell.commandTail)
        isInteractive = !tail.endsAfterLine
        if let line = tail.line {
            var item = StartupItem(.line(line))
            item.text = line
            startup = [item]
        }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("phase", &phase)
        coder.array("startup", &startup, limit: ShellConfiguration.startupLimit)
        coder.strings("environment", &environment, limit: 256)
        coder.field("environmentSize", &environmentSize)
        coder.field("isInteractive", &isInteractive)
    }
}

/// The command tail of COMMAND.COM: `/C line`, `/K line`, `/P`, `/E:n`. What else is there is not looked at.
struct ShellTail {
    var line: [UInt8]?
    var endsAfterLine = false
    /// Bytes asked for by `/E`, 0 if there is none.
    var environmentSize: UInt16 = 0

    init(_ tail: [UInt8]) {
        var rest = tail[...]
        while let slash = rest.firstIndex(of: Character8.slash) {
            let letter = slash + 1 < rest.endIndex ? rest[slash + 1] & 0xDF : 0
            rest = rest[min(slash + 2, rest.endIndex)...]
            switch letter {
            case UInt8(ascii: "C"), UInt8(ascii: "K"):
                line = rest.trimmed
                endsAfterLine = letter == UInt8(ascii: "C")
                return
            case UInt8(ascii: "E"):
                let number = rest.drop { $0 == Character8.colon }.leadingNumber ?? 0
                environmentSize = UInt16(min(max(number, 160), 0x8000))
            default: break
            }
        }
    }
}

extension ShellStep {
    /// What follows the program's name, from its PSP.
    var commandTail: [UInt8] {
        let count = min(Int(memory.read8(address(ShellLayout.commandTail))), 126)
        let tail = memory.readBytes(address(ShellLayout.commandTail + 1), count)
        return Array(tail.prefix { $0 != Character8.carriageReturn })
    }

    /// INT 21h AH=25h.
    func setVector(_ number: UInt8, _ target: FarPointer) throws(StepSignal) {
        _ = try call(0x2500 | UInt16(number), dx: target.offset, ds: target.segment)
    }

    /// The frame of a command on Z:.
    static func frame(of program: ShellProgram, tail: [UInt8]) -> any ShellFrame {
        switch program {
        case .command: InteractiveFrame()
        case .more: MoreFrame()
        case .find: FindFrame(tail: tail)
        case .sort: SortFrame(tail: tail)
        case .tree: TreeFrame(tail: tail)
        case .attrib: AttribFrame(tail: tail)
        case .mem: MemFrame()
        case .xcopy: XcopyFrame(tail: tail)
        case .deltree: DeltreeFrame(tail: tail)
        case .move: MoveFrame(tail: tail)
        case .choice: ChoiceFrame(tail: tail)
        }
    }
}

/// The prompt, a line, its execution, again.
struct InteractiveFrame: ShellFrame {
    static let kind = FrameKind.interactive

    var handlesCancellation: Bool { true }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if shell.process.cancellation == .leaving { return .finish }
        shell.process.cancellation = .none
        shell.process.nextBatch = nil
        if shell.process.isEchoOn {
            let prompt = try shell.promptText()
            try shell.write((shell.process.needsBlankLine ? "\r\n".dosText : []) + prompt)
        }
        guard let line = try shell.line(template: true) else {
            // The prompt stands alone on the last line of a file's output.
            if shell.process.isEchoOn { try shell.print("\r\n") }
            return .finish
        }
        shell.process.needsBlankLine = !line.trimmed.isEmpty
        return line.trimmed.isEmpty ? .again : .push(LineFrame(line))
    }

    mutating func transfer(_ coder: StateCoder) {}
}

/// A line executed for INT 2Eh, on top of whatever the interpreter is waiting for.
struct SecondaryFrame: ShellFrame {
    static let kind = FrameKind.secondary

    enum Phase: UInt8 { case start, leaving }

    var phase = Phase.start
    var line: [UInt8] = []
    var callerStack = FarPointer(0, 0)
    /// The current process at the INT 2Eh.
    var callerProcess: UInt16 = 0
    /// SS:SP that DOS keeps in the interpreter's PSP for the EXEC that is in progress; one made here changes it.
    var savedStack = FarPointer(0, 0)

    var handlesCancellation: Bool { true }

    mutating func noteFailure() { phase = .leaving }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if shell.process.cancellation != .none { phase = .leaving }
        shell.process.cancellation = .none
        switch phase {
        case .start:
            _ = try shell.call(0x5000, bx: shell.segment)
            phase = .leaving
            return .push(LineFrame(line))
        case .leaving:
            _ = try shell.call(0x5000, bx: callerProcess)
            shell.memory.writePointer(shell.address(ShellLayout.savedStack), savedStack)
            shell.cpu.ax = UInt16(shell.process.errorLevel)
            return .returnToCaller(callerStack)
        }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("phase", &phase)
        coder.field("line", &line, limit: 256)
        coder.field("callerStack", &callerStack)
        coder.field("callerProcess", &callerProcess)
        coder.field("savedStack", &savedStack)
    }
}
