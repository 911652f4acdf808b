import X86

/// The arithmetic of the 80286: results, and FLAGS in `flags`. Undefined flags included.
///
/// Measured: SingleStepTests/80286.
enum Arithmetic80286 {
    @inline(__always) static func parity(_ result: UInt32) -> UInt16 {
        var folded = result & 0xFF
        folded ^= folded >> 4
        // A table of 16 bits: 1 where the number of ones is even.
        return (0x9669 >> UInt16(folded & 0x0F) & 1) << 2
    }

    /// SF, ZF and PF of `result`.
    @inline(__always) static func resultFlags(_ result: UInt32, _ width: UInt32) -> UInt16 {
        let mask: UInt32 = width == 8 ? 0xFF : 0xFFFF
        let zero: UInt16 = result & mask == 0 ? Flag.zero : 0
        let sign = UInt16(truncatingIfNeeded: (result & mask) >> (width - 1)) << 7
        return zero | sign | parity(result)
    }

    /// `vector` has a bit for each carry (or borrow) out of a bit of `result`.
    @inline(__always) private static func keep(
        _ flags: inout UInt16, _ result: UInt32, _ vector: UInt32, _ width: UInt32
    ) -> UInt32 {
        let top = vector >> (width - 1) & 1
        let overflow = top ^ (vector >> (width - 2) & 1)
        flags =
            flags & ~Flag.arithmetic | resultFlags(result, width) | UInt16(truncatingIfNeeded: top)
            | UInt16(truncatingIfNeeded: vector & 8) << 1 | UInt16(truncatingIfNeeded: overflow) << 11
        return result & (width == 8 ? 0xFF : 0xFFFF)
    }

    @inline(__always) static func add(
        _ flags: inout UInt16, _ a: UInt32, _ b: UInt32, _ carry: UInt32, _ width: UInt32
    ) -> UInt32 {
        let r = a &+ b &+ carry
        return keep(&flags, r, (a & b) | ((a | b) & ~r), width)
    }

    @discardableResult
    @inline(__always) static func subtract(
        _ flags: inout UInt16, _ a: UInt32, _ b: UInt32, _ borrow: UInt32, _ width: UInt32
    ) -> UInt32 {
        let r = a &- b &- borrow
        return keep(&flags, r, (~a & b) | ((~a | b) & r), width)
    }

    /// AND, OR, XOR and TEST clear CF, OF and AF.
    @discardableResult
    @inline(__always) static func logic(_ flags: inout UInt16, _ result: UInt32, _ width: UInt32) -> UInt32 {
        flags = flags & ~Flag.arithmetic | resultFlags(result, width)
        return result & (width == 8 ? 0xFF : 0xFFFF)
    }

    /// One of the eight operations of 00 to 3F and 80 to 83, by number. CMP returns the difference.
    static func operate(
        _ flags: inout UInt16, _ operation: UInt8, _ a: UInt32, _ b: UInt32, _ width: UInt32
    ) -> UInt32 {
        let carry = UInt32(flags & Flag.carry)
        switch operation & 7 {
        case 0: return add(&flags, a, b, 0, width)
        case 1: return logic(&flags, a | b, width)
        case 2: return add(&flags, a, b, carry, width)
        case 3: return subtract(&flags, a, b, carry, width)
        case 4: return logic(&flags, a & b, width)
        case 6: return logic(&flags, a ^ b, width)
        default: return subtract(&flags, a, b, 0, width)
        }
    }

    /// INC and DEC leave CF alone.
    static func increment(_ flags: inout UInt16, _ a: UInt32, _ width: UInt32) -> UInt32 {
        let carry = flags & Flag.carry
        let r = add(&flags, a, 1, 0, width)
        flags = flags & ~Flag.carry | carry
        return r
    }

    static func decrement(_ flags: inout UInt16, _ a: UInt32, _ width: UInt32) -> UInt32 {
        let carry = flags & Flag.carry
        let r = subtract(&flags, a, 1, 0, width)
        flags = flags & ~Flag.carry | carry
        return r
    }

