import Core
import Storage

/// The drive letters: their volumes, and the current directory structures (CDS) in guest memory.
///
/// A CDS entry has 88 bytes: the current directory as `C:\DIR` (67 bytes), flags at 43h, the drive parameter block at
/// 45h, the length of the part that `CD ..` cannot leave at 4Fh. Source: Ralf Brown's interrupt list, INT 21h AH=52h,
/// table 01643.
extension DOSKernel {
    static let cdsSize = 0x58
    private static let cdsFlagsPhysical: UInt16 = 0x4000
    private static let cdsFlagsNetwork: UInt16 = 0xC000

    func volume(_ drive: UInt8) throws(DOSError) -> any Volume {
        guard let volume = volumes[Int(drive) % 32] else { throw .invalidDrive }
        usedDrive = drive
        return volume
    }

    func hasVolume(_ drive: UInt8) -> Bool { drive < 26 && volumes[Int(drive)] != nil }

    /// Puts a volume under a drive letter (0 is A), replacing what was there.
    func setVolume(_ volume: any Volume, letter: UInt8) {
        guard letter < 26 else { return }
        volumes[Int(letter)] = volume
    }

    func cds(_ drive: UInt8) -> FarPointer {
        FileTables.currentDirectories + Int(drive) * DOSKernel.cdsSize
    }

    func initialiseDrives(_ memory: GuestMemory) {
        for drive in 0..<UInt8(26) {
            let entry = cds(drive)
            memory.writeBytes(entry, [UInt8](repeating: 0, count: DOSKernel.cdsSize))
            setCurrentDirectory(drive, VolumePath(), memory)
            memory.write16(entry + 0x43, hasVolume(drive) ? DOSKernel.cdsFlagsPhysical : 0)
            memory.writePointer(entry + 0x45, dpb(drive))
            memory.write16(entry + 0x49, 0xFFFF)
            memory.write16(entry + 0x4F, 2)
            if hasVolume(drive) { writeDPB(drive, memory) }
        }
    }

    // MARK: Current drive and directory

    func currentDrive(_ memory: GuestMemory) -> UInt8 { memory.read8(DOSLayout.currentDrive) }

    /// The drive that a call names: 0 is the current one, 1 is A.
    func drive(_ number: UInt8, _ memory: GuestMemory) throws(DOSError) -> UInt8 {
        let drive = number == 0 ? currentDrive(memory) : number &- 1
        guard hasVolume(drive) else { throw .invalidDrive }
        return drive
    }

    /// The current directory, as the CDS in guest memory has it; the root if a program has spoilt it.
    func currentDirectory(_ drive: UInt8, _ memory: GuestMemory) -> VolumePath {
        guard drive < 26 else { return VolumePath() }
        let text = memory.readString(cds(drive), limit: 67).dropFirst(3)
        var names: [ShortName] = []
        for part in text.split(separator: UInt8(ascii: "\\")) {
            guard let name = ShortName(Array(part)) else { return VolumePath() }
            names.append(name)
        }
        return VolumePath(names)
    }

    func setCurrentDirectory(_ drive: UInt8, _ path: VolumePath, _ memory: GuestMemory) {
        memory.writeBytes(cds(drive), (DOSKernel.text(drive: drive, path: path) + [0]).prefix(67))
    }

    // MARK: Drive parameter blocks

    private static let dpbSize = 0x21

    func dpb(_ drive: UInt8) -> FarPointer { FileTables.driveParameters + Int(drive) * DOSKernel.dpbSize }

    /// Fills the drive parameter block from the volume's space. The layout is that of DOS 4 and later.
    /// Source: Ralf Brown's interrupt list, INT 21h AH=32h, table 01395.
    func writeDPB(_ drive: UInt8, _ memory: GuestMemory) {
        guard let volume = volumes[Int(drive) % 32], let space = try? volume.space() else { return }
        let block = dpb(drive)
        let sectorsPerCluster = max(space.sectorsPerCluster, 1)
        memory.write8(block, drive)
        memory.write8(block + 0x01, drive)
        memory.write16(block + 0x02, space.bytesPerSector)
        memory.write8(block + 0x04, UInt8(truncatingIfNeeded: sectorsPerCluster &- 1))
        memory.write8(block + 0x05, UInt8(truncatingIfNeeded: sectorsPerCluster.trailingZeroBitCount))
        memory.write16(block + 0x06, 1)
        memory.write8(block + 0x08, 2)
        memory.write16(block + 0x09, 512)
        memory.write16(block + 0x0B, 0x0200)
        memory.write16(block + 0x0D, space.totalClusters &+ 1)
        memory.write16(block + 0x0F, 256)
        memory.write16(block + 0x11, 0x01E0)
        memory.writePointer(block + 0x13, blockDeviceHeader)
        memory.write8(block + 0x17, DOSKernel.mediaDescriptor(drive))
        memory.write8(block + 0x18, 0)
        let next = (drive &+ 1..<26).first { hasVolume($0) }
        memory.writePointer(block + 0x19, next.map(dpb) ?? FarPointer(0xFFFF, 0xFFFF))
        memory.write16(block + 0x1D, 2)
        memory.write16(block + 0x1F, space.freeClusters)
    }

    static func mediaDescriptor(_ drive: UInt8) -> UInt8 { drive < 2 ? 0xF0 : 0xF8 }
}
