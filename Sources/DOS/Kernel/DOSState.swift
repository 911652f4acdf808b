import Core
import Storage

/// What DOS knows that is not in guest memory. Everything that programs can look at is in guest memory instead.
struct DOSState {
    /// Calls that wait or have called guest code, the innermost last.
    var suspended: [SuspendedCall] = []
    /// The system file table behind its guest entries.
    var files: [OpenFile] = []
    /// Directory searches, the one used last at the end.
    var searches: [DirectorySearch] = []
    var lastSearch: UInt16 = 0
    /// Counts the names of temporary files.
    var temporaryNames: UInt32 = 0
    /// Notices that were given, so that each is given once. Not part of the machine's state.
    var noted: Set<String> = []
}

extension DOSKernel {
    public var chunkID: ChunkID { ChunkID("DOS ") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.array("suspended", &state.suspended, limit: DOSKernel.suspensionLimit)
        coder.array("files", &state.files, limit: FileTables.capacity)
        coder.array("searches", &state.searches, limit: DOSKernel.searchLimit)
        coder.field("lastSearch", &state.lastSearch)
        coder.field("temporaryNames", &state.temporaryNames)
    }

    public func stateDidRestore() {}
}
