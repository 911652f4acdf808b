import Core

/// FOR: one command for each word of a list, a pattern standing for the files that match it.
struct ForFrame: ShellFrame {
    static let kind = FrameKind.forLoop

    var variable: UInt8 = 0
    var items: [[UInt8]] = []
    var next: UInt16 = 0
    /// The search in progress, for the item before `next`.
    var search: FoundFile?
    var command: [UInt8] = []

    init() {}

    /// `%v IN (list) DO command`
    init(_ text: [UInt8]) throws(StepSignal) {
        let (name, afterName) = CommandLine.firstWord(text)
        guard name.count == 2, name[0] == Character8.percent else { throw .refused(ShellMessage.syntaxError) }
        variable = name[1]
        guard afterName.prefix(2).isSame(as: "IN"),
            let open = afterName.firstIndex(of: UInt8(ascii: "(")), afterName[2..<open].trimmed.isEmpty,
            let close = afterName[open...].firstIndex(of: UInt8(ascii: ")"))
        else { throw .refused(ShellMessage.syntaxError) }
        items = CommandLine.words(afterName[(open + 1)..<close])
        let (word, rest) = CommandLine.firstWord(Array(afterName[(close + 1)...]))
        guard word.isSame(as: "DO"), !rest.isEmpty, items.count <= 512 else { throw .refused(ShellMessage.syntaxError) }
        command = rest
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if shell.process.nextBatch != nil { return .finish }
        guard let item = try nextItem(shell) else { return .finish }
        let text = substitute(item)
        if shell.process.isEchoOn {
            let prompt = try shell.promptText()
            try shell.write("\r\n".dosText + prompt + text + "\r\n".dosText)
        }
        return .push(CommandFrame(text))
    }

    private mutating func nextItem(_ shell: ShellStep) throws(StepSignal) -> [UInt8]? {
        if let previous = search {
            search = try shell.findNext(previous)
            if let search { return directory + search.name }
        }
        while Int(next) < items.count {
            let item = items[Int(next)]
            next += 1
            guard item.hasWildcard else { return item }
            search = try shell.findFirstQuietly(item)
            if let search { return directory + search.name }
        }
        return nil
    }

    /// The directory part of the item that is being searched for.
    private var directory: [UInt8] {
        next > 0 && Int(next) <= items.count ? ShellPath.split(items[Int(next) - 1]).directory : []
    }

    private func substitute(_ item: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var index = 0
        while index < command.count {
            if command[index] == Character8.percent, index + 1 < command.count, command[index + 1] == variable {
                text += item
                index += 2
            } else {
                text.append(command[index])
                index += 1
            }
        }
        return Array(text.prefix(CommandLine.lengthLimit))
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("variable", &variable)
        coder.strings("items", &items, limit: 512)
        coder.field("next", &next)
        coder.field("search", &search)
        coder.field("command", &command, limit: 1_024)
    }
}
