/// The microcode routines, one case for all opcodes that share one.
///
/// Source: [UCODE86] the entry points of the opcodes; [SST86] the opcodes that Intel does not list.
enum Routine8086: UInt8 {
    case moveRM, moveFromSegment, moveToSegment, moveAccumulatorFromDirect, moveDirectFromAccumulator
    case moveRegisterImmediate, moveMemoryImmediate, loadAddress, loadFarPointer, exchange, exchangeAX, translate
    case arithmeticRM, arithmeticAccumulator, arithmeticImmediate, test, testAccumulator
    case incrementRegister, unary, step, shiftOne, shiftCL
    case pushRegister, pushSegment, pushFlags, popRegister, popSegment, popFlags, popMemory
    case signExtendByte, signExtendWord, decimalAdjust, asciiAdjust, asciiAfterMultiply, asciiBeforeDivide, salc
    case storeAH, loadAH, escape, wait
    case jumpConditional, jumpCXZero, loopWhile, loop, jumpNear, jumpShort, jumpFar, callNear, callFar
    case returnNear, returnNearDropping, returnFar, returnFarDropping, returnInterrupt
    case breakpoint, interrupt, overflowInterrupt
    case inImmediate, inDX, outImmediate, outDX
    case move, compare, store
    /// Not microcoded: the loader does them in one clock.
    case prefixSegment, prefixRepeat, prefixLock, flag, halt
}

/// What the group decode ROM says about an opcode.
struct Decode8086 {
    /// Bits of `properties`.
    static let hasModRM: UInt8 = 0x01
    /// A memory operand is read before the routine begins.
    static let loadsOperand: UInt8 = 0x02
    /// The ModRM byte chooses the routine, which costs a clock.
    static let isGroup: UInt8 = 0x04
    /// The operand is a word.
    static let isWord: UInt8 = 0x08

    var routine: Routine8086
    var properties: UInt8

    static func table() -> UnsafeMutablePointer<Decode8086> {
        let table = UnsafeMutablePointer<Decode8086>.allocate(capacity: 256)
        for opcode in 0...255 {
            let (routine, properties) = decode(UInt8(opcode))
            table[opcode] = Decode8086(routine: routine, properties: properties)
        }
        return table
    }

    private static func decode(_ opcode: UInt8) -> (Routine8086, UInt8) {
        let width = opcode & 1 != 0 ? isWord : 0
        let operand = hasModRM | loadsOperand
        switch opcode {
        case 0x00...0x3F: return decodeLow(opcode, width)
        case 0x40...0x4F: return (.incrementRegister, isWord)
        case 0x50...0x57: return (.pushRegister, isWord)
        case 0x58...0x5F: return (.popRegister, isWord)
        case 0x60...0x7F: return (.jumpConditional, isWord)
        case 0x80...0x83: return (.arithmeticImmediate, operand | width)
        case 0x84, 0x85: return (.test, operand | width)
        case 0x86, 0x87: return (.exchange, operand | width)
        case 0x88, 0x89: return (.moveRM, hasModRM | width)
        case 0x8A, 0x8B: return (.moveRM, operand | width)
        case 0x8C: return (.moveFromSegment, hasModRM | isWord)
        case 0x8D: return (.loadAddress, hasModRM | isWord)
        case 0x8E: return (.moveToSegment, operand | isWord)
        case 0x8F: return (.popMemory, hasModRM | isWord)
        case 0x90...0x97: return (.exchangeAX, isWord)
        case 0x98: return (.signExtendByte, isWord)
        case 0x99: return (.signExtendWord, isWord)
        case 0x9A: return (.callFar, isWord)
        case 0x9B: return (.wait, isWord)
        case 0x9C: return (.pushFlags, isWord)
        case 0x9D: return (.popFlags, isWord)
        case 0x9E: return (.storeAH, isWord)
        case 0x9F: return (.loadAH, isWord)
        case 0xA0, 0xA1: return (.moveAccumulatorFromDirect, width)
        case 0xA2, 0xA3: return (.moveDirectFromAccumulator, width)
        case 0xA4, 0xA5, 0xAC, 0xAD: return (.move, width)
        case 0xA6, 0xA7, 0xAE, 0xAF: return (.compare, width)
        case 0xA8, 0xA9: return (.testAccumulator, width)
        case 0xAA, 0xAB: return (.store, width)
        case 0xB0...0xBF: return (.moveRegisterImmediate, opcode & 8 != 0 ? isWord : 0)
        default: return decodeHigh(opcode, width)
        }
    }

    /// 00 to 3F: six of every eight are arithmetic.
    private static func decodeLow(_ opcode: UInt8, _ width: UInt8) -> (Routine8086, UInt8) {
        switch opcode & 7 {
        case 0...3: return (.arithmeticRM, hasModRM | loadsOperand | width)
        case 4, 5: return (.arithmeticAccumulator, width)
        default: break
        }
        switch opcode {
        case 0x26, 0x2E, 0x36, 0x3E: return (.prefixSegment, 0)
        case 0x27, 0x2F: return (.decimalAdjust, 0)
        case 0x37, 0x3F: return (.asciiAdjust, 0)
        default: return (opcode & 1 == 0 ? .pushSegment : .popSegment, isWord)
        }
    }

    /// C0 to FF.
    private static func decodeHigh(_ opcode: UInt8, _ width: UInt8) -> (Routine8086, UInt8) {
        let operand = hasModRM | loadsOperand
        switch opcode {
        case 0xC0, 0xC2: return (.returnNearDropping, isWord)
        case 0xC1, 0xC3: return (.returnNear, isWord)
        case 0xC4, 0xC5: return (.loadFarPointer, operand | isWord)
        case 0xC6, 0xC7: return (.moveMemoryImmediate, hasModRM | width)
        case 0xC8, 0xCA: return (.returnFarDropping, isWord)
        case 0xC9, 0xCB: return (.returnFar, isWord)
        case 0xCC: return (.breakpoint, isWord)
        case 0xCD: return (.interrupt, isWord)
        case 0xCE: return (.overflowInterrupt, isWord)
        case 0xCF: return (.returnInterrupt, isWord)
        case 0xD0, 0xD1: return (.shiftOne, operand | width)
        case 0xD2, 0xD3: return (.shiftCL, operand | width)
        case 0xD4: return (.asciiAfterMultiply, 0)
        case 0xD5: return (.asciiBeforeDivide, 0)
        case 0xD6: return (.salc, 0)
        case 0xD7: return (.translate, 0)
        case 0xD8...0xDF: return (.escape, operand | isWord)
        case 0xE0, 0xE1: return (.loopWhile, isWord)
        case 0xE2: return (.loop, isWord)
        case 0xE3: return (.jumpCXZero, isWord)
        case 0xE4, 0xE5: return (.inImmediate, width)
        case 0xE6, 0xE7: return (.outImmediate, width)
        case 0xE8: return (.callNear, isWord)
        case 0xE9: return (.jumpNear, isWord)
        case 0xEA: return (.jumpFar, isWord)
        case 0xEB: return (.jumpShort, isWord)
        case 0xEC, 0xED: return (.inDX, width)
        case 0xEE, 0xEF: return (.outDX, width)
        case 0xF0, 0xF1: return (.prefixLock, 0)
        case 0xF2, 0xF3: return (.prefixRepeat, 0)
        case 0xF4: return (.halt, 0)
        case 0xF6, 0xF7: return (.unary, operand | isGroup | width)
        case 0xFE, 0xFF: return (.step, operand | isGroup | width)
        default: return (.flag, 0)
        }
    }
}
