import Core
import Storage

/// What AL tells of a transfer of records: whole, nothing more there, no room in the segment, the last one padded.
enum FCBTransfer: UInt8 {
    case complete = 0
    case endOfFile = 1
    case segmentWrap = 2
    case partial = 3
}

/// Records between files or devices and the disk transfer area.
extension DOSKernel {
    func transferring(
        _ call: Call, _ fcb: FileControlBlock, _ body: () throws(DOSError) -> FCBTransfer
    ) throws(DOSError) -> CallResult {
        do throws(DOSError) {
            call.registers.al = try body().rawValue
        } catch {
            if error.isCritical { throw error }
            noteError(error, call)
            call.registers.al = FCBTransfer.endOfFile.rawValue
        }
        return .done
    }

    func transferRecord(
        _ fcb: FileControlBlock, _ record: UInt32, isWrite: Bool, _ call: Call
    ) throws(DOSError) -> FCBTransfer {
        guard Int(currentDTA(call.memory).offset) + Int(fcb.recordSize) <= 0x1_0000 else { return .segmentWrap }
        return try transferRecords(fcb, record, 1, isWrite: isWrite, call).0
    }

    /// Moves whole records between the file and the DTA; a part of a record at the end of a file is filled with zeros.
    func transferRecords(
        _ fcb: FileControlBlock, _ record: UInt32, _ count: Int, isWrite: Bool, _ call: Call
    ) throws(DOSError) -> (FCBTransfer, Int) {
        let memory = call.memory
        let dta = currentDTA(memory)
        let size = Int(fcb.recordSize)
        let index = try fcbEntry(fcb, memory)
        guard state.files[index].kind == .file else { throw .accessDenied }
        memory.write32(sft(index) + SFTField.position, record &* UInt32(size))
        if isWrite {
            let bytes = memory.readBytes(dta, count * size)
            guard state.files[index].access != FileAccess.read.rawValue else { throw .accessDenied }
            let written = bytes.isEmpty ? 0 : try writeEntry(index, bytes, memory)
            fcb.size = try sizeOfEntry(index)
            fcb.modified = currentFileTime(memory)
            return (written == bytes.count ? .complete : .endOfFile, written / size)
        }
        let bytes = try readEntry(index, count * size, memory)
        let rest = bytes.count % size
        let padding = rest == 0 ? 0 : size - rest
        memory.writeBytes(dta, bytes + [UInt8](repeating: 0, count: padding))
        let records = bytes.count / size + (rest == 0 ? 0 : 1)
        if rest != 0 { return (.partial, records) }
        return (records == count ? .complete : .endOfFile, records)
    }

    // MARK: Devices

    /// The device that a block has been opened for.
    func openDevice(_ fcb: FileControlBlock) -> CharacterDevice? {
        guard let index = knownEntry(fcb), case .device(let device) = target(index) else { return nil }
        return device
    }

    /// Moves records to or from a device; a read gives what there is, its last record filled with zeros.
    /// - Parameter finish: told how many records were moved, when they are.
    func transferRecords(
        of device: CharacterDevice, _ fcb: FileControlBlock, _ count: Int, isWrite: Bool, _ call: Call,
        finish: (Int) -> Void
    ) throws(DOSError) -> CallResult {
        let memory = call.memory
        let dta = currentDTA(memory)
        let size = Int(fcb.recordSize)
        let records = min(count, (0x1_0000 - Int(dta.offset)) / size)
        let isShort = records < count
        let length = UInt16(clamping: records * size)
        let transfer =
            isWrite
            ? try writeDevice(device, call, from: dta, count: length, isRaw: false)
            : try readDevice(device, call, into: dta, count: length, isRaw: false)
        guard case .finished(let done) = transfer else {
            guard case .pending(let result) = transfer else { return .done }
            return result
        }
        var moved = records
        var result = isShort ? FCBTransfer.segmentWrap : .complete
        if !isWrite {
            let rest = Int(done) % size
            if rest > 0 { memory.writeBytes(dta + Int(done), [UInt8](repeating: 0, count: size - rest)) }
            moved = Int(done) / size + (rest > 0 ? 1 : 0)
            if rest > 0 { result = .partial } else if moved < records { result = .endOfFile }
        }
        finish(moved)
        call.registers.al = result.rawValue
        return .done
    }
}
