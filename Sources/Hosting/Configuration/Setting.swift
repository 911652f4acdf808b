import Automation
import Core
import Machine

/// One setting of the configuration: its name and what it may be.
public struct Setting: Hashable, Sendable {
    /// What values a setting takes.
    enum Kind: Hashable, Sendable {
        case text
        /// One of these words.
        case choice([String])
        case integer(ClosedRange<Int64>)
        /// True or false.
        case boolean
        /// An integer is taken too.
        case number(ClosedRange<Double>)
        /// A speed, as `Pacing.Speed` reads it.
        case speed
        /// Where the sound goes, as `AudioOutput` reads it.
        case audio
        /// Where MIDI goes, as `MIDIDestination` reads it.
        case midi
        case version
        case date
    }

    let section: String
    /// `*` stands for any key.
    let key: String
    let kind: Kind

    /// Every setting there is.
    static let all: [Setting] =
        [
            Setting(section: "machine", key: "profile", kind: .text),
            Setting(section: "speed", key: "mode", kind: .speed),
            Setting(section: "display", key: "output", kind: .choice(["auto", "window", "terminal", "stdio", "none"])),
            Setting(section: "audio", key: "output", kind: .audio),
            Setting(section: "audio", key: "latency", kind: .integer(15...500)),
            Setting(section: "midi", key: "device", kind: .midi),
            Setting(section: "video", key: "font", kind: .text),
            Setting(
                section: "video", key: "scaling", kind: .choice(WindowSettings.Scaling.allCases.map(\.rawValue))),
            Setting(section: "video", key: "blend", kind: .boolean),
            Setting(section: "video", key: "border", kind: .boolean),
            Setting(section: "video", key: "phosphor", kind: .choice(["green", "amber", "white"])),
            Setting(section: "video", key: "composite", kind: .choice(["none", "old", "new"])),
            Setting(section: "video", key: "ega_memory", kind: .choice(["64", "128", "256"])),
            Setting(section: "video", key: "ega_monitor", kind: .choice(["enhanced", "color", "monochrome"])),
            Setting(section: "video", key: "hue", kind: .integer(-180...180)),
            Setting(section: "video", key: "snow", kind: .boolean),
            Setting(section: "video", key: "vbe", kind: .boolean),
            Setting(section: "video", key: "bios", kind: .text),
            Setting(section: "window", key: "fullscreen", kind: .boolean),
            Setting(section: "window", key: "mouse", kind: .choice(WindowSettings.Mouse.allCases.map(\.rawValue))),
            Setting(
                section: "window", key: "joysticks", kind: .choice(WindowSettings.Joysticks.allCases.map(\.rawValue))),
            Setting(
                section: "window", key: "hot_keys", kind: .choice(WindowSettings.HotKeys.allCases.map(\.rawValue))),
            Setting(section: "window", key: "screenshots", kind: .text),
            Setting(section: "dos", key: "version", kind: .version),
            Setting(section: "dos", key: "codepage", kind: .choice(CodePage.numbers.map(String.init))),
            Setting(section: "dos", key: "start_drive", kind: .choice(["auto", "C", "D"])),
            Setting(section: "clock", key: "start", kind: .date),
            Setting(section: "stdio", key: "encoding", kind: .choice(["utf-8", "raw"])),
            Setting(section: "terminal", key: "colors", kind: .choice(["auto", "truecolor", "256", "16"])),
            Setting(
                section: "terminal", key: "graphics",
                kind: .choice(["auto", "kitty", "sixel", "sextants", "halfblocks"])),
            Setting(section: "terminal", key: "mouse", kind: .boolean),
            Setting(section: "capture", key: "pixels", kind: .choice(PictureForm.allCases.map(\.rawValue))),
            Setting(section: "log", key: "level", kind: .choice(["warning", "info", "debug", "trace"])),
            Setting(section: "environment", key: "*", kind: .text),
            Setting(section: "drives", key: "*", kind: .text),
        ] + sound + machine.map { Setting(section: "machine", key: $0.key, kind: $0.kind) }

    private static let sound: [Setting] =
        [
            Setting(
                section: "sound", key: "card", kind: .choice(["auto"] + SoundCard.allCases.map(\.rawValue))),
            Setting(section: "sound", key: "port", kind: .choice(["auto"] + Setting.soundPorts)),
            Setting(section: "sound", key: "irq", kind: .choice(["auto", "2", "3", "5", "7", "10"])),
            Setting(section: "sound", key: "dma", kind: .choice(["auto", "0", "1", "3"])),
            Setting(section: "sound", key: "hdma", kind: .choice(["auto", "0", "1", "3", "5", "6", "7"])),
            Setting(section: "sound", key: "cms", kind: .choice(["auto", "true", "false"])),
            Setting(section: "sound", key: "lpt1", kind: .choice(ParallelSound.allCases.map(\.rawValue))),
            Setting(section: "sound", key: "mpu401", kind: .choice(["auto", "true", "false"])),
            Setting(section: "sound", key: "gus", kind: .choice(["auto", "true", "false"])),
            Setting(section: "sound", key: "gus_port", kind: .choice(["auto"] + Setting.gravisPorts)),
            Setting(section: "sound", key: "gus_irq", kind: .choice(["auto", "2", "3", "5", "7", "11", "15"])),
            Setting(section: "sound", key: "gus_dma", kind: .choice(["auto", "1", "3", "5", "6", "7"])),
            Setting(section: "sound", key: "gus_memory", kind: .choice(["auto", "256", "512", "768", "1024"])),
            Setting(section: "sound", key: "rate", kind: .integer(8_000...96_000)),
            Setting(section: "sound", key: "filter", kind: .boolean),
            Setting(section: "sound", key: "mute", kind: .boolean),
            Setting(section: "sound", key: "volume", kind: .integer(0...200)),
        ] + SoundPart.allCases.map { Setting(section: "sound", key: "volume_\($0.rawValue)", kind: .integer(0...200)) }

