/// Bits and pixels of video memory as dots, eight at a time: the leftmost dot in the lowest byte.
enum DotPatterns {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Eight dots, FFh for each bit that is 1. Bit 7 is at the left.
    @inline(__always) static func mask(_ bits: UInt8) -> UInt64 {
        spread((UInt64(bits) &* ones) & 0x0102_0408_1020_4080)
    }

    /// The four bits of `bits`, bit 3 at the left, as two dots each.
    @inline(__always) static func doubledMask(_ bits: UInt8) -> UInt64 {
        spread((UInt64(bits & 15) &* ones) & 0x0101_0202_0404_0808)
    }

    /// FFh for each byte that is not 0. No byte is above 80h.
    @inline(__always) private static func spread(_ bytes: UInt64) -> UInt64 {
        (((bytes &+ 0x7F7F_7F7F_7F7F_7F7F) &>> 7) & ones) &* 0xFF
    }

    /// `foreground` where the mask is set, else `background`.
    @inline(__always) static func blend(_ mask: UInt64, _ foreground: UInt8, _ background: UInt8) -> UInt64 {
        (mask & (UInt64(foreground) &* ones)) | (~mask & (UInt64(background) &* ones))
    }

    /// Four pixels of two bits as two dots each. `colors` has the dots of pixel values 0 to 3 in its bytes.
    @inline(__always) static func doubledPairs(_ byte: UInt8, _ colors: UInt32) -> UInt64 {
        var result: UInt64 = 0
        for pixel in 0..<4 {
            let value = UInt32(byte) &>> UInt32(6 &- 2 &* pixel) & 3
            result |= UInt64((colors &>> (value &* 8)) & 0xFF) &* 0x0101 &<< UInt64(16 &* pixel)
        }
        return result
    }

    /// Four pixels of two bits as one dot each.
    @inline(__always) static func pairs(_ byte: UInt8, _ colors: UInt32) -> UInt32 {
        var result: UInt32 = 0
        for pixel in 0..<4 {
            let value = UInt32(byte) &>> UInt32(6 &- 2 &* pixel) & 3
            result |= ((colors &>> (value &* 8)) & 0xFF) &<< UInt32(8 &* pixel)
        }
        return result
    }

    @inline(__always) static func store(_ dots: UInt64, _ place: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(place).storeBytes(of: dots.littleEndian, as: UInt64.self)
    }

    @inline(__always) static func store(_ dots: UInt32, _ place: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(place).storeBytes(of: dots.littleEndian, as: UInt32.self)
    }
}
