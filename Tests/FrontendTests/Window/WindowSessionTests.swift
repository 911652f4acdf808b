import Foundation
import Testing

/// The command in a window on a display, used as a person does.
@Suite(.serialized) struct WindowSessionTests {
    private static let reason: Comment =
        "not run: \(TestDisplay.missing.joined(separator: ", ")) missing"

    /// The window of the running command.
    private struct Person {
        let display: TestDisplay
        let process: ChildProcess

        init(_ options: String..., on display: TestDisplay) throws {
            self.display = display
            process = try display.startOchenta(["--display", "window", "--host-time-limit", "600s"] + options)
            try #require(try TestDisplay.wait { try !window.isEmpty }, "no window appears")
            let hasFocus = try TestDisplay.wait {
                let active = try display.run("xdotool", "getactivewindow")
                return try active.trimmingCharacters(in: .newlines) == window
            }
            try #require(hasFocus, "the window gets no keys")
        }

        /// SDL may make the window anew while it opens it.
        var window: String {
            get throws {
                let found = try display.run("xdotool", "search", "--name", "Ochenta")
                return found.split(separator: "\n").last.map(String.init) ?? ""
            }
        }

        func press(_ keys: String) throws { try press([keys]) }
        func press(_ keys: [String]) throws { try display.run("xdotool", ["key", "--delay", "40"] + keys) }
        func type(_ text: String) throws { try display.run("xdotool", "type", "--delay", "40", text) }
        var title: String { get throws { try display.run("xdotool", "getwindowname", try window) } }

        /// The text screen, by way of the clipboard.
        var text: String {
            get throws {
                try press("ctrl+shift+c")
                return try display.run("xclip", "-selection", "clipboard", "-o")
            }
        }

        var size: String {
            get throws {
                let lines = try display.run("xdotool", "getwindowgeometry", "--shell", try window).split(
                    separator: "\n")
                return lines.filter { $0.hasPrefix("WIDTH") || $0.hasPrefix("HEIGHT") }.joined(separator: " ")
            }
        }

        func sees(_ text: String) throws -> Bool { try TestDisplay.wait { try self.text.contains(text) } }
        func reads(title part: String) throws -> Bool { try TestDisplay.wait { try title.contains(part) } }
        func has(size: String) throws -> Bool { try TestDisplay.wait { try self.size == size } }

        /// The exit status, when the process has ended.
        func status() -> Int32? {
            TestDisplay.wait { !process.isRunning } ? process.terminationStatus : nil
        }
    }

    @Test("the display for this is there, where nothing may be left out")
    func required() {
        #expect(TestDisplay.isAvailable || !TestDisplay.isRequired, "missing: \(TestDisplay.missing)")
    }

