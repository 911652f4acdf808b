import Glibc
import Testing

/// A child process whose output goes to files, so that nothing that it leaves behind can keep a test waiting.
final class ChildProcess {
    private let number: pid_t
    private var status: Int32?

    /// - Parameters:
    ///   - program: an absolute path.
    ///   - environment: `NAME=value`.
    init(
        _ program: String, _ arguments: [String], environment: [String], directory: String, output: String,
        errors: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        var child = pid_t()
        // A test's thread may have signals blocked, which children would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // The shell goes to the directory and becomes the program.
        let shell = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, directory]
        let words = (shell + [program] + arguments).map { strdup($0) }
        let variables = environment.map { strdup($0) }
        defer { (words + variables).forEach { free($0) } }
        let error = posix_spawn(&child, shell[0], &actions, &attributes, words + [nil], variables + [nil])
        try #require(error == 0, "\(program) cannot be started")
        number = child
    }

    var isRunning: Bool {
        if status != nil { return false }
        var word: Int32 = 0
        guard waitpid(number, &word, WNOHANG) == number else { return true }
        status = word & 0x7F == 0 ? word >> 8 & 0xFF : 128 + word & 0x7F
        return false
    }

    /// The exit status, or 128 and the signal; nil while it runs.
    var terminationStatus: Int32? { isRunning ? nil : status }

    func send(signal: Int32) { if isRunning { kill(number, signal) } }

    /// Ends the process, and waits for it.
    func end() {
        send(signal: SIGTERM)
        if !TestDisplay.wait(5, until: { !isRunning }) {
            send(signal: SIGKILL)
            _ = TestDisplay.wait(5, until: { !isRunning })
        }
    }
}
