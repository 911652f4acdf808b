import CLinux
import Glibc
import Storage

/// A directory of the host, held open for look-ups.
struct HostDirectory {
    let root: HostRoot
    /// From the root, names joined by `/`.
    let path: [UInt8]
    /// Opened with O_PATH: it names the directory without needing the right to list it.
    let descriptor: HostDescriptor

    init(root: HostRoot, path: [UInt8]) throws(VolumeError) {
        self.root = root
        self.path = path
        descriptor = try root.open(path, ochenta_o_path | O_DIRECTORY)
    }

    func path(of name: [UInt8]) -> [UInt8] { path.isEmpty ? name : path + [UInt8(ascii: "/")] + name }

    /// The host names in the directory, as they are now, without `.` and `..`, in the host's order.
    func hostNames() throws(VolumeError) -> [[UInt8]] {
        // Relative to the descriptor, so that it is this directory whatever its path means by now.
        let listed = try HostRoot(descriptor: descriptor).open([], O_RDONLY | O_DIRECTORY)
        let copy = fcntl(listed.number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .last }
        guard let stream = fdopendir(copy) else {
            let failure = VolumeError.last
            close(copy)
            throw failure
        }
        defer { closedir(stream) }
        let nameOffset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 19
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw .last }
                return names
            }
            let start = (UnsafeRawPointer(entry) + nameOffset).assumingMemoryBound(to: CChar.self)
            let name = Array(UnsafeRawBufferPointer(start: start, count: strlen(start)))
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
    }

    /// The host name that `short` stands for, or nil.
    func find(_ short: ShortName) throws(VolumeError) -> [UInt8]? {
        // The plain spellings come first in the mapper's order of preference: if one is there it is the answer.
        for spelling in [ShortNameMapper.upperSpelling(of: short), ShortNameMapper.hostSpelling(of: short)] {
            guard let spelling else { return nil }
            if try HostStatus(spelling, in: descriptor) != nil { return spelling }
        }
        return try ShortNameMapper.hostName(of: short, in: hostNames())
    }

    /// What is there under a host name. Links are followed as long as they stay on the drive; what DOS cannot use
    /// (pipes, sockets, devices, links that lead out or nowhere) is of kind `other`. Nil if there is nothing.
    func item(_ hostName: [UInt8]) throws(VolumeError) -> HostItem? {
        guard let status = try HostStatus(hostName, in: descriptor) else { return nil }
        guard status.kind == .link else { return HostItem(hostName: hostName, status: status, target: nil) }
        guard let target = try? root.open(path(of: hostName), ochenta_o_path) else {
            return HostItem(hostName: hostName, status: status, target: nil)
        }
        return try HostItem(hostName: hostName, status: HostStatus(of: target), target: target)
    }

    func entry(_ item: HostItem, _ short: ShortName, _ localTime: LocalTime) -> DirectoryEntry {
        let text = String(decoding: item.hostName, as: UTF8.self)
        return DirectoryEntry(
            name: short, longName: text == short.description ? nil : text,
            attributes: HostAttributes.read(
                item.hostName, in: descriptor, target: item.target, status: item.status),
            size: item.status.shownSize, modified: localTime.fileTime(unixTime: item.status.modifiedSeconds))
    }
}

/// A directory's item with the host's name for it.
struct HostItem {
    let hostName: [UInt8]
    /// Of the target, where the item is a link that stays on the drive.
    let status: HostStatus
    let target: HostDescriptor?

    var isFile: Bool { status.kind == .file }
    var isDirectory: Bool { status.kind == .directory }
    /// Whether DOS sees it at all.
    var isVisible: Bool { isFile || isDirectory }
}
