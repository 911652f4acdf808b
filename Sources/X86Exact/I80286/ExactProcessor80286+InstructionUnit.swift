import X86

/// The instruction unit: takes a byte a clock from the prefetch queue, and makes decoded instructions of them.
///
/// A byte that is extended to a word (a displacement of one byte, the operands of 83 or 6A, the distance of a short jump)
/// takes a clock more. A decoded instruction can be worked on in the third clock after the one of its last byte.
///
/// Measured: SingleStepTests/80286.
extension ExactProcessor80286 {
    /// Clocks from the decoding of the last byte to the first clock of the execution unit.
    static let decodedDelay: UInt64 = 3
    /// From the decoding of a transfer to the end of fetching.
    static let fetchEndDelay: UInt64 = 2
    /// The longest instruction, prefixes included.
    static let longestInstruction: UInt8 = 10

    /// The clock in which a byte was extended has passed.
    @inline(never) func extensionDidPass() {
        pipe.pointee.hold &= ~Pipeline80286.holdsForExtension
        nextField(decoding)
    }

    @inline(__always) private var decoding: UnsafeMutablePointer<Decoded80286> {
        decoded + Int((pipe.pointee.decodedHead &+ pipe.pointee.decodedCount) & (ExactProcessor80286.ringSize - 1))
    }

    /// One clock of the instruction unit: the oldest byte of the queue is decoded.
    func takeByte() {
        let p = pipe
        let d = decoding
        let byte = UInt8(truncatingIfNeeded: p.pointee.queue)
        p.pointee.queue >>= 8
        p.pointee.queueCount &-= 1
        p.pointee.level &-= 1
        d.pointee.length &+= 1
        if d.pointee.length > ExactProcessor80286.longestInstruction { return fail(.segmentOverrun) }
        switch p.pointee.phase {
        case .opcode: takeOpcode(byte, d)
        case .second: takeSecond(byte)
        case .modRM: takeModRM(byte, d)
        case .displacement:
            d.pointee.displacement |= UInt16(byte) << UInt16(p.pointee.fieldShift)
            p.pointee.fieldShift &+= 8
            p.pointee.displacementBytes &-= 1
            guard p.pointee.displacementBytes == 0 else { return }
            if d.pointee.modRM & 0xC0 == 0x40 {
                d.pointee.displacement = UInt16(bitPattern: Int16(Int8(bitPattern: byte)))
                p.pointee.hold |= Pipeline80286.holdsForExtension
            } else {
                nextField(d)
            }
        case .immediate:
            d.pointee.immediate |= UInt32(byte) << UInt32(p.pointee.fieldShift)
            p.pointee.fieldShift &+= 8
            p.pointee.immediateBytes &-= 1
            if p.pointee.immediateBytes == 0 {
                if shapes[Int(d.pointee.opcode)] & Shape80286.isExtended != 0 {
                    d.pointee.immediate = UInt32(UInt16(bitPattern: Int16(Int8(bitPattern: byte))))
                    p.pointee.hold |= Pipeline80286.holdsForExtension
                } else {
                    nextField(d)
                }
            }
        }
    }

    @inline(__always) private func takeOpcode(_ byte: UInt8, _ d: UnsafeMutablePointer<Decoded80286>) {
        let p = pipe
        let shape = shapes[Int(byte)]
        if shape & Shape80286.isPrefix != 0 {
            switch byte {
            case 0x26: d.pointee.segment = UInt8(Slot80286.es)
            case 0x2E: d.pointee.segment = UInt8(Slot80286.cs)
            case 0x36: d.pointee.segment = UInt8(Slot80286.ss)
            case 0x3E: d.pointee.segment = UInt8(Slot80286.ds)
            case 0xF0: d.pointee.isLocked = true
            case 0xF2, 0xF3: d.pointee.repeatPrefix = byte
            default: break
            }
            return
        }
        d.pointee.opcode = byte
        p.pointee.immediateBytes = UInt8(truncatingIfNeeded: shape >> Shape80286.immediateShift)
        p.pointee.displacementBytes = 0
        if byte == 0x0F {
            p.pointee.phase = .second
        } else if shape & Shape80286.hasModRM != 0 {
            p.pointee.phase = .modRM
        } else {
            nextField(d)
        }
    }

    /// The second byte of a 0F instruction. In the service ROM, 0F FF and two more bytes are a service trap.
    @inline(never) private func takeSecond(_ byte: UInt8) {
        let p = pipe
        let d = decoding
        d.pointee.second = byte
        if byte == 0xFF && ServiceROM.range.contains(p.pointee.codeBase &+ decodeOffset &- 2) {
            p.pointee.immediateBytes = 2
            d.pointee.hasTrapNumber = true
            nextField(d)
        } else if byte <= 0x03 {
            p.pointee.phase = .modRM
        } else {
            nextField(d)
        }
    }

