import Core

/// When the memory is the processor's.
extension VGAAdapter {
    /// After a register of the clock has changed.
    func selectSlots() {
        let sequencer = state.sequencer
        let hasMore = isEGA ? sequencer[1] & 0b10 != 0 : sequencer.isScreenOff
        sharedMemory.slots.pointee =
            slots[clockSelect | (sequencer.hasEightDots || isExtended ? 4 : 0) | (hasMore ? 8 : 0)]
    }
}

extension VGAVariant {
    /// By clock select, eight-dot characters (bit 2), and more of the memory's cycles for the processor (bit 3).
    ///
    /// Source: [VGADOC] the EGA's clocking mode register: the picture has four of five memory cycles, or two with bit 1.
    /// [TOPBENCH], [ZEN]: so that the processor has one for four characters. By that and a command 16.5 dots before its slot
    /// the test of video memory takes 1,479 microseconds on an AT of 6 MHz (measured: 1,477), 1,472 with 8 MHz (1,470), 3,143
    /// on a PC (3,121), with a monochrome monitor 2,939 (3,079); REP MOVSW in mode 10h takes 3.25 a byte (3.18).
    ///
    /// Assumption: three slots with that bit are evenly apart. A VGA has one slot for five characters, by a command
    /// 18 dots before it: then the test takes 2,712 on a PC (measured: 2,744, chip not known) and 1,154 with an 80286 at 10 MHz
    /// (1,116 to 1,291 on IBM's machines). With the screen off it has them all. The display interface shares its memory in the
    /// same way.
    var memorySlots: [MemorySlots] {
        (0..<16).map { setting in
            let dot = clocks[setting & 3]
            let width: Int64 = setting & 4 == 0 ? 9 : 8
            let hasMore = setting & 8 != 0
            let (characters, count): (Int64, Int64) = isEGA ? (4, hasMore ? 3 : 1) : (5, hasMore ? 5 : 1)
            let halfDots: Int64 = isEGA ? 33 : 36
            return MemorySlots(
                ClockRatio(hertz: dot.hertz * count, over: dot.over * characters * width),
                least: Tick(halfDots * Tick.perSecond * dot.over / (2 * dot.hertz)))
        }
    }
}
