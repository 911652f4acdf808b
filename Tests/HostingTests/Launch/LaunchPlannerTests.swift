import Core
import Fonts
import Machine
import Testing

@testable import Hosting

@Suite struct LaunchPlannerTests {
    private let directory: TemporaryDirectory
    private let root: String

    init() throws {
        directory = try TemporaryDirectory()
        root = try #require(HostFile.resolved(directory.path))
        for name in ["work", "tools", "tools/Deep Directory", "conf", "conf/machines"] {
            try directory.makeDirectory(name)
        }
        for name in [
            "work/hello.com", "work/Long Name Program.exe", "work/data.txt", "tools/masm.exe", "tools/run.BAT",
            "tools/notes.txt", "work/old.zip", "work/disk.img", "tools/Deep Directory/inner.com",
        ] {
            try directory.write(name, [0xC3])
        }
    }

    private func plan(
        _ arguments: String..., isTerminal: Bool = true, hasDisplay: Bool = false, configuration: String? = nil,
        current: String = "work"
    ) throws -> LaunchRequest {
        guard case .run(let options) = try CommandLineParser.parse(arguments) else { throw HostingError("not a run") }
        if let configuration { try directory.write("conf/ochenta.toml", Array(configuration.utf8)) }
        let host = HostSituation(
            isInputTerminal: isTerminal, isOutputTerminal: isTerminal, hasDisplay: hasDisplay,
            currentDirectory: "\(root)/\(current)", configurationDirectories: ["\(root)/conf"],
            pictureDirectory: "/pictures", localTime: StartTime(year: 2024, month: 5, day: 6))
        return try LaunchPlanner(options, host: host) { mount throws(HostingError) in
            try HostEnvironment.volume(mount, clock: nil)
        }.plan()
    }

    private func mounts(_ plan: LaunchRequest) -> [String] {
        plan.mounts.map { mount in
            let letter = String(Unicode.Scalar(mount.letter + 0x41))
            return letter + "=" + mount.directory.replacing(root + "/", with: "") + (mount.isReadOnly ? ":ro" : "")
        }
    }

    /// The startup steps as text: lines, and programs with their tails in brackets.
    private func startup(_ plan: LaunchRequest) -> [String] {
        plan.machine.startup.map { step in
            switch step {
            case .line(let line): CodePage.cp437.text(line)
            case .program(let path, let tail): CodePage.cp437.text(path) + "[" + CodePage.cp437.text(tail) + "]"
            }
        }
    }

