import CLinux
import Core
import Glibc
import Storage

/// A directory cannot serve as a drive.
public struct HostVolumeError: Error, CustomStringConvertible {
    public let directory: String
    public let reason: String
    public var description: String { "\(directory): \(reason)" }
}

/// A host directory as a drive.
///
/// Every access is resolved by the kernel beneath the directory (see `HostRoot`); what the host changes is seen at
/// once, as nothing is cached. Names are mapped by `ShortNameMapper`, new files get lower-case names. Writing goes to
/// the host at once, so that a killed emulator loses nothing; it is not forced to the disk. A file opened for writing
/// on a read-only drive is opened for reading on the host; writing to it throws `writeProtected`.
///
/// Its part of a saved machine is the table of open files; a restore opens them again by their DOS paths.
public final class HostVolume: Volume {
    public let label: ShortName?
    public let serialNumber: UInt32
    public let isReadOnly: Bool
    public let chunkID: ChunkID
    let root: HostRoot
    let localTime: LocalTime
    let clock: (any FileClock)?
    var openFiles: [HostOpenFile?] = []

    /// What a restore could not bring back, in the order of the table.
    public internal(set) var restoreFailures: [HostRestoreFailure] = []

    /// Most files that may be open at once.
    public static let openFileLimit = 255
    /// Most names in a path. DOS has room for 64 characters.
    public static let depthLimit = 64

    /// - Parameters:
    ///   - directory: an existing host directory.
    ///   - isReadOnly: nothing on the host is changed, whatever the guest does.
    ///   - localTime: the time zone in which DOS sees the host's time stamps.
    ///   - clock: stamps the files that the guest writes. Without it they keep the time that the host gives them.
    ///   - chunkID: the name of the drive's part of a saved machine; different for each drive of a machine.
    public init(
        directory: String, isReadOnly: Bool = false, label: ShortName? = nil, serialNumber: UInt32 = 0x0CE0_0001,
        localTime: LocalTime = .host, clock: (any FileClock)? = nil, chunkID: ChunkID = ChunkID("HVOL")
    ) throws(HostVolumeError) {
        self.label = label
        self.serialNumber = serialNumber
        self.isReadOnly = isReadOnly
        self.localTime = localTime
        self.clock = clock
        self.chunkID = chunkID
        guard !directory.utf8.contains(0) else {
            throw HostVolumeError(directory: directory.debugDescription, reason: "not a path")
        }
        let number = retryingInterrupts { Glibc.open(directory, ochenta_o_path | O_DIRECTORY | O_CLOEXEC) }
        guard number >= 0 else {
            throw HostVolumeError(directory: directory, reason: String(cString: strerror(errno)))
        }
        root = HostRoot(descriptor: HostDescriptor(owning: number))
        do {
            _ = try root.open([], ochenta_o_path)
        } catch {
            let isRefused = access(directory, X_OK) != 0
            throw HostVolumeError(
                directory: directory,
                reason: isRefused
                    ? String(cString: strerror(errno)) : "the kernel has no openat2 (Linux 5.6 or later is needed)")
        }
    }

    // MARK: Space

    /// As a FAT16 drive of up to 2 GB with clusters of 32 KB, which programs of the time can add up without overflow.
    public func space() throws(VolumeError) -> VolumeSpace {
        let limit: UInt64 = 65_524
        let status = try fileSystem()
        let clusters = { (blocks: UInt64) -> UInt16 in
            let (bytes, overflow) = blocks.multipliedReportingOverflow(by: UInt64(status.f_frsize))
            return UInt16(min(overflow ? limit : bytes / 32_768, limit))
        }
        return VolumeSpace(
            sectorsPerCluster: 64, bytesPerSector: 512, totalClusters: clusters(UInt64(status.f_blocks)),
            freeClusters: isReadOnly ? 0 : clusters(UInt64(status.f_bavail)))
    }

    private func fileSystem() throws(VolumeError) -> statvfs {
        var status = statvfs()
        guard retryingInterrupts({ fstatvfs(root.descriptor.number, &status) }) == 0 else { throw .last }
        return status
    }

    /// Bytes that are free on the host's file system.
    func freeBytes() throws(VolumeError) -> UInt64 {
        let status = try fileSystem()
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : bytes
    }

    // MARK: Paths

    func directory(_ path: VolumePath) throws(VolumeError) -> HostDirectory {
        guard path.names.count <= HostVolume.depthLimit else { throw .pathNotFound }
        var current = try enter([])
        for name in path.names {
            guard let hostName = try current.find(name) else { throw .pathNotFound }
            current = try enter(current.path(of: hostName))
        }
        return current
    }

    /// Opens a directory for look-ups. Whatever is no directory on this drive is a path that does not exist.
    private func enter(_ path: [UInt8]) throws(VolumeError) -> HostDirectory {
        do {
            return try HostDirectory(root: root, path: path)
        } catch {
            switch error {
            case .tooManyOpenFiles, .generalFailure, .notReady, .sharingViolation: throw error
            default: throw .pathNotFound
            }
        }
    }

    /// Where the last name of a path is, and what is there.
    struct Place {
        let directory: HostDirectory
        let name: ShortName
        let item: HostItem?

        var hostPath: [UInt8]? { item.map { directory.path(of: $0.hostName) } }
    }

