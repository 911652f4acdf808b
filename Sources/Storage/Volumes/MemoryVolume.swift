import Core

/// A drive in memory: for tests, for Z: and wherever a run must not touch the host.
///
/// It behaves like a FAT drive: space is given out in clusters, directories are in name order. Everything, open files
/// included, is state. Files opened for writing on a read-only drive can be read, as on a write-protected disk; writing
/// to them throws `writeProtected`.
public final class MemoryVolume: Volume {
    public let label: ShortName?
    public let serialNumber: UInt32
    public let isReadOnly: Bool
    public let chunkID: ChunkID
    let clock: any FileClock
    let clusterSize: Int
    let totalClusters: Int

    var root = MemoryVolume.emptyRoot()
    var openFiles: [MemoryOpenFile?] = []
    var usedClusters = 0
    var entryCount = 0

    /// Most bytes that a drive may hold: 2 GB less a cluster, as FAT16.
    public static let largestCapacity = 65_524 * 32_768
    /// Most files and directories on a drive.
    public static let entryLimit = 65_536
    /// Most names in a path. DOS has room for 64 characters.
    public static let depthLimit = 64
    /// Most files that may be open at once.
    public static let openFileLimit = 255

    struct MemoryOpenFile {
        var node: MemoryNode
        var access: FileAccess
        /// A time that the guest has set.
        var explicitTime: FileTime?
        /// Whether something was written since the last commit.
        var isChanged = false
    }

    /// - Parameters:
    ///   - capacity: most bytes that the drive may hold, up to `largestCapacity`; memory is used as files grow.
    ///   - chunkID: the name of the drive's part of a saved machine; different for each drive of a machine.
    public init(
        capacity: Int = 8 << 20, isReadOnly: Bool = false, label: ShortName? = nil, serialNumber: UInt32 = 0x0CE0_0080,
        clock: any FileClock, chunkID: ChunkID = ChunkID("MVOL")
    ) {
        self.label = label
        self.serialNumber = serialNumber
        self.isReadOnly = isReadOnly
        self.clock = clock
        self.chunkID = chunkID
        let capacity = min(max(capacity, 512), MemoryVolume.largestCapacity)
        var clusterSize = 512
        while capacity / clusterSize > 65_524 { clusterSize *= 2 }
        self.clusterSize = clusterSize
        totalClusters = capacity / clusterSize
    }

    static func emptyRoot() -> MemoryNode {
        MemoryNode(name: .blank, attributes: .directory, modified: FileTime(year: 1980, month: 1, day: 1))
    }

    /// Puts files on the drive, also on a read-only one. Missing directories are made, existing files replaced.
    /// - Parameter files: contents by path, such as `BIN\MORE.COM`; `/` serves as well.
    /// - Throws: `pathNotFound` for a path that is not made of 8.3 names or leads through a file; `accessDenied` where
    ///   a directory has the name; `diskFull`.
    public func load(_ files: [String: [UInt8]]) throws(VolumeError) {
        for path in files.keys.sorted() {
            var names: [ShortName] = []
            for part in path.split(whereSeparator: { $0 == "\\" || $0 == "/" }) {
                guard let name = ShortName(String(part)), name.isStorable else { throw .pathNotFound }
                names.append(name)
            }
            guard let last = names.popLast(), names.count < MemoryVolume.depthLimit else { throw .pathNotFound }
            var directory = root
            for name in names {
                if let child = directory.child(name) {
                    guard child.isDirectory else { throw .pathNotFound }
                    directory = child
                } else {
                    directory = try add(name, .directory, to: directory)
                }
            }
            let existing = directory.child(last)
            let file: MemoryNode
            if let existing { file = existing } else { file = try add(last, .archive, to: directory) }
            guard !file.isDirectory else { throw .accessDenied }
            let contents = files[path] ?? []
            try reserve(file, size: contents.count)
            file.data = contents
        }
    }

    // MARK: Space

    public func space() throws(VolumeError) -> VolumeSpace {
        VolumeSpace(
            sectorsPerCluster: UInt16(clamping: clusterSize / 512), bytesPerSector: 512,
            totalClusters: UInt16(clamping: totalClusters),
            freeClusters: UInt16(clamping: max(totalClusters - usedClusters, 0)))
    }

    func clusters(for size: Int) -> Int { (size + clusterSize - 1) / clusterSize }

    /// Accounts for a file's new size.
    func reserve(_ file: MemoryNode, size: Int) throws(VolumeError) {
        let change = clusters(for: size) - clusters(for: file.data.count)
        guard usedClusters + change <= totalClusters else { throw .diskFull }
        usedClusters += change
    }

    /// Adds an empty file or a directory.
    func add(_ name: ShortName, _ attributes: FileAttributes, to directory: MemoryNode) throws(VolumeError)
        -> MemoryNode
    {
        let cost = attributes.contains(.directory) ? 1 : 0
        guard entryCount < MemoryVolume.entryLimit, usedClusters + cost <= totalClusters else {
            throw .cannotMakeDirectory
        }
        let node = MemoryNode(name: name, attributes: attributes, modified: clock.fileTime)
        guard directory.insert(node) else { throw .accessDenied }
        usedClusters += cost
        entryCount += 1
        return node
    }

