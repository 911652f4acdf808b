import X86

/// A file of captured tests, in the MOO format or as JSON, gzip-compressed or plain. Tests are decoded one at a time.
public struct TestFile: Sendable {
    private enum Format { case moo, json }

    public let path: String
    /// The processor that the file names; nil for JSON, which does not.
    public let processor: ProcessorModel?
    private let format: Format
    private let bytes: [UInt8]
    /// Where each test begins.
    private let places: [UInt32]

    public var count: Int { places.count }

    /// Reads a file and finds its tests. Their contents are checked when they are decoded.
    public init(path: String) throws(SuiteError) {
        try self.init(path: path, bytes: SuiteFile.readCompressed(path))
    }

    /// `bytes` is the decompressed contents; `path` is for messages.
    public init(path: String, bytes: [UInt8]) throws(SuiteError) {
        if bytes.isEmpty { throw SuiteError(path, offset: 0, "the file is empty") }
        self.path = path
        self.bytes = bytes
        if JSONReader.looksLikeArray(bytes) {
            format = .json
            processor = nil
            places = try JSONTests.places(in: JSONReader(path: path, bytes: bytes))
        } else {
            format = .moo
            (processor, places) = try MOOReader(path: path, bytes: bytes).scan()
        }
    }

    /// The test at `position`, from 0. Clocks are left out unless `withClocks`.
    public func test(_ position: Int, withClocks: Bool = true) throws(SuiteError) -> CapturedTest {
        let place = Int(places[position])
        switch format {
        case .moo:
            var reader = MOOReader(path: path, bytes: bytes, position: place)
            return try reader.test(withClocks: withClocks)
        case .json:
            var reader = JSONReader(path: path, bytes: bytes, position: place)
            return try JSONTests.test(&reader, position: position, withClocks: withClocks)
        }
    }

    /// The processor that the file at `path` names in its first bytes, nil if it does not.
    static func processor(of path: String) throws(SuiteError) -> ProcessorModel? {
        var bytes = try SuiteFile.read(path, prefix: 1 << 12)
        if SuiteFile.isCompressed(bytes) { bytes = try SuiteFile.inflate(bytes, path, prefix: 64) }
        if JSONReader.looksLikeArray(bytes) { return nil }
        var reader = MOOReader(path: path, bytes: bytes)
        return try reader.header()
    }
}

extension ProcessorModel {
    /// The model that a suite calls `name`.
    init?(suiteName name: String) {
        switch name.trimmed.uppercased() {
        case "8086": self = .i8086
        case "8088": self = .i8088
        case "80186", "C186", "186": self = .i80186
        case "80286", "C286", "286": self = .i80286
        default: return nil
        }
    }

    /// As users write it: "8086".
    public var name: String {
        switch self {
        case .i8088: "8088"
        case .i8086: "8086"
        case .i80186: "80186"
        case .i80286: "80286"
        }
    }
}

extension String {
    /// Without spaces and NULs at the end.
    var trimmed: String {
        var text = self
        while let last = text.unicodeScalars.last, last == " " || last == "\0" { text.unicodeScalars.removeLast() }
        return text
    }
}
