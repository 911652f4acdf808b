import Core
import Foundation

/// Numbers of a file, low byte first.
struct ByteReader {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    init(file: URL) throws { bytes = [UInt8](try Data(contentsOf: file)) }

    func number(_ place: Int, _ count: Int = 4) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) }
    }

    /// High byte first.
    func bigNumber(_ place: Int, _ count: Int = 4) -> Int {
        (0..<count).reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }

    func tag(_ place: Int) -> String { String(decoding: bytes[place..<place + 4], as: UTF8.self) }

    func samples(_ range: Range<Int>) -> [Int16] {
        stride(from: range.lowerBound, to: range.upperBound, by: 2).map {
            Int16(truncatingIfNeeded: number($0, 2))
        }
    }

    /// The chunks of a RIFF list whose content is `range`.
    func chunks(_ range: Range<Int>) -> [(name: String, content: Range<Int>)] {
        var chunks: [(String, Range<Int>)] = []
        var place = range.lowerBound
        while place + 8 <= range.upperBound {
            let size = number(place + 4)
            chunks.append((tag(place), place + 8..<place + 8 + size))
            place += 8 + size + size % 2
        }
        return chunks
    }
}

/// What a register file says, with times in its own units.
struct ReadWrite: Hashable {
    var chip: RecordedChip
    var register: Int
    var value: UInt8
    var time: Int
}

enum RecordedChip: Hashable {
    case opl2(Int), opl3, sn76489, saa1099(Int)
}

/// Reads DRO 2.0.
struct DROReader {
    var hardware: Int
    var length: Int
    var writes: [ReadWrite] = []

    init(_ file: ByteReader) {
        precondition(file.tag(0) + file.tag(4) == "DBRAWOPL" && file.number(8) == 2)
        let (pairs, shortDelay, longDelay) = (file.number(12), file.number(23, 1), file.number(24, 1))
        length = file.number(16)
        hardware = file.number(20, 1)
        precondition(file.number(21, 2) == 0)
        let map = file.bytes[26..<26 + file.number(25, 1)]
        let start = 26 + map.count
        precondition(file.bytes.count == start + pairs * 2 && map.count < 128)
        var time = 0
        for pair in 0..<pairs {
            let (code, value) = (file.number(start + pair * 2, 1), file.bytes[start + pair * 2 + 1])
            if code == shortDelay {
                time += Int(value) + 1
            } else if code == longDelay {
                time += (Int(value) + 1) * 256
            } else {
                let register = Int(map[map.startIndex + code & 0x7F])
                let isHigh = code >= 128
                writes.append(
                    ReadWrite(
                        chip: hardware == 2 ? .opl3 : .opl2(isHigh ? 1 : 0),
                        register: register | (hardware == 2 && isHigh ? 0x100 : 0), value: value, time: time))
            }
        }
        precondition(time == length)
    }
}

/// Reads the commands of VGM that the writer knows.
struct VGMReader {
    var length: Int
    var writes: [ReadWrite] = []

    init(_ file: ByteReader) {
        precondition(file.tag(0) == "Vgm " && file.number(4) == file.bytes.count - 4)
        length = file.number(0x18)
        var place = 0x34 + file.number(0x34)
        var time = 0
        func add(_ chip: RecordedChip, _ register: Int, _ value: Int) {
            writes.append(ReadWrite(chip: chip, register: register, value: UInt8(value), time: time))
        }
        reading: while true {
            let command = file.number(place, 1)
            func byte(_ offset: Int) -> Int { file.number(place + offset, 1) }
            switch command {
            case 0x50:
                add(.sn76489, 0, byte(1))
                place += 2
            case 0x5A, 0xAA:
                add(.opl2(command == 0x5A ? 0 : 1), byte(1), byte(2))
                place += 3
            case 0x5E, 0x5F:
                add(.opl3, byte(1) + (command - 0x5E) * 256, byte(2))
                place += 3
            case 0xBD:
                add(.saa1099(byte(1) >> 7), byte(1) & 0x7F, byte(2))
                place += 3
            case 0x61:
                time += file.number(place + 1, 2)
                place += 3
            case 0x70...0x7F:
                time += command - 0x6F
                place += 1
            case 0x66:
                precondition(place == file.bytes.count - 1)
                break reading
            default: preconditionFailure("command \(command)")
            }
        }
        precondition(time == length)
    }
}

/// Reads the one track of a Standard MIDI File of format 0.
struct MIDIFileReader {
    /// Ticks of a second, at 120 quarter notes a minute.
    var ticksPerSecond: Int
    var events: [(time: Int, bytes: [UInt8])] = []
    var end = 0

    init(_ file: ByteReader) {
        precondition(file.tag(0) == "MThd" && file.bigNumber(4) == 6 && file.bigNumber(8, 2) == 0)
        precondition(file.bigNumber(10, 2) == 1 && file.tag(14) == "MTrk")
        ticksPerSecond = file.bigNumber(12, 2) * 2
        precondition(file.bytes.count == 22 + file.bigNumber(18))
        var (place, time, status) = (22, 0, 0)
        func length() -> Int {
            var value = 0
            while true {
                let byte = file.number(place, 1)
                place += 1
                value = value << 7 | byte & 0x7F
                if byte < 0x80 { return value }
            }
        }
        while true {
            time += length()
            if file.bytes[place] >= 0x80 {
                status = file.number(place, 1)
                place += 1
            }
            switch status {
            case 0xFF:
                let kind = file.number(place, 1)
                place += 1
                let count = length()
                place += count
                if kind == 0x2F {
                    precondition(place == file.bytes.count)
                    end = time
                    return
                }
            case 0xF0, 0xF7:
                let count = length()
                events.append((time, (status == 0xF0 ? [0xF0] : []) + file.bytes[place..<place + count]))
                place += count
            default:
                precondition(status >= 0x80)
                let count = status & 0xE0 == 0xC0 ? 1 : 2
                events.append((time, [UInt8(status)] + file.bytes[place..<place + count]))
                place += count
            }
        }
    }
}

/// A folder that is removed when the test ends.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "ochenta-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appending(path: name) }
    func path(_ name: String) -> String { file(name).path }
}
