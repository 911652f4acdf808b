import Chips
import Core

/// Told when a channel begins to answer.
public protocol DMAListener: AnyObject {
    /// `number` is 0-3 or 5-7.
    func channelDidOpen(_ number: Int, at now: Tick)
}

/// The DMA controllers of a PC with their page registers, and the channels that devices use.
///
/// - Ports: 00h-0Fh and the page registers 80h-8Fh; on the AT also C0h-DFh for the word channels 5-7. The first
///   controller of an AT gets the bus through channel 4 of the second, which must be unmasked and in cascade mode.
/// - Clock: that of the processor on the PC and XT, half of it on the AT. A cycle has one wait state: five clocks with S1.
/// - Time: transfers of devices take none; a block that software asks for holds the processor until its end
///   (`holdsBus`), in slices, so that other devices see it at work. On the PC and XT channel 0 refreshes memory at each rise
///   of the timer's output 1; it is brought up to date when somebody looks at the first controller.
/// - Source: [ATTR] "Direct memory access", page registers; [XTTR] four bits for channels 2 (81h), 3 (82h), 0 and 1 (83h),
///   which cannot be read; [PCTR] system board: transfers of five clocks, refresh by the timer.
/// - Assumption: on an AT each half of a memory-to-memory transfer has the page of its own channel (on the PC and XT both
///   have the same); of a word the second controller's temporary register takes the low byte, and the high one floats.
/// - Not implemented: devices waiting for the end of a block; the refresh that was due while channel 0 was masked.
public final class DMABoard: PortDevice, StateChunk {
    public let first: Intel8237
    /// Nil on a PC or XT.
    public let second: Intel8237?
    let memory: GuestMemory
    private var pages = [UInt8](repeating: 0, count: 16)
    private var listeners: [Listener] = []
    private var isAT: Bool { second != nil }

    let slot: EventSlot?
    private let alarm = Alarm()
    let clockPeriod: Tick
    /// The end of a slice of a block is what `slot` is armed for.
    var isHolding = false

    private let refreshTimer: Intel8254?
    /// Rises of the timer's output that channel 0 has followed.
    private var refreshesPassed: Int64 = 0

    /// - Parameters:
    ///   - slot: for blocks that software asks for; nil: they are never moved.
    ///   - clockPeriod: of the DMA controllers.
    ///   - refreshTimer: whose output 1 asks for refreshes by channel 0; nil on the AT.
    public init(
        isAT: Bool, memory: GuestMemory, slot: EventSlot? = nil, clockPeriod: Tick = ClockPeriod.ibmPC,
        refreshTimer: Intel8254? = nil
    ) {
        first = Intel8237(chunkID: ChunkID("DMA1"))
        second = isAT ? Intel8237(chunkID: ChunkID("DMA2"), addressShift: 1) : nil
        self.memory = memory
        (self.slot, self.clockPeriod, self.refreshTimer) = (slot, clockPeriod, refreshTimer)
        alarm.board = self
        slot?.connect(alarm)
    }

    public func attach(to ports: PortMap) {
        ports.attach(self, at: 0x00...(isAT ? 0x1F : 0x0F))
        ports.attach(self, at: isAT ? 0x80...0x8F : 0x80...0x83)
        if isAT { ports.attach(self, at: 0xC0...0xDF) }
    }

    /// All that must be saved.
    public var chunks: [any StateChunk] { [first, self] + (second.map { [$0] } ?? []) }

    /// Channel 0-3, or 5-7 on an AT; nil for others.
    public func channel(_ number: Int) -> DMAChannel? {
        switch number {
        case 0...3: return DMAChannel(number: number, chip: first, board: self)
        case 5...7: return second.map { DMAChannel(number: number, chip: $0, board: self) }
        default: return nil
        }
    }

    /// Whether the first controller can get the bus.
    var isFirstConnected: Bool { second.map { $0.isCascade(0) } ?? true }

    // MARK: Listeners

    private struct Listener { weak var object: (any DMAListener)? }

