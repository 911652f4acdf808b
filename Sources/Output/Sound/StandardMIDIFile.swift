import Core
import Glibc

/// What a machine sends on its MIDI port, as a Standard MIDI File of one track (format 0).
///
/// A tick of the file is a ten-thousandth of a second: 5,000 a quarter note at 120 a minute.
///
/// Source: [SMF].
public final class StandardMIDIFile: MIDIOutput {
    private let file: OutputFile
    private var parser = MIDIMessageParser()
    private var clock = FileClock(rate: 10_000)
    private var isBegun = false
    /// The status that the next event need not repeat; 0 if it has to.
    private var runningStatus: UInt8 = 0
    private var isCut = false

    private static let trackStart = 14 + 8
    /// The length of a track is 32 bits.
    private static let sizeLimit = 0xFFFF_0000
    /// The largest delta time.
    private static let longestDelta: Int64 = 0x0FFF_FFFF

    /// Makes the file, or throws a line that says why not.
    public init(path: String) throws(SoundFileError) {
        guard let file = OutputFile(path: path) else {
            throw SoundFileError("\(path): \(String(cString: strerror(errno)))")
        }
        self.file = file
        file.append(head)
    }

    public func sendMIDI(_ byte: UInt8, at now: Tick) {
        if let message = parser.take(byte, at: now) { add(message) }
    }

    public func add(_ message: MIDIMessage) {
        guard file.size + message.bytes.count + 32 < StandardMIDIFile.sizeLimit else { return isCut = true }
        delta(to: message.time)
        let (status, content) = (message.status, message.bytes.dropFirst())
        switch status {
        case 0xF0:
            file.append([0xF0] + StandardMIDIFile.number(Int64(content.count)) + content)
            runningStatus = 0
        case 0xF1...:
            // Other system messages stand in an escape.
            file.append([0xF7] + StandardMIDIFile.number(Int64(message.bytes.count)) + message.bytes)
            runningStatus = 0
        default:
            if status != runningStatus { file.append([status]) }
            file.append(content)
            runningStatus = status
        }
    }

    /// Completes the file. Returns a line about what went wrong, or nil.
    public func finish(at now: Tick) -> String? {
        if isBegun { delta(to: now) } else { file.append([0]) }
        // The end of the track.
        file.append([0xFF, 0x2F, 0])
        file.replace(at: 0, with: head)
        if let message = file.close() { return message }
        return isCut ? "\(file.path): the recording is cut; the format takes no more" : nil
    }

    private func delta(to time: Tick) {
        isBegun = true
        var ticks = clock.units(to: time)
        while ticks > StandardMIDIFile.longestDelta {
            // An empty text, so that the time can go on.
            file.append(StandardMIDIFile.number(StandardMIDIFile.longestDelta) + [0xFF, 0x01, 0])
            ticks -= StandardMIDIFile.longestDelta
            runningStatus = 0
        }
        file.append(StandardMIDIFile.number(ticks))
    }

    /// A number in seven bits a byte, the highest first.
    private static func number(_ value: Int64) -> [UInt8] {
        var bytes = [UInt8(value & 0x7F)]
        var rest = value >> 7
        while rest > 0 {
            bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        return bytes
    }

    private var head: [UInt8] {
        func word(_ value: Int) -> [UInt8] {
            stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
        }
        let division = 5_000
        return Array("MThd".utf8) + word(6) + [0, 0, 0, 1, UInt8(division >> 8), UInt8(division & 0xFF)]
            + Array("MTrk".utf8) + word(max(file.size - StandardMIDIFile.trackStart, 0))
    }
}
