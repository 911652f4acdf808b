import Core
import Storage

/// XCOPY `source [target] [/S] [/E] [/A] [/M] [/P] [/V] [/W] [/Y]`: files and, with `/S`, directories.
struct XcopyFrame: ShellFrame {
    static let kind = FrameKind.xcopy
    private static let directoryLimit = 4_096
    private static let allowed = ["S", "E", "A", "M", "P", "V", "W", "Y", "I"]

    enum Phase: UInt8 { case start, wait, files, copied, directories, done }

    /// A source directory and the target that belongs to it.
    struct Pair: StateValue {
        var from: [UInt8] = []
        var to: [UInt8] = []

        mutating func transfer(_ coder: StateCoder) {
            coder.field("from", &from, limit: 256)
            coder.field("to", &to, limit: 256)
        }
    }

    var phase = Phase.start
    var words: [[UInt8]] = []
    var badSwitch: [UInt8] = []
    var isDeep = false
    var copiesEmpty = false
    var onlyArchive = false
    var clearsArchive = false
    var asks = false
    var waits = false
    var pattern: [UInt8] = []
    var newName: [UInt8] = []
    var pair = Pair()
    var waiting: [Pair] = []
    var search: FoundFile?
    var hasTarget = false
    var count: UInt32 = 0

    init() {}

    init(tail: [UInt8]) {
        let arguments = CommandArguments(tail)
        words = Array(arguments.words.prefix(8))
        isDeep = arguments.has("S")
        copiesEmpty = arguments.has("E")
        onlyArchive = arguments.has("A") || arguments.has("M")
        clearsArchive = arguments.has("M")
        asks = arguments.has("P")
        waits = arguments.has("W")
        badSwitch = arguments.switches.first { word in !XcopyFrame.allowed.contains { $0.dosText == word } } ?? []
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        switch phase {
        case .start: try start(shell)
        case .wait:
            try shell.print("Press any key to begin copying file(s)")
            if try shell.key() == 0 { _ = try shell.call(0x0700) }
            try shell.print("\r\n")
            phase = .files
        case .files: return try nextFile(shell)
        case .copied:
            if shell.process.errorLevel == 0 {
                count += 1
                if clearsArchive, let search {
                    let rest = search.attributes.subtracting(.archive)
                    try shell.setAttributes(ShellPath.join(pair.from, search.name), rest)
                }
                phase = .files
            } else {
                shell.process.errorLevel = 4
                phase = .done
            }
        case .directories: try findDirectories(shell)
        case .done:
            try shell.print("\(Columns.right(count, 9)) File(s) copied\r\n")
            if count == 0, shell.process.errorLevel == 0 { shell.process.errorLevel = 1 }
            return .finish
        }
        return .again
    }

    private mutating func start(_ shell: ShellStep) throws(StepSignal) {
        guard badSwitch.isEmpty else { throw .refused(ShellMessage.invalidSwitch(badSwitch)) }
        guard let source = words.first, words.count <= 2 else { throw .refused("Invalid number of parameters") }
        let whole = try shell.pattern(source)
        let (place, name) = ShellPath.split(whole)
        pattern = name
        pair.from = try shell.trueName(place.isEmpty ? [Character8.dot] : place + [Character8.dot])
        newName = "*.*".dosText
        if words.count < 2 {
            pair.to = try shell.trueName([Character8.dot])
        } else {
            try chooseTarget(words[1], shell)
        }
        phase = waits ? .wait : .files
    }

    /// A target that does not exist is a file if one file is copied, else a directory that is made.
    private mutating func chooseTarget(_ target: [UInt8], _ shell: ShellStep) throws(StepSignal) {
        let (place, name) = ShellPath.split(target)
        let directory = place.isEmpty ? [Character8.dot] : place + [Character8.dot]
        if name.isEmpty {
            pair.to = try shell.trueName(directory)
        } else if name.hasWildcard {
            pair.to = try shell.trueName(directory)
            newName = name
        } else if try shell.isDirectory(target) {
            pair.to = try shell.trueName(target)
        } else {
            let exists = try shell.attributes(target) != nil
            if exists || !pattern.hasWildcard && !isDeep {
                pair.to = try shell.trueName(directory)
                newName = name
            } else {
                try shell.makeDirectory(target)
                pair.to = try shell.trueName(target)
            }
        }
    }

    private mutating func nextFile(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if let previous = search {
            search = try shell.findNext(previous)
        } else {
            search = try shell.findFirstQuietly(ShellPath.join(pair.from, pattern))
        }
        guard let search else {
            phase = .directories
            return .again
        }
        if onlyArchive, !search.attributes.contains(.archive) { return .again }
        let from = ShellPath.join(pair.from, search.name)
        if asks {
            try shell.write(from)
            guard try shell.confirm(" (Y/N)?") else { return .again }
        } else {
            try shell.write(from + "\r\n".dosText)
        }
        if !hasTarget { try makeTarget(shell) }
        shell.process.errorLevel = 0
        phase = .copied
        let to = ShellPath.join(pair.to, ShellPath.merge(pattern: newName, name: search.name))
        return .push(CopyFrame(from: from, to: to))
    }

    private mutating func makeTarget(_ shell: ShellStep) throws(StepSignal) {
        hasTarget = true
        // The directories above it may be missing too, when they had no files.
        for end in pair.to.indices.dropFirst(3) where pair.to[end] == Character8.backslash {
            try makeIfMissing(Array(pair.to[..<end]), shell)
        }
        if pair.to.count > 3 { try makeIfMissing(pair.to, shell) }
    }

    private func makeIfMissing(_ path: [UInt8], _ shell: ShellStep) throws(StepSignal) {
        if try shell.attributes(path) == nil { try shell.makeDirectory(path) }
    }

    private mutating func findDirectories(_ shell: ShellStep) throws(StepSignal) {
        guard isDeep else {
            phase = .done
            return
        }
        // A directory that has nothing to copy is made only with /E, or for what is below it.
        if !hasTarget, copiesEmpty { try makeTarget(shell) }
        for _ in 0..<16 {
            if let previous = search {
                search = try shell.findNext(previous)
            } else {
                search = try shell.findFirstQuietly(
                    ShellPath.join(pair.from, "*.*".dosText), attributes: .directory)
            }
            guard let search else {
                guard let next = waiting.popLast() else {
                    phase = .done
                    return
                }
                (pair, hasTarget, phase) = (next, false, .files)
                return
            }
            guard search.isDirectory, !search.isDots, waiting.count < XcopyFrame.directoryLimit else { continue }
            let from = ShellPath.join(pair.from, search.name)
            let to = ShellPath.join(pair.to, search.name)
            guard from.count < 67, to.count < 67 else { continue }
            waiting.append(Pair(from: from, to: to))
        }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("phase", &phase)
        coder.strings("words", &words, limit: 8)
        coder.field("badSwitch", &badSwitch, limit: 128)
        coder.field("isDeep", &isDeep)
        coder.field("copiesEmpty", &copiesEmpty)
        coder.field("onlyArchive", &onlyArchive)
        coder.field("clearsArchive", &clearsArchive)
        coder.field("asks", &asks)
        coder.field("waits", &waits)
        coder.field("pattern", &pattern, limit: 256)
        coder.field("newName", &newName, limit: 256)
        coder.field("pair", &pair)
        coder.array("waiting", &waiting, limit: XcopyFrame.directoryLimit)
        coder.field("search", &search)
        coder.field("hasTarget", &hasTarget)
        coder.field("count", &count)
    }
}
