/// A chip whose register writes can be recorded.
public enum SoundChip: String, CaseIterable, Sendable {
    case opl2
    /// The right one of two.
    case secondOPL2
    case opl3
    case sn76489
    case saa1099
    case secondSAA1099
}

/// Told of every write to the registers of sound chips: a recording, such as a DRO or VGM file.
public protocol SoundRegisterListener: AnyObject {
    /// - Parameters:
    ///   - register: 00h to FFh of an OPL2, 000h to 1FFh of an OPL3, 00h to 1Fh of an SAA1099; 0 of an SN76489, which has
    ///     one port.
    ///   - value: as the program has written it.
    func soundRegisterDidChange(_ register: Int, to value: UInt8, of chip: SoundChip, at now: Tick)
}
