/// Writes one character to the screen as INT 10h AH=0Eh does. The BIOS implements it, the machine connects it to DOS,
/// so that console output does not need a guest call for every byte while the vectors are as the ROM made them.
public protocol TeletypeOutput: AnyObject {
    /// - Parameter byte: a character code; 07h, 08h, 0Ah and 0Dh act as control characters.
    func teletype(_ byte: UInt8, in context: ServiceContext)
}
