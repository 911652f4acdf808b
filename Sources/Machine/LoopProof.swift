import Core

/// What a loop could have changed, as numbers that are equal when nothing has changed.
protocol ObservableMachine: AnyObject {
    /// Digest of the registers of processor and coprocessor and the stack around SP: cheap, and it tells the polls of one turn apart.
    var placeDigest: UInt64 { get }
    /// Digest of all memory that the processor sees. Costs some tens of microseconds.
    var memoryDigest: UInt64 { get }
    /// Counts whatever leaves the processor and its memory: port accesses of the program, bytes of a filter.
    var effectCount: UInt64 { get }
}

/// Proves of a loop around service calls that only look (polls) that it does nothing.
///
/// At a poll the state of the machine is marked. When a later poll finds the same registers and the same memory, and
/// nothing has left the machine in between, then the loop is back where it was: it can only go the same way again until
/// an event changes something, so the program may sleep until then. A program that computes, draws or counts is never
/// in the same state twice.
struct LoopProof {
    /// Most instructions between two polls; beyond it even a few turns after each wake are not worth it.
    private static let longestLoop: UInt64 = 20_000
    /// Polls after which a mark that was not met again is given up: a loop may poll at several places.
    private static let patience: UInt32 = 8
    /// Marks in one trial: the timer may have ticked behind the first.
    private static let marksOfTrial: UInt32 = 3
    /// Polls in a row before the first trial, and the most before a trial after failures: a program that works pays
    /// for a trial once in so many polls.
    private static let firstTrial: UInt32 = 16
    private static let lastTrial: UInt32 = 4_096

    /// The instruction count at the last poll.
    private var lastPoll: UInt64 = 0
    /// Polls in a row that were close enough, since the last trial.
    private var polls: UInt32 = 0
    /// Polls before the next trial.
    private var untilTrial = LoopProof.firstTrial
    /// Polls since the mark; 0 when there is none.
    private var age: UInt32 = 0
    /// Marks in this trial.
    private var marks: UInt32 = 0
    private var markedPlace: UInt64 = 0
    private var markedMemory: UInt64 = 0
    private var markedEffects: UInt64 = 0

    /// Called at each poll. True when the loop is proven to do nothing.
    mutating func observe(instructions: UInt64, machine: some ObservableMachine) -> Bool {
        let length = instructions &- lastPoll
        lastPoll = instructions
        guard length <= LoopProof.longestLoop else {
            restart(untilTrial: LoopProof.firstTrial)
            return false
        }
        polls = min(polls &+ 1, LoopProof.lastTrial)
        if age > 0 { return compare(machine) }
        if polls >= untilTrial { mark(machine) }
        return false
    }

    private mutating func mark(_ machine: some ObservableMachine) {
        age = 1
        marks &+= 1
        markedPlace = machine.placeDigest
        markedMemory = machine.memoryDigest
        markedEffects = machine.effectCount
    }

    private mutating func compare(_ machine: some ObservableMachine) -> Bool {
        if machine.effectCount == markedEffects, machine.placeDigest == markedPlace,
            machine.memoryDigest == markedMemory
        {
            // The next trial begins at the first poll after the wake.
            restart(untilTrial: 1)
            return true
        }
        age &+= 1
        guard age > LoopProof.patience else { return false }
        if marks < LoopProof.marksOfTrial {
            mark(machine)
        } else {
            restart(untilTrial: min(max(untilTrial, LoopProof.firstTrial) &* 4, LoopProof.lastTrial))
        }
        return false
    }

    private mutating func restart(untilTrial: UInt32) {
        (polls, age, marks) = (0, 0, 0)
        self.untilTrial = untilTrial
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("proof.lastPoll", &lastPoll)
        coder.field("proof.polls", &polls)
        coder.field("proof.untilTrial", &untilTrial)
        coder.field("proof.age", &age)
        coder.field("proof.marks", &marks)
        coder.field("proof.markedPlace", &markedPlace)
        coder.field("proof.markedMemory", &markedMemory)
        coder.field("proof.markedEffects", &markedEffects)
    }
}

extension PersonalComputer: ObservableMachine {
    var placeDigest: UInt64 {
        let r = engine.registers
        var hash = StateHash()
        for word in [r.ax, r.bx, r.cx, r.dx, r.sp, r.bp, r.si, r.di, r.cs, r.ds, r.es, r.ss, r.ip, r.flags] {
            withUnsafeBytes(of: word) { hash.combine($0) }
        }
        let top = Int(FarPointer(r.ss, r.sp).linear)
        let stack = max(top - 32, 0)..<min(top + 64, GuestMemory.viewSize)
        hash.combine(UnsafeRawBufferPointer(start: memory.base + stack.lowerBound, count: stack.count))
        socket?.chip.combineRegisters(into: &hash)
        return hash.value
    }

    var memoryDigest: UInt64 { memory.digest }

    var effectCount: UInt64 { idleDetector.portAccesses &+ streams.transferCount }
}
