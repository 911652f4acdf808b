import Core
import Storage

extension ShellStep {
    // MARK: Variables

    func runSet(_ rest: [UInt8]) throws(StepSignal) {
        let text = rest.withoutLeadingDelimiters
        if text.isEmpty {
            for string in environment { try write(string + "\r\n".dosText) }
            return
        }
        guard let equals = text.firstIndex(of: Character8.equals), equals > 0 else {
            throw .refused(ShellMessage.syntaxError)
        }
        try setVariable(Array(text[..<equals]), Array(text[(equals + 1)...]))
    }

    func runPath(_ rest: [UInt8]) throws(StepSignal) {
        // A lone semicolon, itself a delimiter, empties the path.
        let text = rest.drop { Character8.isBlank($0) || $0 == Character8.equals }.trimmed
        if text.isEmpty {
            guard let path = variable("PATH") else { return try print("No Path\r\n") }
            try write("PATH=".dosText + path + "\r\n".dosText)
        } else {
            try setVariable("PATH".dosText, text == [Character8.semicolon] ? [] : text.uppercased)
        }
    }

    // MARK: Directories and drives

    func runChangeDirectory(_ rest: [UInt8]) throws(StepSignal) {
        guard let path = CommandArguments(rest).words.first else {
            try write(try currentDirectory(try currentDrive()) + "\r\n".dosText)
            return
        }
        if let drive = ShellPath.drive(path), path.count == 2 {
            do throws(StepSignal) { try write(try currentDirectory(drive) + "\r\n".dosText) } catch {
                if case .dos = error { throw .refused(ShellMessage.invalidDrive) }
                throw error
            }
            return
        }
        do throws(StepSignal) { try changeDirectory(path) } catch {
            if case .dos = error { throw .refused(ShellMessage.invalidDirectory) }
            throw error
        }
    }

    func runMakeDirectory(_ path: [UInt8]) throws(StepSignal) {
        do throws(StepSignal) { try makeDirectory(path) } catch {
            guard case .dos(0x05) = error else { throw error }
            throw .refused(try attributes(path) == nil ? "Unable to create directory" : "Directory already exists")
        }
    }

    func runRemoveDirectory(_ path: [UInt8]) throws(StepSignal) {
        do throws(StepSignal) { try removeDirectory(path) } catch {
            guard case .dos(let code) = error, code != 0x10 else { throw error }
            throw .refused("Invalid path, not directory,\r\nor directory not empty")
        }
    }

    func runTrueName(_ rest: [UInt8]) throws(StepSignal) {
        let path = CommandArguments(rest).words.first ?? [Character8.dot]
        try write("\r\n".dosText + (try trueName(path)) + "\r\n".dosText)
    }

    func runVolume(_ rest: [UInt8]) throws(StepSignal) {
        let word = CommandArguments(rest).words.first
        guard word == nil || word.flatMap(ShellPath.drive) != nil else { throw .refused(ShellMessage.invalidDrive) }
        try printVolume(try drive(of: word ?? []), label: "\r\n")
    }

    /// Two lines: the volume's label, and its serial number where it has one.
    func printVolume(_ drive: UInt8, label before: String) throws(StepSignal) {
        guard try space(drive) != nil else { throw .refused(ShellMessage.invalidDrive) }
        let letter = String(decoding: [drive &+ 0x41], as: UTF8.self)
        let entry = try findFirstQuietly("\(letter):\\*.*".dosText, attributes: .volumeLabel)
        if let entry, entry.attributes.contains(.volumeLabel) {
            let name = entry.name.filter { $0 != Character8.dot }
            try write("\(before) Volume in drive \(letter) is ".dosText + name + "\r\n".dosText)
        } else {
            try print("\(before) Volume in drive \(letter) has no label\r\n")
        }
        // Source: Ralf Brown's Interrupt List, INT 21h AX=6900h: word 0, serial number, label, file system.
        let answer = try call(
            0x6900, bx: UInt16(drive) &+ 1, dx: ShellLayout.data,
            prepare: { memory.writeBytes(address(ShellLayout.data), [UInt8](repeating: 0, count: 8)) },
            capture: { bytes(8) })
        // A DOS without the call leaves the zeros.
        let serial = answer.data.dropFirst(2).prefix(4)
        if !answer.isError, serial.contains(where: { $0 != 0 }) {
            let digits = serial.reversed().map { hex($0) }
            try print(" Volume Serial Number is \(digits[0])\(digits[1])-\(digits[2])\(digits[3])\r\n")
        }
    }

    // MARK: The console

