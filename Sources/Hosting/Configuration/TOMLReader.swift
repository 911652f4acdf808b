/// Reads TOML: comments, tables, bare, quoted and dotted keys, all strings, integers, floats, booleans, arrays and inline
/// tables. Arrays of tables and dates are refused with a message: no setting has them.
///
/// Source: TOML v1.0.0, toml.io.
public struct TOMLReader {
    /// Deepest nesting of arrays and inline tables.
    static let depthLimit = 32

    let bytes: [UInt8]
    var index = 0
    private var line = 1
    private var lineStart = 0
    private var entries: [TOMLEntry] = []
    private var tables: Set<[String]> = []
    private var values: Set<[String]> = []

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// All keys of `text` in the order in which they stand. Tables are flattened into the paths; inline tables too.
    public static func read(_ text: String) throws(TOMLError) -> [TOMLEntry] {
        var reader = TOMLReader(text)
        try reader.document()
        return reader.entries
    }

    // MARK: Characters

    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    func peek(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            index + text.count <= bytes.count && text.indices.allSatisfy { bytes[index + $0] == text[$0] }
        }
    }

    mutating func take() -> UInt8? {
        guard index < bytes.count else { return nil }
        defer { index += 1 }
        if bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        return bytes[index]
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        _ = take()
        return true
    }

    /// Columns count characters, not bytes.
    var position: TextPosition {
        let before = bytes[min(lineStart, index)..<index]
        return TextPosition(line: line, column: before.reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 })
    }

    func error(_ message: String, at position: TextPosition? = nil) -> TOMLError {
        TOMLError(message: message, position: position ?? self.position)
    }

    mutating func skipBlanks() {
        while peek == 0x20 || peek == 0x09 { index += 1 }
    }

    /// Skips blanks, line ends and comments.
    mutating func skipLines() throws(TOMLError) {
        while true {
            skipBlanks()
            if peek == UInt8(ascii: "#") {
                try comment()
            } else if peek == 0x0A || peek("\r\n") {
                _ = take(0x0D)
                _ = take()
            } else {
                return
            }
        }
    }

    private mutating func comment() throws(TOMLError) {
        while let byte = peek, byte != 0x0A, !peek("\r\n") {
            guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else { throw error("a control character in a comment") }
            index += 1
        }
    }

    private mutating func endOfLine() throws(TOMLError) {
        skipBlanks()
        if peek == UInt8(ascii: "#") { try comment() }
        guard peek == nil || peek == 0x0A || peek("\r\n") else { throw error("the end of the line is expected here") }
    }

    // MARK: Structure

    private mutating func document() throws(TOMLError) {
        var table: [String] = []
        if peek("\u{FEFF}") { index += 3 }
        while true {
            try skipLines()
            guard peek != nil else { return }
            if peek == UInt8(ascii: "[") {
                table = try tableHeader()
            } else {
                try keyAndValue(in: table)
            }
            try endOfLine()
        }
    }

    private mutating func tableHeader() throws(TOMLError) -> [String] {
        let start = position
        if peek("[[") { throw error("arrays of tables are not used in these files") }
        index += 1
        skipBlanks()
        let path = try keyPath()
        guard take(UInt8(ascii: "]")) else { throw error("']' is expected here") }
        guard tables.insert(path).inserted else {
            throw error("the table [\(path.joined(separator: "."))] stands here a second time", at: start)
        }
        guard !(1...path.count).contains(where: { values.contains(Array(path.prefix($0))) }) else {
            throw error("'\(path.joined(separator: "."))' is a value already", at: start)
        }
        return path
    }

    private mutating func keyAndValue(in table: [String]) throws(TOMLError) {
        let start = position
        let path = table + (try keyPath())
        guard take(UInt8(ascii: "=")) else { throw error("'=' is expected here") }
        skipBlanks()
        try add(path, try value(depth: 0), at: start)
    }

    private mutating func add(_ path: [String], _ value: TOMLValue, at position: TextPosition) throws(TOMLError) {
        let name = path.joined(separator: ".")
        guard !tables.contains(path) else { throw error("'\(name)' is a table already", at: position) }
        guard !(1..<path.count).contains(where: { values.contains(Array(path.prefix($0))) }) else {
            throw error("a part of '\(name)' is a value already", at: position)
        }
        if case .table(let inner) = value {
            guard tables.insert(path).inserted, !values.contains(path) else {
                throw error("'\(name)' is set a second time", at: position)
            }
            for entry in inner { try add(path + entry.path, entry.value, at: entry.position) }
            return
        }
        guard values.insert(path).inserted else { throw error("'\(name)' is set a second time", at: position) }
        entries.append(TOMLEntry(path: path, value: value, position: position))
    }

    /// A key, dotted perhaps, and the blanks after it.
    mutating func keyPath() throws(TOMLError) -> [String] {
        var path: [String] = []
        repeat {
            skipBlanks()
            path.append(try key())
            skipBlanks()
            guard path.count <= TOMLReader.depthLimit else { throw error("a key with too many parts") }
        } while take(UInt8(ascii: "."))
        return path
    }

    private mutating func key() throws(TOMLError) -> String {
        if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") {
            if peek("\"\"\"") || peek("'''") { throw error("a key cannot have several lines") }
            return try string()
        }
        let start = index
        while let byte = peek, TOMLReader.isBareKey(byte) { index += 1 }
        guard index > start else { throw error("a key is expected here") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    static func isBareKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
