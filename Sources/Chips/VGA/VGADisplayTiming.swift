import Core

/// Line and frame of a monitor's mode for pictures that IBM's registers do not make, in characters of eight dots.
///
/// Source: [DMT] 640x400 at 70 Hz as IBM's; 640x480, 800x600 and 1024x768 at 60 Hz.
public struct VGADisplayTiming: Hashable, Sendable {
    /// The largest picture.
    public let width: Int
    public let height: Int
    /// Of the dot clock.
    public let hertz: Int64
    public let columns: Int
    public let lines: Int
    public let retraceStart: Int
    public let retraceLength: Int

    public static let all = [
        VGADisplayTiming(
            width: 640, height: 400, hertz: 25_175_000, columns: 100, lines: 449, retraceStart: 412, retraceLength: 2),
        VGADisplayTiming(
            width: 640, height: 480, hertz: 25_175_000, columns: 100, lines: 525, retraceStart: 490, retraceLength: 2),
        VGADisplayTiming(
            width: 800, height: 600, hertz: 40_000_000, columns: 132, lines: 628, retraceStart: 601, retraceLength: 4),
        VGADisplayTiming(
            width: 1_024, height: 768, hertz: 65_000_000, columns: 168, lines: 806, retraceStart: 771, retraceLength: 6),
    ]

    /// The place in `all` of the first that is large enough.
    public static func index(for display: BochsDisplayInterface) -> Int {
        all.firstIndex { display.width <= $0.width && display.height <= $0.height } ?? all.count - 1
    }
}
