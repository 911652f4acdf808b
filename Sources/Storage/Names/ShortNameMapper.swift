import Core

/// Gives the files of a host directory their 8.3 names. See docs/decisions/0002-short-names.md.
///
/// The names are a function of the set of host names alone: neither the order of a listing nor what happened before
/// matters. A host name that is a valid 8.3 name in any case keeps itself. Any other becomes up to three of its
/// characters, `~` and four digits made from all its bytes, such as `LON~4F7A.TXT`, so that it stays the same whatever
/// other files come and go. Only where two names ask for one short name does the second depend on the first.
///
/// Host names are bytes, as Linux has them: they need not be UTF-8.
public struct ShortNameMapper {
    /// The host names, sorted by their bytes.
    public let hostNames: [[UInt8]]
    /// The short name of each of `hostNames`. Nil only if 256 tries found no free short name, which takes a
    /// directory with about a million long names that begin alike.
    public let shortNames: [ShortName?]

    public init(_ names: some Sequence<[UInt8]>) {
        let sorted = names.sorted { $0.lexicographicallyPrecedes($1) }
        hostNames = sorted
        shortNames = ShortNameMapper.assign(sorted)
    }

    /// The host name that `short` stands for, among `names`.
    public static func hostName(of short: ShortName, in names: [[UInt8]]) -> [UInt8]? {
        // Most names are not of the made-up form; then only names that are their own short names can answer.
        let wanted = short.dottedBytes
        let claimants = names.filter { mayBe($0, wanted) && ownName(of: $0) == short }
        if let winner = claimants.min(by: isPreferred) { return winner }
        guard short.looksMadeUp else { return nil }
        let mapper = ShortNameMapper(names)
        return mapper.shortNames.firstIndex(of: short).map { mapper.hostNames[$0] }
    }

    /// The spelling that a new host file gets: lower case, UTF-8. Nil if no drive can hold `short`.
    public static func hostSpelling(of short: ShortName) -> [UInt8]? {
        guard short.isStorable else { return nil }
        return Array(CodePage.cp437.text(short.dottedBytes.map(ShortName.lowercase)).utf8)
    }

    /// The upper-case host spelling of `short`. Nil if no drive can hold it.
    public static func upperSpelling(of short: ShortName) -> [UInt8]? {
        guard short.isStorable else { return nil }
        return Array(CodePage.cp437.text(short.dottedBytes).utf8)
    }

    /// The short name that a host name is by itself: nil unless it is a valid 8.3 name, whatever its case.
    public static func ownName(of hostName: [UInt8]) -> ShortName? {
        // Twelve characters of code page 437 have at most three bytes each in UTF-8.
        guard hostName.count <= 36, let code = codePageBytes(hostName), code.count <= 12 else { return nil }
        let dot = code.firstIndex(of: UInt8(ascii: "."))
        let (name, suffix) = (code[..<(dot ?? code.count)], code[(dot.map { $0 + 1 } ?? code.count)...])
        guard (1...8).contains(name.count), suffix.count <= 3, dot == nil || !suffix.isEmpty else { return nil }
        guard let short = ShortName(code), !short.isDevice else { return nil }
        return short
    }

