import Core

/// A file or directory of a `MemoryVolume`.
final class MemoryNode {
    var name: ShortName
    var attributes: FileAttributes
    var modified: FileTime
    /// The contents of a file.
    var data: [UInt8] = []
    /// Whether it has been deleted while it was open.
    var isUnlinked = false
    /// The entries of a directory, sorted by name.
    private(set) var children: [MemoryNode] = []

    init(name: ShortName, attributes: FileAttributes, modified: FileTime) {
        self.name = name
        self.attributes = attributes
        self.modified = modified
    }

    var isDirectory: Bool { attributes.contains(.directory) }

    var entry: DirectoryEntry {
        DirectoryEntry(name: name, attributes: attributes, size: UInt32(clamping: data.count), modified: modified)
    }

    func child(_ name: ShortName) -> MemoryNode? {
        let index = position(of: name)
        return index < children.count && children[index].name == name ? children[index] : nil
    }

    /// Adds an entry. Returns false if the name is taken.
    @discardableResult
    func insert(_ node: MemoryNode) -> Bool {
        let index = position(of: node.name)
        if index < children.count, children[index].name == node.name { return false }
        children.insert(node, at: index)
        return true
    }

    func remove(_ node: MemoryNode) { children.removeAll { $0 === node } }

    /// The index of `name`, or of the first child after it.
    private func position(of name: ShortName) -> Int {
        var (low, high) = (0, children.count)
        while low < high {
            let middle = (low + high) / 2
            if children[middle].name.bytes.lexicographicallyPrecedes(name.bytes) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

/// A node as it is saved: its parent comes before it in the list.
struct MemoryRecord: StateValue {
    /// The place of the parent in the list; `unlinked` for an open file that has been deleted.
    var parent: UInt32 = 0
    var name: [UInt8] = ShortName.blank.bytes
    var attributes: FileAttributes = []
    var modified = FileTime(date: 0, time: 0)
    var data: [UInt8] = []

    static let unlinked = UInt32.max

    mutating func transfer(_ coder: StateCoder) {
        coder.field("parent", &parent)
        coder.field("name", &name, limit: 11)
        coder.field("attributes", &attributes)
        coder.field("date", &modified.date)
        coder.field("time", &modified.time)
        coder.field("data", &data, limit: MemoryVolume.largestCapacity)
    }
}

/// An open file as it is saved. A place in the table that is not in use has the node `free`.
struct MemoryOpenRecord: StateValue {
    /// The place of the file's node in the list of nodes.
    var node: UInt32 = MemoryOpenRecord.free
    var access: FileAccess = .read
    var explicitTime = FileTimeRecord()
    var isChanged = false

    static let free = UInt32.max

    mutating func transfer(_ coder: StateCoder) {
        coder.field("node", &node)
        coder.field("access", &access)
        coder.field("explicitTime", &explicitTime)
        coder.field("isChanged", &isChanged)
    }
}
