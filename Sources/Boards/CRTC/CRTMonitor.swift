import Core

/// What a monitor makes of the sync pulses that it is sent.
///
/// Its oscillators follow pulses that come near their own frequencies. A pulse that comes too early is not taken; when
/// none comes, the beam flies back by itself. So any registers give lines and frames of a bounded size.
///
/// Assumption: the limits, which differ between monitors. A program whose picture stands on a real monitor and rolls
/// here would disprove them.
struct MonitorTiming: Sendable {
    /// Dots of a line before which a pulse is not taken, and after which the beam flies back.
    var dots: ClosedRange<Int>
    /// Likewise lines of a frame.
    var lines: ClosedRange<Int>
    /// Size of the picture when nothing is displayed.
    var width: Int
    var height: Int
    /// What is seen with the border: dots from the beginning of the horizontal pulse, lines from that of the vertical one.
    /// The usual picture is in its middle.
    var visibleDots: Range<Int>
    var visibleLines: Range<Int>
    var dotAspect: Frame.Aspect

    /// IBM's 5153 and other monitors of 15.7 kHz: 912 dots of 14.318 MHz, 262 lines.
    static let color = MonitorTiming(
        dots: 456...1_140, lines: 131...314, width: 640, height: 200, visibleDots: 160..<864, visibleLines: 26..<250,
        dotAspect: Frame.Aspect(5, 12))
    /// IBM's 5151: 882 dots of 16.257 MHz, 370 lines, 50 Hz.
    static let monochrome = MonitorTiming(
        dots: 441...1_104, lines: 185...444, width: 720, height: 350, visibleDots: 126..<882, visibleLines: 10..<380,
        dotAspect: Frame.Aspect(35, 54))

    /// More dots than any character has, behind the longest line.
    static let slack = 32
}

/// Where the monitor's beam is.
struct MonitorBeam: Hashable {
    /// Dots from the beginning of the line, lines from the beginning of the frame.
    private(set) var x = 0
    private(set) var y = 0
    private var wasHorizontalSync = false
    private var wasVerticalSync = false
    /// It takes the next vertical pulse, whenever that comes.
    private var isWaiting = false

    enum Event { case none, line, frame }

    /// `dots` have passed, and these are the sync signals now.
    mutating func move(_ dots: Int, isHorizontalSync: Bool, isVerticalSync: Bool, _ timing: MonitorTiming) -> Event {
        x &+= dots
        var event = Event.none
        let isPulse = isHorizontalSync && !wasHorizontalSync && x >= timing.dots.lowerBound
        if isPulse || x >= timing.dots.upperBound {
            x = isPulse ? 0 : x &- timing.dots.upperBound
            y &+= 1
            event = .line
        }
        let isFramePulse = isVerticalSync && !wasVerticalSync && (isWaiting || y >= timing.lines.lowerBound)
        if isFramePulse || y >= timing.lines.upperBound {
            y = 0
            isWaiting = false
            event = .frame
        }
        (wasHorizontalSync, wasVerticalSync) = (isHorizontalSync, isVerticalSync)
        return event
    }

    /// A beam that takes the next vertical pulse, whenever it comes.
    static func waiting(isHorizontalSync: Bool, isVerticalSync: Bool) -> MonitorBeam {
        var beam = MonitorBeam()
        (beam.wasHorizontalSync, beam.wasVerticalSync) = (isHorizontalSync, isVerticalSync)
        beam.isWaiting = true
        return beam
    }
}
