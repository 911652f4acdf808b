import Core
import Storage

/// INT 21h functions on files by handle. Source: Ralf Brown's interrupt list, INT 21h AH=3Ch to 46h, 5Ah, 5Bh, 67h,
/// 68h, 6Ch.
extension DOSKernel {
    /// AH=3Ch: create or empty a file.
    func createFile(_ call: Call) throws(DOSError) -> CallResult {
        let attributes = UInt8(truncatingIfNeeded: call.registers.cx)
        let path = call.memory.readString(call.registers.dsdx)
        let handle = try create(path, attributes: attributes, mustBeNew: false, mode: 2, call)
        return succeed(call, handle)
    }

    /// AH=5Bh: create a file that must not exist.
    func createNewFile(_ call: Call) throws(DOSError) -> CallResult {
        let attributes = UInt8(truncatingIfNeeded: call.registers.cx)
        let path = call.memory.readString(call.registers.dsdx)
        let handle = try create(path, attributes: attributes, mustBeNew: true, mode: 2, call)
        return succeed(call, handle)
    }

    /// AH=5Ah: create a file with a new name in the directory DS:DX, and append the name there.
    func createTemporaryFile(_ call: Call) throws(DOSError) -> CallResult {
        let attributes = UInt8(truncatingIfNeeded: call.registers.cx)
        var directory = call.memory.readString(call.registers.dsdx)
        if let last = directory.last, last != UInt8(ascii: "\\"), last != UInt8(ascii: "/"), last != UInt8(ascii: ":") {
            directory.append(UInt8(ascii: "\\"))
        }
        // DOS takes eight letters from the clock. A count does the same, and gives the same names on every run.
        for _ in 0..<65_536 {
            state.temporaryNames &+= 1
            let name = hex(state.temporaryNames).utf8.map { $0 < 0x41 ? $0 + 0x11 : $0 + 10 }
            do throws(DOSError) {
                let handle = try create(directory + name, attributes: attributes, mustBeNew: true, mode: 2, call)
                call.memory.writeBytes(call.registers.dsdx, directory + name + [0])
                return succeed(call, handle)
            } catch {
                guard error == .fileExists else { throw error }
            }
        }
        throw .accessDenied
    }

    /// AH=3Dh: open a file or device.
    func openFile(_ call: Call) throws(DOSError) -> CallResult {
        let handle = try open(call.memory.readString(call.registers.dsdx), mode: call.registers.al, call)
        return succeed(call, handle)
    }

    /// AH=6Ch: open or create by what exists. CX returns what was done: 1 opened, 2 created, 3 replaced.
    func extendedOpen(_ call: Call) throws(DOSError) -> CallResult {
        let path = call.memory.readString(call.registers.dssi)
        let mode = call.registers.bl
        let action = call.registers.dl
        guard FileAccess(rawValue: mode & 7) != nil else { throw .invalidAccessCode }
        guard action & 0x0F <= 2, action & 0xF0 <= 0x10, action != 0 else { throw .invalidFunction }
        let attributes = UInt8(truncatingIfNeeded: call.registers.cx)
        var exists = false
        switch try resolve(path, badName: .fileNotFound, call) {
        case .device: exists = true
        case .file(let drive, let place):
            exists = (try? volume(drive).entry(at: place)) != nil
        }
        let result: UInt16
        let handle: UInt16
        switch (exists, action & 0x0F, action & 0xF0) {
        case (true, 1, _): (handle, result) = (try open(path, mode: mode, call), 1)
        case (true, 2, _):
            (handle, result) = (
                try create(path, attributes: attributes, mustBeNew: false, mode: mode & 7, call), 3
            )
        case (true, _, _): throw .fileExists
        case (false, _, 0x10):
            (handle, result) = (try create(path, attributes: attributes, mustBeNew: true, mode: mode & 7, call), 2)
        default: throw .fileNotFound
        }
        call.registers.cx = result
        return succeed(call, handle)
    }

    /// AH=3Eh
    func closeFile(_ call: Call) throws(DOSError) -> CallResult {
        let process = currentProcess(call.memory)
        let index = try handleEntry(call, isWrite: true)
        setEntry(nil, handle: call.registers.bx, process: process, call.memory)
        try release(index, call.memory)
        call.registers.carry = false
        return .done
    }

    /// AH=3Fh
    func readFile(_ call: Call) throws(DOSError) -> CallResult {
        let index = try handleEntry(call)
        let count = call.registers.cx
        switch target(index) {
        case .device(let device):
            guard state.files[index].access != FileAccess.write.rawValue else { throw .accessDenied }
            let isRaw = call.memory.read16(sft(index) + SFTField.deviceInfo) & 0x20 != 0
            let transfer = try readDevice(device, call, into: call.registers.dsdx, count: count, isRaw: isRaw)
            return finish(transfer, call)
        case .hostInput where streams.terminals.isSuperset(of: [.input, .output]):
            // Keys come one by one, and DOS edits and echoes the line.
            let isRaw = call.memory.read16(sft(index) + SFTField.deviceInfo) & 0x20 != 0
            return finish(try readDevice(.con, call, into: call.registers.dsdx, count: count, isRaw: isRaw), call)
        case .hostInput:
            return finish(try readHostInput(call, into: call.registers.dsdx, count: count), call)
        case .file:
            guard state.files[index].access != FileAccess.write.rawValue else { throw .accessDenied }
            let bytes = try readEntry(index, Int(count), call.memory)
            call.memory.writeBytes(call.registers.dsdx, bytes)
            return succeed(call, UInt16(bytes.count))
        default: throw .accessDenied
        }
    }

