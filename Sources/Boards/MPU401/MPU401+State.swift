import Core

extension MPU401 {
    /// What the data of a command are.
    enum Expectation: UInt8 { case nothing, parameter, message }

    /// What the next byte of an answer to a request is.
    enum Answer: UInt8 { case none, message, timing, event }

    enum Recording: UInt8 { case off, standby, on }

    /// What commands have turned away from its state after a reset.
    struct Switches: OptionSet {
        let rawValue: UInt8
        static let conductor = Switches(rawValue: 1)
        static let clockToHost = Switches(rawValue: 2)
        static let noMeasureEnd = Switches(rawValue: 4)
        static let noAllNotesOff = Switches(rawValue: 8)
        static let noRealTime = Switches(rawValue: 16)
        /// Ticks come from TAPE IN or MIDI IN, where nothing is connected.
        static let outerClock = Switches(rawValue: 32)

        mutating func set(_ member: Switches, _ isOn: Bool) { if isOn { insert(member) } else { remove(member) } }
    }

    /// Counters that a MIDI start clears, a stop keeps and a continue restores.
    struct Times: StateValue {
        /// Quarter ticks until the next clock to the host.
        var host: Int32 = 0
        /// Ticks since the measure began.
        var measure: Int32 = 0

        mutating func transfer(_ coder: StateCoder) {
            coder.field("host", &host)
            coder.field("measure", &measure)
        }
    }

    /// A track, or the conductor (number 8): an event and the ticks until it is due.
    struct Track: StateValue {
        var counter: UInt8 = 0
        /// Ticks that the track has waited for data, modulo 256.
        var late: UInt8 = 0
        /// Empty for a time overflow or a track that has no event; a mark is one byte.
        var event: [UInt8] = []
        /// Active, and not at its end.
        var isRunning = false
        var status: UInt8 = 0x90

        mutating func transfer(_ coder: StateCoder) {
            coder.field("counter", &counter)
            coder.field("late", &late)
            coder.field("event", &event, limit: 4)
            coder.field("isRunning", &isRunning)
            coder.field("status", &status)
        }
    }

    struct State: StateValue {
        /// Bits of `requests`: F0h and the bit's number is what the host is told.
        static let (trackRequests, allEnd, clock) = (UInt16(0x2FF), UInt16(1 << 12), UInt16(1 << 13))

        static func request(of track: Int) -> UInt16 { track == MPU401.conductor ? 1 << 9 : 1 << UInt16(track & 7) }

        var isUART = false
        var queue: [UInt8] = []
        /// The first byte of the queue asks for a track's data.
        var isRequestNext = false
        var lastRead: UInt8 = 0xFF
        var expected = Expectation.nothing
        /// The command whose data are expected.
        var command: UInt8 = 0
        /// The bytes of its message so far.
        var message: [UInt8] = []
        var answer = Answer.none
        /// Whose data are being answered.
        var asked: UInt8 = 0
        /// The bytes of the event or message so far.
        var event: [UInt8] = []
        /// D0h-DFh of the conductor, whose message comes with the next answer; 0 for none.
        var conducted: UInt8 = 0
        var requests: UInt16 = 0
        var isPlaying = false
        var recording = Recording.off
        /// Between MIDI start or continue and MIDI stop.
        var isRunning = false
        var switches = Switches()
        /// Beats a minute.
        var tempo: UInt8 = 100
        /// 40h is the tempo itself.
        var relativeTempo: UInt8 = 0x40
        /// How fast the relative tempo changes: 0 at once, 1 slowest.
        var graduation: UInt8 = 0
        /// The length of a tick on its way to another, in the machine's ticks; 0 if the tempo stands.
        var glide: Int64 = 0
        /// Grows by 2 with each MIDI clock of the way.
        var ramp: UInt8 = 0
        /// Ticks since the last MIDI clock.
        var clockTicks: UInt8 = 0
        /// Ticks a beat.
        var timebase: UInt8 = 120
        /// MIDI clocks.
        var clocksPerBeep: UInt8 = 12
        var beepsPerMeasure: UInt8 = 8
        /// Quarter ticks between clocks to the host.
        var hostInterval: UInt8 = 240
        /// Clocks to the host that wait.
        var clocks: UInt8 = 0
        /// Of command ECh; they become active with B8h.
        var activeTracks: UInt8 = 0
        /// Of command EDh.
        var countedTracks: UInt8 = 0
        var tracks = [Track](repeating: Track(), count: 9)
        var recordCounter: UInt8 = 0
        var times = Times()
        var stoppedTimes = Times()
        var tables = (0..<4).map { NoteTable(channel: $0) }
        /// For each of the 128 notes of 16 channels, the tracks that hold it.
        var notes = [UInt8](repeating: 0, count: 16 << 7)
        /// The fraction of a tick of the machine that the sequencer's time is ahead by.
        var remainder: Int64 = 0

        var needsClock: Bool {
            !switches.contains(.outerClock) && (isPlaying || recording == .on || switches.contains(.clockToHost))
        }

        func isWaiting(_ track: Int) -> Bool { requests & State.request(of: track) != 0 }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("isUART", &isUART)
            coder.field("queue", &queue, limit: MPU401.queueLimit)
            coder.field("isRequestNext", &isRequestNext)
            coder.field("lastRead", &lastRead)
            coder.field("expected", &expected)
            coder.field("command", &command)
            coder.field("message", &message, limit: 4)
            coder.field("answer", &answer)
            coder.field("asked", &asked)
            coder.field("event", &event, limit: 4)
            coder.field("conducted", &conducted)
            coder.field("requests", &requests)
            coder.field("isPlaying", &isPlaying)
            coder.field("recording", &recording)
            coder.field("isRunning", &isRunning)
            coder.field("switches", &switches)
            coder.field("tempo", &tempo)
            coder.field("relativeTempo", &relativeTempo)
            coder.field("graduation", &graduation)
            coder.field("glide", &glide)
            coder.field("ramp", &ramp)
            coder.field("clockTicks", &clockTicks)
            coder.field("timebase", &timebase)
            coder.field("clocksPerBeep", &clocksPerBeep)
            coder.field("beepsPerMeasure", &beepsPerMeasure)
            coder.field("hostInterval", &hostInterval)
            coder.field("clocks", &clocks)
            coder.field("activeTracks", &activeTracks)
            coder.field("countedTracks", &countedTracks)
            for index in 0..<9 { coder.field("track \(index)", &tracks[index]) }
            coder.field("recordCounter", &recordCounter)
            coder.field("times", &times)
            coder.field("stoppedTimes", &stoppedTimes)
            for index in 0..<4 { coder.field("table \(index)", &tables[index]) }
            coder.field("notes", &notes, limit: 16 << 7)
            coder.field("remainder", &remainder)
            let known = State.trackRequests | State.allEnd | State.clock
            timebase = min(max(timebase, 48), 192)
            let isSound =
                asked <= 8 && clocks <= MPU401.clockLimit && requests & ~known == 0 && notes.count == 16 << 7
                && (glide == 0 || (Tick.perSecond / 1_000...Tick.perSecond).contains(glide))
                && (0...1 << 32).contains(remainder)
                && (-4...256).contains(times.host) && (0...1 << 20).contains(times.measure)
                && (-4...256).contains(stoppedTimes.host) && (0...1 << 20).contains(stoppedTimes.measure)
            if !isSound {
                coder.fail("sequencer out of range")
                self = State()
            }
        }
    }
}
