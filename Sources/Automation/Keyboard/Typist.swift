import Core

/// Plays key strokes at the pace of a fast typist, in emulated time, and waits while the machine's keyboard buffer is
/// full, so that nothing typed is lost.
///
/// It is host-side equipment like a script: it is not part of the machine's state.
public struct Typist: Sendable {
    private enum Step: Sendable {
        /// The stroke begins here: wait for room.
        case begin
        case key(UInt16, isDown: Bool)
        case rest(Tick)
    }

    /// How long a key is down, and the pause after it.
    public static let keyTime = Tick.milliseconds(10)
    /// Time between codes of one stroke; the keyboard needs about one millisecond to send a code.
    private static let codeTime = Tick.milliseconds(2)
    /// How long a full buffer is waited for before the key is pressed all the same (a program that reads the keyboard
    /// itself leaves the buffer alone).
    private static let patience = Tick.seconds(5)
    /// Most strokes that may wait.
    public static let limit = 1 << 20

    private var steps: [Step] = []
    private var position = 0
    /// When the next step is due; nil when there is nothing to do.
    public private(set) var nextTime: Tick?
    private var waitingSince: Tick?

    public init() {}

    public var isIdle: Bool { nextTime == nil }

    /// Whether every key has been pressed: what is left are releases and rests.
    public var hasPressedAll: Bool {
        !steps[position...].contains { step in
            if case .key(_, isDown: true) = step { true } else { false }
        }
    }

    /// Adds strokes after those that wait; the first is pressed at `now` or when its turn comes. Each key is held for
    /// `hold`.
    public mutating func add(_ strokes: [KeyStroke], at now: Tick, hold: Tick = Typist.keyTime) {
        guard !strokes.isEmpty, steps.count - position < Typist.limit else { return }
        makeRoom()
        for stroke in strokes { append(stroke, hold: hold) }
        if nextTime == nil { nextTime = now }
    }

    /// Adds a key that a person presses or releases. Alone it acts at once; keys that come all together, because the host
    /// had no time for them, follow each other as fast as the keyboard can send them: it keeps 16 bytes, and loses more.
    public mutating func addKey(_ code: UInt16, isDown: Bool, at now: Tick) {
        makeRoom()
        // A release is never lost.
        guard !isDown || steps.count < Typist.limit else { return }
        steps += [.key(code, isDown: isDown), .rest(Typist.codeTime)]
        if nextTime == nil { nextTime = now }
    }

    /// Drops the steps that are done.
    private mutating func makeRoom() {
        steps.removeFirst(position)
        position = 0
    }

    private mutating func append(_ stroke: KeyStroke, hold: Tick) {
        steps.append(.begin)
        if let code = stroke.altCode {
            steps.append(.key(PCKey.leftAlt.scanCode, isDown: true))
            for digit in [Int(code) / 100, Int(code) / 10 % 10, Int(code) % 10] {
                guard let key = PCKey.keypad(digit) else { continue }
                steps += [
                    .rest(Typist.codeTime), .key(key.scanCode, isDown: true), .rest(Typist.codeTime),
                    .key(key.scanCode, isDown: false),
                ]
            }
            steps += [.rest(Typist.codeTime), .key(PCKey.leftAlt.scanCode, isDown: false), .rest(Typist.keyTime)]
            return
        }
        let held = stroke.modifiers.keys
        for key in held { steps += [.key(key.scanCode, isDown: true), .rest(Typist.codeTime)] }
        steps += [.key(stroke.key.scanCode, isDown: true), .rest(hold), .key(stroke.key.scanCode, isDown: false)]
        for key in held.reversed() { steps += [.rest(Typist.codeTime), .key(key.scanCode, isDown: false)] }
        steps.append(.rest(Typist.keyTime))
    }

    /// Does what is due at `now`. `hasRoom` says whether the machine's keyboard buffer can take another key.
    public mutating func act(at now: Tick, hasRoom: Bool, push: (InputEvent) -> Void) {
        while let due = nextTime, due <= now {
            guard position < steps.count else {
                (nextTime, steps, position) = (nil, [], 0)
                return
            }
            switch steps[position] {
            case .begin:
                let since = waitingSince ?? now
                if !hasRoom, now - since < Typist.patience {
                    waitingSince = since
                    nextTime = now + Typist.keyTime
                    return
                }
                waitingSince = nil
            case .key(let code, let isDown):
                push(.key(code, isDown: isDown))
            case .rest(let time):
                nextTime = now + time
            }
            position += 1
        }
    }
}
