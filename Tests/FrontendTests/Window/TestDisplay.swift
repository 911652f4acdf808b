import Foundation
import Testing

/// A display in memory with a window manager, and a person's hands: Xvfb, openbox, xdotool, xclip and
/// setxkbmap.
final class TestDisplay {
    private static let programs = ["Xvfb", "openbox", "xdotool", "xclip", "setxkbmap"]
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
    private var processes: [ChildProcess] = []
    private var environment: [String: String]
    private var count = 0

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
        try start(
            "Xvfb",
            [
                "-displayfd", "1", "-screen", "0", "\(Self.width)x\(Self.height)x24", "-nolisten", "tcp", "-fbdir",
                directory.appending(path: "screen").path,
                // Otherwise the display begins anew when a client leaves it as the last one, and drops those that
                // are just coming.
                "-noreset",
            ], output: "display")
        // It tells its number when it is ready.
        var number: Int?
        _ = TestDisplay.wait {
            let text = (try? String(contentsOf: directory.appending(path: "display"), encoding: .utf8)) ?? ""
            number = text.hasSuffix("\n") ? Int(text.dropLast()) : nil
            return number != nil
        }
        environment["DISPLAY"] = ":\(try #require(number, "Xvfb does not start"))"
        // A window that opens before its manager is quite ready gets no focus. The manager says when it is: that it
        // answers questions is not enough.
        let ready = directory.appending(path: "managed").path
        try start("openbox", ["--startup", "touch \(ready)"], output: "openbox")
        let isManaged = TestDisplay.wait { FileManager.default.fileExists(atPath: ready) }
        try #require(isManaged, "openbox does not start")
    }

    func close() {
        for process in processes.reversed() { process.end() }
        try? FileManager.default.removeItem(at: directory)
    }

    @discardableResult
    private func start(_ program: String, _ arguments: [String], output: String) throws -> ChildProcess {
        let process = try ChildProcess(
            try #require(TestDisplay.path(of: program)), arguments,
            environment: environment.map { "\($0.key)=\($0.value)" }, directory: directory.path,
            output: directory.appending(path: output).path, errors: "/dev/null")
        processes.append(process)
        return process
    }

    /// The command that was built beside the tests.
    static let command = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "ochenta").path

    /// Starts the command.
    func startOchenta(_ options: [String]) throws -> ChildProcess {
        let process = try ChildProcess(
            TestDisplay.command, options, environment: environment.map { "\($0.key)=\($0.value)" },
            directory: directory.appending(path: "c").path, output: "/dev/null",
            errors: directory.appending(path: "errors").path)
        processes.append(process)
        return process
    }

    /// Runs a program to its end, for at most some seconds, and gives what it printed.
    @discardableResult
    func run(_ program: String, _ arguments: String...) throws -> String { try run(program, arguments) }

    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> String {
        count += 1
        let process = try start(program, arguments, output: "output-\(count)")
        processes.removeLast()
        if !TestDisplay.wait(60, until: { !process.isRunning }, every: 2_000) { process.end() }
        let file = directory.appending(path: "output-\(count)")
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    /// Puts a text into the clipboard. The program that holds it goes on until another takes the clipboard.
    func copy(_ text: String) throws {
        let file = directory.appending(path: "clipboard")
        try Data(text.utf8).write(to: file)
        try start("xclip", ["-quiet", "-selection", "clipboard", "-i", file.path], output: "xclip")
        let isThere = try TestDisplay.wait { try run("xclip", "-selection", "clipboard", "-o") == text }
        try #require(isThere, "the clipboard is not taken")
    }

    /// Looks again and again until `condition` holds, for at most so many seconds.
    static func wait(
        _ seconds: Int = 60, until condition: () throws -> Bool, every microseconds: UInt32 = 30_000
    ) rethrows -> Bool {
        let end = Date().addingTimeInterval(Double(seconds))
        while Date() < end {
            if try condition() { return true }
            usleep(microseconds)
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
