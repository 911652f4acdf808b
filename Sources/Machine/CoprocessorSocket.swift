import Boards
import Core
import X86
import X87

/// The coprocessor with the wiring that takes its errors to the processor: NMI on a PC or XT, IRQ 13 on an AT.
///
/// An 80286 has an 80287, which runs at two thirds of an AT's clock; the others have an 8087 at their own.
final class CoprocessorSocket {
    let chip: Intel8087
    let chunks: [any StateChunk]
    /// Lines keep no hold of their listeners; this does.
    private let errorReceiver: any LineListener

    /// - Parameter nmi: the processor's NMI line.
    init(
        _ profile: MachineProfile, ports: PortMap, scheduler: Scheduler, interrupts: InterruptControllerPair, nmi: Line
    ) {
        let is287 = profile.model == .i80286
        let error = Line()
        chip = Intel8087(
            model: is287 ? .i80287 : .i8087,
            clockPeriod: is287 ? Tick(max(1, profile.clockPeriod.count * 3 / 2)) : profile.clockPeriod, error: error,
            slot: scheduler.makeSlot("coprocessor"))
        if profile.family == .at {
            let (interrupt, busyHold, reset) = (Line(), Line(), Line())
            interrupts.connect(interrupt, toIRQ: 13)
            busyHold.connect(to: chip, as: Intel8087.Input.busyHold)
            reset.connect(to: chip, as: Intel8087.Input.reset)
            let latch = NumericErrorLatch(interrupt: interrupt, busyHold: busyHold, reset: reset)
            latch.attach(to: ports)
            errorReceiver = latch
            chunks = [chip, latch]
        } else {
            let mask = NMIMask(nmi: nmi)
            mask.attach(to: ports)
            errorReceiver = mask
            chunks = [chip, mask]
        }
        error.connect(to: errorReceiver, as: 0)
    }
}
