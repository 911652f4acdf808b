import Core
import Storage

/// A file control block in guest memory, plain or extended.
///
/// Plain: drive (0 current, 1 A), name 8+3, current block at 0Ch, record size at 0Eh, size at 10h, date at 14h, time at
/// 16h, DOS's own bytes at 18h, record in block at 20h, random record at 21h (three bytes if records have 64 bytes or
/// more). Extended: FFh, five bytes, attribute, then a plain one. Source: Ralf Brown's interrupt list, INT 21h AH=0Fh,
/// table 01345.
struct FileControlBlock {
    let memory: GuestMemory
    /// The plain part.
    let base: FarPointer
    /// The attribute of an extended block.
    let attribute: UInt8?

    init(at address: FarPointer, _ memory: GuestMemory) {
        self.memory = memory
        if memory.read8(address) == 0xFF {
            base = address + 7
            attribute = memory.read8(address + 6)
        } else {
            base = address
            attribute = nil
        }
    }

    var drive: UInt8 {
        get { memory.read8(base) }
        nonmutating set { memory.write8(base, newValue) }
    }
    var name: [UInt8] { memory.readBytes(base + 1, 11) }
    /// The second name, for a rename.
    var newName: [UInt8] { memory.readBytes(base + 0x11, 11) }
    var block: UInt16 {
        get { memory.read16(base + 0x0C) }
        nonmutating set { memory.write16(base + 0x0C, newValue) }
    }
    /// Bytes of a record; 128 where a program has left 0.
    var recordSize: UInt16 {
        get {
            let size = memory.read16(base + 0x0E)
            return size == 0 ? 128 : size
        }
        nonmutating set { memory.write16(base + 0x0E, newValue) }
    }
    var size: UInt32 {
        get { memory.read32(base + 0x10) }
        nonmutating set { memory.write32(base + 0x10, newValue) }
    }
    var modified: FileTime {
        get { FileTime(date: memory.read16(base + 0x14), time: memory.read16(base + 0x16)) }
        nonmutating set {
            memory.write16(base + 0x14, newValue.date)
            memory.write16(base + 0x16, newValue.time)
        }
    }
    /// DOS's own bytes: the entry of the system file table, and a mark that it is valid.
    var entry: UInt16 {
        get { memory.read16(base + 0x18) }
        nonmutating set { memory.write16(base + 0x18, newValue) }
    }
    /// The number and the place of a search.
    var search: (id: UInt16, number: UInt16) {
        get { (memory.read16(base + 0x1A), memory.read16(base + 0x1C)) }
        nonmutating set {
            memory.write16(base + 0x1A, newValue.id)
            memory.write16(base + 0x1C, newValue.number)
        }
    }
    var recordInBlock: UInt8 {
        get { memory.read8(base + 0x20) }
        nonmutating set { memory.write8(base + 0x20, newValue) }
    }
    /// The fourth byte belongs to it only with records of less than 64 bytes.
    var randomRecord: UInt32 {
        get {
            let value = memory.read32(base + 0x21)
            return recordSize < 64 ? value : value & 0x00FF_FFFF
        }
        nonmutating set {
            memory.write16(base + 0x21, UInt16(truncatingIfNeeded: newValue))
            memory.write8(base + 0x23, UInt8(truncatingIfNeeded: newValue >> 16))
            if recordSize < 64 { memory.write8(base + 0x24, UInt8(truncatingIfNeeded: newValue >> 24)) }
        }
    }
    /// The record that sequential calls are at.
    var sequentialRecord: UInt32 {
        get { UInt32(block) &* 128 &+ UInt32(recordInBlock) }
        nonmutating set {
            block = UInt16(truncatingIfNeeded: newValue / 128)
            recordInBlock = UInt8(newValue % 128)
        }
    }
}
