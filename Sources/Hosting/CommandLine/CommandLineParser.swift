import Automation
import Core

/// Reads the command line. What follows the program's name belongs to the program, dashes included, which general
/// argument parsers make hard; and a parser of our own starts in no time.
public struct CommandLineParser {
    private var rest: ArraySlice<String>
    private var options = RunOptions()

    private init(_ arguments: some Collection<String>) { rest = ArraySlice(arguments) }

    /// - Parameter arguments: without the command's own name.
    public static func parse(_ arguments: [String]) throws(HostingError) -> Invocation {
        switch arguments.first {
        case "run": return try run(arguments.dropFirst(), topic: "run")
        case "machines":
            var parser = CommandLineParser(arguments.dropFirst())
            if try parser.readOptions() == .help { return .help("machines") }
            if let extra = parser.rest.first { throw HostingError("machines: '\(extra)' is not expected") }
            return .machines(parser.options)
        case "cpu-test":
            let rest = Array(arguments.dropFirst())
            return rest.contains("--help") || rest.contains("-h") ? .help("cpu-test") : .processorTest(rest)
        case "help":
            if arguments.count > 2 { throw HostingError("help: one topic at a time; 'ochenta help' lists them") }
            return .help(arguments.dropFirst().first)
        case "boot" where arguments.contains("--help") || arguments.contains("-h"): return .help("boot")
        case "boot": throw notAvailable("boot: starting disk images")
        case "overlay": throw notAvailable("overlay: keeping a drive's changes apart")
        case "--version": return .version
        default: return try run(arguments[...], topic: nil)
        }
    }

    static func notAvailable(_ thing: String) -> HostingError { HostingError("\(thing) is not available yet") }

    private static func run(_ arguments: ArraySlice<String>, topic: String?) throws(HostingError) -> Invocation {
        var parser = CommandLineParser(arguments)
        switch try parser.readOptions() {
        case .help: return .help(topic)
        case .version: return .version
        case .end: break
        }
        parser.options.program = parser.rest.popFirst()
        if parser.options.program == "" {
            throw HostingError("the program's name is empty; without any name there is a DOS prompt")
        }
        parser.options.arguments = Array(parser.rest)
        return .run(parser.options)
    }

    // MARK: Options

    private enum Ending { case end, help, version }

    /// An option: its names and what it does with its value.
    private struct Option {
        var name: String
        var letter: Character?
        var apply: (_ value: String, _ name: String, _ options: inout RunOptions) throws(HostingError) -> Void
    }

    private static func setting(_ section: String, _ key: String) -> (String, String, inout RunOptions) -> Void {
        { value, name, options in
            options.settings.append(.init(section: section, key: key, text: value, option: name))
        }
    }

    private static var table: [Option] {
        [
            Option(name: "machine", letter: "m", apply: setting("machine", "profile")),
            Option(name: "drive", letter: "d") { value, _, options in options.drives.append(value) },
            Option(name: "command", letter: "c") { value, _, options in options.commands.append(value) },
            Option(name: "display", letter: nil, apply: setting("display", "output")),
            Option(name: "audio", letter: nil, apply: setting("audio", "output")),
            Option(name: "record", letter: nil) { value, _, options throws(HostingError) in
                guard RecordingKind(value) != nil else {
                    throw HostingError("--record \(value): write a name that ends in \(RecordingKind.list)")
                }
                options.recordings.append(value)
            },
            Option(name: "speed", letter: nil, apply: setting("speed", "mode")),
            Option(name: "engine", letter: nil) { value, name, options throws(HostingError) in
                switch value {
                case "exact", "fast": setting("machine", "engine")(value, name, &options)
                // The fast engine is an interpreter as yet.
                case "interpreter": setting("machine", "engine")("fast", name, &options)
                default: throw HostingError("--engine cannot be '\(value)'; allowed: exact, fast, interpreter")
                }
            },
            Option(name: "script", letter: nil) { value, _, options in options.script = value },
            Option(name: "screenshot", letter: nil) { value, _, options throws(HostingError) in
                guard [".png", ".svg"].contains(where: value.lowercased().hasSuffix) else {
                    throw HostingError(
                        "--screenshot \(value): write a name that ends in .png, or in .svg for text screens")
                }
                options.pictureFile = value
            },
            Option(name: "video", letter: nil) { value, _, options throws(HostingError) in
                guard value.lowercased().hasSuffix(".avi") else {
                    throw HostingError("--video \(value): write a name that ends in .avi")
                }
                options.videoFile = value
            },
            Option(name: "text", letter: nil) { value, _, options in options.textFile = value },
            Option(name: "time-limit", letter: nil) { value, name, options throws(HostingError) in
                options.timeLimit = try duration(value, name)
            },
            Option(name: "host-time-limit", letter: nil) { value, name, options throws(HostingError) in
                options.hostTimeLimit = try duration(value, name)
            },
            Option(name: "set", letter: nil) { value, _, options in options.assignments.append(value) },
            Option(name: "conf", letter: nil) { value, _, options throws(HostingError) in
                if value.lowercased().hasSuffix(".conf") {
                    throw notAvailable("--conf \(value): reading the files of DOSBox")
                }
                options.configurationFiles.append(value)
            },
            Option(name: "log", letter: nil, apply: setting("log", "level")),
        ]
    }

    private static func duration(_ value: String, _ name: String) throws(HostingError) -> Tick {
        guard let time = Tick(duration: value), time > .zero else {
            throw HostingError("\(name) cannot be '\(value)'; write a time such as 90s, 500ms or 5m")
        }
        return time
    }

    /// Reads options up to the first argument that is none.
    private mutating func readOptions() throws(HostingError) -> Ending {
        while let argument = rest.first, argument.hasPrefix("-"), argument != "-" {
            rest.removeFirst()
            switch argument {
            case "--": return .end
            case "--help", "-h": return .help
            case "--version": return .version
            default: try readOption(argument)
            }
        }
        return .end
    }

    private mutating func readOption(_ argument: String) throws(HostingError) {
        let name: String
        var value: String?
        let option: Option?
        if argument.hasPrefix("--") {
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            name = "--" + (parts.first ?? "")
            if parts.count == 2 { value = String(parts[1]) }
            option = CommandLineParser.table.first { "--" + $0.name == name }
        } else {
            name = String(argument.prefix(2))
            if argument.count > 2 { value = String(argument.dropFirst(2)) }
            option = CommandLineParser.table.first { $0.letter != nil && $0.letter == name.last }
        }
        guard let option else {
            let near = CommandLineParser.table.map { "--" + $0.name }
                .min { CommandLineParser.distance(name, $0) < CommandLineParser.distance(name, $1) }
            let hint = near.flatMap { CommandLineParser.distance(name, $0) <= 3 ? "; did you mean \($0)?" : nil }
            throw HostingError("unknown option '\(name)'\(hint ?? "; 'ochenta --help' lists the options")")
        }
        guard let given = value ?? rest.popFirst() else { throw HostingError("\(name) needs a value") }
        try option.apply(given, name, &options)
    }

    /// How many letters differ (Levenshtein distance).
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, letter) in a.prefix(40).enumerated() {
            var previous = row[0]
            row[0] = i + 1
            for j in b.indices {
                let change = previous + (b[j] == letter ? 0 : 1)
                previous = row[j + 1]
                row[j + 1] = min(change, previous + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
