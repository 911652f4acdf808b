import CLinux
import Core
import Storage

/// An open file that a restore could not open again. The guest's next use of it gets `notReady`.
public struct HostRestoreFailure: Hashable, Sendable {
    public let file: FileID
    /// The DOS path without the drive; nil if the guest had deleted the file while it was open.
    public let path: VolumePath?
    public let error: VolumeError
}

/// An open file as it is saved; one without a name of its own is a free place of the table.
private struct HostOpenRecord: StateValue {
    var isOpen = false
    var hasPath = false
    /// The path's names, eleven bytes each.
    var path: [UInt8] = []
    var access: FileAccess = .read
    var explicitTime = FileTimeRecord()
    var isChanged = false

    mutating func transfer(_ coder: StateCoder) {
        coder.field("isOpen", &isOpen)
        coder.field("hasPath", &hasPath)
        coder.field("path", &path, limit: 11 * HostVolume.depthLimit)
        coder.field("access", &access)
        coder.field("explicitTime", &explicitTime)
        coder.field("isChanged", &isChanged)
        if path.count % 11 != 0 { coder.fail("path is not made of short names") }
    }
}

extension HostVolume: StateChunk {
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        var records = openFiles.map { open in
            guard let open else { return HostOpenRecord() }
            return HostOpenRecord(
                isOpen: true, hasPath: open.path != nil, path: open.path?.names.flatMap(\.bytes) ?? [],
                access: open.access, explicitTime: FileTimeRecord(open.explicitTime), isChanged: open.isChanged)
        }
        coder.array("openFiles", &records, limit: HostVolume.openFileLimit)
        guard coder.direction == .load, coder.failure == nil else { return }
        openFiles = records.map { record in
            guard record.isOpen else { return nil }
            let names = stride(from: 0, to: record.path.count, by: 11).map {
                ShortName(padded: Array(record.path[$0..<$0 + 11]))
            }
            return HostOpenFile(
                path: record.hasPath ? VolumePath(names) : nil, access: record.access,
                explicitTime: record.explicitTime.value,
                isChanged: record.isChanged)
        }
    }

    /// Opens the files of the table again.
    public func stateDidRestore() {
        restoreFailures = []
        for (index, open) in openFiles.enumerated() {
            guard let open else { continue }
            do {
                openFiles[index]?.descriptor = try reopen(open)
            } catch {
                restoreFailures.append(
                    HostRestoreFailure(file: FileID(UInt32(index) + 1), path: open.path, error: error))
            }
        }
    }

    /// A file that was created read-only is open for writing all the same, so the attribute does not count here.
    private func reopen(_ open: HostOpenFile) throws(VolumeError) -> HostDescriptor {
        guard let path = open.path else { throw .fileNotFound }
        let place = try place(path)
        guard let item = place.item, let hostPath = place.hostPath else { throw .fileNotFound }
        guard item.isFile else { throw .accessDenied }
        let named = try root.open(hostPath, ochenta_o_path)
        return try HostAttributes.unlocking(named, unless: isReadOnly || open.access == .read) {
            () throws(VolumeError) in try openDescriptor(hostPath, open.access)
        }
    }

    /// The digests of the open files, to be kept beside a saved machine; they are not part of its state.
    public func openFileDigests() -> [FileID: UInt64] {
        var digests: [FileID: UInt64] = [:]
        for index in openFiles.indices {
            let file = FileID(UInt32(index) + 1)
            if let digest = try? digest(of: file) { digests[file] = digest }
        }
        return digests
    }

    /// The open files whose size or time is not what `digests` says: the host has changed them since the save.
    public func changedFiles(since digests: [FileID: UInt64]) -> [(file: FileID, path: VolumePath)] {
        openFiles.indices.compactMap { index in
            let file = FileID(UInt32(index) + 1)
            guard let path = openFiles[index]?.path, let now = try? digest(of: file), let then = digests[file] else {
                return nil
            }
            return now == then ? nil : (file, path)
        }
    }
}
