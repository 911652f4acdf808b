import Automation
import Core
import Machine

/// How a session ended.
public enum SessionEnd: Hashable, Sendable {
    case program(status: UInt8)
    /// The script's `exit`.
    case script
    case scriptFailed(ScriptError)
    case timeLimit
    case hostTimeLimit
    /// The machine cannot go on.
    case stopped(reason: String)
    case quit
    case outputClosed
    case signal(Int32)
}

/// A running machine with its front end and its script: the only place where emulated time meets the host's.
public final class Session {
    /// What limits and paces a session.
    public struct Options: Sendable {
        public var pacing = Pacing(rule: .always)
        /// Emulated time.
        public var timeLimit: Tick?
        /// Host time, in nanoseconds.
        public var hostTimeLimit: Int64?

        public init() {}
    }

    private let machine: any GuestMachine
    private let options: Options
    private var pacing: Pacing
    private let frontEnd: any FrontEnd
    private let script: ScriptPlayer?
    private let observer: (any SessionObserver)?
    private let listeners: [any SoundListener]
    private let clock: any HostClock
    private let log: SessionLog
    private let signals: Int32?
    private var pacemaker: Pacemaker
    private let hostStart: Int64
    private var lastShown: Int64 = .min
    private var idle = IdleSpan()
    /// Nothing happens in the machine before this, unless input comes: a run need not stop earlier.
    private var quietUntil = Tick.zero
    /// After input the machine may run ahead of the host's time up to this, so that what comes of it is seen at once: a key
    /// takes milliseconds on its way through the keyboard's line.
    private var aheadUntil = Tick.zero
    /// When the program has to have ended after a first interrupt, and by which signal.
    private var grace: (time: Int64, signal: Int32)?
    private var end: SessionEnd?
    /// When the frame that the beam draws is complete, if the front end shows frames and each of them.
    private var frameDue: Tick?
    private var isPaused = false

    /// Longest run without looking at the host, in emulated time.
    private static let slice = Tick.milliseconds(10)
    /// Where somebody plays what is heard, a run ends where the mixer has something to give: at whole multiples of this.
    private static let soundStep = Tick.milliseconds(5)
    /// By so much the mixer's filter delays the sound, at 44,100 frames a second and more.
    private static let soundDelay = Tick.milliseconds(2)
    /// Longest run while somebody listens: the mixer keeps four times as much.
    private static let listeningTime = Tick.seconds(1)
    /// A run may pass its limit by an instruction, which takes less than this.
    private static let instructionTime = Tick.microseconds(100)
    /// Shortest time between two pictures, and the time that an interrupted program has, in nanoseconds.
    private static let frameTime: Int64 = 16_000_000
    private static let graceTime: Int64 = 1_000_000_000

    /// - Parameter signals: a descriptor from `HostSignal.catchAll`, if signals are to be taken.
    public init(
        machine: any GuestMachine, frontEnd: any FrontEnd, script: ScriptPlayer? = nil,
        observer: (any SessionObserver)? = nil, listeners: [any SoundListener] = [], options: Options, log: SessionLog,
        clock: any HostClock = SystemClock(), signals: Int32? = nil
    ) {
        self.machine = machine
        self.frontEnd = frontEnd
        self.script = script
        self.observer = observer
        self.listeners = listeners
        self.options = options
        pacing = options.pacing
        self.clock = clock
        self.log = log
        self.signals = signals
        hostStart = clock.now
        pacemaker = Pacemaker(factor: options.pacing.factor, host: hostStart, emulated: machine.now)
    }

    /// Runs to the end, whatever it is.
    public func run() throws(HostingError) -> SessionEnd {
        try frontEnd.start(machine)
        log.isHeld = frontEnd.drawsOverStandardError
        defer {
            frontEnd.finish(machine)
            log.isHeld = false
        }
        while true {
            if let end { return finished(end) }
            step()
        }
    }

    /// The rest of a script is played on the last screen; what failed there outweighs the program's own status.
    private func finished(_ end: SessionEnd) -> SessionEnd {
        _ = frontEnd.show(machine)
        writeNotices()
        listen(machine.takeAudioToPresent())
        guard case .program = end, let script else { return end }
        script.finish(on: machine)
        if case .failed(let error) = script.status { return .scriptFailed(error) }
        return end
    }

    private func step() {
        if isPaused { return standStill() }
        act()
        if end != nil { return }
        followBeam()
        let quiet = quietUntil
        let stop = machine.run(until: runLimit())
        listen(machine.takeAudio())
        switch stop {
        case .exited(let status): end = .program(status: status)
        case .stopped(let reason): end = .stopped(reason: reason)
        case .needsInput: supplyInput()
        case .deadline:
            if let rest {
                pace(until: min(rest, nextAction()), isWaiting: true)
            } else {
                // A run that only brought a wait to its event is no sign of work.
                let isWaiting = machine.isWaiting || machine.now <= quiet + Session.instructionTime
                pace(until: machine.now, isWaiting: isWaiting)
            }
        case .waiting(let time): pace(until: min(time, nextAction(), nextSound()), isWaiting: true)
        }
        if let limit = options.timeLimit, machine.now >= limit, end == nil { end = .timeLimit }
    }

