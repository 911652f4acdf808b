import Automation
import Core
import Machine
import Storage

@testable import Hosting

/// Programs of a few bytes.
enum TinyProgram {
    /// Copies standard input to standard output, and ends with status 5.
    static let copy: [UInt8] = [
        0xB4, 0x3F, 0x31, 0xDB, 0xB9, 0x00, 0x02, 0xBA, 0x22, 0x01, 0xCD, 0x21, 0x72, 0x0F, 0x09, 0xC0, 0x74, 0x0B,
        0x89, 0xC1, 0xBB, 0x01, 0x00, 0xB4, 0x40, 0xCD, 0x21, 0xEB, 0xE3, 0xB8, 0x05, 0x4C, 0xCD, 0x21,
    ]
    /// Takes keys by INT 16h, for ever.
    static let waitForKeys: [UInt8] = [0x31, 0xC0, 0xCD, 0x16, 0xEB, 0xFA]
    /// Shows the mouse's cursor and waits for a press of the left button; its column is the status.
    static let waitForClick: [UInt8] = [
        0xB8, 0x00, 0x00, 0xCD, 0x33, 0xB8, 0x01, 0x00, 0xCD, 0x33,  // mov ax, 0; int 33h; mov ax, 1; int 33h
        0xB8, 0x05, 0x00, 0x31, 0xDB, 0xCD, 0x33, 0x85, 0xDB, 0x74, 0xF5,  // mov ax, 5; xor bx, bx; int 33h; until bx
        0x89, 0xC8, 0xB1, 0x03, 0xD3, 0xE8, 0xB4, 0x4C, 0xCD, 0x21,  // mov ax, cx; shr ax, 3; mov ah, 4Ch; int 21h
    ]
    /// Loops for ever with interrupts off.
    static let loop: [UInt8] = [0xFA, 0xEB, 0xFE]
    /// Halts with interrupts off.
    static let halt: [UInt8] = [0xFA, 0xF4]
}

/// A machine with a drive in memory; it runs `program`, or shows a prompt.
func makeMachine(_ program: [UInt8]? = nil) throws -> PersonalComputer {
    let volume = MemoryVolume(clock: StoppedFileClock())
    try volume.load(program.map { ["PROG.COM": $0] } ?? [:])
    var configuration = MachineConfiguration()
    configuration.drives = [(letter: 2, volume: volume)]
    configuration.isInteractive = program == nil
    if program != nil { configuration.startup = [.program(path: Array("C:\\PROG.COM".utf8), tail: [])] }
    return PersonalComputer(configuration)
}

/// A clock on which waiting takes no time.
final class EagerClock: HostClock {
    private(set) var now: Int64 = 1_000_000_000

    func wait(for descriptors: [Int32], until deadline: Int64?) -> [Int32] {
        now = max(now, deadline ?? now)
        return SystemClock().wait(for: descriptors, until: 0)
    }
}