    /// A quick test that rejects most names that are not `wanted`, and never one that is.
    private static func mayBe(_ hostName: [UInt8], _ wanted: [UInt8]) -> Bool {
        if hostName.count == wanted.count, zip(hostName, wanted).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) { return true }
        return hostName.count <= 36 && hostName.contains { $0 >= 0x80 }
    }

    // MARK: Preference

    /// Which of two host names with one short name keeps it: all upper case, then all lower case, then by bytes.
    /// Only the plain spellings of the short name can be in the first two places, so that a file system can ask for
    /// them directly.
    private static func isPreferred(_ a: [UInt8], to b: [UInt8]) -> Bool {
        let (rankA, rankB) = (rank(a), rank(b))
        return rankA != rankB ? rankA < rankB : a.lexicographicallyPrecedes(b)
    }

    private static func rank(_ hostName: [UInt8]) -> Int {
        guard let short = ownName(of: hostName) else { return 3 }
        if hostName == upperSpelling(of: short) { return 0 }
        return hostName == hostSpelling(of: short) ? 1 : 2
    }

    // MARK: Assignment

    private static func assign(_ sorted: [[UInt8]]) -> [ShortName?] {
        var result = [ShortName?](repeating: nil, count: sorted.count)
        var owners: [ShortName: Int] = [:]
        for (index, name) in sorted.enumerated() {
            guard let own = ownName(of: name) else { continue }
            if let rival = owners[own], !isPreferred(name, to: sorted[rival]) { continue }
            owners[own] = index
        }
        for (short, index) in owners { result[index] = short }
        // Everyone's first choice goes first, so that a name that has to step aside disturbs nobody.
        var waiting: [Int] = []
        for index in sorted.indices where result[index] == nil {
            let choice = madeUpName(sorted[index], attempt: 0)
            if owners[choice] == nil {
                owners[choice] = index
                result[index] = choice
            } else {
                waiting.append(index)
            }
        }
        for index in waiting {
            for attempt in UInt32(1)..<256 {
                let choice = madeUpName(sorted[index], attempt: attempt)
                guard owners[choice] == nil else { continue }
                owners[choice] = index
                result[index] = choice
                break
            }
        }
        return result
    }

    /// Crockford's digits: no I, L, O, U to misread.
    static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private static func madeUpName(_ hostName: [UInt8], attempt: UInt32) -> ShortName {
        let underscore = UInt8(ascii: "_")
        var code: [UInt8] =
            codePageBytes(hostName, replacement: underscore) ?? hostName.map { $0 < 0x80 ? $0 : underscore }
        while let last = code.last, last == UInt8(ascii: ".") || last == UInt8(ascii: " ") { code.removeLast() }
        let start = code.firstIndex { $0 != UInt8(ascii: ".") } ?? code.endIndex
        code = Array(code[start...])
        let dot = code.lastIndex(of: UInt8(ascii: "."))
        let stem = plain(code[..<(dot ?? code.count)]).prefix(3)
        let suffix = plain(code[(dot.map { $0 + 1 } ?? code.count)...]).prefix(3)
        let hash = hash(hostName, attempt)
        let tail = (0..<4).map { digits[Int(truncatingIfNeeded: hash >> (5 * $0)) & 31] }
        let name = Array(stem) + [UInt8(ascii: "~")] + tail
        let blanks = { (count: Int) in [UInt8](repeating: UInt8(ascii: " "), count: count) }
        return ShortName(padded: name + blanks(8 - name.count) + suffix + blanks(3 - suffix.count))
    }

    /// Upper case, without blanks and dots; what DOS does not allow becomes `_`.
    private static func plain(_ part: ArraySlice<UInt8>) -> [UInt8] {
        part.compactMap { byte in
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: ".") { return nil }
            return ShortName.isAllowed(byte) ? ShortName.uppercase(byte) : UInt8(ascii: "_")
        }
    }

    /// FNV-1a over the name and the attempt, then mixed. The digits are part of what a user sees and may have written
    /// into a batch file, so this function must never change.
    private static func hash(_ hostName: [UInt8], _ attempt: UInt32) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in hostName { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ UInt64(attempt)) &* 0x100_0000_01B3
        hash ^= hash >> 32
        hash = hash &* 0xD6E8_FEB8_6659_FD93
        return hash ^ (hash >> 32)
    }

    /// `hostName` in code page 437. Nil if it is not UTF-8, or if the page lacks a character and there is no
    /// `replacement`.
    private static func codePageBytes(_ hostName: [UInt8], replacement: UInt8? = nil) -> [UInt8]? {
        if hostName.allSatisfy({ $0 < 0x80 }) { return hostName }
        guard let text = String(validating: hostName, as: UTF8.self) else { return nil }
        return CodePage.cp437.bytes(text, replacement: replacement)
    }
}

extension ShortName {
    /// Whether the name ends in `~` and four digits, as `ShortNameMapper` makes them.
    var looksMadeUp: Bool {
        let name = bytes[0..<8].prefix { $0 != UInt8(ascii: " ") }
        guard name.count >= 5, name[name.endIndex - 5] == UInt8(ascii: "~") else { return false }
        return name.suffix(4).allSatisfy(ShortNameMapper.digits.contains)
    }
}
