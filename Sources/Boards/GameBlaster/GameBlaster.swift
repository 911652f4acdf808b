import Chips
import Core

/// Creative Music System, sold as the Game Blaster: two SAA1099 and a chip by which drivers know the card.
///
/// - Ports, from the base 220h: 0-3 the chips; 4 reads 7Fh; 6 and 7 write the detection register, which Ah and Bh read.
/// - Source: [PCGPE] Game Blaster; the detection routine of its games, which write 6 and 7 and read them at Ah.
/// - Not implemented: the shift register behind port 4, which CMSDRV asks.
public final class GameBlaster: PortDevice, StateChunk {
    /// Those of its jumpers.
    public static let possibleBases: [UInt16] = [0x210, 0x220, 0x230, 0x240, 0x250, 0x260]

    public let music = CreativeMusicSystem()
    private let base: UInt16
    private var latch: UInt8 = 0xFF

    public init(base: UInt16 = 0x220) { self.base = base }

    public func attach(to ports: PortMap) { ports.attach(self, at: base...(base &+ 15)) }

    /// All that must be saved.
    public var chunks: [any StateChunk] { music.chips + [self] }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port &- base {
        case 4: 0x7F
        case 10, 11: latch
        default: 0xFF
        }
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port &- base {
        case 0...3: music.writePort(port &- base, value, at: now)
        case 6, 7: latch = value
        default: break
        }
    }

    public var chunkID: ChunkID { ChunkID("GBLS") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { coder.field("latch", &latch) }
    public func stateDidRestore() {}
}