    @inline(__always) private func takeModRM(_ byte: UInt8, _ d: UnsafeMutablePointer<Decoded80286>) {
        let p = pipe
        d.pointee.modRM = byte
        if shapes[Int(d.pointee.opcode)] & Shape80286.hasForms != 0 { takeForm(d.pointee.opcode, byte) }
        switch byte & 0xC0 {
        case 0x40: p.pointee.displacementBytes = 1
        case 0x80: p.pointee.displacementBytes = 2
        case 0x00: p.pointee.displacementBytes = byte & 7 == 6 ? 2 : 0
        default: break
        }
        nextField(d)
    }

    @inline(never) private func takeForm(_ opcode: UInt8, _ modRM: UInt8) {
        if opcode & 0xFE == 0xF6 && modRM & 0x30 == 0 { pipe.pointee.immediateBytes = opcode & 1 &+ 1 }
        if isInvalid(opcode, modRM) { decoding.pointee.fault = ProcessorFault.invalidOpcode.rawValue }
    }

    /// Forms that raise the invalid opcode exception. They are decoded to their end, and decoding goes on behind them.
    private func isInvalid(_ opcode: UInt8, _ modRM: UInt8) -> Bool {
        let isRegister = modRM >= 0xC0
        let reg = modRM >> 3 & 7
        switch opcode {
        case 0x62, 0x8D, 0xC4, 0xC5: return isRegister
        case 0x63: return true
        case 0x8C: return reg > 3
        case 0x8E: return reg > 3 || reg == 1
        case 0x8F, 0xC6, 0xC7: return reg != 0
        case 0xFE: return reg > 1
        case 0xFF: return reg == 7 || isRegister && (reg == 3 || reg == 5)
        default: return false
        }
    }

    /// What comes after a field is complete.
    @inline(__always) private func nextField(_ d: UnsafeMutablePointer<Decoded80286>) {
        let p = pipe
        p.pointee.fieldShift = 0
        if p.pointee.displacementBytes > 0 {
            p.pointee.phase = .displacement
        } else if p.pointee.immediateBytes > 0 {
            p.pointee.phase = .immediate
        } else {
            complete(d)
        }
    }

    /// The instruction is decoded.
    private func complete(_ d: UnsafeMutablePointer<Decoded80286>) {
        let p = pipe
        let shape = shapes[Int(d.pointee.opcode)]
        d.pointee.ready = p.pointee.clock &+ ExactProcessor80286.decodedDelay
        if shape & (Shape80286.stopsDecoding | Shape80286.stopsFetching | Shape80286.hasForms) != 0 { stop(shape) }
        p.pointee.decodedCount &+= 1
        if p.pointee.decodedCount == 3 { p.pointee.hold |= Pipeline80286.holdsForRoom }
        beginInstruction()
    }

    /// Offset of the next byte to be decoded.
    private var decodeOffset: UInt32 {
        pipe.pointee.fetchOffset &- UInt32(truncatingIfNeeded: pipe.pointee.level & 0x3F)
    }

    /// What a transfer or HLT does to the units before it.
    @inline(never) private func stop(_ shape: UInt16) {
        let p = pipe
        let d = decoding
        if d.pointee.fault == ProcessorFault.segmentOverrun.rawValue { return }
        let isIndirect = d.pointee.opcode == 0xFF && (0x10...0x2F).contains(d.pointee.modRM & 0x38)
        if shape & Shape80286.stopsDecoding != 0 || isIndirect { p.pointee.hold |= Pipeline80286.holdsForTransfer }
        if shape & Shape80286.stopsFetching != 0 || isIndirect {
            p.pointee.fetchEnd = min(p.pointee.fetchEnd, p.pointee.clock &+ ExactProcessor80286.fetchEndDelay)
        }
    }

    @inline(never) private func fail(_ fault: ProcessorFault) {
        decoding.pointee.fault = fault.rawValue
        complete(decoding)
    }

    /// The end of the segment: an instruction does not run over it. What would follow the last instruction is fetched
    /// from offset 0.
    @inline(never) func meetEnd() {
        let p = pipe
        if decoding.pointee.length > 0 {
            fail(.segmentOverrun)
            p.pointee.hold |= Pipeline80286.holdsForTransfer
            return
        }
        p.pointee.fetchOffset = 0
        p.pointee.level &= ~Pipeline80286.segmentEnd
    }

    @inline(__always) private func beginInstruction() {
        pipe.pointee.phase = .opcode
        decoding.pointee = Decoded80286()
    }

    /// Forgets what has been decoded.
    func restartDecoding() {
        let p = pipe
        p.pointee.hold = 0
        p.pointee.decodedCount = 0
        p.pointee.decodedHead = (p.pointee.executing &+ 1) & (ExactProcessor80286.ringSize - 1)
        beginInstruction()
    }
}
