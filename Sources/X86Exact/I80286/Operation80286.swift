/// What the execution unit does, by opcode: the small number of cases becomes one jump.
enum Operation80286: UInt8 {
    case none, arithmetic
    case pushSegment, popSegment, system, adjust, stepRegister, pushRegister, popRegister, pushAll, popAll
    case bound, pushImmediate, multiplyImmediate, string, jumpIf, arithmeticImmediate, test, exchange, move
    case moveSegment, loadAddress, popOperand, exchangeAccumulator, extendByte, extendWord, callFar, wait
    case pushFlags, popFlags, storeFlags, loadFlags, moveDirect, testImmediate, moveRegisterImmediate
    case shiftByImmediate, returnNear, loadFarES, loadFarDS, moveImmediate, enter, leave, returnFar
    case breakpoint, interrupt, interruptOnOverflow, returnFromInterrupt, shiftByOne, shiftByCL
    case adjustAfterMultiplication, adjustBeforeDivision, setFromCarry, translate, escape, loop, port
    case callNear, jumpNear, jumpFar, jumpShort, halt, complementCarry, unary, clearCarry, setCarry
    case clearInterrupt, setInterrupt, clearDirection, setDirection, stepOrTransfer

    /// The operation of an opcode; prefixes and what does not exist have none.
    static func of(_ opcode: UInt8) -> Operation80286 {
        if opcode < 0x40 && opcode & 7 < 6 && opcode != 0x0F { return .arithmetic }
        switch opcode {
        case 0x06, 0x0E, 0x16, 0x1E: return .pushSegment
        case 0x07, 0x17, 0x1F: return .popSegment
        case 0x0F: return .system
        case 0x27, 0x2F, 0x37, 0x3F: return .adjust
        case 0x40...0x4F: return .stepRegister
        case 0x50...0x57: return .pushRegister
        case 0x58...0x5F: return .popRegister
        case 0x60: return .pushAll
        case 0x61: return .popAll
        case 0x62: return .bound
        case 0x68, 0x6A: return .pushImmediate
        case 0x69, 0x6B: return .multiplyImmediate
        case 0x6C...0x6F, 0xA4...0xA7, 0xAA...0xAF: return .string
        case 0x70...0x7F: return .jumpIf
        case 0x80...0x83: return .arithmeticImmediate
        case 0x84, 0x85: return .test
        case 0x86, 0x87: return .exchange
        case 0x88...0x8B: return .move
        case 0x8C, 0x8E: return .moveSegment
        case 0x8D: return .loadAddress
        case 0x8F: return .popOperand
        case 0x90...0x97: return .exchangeAccumulator
        case 0x98: return .extendByte
        case 0x99: return .extendWord
        case 0x9A: return .callFar
        case 0x9B: return .wait
        case 0x9C: return .pushFlags
        case 0x9D: return .popFlags
        case 0x9E: return .storeFlags
        case 0x9F: return .loadFlags
        case 0xA0...0xA3: return .moveDirect
        case 0xA8, 0xA9: return .testImmediate
        case 0xB0...0xBF: return .moveRegisterImmediate
        case 0xC0, 0xC1: return .shiftByImmediate
        case 0xC2, 0xC3: return .returnNear
        case 0xC4: return .loadFarES
        case 0xC5: return .loadFarDS
        case 0xC6, 0xC7: return .moveImmediate
        case 0xC8: return .enter
        case 0xC9: return .leave
        case 0xCA, 0xCB: return .returnFar
        case 0xCC: return .breakpoint
        case 0xCD: return .interrupt
        case 0xCE: return .interruptOnOverflow
        case 0xCF: return .returnFromInterrupt
        case 0xD0, 0xD1: return .shiftByOne
        case 0xD2, 0xD3: return .shiftByCL
        case 0xD4: return .adjustAfterMultiplication
        case 0xD5: return .adjustBeforeDivision
        case 0xD6: return .setFromCarry
        case 0xD7: return .translate
        case 0xD8...0xDF: return .escape
        case 0xE0...0xE3: return .loop
        case 0xE4...0xE7, 0xEC...0xEF: return .port
        case 0xE8: return .callNear
        case 0xE9: return .jumpNear
        case 0xEA: return .jumpFar
        case 0xEB: return .jumpShort
        case 0xF4: return .halt
        case 0xF5: return .complementCarry
        case 0xF6, 0xF7: return .unary
        case 0xF8: return .clearCarry
        case 0xF9: return .setCarry
        case 0xFA: return .clearInterrupt
        case 0xFB: return .setInterrupt
        case 0xFC: return .clearDirection
        case 0xFD: return .setDirection
        case 0xFE, 0xFF: return .stepOrTransfer
        default: return .none
        }
    }
}