    /// - Throws: `accessDenied` for the root, which lies in nothing.
    func place(_ path: VolumePath) throws(VolumeError) -> Place {
        guard let name = path.names.last else { throw .accessDenied }
        guard path.names.count <= HostVolume.depthLimit else { throw .pathNotFound }
        let directory = try directory(path.parent)
        guard let hostName = try directory.find(name) else {
            return Place(directory: directory, name: name, item: nil)
        }
        return try Place(directory: directory, name: name, item: directory.item(hostName))
    }

    func checkWritable() throws(VolumeError) {
        if isReadOnly { throw .writeProtected }
    }

    // MARK: Entries

    public func entry(at path: VolumePath) throws(VolumeError) -> DirectoryEntry {
        if path.isRoot {
            let seconds = try HostStatus(of: root.descriptor).modifiedSeconds
            return DirectoryEntry(
                name: .blank, attributes: .directory, size: 0, modified: localTime.fileTime(unixTime: seconds))
        }
        let place = try place(path)
        guard let item = place.item, item.isVisible else { throw .fileNotFound }
        return place.directory.entry(item, place.name, localTime)
    }

    public func entries(in path: VolumePath) throws(VolumeError) -> [DirectoryEntry] {
        let directory = try directory(path)
        let mapper = try ShortNameMapper(directory.hostNames())
        var entries: [DirectoryEntry] = []
        for (hostName, short) in zip(mapper.hostNames, mapper.shortNames) {
            // A file that has gone since the listing, or cannot be looked at, is not there.
            guard let short, let found = try? directory.item(hostName), found.isVisible else { continue }
            entries.append(directory.entry(found, short, localTime))
        }
        return entries.sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    }

    public func remove(_ path: VolumePath) throws(VolumeError) {
        let place = try place(path)
        guard let item = place.item else { throw .fileNotFound }
        guard item.isFile else { throw .accessDenied }
        try checkWritable()
        try checkNotReadOnly(item, in: place.directory)
        guard unlinkat(place.directory.descriptor.number, cString(item.hostName), 0) == 0 else { throw .last }
        forgetPath(path)
    }

    public func rename(_ path: VolumePath, to target: VolumePath) throws(VolumeError) {
        let from = try place(path)
        guard let item = from.item else { throw .fileNotFound }
        let to = try place(target)
        guard item.isVisible, to.item == nil, let hostName = ShortNameMapper.hostSpelling(of: to.name) else {
            throw .accessDenied
        }
        guard !item.isDirectory || path.parent == target.parent else { throw .accessDenied }
        try checkWritable()
        try renameWithoutReplacing(item.hostName, in: from.directory, to: hostName, in: to.directory)
        movePath(path, to: target)
    }

    private func renameWithoutReplacing(
        _ name: [UInt8], in source: HostDirectory, to newName: [UInt8], in target: HostDirectory
    ) throws(VolumeError) {
        let (from, to) = (source.descriptor.number, target.descriptor.number)
        if ochenta_rename_no_replace(from, cString(name), to, cString(newName)) == 0 { return }
        switch errno {
        case EEXIST: throw .accessDenied
        case EXDEV: throw .notSameDevice
        case EINVAL, ENOSYS:
            // A file system without the flag. Nothing had the name a moment ago; look once more and rename plainly.
            guard try HostStatus(newName, in: target.descriptor) == nil else { throw .accessDenied }
            guard renameat(from, cString(name), to, cString(newName)) == 0 else { throw .last }
        default: throw .last
        }
    }

    public func setAttributes(_ path: VolumePath, _ attributes: FileAttributes) throws(VolumeError) {
        let place = try place(path)
        guard let item = place.item, item.isVisible, let hostPath = place.hostPath else { throw .fileNotFound }
        try checkWritable()
        let file = try root.open(hostPath, ochenta_o_path)
        let status = try HostStatus(of: file)
        guard status.kind == item.status.kind else { throw .accessDenied }
        try HostAttributes.write(
            attributes.intersection(.changeable), to: file, hostName: item.hostName, status: status)
    }

    public func makeDirectory(_ path: VolumePath) throws(VolumeError) {
        let place = try place(path)
        guard place.item == nil, let hostName = ShortNameMapper.hostSpelling(of: place.name) else {
            throw .accessDenied
        }
        try checkWritable()
        guard mkdirat(place.directory.descriptor.number, cString(hostName), 0o777) == 0 else {
            throw entryError(.last)
        }
    }

    public func removeDirectory(_ path: VolumePath) throws(VolumeError) {
        let place = try place(path)
        guard let item = place.item, item.isDirectory else { throw .pathNotFound }
        try checkWritable()
        let result = unlinkat(place.directory.descriptor.number, cString(item.hostName), AT_REMOVEDIR)
        guard result == 0 else { throw errno == EEXIST || errno == ENOTDIR ? .accessDenied : .last }
    }

    /// What failing to make an entry is called.
    func entryError(_ error: VolumeError) -> VolumeError {
        switch error {
        case .diskFull: .cannotMakeDirectory
        case .fileExists: .accessDenied
        default: error
        }
    }

    func checkNotReadOnly(_ item: HostItem, in directory: HostDirectory) throws(VolumeError) {
        guard HostAttributes.isWritable(item.status, item.hostName, directory.descriptor) else { throw .accessDenied }
    }
}
