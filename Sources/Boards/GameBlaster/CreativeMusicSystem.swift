import Chips
import Core

/// The Creative Music System's two SAA1099, as the Game Blaster has them and the first Sound Blasters.
///
/// - Ports, from a card's base: 0-1 first chip, 2-3 second chip, the even ones data, the odd ones the register. Nothing can
///   be read.
/// - Source: [PCGPE] Game Blaster.
public struct CreativeMusicSystem {
    public let first = PhilipsSAA1099(chunkID: ChunkID("PSG1"), soundName: "cms1")
    public let second = PhilipsSAA1099(chunkID: ChunkID("PSG2"), soundName: "cms2")

    public init() {}

    /// Both chips, the first first.
    public var chips: [PhilipsSAA1099] { [first, second] }

    /// - Parameter port: 0 to 3, from the card's base.
    func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        (port < 2 ? first : second).writePort(port & 1, value, at: now)
    }
}
