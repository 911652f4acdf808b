import X86

/// The arithmetic that most instructions are made of. Each sets the flags and returns the result.
extension FastProcessor {
    /// Carry vectors: bit n is the carry (or borrow) out of bit n. AF is bit 3 of it, CF its top bit.
    @inline(__always) private func keep8(_ result: UInt32, _ vector: UInt32) -> UInt8 {
        work.pointee.result = Int32(Int8(truncatingIfNeeded: result))
        work.pointee.carries = vector << 24 | vector & 8
        return UInt8(truncatingIfNeeded: result)
    }

    @inline(__always) private func keep16(_ result: UInt32, _ vector: UInt32) -> UInt16 {
        work.pointee.result = Int32(Int16(truncatingIfNeeded: result))
        work.pointee.carries = vector << 16 | vector & 8
        return UInt16(truncatingIfNeeded: result)
    }

    @inline(__always) func add8(_ a: UInt8, _ b: UInt8, _ carry: UInt32 = 0) -> UInt8 {
        let (a, b) = (UInt32(a), UInt32(b))
        let r = a &+ b &+ carry
        return keep8(r, (a & b) | ((a | b) & ~r))
    }

    @inline(__always) func add16(_ a: UInt16, _ b: UInt16, _ carry: UInt32 = 0) -> UInt16 {
        let (a, b) = (UInt32(a), UInt32(b))
        let r = a &+ b &+ carry
        return keep16(r, (a & b) | ((a | b) & ~r))
    }

    @discardableResult
    @inline(__always) func sub8(_ a: UInt8, _ b: UInt8, _ borrow: UInt32 = 0) -> UInt8 {
        let (a, b) = (UInt32(a), UInt32(b))
        let r = a &- b &- borrow
        return keep8(r, (~a & b) | ((~a | b) & r))
    }

    @discardableResult
    @inline(__always) func sub16(_ a: UInt16, _ b: UInt16, _ borrow: UInt32 = 0) -> UInt16 {
        let (a, b) = (UInt32(a), UInt32(b))
        let r = a &- b &- borrow
        return keep16(r, (~a & b) | ((~a | b) & r))
    }

    /// The flags of AND, OR, XOR and TEST: CF, OF and AF are cleared.
    @discardableResult
    @inline(__always) func logic8(_ r: UInt8) -> UInt8 {
        work.pointee.result = Int32(Int8(bitPattern: r))
        work.pointee.carries = 0
        return r
    }

    @discardableResult
    @inline(__always) func logic16(_ r: UInt16) -> UInt16 {
        work.pointee.result = Int32(Int16(bitPattern: r))
        work.pointee.carries = 0
        return r
    }

    /// INC and DEC leave CF alone: `old` is the carries before the operation.
    @inline(__always) private func restoreCarry(_ old: UInt32) {
        let new = work.pointee.carries
        let overflow = (new ^ new << 1) & 0x8000_0000
        let carry = old & 0x8000_0000
        work.pointee.carries = new & 8 | carry | (carry ^ overflow) >> 1
    }

    @inline(__always) func inc8(_ a: UInt8) -> UInt8 {
        let old = work.pointee.carries
        let r = add8(a, 1)
        restoreCarry(old)
        return r
    }

    @inline(__always) func dec8(_ a: UInt8) -> UInt8 {
        let old = work.pointee.carries
        let r = sub8(a, 1)
        restoreCarry(old)
        return r
    }

    @inline(__always) func inc16(_ a: UInt16) -> UInt16 {
        let old = work.pointee.carries
        let r = add16(a, 1)
        restoreCarry(old)
        return r
    }

    @inline(__always) func dec16(_ a: UInt16) -> UInt16 {
        let old = work.pointee.carries
        let r = sub16(a, 1)
        restoreCarry(old)
        return r
    }

    /// The operation of 80-83, by reg field. Returns nil for CMP, which stores nothing.
    @inline(__always) func arithmetic8(_ reg: UInt8, _ a: UInt8, _ b: UInt8) -> UInt8? {
        switch reg & 7 {
        case 0: return add8(a, b)
        case 1: return logic8(a | b)
        case 2: return add8(a, b, carryBit)
        case 3: return sub8(a, b, carryBit)
        case 4: return logic8(a & b)
        case 5: return sub8(a, b)
        case 6: return logic8(a ^ b)
        default:
            sub8(a, b)
            return nil
        }
    }

    @inline(__always) func arithmetic16(_ reg: UInt8, _ a: UInt16, _ b: UInt16) -> UInt16? {
        switch reg & 7 {
        case 0: return add16(a, b)
        case 1: return logic16(a | b)
        case 2: return add16(a, b, carryBit)
        case 3: return sub16(a, b, carryBit)
        case 4: return logic16(a & b)
        case 5: return sub16(a, b)
        case 6: return logic16(a ^ b)
        default:
            sub16(a, b)
            return nil
        }
    }
}
