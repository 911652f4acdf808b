import Automation
import Core
import Glibc
import Hosting
import Machine

/// The machine's side of the window: it runs on the machine's thread, and knows nothing of SDL.
public final class WindowFrontEnd: FrontEnd {
    private let link: WindowLink
    private let clock: any HostClock
    /// Writes a picture of the machine, and says in a line what came of it.
    private let screenshot: (any GuestMachine) -> String
    /// What the keys for loudness turn; nil if nothing is heard.
    private let player: AudioPlayer?
    private var typist = Typist()
    private var hand = MouseHand()
    private var knob = VolumeKnob()
    private var pace: WindowPace
    private var isPaused = false
    /// What the joysticks have done since the pause began, by axes and buttons.
    private var joysticks: [Int: InputEvent] = [:]
    private var lastFrame: Frame?
    public private(set) var outputCount = 0

    init(
        link: WindowLink, pacing: Pacing, clock: any HostClock = SystemClock(), player: AudioPlayer? = nil,
        screenshot: @escaping (any GuestMachine) -> String
    ) {
        (self.link, self.clock, self.player, self.screenshot) = (link, clock, player, screenshot)
        pace = WindowPace(pacing)
    }

    public var wantsPictures: Bool { true }

    public func start(_ machine: any GuestMachine) { link.put(.pace(pace)) }

    // MARK: Output

    public func show(_ machine: any GuestMachine) -> FrontEndRequest? {
        guard let frame = machine.isPictureWatched ? machine.frame() : machine.still() else { return nil }
        if let lastFrame, lastFrame.looksLike(frame) { return nil }
        lastFrame = frame
        outputCount &+= 1
        link.put(frame, at: clock.now)
        return nil
    }

    public var drawsOverStandardError: Bool { false }

    /// Leaves the last text in the terminal from which the window was opened, as the window is gone.
    public func finish(_ machine: any GuestMachine) {
        guard isatty(STDOUT_FILENO) == 1, let screen = machine.textScreen() else { return }
        var lines = (0..<screen.rows).map { screen.line($0) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { return }
        _ = HostFile.writeAll((lines.joined(separator: "\n") + "\n").utf8, to: STDOUT_FILENO)
    }

    // MARK: Input

    public func inputDescriptor(isNeeded: Bool) -> Int32? { link.descriptor }

    public func readInput(_ machine: any GuestMachine) -> FrontEndRequest? {
        let inputs = link.takeInputs()
        for (index, input) in inputs.enumerated() {
            guard let request = take(input, machine) else { continue }
            link.putBack(inputs[(index + 1)...])
            return request
        }
        return nil
    }

    private func take(_ input: WindowInput, _ machine: any GuestMachine) -> FrontEndRequest? {
        switch input {
        // Keys pressed while a text is typed come after it; a Ctrl among its letters would change them.
        case .event(.key(let code, let isDown)):
            typist.addKey(code, isDown: isDown, at: machine.now)
            act(machine)
        // Nothing that a joystick does can be too fast for a game port.
        case .event(.joystickAxis(let axis, let position)):
            push(.joystickAxis(axis, position: position), as: Int(axis), machine)
        case .event(.joystickButton(let button, let isDown)):
            push(.joystickButton(button, isDown: isDown), as: 4 + Int(button), machine)
        case .event(let event):
            hand.add(event, at: machine.now)
            act(machine)
        case .paste(let text):
            for scalar in WindowFrontEnd.lines(text) {
                typist.add(USLayout.strokes(for: scalar, machine.codePage) ?? [], at: machine.now)
            }
            act(machine)
        case .copy: copy(machine)
        case .screenshot: link.put(.notice(screenshot(machine)))
        case .slower: return change { $0.step(up: false) }
        case .faster: return change { $0.step(up: true) }
        case .fullSpeed: return change { $0.toggleFull() }
        case .pause:
            isPaused.toggle()
            if !isPaused {
                for event in joysticks.values { machine.pushInput(event) }
                joysticks = [:]
            }
            link.put(.notice(isPaused ? "paused" : "goes on"))
            return .pause(isPaused)
        case .nextPart: link.put(.notice(knob.next(machine)))
        case .mute: link.put(.notice(knob.turn(.offOrOn, machine, player)))
        case .quieter: link.put(.notice(knob.turn(.down, machine, player)))
        case .louder: link.put(.notice(knob.turn(.up, machine, player)))
        case .quit: return .quit
        }
        return nil
    }

    /// One Enter for each end of a line, whichever system wrote it.
    private static func lines(_ text: String) -> some Sequence<Unicode.Scalar> {
        text.replacing("\r\n", with: "\n").unicodeScalars
    }

    private func change(_ change: (inout WindowPace) -> Void) -> FrontEndRequest {
        change(&pace)
        link.put(.pace(pace))
        return .changePace(pace.pacing)
    }

    /// Of a machine that stands still the last state of each axis and button is enough.
    private func push(_ event: InputEvent, as part: Int, _ machine: any GuestMachine) {
        if isPaused { joysticks[part] = event } else { machine.pushInput(event) }
    }

    private func copy(_ machine: any GuestMachine) {
        guard let screen = machine.textScreen() else {
            return link.put(.notice("nothing copied: the screen shows no text"))
        }
        var lines = (0..<screen.rows).map { screen.line($0) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        link.put(.clipboard(lines.map { $0 + "\n" }.joined()))
        link.put(.notice("text copied"))
    }

    public var nextTime: Tick? { [typist.nextTime, hand.nextTime].compactMap { $0 }.min() }

    public func act(_ machine: any GuestMachine) {
        typist.act(at: machine.now, hasRoom: machine.hasKeyboardRoom) { machine.pushInput($0) }
        hand.act(at: machine.now) { machine.pushInput($0) }
    }

    public var wakeTime: Int64? { nil }
    public func wake(_ machine: any GuestMachine, now: Int64) {}

    public func receive(signal: Int32, _ machine: any GuestMachine) -> FrontEndRequest? {
        HostSignal(rawValue: signal)?.asksToEnd == true ? .end(signal) : nil
    }
}

extension Frame {
    /// Whether two frames look the same, whatever their times.
    func looksLike(_ other: Frame) -> Bool {
        width == other.width && height == other.height && dotAspect == other.dotAspect && pixels == other.pixels
    }
}