    /// AH=40h. A count of 0 cuts the file, or extends it, at the position.
    func writeFile(_ call: Call) throws(DOSError) -> CallResult {
        let index = try handleEntry(call, isWrite: true)
        let count = call.registers.cx
        switch target(index) {
        case .device(let device):
            guard state.files[index].access != FileAccess.read.rawValue else { throw .accessDenied }
            let isRaw = call.memory.read16(sft(index) + SFTField.deviceInfo) & 0x20 != 0
            let transfer = try writeDevice(device, call, from: call.registers.dsdx, count: count, isRaw: isRaw)
            return finish(transfer, call)
        case .hostOutput, .hostError:
            // As CON does in cooked mode; a file does not look at the keyboard.
            let info = call.memory.read16(sft(index) + SFTField.deviceInfo)
            if info & 0xA0 == 0x80, takesBreak(call) { return .controlC }
            let bytes = call.memory.readBytes(call.registers.dsdx, Int(count))
            streams.write(bytes, toError: target(index) == .hostError)
            return succeed(call, count)
        case .file:
            guard state.files[index].access != FileAccess.read.rawValue else { throw .accessDenied }
            let bytes = call.memory.readBytes(call.registers.dsdx, Int(count))
            return succeed(call, UInt16(try writeEntry(index, bytes, call.memory)))
        default: throw .accessDenied
        }
    }

    /// AH=42h: move the position. Beyond the end is allowed; before the start wraps, as in DOS.
    func seek(_ call: Call) throws(DOSError) -> CallResult {
        let index = try entry(call.registers.bx, process: currentProcess(call.memory), call.memory)
        let offset = UInt32(call.registers.cx) << 16 | UInt32(call.registers.dx)
        if case .hostInput = target(index), !streams.terminals.contains(.input) {
            return try seekHostInput(offset, from: call.registers.al, call)
        }
        let slot = sft(index) + SFTField.position
        var position: UInt32 = 0
        switch call.registers.al {
        case 0: position = offset
        case 1: position = call.memory.read32(slot) &+ offset
        case 2: position = try sizeOfEntry(index) &+ offset
        default: throw .invalidFunction
        }
        if case .file = target(index) { call.memory.write32(slot, position) } else { position = 0 }
        call.registers.dx = UInt16(truncatingIfNeeded: position >> 16)
        return succeed(call, UInt16(truncatingIfNeeded: position))
    }

    /// AH=42h on the host's standard input, which is a file or a pipe. To know its end takes all of it.
    private func seekHostInput(_ offset: UInt32, from origin: UInt8, _ call: Call) throws(DOSError) -> CallResult {
        let base: UInt64
        switch origin {
        case 0: base = 0
        case 1: base = streams.position
        case 2:
            guard let end = streams.endPosition else {
                guard streams.availableCount < StandardStreams.limit else { throw .invalidFunction }
                return .hostInput
            }
            base = end
        default: throw .invalidFunction
        }
        let position = UInt32(truncatingIfNeeded: base) &+ offset
        switch streams.seek(to: UInt64(position)) {
        case .done: break
        case .needsHost:
            // The position is the old one again when the call is repeated.
            if origin == 1 { _ = streams.seek(to: base) }
            return .hostInput
        case .lost: throw .invalidFunction
        }
        call.registers.dx = UInt16(truncatingIfNeeded: position >> 16)
        return succeed(call, UInt16(truncatingIfNeeded: position))
    }

    /// AH=45h: another handle for the same entry.
    func duplicateHandle(_ call: Call) throws(DOSError) -> CallResult {
        let process = currentProcess(call.memory)
        let index = try entry(call.registers.bx, process: process, call.memory)
        let handle = try freeHandle(process, call.memory)
        setEntry(index, handle: handle, process: process, call.memory)
        addReference(index, 1, call.memory)
        return succeed(call, handle)
    }

    /// AH=46h: make handle CX refer to the entry of BX.
    func forceDuplicate(_ call: Call) throws(DOSError) -> CallResult {
        let process = currentProcess(call.memory)
        let index = try entry(call.registers.bx, process: process, call.memory)
        let handle = call.registers.cx
        guard handle < call.memory.read16(FarPointer(process, PSPField.handleCount)) else { throw .invalidHandle }
        if handle != call.registers.bx {
            if let old = try? entry(handle, process: process, call.memory) { try release(old, call.memory) }
            setEntry(index, handle: handle, process: process, call.memory)
            addReference(index, 1, call.memory)
        }
        call.registers.carry = false
        return .done
    }

