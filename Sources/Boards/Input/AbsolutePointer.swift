import Chips
import Core

/// A place in the picture, as a window or a terminal tells it, for a machine with a mouse.
///
/// It is this machine's own, like a mouse that also says where it is: the mouse gets the movement from the last place, and
/// the mouse driver reads the place itself with the next report, so that its cursor is where the host's pointer is.
///
/// - Ports: 8E80h 01h while there is a place that was not taken, else 00h; 8E81h to 8E84h X and Y of 65,536 parts of the
///   picture, low byte first. Reading the last takes the place.
/// - Clock, lines: none.
/// - Assumption: the picture is 640 counts wide and 400 high, a screen of 640 by 200 points with the driver's usual ratios.
public final class AbsolutePointer: PortDevice, StateChunk {
    private let mouse: any MouseDevice
    private var x: UInt16 = 0x8000
    private var y: UInt16 = 0x8000
    private var isNew = false

    public static let ports: ClosedRange<UInt16> = 0x8E80...0x8E84

    public init(mouse: any MouseDevice) { self.mouse = mouse }

    public func move(toX x: UInt16, y: UInt16, at now: Tick) {
        func counts(_ old: UInt16, _ new: UInt16, _ size: Int) -> Int16 {
            Int16(Int(new) * size / 0x1_0000 - Int(old) * size / 0x1_0000)
        }
        let (dx, dy) = (counts(self.x, x, 640), counts(self.y, y, 400))
        (self.x, self.y, isNew) = (x, y, true)
        if dx != 0 || dy != 0 { mouse.move(dx: dx, dy: dy, at: now) }
    }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        defer { if port == AbsolutePointer.ports.upperBound { isNew = false } }
        return peekPort(port, at: now)
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port &- AbsolutePointer.ports.lowerBound {
        case 0: isNew ? 1 : 0
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
    }

    public func stateDidRestore() {}
}