    @Test(
        "a person types, pastes, copies, clicks, changes sizes and speed, takes a picture and closes the window",
        .enabled(if: TestDisplay.isAvailable, reason))
    func day() throws {
        let display = try TestDisplay()
        defer { display.close() }
        let shots = display.directory.appending(path: "shots").path
        let person = try Person("--set", "window.screenshots=\(shots)/new", on: display)
        #expect(try person.sees("C:\\>"))
        #expect(try person.title.hasPrefix("DOS - Ochenta, 100 %"))
        // Typing: shifted and plain keys. No letter comes twice in a row: a display that is short of time stamps a
        // release and the next press of a key alike, and SDL takes that for the key's repetition.
        try person.type("echo Howdy, World!")
        try person.press("Return")
        #expect(try person.sees("\nHowdy, World!\n"))
        try display.copy("echo pasted (\u{E9}) \"text\"\n")
        try person.press("ctrl+shift+v")
        #expect(try person.sees("\npasted (\u{E9}) \"text\"\n"))
        // A click gives the mouse to the machine.
        try display.run("xdotool", "mousemove", "--window", try person.window, "100", "100", "click", "1")
        #expect(try person.reads(title: "Ctrl-F10 releases the mouse"))
        try person.press("ctrl+F10")
        #expect(try TestDisplay.wait { try !person.title.contains("Ctrl-F10") })
        // Sizes
        try display.run("xdotool", "windowsize", try person.window, "700", "500")
        #expect(try person.has(size: "WIDTH=700 HEIGHT=500"))
        try person.press("alt+Return")
        #expect(try person.has(size: "WIDTH=1280 HEIGHT=720"))
        try person.press("alt+Return")
        #expect(try person.has(size: "WIDTH=700 HEIGHT=500"))
        // Speed
        try person.press("Control_R+F11")
        #expect(try person.reads(title: "75 %"))
        try person.press("Control_R+F12")
        #expect(try person.reads(title: "100 %"))
        // A picture
        try person.press("Control_R+F5")
        let files = FileManager.default
        #expect(TestDisplay.wait { (try? files.contentsOfDirectory(atPath: shots + "/new"))?.count == 1 })
        let name = try #require(try files.contentsOfDirectory(atPath: shots + "/new").first)
        #expect(name == "ochenta-001.png")
        #expect(
            TestDisplay.wait {
                files.contents(atPath: shots + "/new/" + name)?.starts(with: [0x89] + Array("PNG".utf8)) == true
            })
        // The window manager's close
        try person.press("alt+F4")
        #expect(person.status() == 0)
    }

    /// Fills the text screen with white blocks, and waits for a key.
    private static let fullScreen: [UInt8] = [
        0xB8, 0x03, 0x00, 0xCD, 0x10,  // MOV AX,3; INT 10h
        0xB8, 0x00, 0xB8, 0x8E, 0xC0, 0x31, 0xFF,  // ES:DI = B800:0
        0xB8, 0xDB, 0x07, 0xB9, 0xD0, 0x07, 0xF3, 0xAB,  // 2000 blocks
        0xB4, 0x00, 0xCD, 0x16, 0xC3,  // INT 16h
    ]

    @Test(
        "the picture has the shape 4:3 in the middle of the screen, in all ways of scaling",
        .enabled(if: TestDisplay.isAvailable, reason), arguments: ["integer", "smooth", "crt"])
    func picture(scaling: String) throws {
        let display = try TestDisplay()
        defer { display.close() }
        try Data(Self.fullScreen).write(to: display.directory.appending(path: "c/FULL.COM"))
        let person = try Person(
            "--set", "window.fullscreen=true", "--set", "video.scaling=\(scaling)", "FULL.COM", on: display)
        // 4:3 of 720 lines; whole multiples of 400 lines do not fit twice.
        let width = scaling == "integer" ? 533 : 960
        let height = scaling == "integer" ? 400 : 720
        let (left, top) = ((TestDisplay.width - width) / 2, (TestDisplay.height - height) / 2)
        // A tube's lines are dark at their edges.
        let margin = scaling == "crt" ? 2 : 0
        var seen: PixelArea?
        let isRight = try TestDisplay.wait {
            seen = PixelArea(lit: try display.picture())
            guard let seen else { return false }
            return (0...margin).contains(seen.left - left) && (0...margin).contains(left + width - 1 - seen.right)
                && (0...margin).contains(seen.top - top) && (0...margin).contains(top + height - 1 - seen.bottom)
        }
        #expect(isRight, "seen: \(String(describing: seen))")
        try person.press("a")
        #expect(person.status() == 0)
    }

    @Test(
        "keys are those at their places, whatever layout the host has",
        .enabled(if: TestDisplay.isAvailable, reason), arguments: ["us", "de", "fr"])
    func layout(name: String) throws {
        let display = try TestDisplay()
        defer { display.close() }
        try display.run("setxkbmap", name)
        try #require(try display.run("setxkbmap", "-query").contains("layout:     \(name)\n"))
        let person = try Person(on: display)
        #expect(try person.sees("C:\\>"))
        // Keys by their numbers on a display: those of an American Q, W, Y, Z, M, ; - [ and the key beside the left
        // Shift; a German has Q, W, Z, Y, M, \u{F6} \u{DF} \u{FC} < there, a Frenchman A, Z, Y, W, comma, M ) ^ <.
        try person.press(["24", "25", "29", "52", "58", "47", "20", "34", "94"])
        #expect(try person.sees("C:\\>qwyzm;-[\\\n"))
        try person.press("Control_R+F9")
        #expect(person.status() == 0)
    }

    @Test("a signal ends the window, and so does the program", .enabled(if: TestDisplay.isAvailable, reason))
    func ends() throws {
        let display = try TestDisplay()
        defer { display.close() }
        let person = try Person(on: display)
        #expect(try person.sees("C:\\>"))
        person.process.send(signal: 15)
        #expect(person.status() == Int32(143))
        // A file that ends with status 7.
        try Data([0xB8, 0x07, 0x4C, 0xCD, 0x21]).write(to: display.directory.appending(path: "c/SEVEN.COM"))
        let program = try display.startOchenta(["--display", "window", "--host-time-limit", "600s", "SEVEN.COM"])
        #expect(TestDisplay.wait { !program.isRunning })
        #expect(program.terminationStatus == 7)
    }

    @Test("without a display there is one line that says so")
    func noDisplay() throws {
        let directory = FileManager.default.temporaryDirectory.path
        let errors = directory + "/ochenta-errors-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: errors) }
        for (display, status, text) in [
            ([], 2, "ochenta: --display window needs a display; neither DISPLAY nor WAYLAND_DISPLAY is set\n"),
            (["DISPLAY=:4711"], 125, "ochenta: the display :4711 cannot be opened"),
        ] as [([String], Int32, String)] {
            let kept = ProcessInfo.processInfo.environment.filter { ["HOME", "LD_LIBRARY_PATH"].contains($0.key) }
            let process = try ChildProcess(
                TestDisplay.command, ["--display", "window", "--host-time-limit", "20s"],
                environment: kept.map { "\($0.key)=\($0.value)" } + display, directory: directory,
                output: "/dev/null", errors: errors)
            #expect(TestDisplay.wait { !process.isRunning })
            let output = try String(contentsOfFile: errors, encoding: .utf8)
            #expect(process.terminationStatus == status)
            #expect(output.hasPrefix(text) && output.split(separator: "\n").count == 1, "\(output)")
        }
    }
}

/// The smallest area that holds all dots of a display that are not black.
private struct PixelArea {
    let left, top, right, bottom: Int

    init?(lit picture: (width: Int, height: Int, pixels: [UInt32])) {
        guard let first = picture.pixels.firstIndex(where: { $0 != 0 }),
            let last = picture.pixels.lastIndex(where: { $0 != 0 })
        else { return nil }
        (top, bottom) = (first / picture.width, last / picture.width)
        var (left, right) = (picture.width, 0)
        for index in first...last where picture.pixels[index] != 0 {
            left = min(left, index % picture.width)
            right = max(right, index % picture.width)
        }
        (self.left, self.right) = (left, right)
    }
}
