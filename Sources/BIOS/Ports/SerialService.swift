import Core
import X86

/// INT 14h: the serial ports (8250).
///
/// Source: RBIL INT 14h; IBM PC AT Technical Reference, "Asynchronous communications".
final class SerialService {
    /// When the present transfer gives up; zero while none waits.
    private var timeLimit = Tick.zero

    func transfer(_ coder: StateCoder) { coder.field("timeLimit", &timeLimit) }

    /// The divisor of 115,200 baud for the eight speeds of AH=00h: 110 to 9,600 baud.
    private static let divisors: [UInt16] = [1_047, 768, 384, 192, 96, 48, 24, 12]

    private static let timeOut: UInt8 = 0b1000_0000
    private static let dataReady: UInt8 = 0b0000_0001
    private static let transmitterEmpty: UInt8 = 0b0010_0000
    private static let dataSetReady: UInt8 = 0b0010_0000
    private static let clearToSend: UInt8 = 0b0001_0000

    func handle(_ call: BIOSCall) -> ServiceOutcome {
        let (cpu, context) = (call.cpu, call.context)
        guard cpu.dx < 4, cpu.ah <= 3 else {
            call.reportUnknown()
            return .done
        }
        let base = call.data.serialPort(Int(cpu.dx))
        guard base != 0 else {
            // IBM's BIOS leaves AX alone; as on any machine without the port, nothing is ever ready.
            if cpu.ah != 0 { cpu.ah = SerialService.timeOut }
            return .done
        }
        guard context.ports.device(at: base) != nil else {
            cpu.ah = SerialService.timeOut
            return .done
        }
        switch cpu.ah {
        case 0x00: initialize(base, call)
        case 0x01: return send(base, call)
        case 0x02: return receive(base, call)
        default:
            cpu.ah = context.in(base &+ 5)
            cpu.al = context.in(base &+ 6)
        }
        return .done
    }

    /// AH=00h: AL bits 7-5 speed, 4-3 parity, 2 stop bits, 1-0 word length.
    private func initialize(_ base: UInt16, _ call: BIOSCall) {
        let (cpu, context) = (call.cpu, call.context)
        let divisor = SerialService.divisors[Int(cpu.al >> 5)]
        context.out(base &+ 3, 0x80)
        context.out(base &+ 1, UInt8(divisor >> 8))
        context.out(base, UInt8(truncatingIfNeeded: divisor))
        context.out(base &+ 3, cpu.al & 0x1F)
        context.out(base &+ 1, 0)
        cpu.ah = context.in(base &+ 5)
        cpu.al = context.in(base &+ 6)
    }

    /// AH=01h: sends AL when the modem and the transmitter are ready.
    private func send(_ base: UInt16, _ call: BIOSCall) -> ServiceOutcome {
        let (cpu, context) = (call.cpu, call.context)
        context.out(base &+ 4, 0b0000_0011)
        let needed = SerialService.dataSetReady | SerialService.clearToSend
        let lines = context.in(base &+ 5)
        guard context.in(base &+ 6) & needed == needed, lines & SerialService.transmitterEmpty != 0 else {
            return waitOrGiveUp(lines, call)
        }
        timeLimit = .zero
        context.out(base, cpu.al)
        cpu.ah = lines & 0x7F
        return .done
    }

    /// AH=02h: AL the byte, AH the errors of the line.
    private func receive(_ base: UInt16, _ call: BIOSCall) -> ServiceOutcome {
        let (cpu, context) = (call.cpu, call.context)
        context.out(base &+ 4, 0b0000_0001)
        let lines = context.in(base &+ 5)
        guard context.in(base &+ 6) & SerialService.dataSetReady != 0, lines & SerialService.dataReady != 0 else {
            return waitOrGiveUp(lines, call)
        }
        timeLimit = .zero
        cpu.al = context.in(base)
        cpu.ah = lines & 0b0001_1110
        return .done
    }

    /// Tries again after the next interrupt, for about a second.
    private func waitOrGiveUp(_ lines: UInt8, _ call: BIOSCall) -> ServiceOutcome {
        let now = call.context.now
        if timeLimit == .zero { timeLimit = now + .seconds(1) }
        guard now >= timeLimit else { return .wait }
        timeLimit = .zero
        call.cpu.ah = lines | SerialService.timeOut
        return .done
    }
}
