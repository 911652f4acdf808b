/// Something that makes sound: a chip, a converter, a speaker. The mixer draws from it; it does not know the mixer.
///
/// A source is caught up only when somebody looks: when a register that changes its sound is written, and when the mixer
/// draws. What it gives is a function of the emulated time alone, whenever and however often it is drawn.
public protocol SoundSource: AnyObject {
    /// What the source is to the user: `speaker`, `opl`, `sb`, `tandy`. Stable, for settings and captures.
    var soundName: String { get }
}

/// A source that has samples at a rate of its own, such as an FM chip at 49,716 Hz.
public protocol SampledSource: SoundSource {
    /// Frames a second. Constant.
    var sampleRate: ClockRatio { get }

    /// Hands out the stereo frames (left first) made before `now`, oldest first, as far as `frames` has room.
    /// - Returns: the number of frames; each takes two elements of `frames`.
    func generate(into frames: UnsafeMutableBufferPointer<Int16>, until now: Tick) -> Int
}

/// A source of steps: a level which changes at exact times: a speaker's cone, a converter, a square wave.
public protocol StepSource: SoundSource {
    /// Where the source writes its changes.
    var levels: LevelTrace { get }

    /// Brings `levels` to `now`.
    func catchUpSound(to now: Tick)
}

/// The level of a source from some time on.
public struct LevelChange: Hashable, Sendable {
    public var time: Tick
    /// -32,768 to 32,767 at full volume.
    public var left: Int16
    public var right: Int16

    public init(time: Tick, left: Int16, right: Int16) {
        (self.time, self.left, self.right) = (time, left, right)
    }
}

/// The changes of a level that have not been drawn yet, and the present level.
///
/// The level is state; changes that wait are not: they are of interest to a listener only. Without a listener nothing is
/// kept. When nobody draws, the oldest changes give way.
public final class LevelTrace {
    /// Changes that wait at most.
    public static let capacity = 1 << 16

    private let changes = UnsafeMutablePointer<LevelChange>.allocate(capacity: LevelTrace.capacity)
    private var first = 0
    private var count = 0
    /// The level before the first waiting change.
    private var start = LevelChange(time: .zero, left: 0, right: 0)
    private var last = LevelChange(time: .zero, left: 0, right: 0)

    /// Whether a mixer draws. Off at first.
    public var isHeard = false {
        didSet { if !isHeard { discard() } }
    }

    /// The memory is written before it is read, so that a trace that nobody hears costs no pages.
    public init() {}

    deinit { changes.deallocate() }

    /// The present level.
    public var left: Int16 { last.left }
    public var right: Int16 { last.right }
    /// Changes that wait.
    public var waiting: Int { count }
    /// The level before the first waiting change.
    public var base: (left: Int16, right: Int16) { (start.left, start.right) }

    /// The level is this from `time` on. Times do not go back; a time before the last one counts as that.
    public func set(left: Int16, right: Int16, at time: Tick) {
        if left == last.left && right == last.right { return }
        last = LevelChange(time: max(time, last.time), left: left, right: right)
        guard isHeard else { return start = last }
        if count == LevelTrace.capacity { _ = take(before: .never) }
        changes[(first &+ count) & (LevelTrace.capacity - 1)] = last
        count &+= 1
    }

    /// The oldest waiting change, if it is before `limit`; it is waiting no more.
    public func take(before limit: Tick) -> LevelChange? {
        guard count > 0, changes[first].time < limit else { return nil }
        start = changes[first]
        first = (first &+ 1) & (LevelTrace.capacity - 1)
        count &-= 1
        return start
    }

    /// The level of a restored source whose own state has it; nothing waits.
    public func restore(left: Int16, right: Int16) {
        last = LevelChange(time: .zero, left: left, right: right)
        discard()
    }

    private func discard() {
        (first, count) = (0, 0)
        start = last
    }

    /// Names the present level in the chunk of the owner.
    public func transfer(_ coder: StateCoder) {
        coder.field("levelTime", &last.time)
        coder.field("levelLeft", &last.left)
        coder.field("levelRight", &last.right)
        if coder.direction == .load { discard() }
    }
}

/// Stereo samples at the mixer's rate, left first.
public struct AudioBlock: Hashable, Sendable {
    /// Frames a second.
    public var rate: Int
    /// Two for each frame.
    public var samples: [Int16]
    /// The emulated time of the first frame.
    public var time: Tick

    public init(rate: Int, samples: [Int16], time: Tick) {
        (self.rate, self.samples, self.time) = (rate, samples, time)
    }
}
