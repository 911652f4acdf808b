import Boards
import Core
import X86

/// Connects the processor to the ports, the interrupt controllers and the scheduler.
final class MachineBus: ProcessorBus, LineListener {
    private let ports: PortMap
    private let scheduler: Scheduler
    private let idleDetector: IdleDetector
    /// The end of the present `run`.
    var limit = Tick.never
    /// Who answers the interrupt acknowledge cycles.
    var interrupts: InterruptControllerPair?
    /// The processor's INTR and NMI pins.
    var processor: Registers?

    init(ports: PortMap, scheduler: Scheduler, idleDetector: IdleDetector) {
        self.ports = ports
        self.scheduler = scheduler
        self.idleDetector = idleDetector
    }

    var deadline: Tick { min(limit, scheduler.nextDeadline) }

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 {
        idleDetector.notePortAccess()
        return ports.read8(port, at: now)
    }

    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
        idleDetector.notePortAccess()
        return ports.read16(port, at: now)
    }

    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {
        idleDetector.notePortAccess()
        ports.write8(port, value, at: now)
    }

    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {
        idleDetector.notePortAccess()
        ports.write16(port, value, at: now)
    }

    func acknowledgeInterrupt(at now: Tick) -> UInt8 { interrupts?.acknowledge(at: now) ?? 0xFF }

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
