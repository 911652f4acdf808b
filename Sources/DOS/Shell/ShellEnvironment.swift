import Core
import Storage

/// The environment of the interpreter: `NAME=value` strings, each with a zero, and a zero behind the last, in the
/// memory block whose segment is in the PSP. Programs see and change the same bytes.
extension ShellStep {
    /// Bytes of the environment's block, from its memory control block.
    private var environmentBlock: (address: FarPointer, size: Int) {
        let segment = memory.read16(address(ShellLayout.environmentSegment))
        guard segment != 0 else { return (FarPointer(0, 0), 0) }
        let paragraphs = memory.read16(FarPointer(segment &- 1, 3))
        return (FarPointer(segment, 0), min(Int(paragraphs) * 16, 0x8000))
    }

    /// All strings, in their order.
    var environment: [[UInt8]] {
        let block = environmentBlock
        return ShellStep.strings(at: block.address, limit: block.size, in: memory)
    }

    static func strings(at start: FarPointer, limit: Int, in memory: GuestMemory) -> [[UInt8]] {
        var strings: [[UInt8]] = []
        var offset = 0
        while offset < limit {
            let string = memory.readString(start + offset, limit: limit - offset)
            if string.isEmpty { break }
            strings.append(string)
            offset += string.count + 1
        }
        return strings
    }

    /// The value of a variable; nil if it is not set.
    func variable(_ name: [UInt8]) -> [UInt8]? {
        let start = name.uppercased + [Character8.equals]
        return environment.first { $0.starts(with: start) }.map { Array($0.dropFirst(start.count)) }
    }

    func variable(_ name: String) -> [UInt8]? { variable(name.dosText) }

    /// Sets a variable, or removes it if `value` is empty. It is the last thing a step does.
    func setVariable(_ name: [UInt8], _ value: [UInt8]) throws(StepSignal) {
        let start = name.uppercased + [Character8.equals]
        var strings = environment.filter { !$0.starts(with: start) }
        if !value.isEmpty { strings.append(start + value) }
        let block = environmentBlock
        guard writeEnvironment(strings, at: block.address, size: block.size) else {
            throw .refused("Out of environment space")
        }
    }

    /// False if the strings do not fit.
    func writeEnvironment(_ strings: [[UInt8]], at start: FarPointer, size: Int) -> Bool {
        // An empty environment is two zeros; behind the last zero comes the word that counts the strings after it.
        var bytes: [UInt8] = Array(strings.map { $0 + [0] }.joined())
        if bytes.isEmpty { bytes = [0] }
        bytes += [0, 0, 0]
        guard bytes.count <= size else { return false }
        memory.writeBytes(start, bytes)
        return true
    }
}

// MARK: The prompt

extension ShellStep {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// `Sun 11-22-2026`
    func dateText() throws(StepSignal) -> String {
        let answer = try call(0x2A00)
        let day = ShellStep.weekdays[Int(answer.al) % 7]
        return "\(day) \(Columns.two(answer.dh))-\(Columns.two(answer.dl))-\(Columns.right(answer.cx, 4, fill: "0"))"
    }

    /// `12:34:56.78`
    func timeText() throws(StepSignal) -> String {
        let answer = try call(0x2C00)
        return
            "\(Columns.right(answer.ch, 2)):\(Columns.two(answer.cl)):\(Columns.two(answer.dh)).\(Columns.two(answer.dl))"
    }

    func versionText() throws(StepSignal) -> String {
        let answer = try call(0x3000)
        return "MS-DOS Version \(answer.al).\(Columns.two(answer.ah))"
    }

    /// What the variable PROMPT says; `$N$G` without it.
    func promptText() throws(StepSignal) -> [UInt8] {
        let pattern = variable("PROMPT") ?? "$N$G".dosText
        var text: [UInt8] = []
        var index = 0
        while index < pattern.count {
            let byte = pattern[index]
            index += 1
            guard byte == UInt8(ascii: "$"), index < pattern.count else {
                text.append(byte)
                continue
            }
            text += try promptCode(ShortName.uppercase(pattern[index]))
            index += 1
        }
        return text
    }

    private func promptCode(_ code: UInt8) throws(StepSignal) -> [UInt8] {
        switch code {
        case UInt8(ascii: "P"): return try promptPath()
        case UInt8(ascii: "N"): return [try currentDrive() &+ 0x41]
        case UInt8(ascii: "G"): return ">".dosText
        case UInt8(ascii: "L"): return "<".dosText
        case UInt8(ascii: "B"): return "|".dosText
        case UInt8(ascii: "Q"): return "=".dosText
        case UInt8(ascii: "$"): return "$".dosText
        case UInt8(ascii: "_"): return "\r\n".dosText
        case UInt8(ascii: "E"): return [Character8.escape]
        case UInt8(ascii: "H"): return [0x08, Character8.space, 0x08]
        case UInt8(ascii: "T"): return try timeText().dosText
        case UInt8(ascii: "D"): return try dateText().dosText
        case UInt8(ascii: "V"): return try versionText().dosText
        default: return []
        }
    }

    /// The directory of the current drive, or only the drive if it cannot be read.
    private func promptPath() throws(StepSignal) -> [UInt8] {
        let drive = try currentDrive()
        let answer = try call(
            0x4700, dx: UInt16(drive) &+ 1, si: ShellLayout.path,
            capture: { memory.readString(address(ShellLayout.path), limit: 67) })
        let root = [drive &+ 0x41, Character8.colon]
        return answer.isError ? root : root + [Character8.backslash] + answer.data
    }
}
