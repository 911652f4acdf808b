import Core

/// INMOS IMSG171: the VGA's DAC, 256 colours of three six-bit components.
///
/// A colour is read or written through a buffer, and the address moves on when the buffer is filled or taken.
///
/// Source: INMOS IMSG171 data sheet; [IBM VGA] "Video digital-to-analog converter".
public struct INMOSIMSG171: StateValue {
    public var mask: UInt8 = 0xFF
    public private(set) var address: UInt8 = 0
    public private(set) var isReading = false
    private var position: UInt8 = 0
    private var buffer: [UInt8] = [0, 0, 0]
    /// Red, green, blue of each colour, 0-63.
    public private(set) var colors = INMOSIMSG171.textColors

    public init() {}

    /// The 64 colours of the EGA, which IBM's BIOS loads for text modes. Bits of a number: RGB at 1/3, RGB at 2/3.
    private static let textColors: [UInt8] = {
        var colors = [UInt8](repeating: 0, count: 768)
        for number in 0..<64 {
            for component in 0..<3 {
                let bright = number >> (2 - component) & 1
                let dim = number >> (5 - component) & 1
                colors[number * 3 + component] = UInt8(bright * 42 + dim * 21)
            }
        }
        return colors
    }()

    /// What the data port gives now.
    public var component: UInt8 { buffer[Int(position % 3)] }

    /// Colour `number` as 00RRGGBBh, six bits stretched to eight.
    public func color(_ number: UInt8) -> UInt32 {
        let first = Int(number) * 3
        func level(_ component: Int) -> UInt32 {
            let value = UInt32(colors[first + component] & 63)
            return value << 2 | value >> 4
        }
        return level(0) << 16 | level(1) << 8 | level(2)
    }

    public mutating func beginReading(at index: UInt8) {
        address = index
        isReading = true
        position = 0
        fetch()
    }

    public mutating func beginWriting(at index: UInt8) {
        address = index
        isReading = false
        position = 0
    }

    public mutating func didRead() {
        position = (position + 1) % 3
        if position == 0 { fetch() }
    }

    /// True when the next write completes a colour.
    public var completesColor: Bool { position == 2 }

    public mutating func write(_ value: UInt8) {
        buffer[Int(position % 3)] = value & 0x3F
        position = (position + 1) % 3
        guard position == 0 else { return }
        for component in 0..<3 { colors[Int(address) * 3 + component] = buffer[component] }
        address = address &+ 1
    }

    private mutating func fetch() {
        for component in 0..<3 { buffer[component] = colors[Int(address) * 3 + component] }
        address = address &+ 1
    }

    public mutating func transfer(_ coder: StateCoder) {
        coder.field("mask", &mask)
        coder.field("address", &address)
        coder.field("isReading", &isReading)
        coder.field("position", &position)
        buffer.withUnsafeMutableBytes { coder.memory("buffer", $0) }
        colors.withUnsafeMutableBytes { coder.memory("colors", $0) }
        position %= 3
    }
}