    /// What is due in emulated time.
    private func act() {
        if let due = script?.nextTime, due <= machine.now { script?.act(on: machine) }
        if let due = frontEnd.nextTime, due <= machine.now { frontEnd.act(machine) }
        if let due = observer?.nextTime, due <= machine.now { observer?.observe(machine) }
        switch script?.status {
        case .failed(let error): end = .scriptFailed(error)
        case .exited: end = .script
        default: break
        }
    }

    /// The earliest emulated time at which somebody outside the machine acts.
    private func nextAction() -> Tick {
        let (script, observer) = (script?.nextTime ?? .never, observer?.nextTime ?? .never)
        let outside = min(script, observer, frontEnd.nextTime ?? .never)
        return min(outside, options.timeLimit ?? .never, frameDue ?? .never)
    }

    /// Frames are drawn while they can all be shown: when nothing holds the machine back, there are too many of them.
    private func followBeam() {
        guard frontEnd.wantsPictures else { return }
        guard isPaced(isWaiting: machine.isWaiting) else {
            // A script and a film look on.
            if script?.nextTime == nil, observer == nil { machine.isPictureWatched = false }
            frameDue = nil
            return
        }
        machine.isPictureWatched = true
        // An adapter whose registers have changed draws shorter or longer frames from then on.
        let next = machine.frameEnd
        frameDue = frameDue.map { $0 <= machine.now ? next : min($0, next) } ?? next
    }

    private func listen(_ block: AudioBlock?) {
        guard let block else { return }
        for listener in listeners { listener.hear(block, isLive: pacing.isLive) }
    }

    private var isPlaying: Bool { pacing.isLive && listeners.contains { $0.isPlaying } }

    /// When a machine that has worked and waits has to go on for what it sounds like: at once while somebody plays it, and
    /// otherwise for the first sound that may have begun, which the mixer gives when its step is over.
    private func nextSound() -> Tick {
        guard canPlay else { return .never }
        return isPlaying ? .zero : nextSoundStep(after: machine.now + Session.soundDelay)
    }

    private var canPlay: Bool { pacing.isLive && listeners.contains { $0.canPlay } }

    private func nextSoundStep(after time: Tick) -> Tick {
        let step = Session.soundStep.count
        return Tick((time.count / step + 1) * step)
    }

    /// Until when nothing happens in the machine, and nothing is heard; nil if it has something to do. It need not run ahead
    /// of the host's time then, and input comes to it in time.
    private var rest: Tick? { isPlaying ? nil : machine.restsUntil }

    /// Nothing runs until the user says so.
    private func standStill() {
        for listener in listeners { listener.standStill() }
        show(isForced: true)
        attend(clock.wait(for: descriptors(isNeeded: false), until: hostDeadline()))
        pacemaker.restart(host: clock.now, emulated: machine.now)
    }

    private func runLimit() -> Tick {
        let next = rest != nil ? machine.now : canPlay ? nextSoundStep(after: machine.now) : machine.now + Session.slice
        let longest = listeners.isEmpty ? Tick.never : machine.now + Session.listeningTime
        // Input ends waits early, and much of it must not drive the machine ahead of the host.
        let latest = pacing.rule == .always ? max(machine.now, hostTime + Session.slice) : .never
        return min(max(next, quietUntil), nextAction(), longest, latest)
    }

    // MARK: The host's time

    /// The emulated time that belongs to the host's now.
    private var hostTime: Tick { pacemaker.emulatedTime(of: clock.now) }

    /// Whether time has to be held back now.
    private func isPaced(isWaiting: Bool) -> Bool {
        switch pacing.rule {
        case .always: return true
        case .whileWaiting: return isWaiting
        case .never:
            if script?.nextTime != nil || options.timeLimit != nil { return false }
            return idle.length(isWaiting: isWaiting, now: machine.now, activity: frontEnd.outputCount)
                >= Pacing.longestSkippedWait
        }
    }

