import Automation
import Core
import Fonts
import Machine
import Storage

/// Turns options and configuration into a run.
public struct LaunchPlanner {
    let options: RunOptions
    private let host: HostSituation
    let configuration: Configuration
    private let catalog: ProfileCatalog
    private let mount: (Mount) throws(HostingError) -> any Volume

    /// - Parameter mount: opens a host directory as a drive.
    public init(
        _ options: RunOptions, host: HostSituation, mount: @escaping (Mount) throws(HostingError) -> any Volume
    ) throws(HostingError) {
        self.options = options
        self.host = host
        self.mount = mount
        catalog = ProfileCatalog(directories: host.configurationDirectories)
        configuration = try LaunchPlanner.configuration(options, host)
    }

    /// All layers of the configuration, in order.
    static func configuration(_ options: RunOptions, _ host: HostSituation) throws(HostingError) -> Configuration {
        var configuration = try Configuration()
        for directory in host.configurationDirectories { try configuration.add(directory: directory) }
        for file in options.configurationFiles {
            guard let text = try HostFile.readText(file) else { throw HostingError("--conf \(file): no such file") }
            try configuration.add(text: text, file: file)
        }
        for setting in options.settings {
            try configuration.set(setting.section, setting.key, to: setting.text, option: setting.option)
        }
        for assignment in options.assignments { try configuration.add(option: assignment) }
        return configuration
    }

    func value(_ section: String, _ key: String) -> String { configuration.value(section, key) ?? "" }

    public func plan() throws(HostingError) -> LaunchRequest {
        let display = chosenDisplay()
        var machine = MachineConfiguration()
        machine.profile = try profile()
        machine.soundVolumes = soundVolumes()
        let speed = pacing(display, &machine)
        machine.dosVersion = DOSVersion(value("dos", "version")).map { ($0.major, $0.minor) } ?? (5, 0)
        machine.startTime = startTime()
        machine.codePage = codePage
        machine.fonts = try fonts()
        machine.videoROM = try videoROM()
        let mounts = try place(&machine)
        var session = Session.Options()
        session.pacing = speed
        session.timeLimit = options.timeLimit
        session.hostTimeLimit = options.hostTimeLimit.map { Int64(Double($0.count) / Double(Tick.perSecond) * 1e9) }
        return LaunchRequest(
            machine: machine, mounts: mounts, display: display,
            isDisplayExplicit: Display(rawValue: value("display", "output")) != nil, window: window(machine, mounts),
            screenshotDirectory: screenshotDirectory, session: session,
            logLevel: LogLevel(rawValue: value("log", "level")) ?? .warning,
            terminalColors: value("terminal", "colors"), terminalGraphics: value("terminal", "graphics"),
            terminalMouse: value("terminal", "mouse") == "true",
            pictureForm: PictureForm(rawValue: value("capture", "pixels")) ?? .raw,
            isRaw: value("stdio", "encoding") == "raw", audioRate: Int(value("sound", "rate")) ?? 48_000,
            audio: audio(display), isAudioExplicit: value("audio", "output") != "auto",
            audioLatency: Int(value("audio", "latency")) ?? 24, midi: MIDIDestination(value("midi", "device")) ?? .none)
    }

    // MARK: Display, speed, clock

    private func chosenDisplay() -> Display {
        if let display = Display(rawValue: value("display", "output")) { return display }
        if host.isInputTerminal && host.isOutputTerminal { return host.hasDisplay ? .window : .terminal }
        // A script is the keyboard; without a terminal nobody needs to see the screen.
        return options.script == nil ? .stdio : .none
    }

    private func audio(_ display: Display) -> AudioOutput {
        AudioOutput(value("audio", "output")) ?? (display.isLive ? .device : .none)
    }

    private var screenshotDirectory: String {
        let directory = value("window", "screenshots")
        return directory.isEmpty ? host.pictureDirectory : directory
    }

    private func window(_ machine: MachineConfiguration, _ mounts: [Mount]) -> WindowSettings {
        var window = WindowSettings()
        window.scaling = WindowSettings.Scaling(rawValue: value("video", "scaling")) ?? window.scaling
        window.isBlending = value("video", "blend") == "true"
        window.isFullScreen = value("window", "fullscreen") == "true"
        window.mouse = WindowSettings.Mouse(rawValue: value("window", "mouse")) ?? window.mouse
        if machine.profile.hasGamePort {
            window.joysticks = WindowSettings.Joysticks(rawValue: value("window", "joysticks")) ?? window.joysticks
        }
        window.hotKeys = WindowSettings.HotKeys(rawValue: value("window", "hot_keys")) ?? window.hotKeys
        if let program = options.program?.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last {
            window.title = String(program)
        }
        window.drives = mounts.map { mount in
            String(Unicode.Scalar(mount.letter + 0x41)) + ": " + mount.directory
                + (mount.isReadOnly ? " (read-only)" : "")
        }
        return window
    }

