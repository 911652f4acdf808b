import X86

/// Division as the 80286 does it. The flags say how: DIV tries one subtraction a bit, and notices at the last bit but one
/// that the quotient does not fit; IDIV divides absolute values to the end and then looks.
///
/// Measured: SingleStepTests/80286.
enum Division80286 {
    /// Quotient and remainder, or nil for a divide error. `width` is that of the divisor.
    static func divide(
        _ flags: inout UInt16, _ dividend: UInt32, _ divisor: UInt32, _ width: UInt32
    ) -> (UInt32, UInt32)? {
        guard divisor != 0, (dividend / divisor) >> width == 0 else {
            setOverflow(&flags, dividend, divisor, width)
            return nil
        }
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        // The last step adds the divisor back, or would carry if it did.
        let carry = quotient & 1 == 0 || (remainder &+ divisor) >> width != 0
        Arithmetic80286.set(
            &flags, result: remainder, width: width, carry: carry, overflow: carry, auxiliary: true)
        return (quotient, remainder)
    }

    /// The flags of DIV (and AAM) that ends in a divide error: those of the trial subtraction of the last bit but one.
    static func setOverflow(_ flags: inout UInt16, _ dividend: UInt32, _ divisor: UInt32, _ width: UInt32) {
        let mask: UInt64 = 1 << UInt64(width + 1) - 1
        let wide = UInt64(divisor)
        var low = UInt64(dividend) << UInt64(32 - width)
        var high = (low >> 32 &- wide) & mask
        for step in 0..<width - 1 {
            low = low << 1 & 0xFFFF_FFFF_FFFF
            high = (high << 1 | low >> 32 & 1) & mask
            if step < width - 2 && high >= wide { high = (high &- wide) & mask }
        }
        let limit: UInt32 = width == 8 ? 0xFF : 0xFFFF
        Arithmetic80286.subtract(
            &flags, UInt32(truncatingIfNeeded: high) & limit, divisor & limit, 0, width)
    }

    static func divideSigned(
        _ flags: inout UInt16, _ dividend: UInt32, _ divisor: UInt32, _ width: UInt32
    ) -> (UInt32, UInt32)? {
        let numerator = width == 8 ? Int64(Int16(truncatingIfNeeded: dividend)) : Int64(Int32(bitPattern: dividend))
        let denominator =
            width == 8 ? Int64(Int8(truncatingIfNeeded: divisor)) : Int64(Int16(truncatingIfNeeded: divisor))
        let limit: Int64 = 1 << Int64(width - 1)
        let quotient = denominator == 0 ? limit : numerator / denominator
        let fits = quotient >= -limit && quotient < limit
        let remainder: UInt64
        if fits {
            remainder = (numerator % denominator).magnitude
        } else {
            // What is left after all bits, in a register of the divisor's width.
            let mask: UInt64 = 1 << UInt64(width) - 1
            var high = numerator.magnitude >> UInt64(width) & mask
            for bit in 1...UInt64(width) {
                high = (high << 1 | numerator.magnitude >> (UInt64(width) - bit) & 1) & mask
                if high >= denominator.magnitude { high -= denominator.magnitude }
            }
            remainder = high
        }
        // The last step subtracts the divisor for a look: a positive one borrows, the complement of a negative one
        // does not carry. Of an overflow the divisor itself can be left. Then the look finds nothing more, and that zero
        // stays; for a negative dividend it is negated as every remainder is, which clears the carry.
        let isDivisorLeft = remainder == denominator.magnitude
        let left = isDivisorLeft ? 0 : remainder
        let result = UInt32(truncatingIfNeeded: numerator < 0 ? 0 &- left : left)
        let carry =
            (remainder < denominator.magnitude) != (denominator < 0) && !(isDivisorLeft && numerator < 0)
        Arithmetic80286.set(&flags, result: result, width: width, carry: carry, overflow: carry, auxiliary: true)
        return fits ? (UInt32(truncatingIfNeeded: quotient), result) : nil
    }
}
