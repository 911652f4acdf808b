import Core

/// The display interface of Bochs ("DISPI"), version 2, as a part of a VGA with more memory: it switches to modes with one
/// byte a pixel in one piece of memory, or with four planes, of any width and height up to 1024 by 768.
///
/// Registers of 16 bits behind an index: identification, width, height, bits per pixel, enable, bank, virtual width and
/// height, offsets of the displayed part. Width, height and depth can be changed while it is off.
///
/// Source: [DISPI]. Memory size (register 0Ah) and capabilities (enable, bit 1) are those of version 5 and 3; a DAC of eight
/// bits and the linear frame buffer are not there.
public struct BochsDisplayInterface: StateValue {
    public enum Register: UInt16, CaseIterable, Sendable {
        case identification, width, height, depth, enable, bank, virtualWidth, virtualHeight, xOffset, yOffset
        case memory
    }

    public static let largestWidth: UInt16 = 1_024
    public static let largestHeight: UInt16 = 768
    /// Bytes of a bank in packed modes, offsets in planar ones.
    public static let bankSize = 0x1_0000

    /// The number of the register that the data port reaches.
    public var index: UInt16 = 0
    private var registers: [UInt16] = [0xB0C0, 640, 480, 8, 0, 0, 640, 480, 0, 0]

    public init() {}

    private subscript(_ register: Register) -> UInt16 {
        get { registers[Int(register.rawValue)] }
        set { registers[Int(register.rawValue)] = newValue }
    }

    public var isEnabled: Bool { self[.enable] & 1 != 0 }
    /// One byte a pixel; otherwise four planes.
    public var isPacked: Bool { self[.depth] == 8 }
    /// Dots of a line, a multiple of 8.
    public var width: Int { Int(self[.width]) }
    public var height: Int { Int(self[.height]) }
    /// Dots from one line to the next, a multiple of 8.
    public var pitch: Int { Int(self[.virtualWidth]) }
    public var xOffset: Int { Int(self[.xOffset]) }
    public var yOffset: Int { Int(self[.yOffset]) }
    /// Where the processor's window begins, in bytes (packed) or offsets (planar).
    public var bankStart: Int { Int(self[.bank]) * BochsDisplayInterface.bankSize }

    private func dotsOfMemory(_ kilobytes: Int) -> Int { kilobytes * 1_024 * (isPacked ? 1 : 2) }

    /// A write to the data port moves the processor's window and nothing that is displayed.
    public var reachesBank: Bool { index == Register.bank.rawValue }

    /// What the data port gives, on a board with `kilobytes` of memory.
    public func read(kilobytes: Int) -> UInt16 {
        guard let register = Register(rawValue: index) else { return 0 }
        let givesCapabilities = self[.enable] & 2 != 0
        return switch register {
        case .width where givesCapabilities: BochsDisplayInterface.largestWidth
        case .height where givesCapabilities: BochsDisplayInterface.largestHeight
        case .depth where givesCapabilities: 8
        case .memory: UInt16(clamping: kilobytes / 64)
        default: self[register]
        }
    }

    /// Writes the register of the index. What it cannot be is not taken. True: memory is to be cleared.
    public mutating func write(_ value: UInt16, kilobytes: Int) -> Bool {
        guard let register = Register(rawValue: index) else { return false }
        switch register {
        case .identification:
            if (0xB0C0...0xB0C2).contains(value) { self[.identification] = value }
        case .width where !isEnabled:
            if (8...BochsDisplayInterface.largestWidth).contains(value), value % 8 == 0 { self[.width] = value }
        case .height where !isEnabled:
            if (1...BochsDisplayInterface.largestHeight).contains(value) { self[.height] = value }
        case .depth where !isEnabled:
            if [0, 4, 8].contains(value) { self[.depth] = value == 0 ? 8 : value }
        case .enable: return enable(value, kilobytes)
        case .bank:
            let banks = UInt16(clamping: kilobytes / 64 / (isPacked ? 1 : 4))
            if value < banks { self[.bank] = value }
        case .virtualWidth where isEnabled: setPitch(Int(value), kilobytes)
        case .xOffset: self[.xOffset] = value
        case .yOffset: self[.yOffset] = value
        case .width, .height, .depth, .virtualWidth, .virtualHeight, .memory: break
        }
        return false
    }

    private mutating func enable(_ value: UInt16, _ kilobytes: Int) -> Bool {
        let wasEnabled = isEnabled
        guard value & 1 != 0, width * height <= dotsOfMemory(kilobytes) else {
            self[.enable] = value & 0b10
            return false
        }
        self[.enable] = value & 0b1000_0011
        guard !wasEnabled else { return false }
        (self[.bank], self[.xOffset], self[.yOffset]) = (0, 0, 0)
        setPitch(width, kilobytes)
        return value & 0b1000_0000 == 0
    }

    /// The nearest that is possible: whole characters, as wide as the picture, and the picture's height fits.
    private mutating func setPitch(_ dots: Int, _ kilobytes: Int) {
        let widest = min(dotsOfMemory(kilobytes) / height, 0x1FF8)
        let pitch = max(min(dots, widest), width) & ~7
        self[.virtualWidth] = UInt16(clamping: pitch)
        self[.virtualHeight] = UInt16(clamping: dotsOfMemory(kilobytes) / pitch)
    }

    public mutating func transfer(_ coder: StateCoder) {
        coder.field("index", &index)
        for register in registers.indices { coder.field("register \(register)", &registers[register]) }
        guard coder.direction == .load else { return }
        let isPossible =
            (8...Int(BochsDisplayInterface.largestWidth)).contains(width) && width % 8 == 0
            && (1...Int(BochsDisplayInterface.largestHeight)).contains(height) && pitch % 8 == 0 && pitch > 0
            && (self[.depth] == 8 || self[.depth] == 4) && self[.bank] < 16
        if !isPossible {
            coder.fail("there is no such mode of the display interface")
            self = BochsDisplayInterface()
        }
    }
}
