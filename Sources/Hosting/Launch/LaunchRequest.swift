import Automation
import Core
import Machine
import Storage

/// What the launch needs to know of the host.
public struct HostSituation: Sendable {
    public var isInputTerminal: Bool
    public var isOutputTerminal: Bool
    /// Whether the user has a graphical display.
    public var hasDisplay: Bool
    /// Absolute, without symbolic links.
    public var currentDirectory: String
    /// Directories with `ochenta.toml` and `machines`, the last one winning.
    public var configurationDirectories: [String]
    /// Where pictures go unless the user says otherwise.
    public var pictureDirectory: String
    /// The host's local date and time.
    public var localTime: StartTime

    public init(
        isInputTerminal: Bool, isOutputTerminal: Bool, hasDisplay: Bool = false, currentDirectory: String,
        configurationDirectories: [String], pictureDirectory: String = ".", localTime: StartTime
    ) {
        self.isInputTerminal = isInputTerminal
        self.isOutputTerminal = isOutputTerminal
        self.hasDisplay = hasDisplay
        self.currentDirectory = currentDirectory
        self.configurationDirectories = configurationDirectories
        self.pictureDirectory = pictureDirectory
        self.localTime = localTime
    }
}

/// The front end of a run.
public enum Display: String, Sendable {
    case window, terminal, stdio, none

    /// Whether a person watches, for whom emulated time is that of the clock on the wall.
    public var isLive: Bool { self == .window || self == .terminal }
}

/// A run, with every question answered.
public struct LaunchRequest {
    public var machine: MachineConfiguration
    public var mounts: [Mount]
    public var display: Display
    /// Whether the user asked for the display. A window that nobody asked for may be replaced by the terminal.
    public var isDisplayExplicit: Bool
    public var window: WindowSettings
    /// Where the screenshot key writes.
    public var screenshotDirectory: String
    public var session: Session.Options
    public var logLevel: LogLevel
    public var terminalColors: String
    public var terminalGraphics: String
    /// Whether a terminal is to report its mouse.
    public var terminalMouse: Bool
    /// How pictures are written where nothing else is said.
    public var pictureForm: PictureForm
    public var isRaw: Bool
    /// Frames of sound a second.
    public var audioRate: Int
    public var audio: AudioOutput
    /// Whether the user asked for the device, and is told when it is not there.
    public var isAudioExplicit: Bool
    /// Milliseconds from the machine to the device.
    public var audioLatency: Int
    public var midi: MIDIDestination
}
