import Core
import Machine

/// Reads one line of a script.
struct ScriptLineParser {
    private let file: String
    private let line: Int
    let source: String
    private let codePage: CodePage
    private var rest: Substring

    init(_ text: Substring, file: String, line: Int, _ codePage: CodePage) {
        self.codePage = codePage
        self.file = file
        self.line = line
        rest = text
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        source = String(rest)
    }

    func failure(_ message: String) -> ScriptError { ScriptError(file: file, line: line, message: message) }

    /// The step of the line, or nil for an empty line or a comment.
    mutating func step() throws(ScriptError) -> ScriptAction? {
        guard let verb = word() else { return nil }
        let action = try action(verb)
        if let extra = word() { throw failure("'\(extra)' is not expected after \(verb)") }
        return action
    }

    private mutating func action(_ verb: String) throws(ScriptError) -> ScriptAction {
        switch verb {
        case "wait-text":
            let text = try screenBytes(verb)
            guard let next = word() else { return .waitText(text, within: Script.waitLimit) }
            guard next == "within" else { throw failure("'within 5s' or nothing is expected here, not '\(next)'") }
            return .waitText(text, within: try duration("within"))
        case "expect-text": return .expectText(try screenBytes(verb))
        case "type": return .type(try strokes(of: string(verb)))
        case "press": return .type([try key(verb)])
        case "hold":
            let key = try key(verb)
            return .hold(key, try duration(verb))
        case "wait": return .wait(try duration(verb))
        case "screen-text": return .screenText(try path(verb))
        case "exit": return .exit
        case "screenshot": return try screenshot()
        case "expect-pixel":
            let (x, y) = (try coordinate(verb), try coordinate(verb))
            return .expectPixel(x: x, y: y, color: try color(verb))
        case "hash-frame": return .hashFrame
        case "record": return try record()
        case "volume": return try volume()
        case "mouse": return try mouse()
        case "joystick": return try joystick()
        case "swap-disk": throw failure("swap-disk is not available yet: it comes with disk images")
        default:
            throw failure(
                "'\(verb)' is not a step; steps are wait-text, type, press, hold, wait, mouse, joystick, expect-text, "
                    + "expect-pixel, screen-text, screenshot, hash-frame, record, volume, exit")
        }
    }

    // MARK: Words

    private mutating func skipBlanks() {
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        if rest.first == "#" { rest = rest.suffix(0) }
    }

    /// The next word, or nil at the end of the line or a comment.
    mutating func word() -> String? {
        skipBlanks()
        let word = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(word.count)
        return word.isEmpty ? nil : String(word)
    }

