import Core
import Foundation
import Glibc
import Hosting
import Storage
import Testing
import TestSupport

@Suite struct HostVolumeTests {
    private let host: TemporaryDirectory
    private let volume: HostVolume

    init() throws {
        host = try TemporaryDirectory()
        volume = try HostVolume(directory: host.path, localTime: .utc)
    }

    private func names(_ path: String = "") throws -> [String] {
        try volume.entries(in: dosPath(path)).map(\.name.description)
    }

    @Test("a directory that is not there is refused with its name")
    func missingDirectory() {
        #expect(throws: HostVolumeError.self) { try HostVolume(directory: host.file("none")) }
        #expect(throws: HostVolumeError.self) { try HostVolume(directory: "/etc/passwd") }
        #expect(throws: HostVolumeError.self) { try HostVolume(directory: "a\0b") }
    }

    @Test("host names are found whatever their case, and the host's changes are seen at once")
    func caseAndChanges() throws {
        try host.write("ReadMe.Txt", [1])
        #expect(try names() == ["README.TXT"])
        #expect(try volume.entry(at: dosPath("readme.txt")).longName == "ReadMe.Txt")
        try host.write("new.c", [1, 2, 3])
        #expect(try volume.entry(at: dosPath("NEW.C")).size == 3)
        try host.write("NEW.C", [1])
        #expect(try volume.entry(at: dosPath("NEW.C")).size == 1)
        try FileManager.default.removeItem(atPath: host.file("ReadMe.Txt"))
        #expect(throws: VolumeError.fileNotFound) { try volume.entry(at: dosPath("README.TXT")) }
    }

    @Test("new files and directories are lower case; existing ones keep their case")
    func newNames() throws {
        try host.write("Keep.Me", [1])
        try volume.close(volume.create(dosPath("KEEP.ME"), attributes: [], mustBeNew: false))
        try volume.close(volume.create(dosPath("NEW.TXT"), attributes: [], mustBeNew: true))
        try volume.makeDirectory(dosPath("SUB"))
        try volume.rename(dosPath("NEW.TXT"), to: dosPath("SUB\\OTHER.TXT"))
        #expect(host.names == ["Keep.Me", "sub"])
        #expect(host.exists("sub/other.txt"))
        #expect(try host.read("Keep.Me") == [])
    }

    @Test("long names are reachable by their short names, and only by these where DOS has a device of the name")
    func longNames() throws {
        try host.makeDirectory("Program Files")
        try host.write("Program Files/a long name.text", [1, 2])
        try host.write("con", [7])
        let directory = try #require(try names().first { $0.hasPrefix("PRO~") })
        let file = try #require(try names(directory).first)
        #expect(try volume.entry(at: dosPath("\(directory)\\\(file)")).size == 2)
        #expect(throws: VolumeError.fileNotFound) { try volume.open(dosPath("CON"), access: .read) }
        let con = try #require(try names().first { $0.hasPrefix("CON~") })
        #expect(try volume.readBytes(volume.open(dosPath(con), access: .read)) == [7])
    }

    @Test("what is written is in the host's file before the close")
    func writeThrough() throws {
        let file = try volume.create(dosPath("F"), attributes: [], mustBeNew: true)
        #expect(try volume.writeBytes(file, at: 2, [1, 2]) == 2)
        #expect(try host.read("f") == [0, 0, 1, 2])
        try volume.setSize(file, 3)
        try volume.commit(file)
        #expect(try host.read("f") == [0, 0, 1])
        let second = try volume.open(dosPath("F"), access: .read)
        #expect(second != file)
        #expect(try volume.readBytes(second) == [0, 0, 1])
        #expect(throws: VolumeError.accessDenied) { try volume.writeBytes(second, [1]) }
    }

    @Test("times go both ways, and one that was set survives writing and closing")
    func times() throws {
        let time = FileTime(year: 1993, month: 12, day: 10, hour: 23, minute: 59, second: 58)
        let file = try volume.create(dosPath("F"), attributes: [], mustBeNew: true)
        try volume.setModified(file, time)
        _ = try volume.writeBytes(file, [1])
        #expect(try volume.modified(file) == time)
        try volume.close(file)
        #expect(try volume.entry(at: dosPath("F")).modified == time)
        #expect(try host.status("f").st_mtim.tv_sec == 755_567_998)
    }