    private func failure(_ body: () throws -> LaunchRequest) -> HostingError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? HostingError
        }
    }

    @Test func withoutAProgramThereIsAPrompt() throws {
        let plan = try plan()
        #expect(mounts(plan) == ["C=work"])
        #expect(plan.machine.isInteractive)
        #expect(plan.machine.startup.isEmpty)
        #expect(plan.machine.currentDrive == 2)
        #expect(plan.machine.startTime == StartTime(year: 2024, month: 5, day: 6))
    }

    @Test func aProgramHereRunsOnC() throws {
        let plan = try plan("\(root)/work/hello.com", "/s", "-x", "a b")
        #expect(mounts(plan) == ["C=work"])
        #expect(startup(plan) == ["C:\\HELLO.COM[ /s -x a b]"])
        #expect(!plan.machine.isInteractive)
    }

    @Test func namesAreTakenInAnyCaseWithoutTheirEnding() throws {
        #expect(startup(try plan("\(root)/work/HELLO")) == ["C:\\HELLO.COM[]"])
        #expect(startup(try plan("\(root)/tools/RUN")) == ["C:\\RUN.BAT[]"])
        let long = startup(try plan("\(root)/work/long name program"))
        #expect(long.first?.contains("~") == true)
        #expect(long.first?.hasSuffix(".EXE[]") == true)
    }

    @Test func aProgramElsewhereHasItsOwnDirectoryAsC() throws {
        let plan = try plan("\(root)/tools/masm.exe")
        #expect(mounts(plan) == ["C=tools", "D=work"])
        #expect(startup(plan) == ["C:\\MASM.EXE[]"])
        #expect(plan.machine.currentDrive == 2)
    }

    @Test func argumentsThatNameFilesHereStartOnD() throws {
        #expect(try plan("\(root)/tools/masm.exe", "DATA.TXT;").machine.currentDrive == 3)
        #expect(try plan("\(root)/tools/masm.exe", "other.txt").machine.currentDrive == 2)
        #expect(try plan("--set", "dos.start_drive=D", "\(root)/tools/masm.exe").machine.currentDrive == 3)
        #expect(try plan("--set", "dos.start_drive=C", "\(root)/tools/masm.exe", "data.txt").machine.currentDrive == 2)
    }

    @Test func aDirectoryIsC() throws {
        let plan = try plan("\(root)/tools")
        #expect(mounts(plan) == ["C=tools"])
        #expect(plan.machine.isInteractive)
        let error = failure { try self.plan("-d", "C=\(root)/work", "\(root)/tools") }
        #expect(error?.message == "\(root)/tools would be C:, which is another directory already")
        #expect(
            failure { try self.plan("\(root)/tools", "-c", "dir") }?.message
                == "'-c' follows a directory; options go before it")
    }

    @Test func explicitDrivesAreAllThereIs() throws {
        let explicit = try plan("-d", "c=\(root)", "-d", "E=\(root)/tools:ro", "\(root)/tools/masm.exe", "x")
        #expect(explicit.mounts.map(\.letter) == [2, 4])
        #expect(explicit.mounts.map(\.isReadOnly) == [false, true])
        // The nearest drive serves the program; the current directory is entered where it is mounted.
        #expect(startup(explicit) == ["CD \\WORK", "E:\\MASM.EXE[ x]"])
        let apart = try plan("-d", "C=\(root)/work", "\(root)/tools/masm.exe")
        #expect(mounts(apart) == ["C=work", "D=tools"])
        #expect(startup(apart) == ["D:\\MASM.EXE[]"])
        #expect(
            startup(try plan("-d", "C=\(root)", "\(root)/tools/Deep Directory/inner.com", current: "tools")).last?
                .hasPrefix("C:\\TOOLS\\DE") == true)
    }

    @Test func programsByTheirDOSPath() throws {
        let plan = try plan("Z:\\MORE.COM", "x")
        #expect(mounts(plan) == ["C=work"])
        #expect(startup(plan) == ["Z:\\MORE.COM[ x]"])
    }

    @Test func commandsAndVariablesComeFirst() throws {
        let plan = try plan(
            "-c", "ver", "-c", "dir /w", "--set", "environment.lib=C:\\LIB", "\(root)/work/hello.com",
            configuration: "[environment]\nEDITOR = 'ed'\n[drives]\nF = '\(root)/tools:ro'")
        #expect(startup(plan) == ["ver", "dir /w", "C:\\HELLO.COM[]"])
        #expect(plan.machine.environment.map { CodePage.cp437.text($0) } == ["EDITOR=ed", "LIB=C:\\LIB"])
        #expect(mounts(plan) == ["C=work", "F=tools:ro"])
    }

    @Test func errorsHaveTheirStatus() throws {
        func check(_ arguments: [String], _ message: String, _ status: Int32) {
            let error = failure {
                guard case .run(let options) = try CommandLineParser.parse(arguments) else { throw HostingError("") }
                _ = options
                return try arguments.count == 1 ? plan(arguments[0]) : plan(arguments[0], arguments[1])
            }
            #expect(error?.message.replacing(root + "/", with: "") == message)
            #expect(error?.status == status)
        }
        check(["\(root)/work/none"], "work/none: not found, nor with .COM, .EXE or .BAT after it", 127)
        check(["\(root)/nowhere/x.com"], "nowhere/x.com: not found, nor with .COM, .EXE or .BAT after it", 127)
        check(["\(root)/tools/notes.txt"], "tools/notes.txt: not a DOS program (.COM, .EXE or .BAT)", 126)
        check(["\(root)/work/disk.img"], "work/disk.img: starting disk images is not available yet", 2)
        check(
            ["\(root)/work/old.zip"],
            "work/old.zip: running archives is not available yet; unpack it and name the directory", 2)
        check(["-dC=\(root)/none"], "--drive: the directory 'none' does not exist", 2)
        check(
            ["-dC=\(root)/work/disk.img"],
            "--drive: 'work/disk.img' is a file, and mounting images and archives is not available yet", 2)
        check(["-dZ=\(root)"], "--drive: Z: is Ochenta's own drive; take another letter", 2)
        check(["-dCC=\(root)"], "--drive: 'CC' is not a drive letter", 2)
        check(["-dwork"], "--drive: 'work' names no drive; write it as C=DIR or C=DIR:ro", 2)
        check(
            ["-mpcw"],
            "-m: no machine is called 'pcw'; there are vga286, at286, ega, ibmxt, xt186, ibm5150, monochrome, hercules, "
                + "tandy1000, pcjr (see 'ochenta machines')",
            2)
        check(
            ["\(root)/work/hello.com", String(repeating: "x", count: 126)],
            "the program's arguments are longer than DOS's 126 characters", 2)
        check(
            ["\(root)/work/hello.com", "\u{4E00}"],
            "the program's arguments: ' \u{4E00}' has characters that code page 437 lacks", 2)
    }

    @Test func whereTheScreenGoes() throws {
        #expect(try plan().display == .terminal)
        #expect(try plan(isTerminal: false).display == .stdio)
        #expect(try plan("--script", "x", isTerminal: false).display == .none)
        #expect(try plan("--display", "none").display == .none)
        #expect(try plan(hasDisplay: true).display == .window)
        #expect(try plan(isTerminal: false, hasDisplay: true).display == .stdio)
        #expect(try plan("--script", "x", isTerminal: false, hasDisplay: true).display == .none)
        #expect(try plan("--display", "terminal", hasDisplay: true).display == .terminal)
        #expect(try !plan(hasDisplay: true).isDisplayExplicit)
        #expect(try plan("--display", "window").isDisplayExplicit)
    }

    @Test func soundGoesToTheDeviceWherePeopleAre() throws {
        #expect(try plan().audio == .device)
        #expect(try !plan().isAudioExplicit)
        #expect(try plan(hasDisplay: true).audio == .device)
        #expect(try plan(isTerminal: false).audio == .none)
        #expect(try plan("--display", "none").audio == .none)
        let wav = try plan("--display", "none", "--audio", "a.wav", "--set", "audio.latency=80")
        #expect(wav.audio == .file("a.wav") && wav.isAudioExplicit && wav.audioLatency == 80)
        #expect(try plan("--audio", "alsa:hw:0,0").audio == .alsa("hw:0,0"))
        #expect(try plan().midi == .none)
        #expect(try plan("--set", "midi.device=alsa:128:0").midi == .alsa(client: "128:0"))
        #expect(try plan(configuration: "[midi]\ndevice = \"fluidsynth\"\n").midi == .fluidsynth(soundFont: nil))
        #expect(
            failure { try plan("--audio", "loud") }?.message
                == "--audio: audio.output cannot be 'loud'; "
                + "allowed: auto, device, alsa:NAME, none, or a file that ends in .wav or .flac")
        #expect(failure { try plan("--set", "midi.device=piano") } != nil)
        #expect(try plan(hasDisplay: true).session.pacing == Pacing(rule: .always))
        #expect(try plan("--display", "none").session.pacing == Pacing(rule: .never))
        #expect(try plan("--display", "none", "--audio", "device").session.pacing == Pacing(rule: .always))
        #expect(try plan("--display", "none", "--audio", "a.wav").session.pacing == Pacing(rule: .never))
        #expect(try plan("--speed", "max", hasDisplay: true).session.pacing == Pacing(rule: .whileWaiting))
    }

    @Test func theWindowIsAsTheSettingsSay() throws {
        let plan = try plan(
            "-d", "C=\(root)/work", "-d", "D=\(root)/tools:ro", "\(root)/work/hello.com",
            configuration: """
                [video]
                scaling = "crt"
                blend = true
                [window]
                fullscreen = true
                mouse = "seamless"
                hot_keys = "ctrl"
                screenshots = "/shots"
                """)
        var expected = WindowSettings()
        (expected.scaling, expected.isBlending, expected.isFullScreen) = (.crt, true, true)
        (expected.mouse, expected.hotKeys, expected.title) = (.seamless, .control, "hello.com")
        expected.joysticks = .two
        expected.drives = ["C: \(root)/work", "D: \(root)/tools (read-only)"]
        #expect(plan.window == expected)
        #expect(plan.screenshotDirectory == "/shots")
        try directory.write("conf/ochenta.toml", [])
        #expect(try self.plan().screenshotDirectory == "/pictures")
    }

    @Test func speedsBecomePacing() throws {
        #expect(try plan().session.pacing == Pacing(rule: .always))
        #expect(try plan(isTerminal: false).session.pacing == Pacing(rule: .never))
        #expect(try plan("--speed", "max").session.pacing == Pacing(rule: .whileWaiting))
        #expect(try plan("--speed", "50%").session.pacing == Pacing(rule: .always, factor: 0.5))
        #expect(try plan("--speed", "8mhz").machine.profile.clockPeriod == Tick(315))
        let cycles = try plan("--speed", "3000cpms").machine
        #expect(cycles.fixedInstructionClocks == 1)
        #expect(cycles.profile.clockPeriod == Tick(840))
        #expect(try plan("--time-limit", "5s", "--host-time-limit", "1.5s").session.hostTimeLimit == 1_500_000_000)
    }

    @Test func profilesAndTheirChanges() throws {
        let machine = try plan("-m", "ibmxt", "--set", "machine.conventional_kb=256").machine.profile
        #expect(machine.name == "ibmxt")
        #expect(machine.model == .i8088)
        #expect(machine.family == .xt)
        #expect(machine.video == .cga)
        #expect(machine.clockPeriod == Tick(528))
        #expect(machine.conventionalKilobytes == 256)
        #expect(!machine.hasCoprocessor)
        #expect(try plan("-m", "ibmxt", "--set", "machine.coprocessor=true").machine.profile.hasCoprocessor)
        #expect(try plan().machine.profile.hasCoprocessor)
        #expect(try !plan("--set", "machine.coprocessor=false").machine.profile.hasCoprocessor)
        try directory.write("conf/machines/mine.toml", Array("summary = 'mine'\nclock_mhz = 10\nfamily = 'at'".utf8))
        #expect(try plan("-m", "mine").machine.profile.clockPeriod == Tick(252))
        try directory.write("conf/machines/bad.toml", Array("summary = 'bad'\nclock = 10".utf8))
        let error = failure { try plan("-m", "bad") }
        #expect(
            error?.message.hasPrefix("\(root)/conf/machines/bad.toml:2:1: a profile has no 'clock'; keys are") == true)
    }

    @Test func theExactEngineIsForProcessorsThatItHas() throws {
        #expect(try plan("-m", "ibmxt").machine.profile.engine == .fast)
        #expect(try plan("-m", "ibmxt", "--engine", "exact").machine.profile.engine == .exact)
        #expect(try plan("-m", "ibmxt", "--engine", "interpreter").machine.profile.engine == .fast)
        #expect(try plan("-m", "ibm5150", "--set", "machine.engine=exact").machine.profile.engine == .exact)
        #expect(try plan("-m", "vga286", "--engine", "exact").machine.profile.engine == .exact)
        #expect(try plan("-m", "vga286", "--engine", "exact").machine.profile.hasCoprocessor)
        #expect(try !plan("-m", "ibmxt", "--engine", "exact").machine.profile.hasCoprocessor)
        let error = failure { try plan("-m", "vga286", "--set", "machine.processor=80186", "--engine", "exact") }
        #expect(error?.message.hasPrefix("the exact engine runs an 8088, an 8086 or an 80286") == true)
    }

    @Test func theClockStartsAtAFixedDateUnderAScript() throws {
        #expect(try plan("--script", "x").machine.startTime == .fixed)
        let set = try plan("--script", "x", "--set", "clock.start=2001-02-03 04:05")
        #expect(set.machine.startTime == StartTime(year: 2001, month: 2, day: 3, hour: 4, minute: 5))
        #expect(try plan("--set", "dos.version=3.3").machine.dosVersion == (3, 30))
    }

    // MARK: Fonts

    @Test func theCodePageBringsItsFontAndText() throws {
        let machine = try plan("--set", "dos.codepage=866", "--command", "echo Яж").machine
        #expect(machine.codePage.number == 866)
        let letter = try #require(BuiltInGlyphs.ofHeight(16)?.rows(of: "Я"))
        #expect(Array(machine.fonts.x16.bytes[0x9F * 16..<0xA0 * 16]) == letter)
        guard case .line(let line)? = machine.startup.first else { throw HostingError("no line") }
        #expect(line == Array("echo ".utf8) + [0x9F, 0xA6])
        #expect(failure { try plan("--set", "dos.codepage=999") } != nil)
        #expect(failure { try plan("--set", "dos.codepage=866", "--command", "echo é") } != nil)
    }

    @Test func aVideoBIOSHasToBeAnOptionROM() throws {
        var rom: [UInt8] = [0x55, 0xAA, 1, 0xCB] + [UInt8](repeating: 0, count: 507)
        rom.append(0 &- rom.reduce(0, &+))
        try directory.write("good.bin", rom)
        #expect(try plan("--set", "video.bios=\(root)/good.bin").machine.videoROM == rom)
        #expect(try plan().machine.videoROM.isEmpty)
        rom[100] = 1
        try directory.write("sum.bin", rom)
        try directory.write("short.bin", [0x55, 0xAA, 2] + [UInt8](repeating: 0, count: 700))
        try directory.write("text.bin", [UInt8](repeating: 0x41, count: 512))
        for (file, words) in [
            ("sum", "its bytes make"), ("short", "cut off"), ("text", "no option ROM"), ("none", "no such file"),
        ] {
            let error = failure { try plan("--set", "video.bios=\(root)/\(file).bin") }
            #expect(error?.message.contains(words) == true)
        }
    }

    @Test func theExtensionIsASetting() throws {
        #expect(try plan("--set", "video.vbe=true").machine.profile.hasVideoExtension)
        #expect(try !plan().machine.profile.hasVideoExtension)
    }

    @Test func aFontOfAFileTakesThePlaceOfTheBuiltInOne() throws {
        #expect(try plan().machine.fonts == .cp437)
        let bytes = (0..<2_048).map { UInt8(truncatingIfNeeded: $0 &* 3) }
        try directory.write("own.fnt", bytes)
        try directory.write("low.fnt", [UInt8](repeating: 1, count: 2_560))
        let fonts = try plan("--set", "video.font=\(root)/own.fnt").machine.fonts
        #expect(fonts.x8.bytes == bytes)
        #expect(fonts.x16 == .cp437x16)
        let wrong = failure { try plan("--set", "video.font=\(root)/low.fnt") }
        #expect(wrong?.message.hasSuffix("its characters are 10 rows high; a PC's are 8, 14 or 16") == true)
        let missing = failure { try plan("--set", "video.font=\(root)/none.fnt") }
        #expect(missing?.message == "--set video.font=\(root)/none.fnt: \(root)/none.fnt: no such file")
        #expect(missing?.status == ExitStatus.wrongUsage)
    }
}
