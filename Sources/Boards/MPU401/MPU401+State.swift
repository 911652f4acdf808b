import Core

extension MPU401 {
    /// What the next bytes at the data port are.
    enum Expectation: UInt8 { case nothing, parameter, timing, event, direct }

    /// A track, or the conductor (number 8): an event and the ticks until it is due.
    struct Track: StateValue {
        var counter: UInt8 = 0
        /// Empty for a time overflow or a track that has no event.
        var event: [UInt8] = []
        var isRunning = false
        var status: UInt8 = 0x90

        mutating func clear() { self = Track() }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("counter", &counter)
            coder.field("event", &event, limit: 4)
            coder.field("isRunning", &isRunning)
            coder.field("status", &status)
        }
    }

    struct State: StateValue {
        var isUART = false
        var queue: [UInt8] = []
        var lastRead: UInt8 = 0xFF
        var expected = Expectation.nothing
        /// The command whose parameter is expected.
        var parameter: UInt8 = 0
        /// The bytes of a message that is being written.
        var message: [UInt8] = []
        var isPlaying = false
        var hasConductor = false
        var clocksHost = false
        /// Beats a minute.
        var tempo: UInt8 = 100
        /// 40h is the tempo itself.
        var relativeTempo: UInt8 = 0x40
        /// Ticks a beat.
        var timebase: UInt8 = 120
        /// Quarter ticks between clocks to the host.
        var hostInterval: UInt8 = 240
        var hostCounter: Int32 = 0
        var activeTracks: UInt8 = 0
        var tracks = [Track](repeating: Track(), count: 9)
        /// Bits 0-8: who waits for data.
        var requests: UInt16 = 0
        /// Who was asked last.
        var asked: UInt8 = 0
        /// The fraction of a tick of the machine that the sequencer's time is ahead by.
        var remainder: Int64 = 0

        mutating func transfer(_ coder: StateCoder) {
            coder.field("isUART", &isUART)
            coder.field("queue", &queue, limit: MPU401.queueLimit)
            coder.field("lastRead", &lastRead)
            coder.field("expected", &expected)
            coder.field("parameter", &parameter)
            coder.field("message", &message, limit: 4)
            coder.field("isPlaying", &isPlaying)
            coder.field("hasConductor", &hasConductor)
            coder.field("clocksHost", &clocksHost)
            coder.field("tempo", &tempo)
            coder.field("relativeTempo", &relativeTempo)
            coder.field("timebase", &timebase)
            coder.field("hostInterval", &hostInterval)
            coder.field("hostCounter", &hostCounter)
            coder.field("activeTracks", &activeTracks)
            for index in 0..<9 { coder.field("track \(index)", &tracks[index]) }
            coder.field("requests", &requests)
            coder.field("asked", &asked)
            coder.field("remainder", &remainder)
            if asked > 8 || requests > 0x1FF || !(0...1 << 32).contains(remainder) {
                coder.fail("sequencer out of range")
                self = State()
            }
        }
    }
}
