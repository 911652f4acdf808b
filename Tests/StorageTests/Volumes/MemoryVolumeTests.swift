import Core
import Storage
import Testing
import TestSupport

@Suite struct MemoryVolumeTests {
    private let clock = StoppedFileClock(FileTime(year: 1991, month: 6, day: 11, hour: 5))

    private func volume(
        _ files: [String: [UInt8]] = [:], capacity: Int = 1 << 20, isReadOnly: Bool = false
    ) throws -> MemoryVolume {
        let volume = MemoryVolume(capacity: capacity, isReadOnly: isReadOnly, clock: clock)
        try volume.load(files)
        return volume
    }

    private func path(_ text: String) throws -> VolumePath {
        VolumePath(try text.split(separator: "\\").map { try #require(ShortName(String($0))) })
    }

    private func contents(_ volume: MemoryVolume, _ text: String) throws -> [UInt8] {
        let file = try volume.open(path(text), access: .read)
        defer { try? volume.close(file) }
        var bytes = [UInt8](repeating: 0, count: Int(try volume.size(of: file)))
        #expect(try bytes.withUnsafeMutableBytes { try volume.read(file, at: 0, into: $0) } == bytes.count)
        return bytes
    }

    private func write(_ volume: MemoryVolume, _ file: FileID, at offset: UInt32, _ bytes: [UInt8]) throws -> Int {
        try bytes.withUnsafeBytes { try volume.write(file, at: offset, from: $0) }
    }

    @Test("loaded files are listed in name order and can be read")
    func loads() throws {
        let volume = try volume(["B.TXT": [1, 2], "dir/sub/c.c": [3], "DIR\\A": []])
        #expect(try volume.entries(in: VolumePath()).map(\.name.description) == ["B.TXT", "DIR"])
        #expect(try volume.entries(in: path("DIR")).map(\.name.description) == ["A", "SUB"])
        #expect(try contents(volume, "DIR\\SUB\\C.C") == [3])
        #expect(try volume.entry(at: path("B.TXT")).modified == clock.fileTime)
        #expect(throws: VolumeError.pathNotFound) { try volume.load(["B.TXT/X": []]) }
        #expect(throws: VolumeError.accessDenied) { try volume.load(["DIR": []]) }
        #expect(throws: VolumeError.pathNotFound) { try volume.load(["NUL": []]) }
    }

    @Test("a missing directory, a missing file and a file on the way have their own errors")
    func errors() throws {
        let volume = try volume(["F": [1]])
        #expect(throws: VolumeError.fileNotFound) { try volume.entry(at: path("X")) }
        #expect(throws: VolumeError.pathNotFound) { try volume.entry(at: path("X\\Y")) }
        #expect(throws: VolumeError.pathNotFound) { try volume.entry(at: path("F\\Y")) }
        #expect(throws: VolumeError.pathNotFound) { try volume.entries(in: path("F")) }
        #expect(throws: VolumeError.accessDenied) { try volume.remove(VolumePath()) }
        #expect(throws: VolumeError.invalidHandle) { try volume.size(of: FileID(0)) }
        #expect(throws: VolumeError.invalidHandle) { try volume.size(of: FileID(.max)) }
        #expect(throws: VolumeError.fileExists) { try volume.create(path("F"), attributes: [], mustBeNew: true) }
        #expect(throws: VolumeError.accessDenied) { try volume.create(path("CON"), attributes: [], mustBeNew: true) }
    }

    @Test("a read-only drive opens files for writing but takes no write and no change")
    func readOnly() throws {
        let volume = try volume(["F": [1, 2], "D\\G": []], isReadOnly: true)
        let file = try volume.open(path("F"), access: .readWrite)
        #expect(throws: VolumeError.writeProtected) { try write(volume, file, at: 0, [9]) }
        #expect(throws: VolumeError.writeProtected) { try volume.setSize(file, 0) }
        #expect(throws: VolumeError.writeProtected) { try volume.setModified(file, clock.fileTime) }
        #expect(throws: VolumeError.writeProtected) { try volume.create(path("N"), attributes: [], mustBeNew: false) }
        #expect(throws: VolumeError.writeProtected) { try volume.remove(path("F")) }
        #expect(throws: VolumeError.writeProtected) { try volume.rename(path("F"), to: path("N")) }
        #expect(throws: VolumeError.writeProtected) { try volume.makeDirectory(path("N")) }
        #expect(throws: VolumeError.writeProtected) { try volume.removeDirectory(path("D")) }
        #expect(throws: VolumeError.writeProtected) { try volume.setAttributes(path("F"), []) }
        try volume.close(file)
        #expect(try contents(volume, "F") == [1, 2])
    }

    @Test("space is given out in clusters and comes back, also from a deleted file when it is closed")
    func space() throws {
        let volume = try volume(capacity: 10 * 512)
        func free() throws -> UInt16 { try volume.space().freeClusters }
        #expect(try free() == 10)
        let file = try volume.create(path("F"), attributes: [], mustBeNew: true)
        #expect(try write(volume, file, at: 0, [UInt8](repeating: 7, count: 600)) == 600)
        #expect(try free() == 8)
        try volume.makeDirectory(path("D"))
        #expect(try free() == 7)
        #expect(try write(volume, file, at: 600, [UInt8](repeating: 7, count: 60_000)) == 9 * 512 - 600)
        #expect(throws: VolumeError.diskFull) { try write(volume, file, at: 9 * 512, [1]) }
        #expect(throws: VolumeError.diskFull) { try volume.setSize(file, .max) }
        #expect(throws: VolumeError.cannotMakeDirectory) { try volume.makeDirectory(path("E")) }
        try volume.remove(path("F"))
        #expect(try free() == 0)
        try volume.close(file)
        #expect(try free() == 9)
        try volume.removeDirectory(path("D"))
        #expect(try free() == 10)
    }

    @Test("a time that was set survives later writes and the close")
    func times() throws {
        let volume = try volume()
        let time = FileTime(year: 2001, month: 2, day: 3, hour: 4, minute: 5, second: 6)
        let file = try volume.create(path("F"), attributes: [], mustBeNew: true)
        try volume.setModified(file, time)
        _ = try write(volume, file, at: 0, [1])
        #expect(try volume.modified(file) == time)
        try volume.close(file)
        #expect(try volume.entry(at: path("F")).modified == time)
    }

    @Test("open files and ids are limited and the lowest id is given again")
    func openLimit() throws {
        let volume = try volume(["F": []])
        var files: [FileID] = []
        for _ in 0..<MemoryVolume.openFileLimit { files.append(try volume.open(path("F"), access: .read)) }
        #expect(throws: VolumeError.tooManyOpenFiles) { try volume.open(path("F"), access: .read) }
        #expect(Set(files).count == files.count)
        try volume.close(files[7])
        #expect(try volume.open(path("F"), access: .read) == files[7])
        #expect(throws: VolumeError.tooManyOpenFiles) { try volume.create(path("N"), attributes: [], mustBeNew: true) }
        #expect(throws: VolumeError.fileNotFound) { try volume.entry(at: path("N")) }
    }

    @Test("a saved drive goes on where it was, with deleted open files and ids")
    func roundTrip() throws {
        let original = try volume(["A.TXT": [1, 2, 3], "D\\B": [4]])
        let a = try original.open(path("A.TXT"), access: .readWrite)
        let b = try original.open(path("D\\B"), access: .read)
        let c = try original.create(path("D\\GONE"), attributes: .hidden, mustBeNew: true)
        _ = try write(original, c, at: 1_000, [5])
        try original.remove(path("D\\GONE"))
        try original.setModified(a, FileTime(year: 1999, month: 9, day: 9))
        try original.close(b)
        let digest = try original.digest(of: a)
        let bytes = savedState(original)

        let copy = try volume(["OTHER": [9]])
        _ = try copy.open(path("OTHER"), access: .read)
        #expect(restore(copy, from: bytes) == nil)
        #expect(savedState(copy) == bytes)
        for volume in [original, copy] {
            #expect(try volume.size(of: c) == 1_001)
            #expect(try volume.digest(of: a) == digest)
            #expect(throws: VolumeError.invalidHandle) { try volume.size(of: b) }
            _ = try write(volume, a, at: 3, [6])
            try volume.close(a)
            try volume.close(c)
            #expect(try contents(volume, "A.TXT") == [1, 2, 3, 6])
        }
        #expect(savedState(copy) == savedState(original))
        #expect(try copy.space() == original.space())
    }

    @Test("damaged states are refused or loaded, never a trap, and a refused one changes nothing")
    func damagedState() throws {
        let original = try volume(["A": [1, 2, 3], "D\\B": [4], "D\\E\\F": []])
        _ = try original.open(path("A"), access: .read)
        let bytes = savedState(original)
        var generator = SeededGenerator(seed: 3)
        var refused = 0
        for _ in 0..<2_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                damaged[Int.random(in: damaged.indices, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) {
                damaged.removeLast(Int.random(in: 0..<damaged.count, using: &generator))
            }
            let copy = try volume(["Z": [1]])
            let before = savedState(copy)
            let coder = StateCoder.loading(damaged)
            copy.transfer(coder)
            if coder.failure != nil {
                refused += 1
                #expect(savedState(copy) == before)
            }
            _ = try? copy.space()
            _ = try? copy.entries(in: VolumePath())
            try? copy.close(FileID(1))
        }
        #expect(refused > 100)
    }
}
