import Automation
import Core
import Machine
import Storage

/// What the launch needs to know of the host.
public struct HostSituation: Sendable {
    public var isInputTerminal: Bool
    public var isOutputTerminal: Bool
    /// Absolute, without symbolic links.
    public var currentDirectory: String
    /// Directories with `ochenta.toml` and `machines`, the last one winning.
    public var configurationDirectories: [String]
    /// The host's local date and time.
    public var localTime: StartTime

    public init(
        isInputTerminal: Bool, isOutputTerminal: Bool, currentDirectory: String, configurationDirectories: [String],
        localTime: StartTime
    ) {
        self.isInputTerminal = isInputTerminal
        self.isOutputTerminal = isOutputTerminal
        self.currentDirectory = currentDirectory
        self.configurationDirectories = configurationDirectories
        self.localTime = localTime
    }
}

/// The front end of a run.
public enum Display: String, Sendable {
    case terminal, stdio, none
}

/// A run, with every question answered.
public struct LaunchRequest {
    public var machine: MachineConfiguration
    public var mounts: [Mount]
    public var display: Display
    public var session: Session.Options
    public var logLevel: LogLevel
    public var terminalColors: String
    public var terminalGraphics: String
    /// How pictures are written where nothing else is said.
    public var pictureForm: PictureForm
    public var isRaw: Bool
}
