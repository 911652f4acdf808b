import Core
import X86

/// Instructions that the 80186 and 80286 have and the 8086 has not.
extension FastProcessor {
    /// `d` is behind the opcode; the address to go on at is returned.
    @inline(never) func extended(_ decoder: Decoder) throws(ProcessorFault) -> UInt16 {
        var d = decoder
        defer { lend(d) }
        switch unsafeBitCast(d.opcode, to: Opcode.self) {
        case .pushIv:
            let value = d.word()
            try push(&d, value)
        case .pushIb:
            let value = d.signedByte()
            try push(&d, value)
        case .pusha:
            lend(d)
            try pushAll()
            takeBack(&d)
        case .popa:
            lend(d)
            try popAll()
            takeBack(&d)
        case .imulGvEvIv:
            let modRM = d.byte()
            let value = try loadWord(&d, modRM)
            multiply(modRM, value, d.word())
        case .imulGvEvIb:
            let modRM = d.byte()
            let value = try loadWord(&d, modRM)
            multiply(modRM, value, d.signedByte())
        case .bound:
            let modRM = d.byte()
            if modRM >= 0xC0 { throw .invalidOpcode }
            let place = memoryPlace(&d, modRM)
            let index = Int16(bitPattern: words[registerWord(modRM)])
            let lower = Int16(bitPattern: try read16(&d, place.segment, place.offset))
            let upper = Int16(bitPattern: try read16(&d, place.segment, place.offset &+ 2))
            if index < lower || index > upper { throw .boundRange }
        case .enter:
            let size = d.word()
            let level = d.byte() & 0x1F
            lend(d)
            try enter(size, level: level)
            takeBack(&d)
        case .leave:
            let bp = try read16(&d, Slot.ss, words[Slot.bp])
            words[Slot.sp] = words[Slot.bp] &+ 2
            words[Slot.bp] = bp
        default: throw .invalidOpcode
        }
        return d.ip
    }

    private func multiply(_ modRM: UInt8, _ a: UInt16, _ b: UInt16) {
        let product = UInt32(bitPattern: Int32(Int16(bitPattern: a)) &* Int32(Int16(bitPattern: b)))
        words[registerWord(modRM)] = UInt16(truncatingIfNeeded: product)
        setProductFlags(high: product >> 16, low: product & 0xFFFF, width: 16, isSigned: true)
    }

    /// On an 80286 nothing is written if one of the words does not fit.
    ///
    /// Source: measured by SingleStepTests/80286 (full set, 60, test 1311).
    private func pushAll() throws(ProcessorFault) {
        let sp = words[Slot.sp]
        if hasSegmentLimits && sp & 1 != 0 && sp < 16 { throw .segmentOverrun }
        for register in 0..<8 {
            let value = register == Slot.sp ? sp : words[register]
            try write16(Slot.ss, sp &- UInt16(2 &* (register &+ 1)), value)
        }
        words[Slot.sp] = sp &- 16
    }

    /// On an 80286 no register changes if one of the words does not fit.
    ///
    /// Source: measured by SingleStepTests/80286 (full set, 61).
    private func popAll() throws(ProcessorFault) {
        let sp = words[Slot.sp]
        // From an odd SP of FFF1h on, one of the words is at FFFFh.
        if hasSegmentLimits && sp & 1 != 0 && sp > 0xFFF0 { throw .segmentOverrun }
        for register in 0..<8 {
            // The slot of SP is skipped, but its word is read.
            let value = try read16(Slot.ss, sp &+ UInt16(2 &* (7 &- register)))
            if register != Slot.sp { words[register] = value }
        }
        words[Slot.sp] = sp &+ 16
    }

    /// ENTER: a stack frame of `size` bytes, with the frame pointers of `level` enclosing procedures.
    private func enter(_ size: UInt16, level: UInt8) throws(ProcessorFault) {
        work.pointee.budget &-= Int(level) &* tables.enterLevel.pointee
        let oldSP = words[Slot.sp]
        let oldBP = words[Slot.bp]
        do {
            try push(oldBP)
            let frame = words[Slot.sp]
            if level > 0 {
                for outer in 1..<UInt16(max(level, 1)) {
                    try push(try read16(Slot.ss, oldBP &- 2 &* outer))
                }
                try push(frame)
            }
            words[Slot.bp] = frame
            words[Slot.sp] &-= size
        } catch {
            words[Slot.sp] = oldSP
            throw error
        }
    }

    // MARK: 0F

    /// The 80286's system instructions, as far as real mode allows them. An 80186 has none.
    @inline(never) func system(_ decoder: Decoder) throws(ProcessorFault) -> UInt16 {
        var d = decoder
        defer { lend(d) }
        guard is286 else { throw .invalidOpcode }
        switch d.byte() {
        case 0x01: try descriptorTables(&d)
        case 0x05:
            lend(d)
            d.ip = loadAll(from: d.ip)
            takeBack(&d)
        case 0x06: state.pointee.msw &= ~0x0008
        default: throw .invalidOpcode
        }
        return d.ip
    }

    private func descriptorTables(_ d: inout Decoder) throws(ProcessorFault) {
        let modRM = d.byte()
        let target = place(&d, modRM)
        lend(d)
        defer { takeBack(&d) }
        let s = state
        switch modRM >> 3 & 7 {
        case 0: try storeTable(target, s.pointee.gdtBase, s.pointee.gdtLimit)
        case 1: try storeTable(target, s.pointee.idtBase, s.pointee.idtLimit)
        case 2: (s.pointee.gdtBase, s.pointee.gdtLimit) = try loadTable(target)
        case 3: (s.pointee.idtBase, s.pointee.idtLimit) = try loadTable(target)
        case 4: try write16(target, s.pointee.msw)
        case 6: loadMachineStatus(try read16(target), at: d.ip)
        default: throw .invalidOpcode
        }
    }

    private func storeTable(_ target: Place, _ base: UInt32, _ limit: UInt16) throws(ProcessorFault) {
        guard target.isMemory else { throw .invalidOpcode }
        try write16(target.segment, target.offset, limit)
        try write16(target.segment, target.offset &+ 2, UInt16(truncatingIfNeeded: base))
        // The top byte reads as FFh on an 80286.
        try write16(target.segment, target.offset &+ 4, 0xFF00 | UInt16(truncatingIfNeeded: base >> 16))
    }

    private func loadTable(_ target: Place) throws(ProcessorFault) -> (UInt32, UInt16) {
        guard target.isMemory else { throw .invalidOpcode }
        let limit = try read16(target.segment, target.offset)
        let low = try read16(target.segment, target.offset &+ 2)
        let high = try read16(target.segment, target.offset &+ 4)
        return (UInt32(low) | UInt32(high & 0x00FF) << 16, limit)
    }

    /// LMSW. Protected mode is not provided: PE stays clear, and the request is noted.
    private func loadMachineStatus(_ value: UInt16, at ip: UInt16) {
        if value & 1 != 0 { state.pointee.noteProtectedMode(at: ip) }
        state.pointee.msw = state.pointee.msw & 0xFFF0 | value & 0x000E
    }

    /// LOADALL: all registers from the table at 800h, and what belongs to segment registers beside their selectors.
    ///
    /// Source: [LOADALL].
    private func loadAll(from ip: UInt16) -> UInt16 {
        let table = (0..<51).map { readWord(0x800 + 2 * $0) }
        let next = state.pointee.loadAll(table, at: ip, model)
        loadFlags(state.pointee.flags)
        cachesDidChange()
        flagsDidChange()
        if state.pointee.caches.areLoaded { stopSoon() }
        return next
    }
}
