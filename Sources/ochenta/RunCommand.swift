import Automation
import Core
import FrontendSDL
import FrontendStdio
import FrontendTerminal
import Hosting
import Machine
import Output

/// `ochenta run`: builds a machine, gives it a front end, and runs it to its end.
struct RunCommand {
    private let options: RunOptions

    init(_ options: RunOptions) { self.options = options }

    func run() throws(HostingError) -> Int32 {
        let script = try readScript()
        try options.checkOutputFiles(script: script)
        // Under a script even the stamps of files are those of the machine.
        let fileClock = script == nil ? nil : MachineClock()
        let planner = try LaunchPlanner(options, host: try HostEnvironment.situation()) { mount throws(HostingError) in
            try HostEnvironment.volume(mount, clock: fileClock)
        }
        let plan = try planner.plan()
        let window = try window(for: plan)
        let frontEnd: any FrontEnd = if let window { window.frontEnd } else { try frontEnd(for: plan) }
        let machine = PersonalComputer(plan.machine)
        fileClock?.connect(machine)
        let player = script.map { ScriptPlayer($0) { path, text in HostFile.write(text, to: path) } }
        let session = Session(
            machine: machine, frontEnd: frontEnd, script: player, options: plan.session,
            log: SessionLog(level: plan.logLevel), signals: HostSignal.catchAll())
        let end = if let window { try window.run(session.run) } else { try session.run() }
        if let file = options.textFile { try writeScreen(machine, to: file, option: "--text") { $0.text() + "\n" } }
        if let file = options.pictureFile {
            try writeScreen(machine, to: file, option: "--screenshot") { ScreenSVG.draw($0) }
        }
        // What went wrong with the output outweighs what the program says of itself.
        if let failure = frontEnd.outputFailure { throw HostingError(failure, status: ExitStatus.ownFailure) }
        return report(end, machine)
    }

    private func readScript() throws(HostingError) -> Script? {
        guard let file = options.script else { return nil }
        guard let text = try HostFile.readText(file) else { throw HostingError("--script \(file): no such file") }
        do {
            return try Script(text, name: file)
        } catch {
            throw HostingError(error.description)
        }
    }

    private func frontEnd(for plan: LaunchRequest) throws(HostingError) -> any FrontEnd {
        switch plan.display {
        // A window that cannot be opened and that nobody asked for.
        case .terminal, .window: try TerminalFrontEnd(colors: plan.terminalColors)
        case .stdio: StdioFrontEnd(encoding: plan.isRaw ? .raw : .text)
        case .none: NoFrontEnd()
        }
    }

    /// The window, if there is to be one. It owns the main thread while the session runs.
    private func window(for plan: LaunchRequest) throws(HostingError) -> Window? {
        guard plan.display == .window else { return nil }
        let directory = plan.screenshotDirectory
        do throws(HostingError) {
            return try Window(
                settings: plan.window, font: plan.machine.fonts.x16, pacing: plan.session.pacing
            ) { machine in
                Screenshot.write(machine, in: directory)
            }
        } catch {
            if plan.isDisplayExplicit { throw error }
            return nil
        }
    }

    private func writeScreen(
        _ machine: PersonalComputer, to file: String, option: String, _ form: (TextScreen) -> String
    ) throws(HostingError) {
        guard let screen = machine.textScreen() else {
            return printError("ochenta: \(option) \(file): the last screen was not in a text mode")
        }
        if let message = HostFile.write(form(screen), to: file) {
            throw HostingError("\(option) \(message)", status: ExitStatus.ownFailure)
        }
    }

    /// Says in one line what ended the session, unless the program did, and gives the exit status.
    private func report(_ end: SessionEnd, _ machine: PersonalComputer) -> Int32 {
        switch end {
        case .program(let status): return Int32(status)
        case .script, .quit: return ExitStatus.success
        case .scriptFailed(let error):
            printError("ochenta: \(error)")
            if let screen = machine.textScreen() { printError(ScreenFrame.text(screen)) }
            return ExitStatus.scriptFailed
        case .timeLimit:
            printError(
                "ochenta: stopped after \(options.timeLimit?.shortDescription ?? "") of emulated time (--time-limit)")
            return ExitStatus.timeLimit
        case .hostTimeLimit:
            printError("ochenta: stopped after \(options.hostTimeLimit?.shortDescription ?? "") (--host-time-limit)")
            return ExitStatus.timeLimit
        case .stopped(let reason):
            printError("ochenta: \(reason)")
            return ExitStatus.ownFailure
        case .outputClosed: return 128 + 13
        case .signal(let number): return 128 + number
        }
    }
}

/// A text screen in a frame, for messages.
enum ScreenFrame {
    static func text(_ screen: TextScreen) -> String {
        var lines = (0..<screen.rows).map { screen.line($0) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        let edge = "+" + String(repeating: "-", count: screen.columns) + "+"
        let rows = lines.map { line in
            "|" + line + String(repeating: " ", count: max(screen.columns - line.unicodeScalars.count, 0)) + "|"
        }
        return ([edge] + rows + [edge]).joined(separator: "\n")
    }
}
