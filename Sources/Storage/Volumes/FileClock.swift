/// Tells a drive what time to stamp on files that are written: the machine's clock, not the host's.
public protocol FileClock: AnyObject {
    var fileTime: FileTime { get }
}

/// A clock that stands still, for tests and for drives whose files never change.
public final class StoppedFileClock: FileClock {
    public var fileTime: FileTime

    public init(_ fileTime: FileTime = FileTime(year: 1980, month: 1, day: 1)) { self.fileTime = fileTime }
}
