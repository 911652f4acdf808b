/// What the interpreter keeps beside the architectural state while it runs. Nothing here outlives `run`.
///
/// Time is counted down: `budget` clocks are left until the loop must look up, and `end` is the time at which the
/// budget is used up, so the present is `end - budget * period`.
struct Work {
    /// Clocks left before the loop looks for deadlines and interrupts.
    var budget = 0
    /// The budget as it was when the present instruction began: its time is that of its port and device accesses.
    var startBudget = 0
    /// Ticks at which the budget is zero.
    var end: Int64 = 0

    // Lazy flags. ZF, SF and PF come from `result`, CF, AF and OF from `carries`.

    /// The last result, sign-extended.
    var result: Int32 = 0
    /// Bit 31: carry out (CF). Bit 30: carry into the sign, so that OF is bit 31 ^ bit 30. Bit 3: AF.
    /// Bit 0 flips the sign that `result` gives, bit 8 its parity, so that POPF can load any combination.
    var carries: UInt32 = 0

    /// Instructions executed since power-on.
    var executed: UInt64 = 0
    /// The value of `executed` at whose boundary an interrupt shadow lies.
    var shadowAt: UInt64 = .max
    var isShadowDeep = false
    /// TF was set when the present instruction began.
    var isStepping = false
    /// The budget is for one instruction only.
    var isLimitedToOne = false
    /// An instruction is running with segments that LOADALL has loaded, and it has violated one of them.
    var isTranslating = false
    var hasViolation = false
}
