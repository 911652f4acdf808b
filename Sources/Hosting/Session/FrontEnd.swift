import Automation
import Core
import Machine

/// What a session needs of a machine. `PersonalComputer` is one; tests have others.
public protocol GuestMachine: ScriptStage {
    var streams: StandardStreams { get }
    /// Whether the program waits for something to happen.
    var isWaiting: Bool { get }
    /// Until when nothing happens in the machine unless input comes; nil if it has something to do.
    var restsUntil: Tick? { get }
    /// Whether the program uses a mouse, as far as the BIOS knows.
    var isMouseInUse: Bool { get }
    func run(until limit: Tick) -> MachineStop
    /// Lines for the log, each given once.
    func takeNotices() -> [MachineNotice]
    /// What it makes sound with.
    var soundParts: [SoundPart] { get }
    /// The sound since the last call, if somebody listens.
    func takeAudio() -> AudioBlock?
    /// The same to the present time, for the end of a run.
    func takeAudioToPresent() -> AudioBlock?
}

extension GuestMachine {
    public var restsUntil: Tick? { nil }
    public var soundParts: [SoundPart] { [] }
    public func takeAudio() -> AudioBlock? { nil }
    public func takeAudioToPresent() -> AudioBlock? { nil }
    public var isMouseInUse: Bool { false }
}

/// A place for the machine's screen and keys. The session calls it on its own thread, between runs of the machine.
public protocol FrontEnd: AnyObject {
    /// Takes possession of the terminal or the streams.
    func start(_ machine: any GuestMachine) throws(HostingError)
    /// The descriptor to read input from; nil if there is none. A filter reads only when the program asks (`isNeeded`),
    /// so that the host's timing never shows.
    func inputDescriptor(isNeeded: Bool) -> Int32?
    /// The descriptor can be read, or has ended.
    func readInput(_ machine: any GuestMachine) -> FrontEndRequest?
    /// When the front end wants to act, in emulated time: keys of a paste.
    var nextTime: Tick? { get }
    func act(_ machine: any GuestMachine)
    /// When the front end wants to be woken, in the host's time: an Esc that stays alone.
    var wakeTime: Int64? { get }
    func wake(_ machine: any GuestMachine, now: Int64)
    /// Shows what has changed. Called often.
    func show(_ machine: any GuestMachine) -> FrontEndRequest?
    /// A signal that the front end may know better: a new size, stop and go on. Returns what it means for the session.
    func receive(signal: Int32, _ machine: any GuestMachine) -> FrontEndRequest?
    /// Whether the front end shows frames: the session then follows the beam and calls `show` after each.
    var wantsPictures: Bool { get }
    /// Whether standard error appears on the screen that the front end draws.
    var drawsOverStandardError: Bool { get }
    /// Counts what has been put out, so that the session knows whether anything happens.
    var outputCount: Int { get }
    /// Why output was lost, other than that its reader has gone: a full disk. Complete after `finish`.
    var outputFailure: String? { get }
    /// Gives everything back. Called once, whatever ended the session.
    func finish(_ machine: any GuestMachine)
}

extension FrontEnd {
    public var outputFailure: String? { nil }
    public var wantsPictures: Bool { false }
}

/// What a front end asks of the session.
public enum FrontEndRequest: Hashable, Sendable {
    /// The user wants to leave.
    case quit
    /// Nobody reads the output any more.
    case outputClosed
    /// From now on emulated time is related to the host's in another way.
    case changePace(Pacing)
    /// Emulated time stands still, or goes on.
    case pause(Bool)
    /// End by this signal unless the program ends by itself soon.
    case interrupt(Int32)
    /// End by this signal now.
    case end(Int32)
}

/// Shows nothing and has no keys: for scripts and tests.
public final class NoFrontEnd: FrontEnd {
    public init() {}
    public func start(_ machine: any GuestMachine) {}
    public func inputDescriptor(isNeeded: Bool) -> Int32? { nil }
    public func readInput(_ machine: any GuestMachine) -> FrontEndRequest? { nil }
    public var nextTime: Tick? { nil }
    public func act(_ machine: any GuestMachine) {}
    public var wakeTime: Int64? { nil }
    public func wake(_ machine: any GuestMachine, now: Int64) {}
    public func show(_ machine: any GuestMachine) -> FrontEndRequest? { nil }
    public func receive(signal: Int32, _ machine: any GuestMachine) -> FrontEndRequest? {
        HostSignal(rawValue: signal)?.asksToEnd == true ? .end(signal) : nil
    }
    public var drawsOverStandardError: Bool { false }
    public var outputCount: Int { 0 }
    public func finish(_ machine: any GuestMachine) {}
}
