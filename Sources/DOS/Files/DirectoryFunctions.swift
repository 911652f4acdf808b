import Core
import Storage

/// INT 21h functions on directories and names. Source: Ralf Brown's interrupt list, INT 21h AH=39h to 3Bh, 41h, 43h,
/// 47h, 56h, 60h.
extension DOSKernel {
    /// AH=39h
    func makeDirectory(_ call: Call) throws(DOSError) -> CallResult {
        let (drive, path) = try resolveFile(call.memory.readString(call.registers.dsdx), call)
        guard !path.isRoot else { throw .accessDenied }
        try perform(drive) { (volume) throws(VolumeError) in
            do throws(VolumeError) { try volume.makeDirectory(path) } catch {
                throw error == .fileNotFound ? .pathNotFound : error == .fileExists ? .accessDenied : error
            }
        }
        return succeed(call)
    }

    /// AH=3Ah
    func removeDirectory(_ call: Call) throws(DOSError) -> CallResult {
        let (drive, path) = try resolveFile(call.memory.readString(call.registers.dsdx), call)
        guard !path.isRoot else { throw .accessDenied }
        guard currentDirectory(drive, call.memory) != path else { throw .currentDirectory }
        try perform(drive) { (volume) throws(VolumeError) in
            do throws(VolumeError) {
                guard try volume.entry(at: path).isDirectory else { throw .accessDenied }
                try volume.removeDirectory(path)
            } catch {
                throw error == .fileNotFound ? .pathNotFound : error
            }
        }
        return succeed(call)
    }

    /// AH=3Bh
    func changeDirectory(_ call: Call) throws(DOSError) -> CallResult {
        let found: (drive: UInt8, path: VolumePath)
        do throws(DOSError) {
            found = try resolveFile(call.memory.readString(call.registers.dsdx), call)
        } catch { throw error == .invalidDrive ? error : .pathNotFound }
        // The CDS holds 67 bytes: drive, root and 63 characters of directory.
        guard DOSKernel.text(drive: found.drive, path: found.path).count < 67 else { throw .pathNotFound }
        let entry = try perform(found.drive) { (volume) throws(VolumeError) in
            do throws(VolumeError) { return try volume.entry(at: found.path) } catch {
                throw error == .fileNotFound ? .pathNotFound : error
            }
        }
        guard entry.isDirectory else { throw .pathNotFound }
        setCurrentDirectory(found.drive, found.path, call.memory)
        return succeed(call)
    }

    /// AH=47h: the current directory of drive DL into 64 bytes at DS:SI, without drive and leading backslash.
    func currentDirectory(_ call: Call) throws(DOSError) -> CallResult {
        let drive = try drive(call.registers.dl, call.memory)
        let text = DOSKernel.text(drive: drive, path: currentDirectory(drive, call.memory)).dropFirst(3)
        call.memory.writeBytes(call.registers.dssi, (Array(text) + [0]).prefix(64))
        return succeed(call, 0x0100)
    }

    /// AH=41h
    func deleteFile(_ call: Call) throws(DOSError) -> CallResult {
        let (drive, path) = try resolveFile(call.memory.readString(call.registers.dsdx), call)
        guard !path.isRoot else { throw .accessDenied }
        try perform(drive) { (volume) throws(VolumeError) in
            let entry = try volume.entry(at: path)
            guard !entry.isDirectory else { throw .fileNotFound }
            guard !entry.attributes.contains(.readOnly) else { throw .accessDenied }
            try volume.remove(path)
        }
        return succeed(call)
    }

    /// AH=43h AL=00h and 01h: attributes of a file or directory.
    ///
    /// The directory bit must be clear to change the other attributes of a directory, which stays one.
    func fileAttributes(_ call: Call) throws(DOSError) -> CallResult {
        guard call.registers.al <= 1 else { throw .invalidFunction }
        guard case .file(let drive, let path) = try resolve(call.memory.readString(call.registers.dsdx), call) else {
            throw .fileNotFound
        }
        switch call.registers.al {
        case 0:
            let entry = try perform(drive) { (volume) throws(VolumeError) in try volume.entry(at: path) }
            call.registers.cx = UInt16(entry.attributes.rawValue)
            return succeed(call, call.registers.cx)
        case 1:
            let wanted = call.registers.cx
            guard wanted & 0xFFD8 == 0 else { throw .accessDenied }
            try perform(drive) { (volume) throws(VolumeError) in
                let entry = try volume.entry(at: path)
                let kept = FileAttributes(rawValue: UInt8(truncatingIfNeeded: wanted & 0x27))
                try volume.setAttributes(path, entry.isDirectory ? kept.union(.directory) : kept)
            }
            return succeed(call)
        default: throw .invalidFunction
        }
    }

    /// AH=56h: rename DS:DX to ES:DI, on one drive.
    func renameFile(_ call: Call) throws(DOSError) -> CallResult {
        let (drive, path) = try resolveFile(call.memory.readString(call.registers.dsdx), call)
        let (other, target) = try resolveFile(call.memory.readString(call.registers.esdi), call)
        guard drive == other else { throw .notSameDevice }
        guard !path.isRoot, !target.isRoot else { throw .accessDenied }
        guard currentDirectory(drive, call.memory) != path else { throw .currentDirectory }
        try perform(drive) { (volume) throws(VolumeError) in try volume.rename(path, to: target) }
        return succeed(call)
    }

    /// AH=60h: the canonical form of DS:SI into 128 bytes at ES:DI.
    func canonicalName(_ call: Call) throws(DOSError) -> CallResult {
        let text = call.memory.readString(call.registers.dssi)
        let place: PathPattern
        do throws(DOSError) { place = try resolvePattern(text, call) } catch {
            throw error == .invalidData ? .fileNotFound : error
        }
        var result: [UInt8]
        if let device = place.device {
            let name = device.paddedName.filter { $0 != 0x20 }
            result = [0x41 &+ place.drive, UInt8(ascii: ":"), UInt8(ascii: "/")] + name
        } else {
            result = DOSKernel.text(drive: place.drive, path: place.directory)
            if !place.pattern.isEmpty {
                if !place.directory.isRoot { result.append(UInt8(ascii: "\\")) }
                result += ShortName(padded: place.pattern).dottedBytes
            }
        }
        call.memory.writeBytes(call.registers.esdi, result.prefix(127) + [0])
        return succeed(call, 0x5C)
    }

    // MARK: Parts

    @discardableResult
    func perform<Value>(
        _ drive: UInt8, _ body: (any Volume) throws(VolumeError) -> Value
    ) throws(DOSError) -> Value {
        let volume = try volume(drive)
        do throws(VolumeError) { return try body(volume) } catch { throw DOSError(error) }
    }

    func succeed(_ call: Call) -> CallResult {
        call.registers.carry = false
        return .done
    }
}
