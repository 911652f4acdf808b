import Core

/// The line editor of AH=0Ah and of cooked reads from CON: the template keys of DOS, and moving inside the line and
/// through earlier lines as DOSKEY has it.
///
/// It is fed with the bytes that CON gives (a 0 leads a function key) and answers with the characters to write. It
/// knows nothing of the screen but the column where it began.
/// Source: MS-DOS user's guide, editing keys; MS-DOS 4.0's behaviour of AH=0Ah.
struct LineEditor: StateValue {
    /// What the next byte means.
    private enum Lead: UInt8 {
        case none, function
        /// F2 and F4 wait for the character to search; a function key there ends the search.
        case copyTo, skipTo, ignored
    }

    private(set) var line: [UInt8] = []
    private var cursor: UInt16 = 0
    private var template: [UInt8] = []
    /// How much of the template is used up.
    private var next: UInt16 = 0
    private var isInserting = false
    /// Characters that fit, without the CR.
    private var capacity: UInt16 = 0
    private var startColumn: UInt8 = 0
    private var lead = Lead.none
    /// How far back in the history, 0 for the line that is being typed.
    private var age: UInt16 = 0
    /// A line feed in front of the line is left over from a redirected file and skipped.
    private var isAtStart = true

    init() {}

    init(template: [UInt8], capacity: Int, startColumn: UInt8) {
        self.template = template
        self.capacity = UInt16(clamping: capacity)
        self.startColumn = startColumn
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("line", &line, limit: 256)
        coder.field("cursor", &cursor)
        coder.field("template", &template, limit: 256)
        coder.field("next", &next)
        coder.field("isInserting", &isInserting)
        coder.field("capacity", &capacity)
        coder.field("startColumn", &startColumn)
        coder.field("lead", &lead)
        coder.field("age", &age)
        coder.field("isAtStart", &isAtStart)
        if Int(cursor) > line.count || Int(next) > template.count { coder.fail("the line editor's places are wrong") }
    }

    // MARK: Input

    /// Takes a byte of input.
    /// - Parameter history: earlier lines, the latest last.
    /// - Returns: what to write, tabs and control characters as DOS's console output takes them; nil when the line is
    ///   finished by CR.
    mutating func accept(_ byte: UInt8, history: [[UInt8]]) -> [UInt8]? {
        defer { isAtStart = false }
        switch lead {
        case .function:
            lead = .none
            return function(byte, history: history)
        case .copyTo, .skipTo:
            let isCopy = lead == .copyTo
            lead = byte == 0 ? .ignored : .none
            guard byte != 0, let count = distance(to: byte) else { return [] }
            if isCopy { return copy(count) }
            next += UInt16(count)
            return []
        case .ignored:
            lead = .none
            return []
        case .none: break
        }
        switch byte {
        case 0x00:
            lead = .function
            return []
        case 0x0D: return nil
        case 0x0A: return isAtStart ? [] : [0x0D, 0x0A]
        case 0x06: return []
        case 0x08, 0x7F: return backspace()
        case 0x1B: return restart(mark: UInt8(ascii: "\\"))
        default: return type(byte)
        }
    }

    /// The scan codes of function keys. Source: IBM PC technical reference, extended keyboard codes.
    private mutating func function(_ code: UInt8, history: [[UInt8]]) -> [UInt8] {
        switch code {
        case 0x3B: return copy(1)
        case 0x3C:
            lead = .copyTo
            return []
        case 0x3D: return copy(template.count)
        case 0x3E:
            lead = .skipTo
            return []
        case 0x3F:
            template = line
            return restart(mark: UInt8(ascii: "@"))
        case 0x40: return type(0x1A)
        case 0x47: return move(to: 0)
        case 0x48: return recall(older: true, history)
        case 0x4B: return move(to: Int(cursor) - 1)
        case 0x4D: return Int(cursor) < line.count ? move(to: Int(cursor) + 1) : copy(1)
        case 0x4F: return move(to: line.count)
        case 0x50: return recall(older: false, history)
        case 0x52:
            isInserting.toggle()
            return []
        case 0x53:
            if Int(cursor) < line.count { return replace(from: Int(cursor), to: Int(cursor) + 1, with: []) }
            next = UInt16(min(Int(next) + 1, template.count))
            return []
        case 0x73: return move(to: wordStart(before: Int(cursor)))
        case 0x74: return move(to: wordStart(after: Int(cursor)))
        case 0x75: return replace(from: Int(cursor), to: line.count, with: [])
        case 0x77: return replace(from: 0, to: Int(cursor), with: [])
        default: return []
        }
    }

