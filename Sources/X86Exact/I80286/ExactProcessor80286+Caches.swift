import X86

/// Segments whose base, limit or access rights do not follow from the selector: what LOADALL leaves behind.
///
/// A violation of one is a fault after which all registers hold what they held before the instruction.
///
/// Source: [LOADALL] access rights. Assumption: code is fetched ahead beyond the limit and not executed; a trace of a short
/// code segment would show it.
extension ExactProcessor80286 {
    /// The address of an operand that does not fit, or while some segment has been loaded by LOADALL.
    @inline(never) func translated(
        _ segment: Int, _ offset: UInt16, _ isWord: Bool, _ use: DescriptorCache.Use
    ) throws(ProcessorFault) -> UInt32 {
        let cache = state.pointee.caches[segment]
        guard cache.isLoaded else {
            if isWord && offset == 0xFFFF { throw .segmentOverrun }
            return linear(segment, offset)
        }
        try require(cache.allows(use, offset, isWord ? 2 : 1))
        return cache.address(offset)
    }

    private func require(_ isAllowed: Bool) throws(ProcessorFault) {
        if isAllowed { return }
        pipe.pointee.hasViolation = true
        throw .segmentOverrun
    }

    /// The operand of a coprocessor: a violation by its first word is an ordinary one.
    @inline(never) func checkOperand(
        _ segment: Int, _ offset: UInt16, _ count: Int, _ use: DescriptorCache.Use
    ) throws(ProcessorFault) {
        let cache = state.pointee.caches[segment]
        guard cache.isLoaded else { return }
        try require(cache.allows(use, offset, 2))
        if !cache.allows(use, offset, count) { throw .coprocessorOverrun }
    }

    /// A new value of a segment register ends what LOADALL has loaded beside it.
    @inline(__always) func loadSegment(_ slot: Int, _ value: UInt16) {
        words[slot] = value
        if state.pointee.caches.areLoaded { state.pointee.caches[slot] = DescriptorCache() }
    }

    /// Keeps the registers, and looks at whether the instruction lies in its segment.
    @inline(never) func beginTranslated() throws(ProcessorFault) {
        saved.pointee = state.pointee
        let cache = state.pointee.caches[Slot80286.cs]
        guard cache.isLoaded, !state.pointee.isRepeating else { return }
        let length = min(Int(instruction.pointee.length), Int(ExactProcessor80286.longestInstruction))
        try require(cache.allows(.execute, pipe.pointee.start, length))
    }

    /// Puts the registers back, but for the pins and the time.
    @inline(never) func takeBack() {
        let s = state
        let (now, isRequested, isNMIPending) = (s.pointee.now, s.pointee.isInterruptRequested, s.pointee.isNMIPending)
        pipe.pointee.hasViolation = false
        s.pointee = saved.pointee
        s.pointee.now = now
        s.pointee.isInterruptRequested = isRequested
        s.pointee.isNMIPending = isNMIPending
        s.pointee.isShadowed = false
        s.pointee.isShadowDeep = false
    }
}