    /// The console is cleared through the BIOS, any other output gets the escape sequence.
    func runClear() throws(StepSignal) {
        let information = try call(0x4400, bx: ShellStep.standardOutput)
        // Bit 1: standard output device, bit 7: a device.
        guard !information.isError, information.dx & 0x82 == 0x82 else {
            return try write([Character8.escape] + "[2J".dosText)
        }
        let mode = try call(0x0F00, interrupt: 0x10)
        let columns = mode.ah
        let page = mode.bx & 0xFF00
        let isText = mode.al & 0x7F <= 3 || mode.al & 0x7F == 7
        // Rows less one in the BIOS data area of EGA and VGA; older adapters have 25.
        let rows = memory.read8(FarPointer(0x40, 0x84))
        let corner = UInt16(rows == 0 ? 24 : rows) << 8 | UInt16(columns &- 1)
        _ = try call(0x0600, bx: isText ? 0x0700 : 0, dx: corner, interrupt: 0x10)
        _ = try call(0x0200, bx: page, dx: 0, interrupt: 0x10)
    }

    /// `CTTY device` makes it standard input, output and error.
    func runConsole(_ rest: [UInt8]) throws(StepSignal) {
        guard let name = CommandArguments(rest).words.first else { throw .refused("Invalid device") }
        let answer = try call(0x3D02, dx: ShellLayout.path, prepare: { setPath(name) })
        guard !answer.isError else { throw .refused("Invalid device") }
        guard try isDevice(answer.ax) else {
            try close(answer.ax)
            throw .refused("Invalid device")
        }
        for handle in UInt16(0)...2 { try checked(0x4600, bx: answer.ax, cx: handle) }
        try close(answer.ax)
    }
}

/// DATE and TIME: shows the present one, asks for a new one, until it is accepted or nothing is typed.
struct DateTimeFrame: ShellFrame {
    static let kind = FrameKind.dateTime

    var isTime = false
    /// What was given in the command, or typed.
    var value: [UInt8] = []
    var isShown = false

    init() {}

    init(isTime: Bool, value: [UInt8]) {
        self.isTime = isTime
        self.value = value.withoutLeadingDelimiters.trimmed
    }

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        if value.isEmpty {
            if !isShown {
                try shell.print(
                    isTime
                        ? "Current time is \(try shell.timeText())\r\n" : "Current date is \(try shell.dateText())\r\n")
            }
            isShown = true
            try shell.print(isTime ? "Enter new time: " : "Enter new date (mm-dd-yy): ")
            value = (try shell.line(template: false) ?? []).trimmed
            if value.isEmpty { return .finish }
        }
        if isTime ? try setTime(shell) : try setDate(shell) { return .finish }
        try shell.print(isTime ? "Invalid time\r\n" : "Invalid date\r\n")
        value = []
        return .again
    }

    private func numbers(_ separators: String) -> [Int]? {
        let parts = value.split(omittingEmptySubsequences: false) { separators.utf8.contains($0) }
        let numbers = parts.map { part in part.allSatisfy(Character8.isDigit) ? part.leadingNumber : nil }
        return numbers.allSatisfy { $0 != nil } ? numbers.compactMap { $0 } : nil
    }

    /// `mm-dd-yy`; years from 80 are of the last century.
    private func setDate(_ shell: ShellStep) throws(StepSignal) -> Bool {
        guard let parts = numbers("-/."), parts.count == 3, parts[0] < 256, parts[1] < 256 else { return false }
        let year = parts[2] < 80 ? parts[2] + 2000 : parts[2] < 100 ? parts[2] + 1900 : parts[2]
        let answer = try shell.call(0x2B00, cx: UInt16(year), dx: UInt16(parts[0]) << 8 | UInt16(parts[1]))
        return answer.al == 0
    }

    /// `hh:mm:ss.cc`, the later parts optional, `a` or `p` behind.
    private func setTime(_ shell: ShellStep) throws(StepSignal) -> Bool {
        var copy = self
        let isAfternoon = value.hasSuffix("P")
        let isMorning = value.hasSuffix("A")
        if isAfternoon || isMorning { copy.value = Array(value.dropLast()).trimmed }
        guard var parts = copy.numbers(":."), (1...4).contains(parts.count), parts.allSatisfy({ $0 < 256 }) else {
            return false
        }
        parts += [Int](repeating: 0, count: 4 - parts.count)
        if isAfternoon, parts[0] < 12 { parts[0] += 12 }
        if isMorning, parts[0] == 12 { parts[0] = 0 }
        let answer = try shell.call(
            0x2D00, cx: UInt16(parts[0]) << 8 | UInt16(parts[1]), dx: UInt16(parts[2]) << 8 | UInt16(parts[3]))
        return answer.al == 0
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("isTime", &isTime)
        coder.field("value", &value, limit: 1_024)
        coder.field("isShown", &isShown)
    }
}
