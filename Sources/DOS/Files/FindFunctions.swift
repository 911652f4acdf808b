import Core
import Storage

/// A directory that a program is searching: the names as they were at the first call. Files that vanish meanwhile are
/// skipped, and nothing is repeated, because a search goes on by number.
struct DirectorySearch: StateValue {
    /// In the data transfer area, where DOS keeps a cluster number. Never 0.
    var id: UInt16 = 0
    var drive: UInt8 = 0
    /// Eleven bytes a name.
    var directory: [UInt8] = []
    var names: [UInt8] = []

    init() {}

    mutating func transfer(_ coder: StateCoder) {
        coder.field("id", &id)
        coder.field("drive", &drive)
        coder.field("directory", &directory, limit: 1_024)
        coder.field("names", &names, limit: 11 * 65_536)
    }
}

/// INT 21h AH=4Eh and 4Fh. Source: Ralf Brown's interrupt list, INT 21h AH=4Eh, table 01626.
extension DOSKernel {
    /// Searches that are remembered; the one not used for longest is forgotten.
    static let searchLimit = 256
    /// Bytes of names that all searches may hold together, but for the latest.
    private static let searchedNames = 4 << 20

    /// What a search gives: an entry and the number under which it goes on.
    struct Found {
        var entry: DirectoryEntry
        var number: UInt16
    }

    /// AH=4Eh
    func findFirst(_ call: Call) throws(DOSError) -> CallResult {
        let memory = call.memory
        let mask = UInt8(truncatingIfNeeded: call.registers.cx)
        var place: PathPattern
        do throws(DOSError) {
            place = try resolvePattern(memory.readString(call.registers.dsdx), call)
        } catch { throw error == .invalidData || error == .fileNotFound ? .pathNotFound : error }
        let dta = currentDTA(memory)
        if let device = place.device { return try foundDevice(device, dta, call) }
        if place.pattern.isEmpty {
            // `.`, `..` and the like are found in the directory above, under their own name.
            guard !place.endsInSlash || place.directory.isRoot else { throw .pathNotFound }
            guard let name = place.directory.names.last else { throw .noMoreFiles }
            (place.directory, place.pattern) = (place.directory.parent, name.bytes)
        }
        let id = try beginSearch(place.drive, place.directory, mask: mask)
        memory.write8(dta, place.drive &+ 1)
        memory.writeBytes(dta + 0x01, place.pattern)
        memory.write8(dta + 0x0C, mask)
        memory.write16(dta + 0x0D, 0)
        memory.write16(dta + 0x0F, id)
        return try continueSearch(dta, call)
    }

    /// AH=4Fh
    func findNext(_ call: Call) throws(DOSError) -> CallResult {
        try continueSearch(currentDTA(call.memory), call)
    }

    private func continueSearch(_ dta: FarPointer, _ call: Call) throws(DOSError) -> CallResult {
        let memory = call.memory
        let pattern = memory.readBytes(dta + 0x01, 11)
        let found = try nextMatch(
            id: memory.read16(dta + 0x0F), after: memory.read16(dta + 0x0D), pattern: pattern,
            mask: memory.read8(dta + 0x0C))
        memory.write16(dta + 0x0D, found.number)
        writeResult(found.entry, dta, memory)
        return succeed(call, 0)
    }

    private func foundDevice(_ device: CharacterDevice, _ dta: FarPointer, _ call: Call) throws(DOSError) -> CallResult
    {
        let entry = DirectoryEntry(
            name: ShortName(padded: device.paddedName + [0x20, 0x20, 0x20]), attributes: FileAttributes(rawValue: 0x40),
            size: 0, modified: currentFileTime(call.memory))
        call.memory.writeBytes(dta, [UInt8](repeating: 0, count: 0x15))
        writeResult(entry, dta, call.memory)
        return succeed(call, 0)
    }

    private func writeResult(_ entry: DirectoryEntry, _ dta: FarPointer, _ memory: GuestMemory) {
        memory.write8(dta + 0x15, entry.attributes.rawValue)
        memory.write16(dta + 0x16, entry.modified.time)
        memory.write16(dta + 0x18, entry.modified.date)
        memory.write32(dta + 0x1A, entry.size)
        memory.writeBytes(dta + 0x1E, (entry.name.dottedBytes + [UInt8](repeating: 0, count: 13)).prefix(13))
    }

