import Core
import Storage

/// INT 21h functions with file control blocks. They answer in AL: 0, or FFh for an error, or 1 to 3 for transfers.
/// Source: Ralf Brown's interrupt list, INT 21h AH=0Fh to 17h, 21h to 24h, 27h, 28h.
extension DOSKernel {
    /// Files opened by FCB that may be open at once (FCBS=); the one opened first gives way, and opens again when used.
    private static let fcbLimit = 16

    /// Runs a function that answers FFh in AL for any error. Those of the medium go to INT 24h before.
    private func answering(_ call: Call, _ body: () throws(DOSError) -> Void) throws(DOSError) -> CallResult {
        do throws(DOSError) {
            try body()
            call.registers.al = 0
        } catch {
            if error.isCritical { throw error }
            noteError(error, call)
            call.registers.al = 0xFF
        }
        return .done
    }

    private func fcb(_ call: Call) -> FileControlBlock {
        let fcb = FileControlBlock(at: call.registers.dsdx, call.memory)
        call.fault.drive = fcb.drive == 0 ? currentDrive(call.memory) : fcb.drive &- 1
        return fcb
    }

    /// AH=0Fh
    func fcbOpen(_ call: Call) throws(DOSError) -> CallResult {
        try answering(call) { () throws(DOSError) in
            let fcb = fcb(call)
            let index = try openFCB(fcb, call.memory)
            begin(index, currentDrive(call.memory), in: fcb, call.memory)
        }
    }

    /// AH=16h
    func fcbCreate(_ call: Call) throws(DOSError) -> CallResult {
        try answering(call) { () throws(DOSError) in
            let fcb = fcb(call)
            if let device = CharacterDevice(name: ShortName(padded: fcb.name).dottedBytes[0...]) {
                let index = openDeviceEntry(device, access: .readWrite, call.memory)
                guard let index else { throw .tooManyOpenFiles }
                return begin(index, currentDrive(call.memory), in: fcb, call.memory)
            }
            let (drive, path) = try place(fcb, fcb.name, call.memory)
            makeRoomForFCB(call.memory)
            let index = try createEntry(drive, path, attributes: fcb.attribute ?? 0, mustBeNew: false, call.memory)
            begin(index, drive, in: fcb, call.memory)
        }
    }

    /// Fills the fields of a block that has been opened or created.
    private func begin(_ index: Int, _ drive: UInt8, in fcb: FileControlBlock, _ memory: GuestMemory) {
        remember(index, in: fcb, memory)
        fcb.block = 0
        fcb.recordSize = 128
        describe(index, in: fcb)
        if fcb.drive == 0 { fcb.drive = drive &+ 1 }
    }

    /// AH=10h
    func fcbClose(_ call: Call) throws(DOSError) -> CallResult {
        try answering(call) { () throws(DOSError) in
            let fcb = fcb(call)
            guard let index = knownEntry(fcb) else {
                // A file that gave way to others is closed already; anything else must exist.
                let (drive, path) = try place(fcb, fcb.name, call.memory)
                try perform(drive) { (volume) throws(VolumeError) in _ = try volume.entry(at: path) }
                return
            }
            fcb.entry = 0
            try release(index, call.memory)
        }
    }

    /// AH=14h and 15h: the next record.
    func fcbSequential(_ call: Call, isWrite: Bool) throws(DOSError) -> CallResult {
        let fcb = fcb(call)
        if let device = openDevice(fcb) {
            return try transferRecords(of: device, fcb, 1, isWrite: isWrite, call) { records in
                fcb.sequentialRecord = fcb.sequentialRecord &+ UInt32(records)
            }
        }
        return try transferring(call, fcb) { () throws(DOSError) in
            let result = try transferRecord(fcb, fcb.sequentialRecord, isWrite: isWrite, call)
            if result == .complete || result == .partial { fcb.sequentialRecord = fcb.sequentialRecord &+ 1 }
            return result
        }
    }

    /// AH=21h and 22h: the random record; the position for sequential calls is set to it.
    func fcbRandom(_ call: Call, isWrite: Bool) throws(DOSError) -> CallResult {
        let fcb = fcb(call)
        if let device = openDevice(fcb) {
            return try transferRecords(of: device, fcb, 1, isWrite: isWrite, call) { _ in }
        }
        return try transferring(call, fcb) { () throws(DOSError) in
            fcb.sequentialRecord = fcb.randomRecord
            return try transferRecord(fcb, fcb.randomRecord, isWrite: isWrite, call)
        }
    }

