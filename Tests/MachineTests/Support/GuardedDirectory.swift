import Foundation
import Glibc
import Hosting
import Testing

/// A host directory for drive C:, among files that no guest may touch: beside it, and behind links that lead out of it.
final class GuardedDirectory {
    private let root: String
    private var before: [String: Data] = [:]
    var drive: String { root + "/drive" }

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/ochenta-test-XXXXXX").utf8CString)
        root = try String(cString: #require(mkdtemp(&template)))
        let files = FileManager.default
        for name in ["outside/deep", "outside/empty", "drive"] {
            try files.createDirectory(atPath: root + "/" + name, withIntermediateDirectories: true)
        }
        for name in ["secret.txt", "drive.txt", "outside/secret.txt", "outside/deep/secret.txt"] {
            try Data("sentinel \(name)".utf8).write(to: URL(fileURLWithPath: root + "/" + name))
        }
        try refill()
        before = contents()
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Empties the drive, and puts some files and some links into it.
    func refill() throws {
        let files = FileManager.default
        try files.removeItem(atPath: drive)
        try files.createDirectory(atPath: drive + "/sub/deep", withIntermediateDirectories: true)
        try files.createDirectory(atPath: drive + "/empty", withIntermediateDirectories: true)
        for name in ["file.txt", "a.dat", "sub/file.txt", "a long file name.text"] {
            try Data("contents of \(name)".utf8).write(to: URL(fileURLWithPath: drive + "/" + name))
        }
        for (name, target) in [
            ("link.txt", "../secret.txt"), ("out", "../outside"), ("sub/up", "../.."), ("abs", root + "/outside"),
        ] {
            try #require(symlink(target, drive + "/" + name) == 0)
        }
    }

    /// Everything but the drive itself.
    private func contents() -> [String: Data] {
        var result: [String: Data] = [:]
        for case let path as String in FileManager.default.enumerator(atPath: root) ?? .init()
        where path != "drive" && !path.hasPrefix("drive/") {
            result[path] = FileManager.default.contents(atPath: root + "/" + path) ?? Data()
        }
        return result
    }

    var isUntouched: Bool { contents() == before && !before.isEmpty }

    func volume() throws -> HostVolume { try HostVolume(directory: drive) }
}