    // MARK: Searches, for handles and FCBs

    static let dotName = ShortName(padded: Array(".          ".utf8))
    static let dotDotName = ShortName(padded: Array("..         ".utf8))

    /// Remembers the names of a directory and returns the number of the search.
    func beginSearch(_ drive: UInt8, _ directory: VolumePath, mask: UInt8) throws(DOSError) -> UInt16 {
        let volume = try volume(drive)
        var names: [UInt8] = []
        if mask == FileAttributes.volumeLabel.rawValue {
            names = []
        } else {
            do throws(VolumeError) {
                guard try volume.entry(at: directory).isDirectory else { throw .pathNotFound }
                if !directory.isRoot { names += DOSKernel.dotName.bytes + DOSKernel.dotDotName.bytes }
                for entry in try volume.entries(in: directory).prefix(65_000) { names += entry.name.bytes }
            } catch { throw error == .fileNotFound ? .pathNotFound : DOSError(error) }
        }
        var search = DirectorySearch()
        repeat {
            state.lastSearch = state.lastSearch == 0xFFFF ? 1 : state.lastSearch &+ 1
        } while state.searches.contains {
            $0.id == state.lastSearch
        }
        search.id = state.lastSearch
        search.drive = drive
        search.directory = directory.names.flatMap(\.bytes)
        search.names = names
        var size = state.searches.reduce(names.count) { $0 + $1.names.count }
        while let oldest = state.searches.first,
            state.searches.count >= DOSKernel.searchLimit || size > DOSKernel.searchedNames
        {
            size -= oldest.names.count
            state.searches.removeFirst()
        }
        state.searches.append(search)
        return search.id
    }

    /// The next entry that matches, after number `last`. A search that has come to its end is forgotten.
    func nextMatch(id: UInt16, after last: UInt16, pattern: [UInt8], mask: UInt8) throws(DOSError) -> Found {
        guard let position = state.searches.firstIndex(where: { $0.id == id }) else { throw .noMoreFiles }
        let search = state.searches.remove(at: position)
        let volume = try volume(search.drive)
        let directory = VolumePath(
            stride(from: 0, to: search.directory.count - search.directory.count % 11, by: 11).map {
                ShortName(padded: Array(search.directory[$0..<$0 + 11]))
            })
        if mask == FileAttributes.volumeLabel.rawValue {
            guard last == 0, directory.isRoot, let label = volume.label, DOSKernel.matches(label, pattern) else {
                throw .noMoreFiles
            }
            state.searches.append(search)
            return Found(entry: DOSKernel.labelEntry(label), number: 1)
        }
        for number in Int(last)..<max(Int(last), search.names.count / 11) {
            let name = ShortName(padded: Array(search.names[number * 11..<number * 11 + 11]))
            guard DOSKernel.matches(name, pattern) else { continue }
            var place = directory.appending(name)
            if name == DOSKernel.dotName { place = directory }
            if name == DOSKernel.dotDotName { place = directory.parent }
            guard var entry = try? volume.entry(at: place) else { continue }
            entry.name = name
            guard DOSKernel.isVisible(entry.attributes, mask) else { continue }
            state.searches.append(search)
            return Found(entry: entry, number: UInt16(number + 1))
        }
        // The label of a drive comes last, to those who ask for labels among other things.
        let end = search.names.count / 11
        if mask & FileAttributes.volumeLabel.rawValue != 0, directory.isRoot, Int(last) <= end,
            let label = volume.label,
            DOSKernel.matches(label, pattern)
        {
            state.searches.append(search)
            return Found(entry: DOSKernel.labelEntry(label), number: UInt16(end + 1))
        }
        throw .noMoreFiles
    }

    private static func labelEntry(_ label: ShortName) -> DirectoryEntry {
        DirectoryEntry(
            name: label, attributes: .volumeLabel, size: 0, modified: FileTime(year: 1990, month: 1, day: 1))
    }

    /// Whether a search with attribute `mask` shows an entry: hidden, system and directory must be asked for.
    static func isVisible(_ attributes: FileAttributes, _ mask: UInt8) -> Bool {
        attributes.intersection([.hidden, .system, .directory]).isSubset(of: FileAttributes(rawValue: mask))
    }
}