    /// The settings of a machine profile. A profile's file has them at its top, the configuration under `machine`.
    static let machine: [Setting] = [
        Setting(section: "", key: "processor", kind: .choice(["8088", "8086", "80186", "80286"])),
        Setting(section: "", key: "engine", kind: .choice(EngineKind.allCases.map(\.rawValue))),
        Setting(section: "", key: "clock_mhz", kind: .number(0.1...2_520)),
        Setting(section: "", key: "family", kind: .choice(["pc", "xt", "at"])),
        Setting(section: "", key: "video", kind: .choice(VideoKind.allCases.map(\.rawValue))),
        Setting(section: "", key: "conventional_kb", kind: .integer(64...640)),
        Setting(section: "", key: "extended_kb", kind: .integer(0...15_360)),
        Setting(section: "", key: "coprocessor", kind: .boolean),
        Setting(section: "", key: "sound", kind: .choice(SoundCard.allCases.map(\.rawValue))),
        Setting(section: "", key: "board_sound", kind: .choice(BoardSound.allCases.map(\.rawValue))),
        Setting(section: "", key: "mouse", kind: .choice(MouseKind.allCases.map(\.rawValue))),
        Setting(section: "", key: "game_port", kind: .choice(["auto", "true", "false"])),
    ]

    static let summary = Setting(section: "", key: "summary", kind: .text)

    /// Where cards can be, in hex.
    private static let soundPorts = ["210", "220", "230", "240", "250", "260", "280"]
    private static let gravisPorts = ["210", "220", "230", "240", "250", "260"]

    /// Checks a value and makes it text. Nil if it is not allowed.
    func text(of value: TOMLValue) -> String? {
        switch (kind, value) {
        case (.integer(let range), .integer(let number)): range.contains(number) ? String(number) : nil
        case (.number(let range), .integer(let number)): range.contains(Double(number)) ? String(number) : nil
        case (.number(let range), .float(let number)): range.contains(number) ? String(number) : nil
        case (.boolean, .boolean(let isTrue)): isTrue ? "true" : "false"
        case (.choice(let words), .boolean(let isTrue)): words.contains(String(isTrue)) ? String(isTrue) : nil
        case (.text, .string(let text)): text
        case (.choice(let words), .string(let text)): words.contains(text) ? text : nil
        case (.choice(let words), .integer(let number)): words.contains(String(number)) ? String(number) : nil
        case (.speed, .string(let text)): text == "auto" || Pacing.Speed(text) != nil ? text : nil
        case (.audio, .string(let text)): text == "auto" || AudioOutput(text) != nil ? text : nil
        case (.midi, .string(let text)): MIDIDestination(text) != nil ? text : nil
        case (.version, .string(let text)): DOSVersion(text) != nil ? text : nil
        case (.version, .float(let number)): DOSVersion(String(number)) != nil ? String(number) : nil
        case (.date, .string(let text)): text == "auto" || StartTime(text) != nil ? text : nil
        default: nil
        }
    }

    /// What may be written, for messages.
    var allowed: String {
        switch kind {
        case .text: "a string"
        case .choice(let words): words.joined(separator: ", ")
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true, false"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .speed: "auto, real, max, or such as 50%, 8mhz, 3000cpms"
        case .audio: "auto, device, alsa:NAME, none, or a file that ends in .wav or .flac"
        case .midi: "none, alsa, alsa:CLIENT, fluidsynth, fluidsynth:FILE.sf2, or a file that ends in .mid"
        case .version: "a version such as 5.0, from 2.0 to 6.22"
        case .date: "auto, or such as 1990-01-01 00:00:00, from 1980 to 2099"
        }
    }
}

/// The version of DOS that programs see.
public struct DOSVersion: Hashable, Sendable {
    public var major: UInt8
    public var minor: UInt8

    /// Reads `5.0` or `3.31`. As in DOS, `3.3` is 3.30.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = UInt8(parts[0]), (1...2).contains(parts[1].count),
            let minor = UInt8(parts[1]), (2...6).contains(major)
        else { return nil }
        self.major = major
        self.minor = parts[1].count == 1 ? minor * 10 : minor
    }
}

extension StartTime {
    /// Reads `1990-01-01`, `1990-01-01 00:00` or `1990-01-01T00:00:00`.
    public init?(_ text: String) {
        let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == " " || $0 == "T" }
        func numbers(_ text: Substring, separator: Character) -> [Int]? {
            let parts = text.split(separator: separator, omittingEmptySubsequences: false)
            let numbers = parts.compactMap { $0.allSatisfy { $0.isASCII && $0.isNumber } ? Int($0) : nil }
            return numbers.count == parts.count ? numbers : nil
        }
        guard let first = halves.first, let date = numbers(first, separator: "-"), date.count == 3 else { return nil }
        let time = halves.count == 2 ? numbers(halves[1], separator: ":") : [0, 0]
        guard let time, (2...3).contains(time.count) else { return nil }
        self.init(
            year: date[0], month: date[1], day: date[2], hour: time[0], minute: time[1],
            second: time.count == 3 ? time[2] : 0)
        guard isValid else { return nil }
    }

    private var isValid: Bool {
        guard (1980...2099).contains(year), (1...12).contains(month) else { return false }
        let isLeap = year % 4 == 0 && year != 2100
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        return (1...days).contains(day) && (0...23).contains(hour) && (0...59).contains(minute)
            && (0...59).contains(second)
    }
}
