import Boards
import Core
import TestSupport

/// A MIDI cable that keeps what goes through it.
final class MPU401Cable: MIDIOutput {
    var bytes: [UInt8] = []
    var times: [Tick] = []
    func sendMIDI(_ byte: UInt8, at now: Tick) {
        bytes.append(byte)
        times.append(now)
    }
}

/// An MPU-401 alone. Songs play at 60 beats a minute of 120 ticks, after `start`.
final class MPU401Bench {
    /// A tick of the sequencer at that tempo.
    static let tick = Tick(21_000_000)

    let scheduler = Scheduler()
    let cable = MPU401Cable()
    let mpu: MPU401
    var now = Tick.zero
    /// What is written for each request, in order.
    var songs: [UInt8: [[UInt8]]] = [:]
    /// When songs began, with the first tick after the start.
    var origin = Tick.zero

    init() {
        mpu = MPU401(interrupt: Line(), slot: scheduler.makeSlot("mpu"))
        mpu.output = cable
    }

    func command(_ bytes: UInt8...) {
        mpu.writePort(0x331, bytes[0], at: now)
        data(Array(bytes.dropFirst()))
    }

    /// Commands one after the other; their acknowledgements are read.
    func commands(_ list: [UInt8]...) {
        for bytes in list {
            mpu.writePort(0x331, bytes[0], at: now)
            _ = readAll()
            data(Array(bytes.dropFirst()))
        }
    }

    func data(_ bytes: UInt8...) { data(bytes) }
    func data(_ bytes: [UInt8]) { for byte in bytes { mpu.writePort(0x330, byte, at: now) } }

    func read() -> UInt8 { mpu.readPort(0x330, at: now) }
    var hasByte: Bool { mpu.peekPort(0x331, at: now) & 0x80 == 0 }

    func readAll() -> [UInt8] {
        var list: [UInt8] = []
        while hasByte { list.append(read()) }
        return list
    }

    func run(to time: Tick) {
        scheduler.deliver(through: time)
        now = time
    }

    /// Starts the tracks of `songs` (F0h-F7h) and the conductor (F9h) at tempo 60.
    func start() {
        var mask: UInt8 = 0
        for request in songs.keys where request < 0xF8 { mask |= 1 << (request & 7) }
        commands([0xE0, 60], [0xEC, mask], [songs[0xF9] == nil ? 0x8E : 0x8F], [0xB8], [0x0A])
        origin = now + MPU401Bench.tick
        cable.bytes = []
        cable.times = []
    }

    /// Serves requests as they come, up to tick `end` of the song. Returns what else was told, with the ticks of it.
    @discardableResult
    func play(to end: Int64) -> [Note] {
        var told: [Note] = []
        let last = origin + MPU401Bench.tick * end
        while true {
            while hasByte {
                let byte = read()
                if let event = songs[byte]?.first {
                    songs[byte]?.removeFirst()
                    data(event)
                } else {
                    told.append(Note(ticks(now), byte))
                }
            }
            guard scheduler.nextDeadline <= last else { break }
            run(to: scheduler.nextDeadline)
        }
        run(to: last)
        return told
    }

    func ticks(_ time: Tick) -> Double { Double((time - origin).count) / Double(MPU401Bench.tick.count) }

    /// Messages that went out since the start, with their ticks.
    var sent: [Note] {
        var parser = MIDIMessageParser()
        var list: [Note] = []
        for (byte, time) in zip(cable.bytes, cable.times) {
            if let message = parser.take(byte, at: time) { list.append(Note(ticks(time), message.bytes)) }
        }
        return list
    }

    /// Bytes at a tick of the song.
    struct Note: Equatable, CustomStringConvertible {
        let tick: Double
        let bytes: [UInt8]
        init(_ tick: Double, _ bytes: UInt8...) { (self.tick, self.bytes) = (tick, bytes) }
        init(_ tick: Double, _ bytes: [UInt8]) { (self.tick, self.bytes) = (tick, bytes) }
        var description: String { "\(tick): " + bytes.map { String($0, radix: 16) }.joined(separator: " ") }
    }
}
