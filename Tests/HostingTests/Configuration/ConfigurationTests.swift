import Core
import Machine
import Testing

@testable import Hosting

@Suite struct ConfigurationTests {
    /// The directory of the sources, from the place of this file.
    private static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }

    @Test func theFilesOfConfAreInsideTheProgram() throws {
        #expect(try HostFile.readText(Self.root + "/conf/ochenta.toml") == BuiltInConfiguration.defaults + "\n")
        let names = try #require(HostFile.names(in: Self.root + "/conf/machines"))
        #expect(names == BuiltInConfiguration.machines.map { $0.name + ".toml" }.sorted())
        for machine in BuiltInConfiguration.machines {
            #expect(try HostFile.readText(Self.root + "/conf/machines/\(machine.name).toml") == machine.text + "\n")
        }
    }

    @Test func everyBuiltInProfileIsComplete() throws {
        let catalog = ProfileCatalog(directories: [])
        for (name, summary) in try catalog.list() {
            #expect(!summary.isEmpty)
            let settings = try catalog.settings(name, origin: "test")
            #expect(Set(settings.values.keys) == Set(Setting.machine.map(\.key)), "\(name)")
        }
    }

    @Test func defaultsHaveEverySettingThatIsNotFree() throws {
        let configuration = try Configuration()
        for setting in Setting.all
        where setting.key != "*" && !Setting.machine.contains(where: { $0.key == setting.key }) {
            #expect(configuration.value(setting.section, setting.key) != nil, "\(setting.section).\(setting.key)")
        }
    }

    private func failure(_ text: String) -> String? {
        do {
            var configuration = try Configuration()
            try configuration.add(text: text, file: "x.toml")
            return nil
        } catch {
            return error.message
        }
    }

    @Test func laterLayersWin() throws {
        var configuration = try Configuration()
        #expect(configuration.value("machine", "profile") == "vga286")
        try configuration.add(text: "[machine]\nprofile = \"ibmxt\"\nclock_mhz = 8", file: "a.toml")
        try configuration.add(option: "machine.profile=at286")
        #expect(configuration.value("machine", "profile") == "at286")
        #expect(configuration.value("machine", "clock_mhz") == "8")
        #expect(configuration.origin("machine", "clock_mhz") == "a.toml:3:1")
    }

    @Test func assignmentsTakePlainTextAndTOML() throws {
        var configuration = try Configuration()
        for option in [
            "dos.version=3.31", "speed.mode=50%", "machine.clock_mhz=4.77", "environment.LIB='C:\\LIB'",
            "machine.conventional_kb=0x200", "log.level=\"info\"", "environment.EMPTY=", "terminal.colors=256",
        ] {
            try configuration.add(option: option)
        }
        #expect(configuration.value("dos", "version") == "3.31")
        #expect(configuration.value("speed", "mode") == "50%")
        #expect(configuration.value("machine", "conventional_kb") == "512")
        #expect(configuration.value("terminal", "colors") == "256")
        #expect(configuration.all(in: "environment").map(\.value) == ["C:\\LIB", ""])
    }

    @Test(arguments: [
        (
            "[machin]\nprofile = 1",
            "x.toml:2:1: no setting 'machin.profile'; sections are machine, speed, display, audio, midi, video, window, dos, clock, stdio, terminal, capture, log, environment, drives, sound"
        ),
        (
            "[dos]\nverison = \"5.0\"",
            "x.toml:2:1: no setting 'dos.verison'; keys of [dos] are version, codepage, start_drive"
        ),
        (
            "[dos]\nversion = 9.0",
            "x.toml:2:1: dos.version cannot be 9.0; allowed: a version such as 5.0, from 2.0 to 6.22"
        ),
        (
            "[display]\noutput = \"screen\"",
            "x.toml:2:1: display.output cannot be 'screen'; allowed: auto, window, terminal, stdio, none"
        ),
        (
            "machine.conventional_kb = 1",
            "x.toml:1:1: machine.conventional_kb cannot be 1; allowed: an integer from 64 to 640"
        ),
        (
            "machine.clock_mhz = true",
            "x.toml:1:1: machine.clock_mhz cannot be true; allowed: a number from 0.1 to 2520.0"
        ),
        (
            "clock.start = \"1990-02-29\"",
            "x.toml:1:1: clock.start cannot be '1990-02-29'; allowed: auto, or such as 1990-01-01 00:00:00, from 1980 to 2099"
        ),
        (
            "speed.mode = \"fast\"",
            "x.toml:1:1: speed.mode cannot be 'fast'; allowed: auto, real, max, or such as 50%, 8mhz, 3000cpms"
        ),
        ("speed = 1", "x.toml:1:1: no setting 'speed'; keys of [speed] are mode"),
        ("a = ", "x.toml:1:5: a value is expected here"),
    ])
    func whatIsWrongIsNamedWithWhatIsAllowed(_ text: String, _ expected: String) {
        #expect(failure(text) == expected)
    }

    @Test func speeds() {
        #expect(Pacing.Speed("REAL") == .real)
        #expect(Pacing.Speed("max") == .max)
        #expect(Pacing.Speed("50%") == .percent(50))
        #expect(Pacing.Speed("4.77mhz") == .megahertz(4.77))
        #expect(Pacing.Speed("3000cpms") == .instructionsPerMillisecond(3_000))
        for bad in ["", "%", "0%", "-5%", "10001%", "0mhz", "nanmhz", "1e9cpms", "0cpms", "5", "mhz"] {
            #expect(Pacing.Speed(bad) == nil, "\(bad)")
        }
    }

    @Test func versionsAndDates() {
        #expect(DOSVersion("5.0").map { [$0.major, $0.minor] } == [5, 0])
        #expect(DOSVersion("3.3").map { [$0.major, $0.minor] } == [3, 30])
        #expect(DOSVersion("6.22").map { [$0.major, $0.minor] } == [6, 22])
        for bad in ["5", "5.", ".5", "1.0", "7.0", "5.0.0", "5.000", "-5.0"] {
            #expect(DOSVersion(bad) == nil, "\(bad)")
        }
        #expect(
            StartTime("2000-02-29 23:59:58")
                == StartTime(year: 2000, month: 2, day: 29, hour: 23, minute: 59, second: 58))
        #expect(StartTime("1990-01-01T12:30") == StartTime(year: 1990, month: 1, day: 1, hour: 12, minute: 30))
        for bad in ["", "1990", "1990-13-01", "1979-01-01", "2100-01-01", "1990-01-01 24:00", "1990-01-01 1", "a-b-c"] {
            #expect(StartTime(bad) == nil, "\(bad)")
        }
    }
}
