import Core
import Automation
import Core
import Hosting

/// What a terminal sends.
enum TerminalInput: Hashable, Sendable {
    case stroke(KeyStroke)
    /// Pasted text, with LF between lines.
    case paste([Unicode.Scalar])
    /// What the terminal says of itself.
    case answer(TerminalAnswer)
    case mouse(MouseReport)
}

/// Turns the bytes that a terminal sends into key strokes of a PC keyboard.
///
/// It takes xterm's and VT220's sequences, those of the Linux console and rxvt, xterm's modifyOtherKeys, kitty's
/// keyboard protocol, bracketed paste, xterm's reports of the mouse, and Esc before a key for Alt. What it does not know is dropped.
///
/// Source: XTerm Control Sequences (ctlseqs), "PC-Style Function Keys"; kitty, "Comprehensive keyboard handling in
/// terminals"; console_codes(4).
struct KeySequenceParser: Sendable {
    private enum State: Sendable {
        case ground, escape, linuxFunction
        case controlSequence, shiftThree
        /// An application program command, and an Esc in it.
        case command, commandEscape
        case paste
    }

    /// Longest control sequence that is understood; the rest of a longer one is dropped.
    private static let sequenceLimit = 64
    /// Longest command that is swallowed; what follows is text.
    private static let swallowLimit = 4_096
    /// Most characters of one paste.
    static let pasteLimit = 1 << 20

    /// In which characters are typed that no key has.
    var codePage = CodePage.cp437
    /// Whether an answer of kitty's graphics protocol may come, which otherwise is Alt with an underscore.
    var expectsCommand = false

    private var state = State.ground
    private var sequence: [UInt8] = []
    private var decoder = UTF8Decoder()
    private var isAlt = false
    private var pasted: [Unicode.Scalar] = []
    private var output: [TerminalInput] = []

    /// Whether an Esc or a part of a sequence is held: if nothing follows soon, call `timeOut`.
    var isPending: Bool {
        switch state {
        case .ground, .paste: false
        default: true
        }
    }

