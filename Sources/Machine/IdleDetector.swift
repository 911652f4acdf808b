import Core

/// Recognises programs that poll the keyboard in a loop, so that they sleep to the next event instead.
///
/// What it decides depends on the program alone, so a machine that sleeps is still deterministic. A poll is idle when a
/// service found no key; it counts when few instructions lie between it and the poll before.
final class IdleDetector: StateChunk {
    /// Idle polls in a row before the program is put to sleep: a program that looks once between pieces of work is not.
    static let threshold: UInt32 = 16
    /// Most instructions between two polls of one loop.
    static let loopLength: UInt64 = 400

    private(set) var isIdle = false
    private var polls: UInt32 = 0
    private var lastPoll: UInt64 = 0

    /// Called after each service trap. Returns true when the program is to sleep until the next event.
    func observe(didPollIdly: Bool, at now: Tick, instructions: UInt64) -> Bool {
        guard didPollIdly else { return false }
        polls = instructions &- lastPoll <= IdleDetector.loopLength ? min(polls &+ 1, IdleDetector.threshold) : 0
        lastPoll = instructions
        isIdle = polls >= IdleDetector.threshold
        return isIdle
    }

    /// The event has come: the program polls again, and sleeps again at its next idle poll.
    func wake() { isIdle = false }

    var chunkID: ChunkID { ChunkID("IDLE") }
    var chunkVersion: UInt16 { 1 }

    func transfer(_ coder: StateCoder) {
        coder.field("isIdle", &isIdle)
        coder.field("polls", &polls)
        coder.field("lastPoll", &lastPoll)
    }

    func stateDidRestore() {}
}
