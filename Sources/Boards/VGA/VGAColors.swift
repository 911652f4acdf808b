import Chips

/// The colours of pixels, from the attribute controller to the monitor.
extension VGAAdapter {
    /// 16 colours of pixels of four bits, then 256 of eight, as 00RRGGBBh.
    func fillColors(_ colors: UnsafeMutablePointer<UInt32>, isBlinkPhase: Bool) {
        fillColors(colors, isBlinkPhase: isBlinkPhase) { shown($0) }
    }

    /// The same as `value` makes it of the attribute controller's output.
    func fillColors(_ colors: UnsafeMutablePointer<UInt32>, isBlinkPhase: Bool, _ value: (UInt8) -> UInt32) {
        let attributes = state.attributes
        for pixel in 0..<16 { colors[pixel] = value(attributes.color(pixel, isBlinkPhase: isBlinkPhase)) }
        let wide = colors + 16
        for pixel in 0..<256 {
            // Both nibbles go through the palette.
            let number = attributes.color(pixel >> 4) << 4 | attributes.color(pixel & 15) & 15
            wide[pixel] = value(isExtended ? UInt8(pixel) : number)
        }
    }

    /// The colour of an attribute controller's output.
    func shown(_ number: UInt8) -> UInt32 {
        switch variant {
        case .vga, .superVGA: state.dac.color(number & state.dac.mask)
        case .ega(let fitting): VGAAdapter.color(number, on: fitting.monitor, isHigh: state.miscellaneous & 0x80 != 0)
        }
    }

    /// Six lines of the EGA on a monitor. With 200 lines colour monitors have the CGA's 16 colours.
    ///
    /// Source: [IBM EGA] "Direct drive connector"; IBM 5154 Enhanced Color Display: 64 colours with the vertical sync
    /// negative.
    private static func color(_ number: UInt8, on monitor: EGAFitting.Monitor, isHigh: Bool) -> UInt32 {
        func bit(_ bit: Int) -> UInt32 { UInt32(number >> UInt8(bit) & 1) }
        if monitor == .monochrome {
            // Video and intensity.
            let level: UInt32 = [0x00, 0xAA, 0x55, 0xFF][Int(bit(3) | bit(4) << 1)]
            return level << 16 | level << 8 | level
        }
        if monitor == .enhancedColor, isHigh {
            func level(_ high: Int, _ low: Int) -> UInt32 { bit(high) * 0xAA + bit(low) * 0x55 }
            return level(2, 5) << 16 | level(1, 4) << 8 | level(0, 3)
        }
        // Dark yellow is shown as brown.
        if number & 0b1_0111 == 0b0_0110 { return 0xAA_5500 }
        func level(_ color: Int) -> UInt32 { bit(color) * 0xAA + bit(4) * 0x55 }
        return level(2) << 16 | level(1) << 8 | level(0)
    }
}
