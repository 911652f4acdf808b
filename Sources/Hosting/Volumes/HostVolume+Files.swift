import Core
import Glibc
import Storage

/// An open file of a `HostVolume`.
struct HostOpenFile {
    /// Where it is; nil once the guest has deleted it.
    var path: VolumePath?
    var access: FileAccess
    /// Nil if a restore has not found the file.
    var descriptor: HostDescriptor?
    /// A time that the guest has set.
    var explicitTime: FileTime?
    /// Whether something was written since the last commit.
    var isChanged = false
}

extension HostVolume {
    // MARK: Opening

    public func open(_ path: VolumePath, access: FileAccess) throws(VolumeError) -> FileID {
        let place = try place(path)
        guard let item = place.item, let hostPath = place.hostPath else { throw .fileNotFound }
        guard item.isFile else { throw .accessDenied }
        if access != .read { try checkNotReadOnly(item, in: place.directory) }
        let slot = try freeSlot()
        let descriptor = try openDescriptor(hostPath, access)
        return register(slot, HostOpenFile(path: path, access: access, descriptor: descriptor))
    }

    func openDescriptor(_ hostPath: [UInt8], _ access: FileAccess) throws(VolumeError) -> HostDescriptor {
        let flags: Int32
        switch access {
        case .read: flags = O_RDONLY
        case .write: flags = O_WRONLY
        case .readWrite: flags = O_RDWR
        }
        return try root.openRegular(hostPath, isReadOnly ? O_RDONLY : flags)
    }

    public func create(_ path: VolumePath, attributes: FileAttributes, mustBeNew: Bool) throws(VolumeError) -> FileID {
        let place = try place(path)
        guard attributes.isDisjoint(with: [.directory, .volumeLabel]) else { throw .accessDenied }
        let file: HostDescriptor
        let hostName: [UInt8]
        let slot: Int
        if let item = place.item, let hostPath = place.hostPath {
            guard !mustBeNew else { throw .fileExists }
            guard item.isFile else { throw .accessDenied }
            try checkWritable()
            try checkNotReadOnly(item, in: place.directory)
            (hostName, slot) = (item.hostName, try freeSlot())
            file = try openDescriptor(hostPath, .readWrite)
            guard retryingInterrupts({ ftruncate(file.number, 0) }) == 0 else { throw .last }
        } else {
            guard let spelling = ShortNameMapper.hostSpelling(of: place.name) else { throw .accessDenied }
            try checkWritable()
            (hostName, slot) = (spelling, try freeSlot())
            file = try createNew(place.directory.path(of: spelling), mustBeNew)
        }
        let new = attributes.intersection(.changeable).union(.archive)
        // The file is there; an attribute that the host does not take is no reason to say that it is not.
        try? HostAttributes.write(new, to: file, hostName: hostName, status: HostStatus(of: file))
        if let clock { try? stamp(file, clock.fileTime) }
        return register(slot, HostOpenFile(path: path, access: .readWrite, descriptor: file))
    }

    private func createNew(_ hostPath: [UInt8], _ mustBeNew: Bool) throws(VolumeError) -> HostDescriptor {
        do {
            return try root.open(hostPath, O_RDWR | O_CREAT | O_EXCL | O_NOCTTY, mode: 0o666)
        } catch {
            // The host has made one since the look: that is the same as if it had been there before.
            guard error == .fileExists else { throw entryError(error) }
            guard !mustBeNew else { throw .fileExists }
        }
        let file = try root.openRegular(hostPath, O_RDWR)
        guard retryingInterrupts({ ftruncate(file.number, 0) }) == 0 else { throw .last }
        return file
    }

    // MARK: The table of open files

    private func freeSlot() throws(VolumeError) -> Int {
        if let index = openFiles.firstIndex(where: { $0 == nil }) { return index }
        guard openFiles.count < HostVolume.openFileLimit else { throw .tooManyOpenFiles }
        return openFiles.count
    }

    private func register(_ slot: Int, _ file: HostOpenFile) -> FileID {
        if slot == openFiles.count { openFiles.append(file) } else { openFiles[slot] = file }
        return FileID(UInt32(slot) + 1)
    }

    private func slot(_ file: FileID) throws(VolumeError) -> Int {
        let slot = Int(file.number) - 1
        guard openFiles.indices.contains(slot), openFiles[slot] != nil else { throw .invalidHandle }
        return slot
    }

    private func opened(_ file: FileID) throws(VolumeError) -> (open: HostOpenFile, descriptor: HostDescriptor) {
        guard let open = openFiles[try slot(file)] else { throw .invalidHandle }
        guard let descriptor = open.descriptor else { throw .notReady }
        return (open, descriptor)
    }

    private func writable(_ file: FileID) throws(VolumeError) -> HostDescriptor {
        let (open, descriptor) = try opened(file)
        guard open.access != .read else { throw .accessDenied }
        try checkWritable()
        return descriptor
    }

    /// Follows a rename, of a file or of a directory above it.
    func movePath(_ path: VolumePath, to target: VolumePath) {
        for index in openFiles.indices {
            guard let names = openFiles[index]?.path?.names, names.starts(with: path.names) else { continue }
            openFiles[index]?.path = VolumePath(target.names + names.dropFirst(path.names.count))
        }
    }

