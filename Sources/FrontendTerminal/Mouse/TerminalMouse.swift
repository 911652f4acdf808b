import Core

/// What a terminal tells of its mouse, in xterm's SGR form (mode 1006): a button, a place, and whether it was let go.
///
/// Source: [XTERM] "Mouse Tracking", "Extended coordinates".
struct MouseReport: Hashable, Sendable {
    enum Change: Hashable, Sendable {
        case movement
        /// 0 left, 1 middle, 2 right.
        case press(Int)
        case release(Int)
    }

    var change: Change
    /// Cells, counted from 0.
    var column: Int
    var row: Int

    /// A control sequence that begins with `<`; nil if it is none, or one of a wheel or of a fourth button.
    init?(sequence: [UInt8], final: UInt8) {
        guard sequence.first == UInt8(ascii: "<"), final == UInt8(ascii: "M") || final == UInt8(ascii: "m") else {
            return nil
        }
        let numbers = KeySequenceParser.parameters(Array(sequence.dropFirst())).map { $0.first ?? 0 }
        guard numbers.count == 3, numbers[1] > 0, numbers[2] > 0, numbers[0] & 0b1100_0000 == 0 else { return nil }
        (column, row) = (numbers[1] - 1, numbers[2] - 1)
        let button = numbers[0] & 0b11
        if numbers[0] & 0b10_0000 != 0 {
            change = .movement
        } else {
            guard button < 3 else { return nil }
            change = final == UInt8(ascii: "M") ? .press(button) : .release(button)
        }
    }
}

/// The mouse of a terminal that is asked to report it while a program uses a mouse.
struct TerminalMouse: Sendable {
    static let on = "\u{1B}[?1003h\u{1B}[?1006h"
    static let off = "\u{1B}[?1006l\u{1B}[?1003l"

    private(set) var isOn = false
    private var buttons: UInt8 = 0

    /// What to send so that the terminal reports its mouse, or no longer; nil if it does as it should. Buttons that are
    /// down when it ends are let go by `push`.
    mutating func turn(on isOn: Bool, push: (InputEvent) -> Void) -> String? {
        guard isOn != self.isOn else { return nil }
        self.isOn = isOn
        if buttons != 0 { push(.mouseButtons(0)) }
        buttons = 0
        return isOn ? TerminalMouse.on : TerminalMouse.off
    }

    /// The events of a report at a place of the picture; nil stands for one beside it, where nothing can be pressed.
    mutating func take(_ report: MouseReport, at place: (x: UInt16, y: UInt16)?, push: (InputEvent) -> Void) {
        // What was under way when the reports ended.
        guard isOn else { return }
        if let place { push(.mousePosition(x: place.x, y: place.y)) }
        let old = buttons
        switch report.change {
        case .movement: break
        case .press(let button): if place != nil { buttons |= TerminalMouse.bit(button) }
        case .release(let button): buttons &= ~TerminalMouse.bit(button)
        }
        if buttons != old { push(.mouseButtons(buttons)) }
    }

    /// Left, middle, right as bits 0, 2 and 1.
    private static func bit(_ button: Int) -> UInt8 { button == 0 ? 0b001 : button == 1 ? 0b100 : 0b010 }

    /// The middle of a cell, in 65,536 parts of the picture; nil beside it.
    static func part(_ cell: Int, of cells: Int) -> UInt16? {
        guard cell >= 0, cell < cells, cells <= 0x8000 else { return nil }
        return UInt16((2 * cell + 1) * 0x8000 / cells)
    }
}
