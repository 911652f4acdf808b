import Automation
import CLinux
import Core
import Glibc
import Hosting
import Machine

/// The machine's screen, text or picture, and its keyboard in a terminal.
///
/// It works on the alternate screen in raw mode, and gives both back on every way out, crashes included. Ctrl-] leaves.
public final class TerminalFrontEnd: FrontEnd {
    /// How long an Esc may stay alone before it is the key, in nanoseconds.
    private static let escapeTime: Int64 = 30_000_000

    private let input: Int32
    private let output: Int32
    private let clock: any HostClock
    private let isBasic: Bool
    private let usesMouse: Bool
    private var parser = KeySequenceParser()
    private var renderer: ScreenRenderer
    private var typist = Typist()
    private var mouse = TerminalMouse()
    private var hand = MouseHand()
    private var lastScreen: TextScreen?
    private let pictures: PictureScreen
    private var isEntered = false
    private var escapeDeadline: Int64?
    private var textCount = 0
    public var outputCount: Int { textCount &+ pictures.outputCount }

    /// - Parameters:
    ///   - colors: `truecolor`, `256` or `16`; anything else judges by the environment.
    ///   - graphics: `kitty`, `sixel`, `sextants` or `halfblocks`; anything else asks the terminal.
    ///   - mouse: whether the terminal is to report its mouse while a program uses one.
    /// - Throws: if the terminal cannot show a screen.
    public init(
        colors: String, graphics: String = "auto", mouse: Bool = true, input: Int32 = STDIN_FILENO,
        output: Int32 = STDOUT_FILENO,
        clock: any HostClock = SystemClock()
    ) throws(HostingError) {
        (self.input, self.output, self.clock) = (input, output, clock)
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        guard isatty(input) == 1, isatty(output) == 1 else {
            throw HostingError("--display terminal needs a terminal; --display stdio works with pipes and files")
        }
        let term = variable("TERM")
        guard let term, !term.isEmpty, term != "dumb" else {
            throw HostingError("the terminal (TERM=\(term ?? "")) cannot show a screen; use --display stdio")
        }
        let depth: ColorDepth
        switch colors {
        case "truecolor": depth = .truecolor
        case "256": depth = .indexed256
        case "16": depth = .basic16
        default: depth = ColorDepth(colorTerm: variable("COLORTERM"), term: term)
        }
        isBasic = term == "linux" || term.hasPrefix("vt")
        usesMouse = mouse && !isBasic
        renderer = ScreenRenderer(columns: 80, rows: 25, depth: depth)
        let support = GraphicsSupport(
            setting: graphics, canAsk: !isBasic, hasSextants: GraphicsSupport.drawsSextants(variable))
        pictures = PictureScreen(support: support, depth: depth, output: output)
    }

    // MARK: Taking and giving back the terminal

    /// Alternate screen, bracketed paste, and keys with their modifiers (xterm's way and kitty's).
    private var enterSequence: String {
        "\u{1B}[?1049h\u{1B}[2J" + (isBasic ? "" : "\u{1B}[?2004h\u{1B}[>4;1m\u{1B}[>1u")
    }

    /// It begins with the end of a picture that may be cut.
    private var leaveSequence: String {
        (isBasic ? "" : "\u{1B}\\") + (isBasic ? "" : TerminalMouse.off + "\u{1B}[<u\u{1B}[>4;0m\u{1B}[?2004l")
            + "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"
    }

    public func start(_ machine: any GuestMachine) throws(HostingError) {
        parser.codePage = machine.codePage
        try enter()
    }

    private func enter() throws(HostingError) {
        let undo = Array(leaveSequence.utf8)
        guard ochenta_terminal_guard(input, output, undo, Int32(undo.count)) == 0 else {
            throw HostingError(
                "the terminal cannot be used: \(String(cString: strerror(errno)))", status: ExitStatus.ownFailure)
        }
        var settings = termios()
        tcgetattr(input, &settings)
        cfmakeraw(&settings)
        tcsetattr(input, TCSADRAIN, &settings)
        isEntered = true
        _ = HostFile.writeAll(enterSequence.utf8, to: output)
        measure()
    }

    private func leave() {
        guard isEntered else { return }
        isEntered = false
        _ = mouse.turn(on: false) { hand.add($0, at: .zero) }
        if pictures.isActive { pictures.leave() }
        ochenta_terminal_release()
    }

