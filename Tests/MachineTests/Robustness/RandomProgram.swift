import TestSupport

/// Makes programs that no compiler makes.
struct RandomProgram {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func byte() -> UInt8 { UInt8.random(in: .min ... .max, using: &random) }
    mutating func word() -> UInt16 { UInt16.random(in: .min ... .max, using: &random) }
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }
    mutating func one<Value>(of values: [Value]) -> Value { values[number(0...values.count - 1)] }
    mutating func isOne(in count: Int) -> Bool { number(1...count) == 1 }

    private func pair(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }

    // MARK: Images

    /// Random bytes, of any length.
    mutating func noise() -> [UInt8] {
        let limit = one(of: [3, 64, 2_000, 20_000, 65_000])
        return bytes(number(1...limit))
    }

    /// Instructions that occur in programs, with random operands, among them many INTs.
    mutating func garbage() -> [UInt8] {
        var code: [UInt8] = []
        for _ in 0..<number(50...3_000) {
            switch number(0...9) {
            case 0: code += [0xCD, one(of: [0x21, 0x21, 0x21, 0x10, 0x13, 0x15, 0x16, 0x1A, 0x2F, byte()])]
            case 1: code += [0xB4 + UInt8(number(0...3)), byte()]
            case 2: code += [0xB8 + UInt8(number(0...7))] + pair(word())
            case 3: code += [0x8E, byte()]
            case 4: code += [one(of: [0xF3, 0xF2]), one(of: [0xA4, 0xA5, 0xA6, 0xAA, 0xAB, 0xAE, 0x6C, 0x6E])]
            case 5: code += [one(of: [0xE4, 0xE5, 0xE6, 0xE7, 0xEC, 0xED, 0xEE, 0xEF]), byte()]
            case 6: code += [0x70 + UInt8(number(0...15)), UInt8(number(0...20))]
            case 7: code += [0x50 + UInt8(number(0...15))]
            case 8: code += [byte(), byte()]
            default: code += [one(of: [0xFA, 0xFB, 0xF4, 0x9C, 0x9D, 0xCF, 0xC3, 0xCB, 0xF0, 0x0F, 0xFF]), byte()]
            }
        }
        return code
    }

    /// An .EXE whose header lies.
    mutating func executable() -> [UInt8] {
        let image = isOne(in: 2) ? calls() : garbage()
        let relocations = number(0...6)
        let headerParagraphs = (28 + relocations * 4 + 15) / 16
        let size = headerParagraphs * 16 + image.count
        var fields: [UInt16] = [
            0x5A4D, UInt16(size % 512), UInt16((size + 511) / 512), UInt16(relocations), UInt16(headerParagraphs),
            UInt16(number(0...0x200)), one(of: [0xFFFF, 0, 0x1000]), UInt16(image.count / 16 + 1), 0x0400, 0, 0, 0, 28,
            0,
        ]
        for _ in 0..<number(0...4) {
            fields[number(0...13)] = one(of: [0, 1, 0xFFFF, 0x8000, 0x7FFF, word(), UInt16(number(0...64))])
        }
        if isOne(in: 4) { fields[0] = 0x4D5A } else if !isOne(in: 8) { fields[0] = 0x5A4D }
        var file = fields.flatMap { pair($0) }
        for _ in 0..<relocations {
            file += isOne(in: 3) ? bytes(4) : pair(UInt16(number(0...max(image.count - 2, 0)))) + [0, 0]
        }
        file += [UInt8](repeating: 0, count: headerParagraphs * 16 - file.count) + image
        switch number(0...3) {
        case 0: file = Array(file.prefix(number(0...file.count)))
        case 1: file += bytes(number(0...3_000))
        default: break
        }
        return file
    }

    // MARK: Calls

    private static let paths = [
        "C:\\FILE.TXT", "FILE.TXT", "C:*.*", "SUB", "SUB\\DEEP", "..\\SECRET.TXT", "..\\..\\..\\ETC\\PASSWD", "C:..",
        "LINK.TXT", "OUT\\SECRET.TXT", "SUB\\UP\\DRIVE.TXT", "ABS\\SECRET.TXT", "CON", "NUL.TXT", "PRN", "CLOCK$",
        "Z:\\COMMAND.COM", "D:\\X", "C:\\", "\\", ".", "", "C:\\NEW.TXT", "../../secret.txt", "/etc/passwd", "A/../B",
        "C:\\SUB\\..\\..\\SECRET.TXT", "ALONGF~1.TEX", "????????.???", "EMPTY", "C:\\A.COM",
    ]

    /// Where the data of `calls` lies in a .COM.
    private static let dataStart: UInt16 = 0x4000

    private mutating func segment() -> [UInt8] {
        switch number(0...7) {
        case 0: return [0xB8] + pair(word())  // mov ax,word
        case 1: return [0xB8] + pair(one(of: [0, 0x40, 0xF000, 0xFFFF, 0xB800, 0x80, 0x70, 0x280]))
        default: return [0x8C, 0xC8]  // mov ax,cs
        }
    }

    private mutating func operand() -> UInt16 {
        switch number(0...5) {
        case 0: word()
        case 1: UInt16(number(0...20))
        case 2: one(of: [0xFFFF, 0xFFFE, 0x8000, 0x7FFF, 0xFFF0, 0x0100])
        default: RandomProgram.dataStart + UInt16(number(0...63)) * 32
        }
    }

    /// Service calls with random registers.
    mutating func calls(avoiding avoided: Set<UInt8> = [0x00, 0x31, 0x4C]) -> [UInt8] {
        var code: [UInt8] = []
        for _ in 0..<number(5...120) {
            code += segment() + [0x8E, 0xD8] + segment() + [0x8E, 0xC0]  // mov ds,ax; mov es,ax
            for register: UInt8 in [1, 2, 3, 5, 6, 7] { code += [0xB8 + register] + pair(operand()) }
            if isOne(in: 2) { code += [0xBB] + pair(UInt16(number(0...9))) }  // a handle
            let vector: UInt8 =
                one(of: [0x21, 0x21, 0x21, 0x21, 0x21, 0x21, 0x10, 0x13, 0x15, 0x16, 0x1A, 0x2F, 0x00])
            var function = isOne(in: 8) ? byte() : UInt8(number(0...0x6C))
            if avoided.contains(function) { function = 0x3D }
            code += [0xB8, isOne(in: 2) ? byte() : UInt8(number(0...7)), function]
            switch vector {
            case 0:
                code += [0xCD, one(of: [0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2E, 0x14, 0x17, 0x05, 0x33, byte()])]
            default: code += [0xCD, vector]
            }
            // Some calls leave flags on the stack, some programs keep the carry flag.
            if isOne(in: 10) { code += [0x9D] }
        }
        code += [0xB8, 0x07, 0x4C, 0xCD, 0x21]
        guard code.count < Int(RandomProgram.dataStart) - 0x100 else { return code }
        code += [UInt8](repeating: 0x90, count: Int(RandomProgram.dataStart) - 0x100 - code.count)
        for _ in 0..<64 { code += slot() }
        return code
    }

    /// 32 bytes: a path, a control block, a parameter block or noise.
    private mutating func slot() -> [UInt8] {
        var result: [UInt8]
        switch number(0...4) {
        case 0: result = bytes(32)
        case 1:
            let name = one(of: [
                "FILE    TXT", "????????????", "..         ", "../../SECRE", "SUB        ", "A       COM",
            ])
            result = [UInt8(number(0...4))] + Array(name.utf8.prefix(11)) + bytes(20)
            if isOne(in: 2) { result = Array(([0xFF, 0, 0, 0, 0, 0, byte()] + result).prefix(32)) }
        case 2: result = (0..<16).flatMap { _ in pair(operand()) }
        default: result = Array(one(of: RandomProgram.paths).utf8.prefix(31)) + [0]
        }
        return result + [UInt8](repeating: 0, count: max(0, 32 - result.count))
    }

    /// Lines of words that the command interpreter knows, in no sensible order.
    mutating func batch() -> [UInt8] {
        let words = [
            "IF", "NOT", "EXIST", "ERRORLEVEL", "FOR", "%%F", "IN", "(", ")", "DO", "GOTO", "CALL", "SHIFT", "ECHO",
            "OFF",
            "ON", "PAUSE", "REM", "SET", "A=B", "%A%", "%1", "%0", "%", "%%", "<", ">", ">>", "|", "COPY", "DEL", "REN",
            "MD",
            "RD", "CD", "DIR", "TYPE", "PATH", "PROMPT", "DATE", "TIME", "VER", "VOL", "CLS", "EXIT", "BREAK", "VERIFY",
            "COMMAND", "/C", "/K", "/?", "/W", "/S", "/B", "SORT", "FIND", "\"X", "\"", "MORE", "XCOPY", "TREE",
            "ATTRIB",
            "+R", "-R", "*.*", "FILE.TXT", "SUB", "..\\..", "..\\..\\secret.txt", "OUT\\SECRET.TXT", "NUL", "CON",
            "A.BAT",
            ":L", "L", "C:", "Z:", "Q:", "==", "=", ";", ",", "+", "@", ".", "ECHO.", "CTTY", "LH", "MOVE", "DELTREE",
            "/Y",
            "CHOICE", "LABEL", "\u{1A}", "\0", "COMMAND /C A.BAT",
        ]
        var text: [UInt8] = isOne(in: 4) ? [] : Array("@ECHO OFF\r\n".utf8)
        for _ in 0..<number(1...40) {
            for _ in 0..<number(1...9) {
                text += Array(one(of: words).utf8)
                if !isOne(in: 4) { text.append(0x20) }
                if isOne(in: 40) { text += bytes(number(1...200)) }
            }
            text += Array(one(of: ["\r\n", "\r\n", "\n", "\r", "\r\n\r\n"]).utf8)
        }
        return text
    }

    /// Writes random words into the memory of DOS and the BIOS, between calls.
    mutating func wildWrites() -> [UInt8] {
        var code: [UInt8] = []
        for _ in 0..<number(1...40) {
            // The interrupt table rarely: a program with a wild vector is lost at once.
            let segment = one(of: [UInt16(0x80), 0x80, 0xB0, 0x100, 0x280, 0x300, 0x400, 0x4D0, 0x40, 0x500, 0])
            code += [0xB8] + pair(segment) + [0x8E, 0xC0]  // mov es,segment
            for _ in 0..<number(1...8) {
                let offset = segment == 0 ? UInt16(number(0x20...0x9F)) * 4 : UInt16(number(0...0x0FFF))
                code += [0x26, 0xC7, 0x06] + pair(offset) + pair(isOne(in: 3) ? word() : operand())
            }
            if isOne(in: 3) {
                // The PSP: handle table, parent, environment, vectors.
                code += [0x2E, 0xC7, 0x06] + pair(UInt16(number(0...0x40))) + pair(word())
            }
        }
        let tail = calls(avoiding: [])
        return tail.count > 0x1000 ? Array((code + tail).prefix(0xF000)) : code + tail
    }
}