    @Test("the machine's clock stamps what is written, if it is given")
    func machineClock() throws {
        let clock = StoppedFileClock(FileTime(year: 1985, month: 10, day: 26, hour: 1, minute: 20))
        let volume = try HostVolume(directory: host.path, localTime: .utc, clock: clock)
        let file = try volume.create(dosPath("F"), attributes: [], mustBeNew: true)
        clock.fileTime = FileTime(year: 1985, month: 10, day: 26, hour: 1, minute: 21)
        _ = try volume.writeBytes(file, [1])
        try volume.close(file)
        #expect(try volume.entry(at: dosPath("F")).modified == clock.fileTime)
        // Reading does not touch the time.
        clock.fileTime = FileTime(year: 2000, month: 1, day: 1)
        try volume.close(volume.open(dosPath("F"), access: .readWrite))
        #expect(try volume.entry(at: dosPath("F")).modified != clock.fileTime)
    }

    @Test("files beyond 4 GB are shown with 4 GB - 1 and nothing is written beyond")
    func hugeFile() throws {
        try host.write("huge")
        try #require(truncate(host.file("huge"), 5 << 30) == 0)
        #expect(try volume.entry(at: dosPath("HUGE")).size == .max)
        let file = try volume.open(dosPath("HUGE"), access: .readWrite)
        #expect(try volume.size(of: file) == .max)
        #expect(try volume.readBytes(file, at: .max - 2, count: 10) == [0, 0])
        #expect(try volume.writeBytes(file, at: .max - 2, [1, 2, 3, 4]) == 2)
        #expect(throws: VolumeError.diskFull) { try volume.writeBytes(file, at: .max, [1]) }
    }

