import Core
import X86

/// String instructions, alone and repeated.
extension FastProcessor {
    /// `segment` is the slot of the source segment. Returns the address to go on at: `start` when a repeated
    /// instruction was suspended.
    @inline(never) func string(
        _ opcode: UInt8, _ repeatPrefix: UInt8, _ segment: Int, start: UInt16, next: UInt16
    ) throws(ProcessorFault) -> UInt16 {
        guard repeatPrefix != 0 else {
            try element(opcode, segment)
            return next
        }
        let w = work
        // The prefixes and the opcode have been charged; a repeated instruction has a start of its own.
        if state.pointee.isRepeating {
            endSuspension()
            w.pointee.budget = w.pointee.startBudget
            w.pointee.executed &-= 1
        } else {
            w.pointee.budget = w.pointee.startBudget &- Int(tables.repeatStart[Int(opcode)])
        }
        // The budget ends with each repeat, so that a violation of a segment takes back one only.
        if w.pointee.isTranslating { stopSoon() }
        let each = Int(tables.repeatEach[Int(opcode)])
        let comparesZero = opcode & 0xF6 == 0xA6
        while words[Slot.cx] != 0 {
            let left = words[Slot.cx]
            if repeatBlock(opcode, segment, each) { break }
            // A block ends with the budget: one repeat more would come behind a deadline that is reached.
            if words[Slot.cx] != left && w.pointee.budget <= 0 && each > 0 {
                suspend(opcode, repeatPrefix, segment, next)
                return start
            }
            if comparesZero && left > 2 { skipAhead(opcode, segment, each, whileEqual: repeatPrefix == 0xF3) }
            w.pointee.startBudget = w.pointee.budget
            let (si, di) = (words[Slot.si], words[Slot.di])
            do {
                try element(opcode, segment)
            } catch {
                words[Slot.cx] &-= countAhead(
                    opcode, hasMovedSI: si != words[Slot.si], hasMovedDI: di != words[Slot.di])
                throw error
            }
            words[Slot.cx] &-= 1
            w.pointee.budget &-= each
            if comparesZero && isZero != (repeatPrefix == 0xF3) { break }
            // With a fixed time for the whole instruction, stopping between repeats would gain nothing.
            let maySuspend = each > 0 || w.pointee.isLimitedToOne
            // An 8086 asks for interrupts before it looks at CX, so a trap comes back to REP once more with CX = 0.
            let isLeft = words[Slot.cx] != 0 || isOriginal && w.pointee.isStepping
            if w.pointee.budget <= 0 && maySuspend && isLeft {
                suspend(opcode, repeatPrefix, segment, next)
                return start
            }
        }
        return next
    }

    private func suspend(_ opcode: UInt8, _ repeatPrefix: UInt8, _ segment: Int, _ next: UInt16) {
        let s = state
        s.pointee.isRepeating = true
        s.pointee.repeatedOpcode = opcode
        s.pointee.repeatedPrefix = repeatPrefix
        s.pointee.repeatedSegment = UInt8(truncatingIfNeeded: segment)
        s.pointee.repeatedEnd = next
    }

    func endSuspension() {
        let s = state
        s.pointee.isRepeating = false
        s.pointee.repeatedOpcode = 0
        s.pointee.repeatedPrefix = 0
        s.pointee.repeatedSegment = 0
        s.pointee.repeatedEnd = 0
    }

    /// Goes on with a suspended instruction without reading its bytes again, so that it does not matter where a run
    /// ends. Returns the address to go on at.
    @inline(never) func goOnRepeating() -> UInt16 {
        let s = state
        let start = s.pointee.ip
        work.pointee.startBudget = work.pointee.budget
        work.pointee.executed &+= 1
        do throws(ProcessorFault) {
            return try string(
                s.pointee.repeatedOpcode, s.pointee.repeatedPrefix, Int(s.pointee.repeatedSegment), start: start,
                next: s.pointee.repeatedEnd)
        } catch {
            return deliverFault(error, start: start)
        }
    }

