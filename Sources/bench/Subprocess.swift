import Foundation

enum Subprocess {
    /// Longest run, in seconds of the host's clock; then the process is ended and there is no result.
    static let limit = 180.0

    /// Runs a program to its end, with standard output and error into `output` and nothing on standard input.
    /// Nil if it cannot be started or takes too long.
    static func run(
        _ executable: URL, _ arguments: [String], in directory: URL, output: URL, environment: [String: String] = [:]
    ) -> Measurement? {
        guard FileManager.default.createFile(atPath: output.path, contents: nil),
            let file = try? FileHandle(forWritingTo: output)
        else { return nil }
        defer { try? file.close() }
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = file
        process.standardError = FileHandle.nullDevice
        let before = childTime()
        let start = Date()
        guard (try? process.run()) != nil else { return nil }
        while process.isRunning {
            if Date().timeIntervalSince(start) > limit {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                return nil
            }
            usleep(2_000)
        }
        process.waitUntilExit()
        return Measurement(seconds: childTime() - before, output: (try? Data(contentsOf: output)) ?? Data())
    }

    /// Processor time of all children that have ended, in seconds.
    private static func childTime() -> Double {
        var usage = rusage()
        getrusage(Int32(truncatingIfNeeded: RUSAGE_CHILDREN.rawValue), &usage)
        let user = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
        return user + Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) / 1e6
    }
}
