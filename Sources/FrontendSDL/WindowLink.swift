import Core
import Glibc
import Hosting
import Synchronization

/// What the window tells the machine's side.
enum WindowInput: Sendable {
    case event(InputEvent)
    case paste(String)
    case copy
    case screenshot
    case slower, faster, fullSpeed, pause
    case mute, quieter, louder
    /// What the three before turn: everything, then each part of the sound, and around.
    case nextPart
    case quit

    var endsSomething: Bool {
        switch self {
        case .event(.key(_, isDown: false)), .event(.mouseButtons(0)), .event(.joystickButton(_, isDown: false)), .quit:
            true
        default: false
        }
    }
}

/// What the machine's side tells the window.
enum WindowMessage: Sendable {
    case clipboard(String)
    /// A line to be shown for some seconds.
    case notice(String)
    case pace(WindowPace)
}

/// A frame with its number and the time at which it was handed over, in nanoseconds of the host.
struct TimedFrame: Sendable {
    var number: Int
    var frame: Frame
    var arrival: Int64
}

/// The two threads' only connection: values go through it, frames one way and inputs the other, and neither waits for
/// the other.
final class WindowLink: Sendable {
    private struct State {
        var frames: [TimedFrame] = []
        var count = 0
        var inputs: [WindowInput] = []
        var messages: [WindowMessage] = []
        var isFinished = false
        var isWindowAwake = false
    }

    /// Frames that may wait: the newest, and those before it that blending takes.
    private static let frameLimit = 4
    /// Inputs and messages that may wait; more are dropped, as by a keyboard whose buffer is full.
    private static let limit = 4_096

    private let state = Mutex(State())
    private let pipe: (read: Int32, write: Int32)
    private let wakeWindow: @Sendable () -> Void

    /// - Parameter wakeWindow: ends the wait of the window's thread; called from the machine's.
    init(wakeWindow: @escaping @Sendable () -> Void) throws(HostingError) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else {
            throw HostingError(
                "no pipe for the window: \(String(cString: strerror(errno)))", status: ExitStatus.ownFailure)
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        pipe = (ends[0], ends[1])
        self.wakeWindow = wakeWindow
    }

    deinit {
        close(pipe.read)
        close(pipe.write)
    }

    // MARK: The machine's side

    /// Can be read when inputs wait.
    var descriptor: Int32 { pipe.read }

    func put(_ frame: Frame, at now: Int64) {
        tell { state in
            state.count += 1
            state.frames.append(TimedFrame(number: state.count, frame: frame, arrival: now))
            if state.frames.count > WindowLink.frameLimit { state.frames.removeFirst() }
        }
    }

    func put(_ message: WindowMessage) {
        tell { if $0.messages.count < WindowLink.limit { $0.messages.append(message) } }
    }

    /// The session has ended.
    func finish() { tell { $0.isFinished = true } }

    private func tell(_ change: (inout State) -> Void) {
        let isAsleep = state.withLock { state in
            change(&state)
            defer { state.isWindowAwake = true }
            return !state.isWindowAwake
        }
        if isAsleep { wakeWindow() }
    }

    /// Takes all inputs that wait.
    func takeInputs() -> [WindowInput] {
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(pipe.read, &buffer, buffer.count) > 0 {}
        return state.withLock { state in
            defer { state.inputs = [] }
            return state.inputs
        }
    }

    /// Gives back inputs that were not dealt with.
    func putBack(_ inputs: some Collection<WindowInput> & Sendable) {
        guard !inputs.isEmpty else { return }
        state.withLock { $0.inputs.insert(contentsOf: inputs, at: 0) }
        wakeMachine()
    }

    // MARK: The window's side

    func send(_ input: WindowInput) {
        let isAccepted = state.withLock { state in
            // What ends something is taken, whatever else is lost.
            guard state.inputs.count < WindowLink.limit || input.endsSomething else { return false }
            state.inputs.append(input)
            return true
        }
        if isAccepted { wakeMachine() }
    }

    private func wakeMachine() {
        var byte: UInt8 = 0
        _ = write(pipe.write, &byte, 1)
    }

    /// Takes what the machine has put, and says whether the session has ended.
    func take() -> (frames: [TimedFrame], messages: [WindowMessage], isFinished: Bool) {
        state.withLock { state in
            defer {
                state.frames.removeAll(keepingCapacity: true)
                state.messages = []
                state.isWindowAwake = false
            }
            return (state.frames, state.messages, state.isFinished)
        }
    }
}
