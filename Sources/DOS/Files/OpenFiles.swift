import Core
import Storage

/// Files on volumes, by entry of the system file table; used by handles, by FCBs and by EXEC.
extension DOSKernel {
    /// Opens an existing file. The entry has no reference yet.
    func openEntry(
        _ drive: UInt8, _ path: VolumePath, access: FileAccess, _ memory: GuestMemory
    ) throws(DOSError) -> Int {
        let volume = try volume(drive)
        guard state.files.contains(where: { $0.kind == .free }) else { throw .tooManyOpenFiles }
        let id: FileID
        let details: DirectoryEntry
        do throws(VolumeError) {
            details = try volume.entry(at: path)
            guard !details.isDirectory else { throw .accessDenied }
            id = try volume.open(path, access: access)
        } catch { throw DOSError(error) }
        return try enter(drive, path, id, access, details, memory)
    }

    /// Creates or empties a file and opens it. The entry has no reference yet.
    func createEntry(
        _ drive: UInt8, _ path: VolumePath, attributes: UInt8, mustBeNew: Bool, _ memory: GuestMemory
    ) throws(DOSError) -> Int {
        guard !path.isRoot else { throw .accessDenied }
        let volume = try volume(drive)
        guard state.files.contains(where: { $0.kind == .free }) else { throw .tooManyOpenFiles }
        let kept = FileAttributes(rawValue: attributes & 0x27).union(.archive)
        let id: FileID
        let details: DirectoryEntry
        do throws(VolumeError) {
            id = try volume.create(path, attributes: kept, mustBeNew: mustBeNew)
            details = try volume.entry(at: path)
        } catch { throw DOSError(error) }
        return try enter(drive, path, id, .readWrite, details, memory)
    }

    private func enter(
        _ drive: UInt8, _ path: VolumePath, _ id: FileID, _ access: FileAccess, _ details: DirectoryEntry,
        _ memory: GuestMemory
    ) throws(DOSError) -> Int {
        var file = OpenFile(.file)
        file.drive = drive
        file.id = id.number
        file.access = access.rawValue
        guard let index = allocateEntry(file, memory) else { throw .tooManyOpenFiles }
        let entry = sft(index)
        memory.write8(entry + SFTField.attributes, details.attributes.rawValue)
        memory.write16(entry + SFTField.deviceInfo, 0x40 | UInt16(drive))
        memory.writePointer(entry + SFTField.driver, dpb(drive))
        memory.write16(entry + SFTField.time, details.modified.time)
        memory.write16(entry + SFTField.date, details.modified.date)
        memory.write32(entry + SFTField.size, details.size)
        memory.writeBytes(entry + SFTField.name, details.name.bytes)
        return index
    }

    /// Performs `body` on the volume and file of an entry.
    @discardableResult
    func onVolume<Value>(
        _ index: Int, _ body: (any Volume, FileID) throws(VolumeError) -> Value
    ) throws(DOSError) -> Value {
        let file = state.files[index]
        guard file.kind == .file else { throw .invalidHandle }
        let volume = try volume(file.drive)
        do throws(VolumeError) { return try body(volume, FileID(file.id)) } catch { throw DOSError(error) }
    }

    func sizeOfEntry(_ index: Int) throws(DOSError) -> UInt32 {
        guard case .file = target(index) else { return 0 }
        return try onVolume(index) { (volume, id) throws(VolumeError) in try volume.size(of: id) }
    }

    /// Reads at the entry's position and moves it.
    func readEntry(_ index: Int, _ count: Int, _ memory: GuestMemory) throws(DOSError) -> [UInt8] {
        let slot = sft(index) + SFTField.position
        let position = memory.read32(slot)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        let read = try onVolume(index) { (volume, id) throws(VolumeError) in
            try volume.read(id, at: position, into: buffer)
        }
        let bytes = Array(buffer.prefix(max(read, 0)))
        memory.write32(slot, position &+ UInt32(bytes.count))
        return bytes
    }

    /// Writes at the entry's position and moves it; no bytes cut or extend the file there. Returns what fitted.
    func writeEntry(_ index: Int, _ bytes: [UInt8], _ memory: GuestMemory) throws(DOSError) -> Int {
        let entry = sft(index)
        let position = memory.read32(entry + SFTField.position)
        if bytes.isEmpty {
            try onVolume(index) { (volume, id) throws(VolumeError) in try volume.setSize(id, position) }
            memory.write32(entry + SFTField.size, position)
            return 0
        }
        let room = min(bytes.count, Int(UInt32.max - position))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: bytes.prefix(room))
        let written = try onVolume(index) { (volume, id) throws(VolumeError) in
            do throws(VolumeError) {
                return try volume.write(id, at: position, from: UnsafeRawBufferPointer(buffer))
            } catch {
                // DOS reports a full disk by a short count, without an error.
                guard error == .diskFull else { throw error }
                return 0
            }
        }
        let end = position &+ UInt32(min(max(written, 0), room))
        memory.write32(entry + SFTField.position, end)
        memory.write32(entry + SFTField.size, max(memory.read32(entry + SFTField.size), end))
        memory.write16(
            entry + SFTField.deviceInfo, memory.read16(entry + SFTField.deviceInfo) & ~UInt16(0x40))
        return Int(end &- position)
    }

    /// The whole of a file, at most `limit` bytes.
    func readWholeFile(_ drive: UInt8, _ path: VolumePath, limit: Int) throws(DOSError) -> [UInt8] {
        let volume = try volume(drive)
        do throws(VolumeError) {
            let id = try volume.open(path, access: .read)
            let size = min(Int(try volume.size(of: id)), limit)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
            defer { buffer.deallocate() }
            let count = try volume.read(id, at: 0, into: buffer)
            try volume.close(id)
            return Array(buffer.prefix(max(count, 0)))
        } catch { throw DOSError(error) }
    }

    /// Standard input of the host as a file: as many bytes as were asked for, fewer only at the end, so that what the
    /// program reads does not depend on how the host's bytes arrive. A terminal gives a line at a time.
    func readHostInput(_ call: Call, into buffer: FarPointer, count: UInt16) throws(DOSError) -> DeviceTransfer {
        var taken = call.progress.bytes
        while taken.count < Int(count) {
            guard let byte = streams.readByte() else {
                guard streams.needsHost else { break }
                call.progress.bytes = taken
                return .pending(.hostInput)
            }
            taken.append(byte)
            if streams.terminals.contains(.input) && byte == 0x0A { break }
        }
        call.progress.bytes = []
        call.memory.writeBytes(buffer, taken)
        return .finished(UInt16(taken.count))
    }
}