    /// A text in double quotes; a quote in it is written twice. Backslashes are themselves, as DOS paths need.
    private mutating func string(_ verb: String) throws(ScriptError) -> String {
        skipBlanks()
        guard rest.first == "\"" else { throw failure("\(verb) needs a text in double quotes") }
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character != "\"" {
                text.append(character)
            } else if rest.first == "\"" {
                rest.removeFirst()
                text.append("\"")
            } else {
                return text
            }
        }
        throw failure("the text has no closing double quote")
    }

    private mutating func screenBytes(_ verb: String) throws(ScriptError) -> [UInt8] {
        let text = try string(verb)
        guard !text.isEmpty else { throw failure("\(verb) needs a text that is not empty") }
        for scalar in text.unicodeScalars where codePage.code(of: scalar) == nil {
            throw failure("no DOS screen can show '\(scalar)': it is not in code page \(codePage.number)")
        }
        return codePage.bytes(text) ?? []
    }

    private mutating func duration(_ verb: String) throws(ScriptError) -> Tick {
        guard let word = word() else { throw failure("\(verb) needs a time such as 500ms or 2s") }
        guard let time = Tick(duration: word) else { throw failure("'\(word)' is not a time such as 500ms or 2s") }
        return time
    }

    private mutating func key(_ verb: String) throws(ScriptError) -> KeyStroke {
        guard let word = word() else { throw failure("\(verb) needs a key such as enter, f10 or alt+x") }
        guard let stroke = KeyNames.parse(word) else { throw failure("no key is called '\(word)'") }
        return stroke
    }

    private mutating func path(_ verb: String) throws(ScriptError) -> String {
        skipBlanks()
        if rest.first == "\"" { return try string(verb) }
        guard let word = word() else { throw failure("\(verb) needs a file name") }
        return word
    }

    // MARK: Pictures and recordings

    private mutating func screenshot() throws(ScriptError) -> ScriptAction {
        let path = try path("screenshot")
        guard path.lowercased().hasSuffix(".png") else {
            throw failure("screenshot writes PNG files: '\(path)' has to end in .png")
        }
        guard let word = word() else { return .screenshot(path, nil) }
        guard let form = PictureForm(rawValue: word) else {
            throw failure("'raw', 'square' or nothing is expected here, not '\(word)'")
        }
        return .screenshot(path, form)
    }

    private mutating func record() throws(ScriptError) -> ScriptAction {
        let path = try path("record")
        if path == "off" { return .record(nil) }
        guard RecordingKind(path) != nil else {
            throw failure("record needs 'off' or a file whose name ends in \(RecordingKind.list), not '\(path)'")
        }
        return .record(path)
    }

    /// `volume opl 50`, `volume all 100`.
    private mutating func volume() throws(ScriptError) -> ScriptAction {
        let name = word() ?? ""
        let part = SoundPart(rawValue: name)
        guard part != nil || name == "all" else {
            let parts = SoundPart.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure("volume needs all or a part of the sound (\(parts)), not '\(name)'")
        }
        guard let word = word(), let percent = Int(word), SoundVolumes.range.contains(percent) else {
            let range = SoundVolumes.range
            throw failure("volume \(name) needs a percentage from \(range.lowerBound) to \(range.upperBound)")
        }
        return .volume(part, percent)
    }

    private mutating func coordinate(_ verb: String) throws(ScriptError) -> Int {
        guard let word = word() else { throw failure("\(verb) needs a column, a row and a colour such as #AA0000") }
        guard let number = Int(word), (0..<Frame.largestSide).contains(number) else {
            throw failure("'\(word)' is not a column or row from 0 to \(Frame.largestSide - 1)")
        }
        return number
    }

    /// A colour such as `#AA0000`. The mark is no comment here.
    private mutating func color(_ verb: String) throws(ScriptError) -> UInt32 {
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        let word = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(word.count)
        guard !word.isEmpty else { throw failure("\(verb) needs a column, a row and a colour such as #AA0000") }
        let digits = word.dropFirst()
        guard word.first == "#", digits.utf8.count == 6, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
            let color = UInt32(digits, radix: 16)
        else { throw failure("'\(word)' is not a colour such as #AA0000") }
        return color
    }

    // MARK: Text to type

    /// Reads text with keys in braces: `dir /w{enter}`, `{up 3}`, `{alt+x}`; `{{` is a brace.
    private func strokes(of text: String) throws(ScriptError) -> [KeyStroke] {
        var strokes: [KeyStroke] = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if character != "{" {
                for scalar in character.unicodeScalars {
                    guard let more = USLayout.strokes(for: scalar, codePage) else {
                        throw failure("'\(scalar)' cannot be typed: it is not in code page \(codePage.number)")
                    }
                    strokes += more
                }
            } else if rest.first == "{" {
                rest.removeFirst()
                strokes += USLayout.strokes(for: "{") ?? []
            } else {
                guard let end = rest.firstIndex(of: "}") else { throw failure("a '{' has no '}'; '{{' types a brace") }
                strokes += try braced(rest[..<end])
                rest = rest[rest.index(after: end)...]
            }
            guard strokes.count <= 100_000 else { throw failure("more than 100000 keys in one step") }
        }
        return strokes
    }

    private func braced(_ text: Substring) throws(ScriptError) -> [KeyStroke] {
        let parts = text.split(separator: " ")
        guard (1...2).contains(parts.count), let stroke = KeyNames.parse(String(parts[0])) else {
            throw failure("no key is called '{\(text)}'")
        }
        guard parts.count == 2 else { return [stroke] }
        guard let count = Int(parts[1]), (1...1_000).contains(count) else {
            throw failure("'{\(text)}' needs a count from 1 to 1000")
        }
        return [KeyStroke](repeating: stroke, count: count)
    }
}
