import Core
import Hosting
import Storage
import Testing
import TestSupport

/// The drive in memory and the host directory must be the same to a program: random operations on both give the same
/// results and the same errors.
@Suite struct VolumeComparisonTests {
    @Test("random operations give the same on a memory drive and a host drive", arguments: 1...24)
    func random(seed: UInt64) throws {
        let host = try TemporaryDirectory()
        let clock = StoppedFileClock(FileTime(year: 1990, month: 5, day: 4, hour: 3, minute: 2, second: 2))
        let memory = MemoryVolume(capacity: 4 << 20, clock: clock)
        let directory = try HostVolume(directory: host.path, localTime: .utc, clock: clock)
        var script = OperationScript(seed: seed)
        for step in 0..<400 {
            let operation = script.next()
            let expected = operation.run(on: memory, script.files)
            let actual = operation.run(on: directory, script.files)
            #expect(actual == expected, "step \(step): \(operation)")
            if actual != expected { return }
            script.note(operation, actual)
        }
        for file in script.files {
            try memory.close(file)
            try directory.close(file)
        }
        try compareTrees(memory, directory, VolumePath())
    }

    @Test("both go on after being saved and restored at random points", arguments: 101...112)
    func restored(seed: UInt64) throws {
        let host = try TemporaryDirectory()
        let clock = StoppedFileClock(FileTime(year: 1990, month: 5, day: 4, hour: 3, minute: 2, second: 2))
        var memory = MemoryVolume(capacity: 4 << 20, clock: clock)
        var directory = try HostVolume(directory: host.path, localTime: .utc, clock: clock)
        var script = OperationScript(seed: seed)
        for step in 0..<300 {
            let operation = script.next()
            // A host file that is deleted while it is open cannot be found again.
            if case .remove = operation { continue }
            let expected = operation.run(on: memory, script.files)
            let actual = operation.run(on: directory, script.files)
            #expect(actual == expected, "step \(step): \(operation)")
            if actual != expected { return }
            script.note(operation, actual)
            guard step % 9 == 0 else { continue }
            let (memoryState, directoryState) = (savedState(memory), savedState(directory))
            memory = MemoryVolume(capacity: 4 << 20, clock: clock)
            directory = try HostVolume(directory: host.path, localTime: .utc, clock: clock)
            #expect(restore(memory, from: memoryState) == nil)
            #expect(restore(directory, from: directoryState) == nil)
            #expect(directory.restoreFailures == [])
            #expect(savedState(memory) == memoryState)
            #expect(savedState(directory) == directoryState)
        }
        try compareTrees(memory, directory, VolumePath())
    }

    private func compareTrees(_ a: some Volume, _ b: some Volume, _ path: VolumePath) throws {
        let (left, right) = (try a.entries(in: path), try b.entries(in: path))
        #expect(left.map(\.name) == right.map(\.name))
        for (x, y) in zip(left, right) {
            #expect(x.size == y.size && x.attributes == y.attributes, "\(path) \(x.name)")
            let child = path.appending(x.name)
            if x.isDirectory {
                try compareTrees(a, b, child)
            } else {
                #expect(x.modified == y.modified, "\(child)")
                let (f, g) = (try a.open(child, access: .read), try b.open(child, access: .read))
                #expect(try a.readBytes(f) == b.readBytes(g))
                try a.close(f)
                try b.close(g)
            }
        }
    }
}

/// One call of a volume with its arguments.
private enum Operation {
    case open(VolumePath, FileAccess), create(VolumePath, FileAttributes, Bool)
    case read(Int, UInt32, Int), write(Int, UInt32, [UInt8]), setSize(Int, UInt32), setModified(Int, FileTime)
    case size(Int), modified(Int), commit(Int), close(Int)
    case remove(VolumePath), rename(VolumePath, VolumePath), setAttributes(VolumePath, FileAttributes)
    case makeDirectory(VolumePath), removeDirectory(VolumePath), entry(VolumePath), entries(VolumePath)

