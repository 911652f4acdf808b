import Core
import Storage

/// What DOS knows that is not in guest memory. Everything that programs can look at is in guest memory instead.
struct DOSState {
    /// Calls that wait or have called guest code, the innermost last.
    var suspended: [SuspendedCall] = []
    /// Notices that were given, so that each is given once. Not part of the machine's state.
    var noted: Set<String> = []
}

extension DOSKernel {
    public var chunkID: ChunkID { ChunkID("DOS ") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.array("suspended", &state.suspended, limit: DOSKernel.suspensionLimit)
    }

    public func stateDidRestore() {}

    /// Puts a volume under a drive letter (0 is A), replacing what was there.
    func setVolume(_ volume: any Volume, letter: UInt8) {}
}