    @Test("a read-only drive leaves the host alone")
    func readOnly() throws {
        try host.write("f", [1, 2])
        try host.makeDirectory("d")
        let volume = try HostVolume(directory: host.path, isReadOnly: true, localTime: .utc)
        let before = try host.status("f")
        let file = try volume.open(dosPath("F"), access: .readWrite)
        #expect(try volume.readBytes(file) == [1, 2])
        #expect(throws: VolumeError.writeProtected) { try volume.writeBytes(file, [9]) }
        #expect(throws: VolumeError.writeProtected) { try volume.setSize(file, 0) }
        #expect(throws: VolumeError.writeProtected) {
            try volume.setModified(file, FileTime(year: 1990, month: 1, day: 1))
        }
        try volume.commit(file)
        try volume.close(file)
        #expect(throws: VolumeError.writeProtected) { try volume.create(dosPath("N"), attributes: [], mustBeNew: true) }
        #expect(throws: VolumeError.writeProtected) {
            try volume.create(dosPath("F"), attributes: [], mustBeNew: false)
        }
        #expect(throws: VolumeError.writeProtected) { try volume.remove(dosPath("F")) }
        #expect(throws: VolumeError.writeProtected) { try volume.rename(dosPath("F"), to: dosPath("G")) }
        #expect(throws: VolumeError.writeProtected) { try volume.setAttributes(dosPath("F"), .hidden) }
        #expect(throws: VolumeError.writeProtected) { try volume.makeDirectory(dosPath("E")) }
        #expect(throws: VolumeError.writeProtected) { try volume.removeDirectory(dosPath("D")) }
        #expect(try host.status("f").st_ctim.tv_nsec == before.st_ctim.tv_nsec)
        #expect(host.names == ["d", "f"])
    }

    @Test("attributes are kept; read-only is the host's permission")
    func attributes() throws {
        try host.write("f", [1])
        try host.write(".rc")
        let path = try dosPath("F")
        #expect(try volume.entry(at: path).attributes == .archive)
        #expect(try volume.entries(in: VolumePath()).first { $0.longName == ".rc" }?.attributes == [.archive, .hidden])
        try volume.setAttributes(path, [.readOnly, .hidden, .system])
        #expect(try volume.entry(at: path).attributes == [.readOnly, .hidden, .system])
        #expect(try host.status("f").st_mode & 0o222 == 0)
        #expect(throws: VolumeError.accessDenied) { try volume.open(path, access: .readWrite) }
        #expect(throws: VolumeError.accessDenied) { try volume.create(path, attributes: [], mustBeNew: false) }
        #expect(throws: VolumeError.accessDenied) { try volume.remove(path) }
        try volume.setAttributes(path, [])
        #expect(try volume.entry(at: path).attributes == [])
        let file = try volume.open(path, access: .readWrite)
        _ = try volume.writeBytes(file, [2])
        try volume.close(file)
        #expect(try volume.entry(at: path).attributes == .archive)
        try volume.makeDirectory(dosPath("D"))
        try volume.setAttributes(dosPath("D"), [.readOnly, .hidden])
        #expect(try volume.entry(at: dosPath("D")).attributes == [.directory, .readOnly, .hidden])
        try volume.close(volume.create(dosPath("D\\X"), attributes: [], mustBeNew: true))
        try #require(chmod(host.file("f"), 0o444) == 0)
        #expect(try volume.entry(at: path).attributes.contains(.readOnly))
    }

    @Test("the number of open files is bounded, and closing gives descriptors back")
    func openLimit() throws {
        try host.write("f")
        let path = try dosPath("F")
        for _ in 0..<3 {
            let files = try (0..<HostVolume.openFileLimit).map { _ in try volume.open(path, access: .read) }
            #expect(throws: VolumeError.tooManyOpenFiles) { try volume.open(path, access: .read) }
            #expect(throws: VolumeError.tooManyOpenFiles) { try volume.create(path, attributes: [], mustBeNew: false) }
            for file in files { try volume.close(file) }
        }
        #expect(throws: VolumeError.invalidHandle) { try volume.close(FileID(1)) }
    }

    @Test("space is that of a FAT16 drive")
    func space() throws {
        let space = try volume.space()
        let total = Int(space.sectorsPerCluster) * Int(space.bytesPerSector) * Int(space.totalClusters)
        #expect(total < 1 << 31 && space.freeClusters <= space.totalClusters && space.totalClusters > 0)
        // A gap that the host has no room for is refused.
        let file = try volume.create(dosPath("F"), attributes: [], mustBeNew: true)
        #expect(throws: Never.self) { try volume.setSize(file, 1 << 20) }
    }

    @Test("a saved table of open files is opened again under the same ids; changed and lost files are reported")
    func restoreOpenFiles() throws {
        try host.write("a", [1])
        try host.write("b", [2])
        try host.makeDirectory("d")
        let a = try volume.open(dosPath("A"), access: .read)
        let b = try volume.open(dosPath("B"), access: .read)
        let c = try volume.create(dosPath("D\\C"), attributes: [], mustBeNew: true)
        _ = try volume.writeBytes(c, [3])
        try volume.rename(dosPath("D"), to: dosPath("E"))
        try volume.close(a)
        let digests = volume.openFileDigests()
        let bytes = savedState(volume)
        let copy = try HostVolume(directory: host.path, localTime: .utc)
        #expect(restore(copy, from: bytes) == nil)
        #expect(copy.restoreFailures.isEmpty && copy.changedFiles(since: digests).isEmpty)
        #expect(savedState(copy) == bytes)
        #expect(try copy.readBytes(b) == [2])
        #expect(try copy.writeBytes(c, at: 1, [4]) == 1)
        #expect(try host.read("e/c") == [3, 4])
        #expect(copy.changedFiles(since: digests).map(\.file) == [c])

        try FileManager.default.removeItem(atPath: host.file("b"))
        let other = try HostVolume(directory: host.path, localTime: .utc)
        #expect(restore(other, from: bytes) == nil)
        #expect(other.restoreFailures.map(\.file) == [b] && other.restoreFailures.first?.error == .fileNotFound)
        #expect(throws: VolumeError.notReady) { try other.readBytes(b) }
        #expect(savedState(other) == bytes)
        try other.close(b)
    }

    @Test("damaged states are refused or loaded, never a trap, and never reach a file outside")
    func damagedState() throws {
        try host.write("a", [1])
        _ = try volume.open(dosPath("A"), access: .read)
        let bytes = savedState(volume)
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            var damaged = bytes
            for _ in 0..<3 {
                damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            let copy = try HostVolume(directory: host.path, localTime: .utc)
            _ = restore(copy, from: damaged)
            _ = try? copy.readBytes(FileID(1))
        }
        #expect(host.names == ["a"])
    }
}
