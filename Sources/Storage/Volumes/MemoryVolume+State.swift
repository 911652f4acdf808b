import Core

/// The drive's contents, its open files and their numbers. The nodes are saved in name order, depth first, so that
/// equal drives have equal bytes whatever their history.
extension MemoryVolume: StateChunk {
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        var records: [MemoryRecord] = []
        var opens: [MemoryOpenRecord] = []
        if coder.direction != .load { (records, opens) = snapshot() }
        coder.array("nodes", &records, limit: 2 * MemoryVolume.entryLimit)
        coder.array("openFiles", &opens, limit: MemoryVolume.openFileLimit)
        guard coder.direction == .load, coder.failure == nil else { return }
        if let problem = rebuild(records, opens) { coder.fail(problem) }
    }

    public func stateDidRestore() {}

    private func snapshot() -> ([MemoryRecord], [MemoryOpenRecord]) {
        var records: [MemoryRecord] = []
        var places: [ObjectIdentifier: UInt32] = [:]
        func add(_ node: MemoryNode, parent: UInt32) {
            let place = UInt32(records.count)
            places[ObjectIdentifier(node)] = place
            records.append(
                MemoryRecord(
                    parent: parent, name: node.name.bytes, attributes: node.attributes, modified: node.modified,
                    data: node.data))
            for child in node.children { add(child, parent: place) }
        }
        add(root, parent: MemoryRecord.unlinked)
        for case let open? in openFiles where places[ObjectIdentifier(open.node)] == nil {
            add(open.node, parent: MemoryRecord.unlinked)
        }
        let opens = openFiles.map { open in
            guard let open, let place = places[ObjectIdentifier(open.node)] else { return MemoryOpenRecord() }
            return MemoryOpenRecord(
                node: place, access: open.access, explicitTime: FileTimeRecord(open.explicitTime),
                isChanged: open.isChanged)
        }
        return (records, opens)
    }

    /// Replaces the drive's contents. Returns what is wrong with the records, in which case nothing is changed.
    private func rebuild(_ records: [MemoryRecord], _ opens: [MemoryOpenRecord]) -> String? {
        var nodes: [MemoryNode] = []
        var depths: [Int] = []
        var (clusters, linked) = (0, 0)
        for (index, record) in records.enumerated() {
            guard record.name.count == 11 else { return "node \(index) has no name" }
            let node = MemoryNode(
                name: ShortName(padded: record.name), attributes: record.attributes, modified: record.modified)
            node.data = record.data
            let isFirst = index == 0
            guard node.isDirectory ? node.data.isEmpty : !isFirst else { return "node \(index) is of the wrong kind" }
            if isFirst || record.parent == MemoryRecord.unlinked {
                guard isFirst || !node.isDirectory else { return "node \(index) is of the wrong kind" }
                node.isUnlinked = !isFirst
                depths.append(0)
            } else {
                guard let parent = Int(exactly: record.parent), parent < index, nodes[parent].isDirectory,
                    depths[parent] < MemoryVolume.depthLimit, node.name.isStorable, nodes[parent].insert(node)
                else { return "node \(index) has no place" }
                depths.append(depths[parent] + 1)
                linked += 1
                if node.isDirectory { clusters += 1 }
            }
            clusters += self.clusters(for: node.data.count)
            nodes.append(node)
        }
        guard let newRoot = nodes.first, linked <= MemoryVolume.entryLimit, clusters <= totalClusters else {
            return "the contents do not fit the drive"
        }
        var files: [MemoryOpenFile?] = []
        for record in opens {
            guard record.node != MemoryOpenRecord.free else {
                files.append(nil)
                continue
            }
            guard let place = Int(exactly: record.node), nodes.indices.contains(place), !nodes[place].isDirectory else {
                return "an open file does not exist"
            }
            files.append(
                MemoryOpenFile(
                    node: nodes[place], access: record.access, explicitTime: record.explicitTime.value,
                    isChanged: record.isChanged))
        }
        (root, openFiles, usedClusters, entryCount) = (newRoot, files, clusters, linked)
        return nil
    }
}
