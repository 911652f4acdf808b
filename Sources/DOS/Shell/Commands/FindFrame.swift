import Core

/// FIND `[/V] [/C] [/N] [/I] "string" [file ...]`: the lines that hold a string. ERRORLEVEL 0 found, 1 not, 2 an error.
struct FindFrame: ShellFrame {
    static let kind = FrameKind.find
    private static let lineLimit = 4_096

    var text: [UInt8] = []
    var files: [[UInt8]] = []
    var isInverted = false
    var isCounting = false
    var isNumbered = false
    var ignoresCase = false
    var problem: UInt8 = 0
    var index: UInt16 = 0
    var handle: UInt16 = 0
    var isOpen = false
    var partial: [UInt8] = []
    var lineNumber: UInt32 = 0
    var matches: UInt32 = 0
    var hasFound = false

    init() {}

    init(tail: [UInt8]) {
        guard let start = tail.firstIndex(of: Character8.quote) else {
            problem = 1
            return
        }
        // Two quotes in the string stand for one.
        var end = start + 1
        while end < tail.count {
            if tail[end] == Character8.quote {
                guard end + 1 < tail.count, tail[end + 1] == Character8.quote else { break }
                end += 1
            }
            text.append(tail[end])
            end += 1
        }
        guard end < tail.count else {
            problem = 1
            return
        }
        let rest = CommandArguments(Array(tail[..<start]) + [Character8.space] + Array(tail[(end + 1)...]))
        files = rest.words
        for letter in rest.switches {
            switch letter {
            case "V".dosText: isInverted = true
            case "C".dosText: isCounting = true
            case "N".dosText: isNumbered = true
            case "I".dosText: ignoresCase = true
            default: problem = 2
            }
        }
        if ignoresCase { text = text.uppercased }
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if problem != 0 {
            shell.process.errorLevel = 2
            try shell.printError(problem == 1 ? "FIND: Parameter format not correct\r\n" : "FIND: Invalid switch\r\n")
            return .finish
        }
        guard isOpen else { return try open(shell) }
        let chunk = try shell.read(handle)
        let end = chunk.firstIndex(of: Character8.endOfFile)
        partial += chunk[..<(end ?? chunk.count)]
        var output: [UInt8] = []
        while let lineEnd = partial.firstIndex(of: Character8.lineFeed) {
            output += look(at: partial[..<lineEnd])
            partial.removeFirst(lineEnd + 1)
        }
        let isAtEnd = chunk.isEmpty || end != nil
        if !partial.isEmpty, isAtEnd || partial.count >= FindFrame.lineLimit {
            output += look(at: partial[...])
            partial = []
        }
        try shell.write(output)
        if isAtEnd { try close(shell) }
        return .again
    }

    private mutating func look(at line: ArraySlice<UInt8>) -> [UInt8] {
        let line = line.filter { $0 != Character8.carriageReturn }
        lineNumber &+= 1
        guard contains(ignoresCase ? line.uppercased : line) != isInverted else { return [] }
        matches &+= 1
        hasFound = true
        if isCounting { return [] }
        return (isNumbered ? "[\(lineNumber)]".dosText : []) + line + "\r\n".dosText
    }

    private func contains(_ line: [UInt8]) -> Bool {
        guard !text.isEmpty, line.count >= text.count else { return false }
        return (0...(line.count - text.count)).contains { line[$0...].starts(with: text) }
    }

    private mutating func open(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard !(files.isEmpty && index > 0 || !files.isEmpty && Int(index) >= files.count) else {
            if shell.process.errorLevel == 0 { shell.process.errorLevel = hasFound ? 0 : 1 }
            return .finish
        }
        if files.isEmpty {
            handle = ShellStep.standardInput
        } else {
            let path = files[Int(index)]
            let answer = try shell.call(0x3D00, dx: ShellLayout.path, prepare: { shell.setPath(path) })
            guard !answer.isError else {
                try shell.write("File not found - ".dosText + path + "\r\n".dosText, to: ShellStep.standardError)
                shell.process.errorLevel = 2
                index += 1
                return .again
            }
            handle = answer.ax
            try shell.write("\r\n---------- ".dosText + path.uppercased + (isCounting ? [] : "\r\n".dosText))
        }
        (isOpen, lineNumber, matches) = (true, 0, 0)
        return .again
    }

    private mutating func close(_ shell: ShellStep) throws(StepSignal) {
        if isCounting { try shell.print(files.isEmpty ? "\(matches)\r\n" : ": \(matches)\r\n") }
        if !files.isEmpty { try shell.close(handle) }
        isOpen = false
        index += 1
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("text", &text, limit: 128)
        coder.strings("files", &files, limit: 128)
        coder.field("isInverted", &isInverted)
        coder.field("isCounting", &isCounting)
        coder.field("isNumbered", &isNumbered)
        coder.field("ignoresCase", &ignoresCase)
        coder.field("problem", &problem)
        coder.field("index", &index)
        coder.field("handle", &handle)
        coder.field("isOpen", &isOpen)
        coder.field("partial", &partial, limit: FindFrame.lineLimit + ShellLayout.dataSize)
        coder.field("lineNumber", &lineNumber)
        coder.field("matches", &matches)
        coder.field("hasFound", &hasFound)
    }
}
