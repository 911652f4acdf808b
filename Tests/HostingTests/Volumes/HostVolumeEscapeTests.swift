import Core
import Foundation
import Glibc
import Hosting
import Storage
import Testing
import TestSupport

/// Nothing that a guest or a host directory's contents can do reaches a file outside the drive. Run as the superuser,
/// permissions do not stop anything, so that only the resolution beneath the root is tested.
@Suite struct HostVolumeEscapeTests {
    private let host: TemporaryDirectory
    private let volume: HostVolume

    /// `outside` has a secret; `drive` is the mounted directory.
    init() throws {
        host = try TemporaryDirectory()
        try host.makeDirectory("outside/sub")
        try host.write("outside/secret", [1, 2, 3])
        try host.makeDirectory("drive/inner")
        try host.write("drive/inner/plain", [4])
        volume = try HostVolume(directory: host.file("drive"), localTime: .utc)
    }

    private func expectSafe() throws {
        #expect(try host.read("outside/secret") == [1, 2, 3])
        let outside = try FileManager.default.contentsOfDirectory(atPath: host.file("outside")).sorted()
        #expect(outside == ["secret", "sub"])
    }

    /// Tries everything that could touch `path`.
    private func attack(_ path: VolumePath) {
        for access in [FileAccess.read, .write, .readWrite] {
            #expect(throws: VolumeError.self, "\(path)") { try volume.open(path, access: access) }
        }
        #expect(throws: VolumeError.self, "\(path)") { try volume.create(path, attributes: [], mustBeNew: false) }
        #expect(throws: VolumeError.self, "\(path)") { try volume.entry(at: path) }
        #expect(throws: VolumeError.self, "\(path)") { try volume.entries(in: path) }
        #expect(throws: VolumeError.self, "\(path)") { try volume.remove(path) }
        #expect(throws: VolumeError.self, "\(path)") { try volume.setAttributes(path, .readOnly) }
        #expect(throws: VolumeError.self, "\(path)") { try volume.removeDirectory(path) }
        #expect(throws: VolumeError.self, "\(path)") { try volume.rename(path, to: VolumePath(try names("MOVED"))) }
        let below = VolumePath(path.names + ((try? names("X")) ?? []))
        #expect(throws: VolumeError.self, "\(path)") { try volume.create(below, attributes: [], mustBeNew: true) }
        #expect(throws: VolumeError.self, "\(path)") { try volume.makeDirectory(below) }
    }

    private func names(_ text: String) throws -> [ShortName] { try dosPath(text).names }

    @Test("links that lead out are invisible and refused, at the end and in the middle of a path")
    func linksOut() throws {
        try host.link("drive/abs", to: host.file("outside/secret"))
        try host.link("drive/rel", to: "../outside/secret")
        try host.link("drive/dir", to: "../outside")
        try host.link("drive/absdir", to: "/")
        try host.link("drive/inner/up", to: "../../outside")
        try host.link("drive/proc", to: "/proc/self/cwd")
        try host.link("drive/loop", to: "loop")
        try host.link("drive/gone", to: "nowhere")
        try host.link("drive/new", to: "../outside/new")
        #expect(try volume.entries(in: VolumePath()).map(\.name.description) == ["INNER"])
        for path in ["ABS", "REL", "DIR", "ABSDIR", "INNER\\UP", "PROC", "LOOP", "GONE", "NEW"] {
            attack(try dosPath(path))
        }
        for path in ["DIR\\SECRET", "INNER\\UP\\SECRET", "ABSDIR\\ETC", "DIR\\SUB"] { attack(try dosPath(path)) }
        try expectSafe()
    }

    @Test("links that stay on the drive are followed; deleting one deletes the link")
    func linksInside() throws {
        try host.link("drive/file", to: "inner/plain")
        try host.link("drive/d", to: "inner")
        try host.link("drive/inner/back", to: "../inner/plain")
        let path = try dosPath("FILE")
        let file = try volume.open(path, access: .readWrite)
        #expect(try volume.readBytes(file) == [4])
        #expect(try volume.writeBytes(file, [5]) == 1)
        try volume.close(file)
        #expect(try host.read("drive/inner/plain") == [5])
        #expect(try volume.entries(in: dosPath("D")).map(\.name.description) == ["BACK", "PLAIN"])
        #expect(try volume.readBytes(volume.open(dosPath("D\\BACK"), access: .read)) == [5])
        try volume.setAttributes(path, [.hidden, .archive])
        #expect(try volume.entry(at: path).attributes == [.hidden, .archive])
        try volume.remove(path)
        #expect(!host.exists("drive/file") && host.exists("drive/inner/plain"))
    }

    @Test("names that mean something to the host lead nowhere")
    func strangeNames() throws {
        let strange = ["..", ".", "", "/", "../X", "A/B", "\0", "..\0", "~", "inner"].map { text in
            let bytes = Array(text.utf8.prefix(11))
            return ShortName(padded: bytes + [UInt8](repeating: 0x20, count: 11 - bytes.count))
        }
        let secret = try names("SECRET")
        let outside = try names("OUTSIDE")
        for name in strange where name.description != "~" {
            attack(VolumePath([name]))
            attack(VolumePath([name] + outside + secret))
            attack(VolumePath(try names("INNER") + [name, name] + outside + secret))
        }
        try expectSafe()
        attack(VolumePath([ShortName](repeating: try names("INNER")[0], count: 5_000)))
    }

