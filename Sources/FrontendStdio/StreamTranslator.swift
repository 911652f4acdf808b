import Core
import Hosting

/// How bytes pass between a DOS program and the host's streams.
public enum StreamEncoding: Sendable {
    /// Text: UTF-8 and LF outside, the code page and CR LF inside.
    case text
    /// Bytes as they are.
    case raw
}

/// Turns the host's input into what a DOS program reads: UTF-8 to the code page, line ends to CR LF.
struct InputTranslator: Sendable {
    private let encoding: StreamEncoding
    private let codePage: CodePage
    private var decoder = UTF8Decoder()
    private var last: UInt8 = 0

    init(_ encoding: StreamEncoding, _ codePage: CodePage = .cp437) {
        (self.encoding, self.codePage) = (encoding, codePage)
    }

    mutating func translate(_ bytes: some Collection<UInt8>) -> [UInt8] {
        guard encoding == .text else { return Array(bytes) }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80, !decoder.isInCharacter {
                add(byte, &out)
            } else {
                for scalar in decoder.feed(byte) { add(scalar, &out) }
            }
        }
        return out
    }

    /// The input has ended.
    mutating func finish() -> [UInt8] {
        var out: [UInt8] = []
        for scalar in decoder.flush() { add(scalar, &out) }
        return out
    }

    /// What the code page lacks becomes a question mark. A byte that was not UTF-8 comes as U+0080 to U+00FF.
    private mutating func add(_ scalar: Unicode.Scalar, _ out: inout [UInt8]) {
        add(codePage.code(of: scalar) ?? UInt8(ascii: "?"), &out)
    }

    private mutating func add(_ byte: UInt8, _ out: inout [UInt8]) {
        if byte == 0x0A, last != 0x0D { out.append(0x0D) }
        out.append(byte)
        last = byte
    }
}

/// Turns a DOS program's output into UTF-8 with LF. A CR that stands alone stays.
struct OutputTranslator: Sendable {
    private let encoding: StreamEncoding
    private var hasCarriageReturn = false
    /// The characters 80h to FFh in UTF-8.
    private let upperHalf: [[UInt8]]

    init(_ encoding: StreamEncoding, _ codePage: CodePage = .cp437) {
        self.encoding = encoding
        upperHalf = codePage.scalars[0x80...].map { Array(String($0).utf8) }
    }

    mutating func translate(_ bytes: UnsafeRawBufferPointer, into out: inout [UInt8]) {
        guard encoding == .text else { return out.append(contentsOf: bytes) }
        for byte in bytes {
            if hasCarriageReturn {
                hasCarriageReturn = false
                if byte != 0x0A { out.append(0x0D) }
            }
            if byte == 0x0D {
                hasCarriageReturn = true
            } else if byte < 0x80 {
                out.append(byte)
            } else {
                out.append(contentsOf: upperHalf[Int(byte) - 0x80])
            }
        }
    }

    /// A CR at the very end.
    mutating func finish(into out: inout [UInt8]) {
        if hasCarriageReturn { out.append(0x0D) }
        hasCarriageReturn = false
    }

}
