import Core
import Storage

/// An entry of a listing.
struct ListedFile: StateValue {
    var name: [UInt8] = []
    var attributes: UInt8 = 0
    var time: UInt16 = 0
    var date: UInt16 = 0
    var size: UInt32 = 0

    init() {}

    init(_ found: FoundFile) {
        name = found.name
        attributes = found.attributes.rawValue
        (time, date, size) = (found.time, found.date, found.size)
    }

    var isDirectory: Bool { attributes & FileAttributes.directory.rawValue != 0 }

    /// Name and extension; `.` and `..` have none.
    var parts: (stem: [UInt8], suffix: [UInt8]) {
        guard name.first != Character8.dot, let dot = name.lastIndex(of: Character8.dot) else { return (name, []) }
        return (Array(name[..<dot]), Array(name[(dot + 1)...]))
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("name", &name, limit: 13)
        coder.field("attributes", &attributes)
        coder.field("time", &time)
        coder.field("date", &date)
        coder.field("size", &size)
    }
}

/// The switches of DIR, in the command and in the variable DIRCMD.
struct DirectoryOptions: StateValue {
    var isWide = false
    var isPaused = false
    var isDeep = false
    var isBare = false
    var isLower = false
    /// Attribute bits that must be set, and those that must be clear.
    var wanted: UInt8 = 0
    var unwanted: UInt8 = FileAttributes.hidden.rawValue | FileAttributes.system.rawValue
    /// Sort keys: letters of `NESDG`, each behind a `-` if reversed.
    var order: [UInt8] = []

    init() {}

    mutating func add(_ switches: [[UInt8]]) throws(StepSignal) {
        for word in switches {
            let isOff = word.first == UInt8(ascii: "-")
            let text = isOff ? Array(word.dropFirst()) : word
            switch text.first {
            case UInt8(ascii: "W") where text.count == 1: isWide = !isOff
            case UInt8(ascii: "P") where text.count == 1: isPaused = !isOff
            case UInt8(ascii: "S") where text.count == 1: isDeep = !isOff
            case UInt8(ascii: "B") where text.count == 1: isBare = !isOff
            case UInt8(ascii: "L") where text.count == 1: isLower = !isOff
            case UInt8(ascii: "A"): try setAttributes(isOff ? nil : text.dropFirst(), word)
            case UInt8(ascii: "O"): try setOrder(isOff ? nil : text.dropFirst(), word)
            default: throw .refused(ShellMessage.invalidSwitch(word))
            }
        }
    }

    private mutating func setAttributes(_ letters: ArraySlice<UInt8>?, _ word: [UInt8]) throws(StepSignal) {
        (wanted, unwanted) = (0, 0)
        guard let letters else {
            unwanted = DirectoryOptions().unwanted
            return
        }
        var isNegated = false
        for letter in letters where letter != Character8.colon {
            let bit: FileAttributes
            switch letter {
            case UInt8(ascii: "-"):
                isNegated = true
                continue
            case UInt8(ascii: "H"): bit = .hidden
            case UInt8(ascii: "S"): bit = .system
            case UInt8(ascii: "D"): bit = .directory
            case UInt8(ascii: "R"): bit = .readOnly
            case UInt8(ascii: "A"): bit = .archive
            default: throw .refused(ShellMessage.invalidSwitch(word))
            }
            if isNegated { unwanted |= bit.rawValue } else { wanted |= bit.rawValue }
            isNegated = false
        }
    }

    private mutating func setOrder(_ letters: ArraySlice<UInt8>?, _ word: [UInt8]) throws(StepSignal) {
        order = (letters ?? []).filter { $0 != Character8.colon }
        guard order.allSatisfy({ "NESDG-".utf8.contains($0) }), order.count <= 16 else {
            throw .refused(ShellMessage.invalidSwitch(word))
        }
        if letters != nil, order.isEmpty { order = "GN".dosText }
    }

    func shows(_ attributes: UInt8) -> Bool { attributes & wanted == wanted && attributes & unwanted == 0 }

