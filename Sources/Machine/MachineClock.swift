import Storage

/// The machine's date and time as the stamp of files, for drives that are made before the machine.
public final class MachineClock: FileClock {
    private weak var machine: PersonalComputer?

    public init() {}

    /// From now on the time is this machine's.
    public func connect(_ machine: PersonalComputer) { self.machine = machine }

    public var fileTime: FileTime { machine?.fileTime ?? FileTime(year: 1980, month: 1, day: 1) }
}

extension PersonalComputer {
    /// What DOS stamps on a file that is written now.
    var fileTime: FileTime { dos.currentFileTime(memory) }
}
