import Core

/// What a script sees and touches of a machine.
public protocol ScriptStage: AnyObject {
    var now: Tick { get }
    /// Whether the machine's keyboard buffer can take another key.
    var hasKeyboardRoom: Bool { get }
    func textScreen() -> TextScreen?
    /// Whether frames are drawn.
    var isPictureWatched: Bool { get set }
    /// When the frame that is being drawn will be complete.
    var frameEnd: Tick { get }
    /// The last complete frame; nil if the adapter cannot draw.
    func frame() -> Frame?
    /// The picture as registers and memory are now.
    func still() -> Frame?
    func pushInput(_ event: InputEvent)
}

/// Plays a script on a machine. All times are emulated, so that a script plays the same every time.
///
/// Run the machine to `nextTime`, call `act`, and repeat until it is finished or has failed.
public final class ScriptPlayer {
    public enum Status: Hashable, Sendable {
        case running
        /// All steps are done. The machine may go on.
        case finished
        /// The script asked to end the run.
        case exited
        case failed(ScriptError)
    }

    /// How often a screen is looked at while a text is waited for.
    static let pollTime = Tick.milliseconds(10)

    private let script: Script
    private var position = 0
    /// When the present step began.
    private var stepTime: Tick?
    private var typist = Typist()
    private let writeFile: (_ path: String, _ text: String) -> String?
    public private(set) var status: Status
    /// When the script wants to act next; nil when it has ended.
    public private(set) var nextTime: Tick?

    /// - Parameter writeFile: writes a text to a file of the host; returns what was wrong, or nil.
    public init(_ script: Script, writeFile: @escaping (_ path: String, _ text: String) -> String?) {
        self.script = script
        self.writeFile = writeFile
        status = script.steps.isEmpty ? .finished : .running
        nextTime = script.steps.isEmpty ? nil : .zero
    }

    /// Does what is due.
    public func act(on stage: some ScriptStage) {
        while status == .running, let due = nextTime, due <= stage.now { advance(stage, isOver: false) }
        if status != .running { nextTime = nil }
    }

    /// The machine has stopped: plays the rest of the script on its last screen. Steps that need a running machine fail.
    public func finish(on stage: some ScriptStage) {
        while status == .running { advance(stage, isOver: true) }
        nextTime = nil
    }

    private func advance(_ stage: some ScriptStage, isOver: Bool) {
        guard position < script.steps.count else {
            status = .finished
            return
        }
        let step = script.steps[position]
        let began = stepTime ?? stage.now
        stepTime = began
        switch step.action {
        case .waitText(let text, let limit):
            if stage.textScreen()?.contains(text) == true { return stepIsDone(at: stage.now) }
            if isOver { return fail(step, "the program ended without showing it") }
            if stage.now - began >= limit { return fail(step, "not shown within \(limit.shortDescription)") }
            nextTime = min(stage.now + ScriptPlayer.pollTime, began + limit)
        case .expectText(let text):
            guard let screen = stage.textScreen() else { return fail(step, "the screen is not in a text mode") }
            guard screen.contains(text) else { return fail(step, "the screen does not show it") }
            stepIsDone(at: stage.now)
        case .type(let strokes): type(step, strokes, hold: Typist.keyTime, stage, isOver: isOver)
        case .hold(let stroke, let time): type(step, [stroke], hold: time, stage, isOver: isOver)
        case .mouse(let event):
            if isOver { return fail(step, "the program has ended") }
            stage.pushInput(event)
            stepIsDone(at: stage.now)
        case .wait(let time):
            if isOver || stage.now >= began + time { return stepIsDone(at: stage.now) }
            nextTime = began + time
        case .screenText(let path):
            guard let screen = stage.textScreen() else { return fail(step, "the screen is not in a text mode") }
            if let message = writeFile(path, screen.text() + "\n") { return fail(step, message) }
            stepIsDone(at: stage.now)
        case .exit: status = .exited
        }
    }

    private func type(
        _ step: Script.Step, _ strokes: [KeyStroke], hold: Tick, _ stage: some ScriptStage, isOver: Bool
    ) {
        if isOver {
            // The last key may have been what ended the program.
            guard !typist.isIdle, typist.hasPressedAll else { return fail(step, "the program has ended") }
            typist = Typist()
            return stepIsDone(at: stage.now)
        }
        if typist.isIdle, stepTime == stage.now { typist.add(strokes, at: stage.now, hold: hold) }
        typist.act(at: stage.now, hasRoom: stage.hasKeyboardRoom) { stage.pushInput($0) }
        guard let next = typist.nextTime else { return stepIsDone(at: stage.now) }
        nextTime = next
    }

    private func stepIsDone(at now: Tick) {
        position += 1
        stepTime = nil
        nextTime = now
    }

    private func fail(_ step: Script.Step, _ message: String) {
        status = .failed(ScriptError(file: script.name, line: step.line, message: "\(step.source): \(message)"))
    }
}

extension TextScreen {
    /// Whether the screen shows `text` (code page 437), also across the end of a row. All blanks are equal.
    public func contains(_ text: [UInt8]) -> Bool {
        func plain(_ code: UInt8) -> UInt8 { code == 0 || code == 0xFF ? 0x20 : code }
        guard let first = text.first.map(plain), text.count <= cells.count else { return text.isEmpty }
        return cells.withUnsafeBufferPointer { cells in
            (0...cells.count - text.count).contains { start in
                plain(cells[start].character) == first
                    && text.indices.allSatisfy { plain(cells[start + $0].character) == plain(text[$0]) }
            }
        }
    }
}

extension Tick {
    /// A duration as a person writes it: `30s`, `1.5s`, `500ms`.
    public var shortDescription: String {
        let milliseconds = count / (Tick.perSecond / 1_000)
        if milliseconds % 1_000 == 0 { return "\(milliseconds / 1_000)s" }
        return milliseconds < 1_000 ? "\(milliseconds)ms" : "\(Double(milliseconds) / 1_000)s"
    }
}
