import Core
import X86

/// Command bytes on their way to the AT keyboard. It acknowledges each before the next is sent, so the bytes wait here
/// and IRQ 1 moves them on. (IBM's BIOS waits in a loop instead.)
final class KeyboardCommands {
    /// Bytes not yet acknowledged; the first has been sent.
    private var pending: [UInt8] = []
    private var sentAt = Tick.zero
    private var retries: UInt8 = 0

    /// A keyboard that has not answered for so long will not do so: somebody else has read its answer.
    private static let patience = Tick.milliseconds(100)

    func clear() { pending = [] }

    func send(_ bytes: [UInt8], _ call: BIOSCall) {
        if !pending.isEmpty, call.context.now - sentAt < KeyboardCommands.patience {
            if pending.count + bytes.count <= 16 { pending += bytes }
            return
        }
        pending = bytes
        retries = 0
        sendFirst(call)
    }

    private func sendFirst(_ call: BIOSCall) {
        guard let byte = pending.first else { return }
        let data = call.data
        data.keyboardLEDs.subtract([.acknowledged, .resend, .transmitError])
        sentAt = call.context.now
        call.context.out(0x60, byte)
    }

    /// FAh (acknowledged) or FEh (send again) from the keyboard.
    func answered(_ code: UInt8, _ call: BIOSCall) {
        let data = call.data
        if code == 0xFA {
            data.keyboardLEDs.insert(.acknowledged)
            if !pending.isEmpty { pending.removeFirst() }
            retries = 0
        } else {
            data.keyboardLEDs.insert(.resend)
            retries &+= 1
            if retries > 3 {
                pending = []
                data.keyboardLEDs.insert(.transmitError)
            }
        }
        if pending.isEmpty {
            data.keyboardLEDs.remove(.isUpdating)
        } else {
            sendFirst(call)
        }
    }

    func transfer(_ coder: StateCoder) {
        coder.field("pending", &pending, limit: 16)
        coder.field("sentAt", &sentAt)
        coder.field("retries", &retries)
    }
}
