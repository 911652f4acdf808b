/// An exception that an instruction raises before it has changed anything; the raw value is its vector.
public enum ProcessorFault: UInt8, Error, Sendable {
    case divideError = 0
    case boundRange = 5
    case invalidOpcode = 6
    case coprocessorMissing = 7
    case interruptTableLimit = 8
    /// The operand of a coprocessor begins in its segment and runs over the end of it (80286).
    case coprocessorOverrun = 9
    /// A word operand, stack word or instruction that runs over the end of its segment at FFFFh, or an instruction of
    /// more than 10 bytes (80286).
    case segmentOverrun = 13
    /// WAIT or ESC while the coprocessor reports an error on the processor's own pin (80286).
    case coprocessorError = 16
}
