import Core

/// An ESC instruction (D8-DF) as the processor passes it on.
public struct CoprocessorInstruction: Hashable, Sendable {
    /// The low three bits of the ESC byte and the ModRM byte: 11 bits, 000h to 7FFh.
    public var code: UInt16
    /// Where its first prefix stands, and where its ESC byte.
    public var start: FarPointer
    public var escape: FarPointer
    /// The operand's address; of no meaning for a register form.
    public var operand: FarPointer

    public init(code: UInt16, start: FarPointer, escape: FarPointer, operand: FarPointer) {
        self.code = code
        self.start = start
        self.escape = escape
        self.operand = operand
    }
}

/// What an ESC instruction moves between memory and the coprocessor, in bytes. All counts are even.
public enum CoprocessorTransfer: Hashable, Sendable {
    case none
    case read(Int)
    case write(Int)
}

/// The memory operand of an ESC instruction: at most 94 bytes, as words in the order of memory.
public struct CoprocessorOperand: Sendable {
    private var words = [47 of UInt16](repeating: 0)

    public init() {}

    /// A word; there are 47, and others read as zero.
    public subscript(index: Int) -> UInt16 {
        get { words.indices.contains(index) ? words[index] : 0 }
        set { if words.indices.contains(index) { words[index] = newValue } }
    }
}

/// What remains for the processor to do after an ESC instruction.
public struct CoprocessorResult: Hashable, Sendable {
    /// The operand is to be written to memory. False if an exception has kept it back.
    public var storesOperand: Bool
    /// The new AX, of FSTSW AX.
    public var accumulator: UInt16?

    public init(storesOperand: Bool = false, accumulator: UInt16? = nil) {
        self.storesOperand = storesOperand
        self.accumulator = accumulator
    }
}

/// An 8087 or 80287, as a processor sees it.
///
/// For an ESC instruction the engine asks `transfer`, reads the operand if it is one to be read, calls `execute`, and
/// writes the operand if the result says so. An 80286 first waits while the coprocessor is busy, if `waits` says so. WAIT
/// waits until `busyEnd`. An error reaches the processor by the board's wiring, as NMI or IRQ 13.
public protocol Coprocessor: AnyObject {
    /// Whether instructions keep the coprocessor busy. Off, they take no time beyond the processor's.
    var takesTime: Bool { get set }

    /// The memory operand of an instruction by its 11 bits of code.
    func transfer(of code: UInt16) -> CoprocessorTransfer

    /// Whether an 80286 waits for BUSY before it passes this instruction on.
    func waits(_ code: UInt16) -> Bool

    /// The time until which BUSY is asserted; a time not after `now` if it is not, `.never` if nothing but a program or
    /// an interrupt ends it.
    func busyEnd(at now: Tick) -> Tick

    /// Executes an instruction that begins at `now`. `operand` holds what was read, and afterwards what is to be written.
    func execute(
        _ instruction: CoprocessorInstruction, operand: inout CoprocessorOperand, at now: Tick
    ) -> CoprocessorResult
}
