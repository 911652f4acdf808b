import Core
import X86

/// Recognises programs that poll the keyboard in a loop, so that they sleep to the next event instead.
///
/// What it decides depends on the program alone, so a machine that sleeps is still deterministic. A poll is idle when a
/// service found no key. Two kinds of loop sleep: one with so few instructions between its idle polls that it can do
/// no work, and any other loop around service calls that is proven to do none (`LoopProof`).
final class IdleDetector: StateChunk {
    /// Idle polls in a row before the program is put to sleep: a program that looks once between pieces of work is not.
    static let threshold: UInt32 = 16
    /// Most instructions between two polls of a short loop.
    static let loopLength: UInt64 = 400

    private(set) var isIdle = false
    private var polls: UInt32 = 0
    private var lastPoll: UInt64 = 0
    private var proof = LoopProof()
    /// Port accesses that the program has made itself; what a service does to ports shows in memory.
    private(set) var portAccesses: UInt64 = 0

    /// The processor has accessed a port.
    func notePortAccess() { portAccesses &+= 1 }

    /// Called after each service trap. Returns true when the program is to sleep until the next event.
    /// - Parameters:
    ///   - instructions: executed since power-on.
    ///   - machine: asked for its state only when a long loop is on trial.
    func observe(_ poll: Poll, instructions: UInt64, machine: some ObservableMachine) -> Bool {
        guard poll != .none else { return false }
        if poll == .idle {
            let length = instructions &- lastPoll
            lastPoll = instructions
            polls = length <= IdleDetector.loopLength ? min(polls &+ 1, IdleDetector.threshold) : 0
        }
        isIdle =
            poll == .idle && polls >= IdleDetector.threshold
            || proof.observe(instructions: instructions, machine: machine)
        return isIdle
    }

    /// The event has come: the program polls again, and sleeps again at its next idle poll.
    func wake() { isIdle = false }

    var chunkID: ChunkID { ChunkID("IDLE") }
    var chunkVersion: UInt16 { 2 }

    func transfer(_ coder: StateCoder) {
        coder.field("isIdle", &isIdle)
        coder.field("polls", &polls)
        coder.field("lastPoll", &lastPoll)
        coder.field("portAccesses", &portAccesses)
        proof.transfer(coder)
    }

    func stateDidRestore() {}
}
