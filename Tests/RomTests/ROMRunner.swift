import Foundation

/// Runs a test program with the `ochenta` command that was built beside the tests, as a user would.
struct ROMRunner {
    struct Result {
        var output: String
        var errors: String
        var status: Int32
    }

    private let rom: TestROM
    /// Options beside those that every program gets.
    private let options: [String]
    /// Variables beside those of the tests.
    private let environment: [String: String]

    init(_ rom: TestROM, options: [String] = [], environment: [String: String] = [:]) {
        self.rom = rom
        self.options = options
        self.environment = environment
    }

    /// The command in the directory of the running test program.
    static let command = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "ochenta")

    func run() throws -> Result {
        let files = FileManager.default
        let work = files.temporaryDirectory.appending(path: "ochenta-rom-\(UUID().uuidString)")
        try files.createDirectory(at: work, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: work) }
        let drive = work.appending(path: "c")
        try files.createDirectory(at: drive, withIntermediateDirectories: true)
        for file in [rom.program] + rom.needs {
            try files.copyItem(at: TestROM.directory.appending(path: file), to: drive.appending(path: file))
        }
        return try run(in: work, drive: drive)
    }

    private func run(in work: URL, drive: URL) throws -> Result {
        let script = TestROM.root.appending(path: rom.path + ".script").path
        let hasScript = FileManager.default.fileExists(atPath: script)
        let screen = work.appending(path: "screen")
        var options = ["--host-time-limit", "120s", "--time-limit", "120s"]
        options +=
            hasScript ? ["--display", "none", "--script", script, "--text", screen.path] : ["--display", "stdio"]
        if let model = rom.model { options += ["--set", "machine.processor=\(model)"] }
        options += rom.settings.flatMap { ["--set", $0] } + self.options
        let file = drive.appending(path: "out.txt")
        var command = [rom.program] + rom.arguments
        if rom.writesFile { command = ["Z:\\COMMAND.COM", "/C"] + command + [">", "out.txt"] }
        var result = try Self.launch(
            options + command, environment, in: drive, work: work,
            input: TestROM.root.appending(path: rom.path + ".input"))
        if hasScript { result.output = try String(contentsOf: screen, encoding: .utf8) }
        if rom.writesFile { result.output = try String(contentsOf: file, encoding: .utf8) }
        return result
    }

    private static func launch(
        _ arguments: [String], _ environment: [String: String], in drive: URL, work: URL, input: URL
    ) throws -> Result {
        let (output, errors) = (work.appending(path: "output"), work.appending(path: "errors"))
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = command
        process.arguments = arguments
        process.currentDirectoryURL = drive
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = (try? FileHandle(forReadingFrom: input)) ?? FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return Result(
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8), status: process.terminationStatus)
    }
}
