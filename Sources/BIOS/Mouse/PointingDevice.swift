import Core
import X86

/// The PS/2 mouse as the BIOS has it: INT 74h (IRQ 12) and INT 15h AH=C2h.
///
/// Packages go to the routine that a program has set with AX=C207h, else to the mouse driver. A PS/2's BIOS keeps this
/// state in an extended BIOS data area; here it is the BIOS's own, and base memory stays whole.
///
/// Source: [RBIL] INT 15h AX=C200h to C207h, tables 00522 to 00525.
/// Assumption: the interrupt is ended after the routine's return, with interrupts on meanwhile, so that it is not entered
/// again.
final class PointingDevice {
    private let addresses: ROMAddresses
    private var state = State()

    struct State: StateValue {
        /// Bytes in a package, 1 to 8.
        var packageSize: UInt8 = 3
        /// The bytes of the present one.
        var package: [UInt8] = []
        /// Of AX=C207h; 0:0 for none.
        var routine = FarPointer(0, 0)
        /// Acknowledgements of the driver's commands that the interrupt is to swallow.
        var awaitedAnswers: UInt8 = 0
        var command = DeviceCommand()

        mutating func transfer(_ coder: StateCoder) {
            coder.field("packageSize", &packageSize)
            coder.field("package", &package, limit: 8)
            coder.field("routine", &routine)
            coder.field("awaitedAnswers", &awaitedAnswers)
            coder.field("command", &command)
        }
    }

    private enum Port {
        static let data: UInt16 = 0x60
        static let command: UInt16 = 0x64
    }

    private enum Status {
        static let invalidFunction: UInt8 = 0x01
        static let invalidInput: UInt8 = 0x02
        static let interfaceError: UInt8 = 0x03
        static let noRoutine: UInt8 = 0x05
    }

    /// The controller's command byte: keyboard interrupt, mouse interrupt, system flag, translation.
    static let usualCommandByte: UInt8 = 0b0100_0111
    /// While a command is under way: the keyboard waits, and the mouse is polled.
    private static let pollingCommandByte: UInt8 = 0b0101_0101

    init(addresses: ROMAddresses) { self.addresses = addresses }

    func transfer(_ coder: StateCoder) { coder.field("state", &state) }

    /// Whether a program gets the packages.
    var hasRoutine: Bool { state.routine != FarPointer(0, 0) }

    // MARK: The controller

    func powerOn(in context: ServiceContext) {
        state = State()
        setCommandByte(PointingDevice.usualCommandByte, context)
        start(context)
    }

    /// Enables reports, unless the mouse belongs to a program's routine.
    func start(_ context: ServiceContext) {
        guard state.routine == FarPointer(0, 0), state.command.function == nil else { return }
        state.package = []
        state.packageSize = 3
        state.awaitedAnswers = 1
        send(0xF4, context)
    }

    private func setCommandByte(_ value: UInt8, _ context: ServiceContext) {
        context.out(Port.command, 0x60)
        context.out(Port.data, value)
    }

    private func send(_ byte: UInt8, _ context: ServiceContext) {
        context.out(Port.command, 0xD4)
        context.out(Port.data, byte)
    }

    /// The next byte of the mouse; nil if there is none, or one of the keyboard.
    private func takeByte(_ context: ServiceContext) -> UInt8? {
        guard context.in(Port.command) & 0b0010_0001 == 0b0010_0001 else { return nil }
        return context.in(Port.data)
    }

    // MARK: INT 74h

    /// The trap in the routine of the interrupt, which has pushed all registers.
    func interrupt(_ call: BIOSCall, driver: MouseService) -> ServiceOutcome {
        call.spend(clocks: 100)
        guard let byte = takeByte(call.context), let package = collect(byte) else { return finish(call) }
        if state.routine != FarPointer(0, 0) {
            let context = call.context
            for word in PointingDevice.words(of: package) { context.push(word) }
            context.cpu.flags = context.cpu.flags & ~Flag.direction | Flag.interrupt
            return .callFar(state.routine, returnTo: addresses.pointingReturn)
        }
        endInterrupt(call)
        guard package.count == 3 else { return .done }
        return driver.take(PointingDevice.report(package), call) ?? .done
    }