    // MARK: Editing

    private mutating func type(_ byte: UInt8) -> [UInt8] {
        let isOverwriting = Int(cursor) < line.count && !isInserting
        guard isOverwriting || line.count < Int(capacity) else { return [0x07] }
        if !isInserting { next = UInt16(min(Int(next) + 1, template.count)) }
        let place = Int(cursor)
        return replace(from: place, to: isOverwriting ? place + 1 : place, with: [byte])
    }

    private mutating func backspace() -> [UInt8] {
        if !isInserting && next > 0 { next -= 1 }
        guard cursor > 0 else { return [] }
        return replace(from: Int(cursor) - 1, to: Int(cursor), with: [])
    }

    /// Copies characters of the template to the end of the line.
    private mutating func copy(_ count: Int) -> [UInt8] {
        isInserting = false
        var output = move(to: line.count)
        let taken = template[Int(next)...].prefix(min(count, Int(capacity) - line.count))
        next += UInt16(taken.count)
        output += replace(from: line.count, to: line.count, with: Array(taken))
        return output
    }

    /// How many characters of the template come before the next `byte`, the present one not looked at.
    private func distance(to byte: UInt8) -> Int? {
        let start = Int(next)
        guard start + 1 < template.count,
            let found = template[(start + 1)...].firstIndex(of: byte)
        else { return nil }
        return found - start
    }

    /// Gives the line up and begins anew on the next row, under the old beginning.
    private mutating func restart(mark: UInt8) -> [UInt8] {
        line = []
        (cursor, next, age) = (0, 0, 0)
        isInserting = false
        return [mark, 0x0D, 0x0A] + [UInt8](repeating: 0x20, count: Int(startColumn))
    }

    private mutating func recall(older: Bool, _ history: [[UInt8]]) -> [UInt8] {
        let wanted = older ? Int(age) + 1 : Int(age) - 1
        guard wanted >= 0, wanted <= history.count else { return [] }
        age = UInt16(wanted)
        let text = wanted == 0 ? [] : Array(history[history.count - wanted].prefix(Int(capacity)))
        return replace(from: 0, to: line.count, with: text)
    }

    private func wordStart(before place: Int) -> Int {
        var place = place
        while place > 0, line[place - 1] == 0x20 { place -= 1 }
        while place > 0, line[place - 1] != 0x20 { place -= 1 }
        return place
    }

    private func wordStart(after place: Int) -> Int {
        var place = place
        while place < line.count, line[place] != 0x20 { place += 1 }
        while place < line.count, line[place] == 0x20 { place += 1 }
        return place
    }

    // MARK: The screen

    /// The column of the character at `index`, counted on beyond the right edge.
    private func column(_ index: Int) -> Int {
        var column = Int(startColumn)
        for byte in line.prefix(index) {
            if byte == 0x09 { column += 8 - column % 8 } else { column += LineEditor.shown(byte).count }
        }
        return column
    }

    /// A character as the console shows it: `^X` for control characters, two of which have pictures of their own.
    static func shown(_ byte: UInt8) -> [UInt8] {
        byte < 0x20 && byte != 0x09 && byte != 0x14 && byte != 0x15 ? [UInt8(ascii: "^"), byte | 0x40] : [byte]
    }

    private mutating func move(to place: Int) -> [UInt8] {
        let place = min(max(place, 0), line.count)
        let old = Int(cursor)
        cursor = UInt16(place)
        if place < old { return back(column(old) - column(place)) }
        return line[old..<place].flatMap(LineEditor.shown)
    }

    /// Replaces a part of the line, leaves the cursor behind what is new, and shows the change.
    private mutating func replace(from start: Int, to end: Int, with text: [UInt8]) -> [UInt8] {
        var output = move(to: start)
        let oldEnd = column(line.count)
        line.replaceSubrange(start..<end, with: text)
        cursor = UInt16(start + text.count)
        output += line[start...].flatMap(LineEditor.shown)
        let newEnd = column(line.count)
        let erased = max(0, oldEnd - newEnd)
        output += [UInt8](repeating: 0x20, count: erased)
        return output + back(newEnd + erased - column(Int(cursor)))
    }

    private func back(_ columns: Int) -> [UInt8] { [UInt8](repeating: 0x08, count: max(0, columns)) }
}