    private func pacing(_ display: Display, _ machine: inout MachineConfiguration) -> Pacing {
        let text = value("speed", "mode")
        // Who names a device wants to hear it.
        let isHeard = AudioOutput(value("audio", "output"))?.isDevice == true
        switch Pacing.Speed(text) ?? (display.isLive || isHeard ? .real : .max) {
        case .real: return Pacing(rule: .always)
        case .max: return Pacing(rule: display.isLive ? .whileWaiting : .never)
        case .percent(let percent): return Pacing(rule: .always, factor: percent / 100)
        case .megahertz(let value): machine.profile.clockPeriod = LaunchPlanner.clockPeriod(megahertz: value)
        case .instructionsPerMillisecond(let count):
            machine.profile.clockPeriod = Tick(max(Tick.milliseconds(1).count / Int64(count), 1))
            machine.fixedInstructionClocks = 1
        }
        return Pacing(rule: .always)
    }

    static func clockPeriod(megahertz: Double) -> Tick {
        Tick(Int64(max((Double(Tick.perSecond) / 1e6 / megahertz).rounded(), 1)))
    }

    var codePage: CodePage { Int(value("dos", "codepage")).flatMap(CodePage.named) ?? .cp437 }

    /// The fonts of the machine's ROM, those of the code page, one of them replaced by the setting video.font.
    private func fonts() throws(HostingError) -> FontSet {
        let name = value("video", "font")
        var store = GlyphStore()
        let base = codePage == .cp437 ? FontSet.cp437 : store.fonts(codePage)?.fonts ?? .cp437
        guard name != "built-in" else { return base }
        let origin = configuration.origin("video", "font")
        let font: Font
        do throws(HostingError) {
            font = try store.font(named: name, codePage)
        } catch {
            throw HostingError("\(origin): \(error.message)")
        }
        guard let fonts = base.replacing(font) else {
            throw HostingError(
                "\(origin): \(name): its characters are \(font.height) rows high; a PC's are 8, 14 or 16")
        }
        return fonts
    }

    private func startTime() -> StartTime {
        if let time = StartTime(value("clock", "start")) { return time }
        return options.script == nil ? host.localTime : .fixed
    }

    private func profile() throws(HostingError) -> MachineProfile {
        let settings = try catalog.settings(
            value("machine", "profile"), origin: configuration.origin("machine", "profile"))
        var profile = MachineProfile()
        profile.name = settings.name
        profile.summary = settings.summary
        func own(_ key: String) -> String? { configuration.value("machine", key) ?? settings.values[key] }
        switch own("processor") {
        case "8088": profile.model = .i8088
        case "8086": profile.model = .i8086
        case "80186": profile.model = .i80186
        default: profile.model = .i80286
        }
        profile.engine = own("engine").flatMap(EngineKind.init) ?? profile.engine
        if profile.engine == .exact && profile.model == .i80186 {
            throw HostingError("the exact engine runs an 8088, an 8086 or an 80286, and \(profile.name) has an 80186")
        }
        if let clock = own("clock_mhz").flatMap(Double.init) {
            profile.clockPeriod = LaunchPlanner.clockPeriod(megahertz: clock)
        }
        profile.family = own("family").flatMap(MachineFamily.init) ?? profile.family
        profile.video = own("video").flatMap(VideoKind.init) ?? profile.video
        setMonitor(&profile)
        profile.conventionalKilobytes = own("conventional_kb").flatMap { Int($0) } ?? profile.conventionalKilobytes
        profile.extendedKilobytes = own("extended_kb").flatMap { Int($0) } ?? profile.extendedKilobytes
        profile.hasCoprocessor = own("coprocessor").map { $0 == "true" } ?? profile.hasCoprocessor
        profile.sound = try sound(
            card: own("sound").flatMap(SoundCard.init) ?? .none,
            board: own("board_sound").flatMap(BoardSound.init) ?? .none, family: profile.family)
        profile.mouse = own("mouse").flatMap(MouseKind.init)
        profile.gamePort = own("game_port").flatMap(Bool.init)
        return profile
    }

    private func setMonitor(_ profile: inout MachineProfile) {
        switch value("video", "phosphor") {
        case "amber": profile.monitor.phosphor = .amber
        case "white": profile.monitor.phosphor = .white
        default: profile.monitor.phosphor = .green
        }
        switch value("video", "composite") {
        case "old": profile.monitor.composite = .oldCard
        case "new": profile.monitor.composite = .newCard
        default: profile.monitor.composite = .none
        }
        switch value("video", "ega_monitor") {
        case "color": profile.monitor.ega = .color
        case "monochrome": profile.monitor.ega = .monochrome
        default: profile.monitor.ega = .enhancedColor
        }
        profile.egaKilobytes = Int(value("video", "ega_memory")) ?? profile.egaKilobytes
        profile.monitor.hueDegrees = Int(value("video", "hue")) ?? 0
        profile.monitor.showsBorder = value("video", "border") == "true"
        profile.hasSnow = value("video", "snow") == "true"
        profile.hasVideoExtension = value("video", "vbe") == "true"
    }

