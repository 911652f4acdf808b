import Core

/// What a machine knows of itself beside its parts: whether it has been switched on, and how it ended.
final class MachineStatus: StateChunk {
    var isPoweredOn = false
    /// Option ROMs run before the system starts.
    var isBooting = false
    /// Set once, when the machine has come to its end.
    var ending: MachineStop?

    /// The longest reason of a stop that is saved, in bytes.
    private static let reasonLimit = 4_096

    private enum Ending: UInt8 { case none, exited, stopped }

    var chunkID: ChunkID { ChunkID("MACH") }
    var chunkVersion: UInt16 { 2 }

    func transfer(_ coder: StateCoder) {
        var kind = Ending.none
        var status: UInt8 = 0
        var reason = ""
        switch ending {
        case .exited(let number): (kind, status) = (.exited, number)
        case .stopped(let sentence): (kind, reason) = (.stopped, sentence)
        default: break
        }
        coder.field("isPoweredOn", &isPoweredOn)
        coder.field("isBooting", &isBooting)
        coder.field("ending", &kind)
        coder.field("status", &status)
        coder.field("reason", &reason, limit: MachineStatus.reasonLimit)
        guard coder.direction == .load, coder.failure == nil else { return }
        switch kind {
        case .none: ending = nil
        case .exited: ending = .exited(status: status)
        case .stopped: ending = .stopped(reason: reason)
        }
    }

    func stateDidRestore() {}
}
