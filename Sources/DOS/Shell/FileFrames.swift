import Core
import Storage

extension ShellStep {
    /// The path as a pattern of files: a directory means all that is in it.
    func pattern(_ path: [UInt8]) throws(StepSignal) -> [UInt8] {
        guard let last = path.last else { return "*.*".dosText }
        if last == Character8.backslash || last == Character8.colon { return path + "*.*".dosText }
        if path.hasWildcard { return path }
        return try isDirectory(path) ? ShellPath.join(path, "*.*".dosText) : path
    }

    /// A question that a line answers, so that a file or a pipe can: yes only if it begins with Y.
    func confirmLine(_ question: String) throws(StepSignal) -> Bool {
        for _ in 0..<20 {
            try print(question)
            guard let answer = try line(template: false) else { return false }
            switch (answer.trimmed.first ?? 0) & 0xDF {
            case UInt8(ascii: "Y"): return true
            case UInt8(ascii: "N"): return false
            default: continue
            }
        }
        return false
    }
}

/// TYPE: a file up to its end or the first Ctrl-Z, to standard output.
struct TypeFrame: ShellFrame {
    static let kind = FrameKind.type

    var path: [UInt8] = []
    /// The open file, 0 before it is open.
    var handle: UInt16 = 0

    init() {}

    init(_ rest: [UInt8]) throws(StepSignal) {
        let words = CommandArguments(rest).words
        guard let path = words.first else { throw .refused(ShellMessage.missingParameter) }
        guard words.count == 1 else { throw .refused(ShellMessage.tooManyParameters) }
        self.path = path
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard handle != 0 else {
            guard !path.hasWildcard else { throw .refused("Invalid filename or file not found") }
            handle = try shell.open(path)
            return .again
        }
        let chunk = try shell.read(handle)
        let text = chunk.prefix { $0 != Character8.endOfFile }
        try shell.write(Array(text))
        guard chunk.isEmpty || text.count < chunk.count else { return .again }
        try shell.close(handle)
        return .finish
    }

    mutating func cancel(_ shell: ShellStep) throws(StepSignal) {
        if handle != 0 { try shell.close(handle) }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("path", &path, limit: 1_024)
        coder.field("handle", &handle)
    }
}

/// DEL and ERASE.
struct DeleteFrame: ShellFrame {
    static let kind = FrameKind.delete

    enum Phase: UInt8 { case start, first, next }

    var phase = Phase.start
    var path: [UInt8] = []
    var asksEach = false
    var search: FoundFile?

    init() {}

    init(_ rest: [UInt8]) throws(StepSignal) {
        let arguments = CommandArguments(rest)
        try arguments.allow(["P"])
        guard let path = arguments.words.first else { throw .refused(ShellMessage.missingParameter) }
        guard arguments.words.count == 1 else { throw .refused(ShellMessage.tooManyParameters) }
        self.path = path
        asksEach = arguments.has("P")
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        switch phase {
        case .start:
            path = try shell.pattern(path)
            let name = ShellPath.split(path).name
            let isAll = ShellPath.merge(pattern: name, name: "Q.Q".dosText) == "Q.Q".dosText && name.hasWildcard
            if isAll, !asksEach {
                let question = "All files in directory will be deleted!\r\nAre you sure (Y/N)?"
                guard try shell.confirmLine(question) else { return .finish }
            }
            phase = .first
        case .first:
            guard let found = try shell.findFirst(path) else { throw .refused(ShellMessage.fileNotFound) }
            try delete(found, shell)
            search = found
            phase = .next
        case .next:
            guard let previous = search, let found = try shell.findNext(previous) else { return .finish }
            try delete(found, shell)
            search = found
        }
        return .again
    }

    private func delete(_ found: FoundFile, _ shell: ShellStep) throws(StepSignal) {
        let file = ShellPath.join(ShellPath.split(path).directory, found.name)
        if asksEach {
            try shell.write(file + ",    ".dosText)
            guard try shell.confirm("Delete (Y/N)?") else { return }
        }
        do throws(StepSignal) { try shell.remove(file) } catch {
            guard case .dos(let code) = error else { throw error }
            let reason = " - \(ShellMessage.text(ofError: code))\r\n".dosText
            try shell.write(file + reason, to: ShellStep.standardError)
        }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("phase", &phase)
        coder.field("path", &path, limit: 1_024)
        coder.field("asksEach", &asksEach)
        coder.field("search", &search)
    }
}

/// REN: collects the names first, so that no file is renamed twice.
struct RenameFrame: ShellFrame {
    static let kind = FrameKind.rename
    private static let nameLimit = 0x1_0000

    var path: [UInt8] = []
    var target: [UInt8] = []
    var names: [[UInt8]] = []
    var next: UInt32 = 0
    var search: FoundFile?
    var isCollected = false

    init() {}

    init(_ rest: [UInt8]) throws(StepSignal) {
        let words = CommandArguments(rest).words
        guard words.count >= 2 else { throw .refused(ShellMessage.missingParameter) }
        guard words.count == 2 else { throw .refused(ShellMessage.tooManyParameters) }
        path = words[0]
        target = words[1]
        guard ShellPath.split(target).directory.isEmpty else { throw .refused("Invalid parameter") }
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard isCollected else {
            for _ in 0..<32 {
                if let previous = search {
                    search = try shell.findNext(previous)
                } else {
                    // A directory is renamed only by its exact name.
                    search = try shell.findFirst(path, attributes: path.hasWildcard ? [] : .directory)
                }
                guard let search, names.count < RenameFrame.nameLimit else {
                    isCollected = true
                    break
                }
                names.append(search.name)
            }
            if isCollected, names.isEmpty { throw .refused("Duplicate file name or file not found") }
            return .again
        }
        guard Int(next) < names.count else { return .finish }
        let name = names[Int(next)]
        next += 1
        let directory = ShellPath.split(path).directory
        let newName = ShellPath.merge(pattern: target, name: name)
        if newName == name { return .again }
        do throws(StepSignal) {
            try shell.rename(ShellPath.join(directory, name), to: ShellPath.join(directory, newName))
        } catch {
            guard case .dos = error else { throw error }
            try shell.printError("Duplicate file name or file not found\r\n")
        }
        return .again
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("path", &path, limit: 1_024)
        coder.field("target", &target, limit: 1_024)
        coder.strings("names", &names, limit: RenameFrame.nameLimit)
        coder.field("next", &next)
        coder.field("search", &search)
        coder.field("isCollected", &isCollected)
    }
}