    private func measure() {
        var size = winsize()
        let isKnown = ioctl(output, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 && size.ws_row > 0
        let (columns, rows) = isKnown ? (Int(size.ws_col), Int(size.ws_row)) : (80, 25)
        renderer.resize(columns: columns, rows: rows)
        let cell = TerminalGrid.PixelSize(Int(size.ws_xpixel) / columns, Int(size.ws_ypixel) / rows)
        pictures.resize(columns: columns, rows: rows, cell: isKnown ? cell : nil)
        lastScreen = nil
    }

    /// Leaves the last screen where the user can scroll to it.
    public func finish(_ machine: any GuestMachine) {
        let screen = machine.textScreen()
        leave()
        guard let screen else { return }
        var lines = (0..<screen.rows).map { screen.line($0) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { return }
        _ = HostFile.writeAll((lines.joined(separator: "\n") + "\n").utf8, to: output)
    }

    // MARK: Output

    public func show(_ machine: any GuestMachine) -> FrontEndRequest? {
        if let request = askForMouse(machine) { return request }
        guard let screen = machine.textScreen() else {
            parser.expectsCommand = true
            return pictures.show(machine, now: clock.now) ? nil : .outputClosed
        }
        if pictures.isActive {
            guard pictures.end(machine, now: clock.now) else { return nil }
            measure()
        }
        if let lastScreen, lastScreen.looksLike(screen) { return nil }
        lastScreen = screen
        return put(renderer.render(screen))
    }

    private func put(_ bytes: [UInt8]) -> FrontEndRequest? {
        guard !bytes.isEmpty else { return nil }
        textCount &+= bytes.count
        return HostFile.writeAll(bytes, to: output) == nil ? nil : .outputClosed
    }

    /// Reports of the mouse are wanted only while a program uses one: the terminal's own selection does not work then.
    private func askForMouse(_ machine: any GuestMachine) -> FrontEndRequest? {
        guard usesMouse, machine.isMouseInUse != mouse.isOn else { return nil }
        let sequence = mouse.turn(on: !mouse.isOn) { hand.add($0, at: machine.now) }
        guard let sequence else { return nil }
        // Not into a picture that the terminal has not taken whole.
        if pictures.isActive { return pictures.send(sequence) ? nil : .outputClosed }
        return put(Array(sequence.utf8))
    }

    public var drawsOverStandardError: Bool { isatty(STDERR_FILENO) == 1 }

    // MARK: Input

    public func inputDescriptor(isNeeded: Bool) -> Int32? { input }

    public func readInput(_ machine: any GuestMachine) -> FrontEndRequest? {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = read(input, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return nil }
        // The terminal has gone.
        guard count > 0 else { return .end(HostSignal.hangUp.rawValue) }
        let request = take(parser.feed(buffer[..<count]), machine)
        escapeDeadline = parser.isPending ? clock.now + TerminalFrontEnd.escapeTime : nil
        return request
    }

    private func take(_ inputs: [TerminalInput], _ machine: any GuestMachine) -> FrontEndRequest? {
        for input in inputs {
            switch input {
            case .stroke(TerminalFrontEnd.leaveStroke): return .quit
            case .stroke(let stroke): typist.add([stroke], at: machine.now)
            case .answer(let answer): pictures.take(answer)
            case .mouse(let report):
                let place =
                    pictures.isActive
                    ? pictures.place(column: report.column, row: report.row)
                    : renderer.place(column: report.column, row: report.row)
                mouse.take(report, at: place) { hand.add($0, at: machine.now) }
            case .paste(let scalars):
                for scalar in scalars {
                    typist.add(USLayout.strokes(for: scalar, machine.codePage) ?? [], at: machine.now)
                }
            }
        }
        act(machine)
        return nil
    }

    /// Ctrl with the right bracket.
    private static let leaveStroke = KeyStroke(PCKey(scanCode: 0x1B), .control)

    public var wakeTime: Int64? {
        guard let escape = escapeDeadline, let picture = pictures.wakeTime else {
            return escapeDeadline ?? pictures.wakeTime
        }
        return min(escape, picture)
    }

    public func wake(_ machine: any GuestMachine, now: Int64) {
        if let deadline = escapeDeadline, deadline <= now {
            escapeDeadline = nil
            _ = take(parser.timeOut(), machine)
        }
        if let time = pictures.wakeTime, time <= now { _ = show(machine) }
    }

    public var nextTime: Tick? {
        [typist.nextTime, hand.nextTime, pictures.nextTime].compactMap { $0 }.min()
    }

    public func act(_ machine: any GuestMachine) {
        // The session shows what there is after every run; this only makes runs end with frames.
        pictures.frameHasEnded(at: machine)
        typist.act(at: machine.now, hasRoom: machine.hasKeyboardRoom) { machine.pushInput($0) }
        hand.act(at: machine.now) { machine.pushInput($0) }
    }

    // MARK: Signals

    public func receive(signal: Int32, _ machine: any GuestMachine) -> FrontEndRequest? {
        guard let known = HostSignal(rawValue: signal) else { return nil }
        switch known {
        case .windowChange:
            measure()
            return show(machine)
        case .stop: return stop(machine)
        case .goOn: return nil
        case .interrupt:
            // The key Ctrl-C never comes this way in raw mode; the signal stands for Ctrl-Break.
            typist.add([KeyStroke(.breakKey, .control)], at: machine.now)
            act(machine)
            return nil
        case .hangUp, .quit, .terminate: return .end(signal)
        }
    }

    /// Stops the process as Ctrl-Z does for others, and goes on when the shell says so.
    private func stop(_ machine: any GuestMachine) -> FrontEndRequest? {
        leave()
        raise(SIGSTOP)
        do {
            try enter()
        } catch {
            return .end(HostSignal.hangUp.rawValue)
        }
        return show(machine)
    }
}

extension TextScreen {
    /// Whether two screens look the same, whatever their times.
    func looksLike(_ other: TextScreen) -> Bool {
        var copy = other
        copy.time = time
        return self == copy
    }
}
