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

    // MARK: Tables

    /// The list of lists (INT 21h AH=52h), as in DOS 5; words at negative offsets belong to it.
    static let listOfLists = FarPointer(dataSegment, 0x0026)
    /// Header of NUL, the first device, inside the list of lists.
    static let nullDevice = FarPointer(dataSegment, 0x0048)
    /// Headers of the other character devices and of the block device, 18 bytes each, then the code they point to.
    static let deviceHeaders: UInt16 = 0x0100
    static let deviceCode: UInt16 = 0x0200
    /// Request packet that DOS itself uses, and the address that a strategy call has left.
    static let strategyPacket = FarPointer(dataSegment, 0x02F0)
    /// Country tables: upper case, file name upper case, file name characters, collating order, DBCS.
    static let upperCaseTable = FarPointer(dataSegment, 0x0A00)
    static let fileUpperCaseTable = FarPointer(dataSegment, 0x0A90)
    static let fileCharacterTable = FarPointer(dataSegment, 0x0B20)
    static let collatingTable = FarPointer(dataSegment, 0x0B40)
    static let doubleByteTable = FarPointer(dataSegment, 0x0C50)
    static let caseMapRoutine = FarPointer(dataSegment, 0x0C60)
    /// The handler of INT 1Bh.
    static let breakHandler = FarPointer(dataSegment, 0x0C80)
    /// Descriptor of the disk buffers that the list of lists points to.
    static let bufferInfo = FarPointer(dataSegment, 0x0C90)
    /// A caller's frame for the EXEC of the boot, which nobody called.
    static let bootFrame = FarPointer(dataSegment, 0x02D0)

    // MARK: Variables

    static let allocationStrategy = FarPointer(dataSegment, 0x0CC0)
    static let verifyFlag = FarPointer(dataSegment, 0x0CC1)
    static let switchCharacter = FarPointer(dataSegment, 0x0CC2)
    /// Column of the console, counted by DOS for tabs.
    static let consoleColumn = FarPointer(dataSegment, 0x0CC3)
    /// Characters written to the console; every 64th looks for Ctrl-C.
    static let consoleCount = FarPointer(dataSegment, 0x0CC4)
    /// Not 0 while Ctrl-P sends the console's output to the printer as well.
    static let printerEcho = FarPointer(dataSegment, 0x0CC5)
    /// The scan code that CON returns next, after the 0 of a function key; 3 after Ctrl-Break.
    static let pendingScanCode = FarPointer(dataSegment, 0x0CC6)
    /// Not 0 when the character that was read last was the 0 of a function key.
    static let lastWasZero = FarPointer(dataSegment, 0x0CC7)
    /// The date of CLOCK$, days since 1980-01-01.
    static let clockDays = FarPointer(dataSegment, 0x0CC8)
    /// Line buffer of CON in cooked mode: size, count, then the line; and how far it has been read.
    static let consoleLine = FarPointer(dataSegment, 0x0CD0)
    static let consoleLineCapacity: UInt8 = 128
    static let consoleLineNext = FarPointer(dataSegment, 0x0D58)
    static let consoleLineEnd = FarPointer(dataSegment, 0x0D5A)

    // MARK: Swappable data area

    /// Start of the swappable data area: the critical error flag, then the InDOS flag.
    /// Source: Ralf Brown's interrupt list, INT 21h AX=5D06h, table 01690 (DOS 4 and later).
    static let swappableDataArea: UInt16 = 0x0320
    static let criticalErrorFlag = FarPointer(dataSegment, swappableDataArea)
    static let inDOS = FarPointer(dataSegment, swappableDataArea + 0x01)
    static let errorDrive = FarPointer(dataSegment, swappableDataArea + 0x02)
    static let errorLocus = FarPointer(dataSegment, swappableDataArea + 0x03)
    static let extendedError = FarPointer(dataSegment, swappableDataArea + 0x04)
    static let errorAction = FarPointer(dataSegment, swappableDataArea + 0x06)
    static let errorClass = FarPointer(dataSegment, swappableDataArea + 0x07)
    static let errorPointer = FarPointer(dataSegment, swappableDataArea + 0x08)
    static let currentDTA = FarPointer(dataSegment, swappableDataArea + 0x0C)
    static let currentPSP = FarPointer(dataSegment, swappableDataArea + 0x10)
    static let returnCode = FarPointer(dataSegment, swappableDataArea + 0x14)
    static let currentDrive = FarPointer(dataSegment, swappableDataArea + 0x16)
    static let extendedBreak = FarPointer(dataSegment, swappableDataArea + 0x17)
    static let swappableAlways: UInt16 = 0x1A
    static let swappableInDOS: UInt16 = criticalStackTop - swappableDataArea

    // MARK: Further segments

    /// System file table, current directory structures and drive parameter blocks; see Files/FileTables.swift.
    static let fileTablesSegment: UInt16 = 0x0280
    /// The first memory block begins here.
    static let firstBlock: UInt16 = 0x04D0
}

extension DOSKernel {
    /// The PSP of the running process.
    func currentProcess(_ memory: GuestMemory) -> UInt16 { memory.read16(DOSLayout.currentPSP) }
    /// The disk transfer area of the running process.
    func currentDTA(_ memory: GuestMemory) -> FarPointer { memory.readPointer(DOSLayout.currentDTA) }
}
