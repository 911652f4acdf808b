import Core
import X86

/// A Microsoft mouse at COM1: INT 0Ch (IRQ 4).
///
/// Source: [SERMOUSE]; [8250].
extension MouseService {
    private enum Port {
        static let base: UInt16 = 0x3F8
        static let lineStatus = base + 5
    }

    /// Sets the port to 1,200 baud, 7 bits, and wakes the mouse with RTS and DTR; it answers with an M.
    func startSerial(_ context: ServiceContext) {
        runtime.packet = []
        context.out(Port.base + 3, 0x80)
        context.out(Port.base, 96)
        context.out(Port.base + 1, 0)
        context.out(Port.base + 3, 0b0000_0010)
        context.out(Port.base + 1, 0b0000_0001)
        context.out(Port.base + 4, 0b0000_1011)
        context.out(0x21, context.in(0x21) & ~0b0001_0000)
    }

    /// The trap in the routine of the interrupt, which has pushed all registers.
    func serialInterrupt(_ call: BIOSCall) -> ServiceOutcome {
        call.spend(clocks: 100)
        var outcome: ServiceOutcome?
        call.endInterrupt()
        for _ in 0..<4 where call.context.in(Port.lineStatus) & 1 != 0 {
            guard let report = collect(call.context.in(Port.base)) else { continue }
            outcome = take(report, call) ?? outcome
        }
        return outcome ?? .done
    }

    /// Bit 6 marks the first character of three.
    private func collect(_ character: UInt8) -> MouseReport? {
        if character & 0b0100_0000 != 0 {
            runtime.packet = [character]
            return nil
        }
        guard !runtime.packet.isEmpty else { return nil }
        runtime.packet.append(character)
        guard runtime.packet.count >= 3 else { return nil }
        let packet = runtime.packet
        runtime.packet = []
        let x = Int8(bitPattern: packet[0] << 6 | packet[1] & 0x3F)
        let y = Int8(bitPattern: packet[0] << 4 & 0b1100_0000 | packet[2] & 0x3F)
        let buttons = packet[0] >> 5 & 1 | packet[0] >> 3 & 2
        return MouseReport(dx: Int(x), dy: Int(y), buttons: buttons)
    }
}
