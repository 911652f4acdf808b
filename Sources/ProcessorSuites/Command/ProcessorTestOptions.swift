import Core
import X86

/// A command line of `cpu-test` that cannot be.
public struct ProcessorTestUsageError: Error, Hashable, Sendable {
    /// One line.
    public let message: String

    init(_ message: String) { self.message = message }
}

/// The options of `cpu-test`.
public struct ProcessorTestOptions: Hashable, Sendable {
    /// A file and where in memory it belongs.
    public struct Placement: Hashable, Sendable {
        public var file: String
        /// Physical; nil if the user does not say.
        public var address: Int?
    }

    public var engine = "fast"
    /// Nil: the most that the engine has.
    public var level: SuiteLevel?
    public var processor: ProcessorModel?
    public var filter: String?
    /// Nil: one for each processor of the host.
    public var jobs: Int?
    /// Failures to show.
    public var failures = 5
    public var showsAll = false
    public var isQuiet = false
    public var jsonFile: String?
    public var junitFile: String?
    public var markdownFile: String?
    /// Directories and files of captured tests.
    public var suites: [String] = []

    public var images: [Placement] = []
    public var expectedMemory: [Placement] = []
    public var reportPort: UInt16?
    public var lastReport: UInt8?
    /// CS:IP at the start of a ROM's run; nil: as after reset.
    public var start: FarPointer?
    /// Clocks of a ROM's run.
    public var limit: Int?

    /// Whether the engines are compared with each other, on random programs.
    public var compares = false
    /// How many programs, and the first one's number.
    public var programs: Int?
    public var firstProgram: Int?
    /// Of the host's time; the run ends before the next program.
    public var minutes: Int?

