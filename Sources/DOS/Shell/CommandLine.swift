import Core

/// A command of a line, with the files that its standard input and output are.
struct CommandStage: StateValue {
    var command: [UInt8] = []
    /// After `<`; empty for none.
    var input: [UInt8] = []
    /// After `>` or `>>`; empty for none.
    var output: [UInt8] = []
    var isAppending = false

    mutating func transfer(_ coder: StateCoder) {
        coder.field("command", &command, limit: 1_024)
        coder.field("input", &input, limit: 1_024)
        coder.field("output", &output, limit: 1_024)
        coder.field("isAppending", &isAppending)
    }
}

/// Reading of command lines.
enum CommandLine {
    static let stageLimit = 32
    /// The longest line; DOS has 127 characters, a batch line may grow by its variables.
    static let lengthLimit = 1_000
    private static let pipe = UInt8(ascii: "|")
    private static let less = UInt8(ascii: "<")
    private static let greater = UInt8(ascii: ">")

    /// The commands between the pipe signs, without their redirections. Nil if one is missing, or a file's name. What
    /// stands in quotes has no meaning; a quote without its partner is an ordinary character.
    static func stages(_ line: [UInt8]) -> [CommandStage]? {
        var stages = [CommandStage()]
        var index = 0
        while index < line.count {
            let byte = line[index]
            index += 1
            let last = stages.count - 1
            switch byte {
            case Character8.quote:
                let end = line[index...].firstIndex(of: Character8.quote) ?? index - 1
                stages[last].command += line[(index - 1)...end]
                index = end + 1
            case pipe:
                stages.append(CommandStage())
            case less, greater:
                var isAppending = false
                if byte == greater, index < line.count, line[index] == greater {
                    isAppending = true
                    index += 1
                }
                while index < line.count, Character8.isDelimiter(line[index]) { index += 1 }
                let start = index
                while index < line.count, !Character8.isDelimiter(line[index]),
                    ![pipe, less, greater].contains(line[index])
                {
                    index += 1
                }
                guard index > start else { return nil }
                if byte == less {
                    stages[last].input = Array(line[start..<index])
                } else {
                    stages[last].output = Array(line[start..<index])
                    stages[last].isAppending = isAppending
                }
            default: stages[last].command.append(byte)
            }
        }
        guard stages.count <= stageLimit else { return nil }
        guard stages.count == 1 || stages.allSatisfy({ !$0.command.trimmed.isEmpty }) else { return nil }
        return stages
    }

    /// The words between delimiters.
    static func words(_ text: some Collection<UInt8>) -> [[UInt8]] {
        text.split(whereSeparator: Character8.isDelimiter).map { Array($0) }
    }

    /// The first word and what follows the delimiters behind it.
    static func firstWord(_ text: [UInt8]) -> (word: [UInt8], rest: [UInt8]) {
        let text = text.withoutLeadingDelimiters
        let word = Array(text.prefix { !Character8.isDelimiter($0) })
        return (word, Array(text.dropFirst(word.count)).withoutLeadingDelimiters)
    }

    /// A program's name and its tail: the name ends at a delimiter, a slash or a sign of redirection.
    static func program(_ text: [UInt8]) -> (name: [UInt8], tail: [UInt8]) {
        let name = text.prefix { !Character8.isDelimiter($0) && $0 != Character8.slash && $0 != Character8.quote }
        return (Array(name), Array(text.dropFirst(name.count)))
    }

    /// `%0` to `%9`, `%NAME%` and `%%` of a batch line. A percent sign that begins none of these is left out.
    static func expand(_ line: [UInt8], arguments: [[UInt8]], variable: ([UInt8]) -> [UInt8]?) -> [UInt8] {
        var text: [UInt8] = []
        var index = 0
        while index < line.count {
            let byte = line[index]
            index += 1
            guard byte == Character8.percent else {
                text.append(byte)
                continue
            }
            guard index < line.count else { break }
            if line[index] == Character8.percent {
                text.append(Character8.percent)
                index += 1
            } else if Character8.isDigit(line[index]) {
                let number = Int(line[index] - 0x30)
                if number < arguments.count { text += arguments[number] }
                index += 1
            } else if let end = line[index...].firstIndex(of: Character8.percent) {
                text += variable(Array(line[index..<end])) ?? []
                index = end + 1
            }
        }
        return text
    }
}

/// Arguments and switches of an internal command or a command on Z:.
struct CommandArguments {
    /// Words between delimiters, as typed.
    var words: [[UInt8]] = []
    /// What follows each slash, upper case.
    var switches: [[UInt8]] = []

    init(_ text: [UInt8]) {
        var rest = text[...]
        while let first = rest.first {
            if Character8.isDelimiter(first) {
                rest.removeFirst()
            } else if first == Character8.slash {
                rest.removeFirst()
                let word = rest.prefix { !Character8.isDelimiter($0) && $0 != Character8.slash }
                switches.append(word.uppercased)
                rest = rest.dropFirst(word.count)
            } else {
                let word = rest.prefix { !Character8.isDelimiter($0) && $0 != Character8.slash }
                words.append(Array(word))
                rest = rest.dropFirst(word.count)
            }
        }
    }

    func has(_ letter: String) -> Bool { switches.contains(letter.dosText) }

    /// Refuses a switch that is not among `letters`.
    func allow(_ letters: [String]) throws(StepSignal) {
        for word in switches where !letters.contains(where: { $0.dosText == word }) {
            throw .refused(ShellMessage.invalidSwitch(word))
        }
    }
}