    /// Takes bytes and returns what they mean.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [TerminalInput] {
        for byte in bytes { take(byte) }
        defer { output = [] }
        return output
    }

    /// Nothing followed: an Esc was the key itself, and the beginning of a sequence was Alt with a key.
    mutating func timeOut() -> [TerminalInput] {
        switch state {
        case .escape: emit(KeyStroke(.escape))
        case .controlSequence where sequence.isEmpty: emit("[", .alt)
        case .shiftThree where sequence.isEmpty: emit("O", .alt)
        case .command where sequence.isEmpty: emit("_", .alt)
        case .ground, .paste: return []
        default: break
        }
        state = .ground
        defer { output = [] }
        return output
    }

    private mutating func emit(_ stroke: KeyStroke) { output.append(.stroke(stroke)) }

    /// The key of a character with modifiers, if a US keyboard has one.
    private mutating func emit(_ scalar: Unicode.Scalar, _ modifiers: KeyModifiers) {
        if modifiers.isEmpty {
            for stroke in USLayout.strokes(for: scalar, codePage) ?? [] { emit(stroke) }
        } else if var stroke = USLayout.stroke(for: scalar) {
            stroke.modifiers.formUnion(modifiers)
            emit(stroke)
        }
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .ground: ground(byte)
        case .escape: escape(byte)
        case .linuxFunction:
            state = .ground
            if (0x41...0x45).contains(byte), let key = PCKey.function(Int(byte) - 0x40) { emit(KeyStroke(key)) }
        case .controlSequence: controlSequence(byte)
        case .shiftThree: shiftThree(byte)
        case .command, .commandEscape: command(byte)
        case .paste: paste(byte)
        }
    }

    private mutating func ground(_ byte: UInt8) {
        if byte == 0x1B {
            // An Esc ends a character that was cut short.
            decoder = UTF8Decoder()
            state = .escape
            isAlt = false
        } else {
            for scalar in decoder.feed(byte) { character(scalar) }
        }
    }

    private mutating func character(_ scalar: Unicode.Scalar) {
        let modifiers: KeyModifiers = isAlt ? .alt : []
        isAlt = false
        switch scalar {
        case "\u{7F}", "\u{08}": emit(KeyStroke(.backspace, modifiers))
        // Enter sends CR; LF is Ctrl with J.
        case "\n": emit(KeyStroke(PCKey(scanCode: 0x24), modifiers.union(.control)))
        default: emit(scalar, modifiers)
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x1B: emit(KeyStroke(.escape))
        case UInt8(ascii: "["): (state, sequence) = (.controlSequence, [])
        case UInt8(ascii: "O"): (state, sequence) = (.shiftThree, [])
        case UInt8(ascii: "_") where expectsCommand: (state, sequence) = (.command, [])
        default:
            state = .ground
            isAlt = true
            for scalar in decoder.feed(byte) { character(scalar) }
        }
    }

    private mutating func shiftThree(_ byte: UInt8) {
        switch byte {
        case 0x30...0x3B where sequence.count < KeySequenceParser.sequenceLimit: sequence.append(byte)
        case 0x1B:
            state = .escape
        default:
            state = .ground
            let modifiers = KeySequenceParser.modifiers(KeySequenceParser.parameters(sequence).last?.first ?? 1)
            if let key = KeySequenceParser.letterKey(byte) ?? KeySequenceParser.keypadKey(byte) {
                emit(KeyStroke(key, modifiers))
            }
        }
    }

    private mutating func controlSequence(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "[") where sequence.isEmpty: state = .linuxFunction
        case 0x20...0x3F:
            if sequence.count < KeySequenceParser.sequenceLimit { sequence.append(byte) }
        case 0x40...0x7E:
            state = .ground
            if sequence.count < KeySequenceParser.sequenceLimit { finish(byte) }
        case 0x1B: state = .escape
        default: state = .ground
        }
    }

    /// One byte of an application program command, which ends with Esc and a backslash.
    private mutating func command(_ byte: UInt8) {
        if state == .commandEscape {
            if byte == UInt8(ascii: "\\") {
                state = .ground
                if let answer = TerminalAnswer(command: sequence) { output.append(.answer(answer)) }
            } else {
                // It was cut short, and something else began.
                state = .escape
                escape(byte)
            }
        } else if sequence.isEmpty, byte != UInt8(ascii: "G") {
            // It was Alt with an underscore after all.
            state = .ground
            emit("_", .alt)
            ground(byte)
        } else if byte == 0x1B {
            state = .commandEscape
        } else if sequence.count < KeySequenceParser.swallowLimit {
            sequence.append(byte)
        } else {
            state = .ground
        }
    }

    private mutating func finish(_ final: UInt8) {
        if let answer = TerminalAnswer(sequence: sequence, final: final) { return output.append(.answer(answer)) }
        if sequence.first == UInt8(ascii: "<") {
            if let report = MouseReport(sequence: sequence, final: final) { output.append(.mouse(report)) }
            return
        }
        let parameters = KeySequenceParser.parameters(sequence)
        let first = parameters.first?.first ?? 0
        let second = parameters.count > 1 ? parameters[1] : []
        var modifiers = KeySequenceParser.modifiers(second.first ?? 1)
        // kitty's event type: 3 is a release.
        if second.count > 1, second[1] == 3 { return }
        switch final {
        case UInt8(ascii: "~") where first == 200: (state, pasted, sequence) = (.paste, [], [])
        case UInt8(ascii: "~") where first == 27: code(parameters.count > 2 ? parameters[2].first ?? 0 : 0, modifiers)
        case UInt8(ascii: "u"): code(first, modifiers)
        case UInt8(ascii: "Z"): emit(KeyStroke(.tab, .shift))
        case UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: "@"):
            // rxvt ends with ^ for Ctrl and @ for Ctrl and Shift.
            if final != UInt8(ascii: "~") { modifiers.insert(.control) }
            if final == UInt8(ascii: "@") { modifiers.insert(.shift) }
            numbered(first, modifiers)
        default:
            if let key = KeySequenceParser.letterKey(final) { emit(KeyStroke(key, modifiers)) }
        }
    }

    private mutating func numbered(_ number: Int, _ modifiers: KeyModifiers) {
        if let key = KeySequenceParser.numberedKeys[number] {
            emit(KeyStroke(key, modifiers))
        } else if let function = KeySequenceParser.functionNumbers[number] {
            // F13 to F20 are Shift with F1 to F8 on the Linux console and in rxvt.
            let isShifted = function > 12
            guard let key = PCKey.function(isShifted ? function - 12 : function) else { return }
            emit(KeyStroke(key, isShifted ? modifiers.union(.shift) : modifiers))
        }
    }

    /// A key by the code of its character, or by kitty's number.
    private mutating func code(_ code: Int, _ modifiers: KeyModifiers) {
        if code == 127 {
            emit(KeyStroke(.backspace, modifiers))
        } else if code == 57_362 {
            emit(KeyStroke(.numLock, modifiers.union(.control)))
        } else if let key = KeySequenceParser.kittyKey(code) {
            emit(KeyStroke(key, modifiers))
        } else if let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init), !(57_344...63_743).contains(code) {
            emit(scalar, modifiers)
        }
    }

    // MARK: Paste

    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private mutating func paste(_ byte: UInt8) {
        sequence.append(byte)
        if KeySequenceParser.pasteEnd.starts(with: sequence) {
            guard sequence.count == KeySequenceParser.pasteEnd.count else { return }
            (state, sequence) = (.ground, [])
            output.append(.paste(pasted))
            (pasted, decoder) = ([], UTF8Decoder())
            return
        }
        // Not the end after all: what was held is text, up to an Esc that may begin the end.
        let held = sequence
        sequence = []
        for (index, byte) in held.enumerated() {
            if index > 0, byte == 0x1B {
                sequence = Array(held[index...])
                return
            }
            for scalar in decoder.feed(byte) where pasted.count < KeySequenceParser.pasteLimit {
                pasted.append(scalar)
            }
        }
    }
}
