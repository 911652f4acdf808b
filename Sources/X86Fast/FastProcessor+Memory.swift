import Core
import X86

/// Memory by segment slot and offset. The fast paths are inline; pages with flags, words across a flagged page edge and
/// words at offset FFFFh go to the slow ones.
extension FastProcessor {
    @inline(__always) func linear(_ segment: Int, _ offset: UInt16) -> Int {
        Int(words[segment]) &<< 4 &+ Int(offset)
    }

    @inline(__always) func read8(_ segment: Int, _ offset: UInt16) -> UInt8 {
        let address = linear(segment, offset)
        if pageFlags[address &>> 12] & FastProcessor.slowRead != 0 { return readSlowly(segment, offset) }
        return ram[address]
    }

    @inline(__always) func write8(_ segment: Int, _ offset: UInt16, _ value: UInt8) {
        let address = linear(segment, offset)
        if pageFlags[address &>> 12] != 0 { return writeSlowly(segment, offset, value) }
        ram[address] = value
    }

    @inline(__always) func read16(_ segment: Int, _ offset: UInt16) throws(ProcessorFault) -> UInt16 {
        let address = linear(segment, offset)
        let flags = pageFlags[address &>> 12] | pageFlags[(address &+ 1) &>> 12]
        if flags & FastProcessor.slowRead != 0 || offset == 0xFFFF {
            return try readWordSlowly(segment, offset)
        }
        work.pointee.budget &-= tables.wordTransfer[address & 1]
        return UnsafeRawPointer(ram + address).loadUnaligned(as: UInt16.self)
    }

    @inline(__always) func write16(_ segment: Int, _ offset: UInt16, _ value: UInt16) throws(ProcessorFault) {
        let address = linear(segment, offset)
        if pageFlags[address &>> 12] | pageFlags[(address &+ 1) &>> 12] != 0 || offset == 0xFFFF {
            return try writeWordSlowly(segment, offset, value)
        }
        work.pointee.budget &-= tables.wordTransfer[address & 1]
        UnsafeMutableRawPointer(ram + address).storeBytes(of: value, as: UInt16.self)
    }

    // MARK: Stack

    @inline(__always) func push(_ value: UInt16) throws(ProcessorFault) {
        let sp = words[Slot.sp] &- 2
        try write16(Slot.ss, sp, value)
        words[Slot.sp] = sp
    }

    @inline(__always) func pop() throws(ProcessorFault) -> UInt16 {
        let value = try read16(Slot.ss, words[Slot.sp])
        words[Slot.sp] &+= 2
        return value
    }

    // MARK: Slow paths

    /// Flags of pages that are not read at once.
    @inline(__always) static var slowRead: UInt8 { PageFlags.deviceRead.union(.translated).rawValue }

    @inline(never) func readSlowly(_ segment: Int, _ offset: UInt16) -> UInt8 {
        if state.pointee.caches.areLoaded { return readTranslated(segment, offset) }
        let address = linear(segment, offset)
        let value = memory.read8(UInt32(truncatingIfNeeded: address))
        if pageFlags[address &>> 12] & PageFlags.quick.rawValue == 0 { lookUp() }
        return value
    }

    @inline(never) func writeSlowly(_ segment: Int, _ offset: UInt16, _ value: UInt8) {
        if state.pointee.caches.areLoaded { return writeTranslated(segment, offset, value) }
        let address = linear(segment, offset)
        memory.writeSpecial(UInt32(truncatingIfNeeded: address), value)
        let flags = pageFlags[address &>> 12]
        if flags & (PageFlags.deviceWrite.rawValue | PageFlags.quick.rawValue) == PageFlags.deviceWrite.rawValue {
            lookUp()
        }
    }

    @inline(never) func readWordSlowly(_ segment: Int, _ offset: UInt16) throws(ProcessorFault) -> UInt16 {
        if state.pointee.caches.areLoaded, let value = readTranslatedWord(segment, offset) { return value }
        if offset == 0xFFFF && hasSegmentLimits { throw .segmentOverrun }
        work.pointee.budget &-= tables.wordTransfer[Int(offset) & 1]
        let low = read8(segment, offset)
        return UInt16(low) | UInt16(read8(segment, offset &+ 1)) << 8
    }

    @inline(never) func writeWordSlowly(
        _ segment: Int, _ offset: UInt16, _ value: UInt16
    ) throws(ProcessorFault) {
        if state.pointee.caches.areLoaded, writeTranslatedWord(segment, offset, value) { return }
        if offset == 0xFFFF && hasSegmentLimits { throw .segmentOverrun }
        work.pointee.budget &-= tables.wordTransfer[Int(offset) & 1]
        write8(segment, offset, UInt8(truncatingIfNeeded: value))
        write8(segment, offset &+ 1, UInt8(truncatingIfNeeded: value >> 8))
    }

    // MARK: Ports

    @inline(never) func readPort8(_ port: UInt16) -> UInt8 {
        let value = bus.readPort8(port, at: now)
        lookUp()
        return value
    }

    @inline(never) func readPort16(_ port: UInt16) -> UInt16 {
        work.pointee.budget &-= tables.wordTransfer[Int(port) & 1]
        let value = bus.readPort16(port, at: now)
        lookUp()
        return value
    }

    @inline(never) func writePort8(_ port: UInt16, _ value: UInt8) {
        if work.pointee.hasViolation { return }
        bus.writePort8(port, value, at: now)
        lookUp()
    }

    @inline(never) func writePort16(_ port: UInt16, _ value: UInt16) {
        if work.pointee.hasViolation { return }
        work.pointee.budget &-= tables.wordTransfer[Int(port) & 1]
        bus.writePort16(port, value, at: now)
        lookUp()
    }
}

/// Where an operand is: in a register (`segment` is 0, `offset` its number) or in memory.
struct Place {
    var segment: Int
    var offset: UInt16

    @inline(__always) var isMemory: Bool { segment != 0 }
}

extension FastProcessor {
    /// The byte registers in the order of the instruction set: AL CL DL BL AH CH DH BH.
    @inline(__always) func byteSlot(_ number: UInt8) -> Int { Int((number & 3) << 1 | number >> 2 & 1) }

    @inline(__always) func read8(_ place: Place) -> UInt8 {
        place.isMemory
            ? read8(place.segment, place.offset) : bytes[byteSlot(UInt8(truncatingIfNeeded: place.offset))]
    }

    @inline(__always) func write8(_ place: Place, _ value: UInt8) {
        if place.isMemory { return write8(place.segment, place.offset, value) }
        bytes[byteSlot(UInt8(truncatingIfNeeded: place.offset))] = value
    }

    @inline(__always) func read16(_ place: Place) throws(ProcessorFault) -> UInt16 {
        place.isMemory ? try read16(place.segment, place.offset) : words[Int(place.offset & 7)]
    }

    @inline(__always) func write16(_ place: Place, _ value: UInt16) throws(ProcessorFault) {
        if place.isMemory { return try write16(place.segment, place.offset, value) }
        words[Int(place.offset & 7)] = value
    }
}
