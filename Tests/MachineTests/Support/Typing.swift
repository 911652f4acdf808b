import Core
import Machine

/// Key strokes of a US keyboard as stamped input events.
enum Typing {
    private static let rows: [(first: UInt16, keys: String)] = [
        (0x02, "1234567890-="), (0x10, "qwertyuiop[]"), (0x1E, "asdfghjkl;'`"), (0x2B, "\\zxcvbnm,./"),
    ]

    private static func strokes(_ character: Character) -> [(code: UInt16, isDown: Bool)] {
        let special: [Character: UInt16] = ["\n": 0x1C, " ": 0x39, "\u{8}": 0x0E, "\u{1B}": 0x01, "\t": 0x0F]
        if let code = special[character] { return [(code, true), (code, false)] }
        let shifted: [Character: Character] = [
            ":": ";", "*": "8", ">": ".", "<": ",", "|": "\\", "%": "5", "(": "9", ")": "0",
        ]
        if character == "\u{3}" { return [(0x1D, true), (0x2E, true), (0x2E, false), (0x1D, false)] }
        if let base = shifted[character] {
            return [(0x2A, true)] + strokes(base) + [(0x2A, false)]
        }
        for (first, keys) in rows {
            guard let index = keys.firstIndex(of: character) else { continue }
            let code = first + UInt16(keys.distance(from: keys.startIndex, to: index))
            return [(code, true), (code, false)]
        }
        preconditionFailure("no key for \(character)")
    }

    /// A stroke each 50 ms from `start`; codes of one stroke are 3 ms apart.
    static func events(_ text: String, at start: Tick) -> [StampedInput] {
        var result: [StampedInput] = []
        var time = start
        for character in text {
            for (index, stroke) in strokes(character).enumerated() {
                result.append(
                    StampedInput(
                        time: time + .milliseconds(Int64(3 * index)), event: .key(stroke.code, isDown: stroke.isDown)))
            }
            time = time + .milliseconds(50)
        }
        return result
    }
}
