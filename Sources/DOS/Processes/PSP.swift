import Core

/// A program segment prefix in guest memory, by name.
/// Source: Ralf Brown's interrupt list, INT 21h AH=26h, table 01378.
struct PSP {
    let segment: UInt16
    let memory: GuestMemory

    init(_ segment: UInt16, _ memory: GuestMemory) {
        self.segment = segment
        self.memory = memory
    }

    /// Bytes of a .COM program's segment under the stack, which CP/M programs read at offset 6.
    static let segmentSize: UInt16 = 0xFEF0
    static let byteCount = 0x100
    /// INT 20h, with which each PSP begins.
    static let signature: [UInt8] = [0xCD, 0x20]
    static let paragraphs: UInt16 = 0x10
    static let defaultHandleCount: UInt16 = 20

    func at(_ offset: UInt16) -> FarPointer { FarPointer(segment, offset) }

    /// The first segment behind the program's memory.
    var memoryEnd: UInt16 {
        get { memory.read16(at(0x02)) }
        nonmutating set { memory.write16(at(0x02), newValue) }
    }
    /// The address at which the parent goes on (INT 22h).
    var terminateAddress: FarPointer {
        get { memory.readPointer(at(0x0A)) }
        nonmutating set { memory.writePointer(at(0x0A), newValue) }
    }
    var parent: UInt16 {
        get { memory.read16(at(0x16)) }
        nonmutating set { memory.write16(at(0x16), newValue) }
    }
    var environment: UInt16 {
        get { memory.read16(at(0x2C)) }
        nonmutating set { memory.write16(at(0x2C), newValue) }
    }
    /// SS:SP at the last INT 21h, at the saved registers.
    var callerStack: FarPointer {
        get { memory.readPointer(at(0x2E)) }
        nonmutating set { memory.writePointer(at(0x2E), newValue) }
    }
    var handleCount: UInt16 {
        get { memory.read16(at(0x32)) }
        nonmutating set { memory.write16(at(0x32), newValue) }
    }
    /// The job file table: a system file number for each handle, FFh for a closed one.
    var handleTable: FarPointer {
        get { memory.readPointer(at(0x34)) }
        nonmutating set { memory.writePointer(at(0x34), newValue) }
    }

    var firstFCB: FarPointer { at(0x5C) }
    var secondFCB: FarPointer { at(0x6C) }
    var commandTail: FarPointer { at(0x80) }
    static let handleTableOffset: UInt16 = 0x18

    /// Saves the vectors 22h to 24h, as they are, for the end of the program.
    func saveVectors() {
        for number in UInt8(0x22)...0x24 {
            memory.writePointer(at(0x0A + UInt16(number - 0x22) * 4), memory.vector(number))
        }
    }

    func restoreVectors() {
        for number in UInt8(0x22)...0x24 {
            memory.setVector(number, memory.readPointer(at(0x0A + UInt16(number - 0x22) * 4)))
        }
    }

    /// Writes a whole new prefix: no parent, no open handles, no environment, an empty command line.
    func make(memoryEnd: UInt16, version: (major: UInt8, minor: UInt8), callFive: FarPointer) {
        memory.writeBytes(at(0), [UInt8](repeating: 0, count: PSP.byteCount))
        memory.writeBytes(at(0x00), PSP.signature)
        self.memoryEnd = memoryEnd
        memory.write8(at(0x05), 0x9A)
        memory.writePointer(at(0x06), callFive)
        saveVectors()
        memory.writeBytes(at(PSP.handleTableOffset), [UInt8](repeating: 0xFF, count: Int(PSP.defaultHandleCount)))
        handleCount = PSP.defaultHandleCount
        handleTable = at(PSP.handleTableOffset)
        memory.write32(at(0x38), 0xFFFF_FFFF)
        memory.writeBytes(at(0x40), [version.major, version.minor])
        memory.writeBytes(at(0x50), [0xCD, 0x21, 0xCB])
        for fcb in [firstFCB, secondFCB] {
            memory.writeBytes(fcb + 1, [UInt8](repeating: UInt8(ascii: " "), count: 11))
        }
        memory.writeBytes(commandTail, [0, 0x0D])
    }
}

/// Offsets in a PSP that the file functions use.
enum PSPField {
    static let handleCount: UInt16 = 0x32
    static let handlePointer: UInt16 = 0x34
}
