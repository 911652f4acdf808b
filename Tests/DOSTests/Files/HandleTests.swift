import Core
import Storage
import Testing
import X86

@testable import DOS

/// Handles: the results and error numbers of MS-DOS.
///
/// Measured: MS-DOS 4.00 with a program that makes the same calls.
@Suite struct HandleTests {
    @Test("a file is created, written, sought, read and closed")
    func file() throws {
        let machine = try DOSMachine()
        let handle = try machine.handle(0x3C00, "A.TXT")
        #expect(machine.write(handle, Array("some text.".utf8)).ax == 10)
        #expect(machine.seek(handle, 0, 5) == 5)
        #expect(machine.read(handle, 100) == Array("text.".utf8))
        #expect(machine.seek(handle, 1, -3) == 7)
        #expect(machine.seek(handle, 2, 3) == 13)
        #expect(machine.read(handle, 5) == [])
        // Before the start is possible; it is far behind the end.
        #expect(machine.seek(handle, 0, 0) == 0)
        #expect(machine.seek(handle, 1, -5) == 0xFFFF_FFFB)
        #expect(machine.seek(handle, 3, 0) == nil)
        #expect(machine.cpu.ax == 1)
        // Writing nothing sets the size.
        #expect(machine.seek(handle, 0, 4) == 4)
        #expect(machine.write(handle, []).ax == 0)
        #expect(machine.seek(handle, 2, 0) == 4)
        #expect(machine.close(handle).error == nil)
        #expect(machine.close(handle).error == 6)
        #expect(machine.seek(handle, 0, 0) == nil)
        #expect(machine.cpu.ax == 6)
    }

    @Test(
        "the errors of an open",
        arguments: [
            ("NO.TXT", 2), ("NO\\X.TXT", 3), ("FILE.TXT\\X", 3), ("DIR", 5), ("*.TXT", 2), ("", 2), ("Q:X", 3),
            ("A+B", 2),
            ("\\", 5), ("NO\\NUL", 3), ("..\\X", 3), ("1:X", 3),
        ])
    func openErrors(_ path: String, _ error: UInt16) throws {
        let machine = try DOSMachine(files: ["FILE.TXT": [1], "DIR\\X": []])
        #expect(machine.error(0x3D00, path) == error)
    }

    @Test("names are cut to 8.3, in capitals, with either slash")
    func names() throws {
        let machine = try DOSMachine(files: ["DIR\\LONGNAME.TEX": [7]])
        for path in ["dir/longnamefordos.text", "C:DIR\\LONGNAME.TEX", "\\dir\\..\\dir\\.\\longname.tex"] {
            let handle = try machine.handle(0x3D00, path)
            #expect(machine.read(handle, 10) == [7])
            #expect(machine.close(handle).error == nil)
        }
    }

    @Test("access codes: a reader cannot write, a writer cannot read, 3 is none, sharing bits do no harm")
    func access() throws {
        let machine = try DOSMachine(files: ["FILE.TXT": [1, 2, 3]])
        let reader = try machine.handle(0x3D00, "FILE.TXT")
        #expect(machine.write(reader, [1]).error == 5)
        let writer = try machine.handle(0x3DC1, "FILE.TXT")
        #expect(machine.read(writer, 1) == nil)
        #expect(machine.cpu.ax == 5)
        #expect(machine.error(0x3D03, "FILE.TXT") == 0x0C)
        let null = try machine.handle(0x3D00, "NUL")
        #expect(machine.write(null, [1]).error == 5)
    }

    @Test("a read-only file is opened for reading only, and not replaced or deleted")
    func readOnly() throws {
        let machine = try DOSMachine()
        let new = try machine.handle(0x3C00, "C.TXT", cx: 1)
        #expect(machine.write(new, [1, 2]).ax == 2)
        #expect(machine.close(new).error == nil)
        #expect(machine.error(0x3D02, "C.TXT") == 5)
        #expect(machine.error(0x3C00, "C.TXT") == 5)
        #expect(machine.error(0x4100, "C.TXT") == 5)
        #expect(machine.error(0x3D00, "C.TXT") == nil)
    }

    @Test("a new file must not exist; a directory is no file; some attributes are not for files")
    func creation() throws {
        let machine = try DOSMachine(files: ["FILE.TXT": [1], "DIR\\X": []])
        #expect(machine.error(0x5B00, "FILE.TXT") == 0x50)
        #expect(machine.error(0x3C00, "DIR") == 5)
        #expect(machine.error(0x3C00, "NO\\X") == 3)
        for attributes: UInt16 in [0x10, 0x40, 0x08] {
            #expect(machine.error(0x3C00, "B.TXT") { $0.cx = attributes } == 5)
        }
        let handle = try machine.handle(0x5B00, "B.TXT")
        #expect(machine.close(handle).error == nil)
    }

    @Test("a temporary file has a name that is not there, which is appended to the path")
    func temporary() throws {
        let machine = try DOSMachine(files: ["DIR\\X": []])
        var names: Set<String> = []
        for path in ["DIR\\", "DIR", ""] {
            let handle = try machine.handle(0x5A00, path)
            #expect(machine.close(handle).error == nil)
            let name = String(decoding: machine.memory.readString(machine.data()), as: UTF8.self)
            #expect(name.hasPrefix(path.isEmpty ? "" : "DIR\\"))
            #expect(machine.error(0x3D00, name) == nil)
            names.insert(name)
        }
        #expect(names.count == 3)
        #expect(machine.error(0x5A00, "NO\\") == 3)
    }

