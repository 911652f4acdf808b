import Foundation

/// An emulator that can run the benchmark programs.
struct Contender {
    enum Kind { case ochenta, dosbox, qemu }

    let kind: Kind
    let name: String
    let executable: URL

    /// Ochenta from the directory of this program, the others from PATH.
    static func installed(beside directory: URL) -> [Contender] {
        let own = directory.appending(path: "ochenta")
        let candidates: [(Kind, String, URL?)] = [
            (.ochenta, "ochenta", FileManager.default.isExecutableFile(atPath: own.path) ? own : nil),
            (.dosbox, "dosbox", search("dosbox")),
            (.qemu, "qemu", search("qemu-system-i386")),
        ]
        return candidates.compactMap { kind, name, executable in
            executable.map { Contender(kind: kind, name: name, executable: $0) }
        }
    }

    private static func search(_ name: String) -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        return path.split(separator: ":").map { URL(filePath: String($0)).appending(path: name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// What one run took and printed; nil if this emulator cannot run the program.
    func run(_ program: String, from programs: URL) -> Measurement? {
        let work = FileManager.default.temporaryDirectory.appending(path: "ochenta-bench-\(getpid())")
        defer { try? FileManager.default.removeItem(at: work) }
        do {
            try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
            return try run(program, from: programs, in: work)
        } catch {
            return nil
        }
    }

    /// Ochenta's exact 8088 for some emulated time.
    func runExactly(_ program: String, from programs: URL, seconds: Double) -> Measurement? {
        guard kind == .ochenta else { return nil }
        let output = FileManager.default.temporaryDirectory.appending(path: "ochenta-bench-\(getpid()).txt")
        defer { try? FileManager.default.removeItem(at: output) }
        let options = ["--machine", "ibmxt", "--engine", "exact", "--display", "stdio"]
        return Subprocess.run(
            executable, options + ["--time-limit", "\(Int(seconds))s", program + ".COM"], in: programs, output: output)
    }

    private func run(_ program: String, from programs: URL, in work: URL) throws -> Measurement? {
        let com = programs.appending(path: program + ".COM")
        let floppy = programs.appending(path: program + ".IMG")
        let output = work.appending(path: "OUT.TXT")
        switch kind {
        case .ochenta:
            try FileManager.default.copyItem(at: com, to: work.appending(path: program + ".COM"))
            return Subprocess.run(
                executable, ["--display", "stdio", program + ".COM"], in: work, output: output)
        case .dosbox:
            try FileManager.default.copyItem(at: com, to: work.appending(path: program + ".COM"))
            let configuration = "[sdl]\noutput=surface\n[cpu]\ncore=normal\ncycles=max\n[mixer]\nnosound=true\n"
            try configuration.write(to: work.appending(path: "bench.conf"), atomically: true, encoding: .utf8)
            let environment = ["SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", "HOME": work.path]
            let result = Subprocess.run(
                executable,
                ["-conf", "bench.conf", "-c", "mount c .", "-c", "c:", "-c", "\(program) > OUT.TXT", "-c", "exit"],
                in: work, output: work.appending(path: "log"), environment: environment)
            return result.map { Measurement(seconds: $0.seconds, output: (try? Data(contentsOf: output)) ?? Data()) }
        case .qemu:
            guard FileManager.default.fileExists(atPath: floppy.path) else { return nil }
            return Subprocess.run(
                executable,
                [
                    "-display", "none", "-monitor", "none", "-serial", "none", "-net", "none", "-debugcon", "stdio",
                    "-device", "isa-debug-exit,iobase=0x501,iosize=1", "-boot", "a", "-snapshot",
                    "-drive", "file=\(floppy.path),format=raw,if=floppy",
                ], in: work, output: output)
        }
    }
}

struct Measurement {
    /// User and system time of the process and its children.
    var seconds: Double
    var output: Data
}
