import Core
import X86

/// Segments whose base, limit or access rights do not follow from the selector: what LOADALL leaves behind (80286).
///
/// All pages carry a flag then, so that every access takes its slow path and comes here; the fast paths know nothing of
/// it. Instructions run one by one, and repeated ones repeat by repeat. The code of each is copied into a window. A
/// violation is noted; nothing is accessed any more, and when the instruction has ended, all registers get back what they
/// held before it.
///
/// Source: [LOADALL] access rights: such an exception is restartable, as if the instruction had not been attempted.
extension FastProcessor {
    /// Bytes of code that are looked at to measure an instruction, with as many prefixes as are counted.
    static let windowSize = 32

    /// Marks or unmarks the pages as the state asks for it. To be called when caches may have been loaded or dropped.
    func cachesDidChange() { memory.isTranslated = state.pointee.caches.areLoaded }

    /// A new value of a segment register ends what LOADALL has loaded beside it.
    @inline(__always) func loadSegment(_ slot: Int, _ value: UInt16) {
        words[slot] = value
        if state.pointee.caches.areLoaded { dropCache(slot) }
    }

    /// The pages keep their flags until the instruction has ended.
    @inline(never) private func dropCache(_ slot: Int) { state.pointee.caches[slot] = DescriptorCache() }

    // MARK: One instruction

    /// Before an instruction or the next repeat: keeps the registers, and brings the code to where the loop finds it.
    /// - Returns: false if the instruction cannot be fetched. Its fault has been delivered.
    @inline(never) func prepareTranslated() -> Bool {
        let s = state
        let w = work
        s.pointee.flags = flags
        saved.pointee = s.pointee
        w.pointee.hasViolation = false
        w.pointee.isTranslating = true
        let start = s.pointee.ip
        for index in 0..<FastProcessor.windowSize {
            window[index] = memory.readBus(s.pointee.address(Slot.cs, start &+ UInt16(index)))
        }
        // The loop adds CS * 16 and the offset.
        let offset = Int(words[Slot.cs]) << 4 + Int(start)
        codeOrigin.pointee = UnsafeMutablePointer(bitPattern: Int(bitPattern: window) &- offset) ?? ram
        if s.pointee.isRepeating { return true }
        let length = windowLength
        let cache = s.pointee.caches[Slot.cs]
        guard cache.isLoaded, !cache.allows(.execute, start, min(length, 10)) else { return true }
        w.pointee.startBudget = w.pointee.budget
        w.pointee.executed &+= 1
        w.pointee.hasViolation = true
        finishTranslated()
        return false
    }

    /// The length of the instruction in the window.
    var windowLength: Int { InstructionLength.length { window[$0 & (FastProcessor.windowSize - 1)] } }

    /// After it: takes everything back if it has violated a segment.
    @inline(never) func finishTranslated() {
        let w = work
        let s = state
        w.pointee.isTranslating = false
        codeOrigin.pointee = ram
        if w.pointee.hasViolation {
            w.pointee.hasViolation = false
            takeBack()
            _ = deliverFault(.segmentOverrun, start: s.pointee.ip)
            w.pointee.hasViolation = false
        }
        if !s.pointee.caches.areLoaded { cachesDidChange() }
    }

    /// Puts the registers back, but for the pins and the time.
    private func takeBack() {
        let (now, s) = (state.pointee.now, state)
        let (isRequested, isNMIPending) = (s.pointee.isInterruptRequested, s.pointee.isNMIPending)
        s.pointee = saved.pointee
        s.pointee.now = now
        s.pointee.isInterruptRequested = isRequested
        s.pointee.isNMIPending = isNMIPending
        loadFlags(s.pointee.flags)
        endSuspension()
        work.pointee.shadowAt = .max
    }

    // MARK: Accesses

    /// Where an access leads; nil if it violates its segment, or an earlier one of the instruction did.
    private func translate(_ segment: Int, _ offset: UInt16, _ count: Int, _ use: DescriptorCache.Use) -> UInt32? {
        if work.pointee.hasViolation { return nil }
        let cache = state.pointee.caches[segment]
        guard cache.isLoaded else { return UInt32(truncatingIfNeeded: linear(segment, offset)) }
        guard cache.allows(use, offset, count) else {
            work.pointee.hasViolation = true
            return nil
        }
        return cache.address(offset)
    }

    @inline(never) func readTranslated(_ segment: Int, _ offset: UInt16) -> UInt8 {
        guard let address = translate(segment, offset, 1, .read) else { return 0xFF }
        return readBus(address)
    }

    @inline(never) func writeTranslated(_ segment: Int, _ offset: UInt16, _ value: UInt8) {
        guard let address = translate(segment, offset, 1, .write) else { return }
        writeBus(address, value)
    }

    /// A word; nil where the segment is an ordinary one.
    @inline(never) func readTranslatedWord(_ segment: Int, _ offset: UInt16) -> UInt16? {
        guard work.pointee.hasViolation || state.pointee.caches[segment].isLoaded else { return nil }
        guard let address = translate(segment, offset, 2, .read) else { return 0xFFFF }
        work.pointee.budget &-= tables.wordTransfer[Int(address) & 1]
        return UInt16(readBus(address)) | UInt16(readBus(address &+ 1)) << 8
    }

    /// False where the segment is an ordinary one.
    @inline(never) func writeTranslatedWord(_ segment: Int, _ offset: UInt16, _ value: UInt16) -> Bool {
        guard work.pointee.hasViolation || state.pointee.caches[segment].isLoaded else { return false }
        guard let address = translate(segment, offset, 2, .write) else { return true }
        work.pointee.budget &-= tables.wordTransfer[Int(address) & 1]
        writeBus(address, UInt8(truncatingIfNeeded: value))
        writeBus(address &+ 1, UInt8(truncatingIfNeeded: value >> 8))
        return true
    }

    private func readBus(_ address: UInt32) -> UInt8 {
        defer { lookUp() }
        return memory.readBus(address)
    }

    private func writeBus(_ address: UInt32, _ value: UInt8) {
        memory.writeBus(address, value)
        lookUp()
    }
}
