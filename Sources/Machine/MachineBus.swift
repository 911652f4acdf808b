import Boards
import Core
import X86

/// Connects the processor to the ports, the interrupt controllers and the scheduler.
final class MachineBus: ProcessorBus, LineListener {
    private let ports: PortMap
    private let scheduler: Scheduler
    private let idleDetector: IdleDetector
    /// The end of the present `run`. It is looked at after each access to a port, without an exclusivity check.
    var limit: Tick {
        get { end.pointee }
        set { end.pointee = newValue }
    }
    private let end: UnsafeMutablePointer<Tick>
    /// Who answers the interrupt acknowledge cycles.
    var interrupts: InterruptControllerPair?
    /// Told when the timer is written to, or a write to the DMA controller changes whether memory is refreshed.
    var refresh: MemoryRefresh?
    /// The processor's INTR and NMI pins.
    var processor: Registers?

    init(ports: PortMap, scheduler: Scheduler, idleDetector: IdleDetector) {
        self.ports = ports
        self.scheduler = scheduler
        self.idleDetector = idleDetector
        end = .allocate(capacity: 1)
        end.initialize(to: .never)
    }

    deinit { end.deallocate() }

    var deadline: Tick { min(limit, scheduler.nextDeadline) }

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 {
        access(at: now)
        return ports.read8(port, at: now)
    }

    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
        access(at: now)
        return ports.read16(port, at: now)
    }

    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {
        access(at: now)
        let wasServed = refresh?.isServed
        ports.write8(port, value, at: now)
        refreshMayHaveChanged(port, wasServed, at: now)
    }

    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {
        access(at: now)
        let wasServed = refresh?.isServed
        ports.write16(port, value, at: now)
        refreshMayHaveChanged(port, wasServed, at: now)
    }

    func acknowledgeInterrupt(at now: Tick) -> UInt8 {
        catchUp(to: now)
        return interrupts?.acknowledge(at: now) ?? 0xFF
    }

    /// The processor is about to access a port.
    private func access(at now: Tick) {
        idleDetector.notePortAccess()
        catchUp(to: now)
    }

    /// An exact engine's access comes in the middle of an instruction, behind events that became due meanwhile.
    private func catchUp(to now: Tick) {
        if now >= scheduler.nextDeadline { scheduler.deliver(through: now) }
    }

    private func refreshMayHaveChanged(_ port: UInt16, _ wasServed: Bool?, at now: Tick) {
        guard let refresh else { return }
        if port & ~3 == 0x40 || refresh.isServed != wasServed { refresh.didChange(at: now) }
    }

    /// The processor's pins as lines.
    enum Input { static let interrupt = 0, nmi = 1 }

    func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        switch line {
        case Input.interrupt: processor?.state.pointee.isInterruptRequested = isAsserted
        // NMI is taken at its edge.
        default: if isAsserted { processor?.state.pointee.isNMIPending = true }
        }
    }
}