    /// The result as something that can be compared.
    func run(on volume: some Volume, _ files: [FileID]) -> Outcome {
        func file(_ index: Int) -> FileID { files.indices.contains(index) ? files[index] : FileID(99) }
        do throws(VolumeError) {
            switch self {
            case .open(let path, let access): return .file(try volume.open(path, access: access))
            case .create(let path, let attributes, let mustBeNew):
                return .file(try volume.create(path, attributes: attributes, mustBeNew: mustBeNew))
            case .read(let index, let offset, let count):
                return .bytes(try volume.readBytes(file(index), at: offset, count: count))
            case .write(let index, let offset, let bytes):
                return .number(try volume.writeBytes(file(index), at: offset, bytes))
            case .setSize(let index, let size): try volume.setSize(file(index), size)
            case .setModified(let index, let time): try volume.setModified(file(index), time)
            case .size(let index): return .number(Int(try volume.size(of: file(index))))
            case .modified(let index):
                let time = try volume.modified(file(index))
                return .number(Int(time.date) << 16 | Int(time.time))
            case .commit(let index): try volume.commit(file(index))
            case .close(let index): try volume.close(file(index))
            case .remove(let path): try volume.remove(path)
            case .rename(let path, let target): try volume.rename(path, to: target)
            case .setAttributes(let path, let attributes): try volume.setAttributes(path, attributes)
            case .makeDirectory(let path): try volume.makeDirectory(path)
            case .removeDirectory(let path): try volume.removeDirectory(path)
            case .entry(let path): return .entries([Outcome.comparable(try volume.entry(at: path))])
            case .entries(let path): return .entries(try volume.entries(in: path).map(Outcome.comparable))
            }
            return .done
        } catch {
            return .error(error)
        }
    }
}

private enum Outcome: Equatable {
    case done, file(FileID), bytes([UInt8]), number(Int), entries([DirectoryEntry]), error(VolumeError)

    /// Without what may differ: the host's spelling, and the time of a directory, which the host keeps.
    static func comparable(_ entry: DirectoryEntry) -> DirectoryEntry {
        let time = entry.isDirectory ? FileTime(date: 0, time: 0) : entry.modified
        return DirectoryEntry(name: entry.name, attributes: entry.attributes, size: entry.size, modified: time)
    }
}

/// Makes random operations on few names, so that they meet.
private struct OperationScript {
    private var generator: SeededGenerator
    private(set) var files: [FileID] = []
    private let names: [ShortName]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        let good = ["A", "B.TXT", "ÄÖ.C", "D~1", "LON~GFP4.TEX", "CON", "PRN.TXT"].compactMap { ShortName($0) }
        let bad = [Array("../X       ".utf8), Array("a          ".utf8), Array("A B        ".utf8)]
        names = good + bad.map { ShortName(padded: $0) }
    }

    private mutating func path() -> VolumePath {
        let depth = [0, 1, 1, 1, 1, 2, 2, 2, 3].randomElement(using: &generator) ?? 1
        return VolumePath(
            (0..<depth).map { _ in
                let isCommon = Int.random(in: 0..<10, using: &generator) < 8
                return (isCommon ? names.prefix(4) : names[...]).randomElement(using: &generator) ?? names[0]
            })
    }

    private mutating func attributes() -> FileAttributes {
        let rare = UInt8.random(in: 0...3, using: &generator) == 0
        return FileAttributes(
            rawValue: UInt8.random(in: 0...(rare ? 255 : 0x26), using: &generator) & (rare ? 255 : 0x26))
    }

    private mutating func number(_ limit: UInt32) -> UInt32 { UInt32.random(in: 0...limit, using: &generator) }

    mutating func next() -> Operation {
        let file = Int.random(in: 0...max(files.count, 1), using: &generator)
        switch Int.random(in: 0..<24, using: &generator) {
        case 0, 1:
            return .open(path(), [FileAccess.read, .write, .readWrite].randomElement(using: &generator) ?? .read)
        case 2, 3, 4: return .create(path(), attributes(), Bool.random(using: &generator))
        case 5, 6: return .read(file, number(9_000), Int(number(9_000)))
        case 7, 8, 9: return .write(file, number(6_000), (0..<number(3_000)).map { UInt8(truncatingIfNeeded: $0) })
        case 10: return .setSize(file, number(20_000))
        case 11:
            let day = Int(number(27)) + 1
            return .setModified(file, FileTime(year: 1980 + Int(number(127)), month: 1 + Int(number(11)), day: day))
        case 12: return .size(file)
        case 13: return .modified(file)
        case 14: return .commit(file)
        case 15: return .close(file)
        case 16: return .remove(path())
        case 17: return .rename(path(), path())
        case 18: return .setAttributes(path(), attributes())
        case 19, 20: return .makeDirectory(path())
        case 21: return .removeDirectory(path())
        case 22: return .entry(path())
        default: return .entries(path())
        }
    }

    /// Keeps the list of open files.
    mutating func note(_ operation: Operation, _ outcome: Outcome) {
        if case .file(let file) = outcome { files.append(file) }
        if case .close(let index) = operation, outcome == .done, files.indices.contains(index) {
            files.remove(at: index)
        }
    }
}