    /// Whether `a` stands before `b`.
    func precedes(_ a: ListedFile, _ b: ListedFile) -> Bool {
        var isReversed = false
        for letter in order {
            if letter == UInt8(ascii: "-") {
                isReversed = true
                continue
            }
            let comparison = DirectoryOptions.compare(a, b, by: letter)
            if comparison != 0 { return (comparison < 0) != isReversed }
            isReversed = false
        }
        return false
    }

    private static func compare(_ a: ListedFile, _ b: ListedFile, by letter: UInt8) -> Int {
        func sign(_ isLess: Bool, _ isSame: Bool) -> Int { isSame ? 0 : isLess ? -1 : 1 }
        func sign(_ x: [UInt8], _ y: [UInt8]) -> Int { sign(x.lexicographicallyPrecedes(y), x == y) }
        switch letter {
        case UInt8(ascii: "N"): return sign(a.name, b.name)
        case UInt8(ascii: "E"): return sign(a.parts.suffix, b.parts.suffix)
        case UInt8(ascii: "S"): return sign(a.size < b.size, a.size == b.size)
        case UInt8(ascii: "D"):
            return sign((a.date, a.time) < (b.date, b.time), (a.date, a.time) == (b.date, b.time))
        default: return sign(a.isDirectory && !b.isDirectory, a.isDirectory == b.isDirectory)
        }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("isWide", &isWide)
        coder.field("isPaused", &isPaused)
        coder.field("isDeep", &isDeep)
        coder.field("isBare", &isBare)
        coder.field("isLower", &isLower)
        coder.field("wanted", &wanted)
        coder.field("unwanted", &unwanted)
        coder.field("order", &order, limit: 16)
    }
}

/// DIR.
struct DirectoryFrame: ShellFrame {
    static let kind = FrameKind.directory
    /// Entries of a directory and directories waiting, at most: what FAT allows in one directory.
    private static let entryLimit = 0x1_0000
    private static let columns = 5

    enum Phase: UInt8 { case start, collect, list, enter, total, done }

    var phase = Phase.start
    var path: [UInt8] = []
    var options = DirectoryOptions()
    /// The present directory, whole, and the pattern of names.
    var directory: [UInt8] = []
    var pattern: [UInt8] = []
    /// Directories still to be listed, the next one last.
    var waiting: [[UInt8]] = []
    var search: FoundFile?
    var hasSearched = false
    var entries: [ListedFile] = []
    var next: UInt32 = 0
    var hasHeader = false
    var fileCount: UInt32 = 0
    var byteCount: UInt64 = 0
    var totalFiles: UInt32 = 0
    var totalBytes: UInt64 = 0
    /// Lines that are still to be shown, and how many stand on this page.
    var lines: [[UInt8]] = []
    var row: UInt16 = 0

    init() {}

    init(_ rest: [UInt8], _ shell: ShellStep) throws(StepSignal) {
        let usual = CommandArguments(shell.variable("DIRCMD") ?? [])
        let arguments = CommandArguments(rest)
        try options.add(usual.switches)
        try options.add(arguments.switches)
        guard arguments.words.count <= 1 else { throw .refused(ShellMessage.tooManyParameters) }
        path = arguments.words.first ?? usual.words.first ?? []
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if !lines.isEmpty {
            try showLines(shell)
            return .again
        }
        switch phase {
        case .start: try start(shell)
        case .collect: try collect(shell)
        case .list: list()
        case .enter: try enter(shell)
        case .total: try total(shell)
        case .done: return .finish
        }
        return .again
    }

    private mutating func add(_ text: String) { lines.append(text.dosText) }

    /// Writes the lines that are ready; with `/P` up to the end of a screen, then waits for a key.
    private mutating func showLines(_ shell: ShellStep) throws(StepSignal) {
        let rowsLess1 = shell.memory.read8(FarPointer(0x40, 0x84))
        let page = rowsLess1 == 0 ? 24 : Int(rowsLess1)
        let count = min(lines.count, options.isPaused ? max(page - 1 - Int(row), 1) : 16)
        try shell.write(lines.prefix(count).flatMap { $0 + "\r\n".dosText })
        lines.removeFirst(count)
        row &+= UInt16(count)
        guard options.isPaused, Int(row) >= page - 1 else { return }
        try shell.print("Press any key to continue . . .")
        if try shell.key() == 0 { _ = try shell.call(0x0700) }
        try shell.write("\r\n\r\n(continuing ".dosText + directory + ")\r\n".dosText)
        row = 2
    }

