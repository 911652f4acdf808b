/// What a recording holds, by the end of its file's name.
public enum RecordingKind: Hashable, Sendable {
    /// Samples.
    case sound
    /// What is written to the registers of sound chips.
    case registers
    case midi

    private static let endings: [(String, RecordingKind)] = [
        (".wav", .sound), (".flac", .sound), (".dro", .registers), (".vgm", .registers), (".mid", .midi),
    ]

    /// Nil if nothing can be recorded to a file of this name.
    public init?(_ path: String) {
        let lower = path.lowercased()
        guard let kind = RecordingKind.endings.first(where: { lower.hasSuffix($0.0) })?.1 else { return nil }
        self = kind
    }

    /// The ends of names, for messages.
    public static var list: String { endings.dropLast().map(\.0).joined(separator: ", ") + " or .mid" }
}