    /// The trap behind a program's routine: takes the four words from the stack.
    func routineHasReturned(_ call: BIOSCall) -> ServiceOutcome {
        call.cpu.flags &= ~Flag.interrupt
        call.cpu.sp = call.cpu.sp &+ 8
        return finish(call)
    }

    private func finish(_ call: BIOSCall) -> ServiceOutcome {
        endInterrupt(call)
        return .done
    }

    private func endInterrupt(_ call: BIOSCall) {
        call.context.out(0xA0, 0x20)
        call.endInterrupt()
    }

    private func collect(_ byte: UInt8) -> [UInt8]? {
        if state.awaitedAnswers > 0, byte == 0xFA || byte == 0xFE {
            state.awaitedAnswers -= 1
            state.package = []
            return nil
        }
        // The first byte of a report has bit 3 set: so the rest of one that was cut off is left out.
        if state.package.isEmpty, state.packageSize == 3, byte & 0b0000_1000 == 0 { return nil }
        state.package.append(byte)
        guard state.package.count >= Int(state.packageSize) else { return nil }
        defer { state.package = [] }
        return state.package
    }

    /// Status, X, Y and 0, as a routine finds them on its stack from the highest address down.
    private static func words(of package: [UInt8]) -> [UInt16] {
        (0..<3).map { $0 < package.count ? UInt16(package[$0]) : 0 } + [0]
    }

    private static func report(_ package: [UInt8]) -> MouseReport {
        let x = Int(package[1]) - (package[0] & 0b0001_0000 != 0 ? 256 : 0)
        let y = Int(package[2]) - (package[0] & 0b0010_0000 != 0 ? 256 : 0)
        return MouseReport(dx: x, dy: -y, buttons: package[0] & 0b111)
    }

    // MARK: INT 15h AH=C2h

    func handle(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        switch cpu.al {
        case 0x00:
            guard cpu.bh <= 1 else { return fail(call, Status.invalidInput) }
            if cpu.bh == 1, state.routine == FarPointer(0, 0) { return fail(call, Status.noRoutine) }
            return begin([cpu.bh == 1 ? 0xF4 : 0xF5], answers: 0, call)
        case 0x01: return begin([0xFF], answers: 2, call)
        case 0x02:
            let rates: [UInt8] = [10, 20, 40, 60, 80, 100, 200]
            guard Int(cpu.bh) < rates.count else { return fail(call, Status.invalidInput) }
            return begin([0xF3, rates[Int(cpu.bh)]], answers: 0, call)
        case 0x03:
            guard cpu.bh <= 3 else { return fail(call, Status.invalidInput) }
            return begin([0xE8, cpu.bh], answers: 0, call)
        case 0x04: return begin([0xF2], answers: 1, call)
        case 0x05:
            guard (1...8).contains(cpu.bh) else { return fail(call, Status.invalidInput) }
            state.packageSize = cpu.bh
            return begin([0xFF], answers: 2, call)
        case 0x06:
            switch cpu.bh {
            case 0: return begin([0xE9], answers: 3, call)
            case 1, 2: return begin([cpu.bh == 1 ? 0xE6 : 0xE7], answers: 0, call)
            default: return fail(call, Status.invalidInput)
            }
        case 0x07:
            state.routine = FarPointer(cpu.es, cpu.bx)
            return succeed(call)
        default: return fail(call, Status.invalidFunction)
        }
    }

    private func succeed(_ call: BIOSCall) -> ServiceOutcome {
        call.cpu.ah = 0
        call.context.callerCarry = false
        return .done
    }

    private func fail(_ call: BIOSCall, _ status: UInt8) -> ServiceOutcome {
        call.cpu.ah = status
        call.context.callerCarry = true
        return .done
    }