    /// One repeat, or the instruction alone.
    @inline(__always) private func element(_ opcode: UInt8, _ segment: Int) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        let isDown = state.pointee.flags & Flag.direction != 0
        let step: UInt16 = isDown ? (isWord ? 0xFFFE : 0xFFFF) : (isWord ? 2 : 1)
        switch unsafeBitCast(opcode, to: Opcode.self) {
        case .movsb:
            let value = read8(segment, words[Slot.si])
            words[Slot.si] &+= step
            write8(Slot.es, words[Slot.di], value)
            words[Slot.di] &+= step
        case .movsw:
            let value = try loadString(segment, step)
            try storeString(value, step)
        case .cmpsb:
            let a = read8(segment, words[Slot.si])
            sub8(a, read8(Slot.es, words[Slot.di]))
            words[Slot.si] &+= step
            words[Slot.di] &+= step
        case .cmpsw:
            // An 80286 has moved the pointers before it finds that an operand does not fit.
            if !hasSegmentLimits {
                let a = try read16(segment, words[Slot.si])
                sub16(a, try read16(Slot.es, words[Slot.di]))
                words[Slot.si] &+= step
                words[Slot.di] &+= step
            } else {
                let di = words[Slot.di]
                words[Slot.di] &+= step
                let b = try read16(Slot.es, di)
                sub16(try loadString(segment, step), b)
            }
        case .stosb:
            write8(Slot.es, words[Slot.di], bytes[Slot.al])
            words[Slot.di] &+= step
        case .stosw: try storeString(words[Slot.ax], step)
        case .lodsb:
            bytes[Slot.al] = read8(segment, words[Slot.si])
            words[Slot.si] &+= step
        case .lodsw: words[Slot.ax] = try loadString(segment, step)
        case .scasb:
            sub8(bytes[Slot.al], read8(Slot.es, words[Slot.di]))
            words[Slot.di] &+= step
        case .scasw:
            let di = words[Slot.di]
            words[Slot.di] &+= step
            sub16(words[Slot.ax], try read16(Slot.es, di))
        case .insb:
            let value = readPort8(words[Slot.dx])
            write8(Slot.es, words[Slot.di], value)
            words[Slot.di] &+= step
        case .insw:
            let value = readPort16(words[Slot.dx])
            try storeString(value, step)
        case .outsb:
            let value = read8(segment, words[Slot.si])
            words[Slot.si] &+= step
            writePort8(words[Slot.dx], value)
        case .outsw: writePort16(words[Slot.dx], try loadString(segment, step))
        default: break
        }
    }

    /// A word at the source pointer, which moves also when the word does not fit.
    @inline(__always) private func loadString(_ segment: Int, _ step: UInt16) throws(ProcessorFault) -> UInt16 {
        let si = words[Slot.si]
        words[Slot.si] &+= step
        return try read16(segment, si)
    }

    @inline(__always) private func storeString(_ value: UInt16, _ step: UInt16) throws(ProcessorFault) {
        let di = words[Slot.di]
        words[Slot.di] &+= step
        try write16(Slot.es, di, value)
    }

    /// By how much CX of an 80286 is ahead of the elements when a repeat faults. The pointer that faulted is the last
    /// one that moved.
    ///
    /// Source: measured by SingleStepTests/80286.
    private func countAhead(_ opcode: UInt8, hasMovedSI: Bool, hasMovedDI: Bool) -> UInt16 {
        switch unsafeBitCast(opcode, to: Opcode.self) {
        case .cmpsw: hasMovedSI ? 1 : 0
        case .movsw, .insw, .stosw: hasMovedDI ? 2 : 1
        default: 1
        }
    }

    // MARK: Blocks

    /// Runs as many repeats of MOVS and STOS as lie in plain memory, in front of every wrap of an offset, and in the
    /// budget; none if a trap follows each. Returns true when the count has reached zero.
    @inline(__always) private func repeatBlock(_ opcode: UInt8, _ segment: Int, _ each: Int) -> Bool {
        guard opcode & 0xFE == 0xA4 || opcode & 0xFE == 0xAA, !work.pointee.isLimitedToOne else { return false }
        return fillOrMove(opcode, segment, each)
    }

    private func fillOrMove(_ opcode: UInt8, _ segment: Int, _ each: Int) -> Bool {
        guard state.pointee.flags & Flag.direction == 0 else { return false }
        let isMove = opcode < 0xAA
        let shift = Int(opcode & 1)
        let di = Int(words[Slot.di])
        let si = Int(words[Slot.si])
        var count = min(Int(words[Slot.cx]), (0x1_0000 - di) >> shift)
        if isMove { count = min(count, (0x1_0000 - si) >> shift) }
        let target = linear(Slot.es, words[Slot.di])
        let source = linear(segment, words[Slot.si])
        // Words: what the addresses cost more, once for each transfer.
        var cost = each
        if shift == 1 {
            cost &+= tables.wordTransfer[target & 1]
            if isMove { cost &+= tables.wordTransfer[source & 1] }
        }
        if cost > 0 { count = min(count, (max(work.pointee.budget, 1) &+ cost &- 1) / cost) }
        let size = count << shift
        guard count > 1 else { return false }
        let isPlain =
            arePlain(target, size, 0xFF) && (!isMove || arePlain(source, size, PageFlags.deviceRead.rawValue))
        if !isPlain {
            guard areQuick(target, size), !isMove || areQuick(source, size) else { return false }
            moveQuickly(isMove ? source : nil, to: target, count, shift)
            if isMove { words[Slot.si] &+= UInt16(truncatingIfNeeded: size) }
        } else if isMove {
            move(from: source, to: target, size, isWord: shift == 1)
            words[Slot.si] &+= UInt16(truncatingIfNeeded: size)
        } else if shift == 0 || bytes[Slot.al] == bytes[Slot.ah] {
            (ram + target).update(repeating: bytes[Slot.al], count: size)
        } else {
            let raw = UnsafeMutableRawPointer(ram + target)
            for index in 0..<count { raw.storeBytes(of: words[Slot.ax], toByteOffset: index &* 2, as: UInt16.self) }
        }
        words[Slot.di] &+= UInt16(truncatingIfNeeded: size)
        words[Slot.cx] &-= UInt16(truncatingIfNeeded: count)
        work.pointee.budget &-= cost &* count
        return words[Slot.cx] == 0
    }

    /// Passes over the repeats of CMPS and SCAS that do not end the instruction, as far as they lie in plain memory, in
    /// front of every wrap of an offset, and in the budget. At least one repeat is left that sets the flags, before one
    /// that faults.
    @inline(never) private func skipAhead(_ opcode: UInt8, _ segment: Int, _ each: Int, whileEqual: Bool) {
        guard state.pointee.flags & Flag.direction == 0, !work.pointee.isLimitedToOne else { return }
        let isCompare = opcode < 0xA8
        let shift = Int(opcode & 1)
        let (si, di) = (Int(words[Slot.si]), Int(words[Slot.di]))
        var count = min(Int(words[Slot.cx]), (0x1_0000 - di) >> shift) &- 1
        if isCompare { count = min(count, (0x1_0000 - si) >> shift &- 1) }
        let target = linear(Slot.es, words[Slot.di])
        let source = linear(segment, words[Slot.si])
        var cost = each
        if shift == 1 {
            cost &+= tables.wordTransfer[target & 1]
            if isCompare { cost &+= tables.wordTransfer[source & 1] }
        }
        if cost > 0 { count = min(count, (work.pointee.budget &- 1) / cost) }
        guard count > 1, arePlain(target, count << shift, PageFlags.deviceRead.rawValue),
            !isCompare || arePlain(source, count << shift, PageFlags.deviceRead.rawValue)
        else { return }
        let (left, right) = (UnsafeRawPointer(ram + source), UnsafeRawPointer(ram + target))
        var passed = 0
        if isCompare {
            if whileEqual { passed = equalBytes(left, right, count << shift) >> shift }
            while passed < count, isEqual(left, right, passed, shift) == whileEqual { passed &+= 1 }
        } else if shift == 0 {
            let wanted = bytes[Slot.al]
            while passed < count, (right.load(fromByteOffset: passed, as: UInt8.self) == wanted) == whileEqual {
                passed &+= 1
            }
        } else {
            let wanted = words[Slot.ax]
            while passed < count,
                (right.loadUnaligned(fromByteOffset: passed &* 2, as: UInt16.self) == wanted) == whileEqual
            {
                passed &+= 1
            }
        }
        let size = UInt16(truncatingIfNeeded: passed << shift)
        if isCompare { words[Slot.si] &+= size }
        words[Slot.di] &+= size
        words[Slot.cx] &-= UInt16(truncatingIfNeeded: passed)
        work.pointee.budget &-= cost &* passed
    }

    /// How many of `count` bytes are surely equal, eight at a time.
    private func equalBytes(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Int {
        var index = 0
        while index &+ 8 <= count,
            left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                == right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        {
            index &+= 8
        }
        return index
    }

    private func isEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ index: Int, _ shift: Int) -> Bool {
        let offset = index << shift
        if shift == 0 {
            return left.load(fromByteOffset: offset, as: UInt8.self)
                == right.load(fromByteOffset: offset, as: UInt8.self)
        }
        return left.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
            == right.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
    }

    private func arePlain(_ address: Int, _ size: Int, _ mask: UInt8) -> Bool {
        var flags: UInt8 = 0
        for page in (address >> 12)...((address &+ size &- 1) >> 12) { flags |= pageFlags[page] }
        return flags & mask == 0
    }

    /// Every page is plain RAM or a quick device.
    private func areQuick(_ address: Int, _ size: Int) -> Bool {
        ((address >> 12)...((address &+ size &- 1) >> 12)).allSatisfy { page in
            pageFlags[page] == 0 || pageFlags[page] & PageFlags.quick.rawValue != 0
        }
    }

    /// Stores AL or AX, or moves from `source`, element by element: a word is read whole before it is written.
    private func moveQuickly(_ source: Int?, to target: Int, _ count: Int, _ shift: Int) {
        let memory = memory
        var (low, high) = (bytes[Slot.al], bytes[Slot.ah])
        if source == nil,
            memory.fillQuickly(
                UInt32(truncatingIfNeeded: target), count: count << shift, low: low, high: shift == 1 ? high : low)
        {
            return
        }
        for index in 0..<count {
            let offset = index << shift
            if let source {
                low = memory.read8(UInt32(truncatingIfNeeded: source &+ offset))
                if shift == 1 { high = memory.read8(UInt32(truncatingIfNeeded: source &+ offset &+ 1)) }
            }
            memory.write8(UInt32(truncatingIfNeeded: target &+ offset), low)
            if shift == 1 { memory.write8(UInt32(truncatingIfNeeded: target &+ offset &+ 1), high) }
        }
    }

    /// Copies upwards, element by element where source and target overlap, or may do so by the A20 wrap.
    private func move(from source: Int, to target: Int, _ size: Int, isWord: Bool) {
        let wraps = max(source, target) &+ size > 0x10_0000
        if !wraps && (target &+ size <= source || source &+ size <= target) {
            (ram + target).update(from: ram + source, count: size)
        } else if isWord {
            let from = UnsafeRawPointer(ram + source)
            let to = UnsafeMutableRawPointer(ram + target)
            for index in stride(from: 0, to: size, by: 2) {
                to.storeBytes(
                    of: from.loadUnaligned(fromByteOffset: index, as: UInt16.self), toByteOffset: index, as: UInt16.self
                )
            }
        } else {
            for index in 0..<size { ram[target &+ index] = ram[source &+ index] }
        }
    }
}
