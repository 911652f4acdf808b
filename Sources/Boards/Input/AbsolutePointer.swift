import Chips
import Core

/// A place in the picture, as a window or a terminal tells it, for a machine with a mouse.
///
/// It is this machine's own, like a mouse that also says where it is: the mouse gets the movement from the last place, and
/// the mouse driver reads the place itself with the next report, so that its cursor is where the host's pointer is.
///
/// - Ports: 8E80h bit 0 while there is a place that was not taken, bit 1 if the last movement was to a place; 8E81h to 8E84h
///   X and Y of 65,536 parts of the picture, low byte first. Reading the last takes the place.
/// - Clock, lines: none.
/// - Assumption: the picture is 640 counts wide and 400 high, a screen of 640 by 200 points with the driver's usual ratios.
///   A movement of less than a count is told as one, so that there is a report, and taken back by the next.
public final class AbsolutePointer: PortDevice, StateChunk {
    private let mouse: any MouseDevice
    private var x: UInt16 = 0x8000
    private var y: UInt16 = 0x8000
    private var isNew = false
    /// Where the counts have taken the mouse.
    private var countsX: Int16 = 320
    private var countsY: Int16 = 200
    /// Whether the last movement was to a place.
    private var isAbsolute = false

    public static let ports: ClosedRange<UInt16> = 0x8E80...0x8E84

    public init(mouse: any MouseDevice) { self.mouse = mouse }

    public func move(toX x: UInt16, y: UInt16, at now: Tick) {
        guard (x, y) != (self.x, self.y) || !isAbsolute else { return }
        func counts(_ part: UInt16, _ size: Int) -> Int16 { Int16(Int(part) * size / 0x1_0000) }
        var (dx, dy) = (counts(x, 640) &- countsX, counts(y, 400) &- countsY)
        if dx == 0, dy == 0 { (dx, dy) = (x == self.x ? 0 : 1, x == self.x ? 1 : 0) }
        (countsX, countsY) = (countsX &+ dx, countsY &+ dy)
        (self.x, self.y, isNew, isAbsolute) = (x, y, true, true)
        mouse.move(dx: dx, dy: dy, at: now)
    }

    /// The mouse was moved by counts: from now on the last place says nothing.
    public func move(dx: Int16, dy: Int16, at now: Tick) {
        (isNew, isAbsolute) = (false, false)
        mouse.move(dx: dx, dy: dy, at: now)
    }

    /// The buttons are pressed where the host's pointer is, wherever a program has put its cursor meanwhile.
    public func setButtons(_ buttons: UInt8, at now: Tick) {
        if isAbsolute { isNew = true }
        mouse.setButtons(buttons, at: now)
    }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        defer { if port == AbsolutePointer.ports.upperBound { isNew = false } }
        return peekPort(port, at: now)
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port &- AbsolutePointer.ports.lowerBound {
        case 0: (isNew ? 0b01 : 0) | (isAbsolute ? 0b10 : 0)
        case 1: UInt8(truncatingIfNeeded: x)
        case 2: UInt8(x >> 8)
        case 3: UInt8(truncatingIfNeeded: y)
        default: UInt8(y >> 8)
        }
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {}

    public var chunkID: ChunkID { ChunkID("APTR") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.field("x", &x)
        coder.field("y", &y)
        coder.field("isNew", &isNew)
        coder.field("countsX", &countsX)
        coder.field("countsY", &countsY)
        coder.field("isAbsolute", &isAbsolute)
    }

    public func stateDidRestore() {}
}
