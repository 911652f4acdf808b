/// The jumpers and the memory of a Gravis UltraSound, and what its programs are told of it.
public struct GravisSettings: Hashable, Sendable {
    public static let possibleBases: [UInt16] = [0x210, 0x220, 0x230, 0x240, 0x250, 0x260]
    /// By their number in the card's latch, from 1 on. IRQ 2 arrives as IRQ 9 in an AT.
    public static let possibleInterrupts = [2, 5, 3, 7, 11, 12, 15]
    /// By their number in the card's latch, from 1 on.
    public static let possibleDMA = [1, 3, 5, 6, 7]
    public static let possibleKilobytes = [256, 512, 768, 1_024]

    public var base: UInt16
    /// Of the GF1 and of the MIDI port.
    public var irq: Int
    /// For the card's memory and for recording.
    public var dma: Int
    public var kilobytes: Int

    /// Beside a Sound Blaster as it left the factory, in an AT.
    public init(base: UInt16 = 0x240, irq: Int = 11, dma: Int = 3, kilobytes: Int = 1_024) {
        (self.base, self.irq, self.dma, self.kilobytes) = (base, irq, dma, kilobytes)
    }

    /// Whether the card has jumpers and latches for these settings.
    public var isPossible: Bool {
        GravisSettings.possibleBases.contains(base) && GravisSettings.possibleInterrupts.contains(irq)
            && GravisSettings.possibleDMA.contains(dma) && GravisSettings.possibleKilobytes.contains(kilobytes)
    }

    /// The value of the environment variable ULTRASND: port, channels for memory and recording, interrupts of the GF1 and
    /// of the MIDI port. Source: [GUSSDK] 2.1, 7.2.
    public var variable: String { "\(String(base, radix: 16)),\(dma),\(dma),\(irq),\(irq)" }

    /// What the latches at port 2XBh hold for them: both channels, both interrupts shared.
    var dmaLatch: UInt8 { 0b0100_0000 | GravisSettings.latched(dma, in: GravisSettings.possibleDMA) }
    var interruptLatch: UInt8 { 0b0100_0000 | GravisSettings.latched(irq, in: GravisSettings.possibleInterrupts) }

    private static func latched(_ number: Int, in list: [Int]) -> UInt8 {
        list.firstIndex(of: number).map { UInt8($0 + 1) } ?? 0
    }
}
