extension TOMLReader {
    /// Reads one value alone, as `--set` gives it; nil if it is not one.
    static func value(_ text: String) -> TOMLValue? {
        guard let entries = try? read("value = " + text), let entry = entries.first, entries.count == 1 else {
            return nil
        }
        return entry.value
    }

    mutating func value(depth: Int) throws(TOMLError) -> TOMLValue {
        guard depth < TOMLReader.depthLimit else { throw error("values are nested too deeply") }
        guard let byte = peek else { throw error("a value is expected here") }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "{"): return try inlineTable(depth: depth)
        default: return try scalar()
        }
    }

    private mutating func array(depth: Int) throws(TOMLError) -> TOMLValue {
        _ = take()
        var items: [TOMLValue] = []
        while true {
            try skipLines()
            if take(UInt8(ascii: "]")) { return .array(items) }
            items.append(try value(depth: depth + 1))
            try skipLines()
            if take(UInt8(ascii: ",")) { continue }
            guard peek == UInt8(ascii: "]") else { throw error("',' or ']' is expected here") }
        }
    }

    private mutating func inlineTable(depth: Int) throws(TOMLError) -> TOMLValue {
        _ = take()
        var items: [TOMLEntry] = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .table(items) }
        while true {
            skipBlanks()
            let start = position
            let path = try keyPath()
            guard take(UInt8(ascii: "=")) else { throw error("'=' is expected here") }
            skipBlanks()
            items.append(TOMLEntry(path: path, value: try value(depth: depth + 1), position: start))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .table(items) }
            guard take(UInt8(ascii: ",")) else { throw error("',' or '}' is expected here") }
        }
    }

    // MARK: Numbers and booleans

    private mutating func scalar() throws(TOMLError) -> TOMLValue {
        let start = position
        let first = index
        while let byte = peek, TOMLReader.isBareKey(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") {
            index += 1
        }
        let text = String(decoding: bytes[first..<index], as: UTF8.self)
        if peek == UInt8(ascii: ":") { throw error("dates and times are written as strings here", at: start) }
        switch text {
        case "": throw error("a value is expected here", at: start)
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: break
        }
        if let value = TOMLReader.integer(text) { return .integer(value) }
        if let value = TOMLReader.float(text) { return .float(value) }
        throw error("'\(text)' is not a value; strings stand in quotes", at: start)
    }

    /// Removes the underscores of a number; nil if one does not stand between two digits.
    private static func digits(_ text: Substring) -> String? {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        let isRight =
            parts.count == 1
            || parts.allSatisfy { part in
                guard let first = part.first, let last = part.last else { return false }
                return first.isHexDigit && last.isHexDigit
            }
        return isRight ? parts.joined() : nil
    }

    private static func integer(_ text: String) -> Int64? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
            guard let digits = digits(text.dropFirst(2)), digits.first != "+", digits.first != "-" else { return nil }
            return Int64(digits, radix: radix)
        }
        let unsigned = text.first == "+" || text.first == "-" ? text.dropFirst() : text[...]
        guard unsigned.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "_" }) else { return nil }
        guard let digits = digits(unsigned), digits == "0" || digits.first != "0" else { return nil }
        return Int64(text.first == "-" ? "-" + digits : digits)
    }

    private static func float(_ text: String) -> Double? {
        let unsigned = text.first == "+" || text.first == "-" ? text.dropFirst() : text[...]
        guard let first = unsigned.first, first.isASCII, first.isNumber, let digits = digits(unsigned) else {
            return nil
        }
        let allowed = digits.allSatisfy { $0.isASCII && ($0.isNumber || ".eE+-".contains($0)) }
        guard allowed, digits.last != ".", !digits.contains(".e"), !digits.contains(".E") else { return nil }
        let whole = digits.prefix { $0.isNumber }
        guard whole == "0" || whole.first != "0" else { return nil }
        guard let value = Double(digits), value.isFinite else { return nil }
        return text.first == "-" ? -value : value
    }

    // MARK: Strings

    mutating func string() throws(TOMLError) -> String {
        let quote = peek ?? 0
        let isBasic = quote == UInt8(ascii: "\"")
        let isLong = isBasic ? peek("\"\"\"") : peek("'''")
        for _ in 0..<(isLong ? 3 : 1) { _ = take() }
        if isLong {
            if peek("\r\n") { index += 1 }
            _ = take(0x0A)
        }
        var text: [UInt8] = []
        while let byte = peek {
            if byte == quote, !isLong || (isBasic ? peek("\"\"\"") : peek("'''")) {
                for _ in 0..<(isLong ? 3 : 1) { _ = take() }
                // Up to two quotes may stand before the three that close.
                for _ in 0..<2 where isLong && peek == quote { text.append(take() ?? quote) }
                return String(decoding: text, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\"), isBasic {
                try escape(into: &text, isLong: isLong)
            } else if byte == 0x0A || peek("\r\n") {
                guard isLong else { break }
                text.append(take() ?? 0)
            } else if byte < 0x20 && byte != 0x09 || byte == 0x7F {
                throw error("a control character in a string")
            } else {
                text.append(take() ?? 0)
            }
        }
        throw error("the string is not closed")
    }

    private mutating func escape(into text: inout [UInt8], isLong: Bool) throws(TOMLError) {
        let start = position
        index += 1
        switch peek {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = peek == UInt8(ascii: "u") ? 4 : 8
            let digits = String(decoding: bytes[min(index + 1, bytes.count)...].prefix(count), as: UTF8.self)
            guard digits.count == count, digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: 16),
                let scalar = Unicode.Scalar(code)
            else { throw error("a Unicode escape needs \(count) hex digits of a character", at: start) }
            text += Array(String(scalar).utf8)
            index += count
        default:
            try lineEndingEscape(isLong: isLong, start: start)
            return
        }
        index += 1
    }

    /// A backslash at the end of a line takes away the line end and all blanks that follow.
    private mutating func lineEndingEscape(isLong: Bool, start: TextPosition) throws(TOMLError) {
        skipBlanks()
        guard isLong, peek == 0x0A || peek("\r\n") else {
            throw error("an unknown escape; a backslash in a path is written twice or in single quotes", at: start)
        }
        while let byte = peek, byte == 0x0A || byte == 0x20 || byte == 0x09 || peek("\r\n") { _ = take() }
    }
}
