import Core
import X86

/// The speaker as a bell: timer channel 2 at 896 Hz. The machine runs on, and does nothing else, while it sounds.
final class Bell {
    /// When the tone ends.
    private var end = Tick.zero
    private let addresses: ROMAddresses

    init(addresses: ROMAddresses) { self.addresses = addresses }

    /// About half a second for a character 07h, as on the AT.
    static let characterDuration = Tick.milliseconds(480)
    /// A full keyboard buffer.
    static let keyboardDuration = Tick.milliseconds(80)

    /// Starts the tone, and goes on in a stub that waits for its end and returns from INT 10h.
    func ring(_ call: BIOSCall) -> ServiceOutcome {
        start(call, for: Bell.characterDuration)
        call.cpu.codePointer = addresses.bell
        return .resume
    }

    /// The same at the end of the keyboard interrupt.
    func ringInKeyboardInterrupt(_ call: BIOSCall) -> ServiceOutcome {
        start(call, for: Bell.keyboardDuration)
        call.cpu.codePointer = addresses.keyboardBell
        return .resume
    }

    private func start(_ call: BIOSCall, for duration: Tick) {
        let context = call.context
        context.out(0x43, 0b1011_0110)
        context.out(0x42, 0x33)
        context.out(0x42, 0x05)
        context.out(0x61, context.in(0x61) | 0b0000_0011)
        end = context.now + duration
    }

    /// The trap of the bell stubs. A real BIOS counts in a loop here; interrupts are served, but a HLT would need one.
    func handle(_ call: BIOSCall) -> ServiceOutcome {
        let context = call.context
        guard context.now < end else {
            context.out(0x61, context.in(0x61) & 0b1111_1100)
            return .done
        }
        context.cost += .milliseconds(1)
        context.cpu.ip = context.trapAddress.offset &+ UInt16(ServiceROM.waitOffset)
        return .resume
    }

    func transfer(_ coder: StateCoder) { coder.field("end", &end) }
}
