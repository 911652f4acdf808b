import Core
import X86

/// Interrupts: what is taken at a boundary, and the microcode that enters a handler.
///
/// Source: [UCODE86] the routines INTR, IRQ, FARCALL2 and NEARCALL; the order of interrupts: [8086UM] figure 2-30.
extension ExactProcessor8086 {
    /// Takes one interrupt if one is ready. The external interrupt is entered first and the trap after it, so that the
    /// trap's handler runs first with the interrupt's handler as its return address.
    @inline(never) func deliverInterrupts() -> Bool {
        let s = state
        if s.pointee.isTrapPending {
            _ = deliverExternal()
            s.pointee.isTrapPending = false
            leaveBoundary()
            ticks(4)
            enterInterrupt(1)
            return true
        }
        return deliverExternal()
    }

    private func deliverExternal() -> Bool {
        let s = state
        if s.pointee.isNMIPending && !s.pointee.isShadowDeep {
            s.pointee.isNMIPending = false
            leaveBoundary()
            ticks(4)
            enterInterrupt(2)
            return true
        }
        let isEnabled = s.pointee.flags & Flag.interrupt != 0 && !s.pointee.isShadowed
        if s.pointee.isInterruptRequested && isEnabled {
            leaveBoundary()
            ticks(2)
            acknowledge()
            return true
        }
        return false
    }

    private func leaveBoundary() {
        let s = state
        if s.pointee.isHalted && work.pointee.wakesLate { tick() }
        s.pointee.isHalted = false
        s.pointee.isShadowed = false
        s.pointee.isShadowDeep = false
    }

    /// Whether a repeated instruction stops for an interrupt.
    @inline(__always) var isInterruptReady: Bool {
        let s = state
        return s.pointee.isNMIPending || work.pointee.isStepping
            || s.pointee.isInterruptRequested && s.pointee.flags & Flag.interrupt != 0
    }

    /// Two acknowledge cycles with the bus locked; the second brings the vector. The 8088 makes them as the two halves of
    /// a word; the 8086 has a line for each, with the prefetcher suspended in between.
    private func acknowledge() {
        let w = work
        w.pointee.isLocked = true
        if isWideBus {
            _ = access(.acknowledge, Slot8086.zero, 0, 0, true)
            tick()
            suspend()
            w.pointee.isSecondAcknowledge = true
            let vector = access(.acknowledge, Slot8086.zero, 0, 0, true)
            w.pointee.isSecondAcknowledge = false
            w.pointee.isLocked = false
            tick()
            return enterInterrupt(UInt8(truncatingIfNeeded: vector))
        }
        let vector = access(.acknowledge, Slot8086.zero, 0, 0, true) >> 8
        w.pointee.isLocked = false
        tick()
        suspend()
        ticks(2)
        enterInterrupt(UInt8(truncatingIfNeeded: vector))
    }

    /// The common end of all interrupts (INTR): reads the vector, pushes FLAGS, CS and the address of the next
    /// instruction. The 8086 suspends the prefetcher first, the 8088 behind the reads.
    func enterInterrupt(_ vector: UInt8) {
        let w = work
        let s = state
        w.pointee.isStepping = false
        let entry = UInt16(vector) &<< 2
        if isWideBus { suspend() }
        ticks(2)
        let offset = read(Slot8086.zero, entry, true)
        tick()
        let segment = read(Slot8086.zero, entry &+ 2, true)
        if isWideBus { tick() } else { suspend() }
        let flags = s.pointee.flags
        s.pointee.flags = flags & ~(Flag.interrupt | Flag.trap)
        tick()
        pushOn(flags)
        ticks(2)
        callFar(segment, offset)
    }

    /// A push behind which the routine goes on; the clock of the next line has begun.
    @inline(__always) func pushOn(_ value: UInt16, _ isWord: Bool = true) {
        pushLast(value, isWord)
        tick()
    }

    /// The far call from its second line on (FARCALL2).
    func callFar(_ segment: UInt16, _ offset: UInt16, _ isWord: Bool = true) {
        correct()
        let next = work.pointee.fetchPointer
        pushOn(words[Slot8086.cs], isWord)
        words[Slot8086.cs] = segment
        ticks(3)
        callNear(offset, returnTo: next, isWord: isWord)
    }

    /// The near call from its flush on (NEARCALL).
    func callNear(_ offset: UInt16, returnTo next: UInt16, isWord: Bool) {
        flush(to: offset)
        ticks(3)
        pushLast(next, isWord)
    }
}
