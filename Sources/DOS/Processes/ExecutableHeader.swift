/// The header of an .EXE file. Source: Ralf Brown's interrupt list, INT 21h AH=4Bh, table 01594.
struct ExecutableHeader {
    static let byteCount = 28

    var pages: Int
    var relocationCount: Int
    var headerParagraphs: Int
    var minimumParagraphs: Int
    var maximumParagraphs: Int
    var ss: UInt16
    var sp: UInt16
    var ip: UInt16
    var cs: UInt16
    var relocationOffset: Int

    /// Nil if the file is not an .EXE: it is then loaded as a .COM, as DOS does.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= ExecutableHeader.byteCount else { return nil }
        func word(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 }
        guard word(0) == 0x5A4D || word(0) == 0x4D5A else { return nil }
        pages = Int(word(4))
        relocationCount = Int(word(6))
        headerParagraphs = Int(word(8))
        minimumParagraphs = Int(word(10))
        maximumParagraphs = Int(word(12))
        ss = word(14)
        sp = word(16)
        ip = word(20)
        cs = word(22)
        relocationOffset = Int(word(24))
    }

    /// Paragraphs of the image. DOS counts whole pages and ignores the length of the last one; it is negative when the
    /// header claims to be longer than the file.
    var imageParagraphs: Int { pages * 32 - headerParagraphs }

    /// Whether the program is loaded at the upper end of its memory.
    var loadsHigh: Bool { maximumParagraphs == 0 }

    /// Paragraphs to allocate, PSP included, when `available` are there. Nil if they are too few.
    func allocation(available: Int) -> Int? {
        let bare = imageParagraphs + Int(PSP.paragraphs)
        guard available > Int(PSP.paragraphs), bare <= available else { return nil }
        if loadsHigh { return available }
        guard bare + minimumParagraphs <= available else { return nil }
        return min(bare + maximumParagraphs, available)
    }
}
