import Core
import Storage

/// Characters that have a meaning in command lines.
enum Character8 {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let endOfFile: UInt8 = 0x1A
    static let escape: UInt8 = 0x1B
    static let space: UInt8 = 0x20
    static let quote = UInt8(ascii: "\"")
    static let percent = UInt8(ascii: "%")
    static let slash = UInt8(ascii: "/")
    static let backslash = UInt8(ascii: "\\")
    static let colon = UInt8(ascii: ":")
    static let dot = UInt8(ascii: ".")
    static let equals = UInt8(ascii: "=")
    static let plus = UInt8(ascii: "+")
    static let semicolon = UInt8(ascii: ";")
    static let at = UInt8(ascii: "@")
    static let star = UInt8(ascii: "*")
    static let question = UInt8(ascii: "?")

    /// What separates arguments: blank, tab, comma, semicolon, equals.
    static func isDelimiter(_ byte: UInt8) -> Bool { " \t,;=".utf8.contains(byte) }
    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) && byte < 0x80 }
}

extension StringProtocol {
    /// The text in the code page; what it lacks becomes a question mark.
    var dosText: [UInt8] { CodePage.cp437.bytes(String(self)) ?? [] }
}

extension Collection where Element == UInt8 {
    /// Upper case as DOS has it for file names.
    var uppercased: [UInt8] { map(ShortName.uppercase) }

    func isSame(as other: String) -> Bool { uppercased == other.dosText }

    /// Without blanks and tabs at both ends.
    var trimmed: [UInt8] {
        var slice = ArraySlice(Array(self))
        while let first = slice.first, Character8.isBlank(first) { slice.removeFirst() }
        while let last = slice.last, Character8.isBlank(last) { slice.removeLast() }
        return Array(slice)
    }

    /// Without leading delimiters.
    var withoutLeadingDelimiters: [UInt8] { Array(drop(while: Character8.isDelimiter)) }

    var hasWildcard: Bool { contains { $0 == Character8.star || $0 == Character8.question } }

    /// The leading decimal number, at most 65535; nil if there is no digit.
    var leadingNumber: Int? {
        let digits = prefix(while: Character8.isDigit)
        guard !digits.isEmpty else { return nil }
        return digits.reduce(0) { Swift.min($0 * 10 + Int($1 - 0x30), 65_535) }
    }

    /// Whether it ends in `text`, in any case.
    func hasSuffix(_ text: String) -> Bool { Array(self).suffix(text.utf8.count).uppercased == text.dosText }
}

/// Numbers in columns, without Foundation.
enum Columns {
    static func right(_ value: some BinaryInteger, _ width: Int, fill: Swift.Character = " ") -> String {
        let digits = String(value)
        return String(repeating: fill, count: Swift.max(0, width - digits.count)) + digits
    }

    static func two(_ value: some BinaryInteger) -> String { right(value, 2, fill: "0") }

    static func left(_ text: [UInt8], _ width: Int) -> [UInt8] {
        text + [UInt8](repeating: Character8.space, count: Swift.max(0, width - text.count))
    }
}

/// Paths as people type them.
enum ShellPath {
    /// The part up to and with the last `\`, `/` or the drive's colon, and the rest.
    static func split(_ path: [UInt8]) -> (directory: [UInt8], name: [UInt8]) {
        let end = path.lastIndex { $0 == Character8.backslash || $0 == Character8.slash || $0 == Character8.colon }
        guard let end else { return ([], path) }
        return (Array(path[...end]), Array(path[(end + 1)...]))
    }

    /// `directory` and `name` with one separator between them where one is needed.
    static func join(_ directory: [UInt8], _ name: [UInt8]) -> [UInt8] {
        guard let last = directory.last, last != Character8.backslash, last != Character8.slash,
            last != Character8.colon
        else { return directory + name }
        return directory + [Character8.backslash] + name
    }

    /// The drive letter's number (0 = A:) if the path begins with one.
    static func drive(_ path: [UInt8]) -> UInt8? {
        guard path.count >= 2, path[1] == Character8.colon, Character8.isLetter(path[0]) else { return nil }
        return (path[0] & 0xDF) &- 0x41
    }

    /// Name and extension of the last part; the extension without its dot, nil if there is no dot.
    static func extensionOf(_ path: [UInt8]) -> [UInt8]? {
        let name = split(path).name
        guard let dot = name.lastIndex(of: Character8.dot) else { return nil }
        return Array(name[(dot + 1)...])
    }

    /// `NAME.EXT` made of the pattern's letters and, for `?` and `*`, those of `name`.
    static func merge(pattern: [UInt8], name: [UInt8]) -> [UInt8] {
        let wanted = padded(pattern)
        let given = padded(name)
        let merged = zip(wanted, given).map { $0 == Character8.question ? $1 : $0 }
        let stem = trimEnd(merged[0..<8])
        let suffix = trimEnd(merged[8..<11])
        return suffix.isEmpty ? stem : stem + [Character8.dot] + suffix
    }

    /// Whether `name` (8.3) matches `pattern` with `*` and `?`.
    static func matches(pattern: [UInt8], name: [UInt8]) -> Bool {
        zip(padded(pattern), padded(name)).allSatisfy { $0 == Character8.question || $0 == $1 }
    }

    /// Eleven characters, upper case, `*` spread to question marks.
    private static func padded(_ text: [UInt8]) -> [UInt8] {
        let parts = text.split(separator: Character8.dot, maxSplits: 1, omittingEmptySubsequences: false)
        return field(parts.first ?? [], 8) + field(parts.count > 1 ? parts[1] : [], 3)
    }

    private static func field(_ part: ArraySlice<UInt8>, _ width: Int) -> [UInt8] {
        var result: [UInt8] = []
        for byte in part where result.count < width {
            if byte == Character8.star {
                result += [UInt8](repeating: Character8.question, count: width - result.count)
            } else {
                result.append(ShortName.uppercase(byte))
            }
        }
        return Columns.left(result, width)
    }

    private static func trimEnd(_ slice: ArraySlice<UInt8>) -> [UInt8] {
        var slice = slice
        while slice.last == Character8.space { slice.removeLast() }
        return Array(slice)
    }
}
