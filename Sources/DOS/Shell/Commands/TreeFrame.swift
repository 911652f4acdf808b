import Core
import Storage

/// TREE `[path] [/F] [/A]`: the directories below one, as a picture.
struct TreeFrame: ShellFrame {
    static let kind = FrameKind.tree
    /// DOS paths have at most 32 directories.
    private static let depthLimit = 40

    /// A directory whose entries are being shown.
    struct Level: StateValue {
        var path: [UInt8] = []
        var indent: [UInt8] = []
        /// Names of the subdirectories; what follows one decides its picture.
        var names: [[UInt8]] = []
        var next: UInt32 = 0
        var isCollected = false
        var search: FoundFile?
        var hasFilesShown = false

        var isLast: Bool { Int(next) >= names.count }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("path", &path, limit: 256)
            coder.field("indent", &indent, limit: 256)
            coder.strings("names", &names, limit: 0x1_0000)
            coder.field("next", &next)
            coder.field("isCollected", &isCollected)
            coder.field("search", &search)
            coder.field("hasFilesShown", &hasFilesShown)
        }
    }

    var start: [UInt8] = []
    var showsFiles = false
    var isPlain = false
    var hasBegun = false
    var levels: [Level] = []

    init() {}

    init(tail: [UInt8]) {
        let arguments = CommandArguments(tail)
        start = arguments.words.first ?? []
        showsFiles = arguments.has("F")
        isPlain = arguments.has("A")
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard hasBegun else {
            if start.isEmpty { start = [Character8.dot] }
            if start.last == Character8.colon { start.append(Character8.dot) }
            let path = try shell.trueName(start)
            guard try shell.isDirectory(path) else {
                throw .refused("Invalid path - \(String(decoding: path.map { $0 & 0x7F }, as: UTF8.self))")
            }
            try shell.print("Directory PATH listing\r\n")
            try shell.write(path + "\r\n".dosText)
            hasBegun = true
            levels = [Level(path: path)]
            return .again
        }
        guard var level = levels.popLast() else { return .finish }
        if !level.isCollected {
            try collect(&level, shell)
        } else if showsFiles, !level.hasFilesShown {
            try showFiles(&level, shell)
        } else if !level.isLast {
            let name = level.names[Int(level.next)]
            level.next += 1
            try shell.write(level.indent + branch(level.isLast) + name + "\r\n".dosText)
            let path = ShellPath.join(level.path, name)
            levels.append(level)
            guard levels.count < TreeFrame.depthLimit, path.count < 67 else { return .again }
            levels.append(Level(path: path, indent: level.indent + bar(level.isLast)))
            return .again
        } else {
            return .again
        }
        levels.append(level)
        return .again
    }

    private func branch(_ isLast: Bool) -> [UInt8] {
        if isPlain { return (isLast ? "\\---" : "+---").dosText }
        return (isLast ? "└───" : "├───").dosText
    }

    private func bar(_ isLast: Bool) -> [UInt8] {
        if isLast { return "    ".dosText }
        return (isPlain ? "|   " : "│   ").dosText
    }

    /// The next entry of the level's search, which begins with the first call.
    private func search(
        _ level: inout Level, _ attributes: FileAttributes, _ shell: ShellStep
    ) throws(StepSignal) -> FoundFile? {
        if let previous = level.search {
            level.search = try shell.findNext(previous)
        } else {
            level.search = try shell.findFirstQuietly(
                ShellPath.join(level.path, "*.*".dosText), attributes: attributes)
        }
        return level.search
    }

    private func collect(_ level: inout Level, _ shell: ShellStep) throws(StepSignal) {
        for _ in 0..<32 {
            guard let found = try search(&level, .directory, shell) else {
                level.isCollected = true
                return
            }
            if found.isDirectory, !found.isDots { level.names.append(found.name) }
        }
    }

    private func showFiles(_ level: inout Level, _ shell: ShellStep) throws(StepSignal) {
        for _ in 0..<16 {
            guard let found = try search(&level, [], shell) else {
                level.hasFilesShown = true
                return
            }
            try shell.write(level.indent + bar(level.isLast) + found.name + "\r\n".dosText)
        }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("start", &start, limit: 256)
        coder.field("showsFiles", &showsFiles)
        coder.field("isPlain", &isPlain)
        coder.field("hasBegun", &hasBegun)
        coder.array("levels", &levels, limit: TreeFrame.depthLimit)
    }
}
