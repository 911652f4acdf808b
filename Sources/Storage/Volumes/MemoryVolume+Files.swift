import Core

/// What is done with open files.
extension MemoryVolume {
    private func slot(_ file: FileID) throws(VolumeError) -> Int {
        let slot = Int(file.number) - 1
        guard openFiles.indices.contains(slot) else {
            throw .invalidHandle
        }
        return slot
    }

    private func opened(_ file: FileID) throws(VolumeError) -> MemoryOpenFile {
        guard let open = openFiles[try slot(file)] else { throw .invalidHandle }
        return open
    }

    /// The open file, if it may be written.
    private func writable(_ file: FileID) throws(VolumeError) -> MemoryOpenFile {
        let open = try opened(file)
        guard open.access != .read else { throw .accessDenied }
        guard !isReadOnly else { throw .writeProtected }
        return open
    }

    public func read(_ file: FileID, at offset: UInt32, into buffer: UnsafeMutableRawBufferPointer)
        throws(VolumeError) -> Int
    {
        let open = try opened(file)
        guard open.access != .write else { throw .accessDenied }
        let start = min(Int(offset), open.node.data.count)
        let count = min(buffer.count, open.node.data.count - start)
        open.node.data.withUnsafeBytes { bytes in
            if count > 0 { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])) }
        }
        return count
    }

    public func write(_ file: FileID, at offset: UInt32, from buffer: UnsafeRawBufferPointer) throws(VolumeError)
        -> Int
    {
        let node = try writable(file).node
        guard !buffer.isEmpty else { return 0 }
        let start = Int(offset)
        let possible = (clusters(for: node.data.count) + totalClusters - usedClusters) * clusterSize
        let end = min(start + buffer.count, possible, Int(UInt32.max))
        guard end > start else { throw .diskFull }
        if end > node.data.count {
            try reserve(node, size: end)
            node.data.append(contentsOf: repeatElement(0, count: end - node.data.count))
        }
        node.data.withUnsafeMutableBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<(end - start)]))
        }
        try noteWrite(file)
        return end - start
    }

    public func setSize(_ file: FileID, _ size: UInt32) throws(VolumeError) {
        let node = try writable(file).node
        let size = Int(size)
        try reserve(node, size: size)
        if size < node.data.count {
            node.data.removeLast(node.data.count - size)
        } else {
            node.data.append(contentsOf: repeatElement(0, count: size - node.data.count))
        }
        try noteWrite(file)
    }

    private func noteWrite(_ file: FileID) throws(VolumeError) {
        let slot = try slot(file)
        openFiles[slot]?.isChanged = true
        openFiles[slot]?.node.modified = openFiles[slot]?.explicitTime ?? clock.fileTime
    }

    public func size(of file: FileID) throws(VolumeError) -> UInt32 {
        try UInt32(clamping: opened(file).node.data.count)
    }

    public func modified(_ file: FileID) throws(VolumeError) -> FileTime {
        try opened(file).node.modified
    }

    public func setModified(_ file: FileID, _ time: FileTime) throws(VolumeError) {
        let slot = try slot(file)
        guard openFiles[slot] != nil else { throw .invalidHandle }
        guard !isReadOnly else { throw .writeProtected }
        openFiles[slot]?.explicitTime = time
        openFiles[slot]?.node.modified = time
    }

    /// Sets the archive bit, as DOS does when it brings the directory up to date. The data is there already.
    public func commit(_ file: FileID) throws(VolumeError) {
        let slot = try slot(file)
        let open = try opened(file)
        guard open.isChanged else { return }
        openFiles[slot]?.isChanged = false
        open.node.attributes.insert(.archive)
    }

    public func close(_ file: FileID) throws(VolumeError) {
        try commit(file)
        let slot = try slot(file)
        let node = openFiles[slot]?.node
        openFiles[slot] = nil
        while let last = openFiles.last, last == nil { openFiles.removeLast() }
        guard let node, node.isUnlinked, !openFiles.contains(where: { $0?.node === node }) else { return }
        usedClusters -= clusters(for: node.data.count)
    }

    public func digest(of file: FileID) throws(VolumeError) -> UInt64 {
        let node = try opened(file).node
        var hash = StateHash()
        for part in [UInt64(node.data.count), UInt64(node.modified.date), UInt64(node.modified.time)] {
            withUnsafeBytes(of: part.littleEndian) { hash.combine($0) }
        }
        return hash.value
    }
}