    /// Takes an entry out of its directory. A file that is open keeps its space until the last close.
    func unlink(_ node: MemoryNode, from directory: MemoryNode) {
        directory.remove(node)
        node.isUnlinked = true
        entryCount -= 1
        if node.isDirectory {
            usedClusters -= 1
        } else if !openFiles.contains(where: { $0?.node === node }) {
            usedClusters -= clusters(for: node.data.count)
        }
    }

    // MARK: Paths

    /// The directory at `path`.
    func directory(_ path: VolumePath) throws(VolumeError) -> MemoryNode {
        var node = root
        for name in path.names {
            guard let child = node.child(name), child.isDirectory else { throw .pathNotFound }
            node = child
        }
        return node
    }

    /// The directory that `path` lies in, and what it calls the last name, if it is there.
    /// - Throws: `accessDenied` for the root, which lies in nothing.
    private func place(_ path: VolumePath) throws(VolumeError) -> MemoryPlace {
        guard let name = path.names.last else { throw .accessDenied }
        guard path.names.count <= MemoryVolume.depthLimit else { throw .pathNotFound }
        let directory = try directory(path.parent)
        return MemoryPlace(directory: directory, name: name, node: directory.child(name))
    }

    private struct MemoryPlace {
        let directory: MemoryNode
        let name: ShortName
        let node: MemoryNode?
    }

    private func checkWritable() throws(VolumeError) {
        if isReadOnly { throw .writeProtected }
    }

    // MARK: Entries

    public func entry(at path: VolumePath) throws(VolumeError) -> DirectoryEntry {
        if path.isRoot { return root.entry }
        guard let node = try place(path).node else { throw .fileNotFound }
        return node.entry
    }

    public func entries(in directory: VolumePath) throws(VolumeError) -> [DirectoryEntry] {
        try self.directory(directory).children.map(\.entry)
    }

    public func remove(_ path: VolumePath) throws(VolumeError) {
        let place = try place(path)
        guard let node = place.node else { throw .fileNotFound }
        guard !node.isDirectory else { throw .accessDenied }
        try checkWritable()
        guard !node.attributes.contains(.readOnly) else { throw .accessDenied }
        unlink(node, from: place.directory)
    }

    public func rename(_ path: VolumePath, to target: VolumePath) throws(VolumeError) {
        let from = try place(path)
        guard let node = from.node else { throw .fileNotFound }
        let to = try place(target)
        guard to.node == nil, to.name.isStorable else { throw .accessDenied }
        guard !node.isDirectory || path.parent == target.parent else { throw .accessDenied }
        try checkWritable()
        from.directory.remove(node)
        node.name = to.name
        to.directory.insert(node)
    }

    public func setAttributes(_ path: VolumePath, _ attributes: FileAttributes) throws(VolumeError) {
        guard let node = try place(path).node else { throw .fileNotFound }
        try checkWritable()
        node.attributes = node.attributes.intersection(.directory).union(attributes.intersection(.changeable))
    }

    public func makeDirectory(_ path: VolumePath) throws(VolumeError) {
        let place = try place(path)
        guard place.node == nil, place.name.isStorable else { throw .accessDenied }
        try checkWritable()
        _ = try add(place.name, .directory, to: place.directory)
    }

    public func removeDirectory(_ path: VolumePath) throws(VolumeError) {
        let place = try place(path)
        guard let node = place.node, node.isDirectory else { throw .pathNotFound }
        try checkWritable()
        guard node.children.isEmpty else { throw .accessDenied }
        unlink(node, from: place.directory)
    }

    // MARK: Opening

    public func open(_ path: VolumePath, access: FileAccess) throws(VolumeError) -> FileID {
        guard let node = try place(path).node else { throw .fileNotFound }
        guard !node.isDirectory else { throw .accessDenied }
        guard access == .read || !node.attributes.contains(.readOnly) else { throw .accessDenied }
        return try register(node, access)
    }

    public func create(_ path: VolumePath, attributes: FileAttributes, mustBeNew: Bool) throws(VolumeError) -> FileID {
        let place = try place(path)
        guard attributes.isDisjoint(with: [.directory, .volumeLabel]) else { throw .accessDenied }
        let new = attributes.intersection(.changeable).union(.archive)
        if let node = place.node {
            guard !mustBeNew else { throw .fileExists }
            guard !node.isDirectory else { throw .accessDenied }
            try checkWritable()
            guard !node.attributes.contains(.readOnly) else { throw .accessDenied }
            let file = try register(node, .readWrite)
            try reserve(node, size: 0)
            (node.data, node.attributes, node.modified) = ([], new, clock.fileTime)
            return file
        }
        guard place.name.isStorable else { throw .accessDenied }
        try checkWritable()
        guard freeSlot != nil else { throw .tooManyOpenFiles }
        return try register(add(place.name, new, to: place.directory), .readWrite)
    }

    /// The lowest place in the table that is not in use.
    private var freeSlot: Int? {
        if let index = openFiles.firstIndex(where: { $0 == nil }) { return index }
        return openFiles.count < MemoryVolume.openFileLimit ? openFiles.count : nil
    }

    private func register(_ node: MemoryNode, _ access: FileAccess) throws(VolumeError) -> FileID {
        guard let slot = freeSlot else { throw .tooManyOpenFiles }
        if slot == openFiles.count { openFiles.append(nil) }
        openFiles[slot] = MemoryOpenFile(node: node, access: access)
        return FileID(UInt32(slot) + 1)
    }
}

extension FileAttributes {
    /// The attributes that a program may set.
    public static let changeable: FileAttributes = [.readOnly, .hidden, .system, .archive]
}
