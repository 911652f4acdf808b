import Core
import TestSupport
import Testing

@testable import Hosting

@Suite struct CommandLineTests {
    private func options(_ arguments: String...) throws -> RunOptions {
        guard case .run(let options) = try CommandLineParser.parse(arguments) else {
            throw HostingError("not a run")
        }
        return options
    }

    private func failure(_ arguments: [String]) -> String? {
        do {
            _ = try CommandLineParser.parse(arguments)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func whatFollowsTheProgramIsItsOwn() throws {
        let options = try options("--time-limit", "5s", "PROG.EXE", "-h", "--display", "none", "--", "x")
        #expect(options.program == "PROG.EXE")
        #expect(options.arguments == ["-h", "--display", "none", "--", "x"])
        #expect(options.timeLimit == .seconds(5))
        #expect(options.settings.isEmpty)
    }

    @Test func optionsInAllTheirForms() throws {
        let options = try options(
            "run", "-mibmxt", "-d", "C=a", "-d", "D=b:ro", "-c", "dir", "--command=ver", "--display=none", "--set",
            "a.b=c",
            "--script", "s", "--text=t", "--host-time-limit=1m", "--conf", "x.toml", "--audio", "none", "--engine=fast",
            "--",
            "-odd")
        #expect(options.drives == ["C=a", "D=b:ro"])
        #expect(options.commands == ["dir", "ver"])
        #expect(options.assignments == ["a.b=c"])
        #expect(options.settings.map(\.text) == ["ibmxt", "none", "none", "fast"])
        #expect(options.script == "s")
        #expect(options.textFile == "t")
        #expect(options.hostTimeLimit == .seconds(60))
        #expect(options.configurationFiles == ["x.toml"])
        #expect(options.program == "-odd")
        #expect(try self.options().program == nil)
        // A program with the name of a command has a directory before it.
        #expect(try self.options("./boot").program == "./boot")
    }

    @Test func otherCommands() throws {
        #expect(try CommandLineParser.parse(["machines"]) == .machines(RunOptions()))
        #expect(try CommandLineParser.parse(["help"]) == .help(nil))
        #expect(try CommandLineParser.parse(["help", "keys"]) == .help("keys"))
        #expect(try CommandLineParser.parse(["-h"]) == .help(nil))
        #expect(try CommandLineParser.parse(["run", "--help"]) == .help("run"))
        #expect(try CommandLineParser.parse(["machines", "--help"]) == .help("machines"))
        #expect(try CommandLineParser.parse(["boot", "--help"]) == .help("boot"))
        #expect(
            try CommandLineParser.parse(["cpu-test", "a", "--level", "flags"])
                == .processorTest(["a", "--level", "flags"]))
        #expect(try CommandLineParser.parse(["--version"]) == .version)
    }

    @Test(arguments: [
        (["--sped", "max"], "unknown option '--sped'; did you mean --speed?"),
        (["--zzzzzzzz"], "unknown option '--zzzzzzzz'; 'ochenta --help' lists the options"),
        (["-x"], "unknown option '-x'; 'ochenta --help' lists the options"),
        (["--machine"], "--machine needs a value"),
        (["--time-limit", "soon"], "--time-limit cannot be 'soon'; write a time such as 90s, 500ms or 5m"),
        (["--time-limit=0s"], "--time-limit cannot be '0s'; write a time such as 90s, 500ms or 5m"),
        (
            ["--record", "a.mp3"],
            "--record a.mp3: write a name that ends in .wav, .flac, .dro, .vgm or .mid"
        ),
        (["--engine", "warp"], "--engine cannot be 'warp'; allowed: exact, fast, interpreter"),
        (
            ["--screenshot", "a.bmp"],
            "--screenshot a.bmp: write a name that ends in .png, or in .svg for text screens"
        ), (["--video", "a.mp4"], "--video a.mp4: write a name that ends in .avi"),
        (["--conf", "dosbox.conf"], "--conf dosbox.conf: reading the files of DOSBox is not available yet"),
        (["boot", "a.img"], "boot: starting disk images is not available yet"),
        (["overlay", "diff", "x"], "overlay: keeping a drive's changes apart is not available yet"),
        ([""], "the program's name is empty; without any name there is a DOS prompt"),
        (["run", "--", "", "x"], "the program's name is empty; without any name there is a DOS prompt"),
        (["help", "a", "b"], "help: one topic at a time; 'ochenta help' lists them"),
    ])
    func errorsNameTheThingAndTheRemedy(_ arguments: [String], _ expected: String) {
        #expect(failure(arguments) == expected)
    }

    @Test func everyPageOfHelpHasTwoExamplesThatParse() throws {
        for topic in [nil] + HelpText.topics.map({ Optional($0.name) }) {
            let page = try #require(HelpText.page(topic))
            let examples = page.components(after: "Examples:\n")
            #expect(examples.count == 2, "\(topic ?? "overview")")
            for line in page.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
        }
        #expect(HelpText.page("nonsense") == nil)
    }

    @Test func topicsAreFoundInTheSingularAndThePlural() {
        for (asked, name) in [
            ("script", "scripts"), ("drive", "drives"), ("key", "keys"), ("machine", "machines"), ("inputs", "input"),
            ("setting", "settings"), ("cpu-tests", "cpu-test"),
        ] {
            #expect(HelpText.page(asked) != nil, "\(asked)")
            #expect(HelpText.page(asked) == HelpText.page(name), "\(asked)")
        }
        #expect(HelpText.page("s") == nil)
        #expect(HelpText.page("") == nil)
    }

    @Test func anythingIsParsedOrRefusedAndNothingTraps() {
        var random = SeededGenerator(seed: 5)
        let words = [
            "run", "-", "--", "-m", "-mx", "--machine=", "--=", "=", "--time-limit", "9e9h", "-d", "C=", "help", "",
            "é",
            "-é", "--set", "a.b=c", "boot", "machines", "cpu-test", "-c",
            "--no-such-option-at-all-of-any-kind-whatever",
        ]
        for _ in 0..<3_000 {
            _ = failure(
                (0..<Int.random(in: 0..<6, using: &random)).compactMap { _ in words.randomElement(using: &random) })
        }
    }
}

extension String {
    /// The lines behind the last `marker`.
    fileprivate func components(after marker: String) -> [Substring] {
        var lines: [Substring]?
        for line in split(separator: "\n", omittingEmptySubsequences: false) {
            if line + "\n" == marker { lines = [] } else if lines != nil, !line.isEmpty { lines?.append(line) }
        }
        return lines ?? []
    }
}
