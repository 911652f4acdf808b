import Core
import Fonts

/// Finds the picture of any character of a DOS code page in 8, 14 or 16 rows.
///
/// The characters that this project has drawn come first: they have the same style, and the line-drawing characters join.
/// What they lack, Hebrew, Arabic and Thai above all, comes from fonts that the host has: those of the package
/// console-setup-linux, then `unifont` for 8x16. A height that has neither takes the 8x16 glyph with fewer rows.
public struct GlyphStore {
    private let fontDirectories: [String]
    private let unifontPath: String
    private var files: [String: ScreenFontFile] = [:]
    private var absent: Set<String> = []
    private var unifont: UnifontFile?
    /// What was wrong with files that are there, in sentences.
    public private(set) var complaints: [String] = []

    /// A font of a code page.
    public struct Result {
        public var font: Font
        /// Characters that no source has; the font shows hollow boxes.
        public var missing: [Unicode.Scalar]
        /// One line for people if characters are missing: which, and what to install.
        public var advice: String?
    }

    /// Where Linux distributions put the fonts of the console.
    public static let usualDirectories = [
        "/usr/share/consolefonts", "/usr/share/kbd/consolefonts", "/usr/lib/kbd/consolefonts",
    ]

    public init(
        fontDirectories: [String] = GlyphStore.usualDirectories,
        unifont: String = "/usr/share/unifont/unifont.hex"
    ) {
        self.fontDirectories = fontDirectories
        unifontPath = unifont
    }

    /// The font of `codePage` in 8, 14 or 16 rows; nil for another height.
    public mutating func font(_ codePage: CodePage, height: Int) -> Result? {
        guard let builtIn = BuiltInGlyphs.ofHeight(height) else { return nil }
        // A copy of the store works in the closure, so that the files that it has read are kept.
        var store = self
        let made = Font.make(codePage, height: height) {
            builtIn.rows(of: $0) ?? store.rows(of: $0, height: height)
        }
        self = store
        return made.map { Result(font: $0.font, missing: $0.missing, advice: advice($0.missing, codePage)) }
    }

    /// The three fonts of a code page, and one line if characters are missing.
    public mutating func fonts(_ codePage: CodePage) -> (fonts: FontSet, advice: String?)? {
        guard let x8 = font(codePage, height: 8), let x14 = font(codePage, height: 14),
            let x16 = font(codePage, height: 16)
        else { return nil }
        let advice = x16.advice ?? x14.advice ?? x8.advice
        return FontSet(x8: x8.font, x14: x14.font, x16: x16.font).map { ($0, advice) }
    }

    /// A font file by path, or by the name of a file of the console's fonts such as `Lat15-VGA16`. With a Unicode table in
    /// the file its characters are put in the order of `codePage`; those that it lacks are the project's.
    public mutating func font(named name: String, _ codePage: CodePage) throws(HostingError) -> Font {
        let file: ScreenFontFile
        if name.contains("/") || HostFile.kind(name) == .file {
            guard let bytes = try HostFile.read(name, limit: ScreenFontFile.sizeLimit) else {
                throw HostingError("\(name): no such file")
            }
            do { file = try ScreenFontFile(bytes) } catch { throw HostingError("\(name): \(error.message)") }
        } else {
            guard let found = self.file(name) else {
                throw HostingError(
                    complaints.last ?? "no font '\(name)' in \(fontDirectories[0]); apt install console-setup-linux")
            }
            file = found
        }
        let builtIn = BuiltInGlyphs.ofHeight(file.height)
        let hasTable = !file.glyphs.isEmpty
        let made = Font.make(codePage, height: file.height) {
            hasTable ? file.rows(of: $0) ?? builtIn?.rows(of: $0) : nil
        }
        let plain = (0..<256).flatMap { file.rows(at: $0) ?? [UInt8](repeating: 0, count: file.height) }
        guard let font = hasTable ? made?.font : Font(height: file.height, bytes: plain) else {
            throw HostingError("\(name): its characters are not 1 to 32 rows high")
        }
        return font
    }

    // MARK: Sources on the host

    /// The files to look into, in order. In 8 and 14 rows only those without known wrong letters.
    private static func names(height: Int) -> [String] {
        switch height {
        case 16:
            [
                "FullCyrSlav-VGA16", "FullGreek-VGA16", "Uni2-VGA16", "Uni1-VGA16", "Lat15-VGA16", "Lat2-VGA16",
                "Hebrew-VGA16", "Arabic-VGA16",
            ]
        case 14: ["FullCyrSlav-VGA14", "FullGreek-VGA14", "Hebrew-VGA14", "Arabic-VGA14"]
        default: ["FullCyrSlav-VGA8", "Hebrew-VGA8", "Arabic-VGA8"]
        }
    }

    private mutating func rows(of scalar: Unicode.Scalar, height: Int) -> [UInt8]? {
        for name in GlyphStore.names(height: height) {
            if let rows = file(name)?.rows(of: scalar), rows.count == height { return rows }
        }
        if height == 16 { return unifontRows(of: scalar) }
        return rows(of: scalar, height: 16).map { GlyphStore.reduced($0, to: height) }
    }

    /// A glyph of 16 rows in 14 (without the first and the last) or 8 (two rows in one).
    static func reduced(_ rows: [UInt8], to height: Int) -> [UInt8] {
        guard rows.count == 16 else { return rows }
        if height == 14 { return Array(rows[1..<15]) }
        return (0..<8).map { rows[$0 * 2] | rows[$0 * 2 + 1] }
    }

    private mutating func file(_ name: String) -> ScreenFontFile? {
        if let file = files[name] { return file }
        if absent.contains(name) { return nil }
        for directory in fontDirectories {
            for ending in [".psf.gz", ".psfu.gz", ".psf", ".psfu"] {
                let path = directory + "/" + name + ending
                guard HostFile.kind(path) == .file else { continue }
                do {
                    guard let bytes = try HostFile.read(path, limit: ScreenFontFile.sizeLimit) else { continue }
                    let file = try ScreenFontFile(bytes)
                    files[name] = file
                    return file
                } catch {
                    let complaint = "\(path): \(error.message)"
                    if !complaints.contains(complaint) { complaints.append(complaint) }
                }
            }
        }
        absent.insert(name)
        return nil
    }

    private mutating func unifontRows(of scalar: Unicode.Scalar) -> [UInt8]? {
        if let known = unifont { return known.glyphs[scalar] }
        let bytes = try? HostFile.read(unifontPath, limit: UnifontFile.sizeLimit)
        let pages = CodePage.numbers.compactMap(CodePage.named)
        let file = UnifontFile(bytes ?? [], wanted: Set(pages.flatMap(\.scalars)))
        unifont = file
        return file.glyphs[scalar]
    }

    private func advice(_ missing: [Unicode.Scalar], _ codePage: CodePage) -> String? {
        guard let first = missing.first else { return nil }
        let code = String(first.value, radix: 16, uppercase: true)
        let number = missing.count == 1 ? "a character" : "\(missing.count) characters"
        let example = "U+" + String(repeating: "0", count: max(4 - code.count, 0)) + code
        // Where both packages are, installing them is no help: some characters are wider than 8 dots there.
        let isInstalled = !(unifont?.glyphs.isEmpty ?? true) && !files.isEmpty
        return "code page \(codePage.number): no picture of \(number), such as \(example)"
            + (isInstalled ? ", in the fonts of this host" : "; apt install unifont console-setup-linux")
    }
}
