import Chips
import Core

/// AdLib Music Synthesizer Card: an OPL2 and nothing else.
///
/// - In a PC: ports 388h and 389h.
/// - Lines: none; the chip's interrupt is not connected.
/// - Source: [YM3812].
public final class AdLibCard: SampledSource {
    public let chip = YamahaYM3812()

    public init() {}

    public func attach(to ports: PortMap) { ports.attach(chip, at: 0x388...0x389) }

    /// All that must be saved.
    public var chunks: [any StateChunk] { [chip] }

    public var soundName: String { "opl" }
    public var sampleRate: ClockRatio { YamahaYM3812.sampleRate }

    public func generate(into frames: UnsafeMutableBufferPointer<Int16>, until now: Tick) -> Int {
        chip.generate(into: frames, until: now)
    }
}