    /// AH=27h and 28h: CX records from the random record on. Writing none sets the size of the file.
    func fcbRandomBlock(_ call: Call, isWrite: Bool) throws(DOSError) -> CallResult {
        let fcb = fcb(call)
        let wanted = call.registers.cx
        if let device = openDevice(fcb) {
            return try transferRecords(of: device, fcb, Int(wanted), isWrite: isWrite, call) { records in
                call.registers.cx = UInt16(truncatingIfNeeded: records)
                fcb.randomRecord = fcb.randomRecord &+ UInt32(records)
                fcb.sequentialRecord = fcb.randomRecord
            }
        }
        return try transferring(call, fcb) { () throws(DOSError) in
            if isWrite && wanted == 0 {
                let index = try fcbEntry(fcb, call.memory)
                let size = fcb.randomRecord &* UInt32(fcb.recordSize)
                try onVolume(index) { (volume, id) throws(VolumeError) in try volume.setSize(id, size) }
                fcb.size = size
                return .complete
            }
            let room = (0x1_0000 - Int(currentDTA(call.memory).offset)) / Int(fcb.recordSize)
            let count = min(Int(wanted), room)
            let (result, records) = try transferRecords(fcb, fcb.randomRecord, count, isWrite: isWrite, call)
            call.registers.cx = UInt16(truncatingIfNeeded: records)
            fcb.randomRecord = fcb.randomRecord &+ UInt32(records)
            fcb.sequentialRecord = fcb.randomRecord
            return result == .complete && count < Int(wanted) ? .segmentWrap : result
        }
    }

    /// AH=13h: delete, with wildcards.
    func fcbDelete(_ call: Call) throws(DOSError) -> CallResult {
        try answering(call) { () throws(DOSError) in
            let fcb = fcb(call)
            let drive = try drive(fcb.drive, call.memory)
            let directory = currentDirectory(drive, call.memory)
            let pattern = FileControlBlock.upper(fcb.name)
            var (isDeleted, isProtected) = (false, false)
            try perform(drive) { (volume) throws(VolumeError) in
                for entry in try volume.entries(in: directory)
                where DOSKernel.matches(entry.name, pattern)
                    && DOSKernel.isVisible(entry.attributes, fcb.attribute ?? 0)
                {
                    if entry.isDirectory || entry.attributes.contains(.readOnly) {
                        isProtected = true
                        continue
                    }
                    try volume.remove(directory.appending(entry.name))
                    isDeleted = true
                }
            }
            if !isDeleted { throw isProtected ? .accessDenied : .fileNotFound }
        }
    }

    /// AH=17h: rename, with wildcards; `?` in the new name keeps the old letter.
    func fcbRename(_ call: Call) throws(DOSError) -> CallResult {
        try answering(call) { () throws(DOSError) in
            let fcb = fcb(call)
            let drive = try drive(fcb.drive, call.memory)
            let directory = currentDirectory(drive, call.memory)
            let (old, new) = (FileControlBlock.upper(fcb.name), FileControlBlock.upper(fcb.newName))
            var isFound = false
            try perform(drive) { (volume) throws(VolumeError) in
                for entry in try volume.entries(in: directory)
                where DOSKernel.matches(entry.name, old) && DOSKernel.isVisible(entry.attributes, fcb.attribute ?? 0) {
                    let name = zip(entry.name.bytes, new).map { $1 == UInt8(ascii: "?") ? $0 : $1 }
                    try volume.rename(
                        directory.appending(entry.name), to: directory.appending(ShortName(padded: name)))
                    isFound = true
                }
            }
            if !isFound { throw .fileNotFound }
        }
    }

    /// AH=11h and 12h: search; the result is a directory entry at the DTA, behind a drive number.
    func fcbFind(_ call: Call, isFirst: Bool) throws(DOSError) -> CallResult {
        try answering(call) { () throws(DOSError) in
            let memory = call.memory
            let fcb = fcb(call)
            let drive = try drive(fcb.drive, memory)
            let mask = fcb.attribute ?? 0
            if isFirst { fcb.search = (try beginSearch(drive, currentDirectory(drive, memory), mask: mask), 0) }
            let found = try nextMatch(
                id: fcb.search.id, after: fcb.search.number, pattern: FileControlBlock.upper(fcb.name), mask: mask)
            fcb.search.number = found.number
            var dta = currentDTA(memory)
            if let attribute = fcb.attribute {
                memory.writeBytes(dta, [0xFF, 0, 0, 0, 0, 0, attribute])
                dta = dta + 7
            }
            memory.write8(dta, drive &+ 1)
            memory.writeBytes(dta + 1, found.entry.name.bytes)
            memory.write8(dta + 0x0C, found.entry.attributes.rawValue)
            memory.writeBytes(dta + 0x0D, [UInt8](repeating: 0, count: 10))
            memory.write16(dta + 0x17, found.entry.modified.time)
            memory.write16(dta + 0x19, found.entry.modified.date)
            memory.write16(dta + 0x1B, 0)
            memory.write32(dta + 0x1D, found.entry.size)
        }
    }

