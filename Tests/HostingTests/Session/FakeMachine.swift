import Automation
import Core
import Machine

@testable import Hosting

/// A machine that does as it is told: a list of what each run comes to.
final class FakeMachine: GuestMachine {
    let hasGamePort = true
    var soundVolumes = SoundVolumes()
    /// What the machine does from some time on.
    enum Behavior {
        case compute
        /// Waits, with an event at each multiple of the period, until a key comes.
        case wait(period: Tick)
        case readInput
        case exit(UInt8)
        case stop(String)
    }

    let streams = StandardStreams()
    var now = Tick.zero
    var plan: [(from: Tick, behavior: Behavior)] = [(.zero, .compute)]
    var keys: [(time: Tick, event: InputEvent)] = []
    var runs: [Tick] = []
    var hasKeyboardRoom: Bool { true }
    var isWaiting: Bool { if case .wait = behavior { true } else { false } }
    var restsUntil: Tick? {
        guard case .wait(let period) = behavior, lastEvent == now.count / period.count else { return nil }
        return Tick((lastEvent + 1) * period.count)
    }
    /// Called after each key, to change the plan.
    var onKey: ((FakeMachine) -> Void)?

    private var lastEvent: Int64 = -1

    private var behavior: Behavior { plan.last { $0.from <= now }?.behavior ?? .compute }

    var isPictureWatched = false
    /// Frames end at whole multiples of this.
    var framePeriod = Tick.milliseconds(20)
    var frameEnd: Tick { Tick((now.count / framePeriod.count + 1) * framePeriod.count) }
    func frame() -> Frame? { nil }
    func still() -> Frame? { nil }

    func pushInput(_ event: InputEvent) {
        keys.append((now, event))
        onKey?(self)
    }

    func textScreen() -> TextScreen? {
        var cells = [TextScreen.Cell](repeating: .init(character: 0x20, attribute: 7), count: 80 * 25)
        for (index, byte) in now.description.utf8.enumerated() { cells[index].character = byte }
        return TextScreen(columns: 80, rows: 25, cells: cells, time: now)
    }

    /// The level of its sound, a thousand frames a second; nil if nobody listens.
    var soundLevel: Int16?
    private var drawn: Int64 = 0

    func takeAudio() -> AudioBlock? {
        guard let level = soundLevel else { return nil }
        let (start, end) = (drawn, now.count / Tick.milliseconds(1).count)
        drawn = end
        guard end > start else { return nil }
        return AudioBlock(
            rate: 1_000, samples: Array(repeating: level, count: Int(end - start) * 2), time: .milliseconds(start))
    }

    func takeAudioToPresent() -> AudioBlock? { takeAudio() }

    /// What `takeNotices` gives.
    var notices: [MachineNotice] = []

    func takeNotices() -> [MachineNotice] {
        defer { notices = [] }
        return notices
    }

    func run(until limit: Tick) -> MachineStop {
        runs.append(limit)
        switch behavior {
        case .exit(let status): return .exited(status: status)
        case .stop(let reason): return .stopped(reason: reason)
        case .readInput:
            if streams.needsHost { return .needsInput }
            guard streams.readByte() == nil else { return .deadline }
            return .exited(status: 7)
        case .compute:
            let change = plan.first { $0.from > now }?.from ?? .never
            now = min(max(limit, now), change)
            return .deadline
        case .wait(let period):
            // As on a machine: after an event the program does a little and halts again, which is told at once.
            let event = now.count / period.count
            let next = Tick((event + 1) * period.count)
            if lastEvent != event {
                lastEvent = event
                return .waiting(until: next)
            }
            now = min(next, limit)
            return .deadline
        }
    }
}

/// A host clock that moves only by waiting, and input that comes at given times.
final class FakeClock: HostClock {
    var now: Int64 = 1_000_000_000
    /// Descriptor and time, in order.
    var arrivals: [(descriptor: Int32, time: Int64)] = []
    /// How long the machine's own work takes, added at each look at the clock.
    var costOfLook: Int64 = 0
    var waits = 0

    func wait(for descriptors: [Int32], until deadline: Int64?) -> [Int32] {
        waits += 1
        now += costOfLook
        let due = arrivals.filter { descriptors.contains($0.descriptor) && $0.time <= max(deadline ?? .max, now) }
        guard let first = due.min(by: { $0.time < $1.time }) else {
            if let deadline { now = max(now, deadline) }
            return []
        }
        now = max(now, first.time)
        return [first.descriptor]
    }
}

/// A front end with a descriptor that the fake clock knows.
final class FakeFrontEnd: FrontEnd {
    static let descriptor: Int32 = 99
    let clock: FakeClock
    var onInput: ((any GuestMachine) -> FrontEndRequest?)?
    var isFinished = false
    var shown = 0
    var nextTime: Tick?
    var acted: [Tick] = []
    var wantsPictures = false
    var showTimes: [Tick] = []
    var onShow: ((any GuestMachine) -> Void)?

    init(_ clock: FakeClock) { self.clock = clock }

    func start(_ machine: any GuestMachine) {}
    func inputDescriptor(isNeeded: Bool) -> Int32? { FakeFrontEnd.descriptor }
    func readInput(_ machine: any GuestMachine) -> FrontEndRequest? {
        clock.arrivals.removeAll { $0.time <= clock.now }
        return onInput?(machine)
    }
    func act(_ machine: any GuestMachine) {
        acted.append(machine.now)
        nextTime = nil
    }
    var wakeTime: Int64? { nil }
    func wake(_ machine: any GuestMachine, now: Int64) {}
    func show(_ machine: any GuestMachine) -> FrontEndRequest? {
        shown += 1
        showTimes.append(machine.now)
        onShow?(machine)
        return nil
    }
    func receive(signal: Int32, _ machine: any GuestMachine) -> FrontEndRequest? { nil }
    var drawsOverStandardError: Bool { false }
    var outputCount: Int { 0 }
    func finish(_ machine: any GuestMachine) { isFinished = true }
}
