import Core
import Storage
import X86

/// The high-level DOS: INT 20h to 2Fh over the machine's drives and devices.
///
/// Every entry is a ROM stub with a service trap. A function runs to its end at once, or suspends itself (`CallResult`)
/// with the caller's registers on the caller's stack and the processor on a DOS stack, and is run again later; so no
/// guest state is ever outside guest memory and `state`.
public final class DOSKernel: Service, StateChunk {
    public static let serviceID: UInt8 = 2

    let configuration: DOSConfiguration
    let streams: StandardStreams
    var state = DOSState()
    /// By drive letter, 0 is A.
    var volumes = [(any Volume)?](repeating: nil, count: 32)
    /// The drive that the call which is being served used last, for INT 24h.
    var usedDrive: UInt8?
    /// Addresses of the stubs in the ROM.
    var entries: [FarPointer] = []
    /// The stub of CALL 5 once more, at a segment in which its offset is FEF0h; see `PSP`.
    var callFiveGate = FarPointer(0, 0)
    /// Who writes to the screen while INT 10h and 29h are as the ROM made them.
    private(set) weak var teletype: (any TeletypeOutput)?
    /// Lines for the log, such as calls that are not known; taken by the machine.
    private(set) var notices: [String] = []

    public init(configuration: DOSConfiguration, streams: StandardStreams) {
        self.configuration = configuration
        self.streams = streams
        for (letter, volume) in configuration.drives { setVolume(volume, letter: letter) }
    }

    /// Connects the BIOS's teletype, so that console output needs no guest call.
    public func connect(_ teletype: any TeletypeOutput) { self.teletype = teletype }

    // MARK: Installation

    /// The entries that are reached by a trap, in the order of their numbers.
    enum Entry: UInt8, CaseIterable {
        case int20, int21, resume, int22, int23, int24, int25, int26, int27, int28, int29, int2A, int2E, int2F, callFive
        case deviceStrategy, deviceInterrupt
    }

    /// Places the stubs. Called once, before `boot`.
    public func install(in rom: ServiceROM) {
        entries = Entry.allCases.map { entry in
            let number = TrapNumber(service: DOSKernel.serviceID, entry: entry.rawValue)
            switch entry {
            case .int25, .int26, .deviceStrategy, .deviceInterrupt: return rom.installStub(number, ending: .retf)
            default: return rom.installStub(number)
            }
        }
        installCallFiveGate(in: rom)
    }

    /// The far call at PSP:0005 has the size of the segment, FEF0h, as its offset, as in CP/M. A segment that puts it
    /// into the ROM works with A20 on and off, where the F01D:FEF0 of DOS needs the wrap at 1 MB.
    private func installCallFiveGate(in rom: ServiceROM) {
        let number = TrapNumber(service: DOSKernel.serviceID, entry: Entry.callFive.rawValue)
        let stub = ServiceROM.stub(number)
        let room = rom.allocate([UInt8](repeating: 0x90, count: stub.count + 15))
        let offset = (room.offset &+ 15) & 0xFFF0
        rom.place(stub, at: offset)
        let linear = ServiceROM.range.lowerBound + UInt32(offset)
        callFiveGate = FarPointer(UInt16((linear - UInt32(PSP.segmentSize)) >> 4), PSP.segmentSize)
    }

    func address(of entry: Entry) -> FarPointer { entries[Int(entry.rawValue)] }

    // MARK: Traps

    public func handle(_ number: UInt8, in context: ServiceContext) -> ServiceOutcome {
        guard let entry = Entry(rawValue: number) else { return .done }
        if entry == .resume { return resume(context) }
        if entry == .callFive { turnCallIntoInterrupt(context) }
        let cpu = context.cpu
        let caller = cpu.stackPointer
        dropAbandoned(by: caller, context.memory)
        let frame = FarPointer(caller.segment, caller.offset &- SuspendedCall.frameSize)
        var registers = CallRegisters(cpu)
        registers.flags = context.callerFlags
        let call = Call(registers, frame: frame, in: context)
        enter(entry, call)
        let result = perform(entry, call)
        if case .done = result {
            call.registers.load(into: cpu)
            context.callerFlags = call.registers.flags
            return .done
        }
        return pause(call, result, record: nil, entry: number)
    }

    /// Pushes the caller's registers, as DOS does for all but its shortest calls, and notes the caller's stack for the
    /// return from a child process.
    private func enter(_ entry: Entry, _ call: Call) {
        saveRegisters(call.registers, at: call.frame, call.memory)
        switch entry {
        case .int20, .int21, .int27, .callFive:
            switch call.registers.ah {
            case 0x33, 0x50, 0x51, 0x62, 0x64: return
            default: PSP(currentProcess(call.memory), call.memory).callerStack = call.frame
            }
        default: return
        }
    }