    // MARK: Where

    private mutating func start(_ shell: ShellStep) throws(StepSignal) {
        let drive = try shell.drive(of: path)
        guard try shell.space(drive) != nil else { throw .refused(ShellMessage.invalidDrive) }
        var (place, name) = ShellPath.split(path)
        if !name.isEmpty, !name.hasWildcard, try shell.isDirectory(path) {
            (place, name) = (path, [])
        }
        if name.isEmpty { name = "*.*".dosText }
        if name.first == Character8.dot { name = [Character8.star] + name }
        if !name.contains(Character8.dot) { name += ".*".dosText }
        pattern = name
        while place.count > 1, place.last == Character8.backslash || place.last == Character8.slash,
            place[place.count - 2] != Character8.colon
        {
            place.removeLast()
        }
        if place.isEmpty || place.last == Character8.colon { place.append(Character8.dot) }
        directory = try shell.trueName(place)
        if !options.isBare { try shell.printVolume(drive, label: "\r\n") }
        if options.isDeep, !options.isBare { add("") }
        row = 3
        phase = .collect
    }

    // MARK: One directory

    private mutating func collect(_ shell: ShellStep) throws(StepSignal) {
        for _ in 0..<32 {
            if let previous = search {
                search = try shell.findNext(previous)
            } else {
                guard !hasSearched else { break }
                hasSearched = true
                let all = FileAttributes([.hidden, .system, .directory])
                let start = ShellPath.join(directory, pattern)
                search =
                    options.isDeep
                    ? try shell.findFirstQuietly(start, attributes: all) : try shell.findFirst(start, attributes: all)
            }
            guard let search else { break }
            let file = ListedFile(search)
            guard options.shows(file.attributes), !(options.isBare && search.isDots) else { continue }
            entries.append(file)
        }
        guard search == nil || entries.count >= DirectoryFrame.entryLimit else { return }
        if !options.order.isEmpty {
            // A stable order: equal entries stay as they are on the disk.
            entries = entries.enumerated().sorted { first, second in
                options.precedes(first.element, second.element)
                    || !options.precedes(second.element, first.element) && first.offset < second.offset
            }.map(\.element)
        }
        phase = .list
    }

    private mutating func list() {
        if entries.isEmpty {
            phase = .enter
            return
        }
        if !hasHeader, !options.isBare {
            lines.append((options.isDeep ? "Directory of " : " Directory of ").dosText + directory)
            add("")
        }
        hasHeader = true
        let end = min(Int(next) + DirectoryFrame.columns * 8, entries.count)
        if options.isWide, !options.isBare {
            for start in stride(from: Int(next), to: end, by: DirectoryFrame.columns) {
                let row = entries[start..<min(start + DirectoryFrame.columns, end)].map(wideName)
                // The last name has no padding: a row of 80 characters would be followed by an empty line.
                lines.append(row.dropLast().flatMap { Columns.left($0, 16) } + (row.last ?? []))
            }
        } else {
            for file in entries[Int(next)..<end] { lines.append(line(of: file)) }
        }
        for file in entries[Int(next)..<end] {
            fileCount &+= 1
            if !file.isDirectory { byteCount &+= UInt64(file.size) }
        }
        next = UInt32(end)
        guard end == entries.count else { return }
        phase = .enter
        if !options.isBare { addSummary(fileCount, byteCount) }
    }

    private mutating func addSummary(_ files: UInt32, _ bytes: UInt64) {
        add("\(Columns.right(files, 9)) file(s) \(Columns.right(bytes, 10)) bytes")
    }

