import Core
import Storage

/// What a search has found, with the 43 bytes that the next search needs.
struct FoundFile: StateValue {
    var dta: [UInt8] = []

    private func word(_ offset: Int) -> UInt16 {
        guard offset + 1 < dta.count else { return 0 }
        return UInt16(dta[offset]) | UInt16(dta[offset + 1]) << 8
    }

    // Source: Ralf Brown's Interrupt List, table 01626 (the data block of INT 21h AH=4Eh).
    var attributes: FileAttributes { FileAttributes(rawValue: dta.count > 0x15 ? dta[0x15] : 0) }
    var time: UInt16 { word(0x16) }
    var date: UInt16 { word(0x18) }
    var size: UInt32 { UInt32(word(0x1A)) | UInt32(word(0x1C)) << 16 }
    var name: [UInt8] { Array(dta.dropFirst(0x1E).prefix(13).prefix { $0 != 0 }) }
    var isDirectory: Bool { attributes.contains(.directory) }
    /// `.` or `..`.
    var isDots: Bool { name.first == Character8.dot }

    mutating func transfer(_ coder: StateCoder) { coder.field("dta", &dta, limit: ShellLayout.dtaSize) }
}

/// A drive's space in bytes.
struct DriveSpace {
    var free: UInt64
    var total: UInt64
}

// MARK: Files by handle

extension ShellStep {
    enum Access: UInt16 { case read = 0, write = 1, readWrite = 2 }

    func open(_ path: [UInt8], _ access: Access = .read) throws(StepSignal) -> UInt16 {
        try checked(0x3D00 | access.rawValue, dx: ShellLayout.path, prepare: { setPath(path) }).ax
    }

    func create(_ path: [UInt8], attributes: UInt16 = 0) throws(StepSignal) -> UInt16 {
        try checked(0x3C00, cx: attributes, dx: ShellLayout.path, prepare: { setPath(path) }).ax
    }

    func close(_ handle: UInt16) throws(StepSignal) { _ = try call(0x3E00, bx: handle) }

    /// At most `dataSize` bytes.
    func read(_ handle: UInt16, _ count: Int = ShellLayout.dataSize) throws(StepSignal) -> [UInt8] {
        let answer = try checked(
            0x3F00, bx: handle, cx: UInt16(min(count, ShellLayout.dataSize)), dx: ShellLayout.data,
            capture: { bytes(min(Int(cpu.ax), ShellLayout.dataSize)) })
        return answer.data
    }

    /// Moves the file pointer: from the start (0), the present place (1) or the end (2).
    @discardableResult
    func seek(_ handle: UInt16, to offset: UInt32, from origin: UInt16 = 0) throws(StepSignal) -> UInt32 {
        let answer = try checked(
            0x4200 | origin, bx: handle, cx: UInt16(truncatingIfNeeded: offset >> 16),
            dx: UInt16(truncatingIfNeeded: offset))
        return UInt32(answer.dx) << 16 | UInt32(answer.ax)
    }

    /// Whether a handle is a character device.
    func isDevice(_ handle: UInt16) throws(StepSignal) -> Bool {
        let answer = try call(0x4400, bx: handle)
        return !answer.isError && answer.dx & 0x80 != 0
    }

    // MARK: Directories

    func remove(_ path: [UInt8]) throws(StepSignal) {
        try checked(0x4100, dx: ShellLayout.path, prepare: { setPath(path) })
    }

    func rename(_ path: [UInt8], to target: [UInt8]) throws(StepSignal) {
        try checked(
            0x5600, dx: ShellLayout.path, di: ShellLayout.secondPath,
            prepare: {
                setPath(path)
                setPath(target, at: ShellLayout.secondPath)
            })
    }

    func makeDirectory(_ path: [UInt8]) throws(StepSignal) {
        try checked(0x3900, dx: ShellLayout.path, prepare: { setPath(path) })
    }

    func removeDirectory(_ path: [UInt8]) throws(StepSignal) {
        try checked(0x3A00, dx: ShellLayout.path, prepare: { setPath(path) })
    }

    func changeDirectory(_ path: [UInt8]) throws(StepSignal) {
        try checked(0x3B00, dx: ShellLayout.path, prepare: { setPath(path) })
    }

