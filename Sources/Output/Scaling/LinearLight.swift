import Glibc

/// Between the 8-bit values of a screen and light, which is what adds up.
///
/// Source: [SRGB] the transfer function.
///
/// Its tables are written once, when they are made, and only read afterwards.
final class LinearLight: @unchecked Sendable {
    static let shared = LinearLight()

    /// The largest amount of light.
    static let white = 16_383

    /// The light of each value, 0 to `white`.
    let light: UnsafeMutablePointer<UInt16>
    /// The value of each amount of light.
    let value: UnsafeMutablePointer<UInt8>

    private init() {
        light = .allocate(capacity: 256)
        value = .allocate(capacity: LinearLight.white + 1)
        for code in 0..<256 {
            light[code] = UInt16((LinearLight.light(ofValue: Double(code) / 255) * Double(LinearLight.white)).rounded())
        }
        // Values change in the middle between two amounts.
        var code = 0
        for amount in 0...LinearLight.white {
            while code < 255, amount * 2 > Int(light[code]) + Int(light[code + 1]) { code += 1 }
            value[amount] = UInt8(code)
        }
    }

    deinit {
        light.deallocate()
        value.deallocate()
    }

    /// The transfer function, both sides 0 to 1.
    static func light(ofValue value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    /// The colour whose light is the weighted mean of that of `count` colours. The weights have the sum
    /// `Taps.whole`.
    @inline(__always)
    func mix(_ count: Int, _ color: (Int) -> UInt32, _ weight: (Int) -> Int) -> UInt32 {
        var (red, green, blue) = (0, 0, 0)
        for index in 0..<count {
            let (color, weight) = (color(index), weight(index))
            red &+= Int(light[Int(color >> 16 & 0xFF)]) &* weight
            green &+= Int(light[Int(color >> 8 & 0xFF)]) &* weight
            blue &+= Int(light[Int(color & 0xFF)]) &* weight
        }
        return pack(red &>> Taps.shift, green &>> Taps.shift, blue &>> Taps.shift)
    }

    /// The colour of amounts of light from 0 to `white`, as FFRRGGBBh.
    @inline(__always)
    func pack(_ red: Int, _ green: Int, _ blue: Int) -> UInt32 {
        0xFF00_0000 | UInt32(value[red]) << 16 | UInt32(value[green]) << 8 | UInt32(value[blue])
    }
}
