import Core
import Storage

/// How COPY looks at a file's contents.
enum CopyMode: UInt8 {
    /// Binary, except when files are joined or a device is read.
    case automatic
    /// Up to the first Ctrl-Z; written with one at the end.
    case text
    case binary
}

/// A file or pattern to copy from.
struct CopySource: StateValue {
    var path: [UInt8] = []
    var mode = CopyMode.automatic

    mutating func transfer(_ coder: StateCoder) {
        coder.field("path", &path, limit: 1_024)
        coder.field("mode", &mode)
    }
}

/// COPY.
struct CopyFrame: ShellFrame {
    static let kind = FrameKind.copy
    private static let none: UInt16 = 0xFFFF

    enum Phase: UInt8 { case start, search, open, chunk, closed, ending }

    var phase = Phase.start
    var sources: [CopySource] = []
    /// Where to: a pattern, a file's name or a device's. Empty for the current directory.
    var target: [UInt8] = []
    var targetMode = CopyMode.automatic
    /// All sources go into one file or device, which stays open.
    var isJoining = false
    var isToDevice = false
    /// The index of the present source.
    var index: UInt16 = 0
    var search: FoundFile?
    /// Whole paths of the present files.
    var from: [UInt8] = []
    var to: [UInt8] = []
    var input = none
    var output = none
    var isFromDevice = false
    var copied: UInt32 = 0
    /// The buffer: an own memory block, or the 512 bytes of the process.
    var buffer: UInt16 = 0
    var bufferSize: UInt16 = 0
    /// Part of another command, which tells what is copied.
    var isQuiet = false

    init() {}

    /// One file, without a word about it.
    init(from: [UInt8], to: [UInt8]) {
        sources = [CopySource(path: from, mode: .binary)]
        target = to
        isQuiet = true
    }

    /// `source[/A|/B][+source...] [target] [/A|/B] [/V] [/Y]`. A switch counts for the file before it and all after it.
    init(_ rest: [UInt8]) throws(StepSignal) {
        var mode = CopyMode.automatic
        var expectsSource = true
        var hasTarget = false
        var rest = rest[...]
        while let first = rest.first {
            if Character8.isDelimiter(first) {
                rest.removeFirst()
            } else if first == Character8.plus {
                rest.removeFirst()
                guard !sources.isEmpty, !hasTarget else { throw .refused(ShellMessage.syntaxError) }
                expectsSource = true
            } else if first == Character8.slash {
                let word = rest.dropFirst().prefix(while: CopyFrame.isWordPart)
                rest = rest.dropFirst(word.count + 1)
                switch word.uppercased {
                case "A".dosText: mode = .text
                case "B".dosText: mode = .binary
                case "V".dosText, "Y".dosText, "-Y".dosText: continue
                default: throw .refused(ShellMessage.invalidSwitch(word.uppercased))
                }
                if hasTarget {
                    targetMode = mode
                } else if !sources.isEmpty {
                    sources[sources.count - 1].mode = mode
                }
            } else {
                let word = rest.prefix(while: CopyFrame.isWordPart)
                rest = rest.dropFirst(word.count)
                if expectsSource {
                    sources.append(CopySource(path: Array(word), mode: mode))
                    expectsSource = false
                } else {
                    guard !hasTarget else { throw .refused(ShellMessage.tooManyParameters) }
                    (target, targetMode, hasTarget) = (Array(word), mode, true)
                }
            }
        }
        guard !sources.isEmpty, !expectsSource || sources.count > 1, sources.count <= 64 else {
            throw .refused(ShellMessage.missingParameter)
        }
    }

    private static func isWordPart(_ byte: UInt8) -> Bool {
        !Character8.isDelimiter(byte) && byte != Character8.slash && byte != Character8.plus
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        switch phase {
        case .start: try start(shell)
        case .search: try nextFile(shell)
        case .open: try open(shell)
        case .chunk: try copyChunk(shell)
        case .closed:
            try closeFile(shell)
            phase = .search
        case .ending:
            if output != CopyFrame.none { try finishOutput(shell) }
            if buffer != shell.segment, buffer != 0 { try shell.free(buffer) }
            if !isQuiet { try shell.print("\(Columns.right(copied, 9)) file(s) copied\r\n") }
            return .finish
        }
        return .again
    }

    // MARK: Where from, where to