    /// Nil if there is no such file.
    func attributes(_ path: [UInt8]) throws(StepSignal) -> FileAttributes? {
        let answer = try call(0x4300, dx: ShellLayout.path, prepare: { setPath(path) })
        return answer.isError ? nil : FileAttributes(rawValue: answer.cl)
    }

    func isDirectory(_ path: [UInt8]) throws(StepSignal) -> Bool {
        if !path.isEmpty, ShellPath.split(path).name.allSatisfy({ $0 == Character8.dot }) { return true }
        return try attributes(path)?.contains(.directory) == true
    }

    func setAttributes(_ path: [UInt8], _ attributes: FileAttributes) throws(StepSignal) {
        try checked(
            0x4301, cx: UInt16(attributes.rawValue), dx: ShellLayout.path, prepare: { setPath(path) })
    }

    /// The whole path, upper case, from the drive on.
    func trueName(_ path: [UInt8]) throws(StepSignal) -> [UInt8] {
        try checked(
            0x6000, si: ShellLayout.path, di: ShellLayout.secondPath, prepare: { setPath(path) },
            capture: {
                memory.readString(address(ShellLayout.secondPath), limit: ShellLayout.pathCapacity)
            }
        ).data
    }

    // MARK: Searches

    /// The first file that matches; nil if there is none. Other errors leave the step.
    func findFirst(_ pattern: [UInt8], attributes: FileAttributes = []) throws(StepSignal) -> FoundFile? {
        _ = try call(0x1A00, dx: ShellLayout.dta)
        let answer = try call(
            0x4E00, cx: UInt16(attributes.rawValue), dx: ShellLayout.path,
            prepare: { setPath(pattern) }, capture: { bytes(ShellLayout.dtaSize, at: ShellLayout.dta) })
        guard answer.isError else { return FoundFile(dta: answer.data) }
        if answer.ax == 0x02 || answer.ax == 0x12 { return nil }
        throw .dos(answer.ax)
    }

    /// The same, and any error is no file.
    func findFirstQuietly(_ pattern: [UInt8], attributes: FileAttributes = []) throws(StepSignal) -> FoundFile? {
        do throws(StepSignal) { return try findFirst(pattern, attributes: attributes) } catch {
            guard case .dos = error else { throw error }
            return nil
        }
    }

    func findNext(_ previous: FoundFile) throws(StepSignal) -> FoundFile? {
        _ = try call(0x1A00, dx: ShellLayout.dta)
        let answer = try call(
            0x4F00, prepare: { memory.writeBytes(address(ShellLayout.dta), previous.dta) },
            capture: { bytes(ShellLayout.dtaSize, at: ShellLayout.dta) })
        return answer.isError ? nil : FoundFile(dta: answer.data)
    }

    // MARK: Drives

    /// 0 = A:.
    func currentDrive() throws(StepSignal) -> UInt8 { try call(0x1900).al }

    func drive(of path: [UInt8]) throws(StepSignal) -> UInt8 {
        if let drive = ShellPath.drive(path) { return drive }
        return try currentDrive()
    }

    /// `C:\DIR` of a drive (0 = A:).
    func currentDirectory(_ drive: UInt8) throws(StepSignal) -> [UInt8] {
        let answer = try checked(
            0x4700, dx: UInt16(drive) &+ 1, si: ShellLayout.path,
            capture: { memory.readString(address(ShellLayout.path), limit: 67) })
        return [drive &+ 0x41, Character8.colon, Character8.backslash] + answer.data
    }

    /// Nil if the drive does not exist.
    func space(_ drive: UInt8) throws(StepSignal) -> DriveSpace? {
        let answer = try call(0x3600, dx: UInt16(drive) &+ 1)
        guard answer.ax != 0xFFFF else { return nil }
        let cluster = UInt64(answer.ax) * UInt64(answer.cx)
        return DriveSpace(free: cluster * UInt64(answer.bx), total: cluster * UInt64(answer.dx))
    }

    // MARK: Memory

    func allocate(_ paragraphs: UInt16) throws(StepSignal) -> UInt16 { try checked(0x4800, bx: paragraphs).ax }

    func free(_ block: UInt16) throws(StepSignal) { _ = try call(0x4900, es: block) }
}