    /// AH=57h: date and time of an open file.
    func fileTime(_ call: Call) throws(DOSError) -> CallResult {
        let memory = call.memory
        let index = try handleEntry(call)
        switch call.registers.al {
        case 0:
            guard case .file = target(index) else {
                (call.registers.cx, call.registers.dx) = (0, 0)
                break
            }
            let time = try onVolume(index) { (volume, id) throws(VolumeError) in try volume.modified(id) }
            (call.registers.cx, call.registers.dx) = (time.time, time.date)
        case 1:
            guard case .file = target(index) else { break }
            let time = FileTime(date: call.registers.dx, time: call.registers.cx)
            try onVolume(index) { (volume, id) throws(VolumeError) in try volume.setModified(id, time) }
            memory.write16(sft(index) + SFTField.time, time.time)
            memory.write16(sft(index) + SFTField.date, time.date)
        default: throw .invalidFunction
        }
        call.registers.carry = false
        return .done
    }

    /// AH=67h: the number of handles of the process. More than 20 need a table of their own.
    func setHandleCount(_ call: Call) throws(DOSError) -> CallResult {
        let memory = call.memory
        let process = currentProcess(memory)
        let wanted = call.registers.bx
        let old = memory.readPointer(FarPointer(process, PSPField.handlePointer))
        let oldCount = memory.read16(FarPointer(process, PSPField.handleCount))
        guard wanted > 20, wanted > oldCount else {
            call.registers.carry = false
            return .done
        }
        let paragraphs = UInt16((UInt32(wanted) + 15) / 16)
        let block = try allocateMemory(paragraphs, owner: process, memory)
        let table = FarPointer(block, 0)
        for handle in 0..<Int(wanted) {
            memory.write8(table + handle, handle < Int(oldCount) ? memory.read8(old + handle) : 0xFF)
        }
        memory.writePointer(FarPointer(process, PSPField.handlePointer), table)
        memory.write16(FarPointer(process, PSPField.handleCount), wanted)
        // A table that an earlier call has made is not needed any more.
        if old.offset == 0, old.segment != process { try? memoryChain(memory).release(old.segment) }
        call.registers.carry = false
        return .done
    }

    /// AH=68h
    func commitFile(_ call: Call) throws(DOSError) -> CallResult {
        let index = try handleEntry(call, isWrite: true)
        if case .file = target(index) {
            try onVolume(index) { (volume, id) throws(VolumeError) in try volume.commit(id) }
        }
        call.registers.carry = false
        return .done
    }

    // MARK: Parts

    /// The entry of handle BX. An error of its drive will name that drive.
    func handleEntry(_ call: Call, isWrite: Bool = false) throws(DOSError) -> Int {
        let index = try entry(call.registers.bx, process: currentProcess(call.memory), call.memory)
        if state.files[index].kind == .file { call.fault = Fault(drive: state.files[index].drive, isWrite: isWrite) }
        return index
    }

    func succeed(_ call: Call, _ value: UInt16) -> CallResult {
        call.registers.ax = value
        call.registers.carry = false
        return .done
    }

    private func finish(_ transfer: DeviceTransfer, _ call: Call) -> CallResult {
        switch transfer {
        case .finished(let count): succeed(call, count)
        case .pending(let result): result
        }
    }

    /// Opens a file or device and gives it a handle.
    func open(_ path: [UInt8], mode: UInt8, _ call: Call) throws(DOSError) -> UInt16 {
        guard let access = FileAccess(rawValue: mode & 7) else { throw .invalidAccessCode }
        let handle = try freeHandle(currentProcess(call.memory), call.memory)
        let index: Int
        switch try resolve(path, badName: .fileNotFound, call) {
        case .device(let device):
            guard let entry = openDeviceEntry(device, access: access, call.memory) else { throw .tooManyOpenFiles }
            index = entry
        case .file(let drive, let place):
            index = try openEntry(drive, place, access: access, call.memory)
        }
        let entry = sft(index)
        call.memory.write16(entry + SFTField.mode, UInt16(mode))
        attach(index, handle, call.memory)
        return handle
    }

    private func create(
        _ path: [UInt8], attributes: UInt8, mustBeNew: Bool, mode: UInt8, _ call: Call
    ) throws(DOSError) -> UInt16 {
        let handle = try freeHandle(currentProcess(call.memory), call.memory)
        let index: Int
        switch try resolve(path, call) {
        case .device(let device):
            guard let entry = openDeviceEntry(device, access: .readWrite, call.memory) else { throw .tooManyOpenFiles }
            index = entry
        case .file(let drive, let place):
            guard attributes & 0xD8 == 0 else { throw .accessDenied }
            index = try createEntry(drive, place, attributes: attributes, mustBeNew: mustBeNew, call.memory)
            if let access = FileAccess(rawValue: mode) { state.files[index].access = access.rawValue }
        }
        call.memory.write16(sft(index) + SFTField.mode, UInt16(mode))
        attach(index, handle, call.memory)
        return handle
    }

    private func attach(_ index: Int, _ handle: UInt16, _ memory: GuestMemory) {
        setEntry(index, handle: handle, process: currentProcess(memory), memory)
        addReference(index, 1, memory)
    }
}