    private mutating func start(_ shell: ShellStep) throws(StepSignal) {
        for index in sources.indices { sources[index].path = try shell.pattern(sources[index].path) }
        let isNamed = !target.isEmpty
        if isNamed {
            isToDevice = try isDevice(target, shell)
            if !isToDevice { target = try shell.pattern(target) }
        } else if sources.count > 1 {
            target = sources[0].path
        } else {
            target = "*.*".dosText
        }
        isJoining =
            isToDevice || sources.count > 1 && !target.hasWildcard
            || sources[0].path.hasWildcard && !target.hasWildcard
        if sources.count > 1, target.hasWildcard {
            // Joined files take the first one's name.
            let name = ShellPath.split(sources[0].path).name
            guard !name.hasWildcard else { throw .refused(ShellMessage.syntaxError) }
            target = ShellPath.join(
                ShellPath.split(target).directory,
                ShellPath.merge(pattern: ShellPath.split(target).name, name: name))
            isJoining = true
        }
        try makeBuffer(shell)
        phase = .search
    }

    private func isDevice(_ path: [UInt8], _ shell: ShellStep) throws(StepSignal) -> Bool {
        guard !path.hasWildcard else { return false }
        let answer = try shell.call(0x3D01, dx: ShellLayout.path, prepare: { shell.setPath(path) })
        guard !answer.isError else { return false }
        let isDevice = try shell.isDevice(answer.ax)
        try shell.close(answer.ax)
        return isDevice
    }

    /// 32 KB if DOS has them, else what it has.
    private mutating func makeBuffer(_ shell: ShellStep) throws(StepSignal) {
        var answer = try shell.call(0x4800, bx: 0x0800)
        var paragraphs: UInt16 = 0x0800
        if answer.isError, answer.bx >= 0x40 {
            paragraphs = min(answer.bx, 0x0800)
            answer = try shell.call(0x4800, bx: paragraphs)
        }
        if answer.isError {
            (buffer, bufferSize) = (shell.segment, UInt16(ShellLayout.dataSize))
        } else {
            (buffer, bufferSize) = (answer.ax, paragraphs * 16)
        }
    }

    private var bufferOffset: UInt16 { bufferSize == UInt16(ShellLayout.dataSize) ? ShellLayout.data : 0 }

    private mutating func nextFile(_ shell: ShellStep) throws(StepSignal) {
        guard Int(index) < sources.count else {
            phase = .ending
            return
        }
        let path = sources[Int(index)].path
        let directory = ShellPath.split(path).directory
        if path.hasWildcard {
            if let previous = search {
                search = try shell.findNext(previous)
            } else {
                search = try shell.findFirst(path)
                if search == nil { try reportMissing(path, shell) }
            }
            guard let search else {
                index += 1
                return
            }
            from = ShellPath.join(directory, search.name)
            try shell.write(from + "\r\n".dosText)
        } else {
            from = path
            index += 1
            if sources.count > 1, !isQuiet { try shell.write(from + "\r\n".dosText) }
        }
        phase = .open
    }

    private func reportMissing(_ path: [UInt8], _ shell: ShellStep) throws(StepSignal) {
        try shell.write("\(ShellMessage.fileNotFound) - ".dosText + path + "\r\n".dosText, to: ShellStep.standardError)
    }

    private func mode(of source: Int) -> CopyMode { sources[min(max(source, 0), sources.count - 1)].mode }

    // MARK: One file

    private mutating func open(_ shell: ShellStep) throws(StepSignal) {
        phase = .search
        let answer = try shell.call(0x3D00, dx: ShellLayout.path, prepare: { shell.setPath(from) })
        guard !answer.isError else {
            if answer.ax == 2 || answer.ax == 3 { return try reportMissing(from, shell) }
            let reason = " - \(ShellMessage.text(ofError: answer.ax))\r\n".dosText
            return try shell.write(from + reason, to: ShellStep.standardError)
        }
        let handle = answer.ax
        do throws(StepSignal) {
            isFromDevice = try shell.isDevice(handle)
            guard output == CopyFrame.none else {
                if !isToDevice, try shell.trueName(from) == to {
                    try shell.printError("Content of destination lost before copy\r\n")
                    return try shell.close(handle)
                }
                (input, phase) = (handle, .chunk)
                return
            }
            let name = ShellPath.split(from).name
            let (directory, base) = ShellPath.split(target)
            let wanted =
                isToDevice ? target : ShellPath.join(directory, ShellPath.merge(pattern: base, name: name))
            to = isToDevice ? wanted : try shell.trueName(wanted)
            if !isToDevice, !isFromDevice, try shell.trueName(from) == to {
                try shell.close(handle)
                return try openSame(shell)
            }
            output = isToDevice ? try shell.open(wanted, .write) : try shell.create(wanted)
            (input, phase) = (handle, .chunk)
        } catch {
            if case .pending = error { throw error }
            try shell.close(handle)
            throw error
        }
    }