    /// The trap behind a wait or a guest call.
    private func resume(_ context: ServiceContext) -> ServiceOutcome {
        let stack = context.cpu.stackPointer
        // A handler that ended with RETF has left the flags of the INT on the stack.
        let farStack = FarPointer(stack.segment, stack.offset &+ 2)
        let found = state.suspended.lastIndex {
            $0.stack == stack || ($0.progress.interruption == .breakHandler && $0.stack == farStack)
        }
        guard let index = found, let entry = Entry(rawValue: state.suspended[index].entry) else {
            // A program has jumped here by itself. There is nothing to return to.
            note("a jump into DOS at \(context.trapAddress) with no call in progress")
            return .exit(255)
        }
        // Calls above this one were abandoned by a program that never came back from its handler.
        state.suspended.removeSubrange((index + 1)...)
        let record = state.suspended.removeLast()
        updateInDOS(context.memory)
        let call = Call(
            savedRegisters(at: record.callerStack, context.memory), progress: record.progress,
            answer: record.awaitsAnswer ? CallRegisters(context.cpu) : nil, frame: record.callerStack, in: context)
        call.returnedFar = record.stack != stack
        let result = perform(entry, call)
        guard case .done = result else { return pause(call, result, record: record, entry: record.entry) }
        saveRegisters(call.registers, at: record.callerStack, context.memory)
        call.registers.load(into: context.cpu)
        context.cpu.stackPointer = record.callerStack + Int(SuspendedCall.frameSize)
        context.cpu.codePointer = address(of: entry) + ServiceROM.doneOffset
        return .resume
    }

    /// Suspends `call`, or suspends it again, and makes the processor do what `result` asks for.
    private func pause(_ call: Call, _ result: CallResult, record: SuspendedCall?, entry: UInt8) -> ServiceOutcome {
        let cpu = call.context.cpu
        switch result {
        case .transfer: return .resume
        case .exit(let status): return .exit(status)
        default: break
        }
        guard state.suspended.count < DOSKernel.suspensionLimit else {
            note("more than \(DOSKernel.suspensionLimit) DOS calls inside each other")
            return .exit(255)
        }
        let needsStack = record?.isOnCallerStack ?? true
        var record = record ?? suspend(call, entry: entry)
        saveRegisters(call.registers, at: record.callerStack, call.memory)
        let performsIdle = isIdleHooked(result, call)
        call.progress.hasIdled = performsIdle
        record.progress = call.progress
        record.isOnCallerStack = false
        record.awaitsAnswer = false
        if case .callerInterrupt(let number, _) = result {
            // INT 23h sees the stack as at the call, INT 24h with the caller's registers on it.
            record.isOnCallerStack = true
            record.stack = record.callerStack + (number == 0x23 ? Int(SuspendedCall.frameSize) : 0)
        } else if needsStack {
            record.stack = freeDOSStack(for: call)
        }
        cpu.stackPointer = record.stack
        let back = address(of: .resume)
        let outcome: ServiceOutcome
        switch result {
        case .guestInterrupt(let number, let registers), .callerInterrupt(let number, let registers):
            record.awaitsAnswer = true
            registers.load(into: cpu)
            outcome = .callInterrupt(number, returnTo: back)
        case .guestCall(let target, let registers):
            record.awaitsAnswer = true
            registers.load(into: cpu)
            outcome = .callFar(target, returnTo: back)
        case .idle where performsIdle:
            outcome = .callInterrupt(0x28, returnTo: back)
        case .hostInput:
            cpu.codePointer = back
            call.context.begin(trapAt: back)
            outcome = .hostInput
        default:
            cpu.codePointer = back + ServiceROM.waitOffset
            outcome = .resume
        }
        state.suspended.append(record)
        updateInDOS(call.memory)
        return outcome
    }

    /// Whether an idle wait performs INT 28h now: somebody has hooked it, and it was not done since the last wait. The
    /// function runs once more between the two, so that a key which arrives meanwhile is not slept over.
    private func isIdleHooked(_ result: CallResult, _ call: Call) -> Bool {
        guard case .idle = result, !call.progress.hasIdled else { return false }
        return call.memory.vector(0x28) != address(of: .int28)
    }

    /// CALL 5: the stack holds the far return into the PSP and the near return of the program. It becomes that of an
    /// INT 21h, the function number is in CL. Source: MS-DOS encyclopedia, CP/M-style calls.
    private func turnCallIntoInterrupt(_ context: ServiceContext) {
        let cpu = context.cpu
        let stack = cpu.stackPointer
        let segment = context.memory.read16(stack + 2)
        let offset = context.memory.read16(stack + 4)
        context.memory.write16(stack, offset)
        context.memory.write16(stack + 2, segment)
        context.memory.write16(stack + 4, cpu.flags)
        cpu.ah = cpu.cl
    }

    // MARK: Notices

    /// Reports something once for the log; at most 1,000 lines are kept until they are taken.
    func note(_ text: String) {
        guard notices.count < 1_000, state.noted.count < 1_000, state.noted.insert(text).inserted else { return }
        notices.append(text)
    }

    public func takeNotices() -> [String] {
        defer { notices = [] }
        return notices
    }
}
