import Boards
import Chips
import Core

/// The mouse of a profile, wired up: a PS/2 mouse for the keyboard controller, or a serial one with its port.
struct ConnectedMouse {
    let device: any MouseDevice
    let pointer: AbsolutePointer
    let chunks: [any StateChunk]

    /// Nil: the machine has none.
    init?(
        _ profile: MachineProfile, _ ports: PortMap, _ scheduler: Scheduler, _ interrupts: InterruptControllerPair
    ) {
        switch profile.connectedMouse {
        case .none: return nil
        case .ps2:
            let mouse = PS2Mouse(
                sampleSlot: scheduler.makeSlot("mouse sample"), testSlot: scheduler.makeSlot("mouse test"))
            pointer = AbsolutePointer(mouse: mouse)
            (device, chunks) = (mouse, [mouse, pointer])
        case .serial:
            let request = Line()
            interrupts.connect(request, toIRQ: 4)
            let mouse = SerialMouse(slot: scheduler.makeSlot("mouse"))
            let port = NS8250(
                variant: profile.family == .at ? .ns16450 : .ins8250, slot: scheduler.makeSlot("COM1"),
                interrupt: request, device: mouse)
            ports.attach(port, at: 0x3F8...0x3FF)
            pointer = AbsolutePointer(mouse: mouse)
            (device, chunks) = (mouse, [port, mouse, pointer])
        }
        ports.attach(pointer, at: AbsolutePointer.ports)
    }
}
