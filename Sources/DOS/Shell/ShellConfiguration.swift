/// What the first command interpreter does, and what it finds in its environment.
public struct ShellConfiguration: Sendable {
    /// Something to run before the prompt.
    public enum Startup: Hashable, Sendable {
        /// A command line, as typed.
        case line([UInt8])
        /// A program by its DOS path, with its command tail as it stands (no `<`, `>`, `|` or `%` in it has a
        /// meaning). A `.BAT` runs as a batch file with the tail's words as arguments.
        case program(path: [UInt8], tail: [UInt8])
    }

    public var startup: [Startup]
    /// Whether the prompt follows the startup; otherwise the interpreter ends with the last exit code.
    public var isInteractive: Bool
    /// `NAME=value` strings, beyond or instead of the usual ones. An empty value removes a variable.
    public var environment: [[UInt8]]
    /// Size of the environment in bytes, 160 to 32,768.
    public var environmentSize: Int

    public init(
        startup: [Startup] = [], isInteractive: Bool = true, environment: [[UInt8]] = [], environmentSize: Int = 1_024
    ) {
        self.startup = Array(startup.prefix(ShellConfiguration.startupLimit))
        self.isInteractive = isInteractive
        self.environment = Array(environment.prefix(ShellConfiguration.environmentLimit))
        self.environmentSize = min(max(environmentSize, 160), 32_768)
    }

    static let startupLimit = 4_096
    static let environmentLimit = 256

    /// What every first interpreter starts with.
    static let usualEnvironment = ["COMSPEC=Z:\\COMMAND.COM", "PATH=Z:\\", "PROMPT=$P$G"].map(\.dosText)
}