    /// SF, ZF and PF from a result, the three others as given.
    static func set(
        _ flags: inout UInt16, result: UInt32, width: UInt32, carry: Bool, overflow: Bool, auxiliary: Bool
    ) {
        flags =
            flags & ~Flag.arithmetic | resultFlags(result, width) | (carry ? Flag.carry : 0)
            | (overflow ? Flag.overflow : 0) | (auxiliary ? Flag.auxiliary : 0)
    }

    private static func setCarry(_ flags: inout UInt16, _ carry: Bool, overflow: Bool) {
        flags = flags & ~(Flag.carry | Flag.overflow) | (carry ? Flag.carry : 0) | (overflow ? Flag.overflow : 0)
    }

    // MARK: Shifts

    /// A shift or rotation by `count` (1 to 31) bits; `operation` is the reg field.
    ///
    /// Flags are those of the last of single steps. OF is that of the last step; AF of SHL is the half carry of the last
    /// addition of the value to itself; SHR and SAR set AF.
    static func shift(
        _ flags: inout UInt16, _ operation: UInt8, _ a: UInt32, _ count: UInt32, _ width: UInt32
    ) -> UInt32 {
        let top = width - 1
        let mask: UInt32 = width == 8 ? 0xFF : 0xFFFF
        func bit(_ value: UInt32, _ index: UInt32) -> Bool { value &>> index & 1 != 0 }
        switch operation & 7 {
        case 0:
            let n = count & top
            let r = (a &<< n | a &>> (width &- n)) & mask
            setCarry(&flags, r & 1 != 0, overflow: (r & 1 != 0) != bit(r, top))
            return r
        case 1:
            let n = count & top
            let r = (a &>> n | a &<< (width &- n)) & mask
            setCarry(&flags, bit(r, top), overflow: bit(r, top) != bit(r, top &- 1))
            return r
        case 2, 3:
            // Rotating through carry is rotating a value of one bit more.
            let n = UInt64(count % (width + 1))
            let wide = UInt64(a) | UInt64(flags & Flag.carry) << UInt64(width)
            let back = UInt64(width + 1) - n
            let turned = operation & 1 == 0 ? wide << n | wide >> back : wide << back | wide >> n
            let r = UInt32(truncatingIfNeeded: turned)
            let carry = bit(r, width)
            setCarry(
                &flags, carry,
                overflow: operation & 1 == 0 ? carry != bit(r, top) : bit(r, top) != bit(r, top &- 1))
            return r & mask
        case 5:
            let r = count < width ? a >> count : 0
            set(
                &flags, result: r, width: width, carry: count <= width && bit(a, count &- 1),
                overflow: count == 1 && bit(a, top), auxiliary: true)
            return r
        case 7:
            let wide = width == 8 ? Int32(Int8(truncatingIfNeeded: a)) : Int32(Int16(truncatingIfNeeded: a))
            let r = UInt32(bitPattern: wide >> Int32(count))
            set(
                &flags, result: r, width: width, carry: wide >> Int32(count - 1) & 1 != 0, overflow: false,
                auxiliary: true)
            return r & mask
        default:
            let r = count < width ? a << count & mask : 0
            let carry = count <= width && bit(a, width &- count)
            set(
                &flags, result: r, width: width, carry: carry, overflow: carry != bit(r, top),
                auxiliary: count <= 4 && bit(a, 4 &- count))
            return r
        }
    }

    // MARK: Multiplication

    /// CF and OF say that the high half matters; SF, ZF and PF are of the high half, and AF is set.
    static func setProduct(_ flags: inout UInt16, high: UInt32, low: UInt32, width: UInt32, isSigned: Bool) {
        let sign = isSigned ? low >> (width - 1) & 1 : 0
        let isWide = (high &+ sign) & (width == 8 ? 0xFF : 0xFFFF) != 0
        set(&flags, result: high, width: width, carry: isWide, overflow: isWide, auxiliary: true)
    }
}