    /// AH=23h: the size in records, into the random record.
    func fcbSize(_ call: Call) throws(DOSError) -> CallResult {
        try answering(call) { () throws(DOSError) in
            let fcb = fcb(call)
            let (drive, path) = try place(fcb, fcb.name, call.memory)
            let size = try perform(drive) { (volume) throws(VolumeError) in try volume.entry(at: path).size }
            let record = UInt32(fcb.recordSize)
            fcb.randomRecord = size / record &+ (size % record == 0 ? 0 : 1)
        }
    }

    /// AH=24h: the random record from the sequential position.
    func fcbSetRandom(_ call: Call) -> CallResult {
        let fcb = fcb(call)
        fcb.randomRecord = fcb.sequentialRecord
        call.registers.al = 0
        return .done
    }

    // MARK: Entries

    /// Where the file of a block is. With wildcards it is the first that fits; only an open takes them.
    private func place(
        _ fcb: FileControlBlock, _ name: [UInt8], takesPattern: Bool = false, _ memory: GuestMemory
    ) throws(DOSError) -> (UInt8, VolumePath) {
        let drive = try drive(fcb.drive, memory)
        let name = FileControlBlock.upper(name)
        let directory = currentDirectory(drive, memory)
        guard name[0] != 0x20 else { throw .fileNotFound }
        guard name.contains(UInt8(ascii: "?")) else { return (drive, directory.appending(ShortName(padded: name))) }
        guard takesPattern else { throw .fileNotFound }
        let entries = try perform(drive) { (volume) throws(VolumeError) in try volume.entries(in: directory) }
        let found = entries.first { DOSKernel.matches($0.name, name) && !$0.isDirectory }
        guard let found else { throw .fileNotFound }
        return (drive, directory.appending(found.name))
    }

    private func openFCB(_ fcb: FileControlBlock, _ memory: GuestMemory) throws(DOSError) -> Int {
        if let device = CharacterDevice(name: ShortName(padded: fcb.name).dottedBytes[0...]) {
            guard let index = openDeviceEntry(device, access: .readWrite, memory) else { throw .tooManyOpenFiles }
            return index
        }
        let (drive, path) = try place(fcb, fcb.name, takesPattern: true, memory)
        makeRoomForFCB(memory)
        var index: Int
        do throws(DOSError) {
            index = try openEntry(drive, path, access: .readWrite, memory)
        } catch {
            guard error == .accessDenied || error == .writeProtected else { throw error }
            index = try openEntry(drive, path, access: .read, memory)
        }
        return index
    }

    private static let entryMark: UInt16 = 0x4F00

    private func remember(_ index: Int, in fcb: FileControlBlock, _ memory: GuestMemory) {
        addReference(index, 1, memory)
        memory.write16(sft(index) + SFTField.mode, 0x8002)
        fcb.entry = DOSKernel.entryMark | UInt16(index)
    }

    private func describe(_ index: Int, in fcb: FileControlBlock) {
        let entry = sft(index)
        fcb.size = (try? sizeOfEntry(index)) ?? 0
        fcb.modified = FileTime(
            date: fcb.memory.read16(entry + SFTField.date), time: fcb.memory.read16(entry + SFTField.time))
    }

    /// The entry that the block was opened with, if it is still that file's.
    func knownEntry(_ fcb: FileControlBlock) -> Int? {
        let index = Int(fcb.entry & 0x00FF)
        guard fcb.entry & 0xFF00 == DOSKernel.entryMark, state.files.indices.contains(index) else { return nil }
        let entry = sft(index)
        guard state.files[index].kind != .free, fcb.memory.read16(entry + SFTField.mode) & 0x8000 != 0 else {
            return nil
        }
        if state.files[index].kind == .device { return index }
        let isSame = fcb.memory.readBytes(entry + SFTField.name, 11) == FileControlBlock.upper(fcb.name)
        return isSame ? index : nil
    }

    /// The entry of an open block; a file that had to give way is opened again.
    func fcbEntry(_ fcb: FileControlBlock, _ memory: GuestMemory) throws(DOSError) -> Int {
        if let known = knownEntry(fcb) { return known }
        let index = try openFCB(fcb, memory)
        remember(index, in: fcb, memory)
        return index
    }

    private func makeRoomForFCB(_ memory: GuestMemory) {
        let open = state.files.indices.filter {
            state.files[$0].kind == .file && memory.read16(sft($0) + SFTField.mode) & 0x8000 != 0
        }
        if open.count >= DOSKernel.fcbLimit, let first = open.first { try? release(first, memory) }
    }

    /// Closes what a process that ends has opened by FCB.
    func closeFCBs(of process: UInt16, _ memory: GuestMemory) {
        for index in state.files.indices where state.files[index].kind != .free {
            let entry = sft(index)
            let isOwn = memory.read16(entry + SFTField.owner) == process
            if isOwn && memory.read16(entry + SFTField.mode) & 0x8000 != 0 { try? release(index, memory) }
        }
    }
}

extension FileControlBlock {
    /// A name as DOS looks it up.
    static func upper(_ name: [UInt8]) -> [UInt8] { name.map(ShortName.uppercase) }
}
