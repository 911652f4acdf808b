import Core
import Glibc

/// A capture of sound chips' registers as a VGM file, version 1.71: commands for each chip, and waits in samples of
/// 44,100 Hz.
///
/// Source: [VGM].
public final class VGMFile: RegisterFile {
    /// How the noise of an SN76489 is made.
    public struct Noise: Hashable, Sendable {
        /// The taps of the shift register, and its bits.
        public var feedback: Int
        public var width: Int

        /// SN76489AN of the PCjr: 15 bits and two behind them.
        public static let texas = Noise(feedback: 0b1100, width: 17)
        /// NCR 8496 of the Tandy 1000.
        public static let ncr = Noise(feedback: 0b10_0010, width: 16)

        public init(feedback: Int, width: Int) { (self.feedback, self.width) = (feedback, width) }
    }

    private let file: OutputFile
    private let noise: Noise
    private let sizeLimit: Int
    private var clock = FileClock(rate: 44_100)
    private var seen: Set<SoundChip> = []
    private var isCut = false

    private static let headerSize = 256
    /// Bit 30 of a chip's clock: there are two.
    private static let two = 1 << 30

    /// Makes the file, or throws a line that says why not.
    /// - Parameter noise: of the machine's SN76489, if it has one.
    public convenience init(path: String, noise: Noise) throws(SoundFileError) {
        try self.init(path: path, noise: noise, sizeLimit: 0xFFFF_FF00)
    }

    init(path: String, noise: Noise, sizeLimit: Int) throws(SoundFileError) {
        guard let file = OutputFile(path: path) else {
            throw SoundFileError("\(path): \(String(cString: strerror(errno)))")
        }
        (self.file, self.noise, self.sizeLimit) = (file, noise, sizeLimit)
        file.append(header)
    }

    public func soundRegisterDidChange(_ register: Int, to value: UInt8, of chip: SoundChip, at now: Tick) {
        wait(until: now)
        seen.insert(chip)
        let number = UInt8(truncatingIfNeeded: register)
        switch chip {
        case .opl2: append([0x5A, number, value])
        case .secondOPL2: append([0xAA, number, value])
        case .opl3: append([register & 0x100 == 0 ? 0x5E : 0x5F, number, value])
        case .sn76489: append([0x50, value])
        case .saa1099: append([0xBD, number & 0x7F, value])
        case .secondSAA1099: append([0xBD, number & 0x7F | 0x80, value])
        }
    }

    public func finish(at now: Tick) -> String? {
        if !seen.isEmpty { wait(until: now) }
        file.append([0x66])
        file.replace(at: 0, with: header)
        if let message = file.close() { return message }
        return isCut ? "\(file.path): the recording is cut; the format takes no more" : nil
    }

    private func append(_ command: [UInt8]) {
        if file.size + command.count >= sizeLimit { isCut = true }
        if !isCut { file.append(command) }
    }

    private func wait(until time: Tick) {
        var samples = clock.units(to: time)
        while samples > 0, !isCut {
            let count = min(samples, 0xFFFF)
            if count <= 16 {
                append([0x70 + UInt8(count - 1)])
            } else {
                append([0x61, UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8)])
            }
            samples -= count
        }
    }

    private var header: [UInt8] {
        var out = RIFFBytes()
        func set(_ place: Int, _ fill: (inout RIFFBytes) -> Void) {
            out.zeros(place - out.bytes.count)
            fill(&out)
        }
        let crystal = 14_318_180
        let hasTandy = seen.contains(.sn76489)
        set(0x00) { $0.tag("Vgm ") }
        set(0x04) { $0.word(file.size - 4) }
        set(0x08) { $0.word(0x171) }
        set(0x0C) { $0.word(hasTandy ? crystal / 4 : 0) }
        set(0x18) { $0.word(Int(min(clock.total, 0xFFFF_FFFF))) }
        set(0x28) {
            $0.half(hasTandy ? noise.feedback : 0)
            // A tone of 0 counts as 1,024; one speaker.
            $0.bytes += hasTandy ? [UInt8(truncatingIfNeeded: noise.width), 0b101] : [0, 0]
        }
        set(0x34) { $0.word(VGMFile.headerSize - 0x34) }
        set(0x50) { $0.word(clock(of: .opl2, .secondOPL2, crystal / 4)) }
        set(0x5C) { $0.word(seen.contains(.opl3) ? crystal : 0) }
        set(0xC8) { $0.word(clock(of: .saa1099, .secondSAA1099, crystal / 2)) }
        set(VGMFile.headerSize) { _ in }
        return out.bytes
    }

    private func clock(of chip: SoundChip, _ second: SoundChip, _ hertz: Int) -> Int {
        if seen.contains(second) { return hertz | VGMFile.two }
        return seen.contains(chip) ? hertz : 0
    }
}
