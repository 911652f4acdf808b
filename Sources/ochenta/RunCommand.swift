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
        // Under a script even the stamps of files are those of the machine.
        let fileClock = options.script == nil ? nil : MachineClock()
        let planner = try LaunchPlanner(options, host: try HostEnvironment.situation()) { mount throws(HostingError) in
            try HostEnvironment.volume(mount, clock: fileClock)
        }
        let plan = try planner.plan()
        let script = try readScript(plan.machine.codePage)
        try options.checkOutputFiles(script: script)
        let log = SessionLog(level: plan.logLevel)
        let sound = try SoundOutput(plan, options, script, log)
        let window = try window(for: plan, sound.player)
        let frontEnd: any FrontEnd = if let window { window.frontEnd } else { try frontEnd(for: plan) }
        let machine = PersonalComputer(plan.machine)
        fileClock?.connect(machine)
        sound.connect(to: machine)
        let player = script.map { makePlayer($0, plan, sound.recorder, log) }
        let session = Session(
            machine: machine, frontEnd: frontEnd, script: player, observer: sound.film, listeners: sound.listeners,
            options: plan.session, log: log, signals: HostSignal.catchAll())
        let run = { () throws(HostingError) in
            defer { sound.player?.close() }
            return try session.run()
        }
        let end = if let window { try window.run(run) } else { try run() }
        if let warning = try sound.finish(at: machine.now) { printError("ochenta: \(warning)") }
        try writeLastScreen(machine, plan)
        // What went wrong with the output outweighs what the program says of itself.
        if let failure = frontEnd.outputFailure { throw HostingError(failure, status: ExitStatus.ownFailure) }
        return report(end, machine)
    }

    private func readScript(_ codePage: CodePage) throws(HostingError) -> Script? {
        guard let file = options.script else { return nil }
        guard let text = try HostFile.readText(file) else { throw HostingError("--script \(file): no such file") }
        do {
            return try Script(text, name: file, codePage: codePage)
        } catch {
            throw HostingError(error.description)
        }
    }

    private func frontEnd(for plan: LaunchRequest) throws(HostingError) -> any FrontEnd {
        switch plan.display {
        // A window that cannot be opened and that nobody asked for.
        case .terminal, .window:
            try TerminalFrontEnd(
                colors: plan.terminalColors, graphics: plan.terminalGraphics, mouse: plan.terminalMouse)
        case .stdio: StdioFrontEnd(encoding: plan.isRaw ? .raw : .text)
        case .none: NoFrontEnd()
        }
    }

    /// The window, if there is to be one. It owns the main thread while the session runs.
    private func window(for plan: LaunchRequest, _ player: AudioPlayer?) throws(HostingError) -> Window? {
        guard plan.display == .window else { return nil }
        AudioPlayer.prepare(plan.audio)
        let (directory, form) = (plan.screenshotDirectory, plan.pictureForm)
        do throws(HostingError) {
            return try Window(
                settings: plan.window, pacing: plan.session.pacing, player: player
            ) { machine in
                Screenshot.write(machine, form, in: directory)
            }
        } catch {
            if plan.isDisplayExplicit { throw error }
            return nil
        }
    }

    /// A script's player that writes files, and prints to standard output where nothing else is there.
    private func makePlayer(
        _ script: Script, _ plan: LaunchRequest, _ recorder: SoundRecorder, _ log: SessionLog
    ) -> ScriptPlayer {
        ScriptPlayer(
            script, writeFile: { path, text in HostFile.write(text, to: path) },
            writePicture: { path, frame, form in PictureFile.write(frame, form ?? plan.pictureForm, to: path) },
            record: { path, now in
                guard let path else { return recorder.endThoseOfScript(at: now) }
                return recorder.begin(path, isOfScript: true, at: now)
            },
            print: { line in
                if plan.display == .none {
                    _ = HostFile.writeAll((line + "\n").utf8, to: 1)
                } else {
                    log.log(.warning, line)
                }
            })
    }

    private func writeLastScreen(_ machine: PersonalComputer, _ plan: LaunchRequest) throws(HostingError) {
        let reader = ScreenReader()
        if let file = options.textFile {
            let text = reader.textScreen(of: machine).map { $0.text() + "\n" }
            try write(text, missing: "the last screen showed no text", "--text", file) { HostFile.write($0, to: file) }
        }
        guard let file = options.pictureFile else { return }
        if options.isPictureSVG {
            let picture = machine.textScreen().map { ScreenSVG.draw($0) }
            try write(picture, missing: "the last screen was not in a text mode", "--screenshot", file) {
                HostFile.write($0, to: file)
            }
        } else {
            try write(machine.still(), missing: "the machine's adapter draws no pictures", "--screenshot", file) {
                PictureFile.write($0, plan.pictureForm, to: file)
            }
        }
    }

    /// Writes what there is to a file, or says in a line that there is nothing.
    private func write<Content>(
        _ content: Content?, missing: String, _ option: String, _ file: String, _ write: (Content) -> String?
    ) throws(HostingError) {
        guard let content else { return printError("ochenta: \(option) \(file): \(missing)") }
        if let message = write(content) {
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
            if let screen = ScreenReader().textScreen(of: machine) { printError(ScreenFrame.text(screen)) }
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