    @Test("handles are duplicated; a file is closed with its last handle")
    func duplicates() throws {
        let machine = try DOSMachine(files: ["FILE.TXT": [1, 2, 3, 4]])
        let handle = try machine.handle(0x3D02, "FILE.TXT")
        let second = machine.call(0x4500) { $0.bx = handle }.ax
        #expect(machine.call(0x4600) { ($0.bx, $0.cx) = (handle, 12) }.error == nil)
        #expect(machine.call(0x4600) { ($0.bx, $0.cx) = (handle, 25) }.error == 6)
        #expect(machine.read(second, 1) == [1])
        #expect(machine.read(12, 1) == [2])
        #expect(machine.close(handle).error == nil)
        #expect(machine.close(second).error == nil)
        #expect(machine.read(12, 9) == [3, 4])
        #expect(machine.kernel.state.files.contains { $0.kind == .file })
        #expect(machine.close(12).error == nil)
        #expect(!machine.kernel.state.files.contains { $0.kind == .file })
    }

    @Test("a process has 20 handles, more by AH=67h")
    func count() throws {
        let machine = try DOSMachine(files: ["FILE.TXT": [1]])
        #expect(machine.call(0x4A00) { $0.bx = 0x1000 }.error == nil)
        var handles: [UInt16] = []
        while machine.call(0x3D00, "FILE.TXT").error == nil { handles.append(machine.cpu.ax) }
        #expect(machine.cpu.ax == 4)
        #expect(handles == Array(5...19))
        #expect(machine.call(0x6700) { $0.bx = 40 }.error == nil)
        #expect(try machine.handle(0x3D00, "FILE.TXT") == 20)
        #expect(machine.call(0x6700) { $0.bx = 60 }.error == nil)
        #expect(try machine.handle(0x3D00, "FILE.TXT") == 21)
        #expect(machine.read(20, 1) == [1])
    }

    @Test("the time of a file is set by handle and kept")
    func time() throws {
        let machine = try DOSMachine()
        let handle = try machine.handle(0x3C00, "A.TXT")
        #expect(machine.write(handle, [1]).ax == 1)
        #expect(machine.call(0x5701) { ($0.bx, $0.cx, $0.dx) = (handle, 0x1234, 0x1A21) }.error == nil)
        #expect(machine.call(0x5700) { $0.bx = handle }.error == nil)
        #expect(machine.cpu.cx == 0x1234 && machine.cpu.dx == 0x1A21)
        #expect(machine.call(0x5707) { $0.bx = handle }.error == 1)
        #expect(machine.close(handle).error == nil)
        #expect(machine.call(0x5700) { $0.bx = handle }.error == 6)
        let entry = try machine.drive.entry(at: VolumePath([ShortName(padded: Array("A       TXT".utf8))]))
        #expect(entry.modified == FileTime(date: 0x1A21, time: 0x1234))
    }

    @Test(
        "the extended open: what it did is in CX",
        arguments: [
            (0x01, "FILE.TXT", 1, nil), (0x12, "FILE.TXT", 3, nil), (0x10, "FILE.TXT", 0, 0x50),
            (0x00, "FILE.TXT", 0, 1),
            (0x13, "FILE.TXT", 0, 1), (0x01, "NO.TXT", 0, 2), (0x10, "NO.TXT", 2, nil), (0x11, "NO.TXT", 2, nil),
            (0x11, "NUL", 1, nil), (0x01, "*.*", 0, 2),
        ] as [(UInt16, String, UInt16, UInt16?)])
    func extendedOpen(_ action: UInt16, _ path: String, _ done: UInt16, _ error: UInt16?) throws {
        let machine = try DOSMachine(files: ["FILE.TXT": [1]])
        let answer = machine.call(0x6C00, path) { ($0.si, $0.bx, $0.cx, $0.dx) = (0x4000, 2, 0, action) }
        #expect(answer.error == error)
        if error == nil { #expect(machine.cpu.cx == done) }
        let bad = machine.call(0x6C00, path) { ($0.si, $0.bx, $0.cx, $0.dx) = (0x4000, 3, 0, 0x11) }
        #expect(bad.error == 0x0C)
    }

    @Test("files that a process has opened are closed when it ends, by handle and by control block")
    func ending() throws {
        let machine = try DOSMachine(files: ["FILE.TXT": [1], "CHILD.COM": [0xCD, 0x20]])
        #expect(machine.call(0x4A00) { $0.bx = 0x1000 }.error == nil)
        machine.place([UInt8](repeating: 0, count: 22), at: 0x4800)
        machine.place("CHILD.COM")
        let stop = machine.dos(0x4B00) { cpu in
            (cpu.ds, cpu.es, cpu.dx, cpu.bx) = (machine.psp.segment, machine.psp.segment, 0x4000, 0x4800)
        }
        #expect(stop == .transferred)
        _ = try machine.handle(0x3D00, "FILE.TXT")
        machine.place([0] + Array("FILE    TXT".utf8) + [UInt8](repeating: 0, count: 25))
        #expect(machine.call(0x0F00) { $0.dx = 0x4000 }.ax & 0xFF == 0)
        #expect(machine.kernel.state.files.count { $0.kind == .file } == 2)
        #expect(machine.dos(0x4C00) == .transferred)
        #expect(!machine.kernel.state.files.contains { $0.kind == .file })
    }
}
