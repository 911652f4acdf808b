import Core
import Storage

/// What a path of a program names.
enum ResolvedPath: Hashable {
    case device(CharacterDevice)
    case file(drive: UInt8, path: VolumePath)
}

/// A path whose last part may hold wildcards.
struct PathPattern {
    var drive: UInt8
    var directory: VolumePath
    /// Eleven bytes; `?` matches any character.
    var pattern: [UInt8]
    /// Set when the last part names a device.
    var device: CharacterDevice?
    /// The path ends in a slash: it can only be a directory.
    var endsInSlash = false
}

/// Reads paths as DOS does: drive letter, both slashes, `.` and `..`, upper case, names cut to 8.3, device names.
extension DOSKernel {
    /// Longest path that DOS takes, in bytes.
    static let pathLimit = 127

    /// The file, directory or device that `text` names. The file need not exist.
    /// - Parameter badName: the error for a name with wildcards or with characters that no name has.
    /// - Throws: `fileNotFound` for an empty text, `pathNotFound` for an impossible directory part or drive.
    func resolve(_ text: [UInt8], badName: DOSError = .pathNotFound, _ call: Call) throws(DOSError) -> ResolvedPath {
        let found: PathPattern
        do throws(DOSError) { found = try resolvePattern(text, call) } catch {
            throw error == .invalidData ? badName : error
        }
        if let device = found.device { return .device(device) }
        guard !found.pattern.isEmpty else { return .file(drive: found.drive, path: found.directory) }
        guard !found.pattern.contains(UInt8(ascii: "?")) else { throw badName }
        return .file(drive: found.drive, path: found.directory.appending(ShortName(padded: found.pattern)))
    }

    /// A path that must be on a drive.
    func resolveFile(_ text: [UInt8], _ call: Call) throws(DOSError) -> (drive: UInt8, path: VolumePath) {
        guard case .file(let drive, let path) = try resolve(text, call) else { throw .accessDenied }
        return (drive, path)
    }

    /// Reads a path whose last part may hold `*` and `?`. The pattern is empty when the path is a directory by its
    /// form (`\`, `C:`, `..`, a trailing slash).
    /// - Throws: as `resolve`; `invalidData` for a last part with characters that no name has.
    func resolvePattern(_ text: [UInt8], _ call: Call) throws(DOSError) -> PathPattern {
        guard !text.isEmpty else { throw .fileNotFound }
        guard text.count <= DOSKernel.pathLimit else { throw .pathNotFound }
        var rest = text[...]
        var drive = currentDrive(call.memory)
        if rest.count >= 2, rest[rest.startIndex + 1] == UInt8(ascii: ":") {
            let letter = ShortName.uppercase(rest[rest.startIndex])
            guard (0x41...0x5A).contains(letter) else { throw .pathNotFound }
            drive = letter - 0x41
            rest = rest.dropFirst(2)
        }
        let isSlash = { (byte: UInt8) in byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "/") }
        let isAbsolute = rest.first.map(isSlash) ?? false
        let endsInSlash = rest.last.map(isSlash) ?? false
        let parts = rest.split(whereSeparator: isSlash)
        if let last = parts.last, !endsInSlash, let device = CharacterDevice(name: last) {
            if parts.count > 1 { try checkDirectory(rest, of: device, drive, call) }
            return PathPattern(drive: drive, directory: VolumePath(), pattern: [], device: device)
        }
        guard hasVolume(drive) else { throw .pathNotFound }
        call.fault.drive = drive
        var directory = isAbsolute ? VolumePath() : currentDirectory(drive, call.memory)
        for (index, part) in parts.enumerated() {
            if part.elementsEqual([UInt8(ascii: ".")]) { continue }
            if part.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) {
                guard !directory.isRoot else { throw .pathNotFound }
                directory = directory.parent
                continue
            }
            let isLast = index == parts.count - 1 && !endsInSlash
            guard let pattern = DOSKernel.namePattern(part) else { throw isLast ? .invalidData : .pathNotFound }
            if isLast { return PathPattern(drive: drive, directory: directory, pattern: pattern) }
            guard !pattern.contains(UInt8(ascii: "?")) else { throw .pathNotFound }
            directory = directory.appending(ShortName(padded: pattern))
        }
        return PathPattern(drive: drive, directory: directory, pattern: [], endsInSlash: endsInSlash)
    }

    /// A device is found in every directory that exists, and in one called `DEV`.
    private func checkDirectory(
        _ rest: ArraySlice<UInt8>, of device: CharacterDevice, _ drive: UInt8, _ call: Call
    ) throws(DOSError) {
        let isSlash = { (byte: UInt8) in byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "/") }
        guard let slash = rest.lastIndex(where: isSlash) else { return }
        let directory = Array(rest[rest.startIndex...slash])
        if directory.map(ShortName.uppercase).filter({ !isSlash($0) }) == Array("DEV".utf8) { return }
        let found = try resolvePattern([0x41 &+ drive, UInt8(ascii: ":")] + directory, call)
        let isDirectory = (try? volume(drive).entry(at: found.directory))?.isDirectory ?? false
        guard isDirectory else { throw .pathNotFound }
    }

    /// Eleven bytes from `NAME.EXT` with wildcards: `*` fills its field with `?`. Nil for characters that no name has.
    static func namePattern(_ text: some Collection<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty else { return nil }
        guard let first = field(name, width: 8),
            let second = field(parts.count > 1 ? Array(parts[1]) : [], width: 3)
        else { return nil }
        return first + second
    }

    private static func field(_ text: some Collection<UInt8>, width: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        for byte in text {
            guard byte != UInt8(ascii: "*") else {
                bytes += [UInt8](repeating: UInt8(ascii: "?"), count: max(0, width - bytes.count))
                break
            }
            guard byte == UInt8(ascii: "?") || ShortName.isAllowed(byte) else { return nil }
            bytes.append(ShortName.uppercase(byte))
        }
        return Array((bytes + [UInt8](repeating: UInt8(ascii: " "), count: width)).prefix(width))
    }

    /// Whether a name matches a pattern of eleven bytes.
    static func matches(_ name: ShortName, _ pattern: [UInt8]) -> Bool {
        zip(name.bytes, pattern).allSatisfy { $1 == UInt8(ascii: "?") || $0 == $1 }
    }

    /// `C:\DIR\NAME.EXT` in the code page.
    static func text(drive: UInt8, path: VolumePath) -> [UInt8] {
        var text = [0x41 &+ drive, UInt8(ascii: ":"), UInt8(ascii: "\\")]
        for (index, name) in path.names.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "\\")) }
            text += name.dottedBytes
        }
        return text
    }
}