    func forgetPath(_ path: VolumePath) {
        for index in openFiles.indices where openFiles[index]?.path == path { openFiles[index]?.path = nil }
    }

    // MARK: Reading and writing

    public func read(_ file: FileID, at offset: UInt32, into buffer: UnsafeMutableRawBufferPointer)
        throws(VolumeError) -> Int
    {
        let (open, descriptor) = try opened(file)
        guard open.access != .write else { throw .accessDenied }
        var done = 0
        // Nothing beyond 4 GB - 1 exists for DOS.
        let wanted = min(buffer.count, Int(UInt32.max) - Int(offset))
        while done < wanted {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<wanted])
            let count = retryingInterrupts {
                pread(descriptor.number, rest.baseAddress, rest.count, off_t(Int(offset) + done))
            }
            if count < 0 { throw .last }
            if count == 0 { break }
            done += count
        }
        return done
    }

    public func write(_ file: FileID, at offset: UInt32, from buffer: UnsafeRawBufferPointer) throws(VolumeError)
        -> Int
    {
        let descriptor = try writable(file)
        guard !buffer.isEmpty else { return 0 }
        let wanted = min(buffer.count, Int(UInt32.max) - Int(offset))
        guard wanted > 0 else { throw .diskFull }
        try checkRoom(descriptor, for: Int64(offset))
        var done = 0
        while done < wanted {
            let rest = UnsafeRawBufferPointer(rebasing: buffer[done..<wanted])
            let count = retryingInterrupts {
                pwrite(descriptor.number, rest.baseAddress, rest.count, off_t(Int(offset) + done))
            }
            if count <= 0 {
                if done > 0 { break }
                throw count == 0 ? .diskFull : .last
            }
            done += count
        }
        try noteWrite(file, descriptor)
        return done
    }

    public func setSize(_ file: FileID, _ size: UInt32) throws(VolumeError) {
        let descriptor = try writable(file)
        try checkRoom(descriptor, for: Int64(size))
        guard retryingInterrupts({ ftruncate(descriptor.number, off_t(size)) }) == 0 else { throw .last }
        try noteWrite(file, descriptor)
    }

    /// A gap costs the host nothing, but DOS programs learn from making one whether there is room.
    private func checkRoom(_ descriptor: HostDescriptor, for size: Int64) throws(VolumeError) {
        let growth = try size - HostStatus(of: descriptor).size
        guard growth > 0 else { return }
        guard try UInt64(growth) <= freeBytes() else { throw .diskFull }
    }

    private func noteWrite(_ file: FileID, _ descriptor: HostDescriptor) throws(VolumeError) {
        let slot = try slot(file)
        openFiles[slot]?.isChanged = true
        // Only the owner may set a time; a write to somebody else's file is a write all the same.
        if let time = openFiles[slot]?.explicitTime ?? clock?.fileTime { try? stamp(descriptor, time) }
    }

    public func size(of file: FileID) throws(VolumeError) -> UInt32 {
        try HostStatus(of: opened(file).descriptor).shownSize
    }

    // MARK: Times

    public func modified(_ file: FileID) throws(VolumeError) -> FileTime {
        try localTime.fileTime(unixTime: HostStatus(of: opened(file).descriptor).modifiedSeconds)
    }

    public func setModified(_ file: FileID, _ time: FileTime) throws(VolumeError) {
        let slot = try slot(file)
        let descriptor = try opened(file).descriptor
        try checkWritable()
        try stamp(descriptor, time)
        openFiles[slot]?.explicitTime = time
    }

    private func stamp(_ descriptor: HostDescriptor, _ time: FileTime) throws(VolumeError) {
        // 1073741822 is UTIME_OMIT: the time of the last access stays.
        let times = [
            timespec(tv_sec: 0, tv_nsec: 1_073_741_822),
            timespec(tv_sec: time_t(localTime.unixTime(time)), tv_nsec: 0),
        ]
        guard futimens(descriptor.number, times) == 0 else { throw .last }
    }

    /// The data is with the host as soon as it is written, and so is the time; what is left is the archive bit. Nothing
    /// is forced to the disk: that takes milliseconds, and DOS programs commit often.
    public func commit(_ file: FileID) throws(VolumeError) {
        let slot = try slot(file)
        let (open, descriptor) = try opened(file)
        guard open.isChanged else { return }
        openFiles[slot]?.isChanged = false
        HostAttributes.markChanged(descriptor)
    }

    public func close(_ file: FileID) throws(VolumeError) {
        let slot = try slot(file)
        // One that a restore has lost can be closed, too.
        if openFiles[slot]?.descriptor != nil { try commit(file) }
        openFiles[slot] = nil
        while let last = openFiles.last, last == nil { openFiles.removeLast() }
    }

    public func digest(of file: FileID) throws(VolumeError) -> UInt64 {
        let status = try HostStatus(of: opened(file).descriptor)
        var hash = StateHash()
        for part in [status.size, status.modifiedSeconds, status.modifiedNanoseconds] {
            withUnsafeBytes(of: part.littleEndian) { hash.combine($0) }
        }
        return hash.value
    }
}
