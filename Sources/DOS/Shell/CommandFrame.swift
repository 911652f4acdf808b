import Core

/// One command, without redirections: an internal one, a program or a batch file.
struct CommandFrame: ShellFrame {
    static let kind = FrameKind.command

    var text: [UInt8] = []
    /// After CALL: a batch file comes back.
    var isCall = false

    init() {}

    init(_ text: [UInt8], isCall: Bool = false) {
        self.text = Array(text.prefix(CommandLine.lengthLimit))
        self.isCall = isCall
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        var text = text.withoutLeadingDelimiters
        while text.first == Character8.at { text = Array(text.dropFirst()).withoutLeadingDelimiters }
        guard let first = text.first, first != Character8.colon else { return .finish }
        if let drive = ShellPath.drive(text), text.dropFirst(2).trimmed.isEmpty {
            try selectDrive(drive, shell)
            return .finish
        }
        if let (command, rest) = InternalCommand.parse(text) { return try shell.run(command, rest) }
        let (name, tail) = CommandLine.program(text)
        guard let path = try shell.findProgram(name) else {
            throw .refused(name.first.map { _ in ShellMessage.badCommand } ?? ShellMessage.syntaxError)
        }
        if path.hasSuffix(".BAT") {
            return startBatch(BatchCall(path: path, arguments: [name] + CommandLine.words(tail)), shell)
        }
        _ = try shell.execute(path, tail: tail)
        return .finish
    }

    private func selectDrive(_ drive: UInt8, _ shell: ShellStep) throws(StepSignal) {
        _ = try shell.call(0x0E00, dx: UInt16(drive))
        guard try shell.currentDrive() == drive else { throw .refused(ShellMessage.invalidDrive) }
    }

    /// A batch file replaces the one that starts it, unless by CALL.
    private func startBatch(_ call: BatchCall, _ shell: ShellStep) -> ShellFlow {
        let call = BatchCall(path: call.path, arguments: Array(call.arguments.prefix(128)))
        if isCall || !shell.process.isInBatch { return .replace(BatchFrame(call, in: shell.process)) }
        shell.process.nextBatch = call
        return .finish
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("text", &text, limit: 1_024)
        coder.field("isCall", &isCall)
    }
}

/// The program the machine was started with: its exit code, 126 if it cannot be loaded, 127 if it is not there.
struct ProgramFrame: ShellFrame {
    static let kind = FrameKind.program
    static let cannotLoad: UInt8 = 126
    static let notFound: UInt8 = 127

    var path: [UInt8] = []
    var tail: [UInt8] = []

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard let found = try shell.firstFile(ShellStep.candidates(path)) else {
            shell.process.errorLevel = ProgramFrame.notFound
            try complain(path, "file not found", shell)
            return .finish
        }
        if found.hasSuffix(".BAT") {
            let call = BatchCall(path: found, arguments: [path] + CommandLine.words(tail).prefix(126))
            return .replace(BatchFrame(call, in: shell.process))
        }
        if let error = try shell.execute(found, tail: tail, showsError: false) {
            shell.process.errorLevel = error == 2 || error == 3 ? ProgramFrame.notFound : ProgramFrame.cannotLoad
            try complain(found, ShellStep.loadMessage(error), shell)
        }
        return .finish
    }

    /// Nobody typed this program's name at a prompt, so that the message is the session's own and says whose it is.
    private func complain(_ path: [UInt8], _ reason: String, _ shell: ShellStep) throws(StepSignal) {
        try shell.write("ochenta: ".dosText + path + ": \(reason)\r\n".dosText, to: ShellStep.standardError)
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("path", &path, limit: 4_096)
        coder.field("tail", &tail, limit: 4_096)
    }
}

extension ShellStep {
    // MARK: Where a program is

    private static let programTypes = ["COM", "EXE", "BAT"]

    /// The files that a name may stand for.
    static func candidates(_ name: [UInt8]) -> [[UInt8]] {
        if let type = ShellPath.extensionOf(name) {
            return programTypes.contains { type.isSame(as: $0) } ? [name] : []
        }
        return programTypes.map { name + ".\($0)".dosText }
    }

    /// The first that is a file, as a whole path.
    func firstFile(_ paths: [[UInt8]]) throws(StepSignal) -> [UInt8]? {
        for path in paths {
            guard let attributes = try attributes(path), !attributes.contains(.directory),
                !attributes.contains(.volumeLabel)
            else { continue }
            return try trueName(path)
        }
        return nil
    }

    /// Looks in the current directory, then along the PATH; only where the name says, if it says so.
    func findProgram(_ name: [UInt8]) throws(StepSignal) -> [UInt8]? {
        let (directory, base) = ShellPath.split(name)
        guard !base.isEmpty, !name.hasWildcard, name.count < 80, base.first != Character8.dot else { return nil }
        let names = ShellStep.candidates(name)
        if let found = try firstFile(names) { return found }
        guard directory.isEmpty, let path = variable("PATH") else { return nil }
        for place in path.split(separator: Character8.semicolon).prefix(40) {
            let place = place.trimmed
            guard !place.isEmpty, place.count < 67 else { continue }
            if let found = try firstFile(names.map { ShellPath.join(place, $0) }) { return found }
        }
        return nil
    }

    // MARK: EXEC

    static func loadMessage(_ error: UInt16) -> String {
        switch error {
        case 0x02, 0x03: ShellMessage.badCommand
        case 0x08: "Program too big to fit in memory"
        case 0x0B: "Error in EXE file"
        default: ShellMessage.text(ofError: error)
        }
    }

    /// Runs a program and takes its exit code. Returns the DOS error if it could not be started.
    func execute(
        _ path: [UInt8], tail: [UInt8], showsError: Bool = true
    ) throws(StepSignal) -> UInt16? {
        let tail = Array(tail.prefix(126))
        try parseFCBs(tail)
        let answer = try call(
            0x4B00, bx: ShellLayout.parameterBlock, dx: ShellLayout.path,
            prepare: {
                setPath(path)
                memory.write8(address(ShellLayout.tail), UInt8(tail.count))
                memory.writeBytes(address(ShellLayout.tail + 1), tail + [Character8.carriageReturn])
                let block = address(ShellLayout.parameterBlock)
                // Environment segment 0: a copy of ours.
                memory.write16(block, 0)
                memory.writePointer(block + 2, address(ShellLayout.tail))
                memory.writePointer(block + 6, address(ShellLayout.firstFCB))
                memory.writePointer(block + 10, address(ShellLayout.secondFCB))
            })
        if answer.isError {
            if showsError { throw .refused(ShellStep.loadMessage(answer.ax)) }
            return answer.ax
        }
        let result = try call(0x4D00)
        process.errorLevel = result.al
        // 1: ended by Ctrl-C.
        if result.ah == 1, process.cancellation == .none { process.cancellation = .command }
        return nil
    }

    /// INT 21h AH=29h for the first two words of the tail.
    private func parseFCBs(_ tail: [UInt8]) throws(StepSignal) {
        var index = 0
        for fcb in [ShellLayout.firstFCB, ShellLayout.secondFCB] {
            while index < tail.count, Character8.isDelimiter(tail[index]) { index += 1 }
            let word = tail[index...].prefix { !Character8.isDelimiter($0) }
            index += word.count
            _ = try call(
                0x2900, si: ShellLayout.secondPath, di: fcb,
                prepare: {
                    memory.writeBytes(address(fcb), [UInt8](repeating: 0, count: 16))
                    memory.writeBytes(
                        address(ShellLayout.secondPath), word.prefix(100) + [Character8.carriageReturn])
                })
        }
    }
}
