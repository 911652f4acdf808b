import Core
import Storage

/// MOVE `[/Y] source target`: files to another place or name, a directory to another name.
struct MoveFrame: ShellFrame {
    static let kind = FrameKind.move
    private static let nameLimit = 0x1_0000

    enum Phase: UInt8 { case start, collect, move, copied, done }

    var phase = Phase.start
    var words: [[UInt8]] = []
    var source: [UInt8] = []
    /// The target directory with its separator, and the new name, empty to keep the old one.
    var directory: [UInt8] = []
    var newName: [UInt8] = []
    var names: [[UInt8]] = []
    var next: UInt32 = 0
    var search: FoundFile?

    init() {}

    init(tail: [UInt8]) { words = Array(CommandArguments(tail).words.prefix(8)) }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        switch phase {
        case .start: try start(shell)
        case .collect: try collect(shell)
        case .move: return try move(shell)
        case .copied:
            // It has been copied to another drive; the next step goes on with the next file.
            if shell.process.errorLevel == 0 { try shell.remove(names[Int(next) - 1]) }
            phase = .move
        case .done: return .finish
        }
        return .again
    }

    private mutating func start(_ shell: ShellStep) throws(StepSignal) {
        guard words.count == 2 else { throw .refused(ShellMessage.missingParameter) }
        source = words[0]
        let target = words[1]
        let last = target.last ?? 0
        let isPlace = last == Character8.backslash || last == Character8.colon
        if isPlace {
            directory = target
        } else if try shell.isDirectory(target) {
            directory = target + [Character8.backslash]
        } else {
            (directory, newName) = ShellPath.split(target)
        }
        phase = .collect
    }

    private mutating func collect(_ shell: ShellStep) throws(StepSignal) {
        let place = ShellPath.split(source).directory
        for _ in 0..<32 {
            if let previous = search {
                search = try shell.findNext(previous)
            } else {
                search = try shell.findFirst(source, attributes: source.hasWildcard ? [] : .directory)
            }
            guard let search, names.count < MoveFrame.nameLimit else {
                guard !names.isEmpty else { throw .refused(ShellMessage.fileNotFound) }
                guard newName.isEmpty || names.count == 1 else {
                    throw .refused("Cannot move multiple files to a single file")
                }
                phase = .move
                return
            }
            names.append(ShellPath.join(place, search.name))
        }
    }

    private mutating func move(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard Int(next) < names.count else { return .finish }
        let from = names[Int(next)]
        next += 1
        let to = directory + (newName.isEmpty ? ShellPath.split(from).name : newName)
        try shell.write(from + " => ".dosText + to)
        let isSameDrive = try shell.drive(of: from) == shell.drive(of: to)
        if isSameDrive {
            do throws(StepSignal) {
                if let old = try shell.attributes(to), !old.contains(.directory),
                    try shell.trueName(to) != shell.trueName(from)
                {
                    try shell.remove(to)
                }
                try shell.rename(from, to: to)
                try shell.print(" [ok]\r\n")
            } catch {
                guard case .dos(let code) = error else { throw error }
                try shell.print(" [\(ShellMessage.text(ofError: code))]\r\n")
                shell.process.errorLevel = 1
            }
            return .again
        }
        try shell.print("\r\n")
        phase = .copied
        shell.process.errorLevel = 0
        return .push(CopyFrame(from: from, to: to))
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("phase", &phase)
        coder.strings("words", &words, limit: 8)
        coder.field("source", &source, limit: 256)
        coder.field("directory", &directory, limit: 256)
        coder.field("newName", &newName, limit: 256)
        coder.strings("names", &names, limit: MoveFrame.nameLimit)
        coder.field("next", &next)
        coder.field("search", &search)
    }
}

/// DELTREE `[/Y] path ...`: directories with all that is in them.
struct DeltreeFrame: ShellFrame {
    static let kind = FrameKind.deltree
    private static let depthLimit = 40

    var paths: [[UInt8]] = []
    var isSure = false
    /// Directories that are being emptied, the innermost last.
    var directories: [[UInt8]] = []
    var hasPath = false

    init() {}

    init(tail: [UInt8]) {
        let arguments = CommandArguments(tail)
        paths = Array(arguments.words.prefix(64))
        isSure = arguments.has("Y")
        hasPath = !paths.isEmpty
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard hasPath else { throw .refused(ShellMessage.missingParameter) }
        guard let directory = directories.last else {
            guard !paths.isEmpty else { return .finish }
            try begin(paths.removeFirst(), shell)
            return .again
        }
        let all = FileAttributes([.hidden, .system, .directory])
        var found = try shell.findFirstQuietly(ShellPath.join(directory, "*.*".dosText), attributes: all)
        while let file = found, file.isDots { found = try shell.findNext(file) }
        guard let found else {
            try shell.removeDirectory(directory)
            directories.removeLast()
            return .again
        }
        let path = ShellPath.join(directory, found.name)
        if found.isDirectory {
            guard directories.count < DeltreeFrame.depthLimit else { throw .refused("Path not found") }
            directories.append(path)
        } else {
            try delete(path, found.attributes, shell)
        }
        return .again
    }