    /// Sends a command and goes on in a stub that polls for its answers.
    private func begin(_ bytes: [UInt8], answers: UInt8, _ call: BIOSCall) -> ServiceOutcome {
        setCommandByte(PointingDevice.pollingCommandByte, call.context)
        state.package = []
        state.awaitedAnswers = 0
        state.command = DeviceCommand(function: call.cpu.al, unsent: bytes, answers: answers, now: call.context.now)
        sendNext(call)
        call.cpu.codePointer = addresses.pointingCommand
        return .resume
    }

    private func sendNext(_ call: BIOSCall) {
        guard let byte = state.command.takeUnsent() else { return }
        send(byte, call.context)
    }

    /// The trap in the polling stub.
    func continueCommand(_ call: BIOSCall) -> ServiceOutcome {
        let context = call.context
        for _ in 0..<16 {
            guard let byte = takeByte(context) else { break }
            switch state.command.take(byte) {
            case .more: break
            case .sendNext: sendNext(call)
            case .finished: return complete(call)
            case .refused: return end(fail(call, Status.interfaceError), call)
            }
        }
        guard context.now < state.command.deadline else { return end(fail(call, Status.interfaceError), call) }
        context.cost += .microseconds(100)
        context.cpu.ip = context.trapAddress.offset &+ UInt16(ServiceROM.waitOffset)
        return .resume
    }

    private func complete(_ call: BIOSCall) -> ServiceOutcome {
        let (cpu, answers) = (call.cpu, state.command.received)
        switch (state.command.function, answers.count) {
        case (0x01, 2): (cpu.bl, cpu.bh) = (answers[0], answers[1])
        case (0x04, 1): cpu.bh = answers[0]
        case (0x06, 3): (cpu.bl, cpu.cl, cpu.dl) = (answers[0], answers[1], answers[2])
        default: break
        }
        return end(succeed(call), call)
    }

    private func end(_ outcome: ServiceOutcome, _ call: BIOSCall) -> ServiceOutcome {
        state.command = DeviceCommand()
        setCommandByte(PointingDevice.usualCommandByte, call.context)
        return outcome
    }
}

/// A command to the mouse that INT 15h waits for.
struct DeviceCommand: StateValue {
    /// The sub-function of AH=C2h; nil if no command is under way.
    private(set) var function: UInt8?
    private var unsent: [UInt8] = []
    /// Bytes that follow the last acknowledgement.
    private var answers: UInt8 = 0
    private(set) var received: [UInt8] = []
    private var isAcknowledged = false
    private(set) var deadline = Tick.zero

    enum Step { case more, sendNext, finished, refused }

    init() {}

    /// - Parameter now: the command may take a second from then, the longest self-test being shorter.
    init(function: UInt8, unsent: [UInt8], answers: UInt8, now: Tick) {
        (self.function, self.unsent, self.answers) = (function, unsent, answers)
        deadline = now + .seconds(1)
    }

    mutating func takeUnsent() -> UInt8? { unsent.isEmpty ? nil : unsent.removeFirst() }

    mutating func take(_ byte: UInt8) -> Step {
        guard isAcknowledged else {
            switch byte {
            case 0xFA: break
            case 0xFE, 0xFC: return .refused
            // The rest of a report that was under way.
            default: return .more
            }
            if !unsent.isEmpty { return .sendNext }
            isAcknowledged = true
            return answers == 0 ? .finished : .more
        }
        received.append(byte)
        return received.count >= Int(answers) ? .finished : .more
    }

    mutating func transfer(_ coder: StateCoder) {
        var (isUnderWay, number) = (function != nil, function ?? 0)
        coder.field("isUnderWay", &isUnderWay)
        coder.field("function", &number)
        function = isUnderWay ? number : nil
        coder.field("unsent", &unsent, limit: 2)
        coder.field("answers", &answers)
        coder.field("received", &received, limit: 8)
        coder.field("isAcknowledged", &isAcknowledged)
        coder.field("deadline", &deadline)
    }
}
