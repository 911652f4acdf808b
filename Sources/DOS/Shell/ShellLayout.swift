import Core
import X86

/// Where things are in the memory block of the command interpreter and of each command on Z:.
///
/// The block begins with the PSP, so all offsets are in the segment of the PSP, which is also the stack segment.
enum ShellLayout {
    /// The parameter block of INT 21h AX=4B00h, 14 bytes.
    static let parameterBlock: UInt16 = 0x0180
    /// The two unopened FCBs for a child program.
    static let firstFCB: UInt16 = 0x01A0
    static let secondFCB: UInt16 = 0x01D0
    /// Two ASCIZ paths.
    static let path: UInt16 = 0x0200
    static let secondPath: UInt16 = 0x02A0
    static let pathCapacity = 128
    /// The command tail of a child program: a count, up to 126 characters, CR.
    static let tail: UInt16 = 0x0340
    /// The buffer of INT 21h AH=0Ah, whose contents serve as the template of the next line.
    static let lineBuffer: UInt16 = 0x03D0
    static let lineCapacity: UInt8 = 128
    /// The disk transfer area of searches.
    static let dta: UInt16 = 0x0460
    static let dtaSize = 43
    /// Data on its way to or from a file.
    static let data: UInt16 = 0x0500
    static let dataSize = 512
    static let stackTop: UInt16 = 0x0A00
    /// INT 2Eh comes while the stack above this is in use by the EXEC that started its caller.
    static let secondStackTop: UInt16 = 0x0880
    static let paragraphs: UInt16 = 0x00A0

    /// The job file table and the environment segment in the PSP. Source: Ralf Brown's Interrupt List, table 01378.
    static let jobFileTable: UInt16 = 0x0018
    static let jobFileCount = 20
    static let environmentSegment: UInt16 = 0x002C
    static let savedStack: UInt16 = 0x002E
    static let parent: UInt16 = 0x0016
    static let commandTail: UInt16 = 0x0080
}

/// The programs whose logic is in the ROM: the number that the .COM file loads into AX.
enum ShellProgram: UInt16, CaseIterable, Sendable {
    case command = 0
    case more, find, sort, tree, attrib, mem, xcopy, deltree, move, choice

    var fileName: String {
        switch self {
        case .command: "COMMAND.COM"
        case .more: "MORE.COM"
        case .find: "FIND.COM"
        case .sort: "SORT.COM"
        case .tree: "TREE.COM"
        case .attrib: "ATTRIB.COM"
        case .mem: "MEM.COM"
        case .xcopy: "XCOPY.COM"
        case .deltree: "DELTREE.COM"
        case .move: "MOVE.COM"
        case .choice: "CHOICE.COM"
        }
    }

    /// The bytes of the .COM file: `MOV AX, number`, a far jump to the start entry in the ROM, and a name for people
    /// who look inside.
    func image(start: FarPointer) -> [UInt8] {
        let number = rawValue
        return [
            0xB8, UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8),
            0xEA, UInt8(truncatingIfNeeded: start.offset), UInt8(truncatingIfNeeded: start.offset >> 8),
            UInt8(truncatingIfNeeded: start.segment), UInt8(truncatingIfNeeded: start.segment >> 8),
        ] + " Ochenta \(fileName)".dosText + [0x1A]
    }
}
