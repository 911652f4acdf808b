import Core
import X86

/// The instruction being executed: where its next byte is, and its prefixes. A local value of the loop, passed to
/// inlined functions only, so that it stays in host registers.
struct Decoder {
    /// Offset of the next byte; wraps in the segment.
    var ip: UInt16
    /// Host address of CS:0000.
    let code: UnsafeMutablePointer<UInt8>
    /// Clocks left; `Work.budget` is up to date only while `lend` has passed it on.
    var budget: Int
    /// Slot of the overriding segment, 0 for none.
    var segment = 0
    /// REP (F3), REPNE (F2), or 0.
    var repeatPrefix: UInt8 = 0
    var opcode: UInt8 = 0

    @inline(__always) mutating func byte() -> UInt8 {
        let value = code[Int(ip)]
        ip &+= 1
        return value
    }

    @inline(__always) mutating func word() -> UInt16 {
        let value: UInt16
        if ip == 0xFFFF {
            value = UInt16(code[0xFFFF]) | UInt16(code[0]) << 8
        } else {
            value = UnsafeRawPointer(code + Int(ip)).loadUnaligned(as: UInt16.self)
        }
        ip &+= 2
        return value
    }

    /// A byte, sign-extended to a word.
    @inline(__always) mutating func signedByte() -> UInt16 {
        UInt16(bitPattern: Int16(Int8(bitPattern: byte())))
    }

    /// The slot of the data segment: the override or DS.
    @inline(__always) var dataSegment: Int { segment == 0 ? Slot.ds : segment }
}

extension FastProcessor {
    /// The memory operand of `modRM` (below C0h), with its clocks.
    @inline(__always) func memoryPlace(_ d: inout Decoder, _ modRM: UInt8) -> Place {
        let entry = tables.operand[Int(modRM)]
        var offset = words[Int(entry & 0xFF)] &+ words[Int(entry >> 8 & 0xFF)]
        let size = entry >> 24
        if size == 1 {
            offset &+= d.signedByte()
        } else if size == 2 {
            offset &+= d.word()
        }
        d.budget &-= Int(tables.address[Int(modRM)]) &+ Int(tables.memory[Int(d.opcode)])
        return Place(segment: d.segment == 0 ? Int(entry >> 16 & 0xFF) : d.segment, offset: offset)
    }

    @inline(__always) func place(_ d: inout Decoder, _ modRM: UInt8) -> Place {
        modRM >= 0xC0 ? Place(segment: 0, offset: UInt16(modRM & 7)) : memoryPlace(&d, modRM)
    }

    /// Hands the budget over to functions that are not inlined.
    @inline(__always) func lend(_ d: Decoder) { work.pointee.budget = d.budget }
    @inline(__always) func takeBack(_ d: inout Decoder) { d.budget = work.pointee.budget }

    // MARK: Memory, with the budget in the decoder

    @inline(__always) func read8(_ d: inout Decoder, _ segment: Int, _ offset: UInt16) -> UInt8 {
        let address = linear(segment, offset)
        if pageFlags[address &>> 12] & FastProcessor.slowRead != 0 {
            lend(d)
            let value = readSlowly(segment, offset)
            takeBack(&d)
            return value
        }
        return ram[address]
    }

    @inline(__always) func write8(_ d: inout Decoder, _ segment: Int, _ offset: UInt16, _ value: UInt8) {
        let address = linear(segment, offset)
        if pageFlags[address &>> 12] != 0 {
            lend(d)
            writeSlowly(segment, offset, value)
            takeBack(&d)
        } else {
            ram[address] = value
        }
    }

    @inline(__always) func read16(
        _ d: inout Decoder, _ segment: Int, _ offset: UInt16
    ) throws(ProcessorFault) -> UInt16 {
        let address = linear(segment, offset)
        let flags = pageFlags[address &>> 12] | pageFlags[(address &+ 1) &>> 12]
        if flags & FastProcessor.slowRead != 0 || offset == 0xFFFF {
            lend(d)
            let value = try readWordSlowly(segment, offset)
            takeBack(&d)
            return value
        }
        d.budget &-= tables.wordTransfer[address & 1]
        return UnsafeRawPointer(ram + address).loadUnaligned(as: UInt16.self)
    }

    @inline(__always) func write16(
        _ d: inout Decoder, _ segment: Int, _ offset: UInt16, _ value: UInt16
    ) throws(ProcessorFault) {
        let address = linear(segment, offset)
        if pageFlags[address &>> 12] | pageFlags[(address &+ 1) &>> 12] != 0 || offset == 0xFFFF {
            lend(d)
            try writeWordSlowly(segment, offset, value)
            takeBack(&d)
        } else {
            d.budget &-= tables.wordTransfer[address & 1]
            UnsafeMutableRawPointer(ram + address).storeBytes(of: value, as: UInt16.self)
        }
    }

    @inline(__always) func push(_ d: inout Decoder, _ value: UInt16) throws(ProcessorFault) {
        let sp = words[Slot.sp] &- 2
        try write16(&d, Slot.ss, sp, value)
        words[Slot.sp] = sp
    }

