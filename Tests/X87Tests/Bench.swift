import Core
import TestSupport
import X86

@testable import X87

/// A coprocessor on the bench: instructions by code, operands by value.
final class Bench {
    let chip: Intel8087
    let scheduler = Scheduler()
    let error = Line()
    let lines = LineRecorder()
    var now = Tick.zero
    /// The operand of the last instruction.
    var operand = CoprocessorOperand()

    /// Codes of instructions with a memory operand.
    enum Memory {
        static let loadTemporary: UInt16 = 0x32E
        static let storeTemporary: UInt16 = 0x33E
        static let loadShort: UInt16 = 0x106, storeShort: UInt16 = 0x11E
        static let loadLong: UInt16 = 0x506, storeLong: UInt16 = 0x51E
        static let storeWord: UInt16 = 0x71E, storeDecimal: UInt16 = 0x736
        static let loadControl: UInt16 = 0x12E, storeControl: UInt16 = 0x13E
        static let loadEnvironment: UInt16 = 0x126, storeEnvironment: UInt16 = 0x136
        static let restore: UInt16 = 0x526, save: UInt16 = 0x536, storeStatus: UInt16 = 0x53E
    }

    init(_ model: Intel8087.Model = .i80287) {
        chip = Intel8087(model: model, clockPeriod: Tick(10), error: error, slot: scheduler.makeSlot("error"))
        error.connect(to: lines, as: 0)
        chip.takesTime = false
    }

    @discardableResult func execute(_ code: UInt16, at address: UInt16 = 0x100) -> CoprocessorResult {
        let instruction = CoprocessorInstruction(
            code: code, start: FarPointer(0x1234, address), escape: FarPointer(0x1234, address &+ 1),
            operand: FarPointer(0x2345, 0x6789))
        return chip.execute(instruction, operand: &operand, at: now)
    }

    func set(control: UInt16) {
        operand[0] = control
        execute(Memory.loadControl)
    }

    func load(_ value: Extended) {
        Intel8087.store(value, in: &operand, at: 0)
        execute(Memory.loadTemporary)
    }

    /// An instruction with a short or long real from memory.
    func execute(_ code: UInt16, bits: UInt64) {
        Intel8087.store(bits, in: &operand, words: 4)
        execute(code)
    }

    /// Initialises, loads ST(1) and ST, forgets the exceptions of that, sets the control word, and executes.
    func calculate(_ code: UInt16, _ top: Extended, _ next: Extended = .one, control: UInt16 = 0x037F) {
        execute(0x3E3)
        load(next)
        load(top)
        execute(0x3E2)
        set(control: control)
        execute(code)
    }

    var top: Extended { chip.state[0] }
    var next: Extended { chip.state[1] }
    var exceptions: Exceptions { chip.state.exceptions }
    var conditions: UInt16 { chip.state.status & StatusBit.conditions }
    var depth: Int { (0..<8).filter { !chip.state.isEmpty($0) }.count }
}

/// Numbers of special kinds.
enum Special {
    static let infinity = Extended.infinity(isNegative: false)
    static let minusInfinity = Extended.infinity(isNegative: true)
    static let minusOne = Extended.one.negated
    static let minusZero = Extended.zero(isNegative: true)
    static let denormal = Extended(signExponent: 0, significand: 0x0100_0000_0000_0000)
    /// A quarter, with a leading zero too many.
    static let unnormal = Extended(signExponent: 0x3FFE, significand: 0x4000_0000_0000_0000)
    static let pseudoZero = Extended(signExponent: 0x3FFF, significand: 0)
    static let smallNaN = Extended(signExponent: 0x7FFF, significand: 0x8000_0000_0000_0001)
    static let largeNaN = Extended(signExponent: 0xFFFF, significand: 0xC000_0000_0000_1234)
    static let least = Extended(signExponent: 1, significand: Extended.integerBit)
    static let greatest = Extended(signExponent: 0x7FFE, significand: .max)
}
