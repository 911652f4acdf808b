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
    /// Addresses of the stubs in the ROM.
    var entries: [FarPointer] = []
    /// Lines for the log, such as calls that are not known; taken by the machine.
    private(set) var notices: [String] = []

    public init(configuration: DOSConfiguration, streams: StandardStreams) {
        self.configuration = configuration
        self.streams = streams
        for (letter, volume) in configuration.drives { setVolume(volume, letter: letter) }
    }

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
    }

    func address(of entry: Entry) -> FarPointer { entries[Int(entry.rawValue)] }

    // MARK: Traps

    public func handle(_ number: UInt8, in context: ServiceContext) -> ServiceOutcome {
        guard let entry = Entry(rawValue: number) else { return .done }
        if entry == .resume { return resume(context) }
        let call = Call(CallRegisters(context.cpu), in: context)
        call.registers.flags = context.callerFlags
        let result = perform(entry, call)
        if case .done = result {
            call.registers.load(into: context.cpu)
            context.callerFlags = call.registers.flags
            return .done
        }
        return pause(call, result, record: nil, entry: number)
    }

    /// The trap behind a wait or a guest call.
    private func resume(_ context: ServiceContext) -> ServiceOutcome {
        let stack = context.cpu.stackPointer
        guard let index = state.suspended.lastIndex(where: { $0.dosStack == stack }),
            let entry = Entry(rawValue: state.suspended[index].entry)
        else {
            // A program has jumped here by itself. There is nothing to return to.
            note("a jump into DOS at \(context.trapAddress) with no call in progress")
            return .exit(255)
        }
        // Calls above this one were abandoned by a program that never came back from its handler.
        state.suspended.removeSubrange((index + 1)...)
        let record = state.suspended.removeLast()
        let answer = record.awaitsAnswer ? CallRegisters(context.cpu) : nil
        let call = Call(
            savedRegisters(at: record.callerStack, context.memory), progress: record.progress, answer: answer,
            in: context)
        let result = perform(entry, call)
        guard case .done = result else { return pause(call, result, record: record, entry: record.entry) }
        updateInDOS(context.memory)
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
        var record = record ?? suspend(call, entry: entry)
        saveRegisters(call.registers, at: record.callerStack, call.memory)
        record.progress = call.progress
        cpu.stackPointer = record.dosStack
        let back = address(of: .resume)
        let outcome: ServiceOutcome
        switch result {
        case .guestInterrupt(let number, let registers):
            record.awaitsAnswer = true
            registers.load(into: cpu)
            outcome = .callInterrupt(number, returnTo: back)
        case .guestCall(let target, let registers):
            record.awaitsAnswer = true
            registers.load(into: cpu)
            outcome = .callFar(target, returnTo: back)
        case .idle:
            record.awaitsAnswer = false
            outcome = .callInterrupt(0x28, returnTo: back + ServiceROM.waitOffset)
        case .hostInput:
            record.awaitsAnswer = false
            cpu.codePointer = back
            outcome = .hostInput
        default:
            record.awaitsAnswer = false
            cpu.codePointer = back + ServiceROM.waitOffset
            outcome = .resume
        }
        state.suspended.append(record)
        updateInDOS(call.memory)
        return outcome
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
