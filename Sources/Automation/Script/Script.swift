import Core
import Machine

/// One step of a script.
public enum ScriptAction: Hashable, Sendable {
    /// Wait until the screen shows the text (bytes of the code page), at most this long.
    case waitText([UInt8], within: Tick)
    case type([KeyStroke])
    case hold(KeyStroke, Tick)
    case wait(Tick)
    /// Fail now if the screen lacks the text.
    case expectText([UInt8])
    /// Write the text screen to a file of the host, in UTF-8.
    case screenText(String)
    /// Write the picture to a PNG file of the host; nil is the form that the settings say.
    case screenshot(String, PictureForm?)
    /// Begin to record sound, registers or MIDI to a file of the host; nil ends all recordings that the script began.
    case record(String?)
    /// Fail if this pixel of the program's picture has another colour, 00RRGGBBh.
    case expectPixel(x: Int, y: Int, color: UInt32)
    /// Print the size and a hash of the program's picture.
    case hashFrame
    /// Move the mouse, or press and let go buttons.
    case mouse(InputEvent)
    /// Press buttons (a mask as in `InputEvent.mouseButtons`) and let go.
    case click(UInt8)
    /// Move a joystick, press and let go its buttons, plug it in or pull it out.
    case joystick([InputEvent])
    /// Turn a part of the sound, or everything (nil), to so many percent.
    case volume(SoundPart?, Int)
    case exit

    /// Whether the step looks at the picture.
    public var needsPicture: Bool {
        switch self {
        case .screenshot, .expectPixel, .hashFrame: true
        default: false
        }
    }
}

/// How a picture is written to a file.
public enum PictureForm: String, CaseIterable, Sendable {
    /// The program's pixels, one for one.
    case raw
    /// In square dots, as a monitor shows it.
    case square
}

/// A list of steps read from a script file. See `help scripts`.
public struct Script: Hashable, Sendable {
    public struct Step: Hashable, Sendable {
        /// Counts from 1.
        public var line: Int
        /// The line as it was written, without blanks around it.
        public var source: String
        public var action: ScriptAction
    }

    /// The file's name, for messages.
    public var name: String
    public var steps: [Step]

    /// The files to which steps record.
    public var recordings: [String] {
        steps.compactMap { step in
            if case .record(let path) = step.action { path } else { nil }
        }
    }

    /// Whether a step looks at the picture, so that it has to be drawn.
    public var needsPictures: Bool { steps.contains { $0.action.needsPicture } }

    /// How long `wait-text` waits if the script does not say.
    public static let waitLimit = Tick.seconds(30)

    /// Reads a script whose texts are for a machine with `codePage`.
    public init(_ text: String, name: String, codePage: CodePage = .cp437) throws(ScriptError) {
        self.name = name
        steps = []
        // A line ends with LF or CR LF; Swift sees CR LF as one character.
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            var parser = ScriptLineParser(line, file: name, line: index + 1, codePage)
            if let action = try parser.step() {
                steps.append(Step(line: index + 1, source: parser.source, action: action))
            }
        }
    }
}

/// What is wrong with a script, or which step failed.
public struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    public var file: String
    public var line: Int
    public var message: String

    public init(file: String, line: Int, message: String) {
        (self.file, self.line, self.message) = (file, line, message)
    }

    public var description: String { "\(file):\(line): \(message)" }
}

extension Tick {
    /// Reads a duration such as `500ms`, `2s`, `1.5s`, `90m` or `1h`. Nil if it is not one, is negative, or is longer
    /// than a year.
    public init?(duration text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(number), value.isFinite else { return nil }
        let seconds: Double
        switch text.dropFirst(number.count) {
        case "ms": seconds = value / 1_000
        case "s": seconds = value
        case "m", "min": seconds = value * 60
        case "h": seconds = value * 3_600
        default: return nil
        }
        guard seconds >= 0, seconds <= 31_622_400 else { return nil }
        self.init(Int64((seconds * Double(Tick.perSecond)).rounded()))
    }
}
