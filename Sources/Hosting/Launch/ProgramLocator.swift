import Core
import Glibc
import Storage

/// A host directory that is to be a drive.
public struct Mount: Hashable, Sendable {
    /// 0 for A:, 2 for C:.
    public var letter: UInt8
    /// Absolute, without symbolic links.
    public var directory: String
    public var isReadOnly: Bool
}

/// Where a program is in the host's directories, and which drives make it reachable.
struct ProgramLocator {
    /// What the user's PROG turned out to be.
    enum Target: Equatable {
        /// A DOS path, as `Z:\MORE.COM`.
        case dosPath(String)
        /// A host file, absolute and without symbolic links.
        case file(String)
        case directory(String)
    }

    static let endings = [".com", ".exe", ".bat"]
    private static let archives = [".zip", ".7z", ".tar", ".tgz", ".gz", ".lha", ".lzh", ".arj", ".rar"]
    private static let images = [".img", ".ima", ".dsk", ".vhd", ".iso", ".qcow2", ".flp", ".vfd"]

    /// Finds what `program` names. Names are taken in any case, and the ending may be left out.
    static func find(_ program: String) throws(HostingError) -> Target {
        let start = Array(program.utf8.prefix(3))
        if start.count >= 2, start[1] == UInt8(ascii: ":"), (0x41...0x5A).contains(start[0] & 0xDF) {
            return .dosPath(program)
        }
        switch HostFile.kind(program) {
        case .directory: return .directory(HostFile.resolved(program) ?? program)
        case .file: return .file(try checked(program))
        case .other: throw HostingError("\(program): not a file or directory", status: ExitStatus.cannotLoad)
        case nil: break
        }
        let (directory, name) = split(program)
        let names = HostFile.names(in: directory.isEmpty ? "." : directory) ?? []
        for ending in [""] + endings {
            let wanted = (name + ending).lowercased()
            guard !name.isEmpty, let found = names.first(where: { $0.lowercased() == wanted }) else { continue }
            let path = directory.isEmpty ? found : "\(directory)/\(found)"
            if HostFile.kind(path) == .file { return .file(try checked(path)) }
        }
        throw HostingError(
            "\(program): not found, nor with .COM, .EXE or .BAT after it", status: ExitStatus.notFound)
    }

    /// Refuses what is no program, and resolves symbolic links.
    private static func checked(_ path: String) throws(HostingError) -> String {
        let lower = path.lowercased()
        if archives.contains(where: lower.hasSuffix) {
            throw HostingError("\(path): running archives is not available yet; unpack it and name the directory")
        }
        if images.contains(where: lower.hasSuffix) {
            throw CommandLineParser.notAvailable("\(path): starting disk images")
        }
        if !endings.contains(where: lower.hasSuffix), !beginsAsEXE(path) {
            throw HostingError("\(path): not a DOS program (.COM, .EXE or .BAT)", status: ExitStatus.cannotLoad)
        }
        guard let resolved = HostFile.resolved(path) else {
            throw HostingError("\(path): \(HostFile.errorText())", status: ExitStatus.notFound)
        }
        return resolved
    }

    /// Whether a file has the mark of an EXE file, whatever its name.
    private static func beginsAsEXE(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var mark: [UInt8] = [0, 0]
        return read(descriptor, &mark, 2) == 2 && (mark == Array("MZ".utf8) || mark == Array("ZM".utf8))
    }

    /// The directory and the name of a path; the directory is empty if the path has none.
    static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        let directory = path[..<slash]
        return (directory.isEmpty ? "/" : String(directory), String(path[path.index(after: slash)...]))
    }

    /// The names from `directory` down to `path`, or nil if it does not lie there.
    static func names(of path: String, beneath directory: String) -> [String]? {
        if path == directory { return [] }
        let prefix = directory == "/" ? "/" : directory + "/"
        guard path.hasPrefix(prefix) else { return nil }
        return path.dropFirst(prefix.count).split(separator: "/").map(String.init)
    }

    /// The DOS path of a host path, as the volume maps its names. Nil if the volume does not show it.
    static func dosPath(of names: [String], on volume: any Volume) -> VolumePath? {
        var path = VolumePath()
        for name in names {
            guard let entries = try? volume.entries(in: path),
                let entry = entries.first(where: { ($0.longName ?? $0.name.description) == name })
            else { return nil }
            path = path.appending(entry.name)
        }
        return path
    }
}
