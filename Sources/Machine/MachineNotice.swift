/// A line for the log of a session.
public struct MachineNotice: Hashable, Sendable {
    public var text: String
    /// It says why the session ends with a status that is not the program's own.
    public var isWarning: Bool

    public init(_ text: String, isWarning: Bool = false) { (self.text, self.isWarning) = (text, isWarning) }
}