    @Test("pipes, sockets and devices are neither opened nor seen, so that nothing can hang", .timeLimit(.minutes(1)))
    func specialFiles() throws {
        try #require(mkfifo(host.file("drive/pipe"), 0o666) == 0)
        let reader = open(host.file("drive/pipe"), O_RDONLY | O_NONBLOCK)
        try #require(reader >= 0)
        defer { close(reader) }
        // Making a device needs rights that the test may not have.
        let hasDevice = mknod(host.file("drive/dev"), S_IFCHR | 0o666, 0x103) == 0
        let socketNumber = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socketNumber) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: host.file("drive/sock").utf8.prefix(100)) }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socketNumber, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        #expect(isBound)
        #expect(try volume.entries(in: VolumePath()).map(\.name.description) == ["INNER"])
        for path in ["PIPE", "SOCK"] + (hasDevice ? ["DEV"] : []) { attack(try dosPath(path)) }
        #expect(host.exists("drive/pipe") && host.exists("drive/sock"))
        // A pipe that anybody has opened for writing and closed again reports a hang-up.
        var request = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
        #expect(poll(&request, 1, 0) == 0)
    }

    @Test("a directory that is exchanged for a link while it is used never leads out")
    func exchange() throws {
        try host.makeDirectory("drive/swap")
        try host.write("drive/swap/secret", [9])
        try host.link("drive/trap", to: "../outside")
        let (swap, trap, spare) = (host.file("drive/swap"), host.file("drive/trap"), host.file("drive/spare"))
        let stop = StopFlag()
        let thread = Thread {
            while !stop.isSet {
                rename(swap, spare)
                rename(trap, swap)
                rename(swap, trap)
                rename(spare, swap)
            }
            stop.confirm()
        }
        thread.start()
        var seen = 0
        for round in 0..<1_500 {
            let path = try dosPath("SWAP\\SECRET")
            if let file = try? volume.open(path, access: .readWrite) {
                #expect(try volume.readBytes(file) != [1, 2, 3])
                _ = try volume.writeBytes(file, [UInt8(truncatingIfNeeded: round)])
                try volume.close(file)
                seen += 1
            }
            if let file = try? volume.create(dosPath("SWAP\\NEW"), attributes: [], mustBeNew: false) {
                try volume.close(file)
            }
            _ = try? volume.remove(dosPath("SWAP\\SECRET"))
            if let file = try? volume.create(path, attributes: [], mustBeNew: true) { try volume.close(file) }
            _ = try? volume.makeDirectory(dosPath("SWAP\\D\(round % 10)"))
            _ = try? volume.entries(in: dosPath("SWAP"))
        }
        stop.set()
        #expect(seen > 0)
        try expectSafe()
    }

    @Test("an unreadable directory gives an error, not a trap; the superuser reads it all the same")
    func unreadable() throws {
        try host.makeDirectory("drive/locked")
        try #require(chmod(host.file("drive/locked"), 0) == 0)
        let path = try dosPath("LOCKED")
        if geteuid() == 0 {
            #expect(throws: Never.self) { try volume.entries(in: path) }
        } else {
            #expect(throws: VolumeError.accessDenied) { try volume.entries(in: path) }
        }
        try #require(chmod(host.file("drive/locked"), 0o700) == 0)
    }

    @Test("a drive whose directory the host has deleted gives errors")
    func deletedRoot() throws {
        try FileManager.default.removeItem(atPath: host.file("drive"))
        #expect(throws: VolumeError.self) { try volume.create(dosPath("X"), attributes: [], mustBeNew: true) }
        #expect(throws: VolumeError.self) { try volume.entry(at: dosPath("INNER")) }
        #expect((try? volume.entries(in: VolumePath())) ?? [] == [])
    }

    @Test("host names of every byte value are reachable by unique short names", arguments: [false, true])
    func everyByte(isInside: Bool) throws {
        for byte in UInt8(1)...255 where byte != 0x2F {
            let name = isInside ? [0x61, byte, 0x62] : [byte]
            guard name != [0x2E] else { continue }
            let path = (Array(host.file("drive/inner/").utf8) + name).map { CChar(bitPattern: $0) } + [0]
            let number = open(path, O_CREAT | O_WRONLY, 0o644)
            try #require(number >= 0)
            #expect(Glibc.write(number, name, name.count) == name.count)
            close(number)
        }
        let entries = try volume.entries(in: dosPath("INNER")).filter { $0.name.description != "PLAIN" }
        #expect(entries.count == (isInside ? 254 : 253))
        #expect(Set(entries.map(\.name)).count == entries.count)
        var contents: Set<[UInt8]> = []
        for entry in entries {
            let file = try volume.open(dosPath("INNER").appending(entry.name), access: .read)
            contents.insert(try volume.readBytes(file, count: 16))
            try volume.close(file)
        }
        #expect(contents.count == entries.count)
    }
}

/// Tells a thread to end.
private final class StopFlag: @unchecked Sendable {
    private let condition = NSCondition()
    private var isStopping = false
    private var hasStopped = false

    var isSet: Bool { condition.withLock { isStopping } }

    func confirm() {
        condition.withLock {
            hasStopped = true
            condition.signal()
        }
    }

    /// Waits until the thread has ended its work.
    func set() {
        condition.withLock {
            isStopping = true
            while !hasStopped { condition.wait() }
        }
    }
}
