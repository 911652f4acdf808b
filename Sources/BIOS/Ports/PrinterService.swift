import Core
import X86

/// INT 17h: printers at the parallel ports.
///
/// Source: RBIL INT 17h; IBM PC AT Technical Reference, "Printer I/O".
final class PrinterService {
    weak var sink: (any PrinterSink)?

    /// AH on return.
    private struct Status: OptionSet {
        let rawValue: UInt8
        static let timeOut = Status(rawValue: 0b0000_0001)
        static let error = Status(rawValue: 0b0000_1000)
        static let selected = Status(rawValue: 0b0001_0000)
        static let notBusy = Status(rawValue: 0b1000_0000)
    }

    func handle(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        guard cpu.dx < 4, cpu.ah <= 2 else {
            call.reportUnknown()
            return .done
        }
        let base = call.data.parallelPort(Int(cpu.dx))
        // A port that was not found at power-on: the registers stay.
        guard base != 0 else { return .done }
        if let sink {
            if cpu.ah == 0 { sink.printByte(cpu.al, port: Int(cpu.dx)) }
            cpu.ah = Status([.notBusy, .selected]).rawValue
        } else if call.context.ports.device(at: base) != nil {
            usePort(base, call)
        } else {
            // A printer that is switched off.
            cpu.ah = (cpu.ah == 0 ? Status([.timeOut, .error]) : .error).rawValue
        }
        return .done
    }

    /// The adapter's own protocol: data, status, control at three ports.
    private func usePort(_ base: UInt16, _ call: BIOSCall) {
        let (cpu, context) = (call.cpu, call.context)
        func status() -> Status { Status(rawValue: (context.in(base &+ 1) & 0xF8) ^ 0x48) }
        switch cpu.ah {
        case 0x00:
            context.out(base, cpu.al)
            guard status().contains(.notBusy) else {
                cpu.ah = status().union(.timeOut).rawValue
                return
            }
            // Strobe.
            context.out(base &+ 2, 0x0D)
            context.out(base &+ 2, 0x0C)
        case 0x01:
            context.out(base &+ 2, 0x08)
            context.out(base &+ 2, 0x0C)
        default: break
        }
        cpu.ah = status().rawValue
    }
}