    // MARK: Drives and the program

    /// Mounts the drives and says what runs on them.
    private func place(_ machine: inout MachineConfiguration) throws(HostingError) -> [Mount] {
        let target = try options.program.map { (program) throws(HostingError) in try ProgramLocator.find(program) }
        var mounts = try explicitMounts()
        let isExplicit = !options.drives.isEmpty
        let own: String? =
            switch target {
            case .file(let path): ProgramLocator.split(path).directory
            case .directory(let path): path
            default: nil
            }
        if case .directory(let path)? = target {
            guard !mounts.contains(where: { $0.letter == 2 }) else {
                throw HostingError("\(path) would be C:, which is another directory already")
            }
            mounts.append(Mount(letter: 2, directory: path, isReadOnly: false))
        } else if !isExplicit, !mounts.contains(where: { $0.letter == 2 }) {
            mounts.append(Mount(letter: 2, directory: own ?? host.currentDirectory, isReadOnly: false))
            if let own, own != host.currentDirectory { try append(host.currentDirectory, to: &mounts) }
        } else if let own, !mounts.contains(where: { ProgramLocator.names(of: own, beneath: $0.directory) != nil }) {
            try append(own, to: &mounts)
        }
        mounts.sort { $0.letter < $1.letter }
        for entry in mounts { machine.drives.append((letter: entry.letter, volume: try mount(entry))) }
        start(on: mounts, own: own, isExplicit: isExplicit, &machine)
        try addStartup(target, mounts, &machine)
        return mounts
    }

    /// Drives of the command line, and those of the configuration that it does not replace.
    private func explicitMounts() throws(HostingError) -> [Mount] {
        var options: [DriveOption] = []
        for text in self.options.drives {
            let option = try DriveOption(text, origin: "--drive")
            guard !options.contains(where: { $0.letter == option.letter }) else {
                throw HostingError("--drive \(text): the drive is mounted a second time")
            }
            options.append(option)
        }
        for (key, value, origin) in configuration.all(in: "drives") {
            let option = try DriveOption(letter: key, path: value, origin: origin)
            if !options.contains(where: { $0.letter == option.letter }) { options.append(option) }
        }
        return options.map {
            Mount(
                letter: $0.letter, directory: HostFile.resolved($0.directory) ?? $0.directory, isReadOnly: $0.isReadOnly
            )
        }
    }

    /// Mounts `directory` as the first free drive from C: on.
    private func append(_ directory: String, to mounts: inout [Mount]) throws(HostingError) {
        for letter in UInt8(2)..<25 where !mounts.contains(where: { $0.letter == letter }) {
            return mounts.append(Mount(letter: letter, directory: directory, isReadOnly: false))
        }
        throw HostingError("no drive letter is free for \(directory)")
    }

    /// Chooses the drive and directory in which the program starts.
    private func start(on mounts: [Mount], own: String?, isExplicit: Bool, _ machine: inout MachineConfiguration) {
        machine.currentDrive = mounts.contains { $0.letter == 2 } ? 2 : mounts.first?.letter ?? 25
        let here = mounts.enumerated().compactMap { index, entry in
            ProgramLocator.names(of: host.currentDirectory, beneath: entry.directory).map { (index, $0) }
        }.min { $0.1.count < $1.1.count }
        guard let (index, names) = here else { return }
        let choice = value("dos", "start_drive")
        let isElsewhere = own.map { $0 != host.currentDirectory } ?? false
        if isExplicit || choice == "D" || choice == "auto" && isElsewhere && argumentsNameFiles {
            guard isExplicit || names.isEmpty else { return }
            machine.currentDrive = mounts[index].letter
            guard !names.isEmpty, let path = ProgramLocator.dosPath(of: names, on: machine.drives[index].volume) else {
                return
            }
            let bytes = path.names.flatMap { [UInt8(ascii: "\\")] + $0.dottedBytes }
            machine.startup.append(.line(Array("CD ".utf8) + bytes))
        }
    }

    /// Whether one of the program's arguments names something in the current directory.
    private var argumentsNameFiles: Bool {
        let names = Set((HostFile.names(in: host.currentDirectory) ?? []).map { $0.lowercased() })
        return options.arguments.contains { argument in
            // As DOS programs take them: several in one word, separated by commas and the like.
            argument.lowercased().split { ",;=+ \\/".contains($0) }.contains { names.contains(String($0)) }
        }
    }
}
