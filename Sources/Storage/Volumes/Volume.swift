import Core

/// Errors of a volume, with the numbers that DOS gives them (INT 21h AH=59h).
public enum VolumeError: UInt16, Error, Sendable {
    case fileNotFound = 0x02
    case pathNotFound = 0x03
    case tooManyOpenFiles = 0x04
    case accessDenied = 0x05
    case invalidHandle = 0x06
    case notSameDevice = 0x11
    case noMoreFiles = 0x12
    case writeProtected = 0x13
    case notReady = 0x15
    case generalFailure = 0x1F
    case sharingViolation = 0x20
    case lockViolation = 0x21
    case diskFull = 0x27
    case fileExists = 0x50
    case cannotMakeDirectory = 0x52
}

/// The attribute byte of a directory entry.
public struct FileAttributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let readOnly = FileAttributes(rawValue: 0x01)
    public static let hidden = FileAttributes(rawValue: 0x02)
    public static let system = FileAttributes(rawValue: 0x04)
    public static let volumeLabel = FileAttributes(rawValue: 0x08)
    public static let directory = FileAttributes(rawValue: 0x10)
    public static let archive = FileAttributes(rawValue: 0x20)
}

/// Date and time as a directory entry holds them: 2-second steps from 1980 to 2107.
public struct FileTime: Hashable, Sendable {
    /// Bits 15-9 year - 1980, 8-5 month, 4-0 day.
    public var date: UInt16
    /// Bits 15-11 hours, 10-5 minutes, 4-0 seconds / 2.
    public var time: UInt16

    public init(date: UInt16, time: UInt16) {
        self.date = date
        self.time = time
    }

    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        date = UInt16(truncatingIfNeeded: (min(max(year, 1980), 2107) - 1980) << 9 | (month & 15) << 5 | day & 31)
        time = UInt16(truncatingIfNeeded: (hour & 31) << 11 | (minute & 63) << 5 | (second / 2) & 31)
    }
}

/// An entry of a directory.
public struct DirectoryEntry: Hashable, Sendable {
    public var name: ShortName
    /// The host's name, if it is not the short name.
    public var longName: String?
    public var attributes: FileAttributes
    public var size: UInt32
    public var modified: FileTime

    public init(
        name: ShortName, longName: String? = nil, attributes: FileAttributes, size: UInt32, modified: FileTime
    ) {
        self.name = name
        self.longName = longName
        self.attributes = attributes
        self.size = size
        self.modified = modified
    }

    public var isDirectory: Bool { attributes.contains(.directory) }
}

/// A place on a volume: the names from the root, without `.` and `..`. Empty is the root itself.
public struct VolumePath: Hashable, Sendable, CustomStringConvertible {
    public var names: [ShortName]

    public init(_ names: [ShortName] = []) { self.names = names }

    public var isRoot: Bool { names.isEmpty }
    public var parent: VolumePath { VolumePath(names.dropLast()) }
    public func appending(_ name: ShortName) -> VolumePath { VolumePath(names + [name]) }
    public var description: String { "\\" + names.map(\.description).joined(separator: "\\") }
}

/// What may be done with an open file.
public enum FileAccess: UInt8, Sendable {
    case read = 0, write = 1, readWrite = 2
}

/// What DOS reports of the space on a drive (INT 21h AH=36h).
public struct VolumeSpace: Hashable, Sendable {
    public var sectorsPerCluster: UInt16
    public var bytesPerSector: UInt16
    public var totalClusters: UInt16
    public var freeClusters: UInt16

    public init(sectorsPerCluster: UInt16, bytesPerSector: UInt16, totalClusters: UInt16, freeClusters: UInt16) {
        self.sectorsPerCluster = sectorsPerCluster
        self.bytesPerSector = bytesPerSector
        self.totalClusters = totalClusters
        self.freeClusters = freeClusters
    }
}

/// An open file of a volume: a small number, unique while the file is open.
public struct FileID: Hashable, Sendable {
    public var number: UInt32
    public init(_ number: UInt32) { self.number = number }
}

/// A drive's contents, as DOS uses them: host directories, drives in memory, later disk images.
///
/// Names are exact here: DOS has resolved wildcards, `.`, `..` and drive letters. Paths that lead through a file or a
/// missing directory are `pathNotFound`. Nothing here blocks for long or remembers a position: DOS's file table does.
public protocol Volume: AnyObject {
    /// Up to 11 bytes in the code page, or nil.
    var label: ShortName? { get }
    var serialNumber: UInt32 { get }
    var isReadOnly: Bool { get }

    func space() throws(VolumeError) -> VolumeSpace
    /// The entry at `path`; the root gives an entry with the directory attribute.
    func entry(at path: VolumePath) throws(VolumeError) -> DirectoryEntry
    /// All entries of a directory, hidden ones included, without `.` and `..`, in an order that does not depend on
    /// hashing. What the host has changed is seen at once.
    func entries(in directory: VolumePath) throws(VolumeError) -> [DirectoryEntry]

    func open(_ path: VolumePath, access: FileAccess) throws(VolumeError) -> FileID
    /// Makes a file or empties an existing one, and opens it for reading and writing.
    /// - Throws: `fileExists` if `mustBeNew` and it exists; `accessDenied` for a directory or a read-only file.
    func create(_ path: VolumePath, attributes: FileAttributes, mustBeNew: Bool) throws(VolumeError) -> FileID
    /// Reads at `offset`; fewer bytes than asked for, or none, at the end.
    func read(_ file: FileID, at offset: UInt32, into buffer: UnsafeMutableRawBufferPointer) throws(VolumeError) -> Int
    /// Writes at `offset`, filling a gap before it with zeros.
    func write(_ file: FileID, at offset: UInt32, from buffer: UnsafeRawBufferPointer) throws(VolumeError) -> Int
    func setSize(_ file: FileID, _ size: UInt32) throws(VolumeError)
    func size(of file: FileID) throws(VolumeError) -> UInt32
    func modified(_ file: FileID) throws(VolumeError) -> FileTime
    /// A time set here survives the close, whatever was written.
    func setModified(_ file: FileID, _ time: FileTime) throws(VolumeError)
    /// Everything written so far is in the host's file.
    func commit(_ file: FileID) throws(VolumeError)
    func close(_ file: FileID) throws(VolumeError)

    func remove(_ path: VolumePath) throws(VolumeError)
    /// Renames or moves a file, or renames a directory. Never replaces: `accessDenied` if the target exists.
    func rename(_ path: VolumePath, to target: VolumePath) throws(VolumeError)
    func setAttributes(_ path: VolumePath, _ attributes: FileAttributes) throws(VolumeError)
    func makeDirectory(_ path: VolumePath) throws(VolumeError)
    /// - Throws: `accessDenied` if it is not empty.
    func removeDirectory(_ path: VolumePath) throws(VolumeError)

    /// Size and time of an open file as one number, to notice after a restore that the file has changed meanwhile.
    func digest(of file: FileID) throws(VolumeError) -> UInt64
}