    /// The machine has come to its present time, and nothing happens in it before `until`: lets the host's time catch up,
    /// and attends to the host.
    private func pace(until: Tick, isWaiting: Bool) {
        show(isForced: isWaiting || frameDue.map { $0 <= machine.now } ?? false)
        // A wait without an end ends with the host's next input: skipping it would lead nowhere.
        let isEndless = until == .never
        quietUntil = isEndless ? machine.now : until
        let paced = isPaced(isWaiting: isWaiting) || isEndless
        let host = clock.now
        if !paced {
            pacemaker.restart(host: host, emulated: machine.now)
            attend(clock.wait(for: descriptors(isNeeded: false), until: host))
            return
        }
        pacemaker.forgetLostTime(host: host, emulated: machine.now)
        let deadline = pacemaker.hostTime(of: until)
        guard deadline > host, until >= aheadUntil else {
            return attend(clock.wait(for: descriptors(isNeeded: false), until: host))
        }
        let ready = clock.wait(for: descriptors(isNeeded: false), until: min(deadline, hostDeadline()))
        if isWaiting, !ready.isEmpty {
            // The input comes at the emulated time that it is now, not at that when the wait began.
            let now = min(hostTime, until)
            if now > machine.now {
                take(machine.run(until: now))
                listen(machine.takeAudio())
            }
        }
        attend(ready)
    }

    /// The end of a run that only moves a waiting machine's time.
    private func take(_ stop: MachineStop) {
        switch stop {
        case .exited(let status): end = .program(status: status)
        case .stopped(let reason): end = .stopped(reason: reason)
        case .deadline, .waiting, .needsInput: break
        }
    }

    /// The program reads standard input: emulated time stands still until there is some.
    private func supplyInput() {
        show(isForced: true)
        guard frontEnd.inputDescriptor(isNeeded: true) != nil else { return machine.streams.end() }
        attend(clock.wait(for: descriptors(isNeeded: true), until: hostDeadline()), isNeeded: true)
        // An interrupt does not reach a program whose time stands still.
        if let grace, end == nil { end = .signal(grace.signal) }
        pacemaker.restart(host: clock.now, emulated: machine.now)
    }

    private func descriptors(isNeeded: Bool) -> [Int32] {
        let input = frontEnd.inputDescriptor(isNeeded: isNeeded)
        return [signals, input].compactMap { $0 }
    }

    /// The earliest host time at which something has to be looked at.
    private func hostDeadline() -> Int64 {
        let limit = options.hostTimeLimit.map { hostStart + $0 } ?? .max
        return min(limit, frontEnd.wakeTime ?? .max, grace?.time ?? .max)
    }

    /// Takes what the host has: signals, input, its limits.
    private func attend(_ ready: [Int32], isNeeded: Bool = false) {
        if !ready.isEmpty { quietUntil = .zero }
        let now = clock.now
        if let signals, ready.contains(signals) {
            while let number = HostSignal.take() { request(frontEnd.receive(signal: number, machine)) }
        }
        if let input = frontEnd.inputDescriptor(isNeeded: isNeeded), ready.contains(input) {
            // A machine that is ahead already is not driven further.
            aheadUntil = min(machine.now, hostTime) + Session.slice
            request(frontEnd.readInput(machine))
        }
        if let time = frontEnd.wakeTime, time <= now { frontEnd.wake(machine, now: now) }
        if let grace, now >= grace.time, end == nil { end = .signal(grace.signal) }
        if let limit = options.hostTimeLimit, now - hostStart >= limit, end == nil { end = .hostTimeLimit }
    }

    private func request(_ request: FrontEndRequest?) {
        guard let request, end == nil else { return }
        switch request {
        case .quit: end = .quit
        case .outputClosed: end = .outputClosed
        case .end(let signal): end = .signal(signal)
        case .changePace(let new):
            pacing = new
            pacemaker = Pacemaker(factor: new.factor, host: clock.now, emulated: machine.now)
        case .pause(let isPaused): self.isPaused = isPaused
        case .interrupt(let signal):
            if grace != nil { end = .signal(signal) } else { grace = (clock.now + Session.graceTime, signal) }
        }
    }

    private func show(isForced: Bool) {
        let now = clock.now
        guard isForced || lastShown == .min || now - lastShown >= Session.frameTime else { return }
        lastShown = now
        writeNotices()
        request(frontEnd.show(machine))
    }

    private func writeNotices() {
        for notice in machine.takeNotices() { log.log(notice.isWarning ? .warning : .info, notice.text) }
    }
}

/// How long a machine has mostly waited, and put nothing out.
///
/// A program that polls works a little between its waits, so that work of less than half the time does not count.
private struct IdleSpan {
    private var start = Tick.zero
    private var last = Tick.zero
    private var work = Tick.zero
    private var activity = 0

    /// Notes that the machine has come to `now`, waiting or working.
    mutating func length(isWaiting: Bool, now: Tick, activity: Int) -> Tick {
        if !isWaiting { work += now - last }
        last = now
        if activity != self.activity || work.count > (now - start).count / 2 + Tick.perSecond {
            (start, work, self.activity) = (now, .zero, activity)
        }
        return now - start
    }
}
