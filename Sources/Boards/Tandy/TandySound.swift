import Chips
import Core

/// The sound of a Tandy 1000 TL, SL or RL: the PSSJ chip with its SN76489 and its converter.
///
/// - Ports: C0h-C3h the sound generator; C4h mode (bits 0-1 what it does, 3 being the converter; 2 DMA; 4 interrupts);
///   read, bit 3 is the interrupt flag, which a write with bit 3 clear clears; C5h the converter's data; C6h divider,
///   low byte; C7h divider, high four bits, and amplitude (bits 5-7).
/// - Clock: 3.579545 MHz / divider is the rate at which DMA channel 1 fills the converter; `slot` is armed for it only
///   while DMA is on.
/// - Lines: `interrupt` (IRQ 7) is asserted by the end of the DMA count, if bit 4 allows it.
/// - BIOS: INT 1Ah AH=80h to 84h (`DigitalSound`) plays through it.
/// - Source: [PSSJ].
/// - Assumption: amplitude is linear; a divider of 0 counts as 4,096.
/// - Not implemented: the joystick and successive approximation modes, the sound channel (mode 2) with its waveshapes,
///   recording, the machines that have it at 1E0h and 1E4h.
public final class TandySound: PortDevice, StepSource, EventClient, StateChunk {
    public let generator = TexasSN76489(.pssj)
    public let interrupt: Line
    public let levels = LevelTrace()
    private let channel: DMAChannel?
    private let slot: EventSlot
    private var mode: UInt8 = 0
    private var data: UInt8 = 0
    private var divider: UInt16 = 0
    private var amplitude: UInt8 = 0
    private var isRequested = false

    /// - Parameter channel: DMA channel 1.
    public init(channel: DMAChannel?, slot: EventSlot, interrupt: Line) {
        (self.channel, self.slot, self.interrupt) = (channel, slot, interrupt)
        slot.connect(self)
    }

    public var soundName: String { "tandydac" }
    /// All that must be saved.
    public var chunks: [any StateChunk] { [generator, self] }
    public func attach(to ports: PortMap) { ports.attach(self, at: 0xC0...0xC7) }
    public func catchUpSound(to now: Tick) {}

    private var isConverting: Bool { mode & 3 == 3 }
    private var samplePeriod: Tick { ClockPeriod.crystal * (4 * Int64(divider == 0 ? 4_096 : divider)) }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port & 7 {
        case 4: mode & 0b0111_0111 | (isRequested ? 0b0000_1000 : 0)
        case 5: data
        case 6: UInt8(truncatingIfNeeded: divider)
        case 7: UInt8(truncatingIfNeeded: divider >> 8) | amplitude << 5
        default: 0xFF
        }
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port & 7 {
        case 4:
            mode = value
            if value & 0b0000_1000 == 0 { isRequested = false }
            interrupt.set(isRequested && mode & 0b0001_0000 != 0, at: now)
        case 5: data = value
        case 6: divider = divider & 0xF00 | UInt16(value)
        case 7: (divider, amplitude) = (divider & 0x0FF | UInt16(value & 15) << 8, value >> 5)
        default: return generator.writePort(port, value, at: now)
        }
        showLevel(at: now)
        let usesDMA = isConverting && mode & 0b0000_0100 != 0
        if !usesDMA { slot.disarm() } else if !slot.isArmed { slot.arm(at: now + samplePeriod) }
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        slot.arm(at: now + samplePeriod)
        guard let (value, isLast) = channel?.read() else { return }
        data = UInt8(truncatingIfNeeded: value)
        showLevel(at: now)
        guard isLast else { return }
        isRequested = true
        interrupt.set(mode & 0b0001_0000 != 0, at: now)
    }

    private func showLevel(at now: Tick) {
        let level = isConverting ? Int16(Int32(data) * Int32(amplitude) * 128 / 7) : 0
        levels.set(left: level, right: level, at: now)
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("TDAC") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.field("mode", &mode)
        coder.field("data", &data)
        coder.field("divider", &divider)
        coder.field("amplitude", &amplitude)
        coder.field("isRequested", &isRequested)
        (divider, amplitude) = (divider & 0xFFF, amplitude & 7)
        levels.transfer(coder)
    }

    public func stateDidRestore() { interrupt.restore(isRequested && mode & 0b0001_0000 != 0) }
}
