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

        func press(_ keys: String) throws { try display.run("xdotool", "key", "--delay", "40", keys) }
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
        // Typing: shifted and plain keys, by their places.
        try person.type("echo Hello, World!")
        try person.press("Return")
        #expect(try person.sees("\nHello, World!\n"))
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

    @Test(
        "the picture has the shape 4:3 in the middle of the screen, in all ways of scaling",
        .enabled(if: TestDisplay.isAvailable, reason), arguments: ["integer", "smooth", "crt"])
    func picture(scaling: String) throws {
        let display = try TestDisplay()
        defer { display.close() }
        let person = try Person(
            "--set", "window.fullscreen=true", "--set", "video.scaling=\(scaling)", on: display)
        #expect(try person.sees("C:\\>"))
        try person.type("prompt x$_x")
        try person.press("Return")
        try person.type("cls")
        try person.press("Return")
        // A line of 79 characters reaches nearly to the right edge, and the last line of the screen to the bottom.
        func columns(_ picture: (width: Int, height: Int, pixels: [UInt32])) -> (ClosedRange<Int>, ClosedRange<Int>)? {
            let inked = picture.pixels.indices.filter { picture.pixels[$0] != 0 }
            guard let first = inked.first, let last = inked.last else { return nil }
            let xs = inked.map { $0 % picture.width }
            return ((xs.min() ?? 0)...(xs.max() ?? 0), first / picture.width...last / picture.width)
        }
        for _ in 0..<14 { try person.press("Return") }
        try person.type(String(repeating: "M", count: 78))
        #expect(try person.sees("xM"))
        // 4:3 of 720 lines; whole multiples of 400 lines do not fit twice.
        let width = scaling == "integer" ? 533 : 960
        let height = scaling == "integer" ? 400 : 720
        let (left, top) = ((1_280 - width) / 2, (720 - height) / 2)
        var seen: (ClosedRange<Int>, ClosedRange<Int>)?
        let isRight = try TestDisplay.wait {
            seen = columns(try display.picture())
            guard let seen else { return false }
            // A character is 1/80 of the width and 1/25 of the height.
            return (left...left + width / 80).contains(seen.0.lowerBound)
                && (left + width - 2 * width / 80..<left + width).contains(seen.0.upperBound)
                && (top...top + 2 * height / 25).contains(seen.1.lowerBound)
                && (top + height - 2 * height / 25..<top + height).contains(seen.1.upperBound)
        }
        #expect(isRight, "seen: \(String(describing: seen))")
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
