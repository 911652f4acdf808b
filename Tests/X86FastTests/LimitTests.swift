import Core
import Testing
import X86
import X86Fast

/// What the full captured set of the 80286 shows beside the sample: words at offset FFFFh, and IDIV at its limits.
@Suite struct LimitTests {
    @Test(arguments: [0xFFF1, 0xFFF7, 0xFFFF] as [UInt16])
    func `POPA that runs over the end of the stack segment changes no register`(_ sp: UInt16) {
        let t = TestProcessor(.i80286, [0x61])
        for offset in 0..<0x10000 { t.memory.write8(FarPointer(0x2000, UInt16(offset)), 0xEE) }
        (t.r.ax, t.r.cx, t.r.dx, t.r.bx, t.r.bp, t.r.si, t.r.di) = (1, 2, 3, 4, 5, 6, 7)
        t.r.sp = sp
        t.step()
        #expect(t.handler == 13)
        #expect([t.r.ax, t.r.cx, t.r.dx, t.r.bx, t.r.bp, t.r.si, t.r.di] == [1, 2, 3, 4, 5, 6, 7])
        #expect(t.r.sp == sp &- 6)
    }

    @Test(arguments: [0x000F, 0x0009] as [UInt16])
    func `PUSHA that runs over the end of the stack segment writes nothing`(_ sp: UInt16) {
        let t = TestProcessor(.i80286, [0x60])
        (t.r.ax, t.r.cx, t.r.dx, t.r.bx, t.r.bp, t.r.si, t.r.di) = (1, 2, 3, 4, 5, 6, 7)
        t.r.sp = sp
        t.step()
        #expect(t.handler == 13)
        #expect(t.r.sp == sp - 6)
        for offset in 0..<UInt16(sp - 6) { #expect(t.memory.read8(FarPointer(0x2000, offset)) == 0) }
        #expect(t.memory.read8(FarPointer(0x2000, 0xFFFF)) == 0)
    }

    @Test func `a repeated comparison that faults shows the flags of the one before`() {
        for (code, isCompare) in [([0xF3, 0xA7], true), ([0xF2, 0xAF], false)] as [([UInt8], Bool)] {
            let t = TestProcessor(.i80286, code)
            (t.r.si, t.r.di, t.r.cx) = (0x100, 0xFFED, 0x40)
            // CMPSW finds zeros in both, SCASW zeros where AX is 1.
            t.r.ax = 1
            t.r.flags = 0x0802
            t.run()
            #expect(t.handler == 13)
            #expect(t.r.di == 1)
            let flags = t.stack(2)
            #expect(flags & Flag.arithmetic == (isCompare ? Flag.zero | Flag.parity : 0))
        }
    }

    @Test func `IDIV of a byte on an 80286 loses a bit of the remainder`() {
        // 81C1h by 7Ch is -260, which does not fit; the chip says -128.
        for (dividend, divisor, result, flags): (UInt16, UInt16, UInt16, UInt16) in [
            (0x81C1, 0x7C, 0xC180, 0x891), (0x8C60, 0x67, 0xE080, 0x891), (0xB0E3, 0x1E, 0xE380, 0x891),
            (0x63B9, 0xB9, 0x3980, 0x014),
        ] {
            let t = TestProcessor(.i80286, [0xF6, 0xFB, 0xF4])
            (t.r.ax, t.r.bx) = (dividend, divisor)
            t.run()
            #expect(t.handler == nil)
            #expect(t.r.ax == result)
            #expect(t.r.flags & Flag.arithmetic == flags)
        }
    }

    @Test func `the flags of IDIV that ends in a divide error`() {
        for (high, low, divisor, flags): (UInt16, UInt16, UInt16, UInt16) in [
            (0x47B7, 0, 0x47B7, 0x054), (0x51F8, 0, 0xF23C, 0x855), (0xF987, 0, 0xFFFF, 0x054),
            (0xA22C, 0, 0x0202, 0x855), (0x3243, 0, 0x5131, 0x815), (0xDCEF, 0, 0, 0x054),
        ] {
            let t = TestProcessor(.i80286, [0xF7, 0xFB])
            (t.r.dx, t.r.ax, t.r.bx) = (high, low, divisor)
            t.run()
            #expect(t.handler == 0)
            #expect(t.stack(2) & Flag.arithmetic == flags, "\(hex(high)) by \(hex(divisor))")
        }
        // A bit is lost in the last step.
        let t = TestProcessor(.i80286, [0xF6, 0xFB])
        (t.r.ax, t.r.bx) = (0xAC52, 0x29)
        t.run()
        #expect(t.handler == 0)
        #expect(t.stack(2) & Flag.arithmetic == 0x010)
    }
}
