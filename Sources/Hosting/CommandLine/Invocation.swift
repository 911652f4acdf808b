import Core

/// What the user asked for on the command line.
public enum Invocation: Hashable, Sendable {
    case run(RunOptions)
    case machines(RunOptions)
    /// The arguments of `cpu-test`, not looked at.
    case processorTest([String])
    /// A help topic, or nil for the overview.
    case help(String?)
    case version
}

/// The options of `run`.
public struct RunOptions: Hashable, Sendable {
    /// Settings from options of their own, such as `--machine`.
    public var settings: [SettingOption] = []
    /// The arguments of `--set`, in order.
    public var assignments: [String] = []
    public var configurationFiles: [String] = []
    public var drives: [String] = []
    public var commands: [String] = []
    public var script: String?
    public var textFile: String?
    /// The picture of the last screen: PNG, or SVG of a text screen.
    public var pictureFile: String?
    /// The film of the run, AVI.
    public var videoFile: String?
    /// What is recorded from the beginning to the end: sound, registers, MIDI.
    public var recordings: [String] = []
    /// Emulated time.
    public var timeLimit: Tick?
    /// Host time, in the same unit.
    public var hostTimeLimit: Tick?
    /// The program or directory, as the user wrote it.
    public var program: String?
    public var arguments: [String] = []

    public init() {}

    /// Whether `pictureFile` is to be an SVG picture of the text screen.
    public var isPictureSVG: Bool { pictureFile?.lowercased().hasSuffix(".svg") == true }

    /// An option that stands for one setting of the configuration.
    public struct SettingOption: Hashable, Sendable {
        var section: String
        var key: String
        var text: String
        var option: String
    }
}