    /// The target is the source: joined files are added to it, alone it is an error.
    private mutating func openSame(_ shell: ShellStep) throws(StepSignal) {
        guard isJoining, let handle = try shell.openForAppending(to) else {
            try shell.printError("File cannot be copied onto itself\r\n")
            phase = .ending
            return
        }
        output = handle
    }

    private mutating func copyChunk(_ shell: ShellStep) throws(StepSignal) {
        // The index is past a source that is no pattern.
        let chosen = mode(of: search == nil ? Int(index) - 1 : Int(index))
        let isText = chosen == .text || chosen == .automatic && (isFromDevice || isJoining && !isToDevice)
        // The answer's data is the offset of a Ctrl-Z, or nothing.
        let answer = try shell.checked(
            0x3F00, bx: input, cx: bufferSize, dx: bufferOffset, ds: buffer,
            capture: {
                let bytes = shell.memory.readBytes(
                    FarPointer(buffer, bufferOffset), isText ? Int(shell.cpu.ax) : 0)
                guard let end = bytes.firstIndex(of: Character8.endOfFile) else { return [] }
                return [UInt8(truncatingIfNeeded: end), UInt8(truncatingIfNeeded: end >> 8)]
            })
        let hasEnd = answer.data.count == 2
        let count = hasEnd ? UInt16(answer.data[0]) | UInt16(answer.data[1]) << 8 : answer.ax
        if count > 0 {
            let written = try shell.checked(0x4000, bx: output, cx: count, dx: bufferOffset, ds: buffer)
            if written.ax < count, !isToDevice {
                try shell.close(output)
                output = CopyFrame.none
                try shell.removeQuietly(to)
                throw .refused("Insufficient disk space")
            }
        }
        if hasEnd || answer.ax == 0 { phase = .closed }
    }

    private mutating func closeFile(_ shell: ShellStep) throws(StepSignal) {
        if !isJoining {
            if targetMode == .text { try shell.writeEnd(output) }
            if !isFromDevice {
                let stamp = try shell.call(0x5700, bx: input)
                if !stamp.isError { _ = try shell.call(0x5701, bx: output, cx: stamp.cx, dx: stamp.dx) }
            }
            try shell.close(output)
            output = CopyFrame.none
            copied += 1
        } else {
            copied = 1
        }
        try shell.close(input)
        input = CopyFrame.none
    }

    /// The end of a file that others have been joined into.
    private mutating func finishOutput(_ shell: ShellStep) throws(StepSignal) {
        if !isToDevice {
            let isText = targetMode == .text || targetMode == .automatic && sources.allSatisfy { $0.mode != .binary }
            if isText { try shell.writeEnd(output) }
            copied = 1
        }
        try shell.close(output)
        output = CopyFrame.none
    }

    mutating func cancel(_ shell: ShellStep) throws(StepSignal) {
        if input != CopyFrame.none { try shell.close(input) }
        if output != CopyFrame.none { try shell.close(output) }
        if buffer != shell.segment, buffer != 0 { try shell.free(buffer) }
        if shell.process.cancellation == .none, !isQuiet {
            try shell.print("\(Columns.right(copied, 9)) file(s) copied\r\n")
        }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("phase", &phase)
        coder.array("sources", &sources, limit: 64)
        coder.field("target", &target, limit: 1_024)
        coder.field("targetMode", &targetMode)
        coder.field("isJoining", &isJoining)
        coder.field("isToDevice", &isToDevice)
        coder.field("index", &index)
        coder.field("search", &search)
        coder.field("from", &from, limit: 1_024)
        coder.field("to", &to, limit: 1_024)
        coder.field("input", &input)
        coder.field("output", &output)
        coder.field("isFromDevice", &isFromDevice)
        coder.field("copied", &copied)
        coder.field("buffer", &buffer)
        coder.field("bufferSize", &bufferSize)
        coder.field("isQuiet", &isQuiet)
    }
}

extension ShellStep {
    /// A Ctrl-Z, which ends a text.
    func writeEnd(_ handle: UInt16) throws(StepSignal) { try write([Character8.endOfFile], to: handle) }
}
