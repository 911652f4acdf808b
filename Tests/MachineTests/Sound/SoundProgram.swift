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

    /// Auto-initialised DMA of one period of a sine, 64 samples of 50 us.
    mutating func dmaTone() {
        // The linear address of the wave, page in CH.
        code(0x8C, 0xD8)  // MOV AX, DS
        code(0xB1, 0x04, 0xD3, 0xC0)  // MOV CL, 4; ROL AX, CL
        code(0x88, 0xC5, 0x80, 0xE5, 0x0F)  // MOV CH, AL; AND CH, 0Fh
        code(0x24, 0xF0)  // AND AL, F0h
        mov(.bx, "wave")
        code(0x01, 0xD8, 0x80, 0xD5, 0x00)  // ADD AX, BX; ADC CH, 0
        code(0x89, 0xC3)  // MOV BX, AX
        out(0x0A, 0x05)
        out(0x0C, 0x00)
        out(0x0B, 0x59)
        code(0x88, 0xD8, 0xE6, 0x02, 0x88, 0xF8, 0xE6, 0x02)  // MOV AL, BL; OUT 2; MOV AL, BH; OUT 2
        code(0x88, 0xE8, 0xE6, 0x83)  // MOV AL, CH; OUT 83h
        out(0x03, 63)
        out(0x03, 0)
        out(0x0A, 0x01)
        for byte: UInt8 in [0xD1, 0x40, 206, 0x48, 63, 0, 0x1C] {
            mov(.dx, 0x22C)
            // Wait until bit 7 is clear: IN AL, DX; OR AL, AL; JS.
            code(0xEC, 0x08, 0xC0, 0x78, 0xFB)
            code(0xB0, byte, 0xEE)
        }
    }

    /// What `dmaTone` plays.
    mutating func waveData() {
        data("wave", (0..<64).map { UInt8(128 + Int((100 * Assembly.sineTable[$0]).rounded())) })
    }

    /// sin(2 pi n / 64), from its sixteenth and the sums of angles.
    static let sineTable: [Double] = {
        var (cosine, sine) = (1.0, 0.0)
        let (stepCosine, stepSine) = (0.995184726672196886, 0.098017140329560602)
        return (0..<64).map { _ in
            defer { (cosine, sine) = (cosine * stepCosine - sine * stepSine, sine * stepCosine + cosine * stepSine) }
            return sine
        }
    }()

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