    /// Tells `listener` of all channels from now on, for as long as it lives.
    public func add(_ listener: any DMAListener) { listeners.append(Listener(object: listener)) }

    /// The channels that answer, by the bits of their numbers.
    private var answering: UInt8 {
        (isFirstConnected ? first.enabledChannels : 0) | (second.map { $0.enabledChannels << 4 & 0b1110_0000 } ?? 0)
    }

    /// The channels on which devices wait, because a program has not set them up or has masked them, by the bits of their
    /// numbers.
    public var waitingChannels: UInt8 {
        let low = isFirstConnected ? first.waitingChannels : 0
        return low | (second.map { $0.waitingChannels << 4 & 0b1110_0000 } ?? 0)
    }

    private func tellListeners(of opened: UInt8, at now: Tick) {
        for number in 0..<8 where opened >> UInt8(number) & 1 != 0 {
            for listener in listeners { listener.object?.channelDidOpen(number, at: now) }
        }
    }

    // MARK: Ports

    private func controller(at port: UInt16) -> Intel8237? {
        switch port {
        case 0x00...0x1F: first
        case 0xC0...0xDF: second
        default: nil
        }
    }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        guard let chip = controller(at: port) else { return peekPort(port, at: now) }
        followRefresh(to: now)
        return chip.readPort(port, at: now)
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        if let chip = controller(at: port) {
            return chip.peekPort(port, afterRefreshes: chip === first ? refreshesDue(at: now) : 0)
        }
        return isAT ? pages[Int(port & 15)] : 0xFF
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        guard let chip = controller(at: port) else { return pages[Int(port & 15)] = value }
        followRefresh(to: now)
        let before = answering
        chip.writePort(port, value, at: now)
        tellListeners(of: answering & ~before, at: now)
        startService(at: now)
    }

    // MARK: Refresh

    private func refreshesDue(at now: Tick) -> Int64 {
        refreshTimer.map { $0.rises(ofOutput: 1, at: now) &- refreshesPassed } ?? 0
    }

    private func followRefresh(to now: Tick) {
        let due = refreshesDue(at: now)
        first.passRefreshes(due)
        refreshesPassed &+= due
    }

    // MARK: Memory

    /// The page register of a channel, as an offset from 80h.
    private static func pageOffset(of channel: Int) -> Int {
        switch channel & 7 {
        case 0: 7
        case 1: 3
        case 2: 1
        case 3: 2
        case 4: 15
        case 5: 11
        case 6: 9
        default: 10
        }
    }

    private func page(of channel: Int) -> UInt8 {
        if isAT { return pages[DMABoard.pageOffset(of: channel)] }
        // Channel 0 shares the register of channel 1.
        return pages[channel == 0 ? 3 : DMABoard.pageOffset(of: channel)] & 15
    }

    /// The physical address of a cycle. Word channels drive A1-A16, and their page bit 0 is not used.
    func physicalAddress(_ address: UInt16, channel: Int) -> UInt32 {
        channel < 4
            ? UInt32(page(of: channel)) << 16 | UInt32(address)
            : UInt32(page(of: channel) & 0xFE) << 16 | UInt32(address) << 1
    }

    func read(_ address: UInt32) -> UInt8 {
        if address < 0x10_0000 { return memory.read8(address) }
        return Int(address) < memory.physical.count ? memory.physical[Int(address)] : 0xFF
    }

    func write(_ address: UInt32, _ value: UInt8) {
        if address < 0x10_0000 { return memory.write8(address, value) }
        if Int(address) < memory.physical.count { memory.physical[Int(address)] = value }
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("DMAP") }
    public var chunkVersion: UInt16 { 2 }

    public func transfer(_ coder: StateCoder) {
        pages.withUnsafeMutableBytes { coder.memory("pages", $0) }
        coder.field("isHolding", &isHolding)
        coder.field("refreshesPassed", &refreshesPassed)
    }

    public func stateDidRestore() { isHolding = isHolding && slot?.isArmed == true }
}
