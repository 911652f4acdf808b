import Core
import Storage

/// Where the tables of files and drives are, in the segment that `DOSLayout` reserves for them.
enum FileTables {
    /// The system file table: pointer to the next table, number of entries, entries of 3Bh bytes.
    static let systemFiles = FarPointer(DOSLayout.fileTablesSegment, 0)
    static let entrySize = 0x3B
    /// Entries that fit; FILES= cannot be more.
    static let capacity = 100
    static let currentDirectories = systemFiles + (6 + capacity * entrySize)
    static let driveParameters = currentDirectories + 26 * DOSKernel.cdsSize
}

/// What an entry of the system file table stands for. The position is in guest memory.
struct OpenFile: StateValue {
    enum Kind: UInt8 { case free, file, device, hostInput, hostOutput, hostError }

    var kind = Kind.free
    var device: UInt8 = 0
    var drive: UInt8 = 0
    var id: UInt32 = 0
    var access: UInt8 = 0

    init() {}

    init(_ kind: Kind) { self.kind = kind }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("kind", &kind)
        coder.field("device", &device)
        coder.field("drive", &drive)
        coder.field("id", &id)
        coder.field("access", &access)
    }
}

/// Fields of an entry of the system file table, DOS 4 and later.
/// Source: Ralf Brown's interrupt list, INT 21h AH=52h, table 01642.
enum SFTField {
    static let references: Int = 0x00
    static let mode: Int = 0x02
    static let attributes: Int = 0x04
    static let deviceInfo: Int = 0x05
    static let driver: Int = 0x07
    static let time: Int = 0x0D
    static let date: Int = 0x0F
    static let size: Int = 0x11
    static let position: Int = 0x15
    static let name: Int = 0x20
    static let owner: Int = 0x31
}

/// What a handle of a process leads to.
enum HandleTarget: Hashable {
    case device(CharacterDevice)
    /// A file, by its entry in the system file table.
    case file(Int)
    case hostInput
    case hostOutput
    case hostError
    case closed
}

/// The system file table and the handle tables of processes.
extension DOSKernel {
    func sft(_ index: Int) -> FarPointer { FileTables.systemFiles + (6 + index * FileTables.entrySize) }

    /// Makes the tables in guest memory. Entries 0 to 4 are open from the boot on: AUX, CON, PRN, and with a host's
    /// streams its input and output.
    func initialiseFileTables(_ memory: GuestMemory) {
        state.files = [OpenFile](repeating: OpenFile(), count: min(configuration.fileTableSize, FileTables.capacity))
        memory.writePointer(FileTables.systemFiles, FarPointer(0xFFFF, 0xFFFF))
        memory.write16(FileTables.systemFiles + 4, UInt16(state.files.count))
        for index in state.files.indices {
            memory.writeBytes(sft(index), [UInt8](repeating: 0, count: FileTables.entrySize))
        }
        initialiseDrives(memory)
    }

    /// The five standard handles of the first process: input, output, error, AUX, PRN.
    func openStandardHandles(of process: UInt16, _ memory: GuestMemory) {
        var standard: [Int?] = []
        if streams.isAttached {
            standard = [
                openHostEntry(.hostInput, isTerminal: streams.terminals.contains(.input), memory),
                openHostEntry(.hostOutput, isTerminal: streams.terminals.contains(.output), memory),
                openHostEntry(.hostError, isTerminal: streams.terminals.contains(.error), memory),
            ]
        } else {
            let console = openDeviceEntry(.con, access: .readWrite, memory)
            standard = [console, console, console]
        }
        standard.append(openDeviceEntry(.aux, access: .readWrite, memory))
        standard.append(openDeviceEntry(.prn, access: .write, memory))
        for (handle, entry) in standard.enumerated() {
            guard let entry else { continue }
            setEntry(entry, handle: UInt16(handle), process: process, memory)
            addReference(entry, 1, memory)
        }
    }

    // MARK: Handles

    private func handleTable(_ process: UInt16, _ memory: GuestMemory) -> (base: FarPointer, count: UInt16) {
        (
            memory.readPointer(FarPointer(process, PSPField.handlePointer)),
            memory.read16(FarPointer(process, PSPField.handleCount))
        )
    }

    /// The system file table entry of a handle.
    func entry(_ handle: UInt16, process: UInt16, _ memory: GuestMemory) throws(DOSError) -> Int {
        let table = handleTable(process, memory)
        guard handle < table.count else { throw .invalidHandle }
        let index = Int(memory.read8(table.base + Int(handle)))
        guard index < state.files.count, state.files[index].kind != .free else { throw .invalidHandle }
        return index
    }

    func setEntry(_ index: Int?, handle: UInt16, process: UInt16, _ memory: GuestMemory) {
        let table = handleTable(process, memory)
        guard handle < table.count else { return }
        memory.write8(table.base + Int(handle), index.map { UInt8($0) } ?? 0xFF)
    }

