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
    /// The PSP of the first program; its end is the end of the machine.
    var rootProcess: UInt16 = 0
    /// Reads in a row at the end of standard input.
    var endReads: UInt16 = 0
    /// Lines typed earlier, the latest last.
    var history: [HistoryLine] = []
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
        coder.field("rootProcess", &state.rootProcess)
        coder.field("endReads", &state.endReads)
        coder.array("history", &state.history, limit: DOSKernel.historyLimit)
    }

    public func stateDidRestore() {}
}
