/// A message that a MIDI stream carries, complete.
public struct MIDIMessage: Hashable, Sendable {
    /// The status byte and the data; a system exclusive message ends with F7h.
    public var bytes: [UInt8]
    /// When its last byte began.
    public var time: Tick

    public init(bytes: [UInt8], time: Tick) { (self.bytes, self.time) = (bytes, time) }

    /// 80h to FFh.
    public var status: UInt8 { bytes.first ?? 0xFE }
}

/// Makes messages of the bytes of a MIDI stream: running status, system exclusive, and real time messages amid others.
///
/// Source: [MIDI] 1.0, "Data format".
public struct MIDIMessageParser: Sendable {
    /// Longest system exclusive message that is kept, in bytes. A longer one is lost.
    public static let longestMessage = 1 << 16

    /// The status that data belong to; 0 if there is none.
    private var status: UInt8 = 0
    private var bytes: [UInt8] = []

    public init() {}

    /// Takes a byte. Returns the message that it completes, if any; stray data are passed over.
    public mutating func take(_ byte: UInt8, at now: Tick) -> MIDIMessage? {
        switch byte {
        // Real time: one byte, anywhere. F9h and FDh have no meaning.
        case 0xF8...0xFF: return byte == 0xF9 || byte == 0xFD ? nil : MIDIMessage(bytes: [byte], time: now)
        case 0xF7: return endExclusive(at: now)
        case 0x80...: return begin(byte, at: now)
        default: return takeData(byte, at: now)
        }
    }

    private mutating func begin(_ byte: UInt8, at now: Tick) -> MIDIMessage? {
        (status, bytes) = (byte, [byte])
        if byte == 0xF4 || byte == 0xF5 { (status, bytes) = (0, []) }
        return completed(at: now)
    }

    private mutating func takeData(_ byte: UInt8, at now: Tick) -> MIDIMessage? {
        guard status != 0 else { return nil }
        if bytes.isEmpty { bytes = [status] }
        if status == 0xF0 {
            if bytes.count < MIDIMessageParser.longestMessage { bytes.append(byte) } else { (status, bytes) = (0, []) }
            return nil
        }
        bytes.append(byte)
        return completed(at: now)
    }

    private mutating func endExclusive(at now: Tick) -> MIDIMessage? {
        defer { (status, bytes) = (0, []) }
        return status == 0xF0 ? MIDIMessage(bytes: bytes + [0xF7], time: now) : nil
    }

    private mutating func completed(at now: Tick) -> MIDIMessage? {
        guard status != 0, status != 0xF0, bytes.count == MIDIMessageParser.length(of: status) else { return nil }
        let message = MIDIMessage(bytes: bytes, time: now)
        // Only the status of a channel's message runs on.
        if status >= 0xF0 { status = 0 }
        bytes = []
        return message
    }

    /// Bytes of a message with this status, which is not F0h.
    private static func length(of status: UInt8) -> Int {
        switch status {
        case 0xC0...0xDF, 0xF1, 0xF3: 2
        case 0xF6: 1
        default: 3
        }
    }
}
