import Foundation
import Testing

/// A display in memory with a window manager, and a person's hands: Xvfb, openbox, xdotool and xclip.
final class TestDisplay {
    private static let programs = ["Xvfb", "openbox", "xdotool", "xclip"]
    static let width = 1_280
    static let height = 720

    /// The programs that are missing.
    static var missing: [String] { programs.filter { path(of: $0) == nil } }
    static var isAvailable: Bool { missing.isEmpty }
    /// CI lets nothing be left out.
    static let isRequired = ProcessInfo.processInfo.environment["OCHENTA_REQUIRE_SUITES"] != nil

    private static func path(of program: String) -> String? {
        let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return places.map { $0 + "/" + program }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    let directory: URL
    private var processes: [Process] = []
    private var environment: [String: String]

    /// Starts the display and its window manager.
    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "ochenta-window-\(UUID().uuidString)")
        for name in ["home", "c", "screen", "shots"] {
            try FileManager.default.createDirectory(
                at: directory.appending(path: name), withIntermediateDirectories: true)
        }
        environment = ProcessInfo.processInfo.environment
        for name in ["WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "DISPLAY", "XDG_DATA_HOME"] { environment[name] = nil }
        environment["HOME"] = directory.appending(path: "home").path
        environment["XDG_CONFIG_HOME"] = directory.appending(path: "home").path
        let pipe = Pipe()
        try start(
            "Xvfb",
            [
                "-displayfd", "1", "-screen", "0", "\(Self.width)x\(Self.height)x24", "-nolisten", "tcp", "-fbdir",
                directory.appending(path: "screen").path,
            ], output: pipe)
        // It tells its number when it is ready.
        let number = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        environment["DISPLAY"] =
            ":" + (try #require(Int(number.trimmingCharacters(in: .whitespacesAndNewlines)))).description
        try start("openbox", [], output: nil)
    }

    func close() {
        for process in processes.reversed() where process.isRunning {
            process.terminate()
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: directory)
    }

    @discardableResult
    private func start(_ program: String, _ arguments: [String], output: Pipe?) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: try #require(TestDisplay.path(of: program)))
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        processes.append(process)
        return process
    }

    /// Starts the command that was built beside the tests.
    func startOchenta(_ options: [String], errors: URL? = nil, environment changes: [String: String?] = [:]) throws
        -> Process
    {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "ochenta")
        process.arguments = options
        process.currentDirectoryURL = directory.appending(path: "c")
        var environment = environment
        for (name, value) in changes { environment[name] = value }
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let log = errors ?? directory.appending(path: "errors")
        try Data().write(to: log)
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
        processes.append(process)
        return process
    }

    /// Runs a program to its end and gives what it printed.
    @discardableResult
    func run(_ program: String, _ arguments: String..., input: String? = nil) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: try #require(TestDisplay.path(of: program)))
        process.arguments = arguments
        process.environment = environment
        let (output, source) = (Pipe(), Pipe())
        // What xclip leaves behind it must not keep our pipe open.
        let isSilent = input != nil
        process.standardOutput = isSilent ? FileHandle.nullDevice : output
        process.standardError = FileHandle.nullDevice
        process.standardInput = isSilent ? source : FileHandle.nullDevice
        try process.run()
        if let input {
            try source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try source.fileHandleForWriting.close()
        }
        let data = isSilent ? Data() : output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// Looks again and again until `condition` holds, for at most so many seconds.
    static func wait(_ seconds: Int = 30, until condition: () throws -> Bool) rethrows -> Bool {
        let end = Date().addingTimeInterval(Double(seconds))
        while Date() < end {
            if try condition() { return true }
            usleep(30_000)
        }
        return try condition()
    }

    /// The picture on the display, which Xvfb keeps in a file as xwd writes them.
    func picture() throws -> (width: Int, height: Int, pixels: [UInt32]) {
        let data = try Data(contentsOf: directory.appending(path: "screen/Xvfb_screen0"))
        func word(_ index: Int) -> Int {
            data[index * 4..<index * 4 + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        let (width, height, stride) = (word(4), word(5), word(12))
        try #require(word(11) == 32)
        let start = word(0) + word(19) * 12
        var pixels: [UInt32] = []
        pixels.reserveCapacity(width * height)
        data.withUnsafeBytes { bytes in
            for y in 0..<height {
                for x in 0..<width {
                    let value = bytes.loadUnaligned(fromByteOffset: start + y * stride + x * 4, as: UInt32.self)
                    pixels.append(value & 0xFF_FFFF)
                }
            }
        }
        return (width, height, pixels)
    }
}
