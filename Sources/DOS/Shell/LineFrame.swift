import Core

/// A whole command line: its commands one after the other, with their redirections, pipes as temporary files.
struct LineFrame: ShellFrame {
    static let kind = FrameKind.line

    enum Phase: UInt8 { case parse, open, close, removePipes }

    var phase = Phase.parse
    var text: [UInt8] = []
    var stages: [CommandStage] = []
    var stage: UInt8 = 0
    /// The entries of the job file table that the redirections have replaced.
    var savedInput: UInt8 = 0
    var savedOutput: UInt8 = 0
    var isInputRedirected = false
    var isOutputRedirected = false
    /// Temporary files, one for each pipe sign passed.
    var pipes: [[UInt8]] = []

    init() {}
    init(_ text: [UInt8]) { self.text = Array(text.prefix(CommandLine.lengthLimit)) }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        switch phase {
        case .parse:
            guard let stages = CommandLine.stages(text) else { throw .refused(ShellMessage.syntaxError) }
            if stages.count == 1, stages[0].input.isEmpty, stages[0].output.isEmpty {
                return .replace(CommandFrame(stages[0].command))
            }
            self.stages = stages
            phase = .open
            return .again
        case .open:
            guard Int(stage) < stages.count else {
                phase = .removePipes
                return .again
            }
            try open(shell)
            phase = .close
            return .push(CommandFrame(stages[Int(stage)].command))
        case .close:
            try close(shell)
            stage += 1
            phase = shell.process.nextBatch == nil ? .open : .removePipes
            return .again
        case .removePipes:
            for path in pipes { try shell.removeQuietly(path) }
            return .finish
        }
    }

    mutating func cancel(_ shell: ShellStep) throws(StepSignal) {
        let files = pipes
        try close(shell)
        for path in files { try shell.removeQuietly(path) }
    }

    // MARK: Redirection

    /// Opens the files of the present stage, then puts them in the place of handles 0 and 1, as the job file table
    /// allows without a duplicate that a child would inherit.
    private mutating func open(_ shell: ShellStep) throws(StepSignal) {
        let present = stages[Int(stage)]
        let input = present.input.isEmpty && stage > 0 ? pipes.last ?? [] : present.input
        var inputHandle: UInt16?
        if !input.isEmpty { inputHandle = try shell.open(input) }
        var outputHandle: UInt16?
        do throws(StepSignal) {
            if !present.output.isEmpty {
                outputHandle = try openOutput(present, shell)
            }
            if Int(stage) + 1 < stages.count {
                let (path, handle) = try makePipe(shell)
                pipes.append(path)
                if outputHandle == nil { outputHandle = handle } else { try shell.close(handle) }
            }
        } catch {
            if case .pending = error { throw error }
            if let inputHandle { try shell.close(inputHandle) }
            if let outputHandle { try shell.close(outputHandle) }
            throw error
        }
        if let inputHandle {
            savedInput = shell.replaceHandle(0, with: inputHandle)
            isInputRedirected = true
        }
        if let outputHandle {
            savedOutput = shell.replaceHandle(1, with: outputHandle)
            isOutputRedirected = true
        }
    }

    private func openOutput(_ stage: CommandStage, _ shell: ShellStep) throws(StepSignal) -> UInt16 {
        do throws(StepSignal) {
            if stage.isAppending, let handle = try shell.openForAppending(stage.output) { return handle }
            return try shell.create(stage.output)
        } catch {
            guard case .dos = error else { throw error }
            throw .refused("File creation error")
        }
    }

    /// A temporary file in %TEMP%, else in the root of C:, else in that of the current drive.
    private func makePipe(_ shell: ShellStep) throws(StepSignal) -> (path: [UInt8], handle: UInt16) {
        var places = ["C:\\".dosText, [try shell.currentDrive() &+ 0x41] + ":\\".dosText]
        if let directory = shell.variable("TEMP") { places.insert(directory, at: 0) }
        for place in places {
            let directory = place.last == Character8.backslash ? Array(place.dropLast()) : place
            let answer = try shell.call(
                0x5A00, dx: ShellLayout.path, prepare: { shell.setPath(directory + [Character8.backslash]) },
                capture: {
                    shell.memory.readString(
                        shell.address(ShellLayout.path), limit: ShellLayout.pathCapacity)
                })
            if !answer.isError { return (answer.data, answer.ax) }
        }
        throw .refused("Intermediate file error during pipe")
    }

    private mutating func close(_ shell: ShellStep) throws(StepSignal) {
        if isInputRedirected { try shell.close(0) }
        if isOutputRedirected { try shell.close(1) }
        if isInputRedirected { shell.restoreHandle(0, savedInput) }
        if isOutputRedirected { shell.restoreHandle(1, savedOutput) }
        (isInputRedirected, isOutputRedirected) = (false, false)
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("phase", &phase)
        coder.field("text", &text, limit: 1_024)
        coder.array("stages", &stages, limit: CommandLine.stageLimit)
        coder.field("stage", &stage)
        coder.field("savedInput", &savedInput)
        coder.field("savedOutput", &savedOutput)
        coder.field("isInputRedirected", &isInputRedirected)
        coder.field("isOutputRedirected", &isOutputRedirected)
        coder.strings("pipes", &pipes, limit: CommandLine.stageLimit)
    }
}

extension ShellStep {
    private func jobFile(_ handle: UInt16) -> FarPointer {
        address(ShellLayout.jobFileTable &+ min(handle, UInt16(ShellLayout.jobFileCount - 1)))
    }

    /// Moves the open file of `handle` to `standard` (0 or 1), and returns the entry that was there.
    func replaceHandle(_ standard: UInt16, with handle: UInt16) -> UInt8 {
        let saved = memory.read8(jobFile(standard))
        memory.write8(jobFile(standard), memory.read8(jobFile(handle)))
        memory.write8(jobFile(handle), 0xFF)
        return saved
    }

    func restoreHandle(_ standard: UInt16, _ entry: UInt8) { memory.write8(jobFile(standard), entry) }

    /// The file open for writing with the pointer at its end, before a last Ctrl-Z; nil if there is no such file.
    func openForAppending(_ path: [UInt8]) throws(StepSignal) -> UInt16? {
        let answer = try call(0x3D02, dx: ShellLayout.path, prepare: { setPath(path) })
        guard !answer.isError else { return nil }
        if try isDevice(answer.ax) { return answer.ax }
        let end = try seek(answer.ax, to: 0, from: 2)
        if end > 0 {
            try seek(answer.ax, to: end - 1)
            let last = try read(answer.ax, 1)
            if last.first == Character8.endOfFile { try seek(answer.ax, to: end - 1) }
        }
        return answer.ax
    }

    /// Deletes a file if it is there.
    func removeQuietly(_ path: [UInt8]) throws(StepSignal) {
        _ = try call(0x4100, dx: ShellLayout.path, prepare: { setPath(path) })
    }
}