    private func cased(_ text: [UInt8]) -> [UInt8] {
        options.isLower ? text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } : text
    }

    private func wideName(_ file: ListedFile) -> [UInt8] {
        file.isDirectory ? "[".dosText + cased(file.name) + "]".dosText : cased(file.name)
    }

    private func line(of file: ListedFile) -> [UInt8] {
        if options.isBare {
            return cased(options.isDeep ? ShellPath.join(directory, file.name) : file.name)
        }
        let (stem, suffix) = file.parts
        let name = Columns.left(cased(stem), 8) + [Character8.space] + Columns.left(cased(suffix), 3)
        let size = file.isDirectory ? " <DIR>    " : Columns.right(file.size, 10)
        return name + "\(size) \(FileStamp.date(file.date))  \(FileStamp.time(file.time))".dosText
    }

    // MARK: The directories in it, and the end

    /// Puts the subdirectories on the list and goes to the next directory.
    private mutating func enter(_ shell: ShellStep) throws(StepSignal) {
        if options.isDeep {
            if hasSearched {
                (hasSearched, entries, next) = (false, [], 0)
                search = try shell.findFirstQuietly(ShellPath.join(directory, "*.*".dosText), attributes: .directory)
            }
            for _ in 0..<32 {
                guard let found = search else { break }
                if found.isDirectory, !found.isDots { entries.append(ListedFile(found)) }
                search = try shell.findNext(found)
            }
            guard search == nil else { return }
            let found = entries.reversed().map { ShellPath.join(directory, $0.name) }
            waiting += found.filter { $0.count < 67 }.prefix(DirectoryFrame.entryLimit - waiting.count)
        }
        totalFiles &+= fileCount
        totalBytes &+= byteCount
        if let directory = waiting.popLast() {
            if hasHeader, !options.isBare, fileCount > 0 { add("") }
            self.directory = directory
            (search, hasSearched, entries, next, hasHeader) = (nil, false, [], 0, false)
            (fileCount, byteCount) = (0, 0)
            phase = .collect
        } else {
            phase = .total
        }
    }

    private mutating func total(_ shell: ShellStep) throws(StepSignal) {
        phase = .done
        guard totalFiles > 0 else {
            if !options.isBare {
                try shell.write(" Directory of ".dosText + directory + "\r\n\r\n".dosText)
            }
            throw .refused(ShellMessage.fileNotFound)
        }
        guard !options.isBare else { return }
        if options.isDeep {
            add("")
            add("Total files listed:")
            addSummary(totalFiles, totalBytes)
        }
        if let space = try shell.space(ShellPath.drive(directory) ?? 0) {
            add("\(Columns.right(space.free, 28)) bytes free")
        }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("phase", &phase)
        coder.field("path", &path, limit: 1_024)
        coder.field("options", &options)
        coder.field("directory", &directory, limit: 256)
        coder.field("pattern", &pattern, limit: 1_024)
        coder.strings("waiting", &waiting, limit: DirectoryFrame.entryLimit)
        coder.field("search", &search)
        coder.field("hasSearched", &hasSearched)
        coder.array("entries", &entries, limit: DirectoryFrame.entryLimit + 64)
        coder.field("next", &next)
        coder.field("hasHeader", &hasHeader)
        coder.field("fileCount", &fileCount)
        coder.field("byteCount", &byteCount)
        coder.field("totalFiles", &totalFiles)
        coder.field("totalBytes", &totalBytes)
        coder.strings("lines", &lines, limit: 128)
        coder.field("row", &row)
    }
}

/// Dates and times of files, as DIR shows them in the United States.
enum FileStamp {
    /// `01-31-90`
    static func date(_ word: UInt16) -> String {
        let year = (Int(word >> 9) + 80) % 100
        return "\(Columns.two(word >> 5 & 15))-\(Columns.two(word & 31))-\(Columns.two(year))"
    }

    /// ` 1:05p`
    static func time(_ word: UInt16) -> String {
        let hour = Int(word >> 11)
        let shown = hour % 12 == 0 ? 12 : hour % 12
        return "\(Columns.right(shown, 2)):\(Columns.two(word >> 5 & 63))\(hour < 12 ? "a" : "p")"
    }
}
