import Core
import X86

/// Something that the person at the machine may want to know.
public enum BIOSReport: Hashable, Sendable {
    /// INT 10h AH=00h asked for a mode that the adapter lacks or that is not emulated; the old mode stays.
    case unavailableVideoMode(UInt8, caller: FarPointer)
    /// A service number that this BIOS lacks.
    case unknownFunction(interrupt: UInt8, ax: UInt16, caller: FarPointer)
    /// Standard input has ended while the program waits for a key (`isWaiting`), or looks for one.
    case inputEnded(isWaiting: Bool)
    /// INT 18h, INT 19h: there is nothing to boot from.
    case nothingToBoot
    /// Ctrl-Alt-Del.
    case restart

    /// What makes two reports the same: compiled programs call interrupts from many places, some from their stack.
    var kind: BIOSReport {
        switch self {
        case .unknownFunction(let interrupt, let ax, _):
            .unknownFunction(interrupt: interrupt, ax: ax & 0xFF00, caller: FarPointer(0, 0))
        case .unavailableVideoMode(let mode, _): .unavailableVideoMode(mode, caller: FarPointer(0, 0))
        default: self
        }
    }
}

/// Takes reports. Each is made once, wherever the program calls from.
public protocol BIOSObserver: AnyObject {
    func bios(_ bios: BIOSService, reports report: BIOSReport)
}

/// Starts the operating system when INT 19h is called, instead of the first sector of a disk.
public protocol BootHandler: AnyObject {
    /// Interrupts are off, the stack is the caller's. Returns how the trap ends, usually `.resume`.
    func boot(in context: ServiceContext) -> ServiceOutcome
}

/// Takes what INT 17h prints.
public protocol PrinterSink: AnyObject {
    /// - Parameter port: 0 is LPT1.
    func printByte(_ byte: UInt8, port: Int)
}

/// What happens when a program waits for a key, standard input is its keyboard, and that has ended.
public enum EndOfInputPolicy: UInt8, Sendable {
    /// Leave the machine with exit status 1. The report `inputEnded` says why.
    case exit
    /// Wait for the emulated keyboard, which a script may play.
    case wait
}
