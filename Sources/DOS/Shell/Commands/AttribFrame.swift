import Core
import Storage

/// ATTRIB `[+R|-R] [+A|-A] [+S|-S] [+H|-H] [file] [/S]`: shows or changes attributes.
struct AttribFrame: ShellFrame {
    static let kind = FrameKind.attrib
    private static let directoryLimit = 4_096

    var path: [UInt8] = []
    var set: UInt8 = 0
    var clear: UInt8 = 0
    var isDeep = false
    var problem: [UInt8] = []
    var hasBegun = false
    var pattern: [UInt8] = []
    var directory: [UInt8] = []
    var search: FoundFile?
    /// Looking for subdirectories, after the files.
    var isEntering = false
    var waiting: [[UInt8]] = []
    var hasFound = false

    init() {}

    init(tail: [UInt8]) {
        let arguments = CommandArguments(tail)
        isDeep = arguments.has("S")
        for word in arguments.words {
            guard word.count == 2, word[0] == Character8.plus || word[0] == UInt8(ascii: "-") else {
                path = word
                continue
            }
            let bit: FileAttributes
            switch word[1] & 0xDF {
            case UInt8(ascii: "R"): bit = .readOnly
            case UInt8(ascii: "A"): bit = .archive
            case UInt8(ascii: "S"): bit = .system
            case UInt8(ascii: "H"): bit = .hidden
            default:
                problem = word
                continue
            }
            if word[0] == Character8.plus { set |= bit.rawValue } else { clear |= bit.rawValue }
        }
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard problem.isEmpty else { throw .refused("Invalid parameter") }
        guard hasBegun else {
            let (place, name) = ShellPath.split(path)
            pattern = name.isEmpty ? "*.*".dosText : name
            directory = try shell.trueName(place.isEmpty ? [Character8.dot] : place + [Character8.dot])
            hasBegun = true
            return .again
        }
        for _ in 0..<8 {
            if let previous = search {
                search = try shell.findNext(previous)
            } else if isEntering {
                search = try shell.findFirstQuietly(
                    ShellPath.join(directory, "*.*".dosText), attributes: .directory)
            } else {
                search = try shell.findFirstQuietly(
                    ShellPath.join(directory, pattern), attributes: [.hidden, .system])
            }
            guard let search else { return try endSearch(shell) }
            if isEntering {
                if search.isDirectory, !search.isDots, waiting.count < AttribFrame.directoryLimit {
                    waiting.append(ShellPath.join(directory, search.name))
                }
            } else {
                try handle(search, shell)
            }
        }
        return .again
    }

    private mutating func endSearch(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if isDeep, !isEntering {
            isEntering = true
            return .again
        }
        isEntering = false
        if let next = waiting.popLast() {
            directory = next
            return .again
        }
        if !hasFound {
            try shell.write("\(ShellMessage.fileNotFound) - ".dosText + pattern + "\r\n".dosText)
            shell.process.errorLevel = 1
        }
        return .finish
    }

    private mutating func handle(_ file: FoundFile, _ shell: ShellStep) throws(StepSignal) {
        hasFound = true
        let whole = ShellPath.join(directory, file.name)
        let attributes = file.attributes
        guard set | clear != 0 else {
            func mark(_ bit: FileAttributes, _ letter: String) -> String { attributes.contains(bit) ? letter : " " }
            let marks =
                "  " + mark(.archive, "A") + "  " + mark(.system, "S") + mark(.hidden, "H") + mark(.readOnly, "R")
            return try shell.write("\(marks)    ".dosText + whole + "\r\n".dosText)
        }
        let wanted = FileAttributes(rawValue: attributes.rawValue & ~clear | set)
        try shell.setAttributes(whole, wanted)
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("path", &path, limit: 256)
        coder.field("set", &set)
        coder.field("clear", &clear)
        coder.field("isDeep", &isDeep)
        coder.field("problem", &problem, limit: 256)
        coder.field("hasBegun", &hasBegun)
        coder.field("pattern", &pattern, limit: 256)
        coder.field("directory", &directory, limit: 256)
        coder.field("search", &search)
        coder.field("isEntering", &isEntering)
        coder.strings("waiting", &waiting, limit: AttribFrame.directoryLimit)
        coder.field("hasFound", &hasFound)
    }
}

/// MEM: how much memory there is, and how large a program may be.
struct MemFrame: ShellFrame {
    static let kind = FrameKind.mem

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        let conventional = UInt32(try shell.call(0, interrupt: 0x12).ax) * 1_024
        let extended = try shell.call(0x8800, interrupt: 0x15)
        // Asking for too much tells the largest free block; this program's own block joins it when it ends.
        let largest = try shell.call(0x4800, bx: 0xFFFF).bx &+ ShellLayout.paragraphs &+ 1
        try shell.print("\r\n\(Columns.right(conventional, 10)) bytes total conventional memory\r\n")
        try shell.print("\(Columns.right(conventional, 10)) bytes available to MS-DOS\r\n")
        try shell.print("\(Columns.right(UInt32(largest) * 16, 10)) largest executable program size\r\n")
        if !extended.isError, extended.ax > 0 {
            let bytes = UInt32(extended.ax) * 1_024
            try shell.print("\r\n\(Columns.right(bytes, 10)) bytes total contiguous extended memory\r\n")
            try shell.print("\(Columns.right(bytes, 10)) bytes available contiguous extended memory\r\n")
        }
        return .finish
    }

    mutating func transfer(_ coder: StateCoder) {}
}