    @inline(__always) func pop(_ d: inout Decoder) throws(ProcessorFault) -> UInt16 {
        let value = try read16(&d, Slot.ss, words[Slot.sp])
        words[Slot.sp] &+= 2
        return value
    }

    @inline(__always) func read8(_ d: inout Decoder, _ place: Place) -> UInt8 {
        place.isMemory
            ? read8(&d, place.segment, place.offset) : bytes[byteSlot(UInt8(truncatingIfNeeded: place.offset))]
    }

    @inline(__always) func write8(_ d: inout Decoder, _ place: Place, _ value: UInt8) {
        if place.isMemory {
            write8(&d, place.segment, place.offset, value)
        } else {
            bytes[byteSlot(UInt8(truncatingIfNeeded: place.offset))] = value
        }
    }

    @inline(__always) func read16(_ d: inout Decoder, _ place: Place) throws(ProcessorFault) -> UInt16 {
        place.isMemory ? try read16(&d, place.segment, place.offset) : words[Int(place.offset & 7)]
    }

    @inline(__always) func write16(_ d: inout Decoder, _ place: Place, _ value: UInt16) throws(ProcessorFault) {
        if place.isMemory {
            try write16(&d, place.segment, place.offset, value)
        } else {
            words[Int(place.offset & 7)] = value
        }
    }

    // MARK: Forms of operands

    @inline(__always) func registerByte(_ modRM: UInt8) -> Int { byteSlot(modRM >> 3 & 7) }
    @inline(__always) func registerWord(_ modRM: UInt8) -> Int { Int(modRM >> 3 & 7) }

    @inline(__always) func loadByte(_ d: inout Decoder, _ modRM: UInt8) -> UInt8 {
        if modRM >= 0xC0 { return bytes[byteSlot(modRM & 7)] }
        let place = memoryPlace(&d, modRM)
        return read8(&d, place.segment, place.offset)
    }

    @inline(__always) func loadWord(_ d: inout Decoder, _ modRM: UInt8) throws(ProcessorFault) -> UInt16 {
        if modRM >= 0xC0 { return words[Int(modRM & 7)] }
        let place = memoryPlace(&d, modRM)
        return try read16(&d, place.segment, place.offset)
    }

    @inline(__always) func storeByte(_ d: inout Decoder, _ modRM: UInt8, _ value: UInt8) {
        if modRM >= 0xC0 {
            bytes[byteSlot(modRM & 7)] = value
        } else {
            let place = memoryPlace(&d, modRM)
            write8(&d, place.segment, place.offset, value)
        }
    }

    @inline(__always) func storeWord(
        _ d: inout Decoder, _ modRM: UInt8, _ value: UInt16
    ) throws(ProcessorFault) {
        if modRM >= 0xC0 {
            words[Int(modRM & 7)] = value
        } else {
            let place = memoryPlace(&d, modRM)
            try write16(&d, place.segment, place.offset, value)
        }
    }

    /// E op G -> E, bytes.
    @inline(__always) func ebGb(_ d: inout Decoder, _ operation: (UInt8, UInt8) -> UInt8) {
        let modRM = d.byte()
        let source = bytes[registerByte(modRM)]
        if modRM >= 0xC0 {
            let slot = byteSlot(modRM & 7)
            bytes[slot] = operation(bytes[slot], source)
        } else {
            let place = memoryPlace(&d, modRM)
            let value = read8(&d, place.segment, place.offset)
            write8(&d, place.segment, place.offset, operation(value, source))
        }
    }

    /// E op G -> E, words.
    @inline(__always) func evGv(
        _ d: inout Decoder, _ operation: (UInt16, UInt16) -> UInt16
    ) throws(ProcessorFault) {
        let modRM = d.byte()
        let source = words[registerWord(modRM)]
        if modRM >= 0xC0 {
            let slot = Int(modRM & 7)
            words[slot] = operation(words[slot], source)
        } else {
            let place = memoryPlace(&d, modRM)
            let value = try read16(&d, place.segment, place.offset)
            try write16(&d, place.segment, place.offset, operation(value, source))
        }
    }

    /// G op E -> G, bytes.
    @inline(__always) func gbEb(_ d: inout Decoder, _ operation: (UInt8, UInt8) -> UInt8) {
        let modRM = d.byte()
        let source = loadByte(&d, modRM)
        let slot = registerByte(modRM)
        bytes[slot] = operation(bytes[slot], source)
    }

    /// G op E -> G, words.
    @inline(__always) func gvEv(
        _ d: inout Decoder, _ operation: (UInt16, UInt16) -> UInt16
    ) throws(ProcessorFault) {
        let modRM = d.byte()
        let source = try loadWord(&d, modRM)
        let slot = registerWord(modRM)
        words[slot] = operation(words[slot], source)
    }

    /// A conditional short jump.
    @inline(__always) func jump(_ d: inout Decoder, if condition: Bool) {
        let distance = d.signedByte()
        if condition {
            d.ip &+= distance
            d.budget &-= Int(tables.taken[Int(d.opcode)])
        }
    }
}
