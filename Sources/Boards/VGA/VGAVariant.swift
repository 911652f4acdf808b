import Core

/// Which of IBM's two planar adapters a board is, with what is fitted to it.
public enum VGAVariant: Hashable, Sendable {
    /// Video graphics array: 256 KB, analogue colours by a DAC, registers that can be read.
    case vga
    /// The VGA with 1 MB and the display interface of Bochs, for modes beyond IBM's.
    case superVGA
    /// Enhanced graphics adapter.
    case ega(EGAFitting)

    var isEGA: Bool {
        if case .ega = self { true } else { false }
    }

    var kilobytes: Int {
        switch self {
        case .vga: 256
        case .superVGA: 1_024
        case .ega(let fitting): fitting.kilobytes
        }
    }

    /// Dot clocks by the two clock select bits of the miscellaneous output register.
    var clocks: [(hertz: Int64, over: Int64)] {
        switch self {
        // The third is the feature connector's and the fourth reserved: what a board without them runs on.
        case .vga, .superVGA: [(25_175_000, 1), (28_322_000, 1), (25_175_000, 1), (25_175_000, 1)]
        case .ega: [(315_000_000, 22), (16_257_000, 1), (315_000_000, 22), (315_000_000, 22)]
        }
    }

    /// Character clocks by clock select, eight-dot characters (bit 2) and halved dot clock (bit 3).
    var characterClocks: [ClockRatio] {
        (0..<16).map { setting in
            let dot = clocks[setting & 3]
            return ClockRatio(
                hertz: dot.hertz, over: dot.over * (setting & 4 == 0 ? 9 : 8) * (setting & 8 == 0 ? 1 : 2))
        }
    }

    /// Dots of the full width of a monitor's picture, before halving. The VGA's is 25.42 microseconds wide.
    func fullWidth(clockSelect: Int) -> Int {
        switch self {
        case .vga, .superVGA: Int((clocks[clockSelect].hertz * 2_542 + 50_000_000) / 100_000_000)
        case .ega(let fitting): fitting.monitor == .monochrome ? 720 : 640
        }
    }
}

/// The memory of an EGA and the monitor on it.
public struct EGAFitting: Hashable, Sendable {
    public enum Monitor: UInt8, CaseIterable, Sendable {
        /// 200 lines, 16 colours.
        case color
        /// 200 and 350 lines, 64 colours.
        case enhancedColor
        /// The MDA's, 350 lines.
        case monochrome
    }

    /// 64, 128 or 256 KB.
    public var kilobytes = 256
    public var monitor = Monitor.enhancedColor

    public init(kilobytes: Int = 256, monitor: Monitor = .enhancedColor) {
        (self.kilobytes, self.monitor) = (kilobytes, monitor)
    }

    /// The four DIP switches as the BIOS reads them, primary display. Source: [IBM EGA] "Switch settings".
    public var switches: UInt8 {
        switch monitor {
        case .color: 0b1000
        case .enhancedColor: 0b1001
        case .monochrome: 0b1011
        }
    }
}
