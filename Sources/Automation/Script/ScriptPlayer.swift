import Core
import Fonts
import Machine

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
    /// Whether a joystick can be plugged in.
    var hasGamePort: Bool { get }
    var soundVolumes: SoundVolumes { get set }
    /// The machine's characters, by which text in a picture is read.
    var fonts: FontSet { get }
    /// What its character codes mean.
    var codePage: CodePage { get }
}

extension ScriptStage {
    public var fonts: FontSet { .cp437 }
    public var codePage: CodePage { .cp437 }
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
    private let reader = ScreenReader()
    private let writeFile: (_ path: String, _ text: String) -> String?
    private let writePicture: (_ path: String, _ frame: Frame, _ form: PictureForm?) -> String?
    private let record: (_ path: String?, _ now: Tick) -> String?
    private let print: (_ line: String) -> Void
    /// The ends of frames that a step has seen, and the end of the frame that is being drawn.
    private var frameWait: (seen: Int, end: Tick)?
    /// The last picture that a step took, and when.
    private var taken: (frame: Frame, time: Tick)?
    public private(set) var status: Status
    /// When the script wants to act next; nil when it has ended.
    public private(set) var nextTime: Tick?

    /// - Parameters:
    ///   - writeFile: writes a text to a file of the host; returns what was wrong, or nil.
    ///   - writePicture: the same for a picture.
    ///   - record: begins a recording, or ends all of them (nil); returns what was wrong, or nil.
    ///   - print: shows a line to the user.
    public init(
        _ script: Script, writeFile: @escaping (_ path: String, _ text: String) -> String?,
        writePicture: @escaping (_ path: String, _ frame: Frame, _ form: PictureForm?) -> String? = { _, _, _ in nil },
        record: @escaping (_ path: String?, _ now: Tick) -> String? = { _, _ in nil },
        print: @escaping (_ line: String) -> Void = { _ in }
    ) {
        self.script = script
        self.writeFile = writeFile
        self.writePicture = writePicture
        self.record = record
        self.print = print
        status = script.steps.isEmpty ? .finished : .running
        nextTime = script.steps.isEmpty ? nil : .zero
    }

    /// Does what is due.
    public func act(on stage: some ScriptStage) {
        if script.needsPictures, !stage.isPictureWatched { stage.isPictureWatched = true }
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
            if reader.textScreen(of: stage)?.contains(text) == true { return stepIsDone(at: stage.now) }
            if isOver { return fail(step, "the program ended without showing it") }
            if stage.now - began >= limit { return fail(step, "not shown within \(limit.shortDescription)") }
            nextTime = min(stage.now + ScriptPlayer.pollTime, began + limit)
        case .expectText(let text):
            guard let screen = reader.textScreen(of: stage) else { return fail(step, ScriptPlayer.noText) }
            guard screen.contains(text) else { return fail(step, "the screen does not show it") }
            stepIsDone(at: stage.now)
        case .type(let strokes): type(step, strokes, hold: Typist.keyTime, stage, isOver: isOver)
        case .hold(let stroke, let time): type(step, [stroke], hold: time, stage, isOver: isOver)
        case .wait(let time):
            if isOver || stage.now >= began + time { return stepIsDone(at: stage.now) }
            nextTime = began + time
        case .screenText(let path):
            guard let screen = reader.textScreen(of: stage) else { return fail(step, ScriptPlayer.noText) }
            if let message = writeFile(path, screen.text() + "\n") { return fail(step, message) }
            stepIsDone(at: stage.now)
        case .record(let path):
            if let message = record(path, stage.now) { return fail(step, message) }
            stepIsDone(at: stage.now)
        case .volume(let part, let percent):
            if let part {
                stage.soundVolumes[part] = percent
            } else {
                (stage.soundVolumes.master, stage.soundVolumes.isMuted) = (percent, false)
            }
            stepIsDone(at: stage.now)
        case .screenshot, .expectPixel, .hashFrame:
            switch picture(stage, isOver: isOver) {
            case .pending: break
            case .missing: fail(step, "the adapter of this machine draws no pictures")
            case .frame(let frame):
                if let message = use(frame, step.action) { fail(step, message) } else { stepIsDone(at: stage.now) }
            }
        case .mouse(let event):
            if isOver { return fail(step, "the program has ended") }
            stage.pushInput(event)
            stepIsDone(at: stage.now)
        case .click(let buttons):
            if isOver { return fail(step, "the program has ended") }
            if stage.now >= began + ScriptPlayer.clickTime {
                stage.pushInput(.mouseButtons(0))
                return stepIsDone(at: stage.now)
            }
            if stage.now == began { stage.pushInput(.mouseButtons(buttons)) }
            nextTime = began + ScriptPlayer.clickTime
        case .joystick(let events):
            if isOver { return fail(step, "the program has ended") }
            guard stage.hasGamePort else {
                return fail(step, "this machine has no game port; --set machine.game_port=true gives it one")
            }
            for event in events { stage.pushInput(event) }
            stepIsDone(at: stage.now)
        case .exit: status = .exited
        }
    }

    private static let noText = "the screen is not in a text mode, and its picture shows no text"
    /// How long a button of the mouse is down.
    static let clickTime = Tick.milliseconds(60)

    // MARK: Pictures

    private enum Sight {
        case pending, missing
        case frame(Frame)
    }

    /// The first frame that begins after the step; steps that follow one another look at the same.
    private func picture(_ stage: some ScriptStage, isOver: Bool) -> Sight {
        if isOver {
            frameWait = nil
            return stage.still().map { .frame($0) } ?? .missing
        }
        if frameWait == nil, let taken, taken.time == stage.now { return .frame(taken.frame) }
        let seen: Int
        if let wait = frameWait {
            guard stage.now >= wait.end else {
                nextTime = wait.end
                return .pending
            }
            seen = wait.seen + 1
        } else {
            seen = 0
        }
        if seen == 2 {
            frameWait = nil
            guard let frame = stage.frame() else { return .missing }
            taken = (frame, stage.now)
            return .frame(frame)
        }
        let end = max(stage.frameEnd, stage.now + Tick(1))
        (frameWait, nextTime) = ((seen, end), end)
        return .pending
    }

    /// Does with a picture what a step says. Returns what was wrong, or nil.
    private func use(_ frame: Frame, _ action: ScriptAction) -> String? {
        switch action {
        case .screenshot(let path, let form): return writePicture(path, frame, form)
        case .expectPixel(let x, let y, let expected):
            let picture = frame.withoutBorder.reduced
            guard let color = picture.color(x: x, y: y) else {
                return "the picture has \(picture.width) by \(picture.height) pixels"
            }
            return color == expected ? nil : "the pixel is \(ScriptPlayer.text(color))"
        case .hashFrame:
            print("frame \(frame.fingerprint)")
            return nil
        default: return nil
        }
    }

    private static func text(_ color: UInt32) -> String {
        let digits = String(color & 0xFF_FFFF, radix: 16, uppercase: true)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
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
    /// Whether the screen shows `text` (codes of its page), also across the end of a row. All blanks are equal.
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
