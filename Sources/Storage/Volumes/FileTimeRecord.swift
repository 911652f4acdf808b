import Core

/// A file time that may be absent, as it is saved.
public struct FileTimeRecord: StateValue {
    private var isPresent = false
    private var date: UInt16 = 0
    private var time: UInt16 = 0

    public init() {}

    public init(_ value: FileTime?) {
        (isPresent, date, time) = (value != nil, value?.date ?? 0, value?.time ?? 0)
    }

    public var value: FileTime? { isPresent ? FileTime(date: date, time: time) : nil }

    public mutating func transfer(_ coder: StateCoder) {
        coder.field("isPresent", &isPresent)
        coder.field("date", &date)
        coder.field("time", &time)
    }
}
