import Core
import Storage

/// What is fixed about DOS while a machine runs.
public struct DOSConfiguration {
    /// The version that AH=30h reports.
    public var version: (major: UInt8, minor: UInt8) = (5, 0)
    /// The code page of the country's tables.
    public var codePage = CodePage.cp437
    /// The drives: 0 is A.
    public var drives: [(letter: UInt8, volume: any Volume)] = []
    /// The drive that is current after the boot.
    public var currentDrive: UInt8 = 2
    /// Conventional memory in KB.
    public var conventionalKilobytes = 640
    /// The path of the first process, on one of the drives.
    public var shellPath: [UInt8] = Array("Z:\\COMMAND.COM".utf8)
    /// The command tail of the first process.
    public var shellTail: [UInt8] = []
    /// File handles of the system (FILES=) and drive letters (LASTDRIVE=, 26 is Z).
    public var fileTableSize = 100
    public var lastDrive: UInt8 = 26
    /// The date of the boot on a machine without a CMOS clock.
    public var startYear: UInt16 = 1990
    public var startMonth: UInt8 = 1
    public var startDay: UInt8 = 1

    public init() {}
}
