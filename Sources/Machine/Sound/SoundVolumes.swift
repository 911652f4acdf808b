/// What makes sound, as the user turns it up and down.
public enum SoundPart: String, CaseIterable, Sendable {
    case speaker
    /// OPL2 and OPL3.
    case opl
    /// The converters of the Sound Blasters.
    case sb
    /// SN76489 and the Tandy's converter.
    case tandy
    /// The SAA1099 of the Game Blaster.
    case cms
    /// Covox Speech Thing and Disney Sound Source.
    case covox
    /// Gravis UltraSound.
    case gus
    /// A synthesizer behind the MIDI port.
    case midi
}

/// The volumes of a machine. They are the user's, not the machine's: no saved state has them.
public struct SoundVolumes: Hashable, Sendable {
    /// Volumes are of this range; 100 is the source as it is.
    public static let range = 0...200

    public var isMuted = false
    /// Whether the loudspeaker and the cards filter their output.
    public var isFiltering = true
    private var all = 100
    private var parts = [Int](repeating: 100, count: SoundPart.allCases.count)

    public init() {}

    /// The volume of everything, 0 to 200 percent.
    public var master: Int {
        get { all }
        set { all = min(max(newValue, SoundVolumes.range.lowerBound), SoundVolumes.range.upperBound) }
    }

    /// The volume of a part, 0 to 200 percent.
    public subscript(part: SoundPart) -> Int {
        get { parts[SoundVolumes.index(part)] }
        set {
            parts[SoundVolumes.index(part)] = min(
                max(newValue, SoundVolumes.range.lowerBound), SoundVolumes.range.upperBound)
        }
    }

    private static func index(_ part: SoundPart) -> Int { SoundPart.allCases.firstIndex(of: part) ?? 0 }

    /// What a part is heard at, in percent: all volumes together.
    func percent(of part: SoundPart) -> Int { isMuted ? 0 : all * self[part] / 100 }
}
