import Core

/// Where DOS keeps its own data in guest memory. All of it is in one segment, the DOS data segment, under the first
/// memory block.
enum DOSLayout {
    /// The DOS data segment. The list of lists, the swappable data area, tables and stacks are at fixed offsets in it.
    static let dataSegment: UInt16 = 0x0080

    /// Each of DOS's stacks.
    static let stackSize: UInt16 = 0x0400
    static let consoleStackTop: UInt16 = 0x1400
    static let diskStackTop: UInt16 = 0x1800
    static let criticalStackTop: UInt16 = 0x1C00

    /// Start of the swappable data area: the critical error flag, then the InDOS flag.
    static let swappableDataArea: UInt16 = 0x0320
    static let criticalErrorFlag = FarPointer(dataSegment, swappableDataArea)
    static let inDOS = FarPointer(dataSegment, swappableDataArea + 1)
    /// Current PSP in the swappable data area. Source: Ralf Brown's interrupt list, INT 21h AX=5D06h (DOS 4+ layout).
    static let currentPSP = FarPointer(dataSegment, swappableDataArea + 0x10)
    static let currentDTA = FarPointer(dataSegment, swappableDataArea + 0x0C)
    static let currentDrive = FarPointer(dataSegment, swappableDataArea + 0x16)
    /// System file table, current directory structures and drive parameter blocks; see Files/FileTables.swift.
    static let fileTablesSegment: UInt16 = 0x0280
    /// The first memory block begins here.
    static let firstBlock: UInt16 = 0x04D0
}

/// Offsets in a program segment prefix. Source: Ralf Brown's interrupt list, INT 21h AH=26h, table 01378.
enum PSPField {
    static let int20: UInt16 = 0x00
    static let memoryEnd: UInt16 = 0x02
    static let callFive: UInt16 = 0x05
    static let terminateVector: UInt16 = 0x0A
    static let ctrlCVector: UInt16 = 0x0E
    static let criticalErrorVector: UInt16 = 0x12
    static let parent: UInt16 = 0x16
    static let handles: UInt16 = 0x18
    static let environment: UInt16 = 0x2C
    static let callerStack: UInt16 = 0x2E
    static let handleCount: UInt16 = 0x32
    static let handlePointer: UInt16 = 0x34
    static let previous: UInt16 = 0x38
    static let version: UInt16 = 0x40
    static let int21Call: UInt16 = 0x50
    static let firstFCB: UInt16 = 0x5C
    static let secondFCB: UInt16 = 0x6C
    static let commandTail: UInt16 = 0x80
}

extension DOSKernel {
    /// The PSP of the running process.
    func currentProcess(_ memory: GuestMemory) -> UInt16 { memory.read16(DOSLayout.currentPSP) }
    /// The disk transfer area of the running process.
    func currentDTA(_ memory: GuestMemory) -> FarPointer { memory.readPointer(DOSLayout.currentDTA) }
}
