import Core

/// Steps of the mouse and the joysticks.
extension ScriptLineParser {
    // MARK: Mouse

    mutating func mouse() throws(ScriptError) -> ScriptAction {
        switch word() {
        case "move":
            let (dx, dy) = (try count(), try count())
            return .mouse(.mouseMove(dx: dx, dy: dy))
        case "to":
            let (x, y) = (try part("mouse to"), try part("mouse to"))
            return .mouse(.mousePosition(x: x, y: y))
        case "buttons":
            var buttons: UInt8 = 0
            for name in names() { buttons |= try button(name) }
            return .mouse(.mouseButtons(buttons))
        case "click": return .click(try button(Substring(word() ?? "")))
        default: throw failure("mouse needs move, to, buttons or click")
        }
    }

    /// The names of buttons with plus signs between them; `none` has none.
    private mutating func names() -> [Substring] {
        let word = word() ?? ""
        return word == "none" ? [] : word.split(separator: "+", omittingEmptySubsequences: false)
    }

    private func button(_ name: Substring) throws(ScriptError) -> UInt8 {
        switch name {
        case "left": return 1
        case "right": return 2
        case "middle": return 4
        default: throw failure("a button of the mouse is left, right or middle, not '\(name)'")
        }
    }

    /// A movement of the mouse, which has a sign.
    private mutating func count() throws(ScriptError) -> Int16 {
        guard let word = word(), word.first == "+" || word.first == "-", let count = Int16(word) else {
            throw failure("mouse move needs two counts with their signs, such as +10 -4, from -32768 to +32767")
        }
        return count
    }

    /// A place between two ends.
    private mutating func part(_ verb: String) throws(ScriptError) -> UInt16 {
        guard let word = word(), let part = UInt16(word) else {
            throw failure("\(verb) needs two numbers from 0 (left, top) to 65535 (right, bottom)")
        }
        return part
    }

    // MARK: Joysticks

    /// `joystick a to 32768 32768`, `joystick a buttons 1+2`, `joystick a off`.
    mutating func joystick() throws(ScriptError) -> ScriptAction {
        let first: UInt8
        switch word() {
        case "a": first = 0
        case "b": first = 2
        case let name: throw failure("a joystick is a or b, not '\(name ?? "")'")
        }
        switch word() {
        case "to":
            let (x, y) = (try part("joystick to"), try part("joystick to"))
            return .joystick([.joystickAxis(first, position: x), .joystickAxis(first + 1, position: y)])
        case "buttons":
            var pressed: Set<UInt8> = []
            for name in names() {
                guard let number = UInt8(name), (1...2).contains(number) else {
                    throw failure("a button of a joystick is 1 or 2, not '\(name)'")
                }
                pressed.insert(first + number - 1)
            }
            return .joystick([first, first + 1].map { .joystickButton($0, isDown: pressed.contains($0)) })
        case "off":
            return .joystick(
                [first, first + 1].flatMap {
                    [.joystickAxis($0, position: nil), .joystickButton($0, isDown: false)]
                })
        default: throw failure("joystick needs a or b, and to, buttons or off")
        }
    }
}
