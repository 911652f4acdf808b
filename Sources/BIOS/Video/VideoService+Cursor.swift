import Core
import X86

/// Cursor emulation: what the EGA and the VGA make of shapes for characters of 8 lines.
///
/// Source: the ROMs of [IBM EGA] and [IBM VGA], AH=01h.
extension VideoService {
    /// The CRTC's registers 0Ah and 0Bh for a shape. Bit 0 of 0040:0087 switches the emulation off.
    func emulated(_ shape: UInt16, _ data: BIOSDataArea) -> UInt16 {
        // Off: where no line of a character is.
        if shape & 0x6000 == 0x2000 { return 0x1E00 }
        guard data[.videoInfo] & 1 == 0 else { return shape }
        if !isVGA { return shapeEGA(shape, data) }
        let mode = data[.videoMode] & 0x7F
        return mode <= 3 || mode == 7
            ? shapeVGA(shape, height: UInt8(truncatingIfNeeded: data[.characterHeight])) : shape
    }

    /// The EGA does not scale, but moves lines from 5 on down by 5 in the text modes of the enhanced monitor, whatever font
    /// is loaded. Its cursor ends before its last line: one is counted on, and 0 stands for the end of the character.
    private func shapeEGA(_ shape: UInt16, _ data: BIOSDataArea) -> UInt16 {
        var (first, last) = (UInt8(shape >> 8), UInt8(truncatingIfNeeded: shape))
        if lines(data) == .lines350, data[.videoMode] & 0x7F <= 3 {
            if first > 4 { first &+= 5 }
            if last > 4 { last &+= 5 }
        }
        last &+= 1
        if first != 0, last >= UInt8(truncatingIfNeeded: data[.characterHeight]) { last = 0 }
        // The chip would show a cursor of one line.
        if last &- first == 0x10 { last &+= 1 }
        return UInt16(first) << 8 | UInt16(last)
    }

    /// An underline goes to the bottom, one line above it in characters of 14 lines and more; half a block begins in the
    /// middle, a whole one ends at the bottom. Shapes that already fit the height stay.
    private func shapeVGA(_ shape: UInt16, height: UInt8) -> UInt16 {
        guard shape & 0xE0E0 == 0 else { return shape }
        var (first, last) = (UInt8(shape >> 8), UInt8(truncatingIfNeeded: shape))
        let bottom = height &- 1
        if last < first {
            // It goes round on a 6845, and is a whole block here.
            if last != 0 { (first, last) = (last, bottom) }
        } else if (first | last) < height, last == bottom || first == height &- 2 {
            return shape
        } else if last > 3 {
            if first + 2 >= last {
                (first, last) = (first &- last &+ bottom, bottom)
                if height >= 14 { (first, last) = (first &- 1, last &- 1) }
            } else {
                first = first > 2 ? height / 2 : first
                last = bottom
            }
        }
        return UInt16(first) << 8 | UInt16(last)
    }
}
