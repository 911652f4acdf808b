import Core
import Fonts
import Storage

/// What a machine does first.
public enum StartupStep: Sendable {
    /// A line for the command interpreter, in the code page.
    case line([UInt8])
    /// A program by its DOS path, with its command tail exactly as given: nothing in it is interpreted.
    case program(path: [UInt8], tail: [UInt8])
}

/// Date and time at which the machine's clock starts.
public struct StartTime: Hashable, Sendable {
    public var year, month, day, hour, minute, second: Int

    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
    }

    /// The date of scripts and tests.
    public static let fixed = StartTime(year: 1990, month: 1, day: 1)
}

/// A whole machine: its kind, its drives, and what runs on it.
public struct MachineConfiguration {
    public var profile = MachineProfile()
    /// 0 is A. Drive Z is the machine's own.
    public var drives: [(letter: UInt8, volume: any Volume)] = []
    /// The drive that is current after the boot.
    public var currentDrive: UInt8 = 2
    public var startup: [StartupStep] = []
    /// Whether the command interpreter goes on with a prompt after the startup steps.
    public var isInteractive = false
    public var startTime = StartTime.fixed
    public var dosVersion: (major: UInt8, minor: UInt8) = (5, 0)
    /// `NAME=value` strings for the first environment, beyond the usual ones; an empty value removes a variable.
    public var environment: [[UInt8]] = []
    /// The code page of DOS. The fonts are to be of the same.
    public var codePage = CodePage.cp437
    /// The characters in the machine's ROM.
    public var fonts = FontSet.cp437
    /// The image of a video BIOS at C0000h, which takes the place of the machine's own. Empty: there is none.
    public var videoROM: [UInt8] = []
    public var soundVolumes = SoundVolumes()
    /// Nil: instructions take the clocks of the processor model.
    public var fixedInstructionClocks: Int?

    public init() {}
}

/// Why `PersonalComputer.run` came back.
public enum MachineStop: Hashable, Sendable {
    /// Emulated time has reached the limit.
    case deadline
    /// The program waits: nothing happens before `until` unless input comes. Running on moves time to that event.
    case waiting(until: Tick)
    /// The program reads the host's standard input, and nothing is buffered: supply bytes or the end, and run again.
    case needsInput
    /// The first program has ended.
    case exited(status: UInt8)
    /// Nothing can ever happen again. The reason is a sentence for people.
    case stopped(reason: String)
}
