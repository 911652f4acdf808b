import Foundation
import Glibc
import Storage
import Testing

/// A directory of the host that goes away with the object.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/ochenta-test-XXXXXX").utf8CString)
        path = try String(cString: #require(mkdtemp(&template)))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ name: String, _ bytes: [UInt8] = []) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    }

    func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name)))) }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
    }

    func link(_ name: String, to target: String) throws { try #require(symlink(target, file(name)) == 0) }

    func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat(file(name), &status) == 0
    }

    func status(_ name: String) throws -> stat {
        var status = stat()
        try #require(stat(file(name), &status) == 0)
        return status
    }

    /// Names in the directory, sorted.
    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}

/// A path such as `DIR\NAME.EXT`.
func dosPath(_ text: String) throws -> VolumePath {
    VolumePath(try text.split(separator: "\\").map { try #require(ShortName(String($0))) })
}

extension Volume {
    func writeBytes(_ file: FileID, at offset: UInt32 = 0, _ bytes: [UInt8]) throws(VolumeError) -> Int {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(VolumeError) in try write(file, at: offset, from: buffer) }
        }
        return try result.get()
    }

    func readBytes(_ file: FileID, at offset: UInt32 = 0, count: Int = 65_536) throws(VolumeError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(VolumeError) in try read(file, at: offset, into: buffer) }
        }
        return Array(bytes.prefix(try result.get()))
    }
}
