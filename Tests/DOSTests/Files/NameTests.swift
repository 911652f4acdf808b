import Core
import Storage
import Testing
import X86

@testable import DOS

/// Directories, names, attributes, searches. Measured: MS-DOS 4.00 with a program that makes the same calls.
@Suite struct NameTests {
    private func machine() throws -> DOSMachine {
        try DOSMachine(files: ["A.TXT": [1, 2, 3], "B.DAT": [], "DIR\\X.TXT": [1], "DIR\\SUB\\Y": []])
    }

    private func text(_ machine: DOSMachine, _ offset: UInt16) -> String {
        String(decoding: machine.memory.readString(machine.data(offset)), as: UTF8.self)
    }

    @Test("directories are made, entered and removed")
    func directories() throws {
        let machine = try machine()
        #expect(machine.error(0x3900, "NEW") == nil)
        #expect(machine.error(0x3900, "NEW") == 5)
        #expect(machine.error(0x3900, "NO\\NEW") == 3)
        #expect(machine.error(0x3B00, "NEW") == nil)
        #expect(machine.error(0x3B00, "NO") == 3)
        #expect(machine.error(0x3B00, "\\A.TXT") == 3)
        #expect(machine.call(0x4700) { ($0.dx, $0.si) = (0, 0x4000) }.error == nil)
        #expect(text(machine, 0x4000) == "NEW")
        #expect(machine.error(0x3A00, "\\NEW") == 0x10)
        #expect(machine.error(0x3B00, "..") == nil)
        #expect(machine.error(0x3B00, "..") == 3)
        #expect(machine.error(0x3A00, "NEW") == nil)
        #expect(machine.error(0x3A00, "NEW") == 3)
        #expect(machine.error(0x3A00, "DIR") == 5)
        #expect(machine.error(0x3A00, "A.TXT") == 5)
        #expect(machine.error(0x3A00, "\\") == 5)
        #expect(machine.call(0x4700) { ($0.dx, $0.si) = (17, 0x4000) }.error == 0x0F)
    }

    @Test(
        "the errors of a deletion",
        arguments: [
            ("NO", 2), ("DIR", 2), ("*.TXT", 3), ("NO\\X", 3), ("NUL", 5), ("\\", 5), ("A.TXT", nil),
        ] as [(String, UInt16?)])
    func deletion(_ path: String, _ error: UInt16?) throws {
        #expect(try machine().error(0x4100, path) == error)
    }

