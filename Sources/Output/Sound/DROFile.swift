import Core
import Glibc

/// A capture of OPL registers in the form that players know as DRO 2.0: pairs of register and value, and delays in
/// milliseconds.
///
/// Registers stand as numbers of a list at the beginning of the file. The list here is the same in every file: all
/// registers that make sound. Bit 7 of a number is the second chip or the second half of an OPL3.
///
/// Source: [DRO].
public final class DROFile: RegisterFile {
    private let file: OutputFile
    private var clock = FileClock(rate: 1_000)
    private var pairs = 0
    private var seen: Set<Hardware> = []

    private enum Hardware: UInt8 { case opl2, dualOPL2, opl3 }

    /// The sizes in the header are 32 bits.
    private static let pairLimit = 0x7FFF_FFFF

    /// Registers 02h to 04h of the first half are timers and silent; 104h is in the second half.
    static let codeMap: [UInt8] = {
        var map: [UInt8] = [0x01, 0x04, 0x05, 0x08, 0xBD]
        for group in [0x20, 0x40, 0x60, 0x80, 0xE0] {
            for place in 0..<22 where place % 8 < 6 { map.append(UInt8(group + place)) }
        }
        for group in [0xA0, 0xB0, 0xC0] { for voice in 0..<9 { map.append(UInt8(group + voice)) } }
        return map
    }()
    private static let numbers: [UInt8?] = (0..<256).map { register in
        codeMap.firstIndex(of: UInt8(register)).map { UInt8($0) }
    }
    private static let shortDelay = UInt8(codeMap.count)
    private static let longDelay = UInt8(codeMap.count + 1)

    /// Makes the file, or throws a line that says why not.
    public init(path: String) throws(SoundFileError) {
        guard let file = OutputFile(path: path) else {
            throw SoundFileError("\(path): \(String(cString: strerror(errno)))")
        }
        self.file = file
        file.append(header)
    }

    public func soundRegisterDidChange(_ register: Int, to value: UInt8, of chip: SoundChip, at now: Tick) {
        let isHigh: Bool
        switch chip {
        case .opl2: isHigh = false
        case .secondOPL2: isHigh = true
        case .opl3: isHigh = register & 0x100 != 0
        case .sn76489, .saa1099, .secondSAA1099: return
        }
        guard let number = DROFile.numbers[register & 0xFF], register & 0xFF != 4 || isHigh else { return }
        wait(until: now)
        seen.insert(chip == .opl3 ? .opl3 : isHigh ? .dualOPL2 : .opl2)
        append(number | (isHigh ? 0x80 : 0), value)
    }

    public func finish(at now: Tick) -> String? {
        if pairs > 0 { wait(until: now) }
        file.replace(at: 0, with: header)
        if let message = file.close() { return message }
        return pairs < DROFile.pairLimit ? nil : "\(file.path): the recording is cut; the format takes no more"
    }

    private func append(_ code: UInt8, _ value: UInt8) {
        guard pairs < DROFile.pairLimit else { return }
        file.append([code, value])
        pairs += 1
    }

    private func wait(until time: Tick) {
        var delay = clock.units(to: time)
        while delay >= 256 {
            let count = min(delay >> 8, 256)
            append(DROFile.longDelay, UInt8(count - 1))
            delay -= count << 8
        }
        if delay > 0 { append(DROFile.shortDelay, UInt8(delay - 1)) }
    }

    private var header: [UInt8] {
        let hardware: Hardware = seen.contains(.opl3) ? .opl3 : seen.contains(.dualOPL2) ? .dualOPL2 : .opl2
        var out = RIFFBytes()
        out.tag("DBRAWOPL")
        out.half(2)  // version 2.0
        out.half(0)
        out.word(pairs)
        out.word(Int(min(clock.total, 0xFFFF_FFFF)))
        // The kind of hardware; pairs are interleaved; not compressed.
        out.bytes += [hardware.rawValue, 0, 0, DROFile.shortDelay, DROFile.longDelay, UInt8(DROFile.codeMap.count)]
        out.bytes += DROFile.codeMap
        return out.bytes
    }
}