    /// Reads the arguments behind `cpu-test`.
    public init(_ arguments: [String]) throws(ProcessorTestUsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-"), argument != "-" else {
                suites.append(argument)
                continue
            }
            if argument == "--" {
                suites += rest
                break
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let name = parts.first, let option = ProcessorTestOptions.table.first(where: { $0.name == name })
            else {
                throw ProcessorTestUsageError(
                    "cpu-test: unknown option '\(parts.first ?? argument)'; 'ochenta help cpu-test' lists the options")
            }
            switch option.effect {
            case .flag(let property):
                if parts.count > 1 { throw ProcessorTestUsageError("cpu-test: \(name) takes no value") }
                self[keyPath: property] = true
            case .value(let apply):
                guard let value = parts.count > 1 ? parts[1] : rest.popFirst(), !value.isEmpty else {
                    throw ProcessorTestUsageError("cpu-test: \(name) needs a value")
                }
                if let allowed = apply(&self, value) {
                    throw ProcessorTestUsageError("cpu-test: \(name) cannot be '\(value)'; \(allowed)")
                }
            }
        }
        try check()
    }

    // MARK: Table

    private struct Option {
        enum Effect {
            case flag(WritableKeyPath<ProcessorTestOptions, Bool>)
            /// Returns what is allowed if the value is not.
            case value((inout ProcessorTestOptions, String) -> String?)
        }
        var name: String
        var effect: Effect
    }

    private static var table: [Option] {
        [
            Option(name: "--all", effect: .flag(\.showsAll)),
            Option(name: "--quiet", effect: .flag(\.isQuiet)),
            Option(name: "--engine", effect: .value { $0.setEngine($1) }),
            Option(name: "--level", effect: .value { $0.setLevel($1) }),
            Option(name: "--processor", effect: .value { $0.setProcessor($1) }),
            Option(name: "--filter", effect: text(\.filter)),
            Option(name: "--jobs", effect: .value { $0.setNumber(\.jobs, $1, 1...256) }),
            Option(name: "--failures", effect: .value { $0.setFailures($1) }),
            Option(name: "--json", effect: text(\.jsonFile)),
            Option(name: "--junit", effect: text(\.junitFile)),
            Option(name: "--markdown", effect: text(\.markdownFile)),
            Option(name: "--rom", effect: .value { $0.place(\.images, $1) }),
            Option(name: "--expect-memory", effect: .value { $0.place(\.expectedMemory, $1) }),
            Option(name: "--report-port", effect: .value { $0.setHex(\.reportPort, $1) }),
            Option(name: "--report-end", effect: .value { $0.setHex(\.lastReport, $1) }),
            Option(name: "--compare", effect: .flag(\.compares)),
            Option(name: "--programs", effect: .value { $0.setNumber(\.programs, $1, 1...1_000_000_000_000) }),
            Option(name: "--first", effect: .value { $0.setNumber(\.firstProgram, $1, 0...1_000_000_000_000) }),
            Option(name: "--minutes", effect: .value { $0.setNumber(\.minutes, $1, 1...100_000) }),
            Option(name: "--start", effect: .value { $0.setStart($1) }),
            Option(name: "--limit", effect: .value { $0.setNumber(\.limit, $1, 1...1_000_000_000_000) }),
        ]
    }

    private static func text(_ property: WritableKeyPath<ProcessorTestOptions, String?>) -> Option.Effect {
        .value {
            $0[keyPath: property] = $1
            return nil
        }
    }

    // MARK: Values

    private mutating func setEngine(_ value: String) -> String? {
        guard ["fast", "interpreter", "exact"].contains(value) else { return "allowed: fast, exact" }
        engine = value == "interpreter" ? "fast" : value
        return nil
    }

    private mutating func setLevel(_ value: String) -> String? {
        level = SuiteLevel(rawValue: value)
        return level == nil ? "allowed: " + SuiteLevel.allCases.map(\.rawValue).joined(separator: ", ") : nil
    }

    private mutating func setProcessor(_ value: String) -> String? {
        processor = ProcessorModel.allCases.first { $0.name == value }
        return processor == nil ? "allowed: " + ProcessorModel.allCases.map(\.name).joined(separator: ", ") : nil
    }

    private mutating func setFailures(_ value: String) -> String? {
        guard let number = Int(value), (0...10_000).contains(number) else { return "allowed: 0 to 10000" }
        failures = number
        return nil
    }

    private mutating func setNumber(
        _ property: WritableKeyPath<ProcessorTestOptions, Int?>, _ value: String, _ range: ClosedRange<Int>
    ) -> String? {
        guard let number = Int(value), range.contains(number) else {
            return "allowed: \(range.lowerBound) to \(range.upperBound)"
        }
        self[keyPath: property] = number
        return nil
    }

    private mutating func setHex<Number: FixedWidthInteger>(
        _ property: WritableKeyPath<ProcessorTestOptions, Number?>, _ value: String
    ) -> String? {
        guard let number = ProcessorTestOptions.hexadecimal(value).flatMap({ Number(exactly: $0) }) else {
            return "write a hexadecimal number up to \(String(Number.max, radix: 16, uppercase: true)), such as 0x80"
        }
        self[keyPath: property] = number
        return nil
    }

    /// `FILE@ADDRESS`; the address may be left out.
    private mutating func place(
        _ property: WritableKeyPath<ProcessorTestOptions, [Placement]>, _ value: String
    ) -> String? {
        guard let at = value.lastIndex(of: "@") else {
            self[keyPath: property].append(Placement(file: value, address: nil))
            return nil
        }
        let file = String(value[..<at])
        guard !file.isEmpty, let address = ProcessorTestOptions.address(value[value.index(after: at)...]) else {
            return "write FILE@ADDRESS, such as test.bin@F0000 or test.bin@F000:0000"
        }
        self[keyPath: property].append(Placement(file: file, address: address))
        return nil
    }

    private mutating func setStart(_ value: String) -> String? {
        start = ProcessorTestOptions.pointer(value[...])
        return start == nil ? "write SEGMENT:OFFSET, such as F000:FFF0" : nil
    }

    /// A physical address, or segment and offset.
    private static func address(_ text: Substring) -> Int? {
        text.contains(":") ? pointer(text).map { Int($0.linear) } : hexadecimal(String(text))
    }

    private static func pointer(_ text: Substring) -> FarPointer? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { hexadecimal(String($0)) }
        guard parts.count == 2, let segment = parts[0].flatMap({ UInt16(exactly: $0) }),
            let offset = parts[1].flatMap({ UInt16(exactly: $0) })
        else { return nil }
        return FarPointer(segment, offset)
    }

    /// A hexadecimal number as `F0000`, `0xF0000` or `F0000h`, below 16 MB.
    private static func hexadecimal(_ text: String) -> Int? {
        var digits = text.lowercased()[...]
        if digits.hasPrefix("0x") { digits = digits.dropFirst(2) } else if digits.hasSuffix("h") { digits.removeLast() }
        guard (1...6).contains(digits.count), digits.allSatisfy(\.isHexDigit) else { return nil }
        return Int(digits, radix: 16)
    }

    // MARK: Combinations

    private func checkComparison() throws(ProcessorTestUsageError) {
        let forComparison: [(String, Bool)] = [
            ("--programs", programs != nil), ("--first", firstProgram != nil), ("--minutes", minutes != nil),
        ]
        if let (name, _) = forComparison.first(where: \.1), !compares {
            throw ProcessorTestUsageError("cpu-test: \(name) goes with --compare")
        }
        if compares && !(suites.isEmpty && images.isEmpty && level == nil && filter == nil) {
            throw ProcessorTestUsageError(
                "cpu-test: --compare makes its own programs; leave out suites, ROMs and levels")
        }
    }

    private func check() throws(ProcessorTestUsageError) {
        try checkComparison()
        if images.isEmpty && suites.isEmpty && !compares {
            throw ProcessorTestUsageError("cpu-test: name a directory or a file of tests, or a ROM image with --rom")
        }
        let forROMs: [(String, Bool)] = [
            ("--expect-memory", !expectedMemory.isEmpty), ("--report-port", reportPort != nil),
            ("--report-end", lastReport != nil), ("--start", start != nil), ("--limit", limit != nil),
        ]
        let forSuites: [(String, Bool)] = [
            ("a suite", !suites.isEmpty), ("--level", level != nil), ("--filter", filter != nil),
            ("--jobs", jobs != nil), ("--all", showsAll), ("--json", jsonFile != nil), ("--junit", junitFile != nil),
            ("--markdown", markdownFile != nil),
        ]
        if let (name, _) = forROMs.first(where: \.1), images.isEmpty {
            throw ProcessorTestUsageError("cpu-test: \(name) goes with --rom")
        }
        if let (name, _) = forSuites.first(where: \.1), !images.isEmpty {
            throw ProcessorTestUsageError("cpu-test: \(name) does not go with --rom")
        }
        if lastReport != nil && reportPort == nil {
            throw ProcessorTestUsageError("cpu-test: --report-end goes with --report-port")
        }
    }
}