    @Test("attributes are read and set; a directory stays one")
    func attributes() throws {
        let machine = try machine()
        #expect(machine.error(0x4300, "A.TXT") == nil)
        #expect(machine.cpu.cx == 0x20)
        #expect(machine.error(0x4301, "A.TXT") { $0.cx = 7 } == nil)
        #expect(machine.error(0x4300, "A.TXT") == nil)
        #expect(machine.cpu.cx == 7)
        for bits: UInt16 in [0x08, 0x10, 0xC0] { #expect(machine.error(0x4301, "A.TXT") { $0.cx = bits } == 5) }
        #expect(machine.error(0x4301, "DIR") { $0.cx = 0x12 } == 5)
        #expect(machine.error(0x4301, "DIR") { $0.cx = 2 } == nil)
        #expect(machine.error(0x4300, "DIR") == nil)
        #expect(machine.cpu.cx == 0x12)
        #expect(machine.error(0x4300, "NUL") == 2)
        #expect(machine.error(0x4300, "NO") == 2)
        #expect(machine.error(0x4300, "*.*") == 3)
        #expect(machine.error(0x4305, "A.TXT") == 1)
    }

    @Test(
        "the errors of renaming",
        arguments: [
            ("A.TXT", "C.TXT", nil), ("A.TXT", "B.DAT", 5), ("A.TXT", "DIR\\A.TXT", nil), ("NO", "X", 2),
            ("A.TXT", "NO\\X", 3), ("DIR", "DIR2", nil), ("A.TXT", "NUL", 5), ("A.TXT", "*.X", 3),
            ("A.TXT", "Z:X", 0x11),
            ("A.TXT", "Q:X", 3),
        ] as [(String, String, UInt16?)])
    func renaming(_ old: String, _ new: String, _ error: UInt16?) throws {
        let machine = try DOSMachine(files: ["A.TXT": [1], "B.DAT": [], "DIR\\X.TXT": [1]]) {
            $0.drives.append((25, MemoryVolume(clock: StoppedFileClock(), chunkID: ChunkID("VOLZ"))))
        }
        machine.place(new, at: 0x4100)
        #expect(machine.error(0x5600, old) { $0.di = 0x4100 } == error)
    }

    @Test(
        "the canonical name",
        arguments: [
            ("a.txt", "C:\\A.TXT"), ("dir\\..\\dir/x.*", "C:\\DIR\\X.???"), ("NUL", "C:/NUL"), ("C:", "C:\\"),
            ("longnamefordos.text", "C:\\LONGNAME.TEX"), ("NO\\X", "C:\\NO\\X"),
        ])
    func canonical(_ path: String, _ name: String) throws {
        let machine = try machine()
        #expect(machine.call(0x6000, path) { ($0.si, $0.di) = (0x4000, 0x4200) }.error == nil)
        #expect(text(machine, 0x4200) == name)
    }

    @Test("names that have no canonical form", arguments: [("", 2), ("Q:X", 3), ("\\..", 3), ("A+B", 2)])
    func noCanonical(_ path: String, _ error: UInt16) throws {
        #expect(try machine().call(0x6000, path) { ($0.si, $0.di) = (0x4000, 0x4200) }.error == error)
    }

    // MARK: Searches

    private func search(_ machine: DOSMachine, _ pattern: String, _ mask: UInt16) -> (names: [String], error: UInt16) {
        machine.call(0x1A00) { $0.dx = 0x4400 }
        var names: [String] = []
        var answer = machine.call(0x4E00, pattern) { $0.cx = mask }
        while answer.error == nil, names.count < 100 {
            names.append(text(machine, 0x441E))
            answer = machine.call(0x4F00)
        }
        return (names, answer.error ?? 0)
    }

    @Test(
        "what a search finds",
        arguments: [
            ("*.TXT", 0, ["A.TXT"]), ("*.*", 0, ["A.TXT", "B.DAT", "SHELL.COM"]),
            ("*.*", 0x10, ["A.TXT", "B.DAT", "DIR", "SHELL.COM"]), ("DIR", 0x10, ["DIR"]), ("DIR", 0, []),
            ("DIR\\*.*", 0x10, [".", "..", "SUB", "X.TXT"]), ("?.*", 0, ["A.TXT", "B.DAT"]), ("DIR\\.", 0x10, ["DIR"]),
            ("DIR\\SUB\\..", 0x10, ["DIR"]), ("NO", 0, []), ("*.", 0x10, ["DIR"]),
        ] as [(String, UInt16, [String])])
    func searching(_ pattern: String, _ mask: UInt16, _ names: [String]) throws {
        let (found, error) = search(try machine(), pattern, mask)
        #expect(found == names)
        #expect(error == 0x12)
    }

    @Test(
        "the errors of a search",
        arguments: [
            ("NO\\X", 3), ("\\", 0x12), ("DIR\\", 3), ("", 3), ("Q:X", 3), ("A+B", 3), ("..", 3),
        ])
    func searchErrors(_ pattern: String, _ error: UInt16) throws {
        #expect(search(try machine(), pattern, 0x10).error == error)
    }

    @Test("a device is found like a file, with bit 6 among its attributes")
    func device() throws {
        let machine = try machine()
        #expect(search(machine, "NUL", 0).names == ["NUL"])
        #expect(machine.memory.read8(machine.data(0x4415)) == 0x40)
    }

    @Test("files that are deleted and made during a search: nothing is skipped or repeated")
    func changes() throws {
        var files: [String: [UInt8]] = [:]
        for index in 0..<50 { files["F\(index).TXT"] = [] }
        let machine = try DOSMachine(files: files)
        machine.call(0x1A00) { $0.dx = 0x4400 }
        var names: [String] = []
        var answer = machine.call(0x4E00, "F*.TXT") { $0.cx = 0 }
        while answer.error == nil {
            names.append(text(machine, 0x441E))
            #expect(machine.error(0x4100, text(machine, 0x441E)) == nil)
            // One that the search has not come to yet.
            if names.count == 10 { #expect(machine.error(0x4100, "F9.TXT") == nil) }
            answer = machine.call(0x4F00)
        }
        #expect(answer.error == 0x12)
        #expect(names.count == 49)
        #expect(Set(names).count == 49)
        #expect(search(machine, "F*.TXT", 0).names == [])
    }

    @Test("the volume label is found by its attribute alone")
    func label() throws {
        let volume = MemoryVolume(label: ShortName("MYDISK"), clock: StoppedFileClock(), chunkID: ChunkID("VOLD"))
        try volume.load(["X.TXT": []])
        let machine = try DOSMachine { $0.drives.append((3, volume)) }
        #expect(search(machine, "D:\\*.*", 8).names == ["MYDISK"])
        #expect(search(machine, "D:\\*.*", 0x3F).names == ["X.TXT", "MYDISK"])
        #expect(search(machine, "D:\\*.*", 0x37).names == ["X.TXT"])
        #expect(search(machine, "C:\\*.*", 8).names == [])
    }

    @Test("the searches of other areas do not disturb one another")
    func nested() throws {
        let machine = try machine()
        machine.call(0x1A00) { $0.dx = 0x4400 }
        #expect(machine.call(0x4E00, "*.*") { $0.cx = 0 }.error == nil)
        machine.call(0x1A00) { $0.dx = 0x4480 }
        for _ in 0..<300 { #expect(machine.call(0x4E00, "DIR\\*.*") { $0.cx = 0 }.error == nil) }
        machine.call(0x1A00) { $0.dx = 0x4480 }
        #expect(machine.call(0x4F00).error == 0x12)
    }
}
