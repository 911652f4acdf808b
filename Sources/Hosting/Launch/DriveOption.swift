/// The argument of `--drive`: `C=DIR`, `C=DIR:ro`.
public struct DriveOption: Hashable, Sendable {
    /// 0 for A:, 2 for C:.
    public var letter: UInt8
    public var directory: String
    public var isReadOnly: Bool

    /// - Parameter origin: names the option or the file in messages.
    public init(_ text: String, origin: String) throws(HostingError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw HostingError("\(origin): '\(text)' names no drive; write it as C=DIR or C=DIR:ro")
        }
        try self.init(letter: String(parts[0]), path: String(parts[1]), origin: origin)
    }

    /// - Parameter path: the directory with `:ro` and the like after it.
    public init(letter: String, path: String, origin: String) throws(HostingError) {
        let name = letter.hasSuffix(":") ? String(letter.dropLast()) : letter
        guard let code = name.utf8.first, name.utf8.count == 1, (0x41...0x5A).contains(code & 0xDF) else {
            throw HostingError("\(origin): '\(letter)' is not a drive letter")
        }
        self.letter = (code & 0xDF) - 0x41
        guard self.letter != 25 else { throw HostingError("\(origin): Z: is Ochenta's own drive; take another letter") }
        var path = path
        isReadOnly = false
        if path.hasSuffix(":ro") {
            isReadOnly = true
            path.removeLast(3)
        }
        if path.contains(":overlay=") {
            throw CommandLineParser.notAvailable("\(origin): overlay=DIR, for a drive's changes,")
        }
        guard !path.isEmpty else { throw HostingError("\(origin): the drive has no directory") }
        directory = path
        switch HostFile.kind(path) {
        case .directory: break
        case .file:
            throw CommandLineParser.notAvailable("\(origin): '\(path)' is a file, and mounting images and archives")
        default: throw HostingError("\(origin): the directory '\(path)' does not exist")
        }
    }
}
