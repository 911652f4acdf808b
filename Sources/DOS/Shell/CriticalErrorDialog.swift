import Core
import X86

/// The interpreter's INT 24h: what went wrong, and "Abort, Retry, Ignore, Fail?".
///
/// It is entered in the middle of a DOS call, so it uses character input and output only.
/// Source: Ralf Brown's Interrupt List, INT 24h.
struct CriticalErrorDialog: StateValue {
    /// What INT 24h returns in AL.
    enum Action: UInt8 { case ignore = 0, retry = 1, abort = 2, fail = 3 }

    /// The error in AX and DI, the device driver's header at BP:SI.
    var ax: UInt16 = 0
    var code: UInt8 = 0
    var device: [UInt8] = []
    /// PSP of the process whose call met the error.
    var process: UInt16 = 0
    var log: [StepAnswer] = []
    var isPending = false

    init() {}

    init(_ context: ServiceContext) {
        let cpu = context.cpu
        ax = cpu.ax
        code = UInt8(truncatingIfNeeded: cpu.di)
        process = cpu.bx
        // Bit 15 of the attribute word tells a character device, whose name is at 0Ah of its header.
        device = context.memory.readBytes(FarPointer(cpu.bp, cpu.si) + 0x0A, 8).trimmed
    }

    private var ah: UInt8 { UInt8(truncatingIfNeeded: ax >> 8) }
    private var isDisk: Bool { ah & 0x80 == 0 }
    private var canIgnore: Bool { ah & 0x20 != 0 }
    private var canRetry: Bool { ah & 0x10 != 0 }
    private var canFail: Bool { ah & 0x08 != 0 }

    private var message: [UInt8] {
        let names = [
            "Write protect error", "Invalid unit", "Not ready", "Invalid device request", "Data error",
            "Invalid device request parameters", "Seek error", "Invalid media type", "Sector not found",
            "Printer out of paper", "Write fault error", "Read fault error", "General failure", "Sharing violation",
            "Lock violation", "Invalid disk change", "FCB unavailable", "Sharing buffer exceeded",
        ]
        let name = Int(code) < names.count ? names[Int(code)] : "Unknown error \(code)"
        let action = ah & 1 == 0 ? "reading" : "writing"
        let drive = [UInt8(truncatingIfNeeded: ax) &+ 0x41]
        let subject = isDisk ? "drive ".dosText + drive : "device ".dosText + device
        let choices =
            ["Abort"] + (canRetry ? ["Retry"] : []) + (canIgnore ? ["Ignore"] : []) + (canFail ? ["Fail"] : [])
        return "\r\n\(name) \(action) ".dosText + subject + "\r\n\(choices.joined(separator: ", "))? ".dosText
    }

    /// Shows the error and asks until an answer that is allowed has been typed.
    func ask(_ shell: ShellStep) throws(StepSignal) -> Action {
        for byte in message { _ = try shell.call(0x0200, dx: UInt16(byte)) }
        while true {
            let key = try shell.call(0x0700).al
            let action: Action
            switch key & 0xDF {
            case UInt8(ascii: "A"): action = .abort
            case UInt8(ascii: "R") where canRetry: action = .retry
            case UInt8(ascii: "I") where canIgnore: action = .ignore
            case UInt8(ascii: "F") where canFail: action = .fail
            default: continue
            }
            for byte in [key, 0x0D, 0x0A] { _ = try shell.call(0x0200, dx: UInt16(byte)) }
            return action
        }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("ax", &ax)
        coder.field("code", &code)
        coder.field("device", &device, limit: 8)
        coder.field("process", &process)
        coder.array("log", &log, limit: ShellStep.answerLimit + 1)
        coder.field("isPending", &isPending)
    }
}
