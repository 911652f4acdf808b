import Chips
import Core

/// The display interface of a VGA with 1 MB: its ports, and the memory in banks.
///
/// An index at 1CEh and 16 bits of data at 1CFh. A word at that odd port comes in two bytes, at 1CFh and 1D0h, and takes
/// effect with the second.
extension VGAAdapter {
    var hasDisplayInterface: Bool { variant == .superVGA }
    /// The picture is the display interface's.
    var isExtended: Bool { state.display.isEnabled }

    public func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
        if port == 0x1CE, hasDisplayInterface { return state.display.index }
        return UInt16(readPort(port, at: now)) | UInt16(readPort(port &+ 1, at: now)) << 8
    }

    public func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {
        if port == 0x1CE, hasDisplayInterface { return state.display.index = value }
        writePort(port, UInt8(truncatingIfNeeded: value), at: now)
        writePort(port &+ 1, UInt8(truncatingIfNeeded: value >> 8), at: now)
    }

    func peekDisplay(_ port: UInt16) -> UInt8 {
        let data = state.display.read(kilobytes: variant.kilobytes)
        return switch port {
        case 0x1CE: UInt8(truncatingIfNeeded: state.display.index)
        case 0x1CF: UInt8(truncatingIfNeeded: data)
        default: UInt8(data >> 8)
        }
    }

    func writeDisplay(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port {
        case 0x1CE: state.display.index = UInt16(value)
        case 0x1CF: state.displayLatch = value
        case _ where state.display.reachesBank:
            _ = state.display.write(UInt16(value) << 8 | UInt16(state.displayLatch), kilobytes: variant.kilobytes)
            updateMemory()
        default:
            pictureWillChange(at: now)
            beamWillChange(at: now)
            let wasEnabled = isExtended
            // Plain memory becomes planes before they are cleared or shown in another way.
            if !wasEnabled { synchronise() }
            let data = UInt16(value) << 8 | UInt16(state.displayLatch)
            if state.display.write(data, kilobytes: variant.kilobytes) { planes.clear() }
            beamDidChange(at: now)
            updateMemory()
        }
    }
}