    private mutating func begin(_ path: [UInt8], _ shell: ShellStep) throws(StepSignal) {
        guard !path.hasWildcard else { throw .refused("Invalid parameter") }
        guard let attributes = try shell.attributes(path) else { throw .refused(ShellMessage.fileNotFound) }
        let isDirectory = attributes.contains(.directory)
        if !isSure {
            let what = isDirectory ? "Delete directory \"" : "Delete file \""
            let rest = isDirectory ? "\" and all its subdirectories? [yn] " : "\"? [yn] "
            try shell.write(what.dosText + path)
            guard try shell.confirm(rest) else { return }
        }
        try shell.write("Deleting ".dosText + path + "...\r\n".dosText)
        if isDirectory { directories = [path] } else { try delete(path, attributes, shell) }
    }

    private func delete(_ path: [UInt8], _ attributes: FileAttributes, _ shell: ShellStep) throws(StepSignal) {
        if !attributes.isDisjoint(with: [.readOnly, .hidden, .system]) { try shell.setAttributes(path, []) }
        try shell.remove(path)
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.strings("paths", &paths, limit: 64)
        coder.field("isSure", &isSure)
        coder.strings("directories", &directories, limit: DeltreeFrame.depthLimit)
        coder.field("hasPath", &hasPath)
    }
}

/// CHOICE `[/C[:]keys] [/N] [/S] [/T[:]c,nn] [text]`: ERRORLEVEL is the place of the key that was pressed.
struct ChoiceFrame: ShellFrame {
    static let kind = FrameKind.choice

    var keys: [UInt8] = "YN".dosText
    var text: [UInt8] = []
    var hidesKeys = false
    var isExact = false
    var defaultKey: UInt8 = 0
    /// Hundredths of a second; 0 without `/T`.
    var limit: UInt32 = 0
    var isShown = false
    /// When it was shown, in hundredths of a second of the day.
    var shownAt: UInt32 = 0
    var badSwitch: [UInt8] = []

    init() {}

    init(tail: [UInt8]) {
        var words: [[UInt8]] = []
        // `/T:c,nn` has a comma of its own, so only blanks separate here.
        for word in tail.split(whereSeparator: Character8.isBlank) {
            guard word.first == Character8.slash else {
                words.append(Array(word))
                continue
            }
            let letter = word.dropFirst().first ?? 0
            let value = word.dropFirst(2).drop { $0 == Character8.colon }
            switch letter & 0xDF {
            case UInt8(ascii: "C") where !value.isEmpty: keys = Array(value.prefix(64))
            case UInt8(ascii: "N"): hidesKeys = true
            case UInt8(ascii: "S"): isExact = true
            case UInt8(ascii: "T") where value.count >= 3:
                defaultKey = value.first ?? 0
                limit = UInt32(min(value.dropFirst(2).leadingNumber ?? 0, 99)) * 100
            default: badSwitch = Array(word.dropFirst())
            }
        }
        text = Array(words.joined(separator: [Character8.space])).filter { $0 != Character8.quote }
        if !isExact { keys = keys.uppercased }
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard badSwitch.isEmpty else {
            shell.process.errorLevel = 255
            throw .refused(ShellMessage.invalidSwitch(badSwitch))
        }
        if !isShown {
            let list = Array(keys.map { [$0] }.joined(separator: ",".dosText))
            try shell.write(text + (hidesKeys ? [] : "[".dosText + list + "]?".dosText))
            shownAt = try now(shell)
            isShown = true
            return .again
        }
        var typed: UInt8
        if limit == 0, defaultKey == 0 {
            typed = try shell.key()
        } else {
            // Zero set: no key yet.
            let answer = try shell.call(0x0600, dx: 0xFF)
            typed = answer.al
            if answer.flags & 0x40 != 0 {
                let day: UInt32 = 8_640_000
                guard (try now(shell) + day - shownAt) % day >= limit else { return .again }
                typed = defaultKey
            }
        }
        let wanted = isExact ? typed : ShortName.uppercase(typed)
        guard let place = keys.firstIndex(of: wanted) else { return .again }
        try shell.write([wanted] + "\r\n".dosText)
        shell.process.errorLevel = UInt8(truncatingIfNeeded: place + 1)
        return .finish
    }

    private func now(_ shell: ShellStep) throws(StepSignal) -> UInt32 {
        let time = try shell.call(0x2C00)
        let seconds = (UInt32(time.ch) * 60 + UInt32(time.cl)) * 60 + UInt32(time.dh)
        return (seconds * 100 + UInt32(time.dl)) % 8_640_000
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("keys", &keys, limit: 64)
        coder.field("text", &text, limit: 256)
        coder.field("hidesKeys", &hidesKeys)
        coder.field("isExact", &isExact)
        coder.field("defaultKey", &defaultKey)
        coder.field("limit", &limit)
        coder.field("isShown", &isShown)
        coder.field("shownAt", &shownAt)
        coder.field("badSwitch", &badSwitch, limit: 128)
    }
}
