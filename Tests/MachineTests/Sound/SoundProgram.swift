import Core
import Machine
import Storage
import TestSupport

/// Programs that make sound, and what is heard of them.
extension Assembly {
    /// OUT to a port below 100h.
    mutating func out(_ port: UInt8, _ value: UInt8) { code(0xB0, value, 0xE6, port) }

    /// OUT to any port.
    mutating func out(at port: UInt16, _ value: UInt8) {
        mov(.dx, port)
        code(0xB0, value, 0xEE)
    }

    /// Writes an OPL register as programs do, with reads of the status for time.
    mutating func fm(_ register: UInt8, _ value: UInt8, at port: UInt16 = 0x388) {
        out(at: port, register)
        for _ in 0..<6 { code(0xEC) }
        mov(.dx, port + 1)
        code(0xB0, value, 0xEE)
        mov(.dx, port)
        for _ in 0..<36 { code(0xEC) }
    }

    /// A sine of 440 Hz on the first voice.
    mutating func fmTone(at port: UInt16 = 0x388) {
        let registers: [(UInt8, UInt8)] = [
            (0x20, 0x21), (0x40, 0x3F), (0x60, 0xF0), (0x80, 0x00), (0x23, 0x21), (0x43, 0x00), (0x63, 0xF0),
            (0x83, 0x00), (0xC0, 0x31), (0xA0, 0x44), (0xB0, 0x32),
        ]
        for (register, value) in registers { fm(register, value, at: port) }
    }

    /// Counter 2 of the timer as a square wave, and the loudspeaker on.
    mutating func speakerTone(divisor: UInt16) {
        out(0x43, 0xB6)
        out(0x42, UInt8(truncatingIfNeeded: divisor))
        out(0x42, UInt8(divisor >> 8))
        code(0xE4, 0x61, 0x0C, 0x03, 0xE6, 0x61)
    }

    /// HLT for ever.
    mutating func sleep() {
        label("sleep")
        code(0xF4)
        jump(0xEB, "sleep")
    }
}

/// A machine that runs one program, and is listened to.
final class SoundRun {
    let machine: PersonalComputer
    private(set) var samples: [Int16] = []

    /// - Parameter rate: nil: nobody listens.
    init(
        _ sound: SoundConfiguration, rate: Int? = 48_000, profile: MachineProfile = .small,
        isFiltering: Bool = false, files: [String: [UInt8]] = [:], _ program: (inout Assembly) -> Void
    ) throws {
        let drive = MemoryVolume(clock: StoppedFileClock(), chunkID: ChunkID("VOLC"))
        try drive.load(["A.COM": Assembly(program).assembled()].merging(files) { first, _ in first })
        var configuration = MachineConfiguration()
        configuration.profile = profile
        configuration.profile.sound = sound
        configuration.drives = [(letter: 2, volume: drive)]
        configuration.startup = [.program(path: Array("C:\\A.COM".utf8), tail: [])]
        configuration.soundVolumes.isFiltering = isFiltering
        machine = PersonalComputer(configuration)
        if let rate { machine.startListening(rate: rate) }
    }

    /// Runs on to `end`, in slices, and keeps what is heard.
    @discardableResult
    func run(until end: Tick, slice: Tick = .milliseconds(20)) -> MachineStop {
        var stop = MachineStop.deadline
        while machine.now < end {
            stop = machine.run(until: min(machine.now + slice, end))
            if let block = machine.takeAudio() { samples += block.samples }
            switch stop {
            case .exited, .stopped, .needsInput: return stop
            default: break
            }
        }
        return stop
    }

    /// The last frames, as many as a spectrum takes.
    func left(_ count: Int = 32_768) -> [Double] { side(0, count) }
    func right(_ count: Int = 32_768) -> [Double] { side(1, count) }

    private func side(_ offset: Int, _ count: Int) -> [Double] {
        stride(from: max(samples.count - 2 * count, 0) + offset, to: samples.count, by: 2).map { Double(samples[$0]) }
    }

    func spectrum(_ samples: [Double]) -> Spectrum { Spectrum(samples, rate: machine.audioRate ?? 48_000) }
}
