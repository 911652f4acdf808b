import X86

/// Which flags the manuals define after each instruction: `manifest.tsv` or `metadata.json` of a suite.
struct FlagsMasks {
    /// By form, "F7.6" or "00".
    private(set) var masks: [String: UInt16] = [:]
    /// The forms in the order of the manifest; empty if there is none.
    private(set) var forms: [String] = []
    /// Whether there is a manifest or metadata; without, all flags count as defined.
    private(set) var isKnown = false
    /// The processor that `metadata.json` names.
    private(set) var processor: ProcessorModel?

    /// What there is in `directory`, nothing if neither file is there.
    init(directory: String) throws(SuiteError) {
        let (manifest, metadata) = (directory + "/manifest.tsv", directory + "/metadata.json")
        isKnown = SuiteFile.isFile(metadata) || SuiteFile.isFile(manifest)
        if SuiteFile.isFile(metadata) { try readMetadata(metadata, SuiteFile.read(metadata, limit: 1 << 22)) }
        if SuiteFile.isFile(manifest) { try readManifest(manifest, SuiteFile.read(manifest, limit: 1 << 22)) }
    }

    /// The contents of the two files; the names are for messages.
    init(manifest: [UInt8], metadata: [UInt8]) throws(SuiteError) {
        try readMetadata("metadata.json", metadata)
        try readManifest("manifest.tsv", manifest)
    }

    /// The mask of a form: its own, or that of its opcode, or all flags.
    func mask(of form: String) -> UInt16 {
        masks[form] ?? masks[String(form.prefix { $0 != "." })] ?? 0xFFFF
    }

    // MARK: manifest.tsv

    private mutating func readManifest(_ path: String, _ bytes: [UInt8]) throws(SuiteError) {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let header = lines.first?.split(separator: "\t"), let nameColumn = header.firstIndex(of: "form"),
            let maskColumn = header.firstIndex(of: "flags_mask")
        else { throw SuiteError(path, offset: 0, "the first line names no columns 'form' and 'flags_mask'") }
        var offset = 0
        for (number, line) in lines.enumerated() {
            defer { offset += line.utf8.count + 1 }
            if number == 0 || line.isEmpty { continue }
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard columns.count > max(nameColumn, maskColumn), !columns[nameColumn].isEmpty,
                !columns[nameColumn].contains("/"), columns[maskColumn].hasPrefix("0x"),
                let mask = UInt16(columns[maskColumn].dropFirst(2), radix: 16)
            else { throw SuiteError(path, offset: offset, "line \(number + 1) is not a form with its mask") }
            forms.append(String(columns[nameColumn]))
            masks[String(columns[nameColumn])] = mask
        }
    }

    // MARK: metadata.json

    private mutating func readMetadata(_ path: String, _ bytes: [UInt8]) throws(SuiteError) {
        var reader = JSONReader(path: path, bytes: bytes)
        var name = ""
        var found: [String: UInt16] = [:]
        try reader.object { reader, key throws(SuiteError) in
            switch key {
            case "cpu": name = try reader.string(limit: 256)
            case "opcodes":
                try reader.object { reader, opcode throws(SuiteError) in
                    try FlagsMasks.readOpcode(&reader, opcode, into: &found)
                }
            default: try reader.skipValue()
            }
        }
        try reader.end()
        masks = found
        processor = ProcessorModel(suiteName: name)
    }

    private static func readOpcode(
        _ reader: inout JSONReader, _ form: String, into masks: inout [String: UInt16]
    ) throws(SuiteError) {
        var found = masks
        try reader.object { reader, key throws(SuiteError) in
            switch key {
            case "flags-mask": found[form] = UInt16(try reader.integer(0...0xFFFF))
            case "reg" where !form.contains("."):
                try reader.object { reader, number throws(SuiteError) in
                    try readOpcode(&reader, "\(form).\(number)", into: &found)
                }
            default: try reader.skipValue()
            }
        }
        masks = found
    }
}