    func freeHandle(_ process: UInt16, _ memory: GuestMemory) throws(DOSError) -> UInt16 {
        let table = handleTable(process, memory)
        for handle in 0..<table.count where memory.read8(table.base + Int(handle)) == 0xFF { return handle }
        throw .tooManyOpenFiles
    }

    /// What a handle leads to; closed if the process has no such handle.
    func standardHandle(_ handle: UInt16, process: UInt16, _ memory: GuestMemory) -> HandleTarget {
        guard let index = try? entry(handle, process: process, memory) else { return .closed }
        return target(index)
    }

    func target(_ index: Int) -> HandleTarget {
        switch state.files[index].kind {
        case .free: .closed
        case .file: .file(index)
        case .device: CharacterDevice(rawValue: state.files[index].device).map { .device($0) } ?? .closed
        case .hostInput: .hostInput
        case .hostOutput: .hostOutput
        case .hostError: .hostError
        }
    }

    // MARK: Entries

    /// Takes a free entry, with no reference yet.
    func allocateEntry(_ file: OpenFile, _ memory: GuestMemory) -> Int? {
        guard let index = state.files.firstIndex(where: { $0.kind == .free }) else { return nil }
        state.files[index] = file
        let entry = sft(index)
        memory.writeBytes(entry, [UInt8](repeating: 0, count: FileTables.entrySize))
        memory.write16(entry + SFTField.owner, currentProcess(memory))
        memory.write16(entry + SFTField.mode, UInt16(file.access))
        return index
    }

    func openDeviceEntry(_ device: CharacterDevice, access: FileAccess, _ memory: GuestMemory) -> Int? {
        var file = OpenFile(.device)
        file.device = device.rawValue
        file.access = access.rawValue
        guard let index = allocateEntry(file, memory) else { return nil }
        let entry = sft(index)
        // Bit 6: the end of its input has not been reached.
        memory.write16(entry + SFTField.deviceInfo, device.deviceInfo | 0x40)
        memory.writePointer(entry + SFTField.driver, deviceHeader(device))
        memory.writeBytes(entry + SFTField.name, device.paddedName + [0x20, 0x20, 0x20])
        return index
    }

    /// A stream of the host. What is a terminal there is the console to programs that ask, anything else a file of drive
    /// C: that has not been written to (bit 6).
    private func openHostEntry(_ kind: OpenFile.Kind, isTerminal: Bool, _ memory: GuestMemory) -> Int? {
        guard let index = allocateEntry(OpenFile(kind), memory) else { return nil }
        memory.write16(
            sft(index) + SFTField.deviceInfo,
            isTerminal ? CharacterDevice.con.deviceInfo : kind == .hostInput ? 0x42 : 2)
        return index
    }

    func addReference(_ index: Int, _ count: Int, _ memory: GuestMemory) {
        let entry = sft(index) + SFTField.references
        memory.write16(entry, memory.read16(entry) &+ UInt16(truncatingIfNeeded: count))
    }

    /// Gives up one reference; the last one closes the file.
    func release(_ index: Int, _ memory: GuestMemory) throws(DOSError) {
        guard state.files.indices.contains(index), state.files[index].kind != .free else { throw .invalidHandle }
        let references = memory.read16(sft(index) + SFTField.references)
        guard references <= 1 else { return addReference(index, -1, memory) }
        let file = state.files[index]
        state.files[index] = OpenFile()
        memory.write16(sft(index) + SFTField.references, 0)
        guard file.kind == .file else { return }
        try closeOnVolume(file)
    }

    private func closeOnVolume(_ file: OpenFile) throws(DOSError) {
        let volume = try volume(file.drive)
        do throws(VolumeError) { try volume.close(FileID(file.id)) } catch { throw DOSError(error) }
    }

    // MARK: Processes

    /// Copies the first twenty handles of a parent to a child, but for those that were opened as not inherited.
    func inheritHandles(from parent: UInt16, to child: UInt16, _ memory: GuestMemory) {
        let table = handleTable(parent, memory)
        for handle in 0..<min(table.count, 20) {
            guard let index = try? entry(handle, process: parent, memory),
                memory.read16(sft(index) + SFTField.mode) & 0x80 == 0
            else {
                setEntry(nil, handle: handle, process: child, memory)
                continue
            }
            setEntry(index, handle: handle, process: child, memory)
            addReference(index, 1, memory)
        }
    }

    /// Closes every handle, and every file control block's file, of a process that ends.
    func closeHandles(of process: UInt16, _ memory: GuestMemory) {
        for handle in 0..<handleTable(process, memory).count {
            guard let index = try? entry(handle, process: process, memory) else { continue }
            setEntry(nil, handle: handle, process: process, memory)
            try? release(index, memory)
        }
        closeFCBs(of: process, memory)
    }
}
