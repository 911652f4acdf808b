/// The shape of a disk as the BIOS addresses it. Sectors have 512 bytes and count from 1.
public struct DiskGeometry: Hashable, Sendable {
    /// 1 to 1,024.
    public var cylinders: Int
    /// 1 to 255.
    public var heads: Int
    /// 1 to 63.
    public var sectorsPerTrack: Int

    public init(cylinders: Int, heads: Int, sectorsPerTrack: Int) {
        self.cylinders = min(max(cylinders, 1), 1_024)
        self.heads = min(max(heads, 1), 255)
        self.sectorsPerTrack = min(max(sectorsPerTrack, 1), 63)
    }

    public var sectorCount: Int { cylinders * heads * sectorsPerTrack }
}

/// What a disk operation can end with: AH of INT 13h.
///
/// Source: RBIL INT 13h AH=01h, table 00234.
public enum DiskStatus: UInt8, Sendable, Error {
    case success = 0x00
    case invalidCommand = 0x01
    case addressMarkNotFound = 0x02
    case writeProtected = 0x03
    case sectorNotFound = 0x04
    case diskChanged = 0x06
    case driveParametersFailed = 0x07
    case boundaryCrossed = 0x09
    case unsupportedTrack = 0x0C
    case uncorrectableData = 0x10
    case controllerFailed = 0x20
    case seekFailed = 0x40
    case notReady = 0x80
    case writeFault = 0xCC
}

/// A disk behind INT 13h: an image file, a disk in memory.
public protocol DiskDrive: AnyObject {
    /// Nil: no medium.
    var geometry: DiskGeometry? { get }
    var isWriteProtected: Bool { get }
    /// The type that AH=08h reports for a floppy: 1 360 KB, 2 1.2 MB, 3 720 KB, 4 1.44 MB. 0 for hard disks.
    var floppyType: UInt8 { get }
    /// The medium was changed since the last call; asking clears the mark.
    func takeChange() -> Bool
    /// The 512 bytes of sector `index`, counted from 0.
    func readSector(_ index: Int) throws(DiskStatus) -> [UInt8]
    /// Writes 512 bytes.
    func writeSector(_ index: Int, _ bytes: [UInt8]) throws(DiskStatus)
}
