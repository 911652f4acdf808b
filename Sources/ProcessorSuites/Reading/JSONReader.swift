/// Reads JSON (RFC 8259) front to back, without building a tree; every read is checked and errors name their place.
///
/// Nothing is allocated for values that are skipped, and nesting is bounded.
struct JSONReader {
    let path: String
    private let bytes: [UInt8]
    private(set) var position: Int
    private var depth = 0

    static let deepest = 32

    init(path: String, bytes: [UInt8], position: Int = 0) {
        self.path = path
        self.bytes = bytes
        self.position = position
    }

    /// Whether the first thing in `bytes` is an array, as in a file of tests.
    static func looksLikeArray(_ bytes: [UInt8]) -> Bool {
        bytes.first { !isBlank($0) && ![0xEF, 0xBB, 0xBF].contains($0) } == UInt8(ascii: "[")
    }

    func error(_ reason: String, at place: Int? = nil) -> SuiteError {
        SuiteError(path, offset: place ?? position, reason)
    }

    // MARK: Structure

    /// Reads an array; `element` must read one value each time.
    mutating func array(_ element: (inout JSONReader) throws(SuiteError) -> Void) throws(SuiteError) {
        try open("[", "an array")
        if try take("]") { return depth -= 1 }
        repeat { try element(&self) } while try take(",")
        try close("]")
    }

    /// Reads an object; `member` must read the value each time. The position is behind the colon then.
    mutating func object(
        _ member: (inout JSONReader, _ key: String) throws(SuiteError) -> Void
    ) throws(SuiteError) {
        try open("{", "an object")
        if try take("}") { return depth -= 1 }
        repeat {
            let key = try string(limit: 256)
            guard try take(":") else { throw error("a colon is missing") }
            try member(&self, key)
        } while try take(",")
        try close("}")
    }

    private mutating func open(_ bracket: Unicode.Scalar, _ name: String) throws(SuiteError) {
        guard try take(bracket) else { throw error("\(name) is expected here") }
        depth += 1
        if depth > JSONReader.deepest { throw error("the nesting is deeper than \(JSONReader.deepest)") }
    }

    private mutating func close(_ bracket: Unicode.Scalar) throws(SuiteError) {
        guard try take(bracket) else { throw error("a comma or '\(bracket)' is expected here") }
        depth -= 1
    }

    /// Checks that nothing but blanks follows.
    mutating func end() throws(SuiteError) {
        skipBlanks()
        guard position == bytes.count else { throw error("something follows the end of the contents") }
    }

    /// Where the next value begins.
    mutating func nextPlace() -> Int {
        skipBlanks()
        return position
    }

    // MARK: Values

    /// A whole number in `range`.
    mutating func integer(_ range: ClosedRange<Int>) throws(SuiteError) -> Int {
        skipBlanks()
        let start = position
        let isNegative = bytes.indices.contains(position) && bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var value = 0
        let first = position
        while position < bytes.count, case let digit = bytes[position] &- 0x30, digit < 10 {
            if position - first > 15 { throw error("the number is too long", at: start) }
            value = value * 10 + Int(digit)
            position += 1
        }
        guard position > first else {
            throw error(position < bytes.count ? "a whole number is expected here" : "the file ends early", at: start)
        }
        if position < bytes.count, [0x2E, 0x45, 0x65].contains(bytes[position]) {
            throw error("a whole number is expected here", at: start)
        }
        value = isNegative ? -value : value
        guard range.contains(value) else {
            throw error("\(value) is not between \(range.lowerBound) and \(range.upperBound)", at: start)
        }
        return value
    }

    /// A string of at most `limit` bytes.
    mutating func string(limit: Int) throws(SuiteError) -> String {
        skipBlanks()
        let start = position
        let contents = try rawString()
        guard contents.count <= limit else { throw error("the text is longer than \(limit) bytes", at: start) }
        return bytes[contents].contains(UInt8(ascii: "\\"))
            ? try unescape(contents) : String(decoding: bytes[contents], as: UTF8.self)
    }

    /// Whether the next value is a string.
    mutating func isString() -> Bool {
        skipBlanks()
        return position < bytes.count && bytes[position] == UInt8(ascii: "\"")
    }

    /// Reads past any value.
    mutating func skipValue() throws(SuiteError) {
        skipBlanks()
        guard position < bytes.count else { throw error("the file ends early") }
        switch bytes[position] {
        case UInt8(ascii: "["): try array { reader throws(SuiteError) in try reader.skipValue() }
        case UInt8(ascii: "{"): try object { reader, _ throws(SuiteError) in try reader.skipValue() }
        case UInt8(ascii: "\""): _ = try rawString()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try skipNumber()
        }
    }

    private mutating func skipNumber() throws(SuiteError) {
        let start = position
        while position < bytes.count, JSONReader.isNumber(bytes[position]) { position += 1 }
        guard position > start, bytes[start] &- 0x30 < 10 || bytes[start] == UInt8(ascii: "-") else {
            throw error("a value is expected here", at: start)
        }
    }

    private mutating func word(_ text: StaticString) throws(SuiteError) {
        let matches = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard matches else { throw error("a value is expected here") }
        position += text.utf8CodeUnitCount
    }

    // MARK: Characters

    /// Takes `scalar` behind blanks; false if something else is there.
    private mutating func take(_ scalar: Unicode.Scalar) throws(SuiteError) -> Bool {
        skipBlanks()
        guard position < bytes.count else { throw error("the file ends early") }
        guard bytes[position] == UInt8(truncatingIfNeeded: scalar.value) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while position < bytes.count, JSONReader.isBlank(bytes[position]) { position += 1 }
        if position == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
            skipBlanks()
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private static func isNumber(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }

    /// Where the characters between two quotation marks are; the position is behind them.
    private mutating func rawString() throws(SuiteError) -> Range<Int> {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw error("a text is expected here")
        }
        position += 1
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<position - 1
            }
            if byte < 0x20 { throw error("a text must not hold control characters") }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        position = bytes.count
        throw error("the file ends early")
    }

    private func unescape(_ range: Range<Int>) throws(SuiteError) -> String {
        var text = ""
        var at = range.lowerBound
        var plain: [UInt8] = []
        while at < range.upperBound {
            guard bytes[at] == UInt8(ascii: "\\") else {
                plain.append(bytes[at])
                at += 1
                continue
            }
            text += String(decoding: plain, as: UTF8.self)
            plain = []
            let known: [Character: Unicode.Scalar] = [
                "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
            ]
            if let scalar = known[Character(Unicode.Scalar(bytes[at + 1]))] {
                text.unicodeScalars.append(scalar)
                at += 2
            } else if bytes[at + 1] == UInt8(ascii: "u"), at + 6 <= range.upperBound,
                let code = UInt16(String(decoding: bytes[(at + 2)..<(at + 6)], as: UTF8.self), radix: 16)
            {
                // Halves of a pair are not joined: names of tests have none.
                text.unicodeScalars.append(Unicode.Scalar(code) ?? "\u{FFFD}")
                at += 6
            } else {
                throw error("there is no such escape", at: at)
            }
        }
        return text + String(decoding: plain, as: UTF8.self)
    }
}
