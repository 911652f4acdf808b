import Core
import X86

/// The command interpreter and the commands of drive Z:, as DOS processes.
///
/// Each is a small .COM file that jumps into a loop in the ROM: a trap, in which the code here takes the answer of the
/// last DOS call and sets up the next one, then `INT 21h`, then the trap again. The process is told by its stack
/// segment, which is its PSP. See `ShellStep` for how the code between two calls is kept as plain data.
public final class CommandShell: Service, StateChunk {
    public static let serviceNumber: UInt8 = 3
    /// Processes at once; when there are more, the oldest child is forgotten.
    static let processLimit = 64
    /// Steps without a DOS call in one trap. No frame comes near; it bounds the host's work.
    private static let stepLimit = 1_000

    enum Entry: UInt8 {
        case start, loop, breakKey, criticalError, criticalLoop, execute
    }

    var configuration: ShellConfiguration
    var processes: [ShellProcess] = []
    /// PSP of the first interpreter, 0 before it has started.
    var firstPSP: UInt16 = 0
    var critical = CriticalErrorDialog()
    /// Entries in the ROM, from `install`.
    var addresses = ShellAddresses()

    public init(configuration: ShellConfiguration = ShellConfiguration()) { self.configuration = configuration }

    // MARK: Service

    public func handle(_ entry: UInt8, in context: ServiceContext) -> ServiceOutcome {
        context.cost = Tick(CommandShell.stepCost)
        switch Entry(rawValue: entry) {
        case .start: return start(context)
        case .loop: return advance(context)
        case .breakKey: return breakKey(context)
        case .criticalError:
            critical = CriticalErrorDialog(context)
            return .done
        case .criticalLoop: return continueCritical(context)
        case .execute: return execute(context)
        case nil: return .done
        }
    }

    /// About 40 µs, what a few hundred instructions of an interpreter take.
    private static let stepCost: Int64 = 100_000

    /// A program on Z: begins: AX says which, SS is its PSP.
    private func start(_ context: ServiceContext) -> ServiceOutcome {
        let psp = context.cpu.ss
        let program = ShellProgram(rawValue: context.cpu.ax) ?? .command
        processes.removeAll { $0.psp == psp || !isAlive($0.psp, context.memory) }
        if processes.count >= CommandShell.processLimit {
            processes.remove(at: processes.count > 1 ? 1 : 0)
        }
        let isFirst = firstPSP == 0 && program == .command
        if isFirst { firstPSP = psp }
        let root = isFirst ? RootFrame(configuration) : RootFrame()
        processes.append(ShellProcess(psp: psp, program: program, isFirst: isFirst, root: root))
        context.cpu.sp = ShellLayout.stackTop
        context.cpu.flags |= Flag.interrupt
        return .done
    }

    /// Whether a memory block with a PSP is there that owns itself.
    private func isAlive(_ psp: UInt16, _ memory: GuestMemory) -> Bool {
        let block = FarPointer(psp &- 1, 0)
        let mark = memory.read8(block)
        return (mark == UInt8(ascii: "M") || mark == UInt8(ascii: "Z")) && memory.read16(block + 1) == psp
            && memory.read16(FarPointer(psp, 0)) == 0x20CD
    }

    // MARK: The loop

    /// Runs steps until one needs an interrupt.
    private func advance(_ context: ServiceContext) -> ServiceOutcome {
        for _ in 0..<CommandShell.stepLimit {
            guard let index = processes.lastIndex(where: { $0.psp == context.cpu.ss }), !processes[index].frames.isEmpty
            else {
                // Nobody knows this process: it ends.
                context.cpu.ax = 0x4CFF
                return .done
            }
            if let outcome = runStep(index, context) { return outcome }
        }
        context.cpu.ax = 0x0B00
        return .done
    }

    /// Runs the top frame once; nil if there is more to do before an interrupt.
    private func runStep(_ index: Int, _ context: ServiceContext) -> ServiceOutcome? {
        let process = processes[index]
        let top = process.frames.count - 1
        let slot = process.frames[top]
        let shell = ShellStep(
            context, addresses: addresses, process: process, log: slot.log, hasFreshAnswer: slot.isPending)
        var body = slot.body
        let isGivenUp = slot.isGivenUp || process.cancellation != .none && !body.handlesCancellation
        do throws(StepSignal) {
            var flow = ShellFlow.finish
            if isGivenUp { try body.cancel(shell) } else { flow = try body.step(shell) }
            processes[index] = shell.process
            return apply(flow, body, to: index, context)
        } catch {
            switch error {
            case .pending:
                if shell.isEnding {
                    processes.remove(at: index)
                    if process.isFirst { firstPSP = 0xFFFF }
                    return .done
                }
                processes[index].frames[top].log = shell.log
                processes[index].frames[top].isPending = true
                guard shell.interrupt != 0x21 else { return .done }
                return .callInterrupt(shell.interrupt, returnTo: addresses.loop)
            case .dos(let code): fail(index, ShellMessage.text(ofError: code))
            case .refused(let sentence): fail(index, sentence)
            }
            return nil
        }
    }

    private func apply(
        _ flow: ShellFlow, _ body: any ShellFrame, to index: Int, _ context: ServiceContext
    ) -> ServiceOutcome? {
        let top = processes[index].frames.count - 1
        processes[index].frames[top] = FrameSlot(body)
        switch flow {
        case .again: break
        case .finish: processes[index].frames.removeLast()
        case .push(let frame):
            if top + 3 < ShellProcess.frameLimit {
                processes[index].frames.append(FrameSlot(frame))
            } else {
                processes[index].frames.append(
                    FrameSlot(MessageFrame(text: "Batch files nested too deeply\r\n".dosText)))
                processes[index].cancellation = .batchJob
            }
        case .replace(let frame): processes[index].frames[top] = FrameSlot(frame)
        case .returnToCaller(let stack):
            processes[index].frames.removeLast()
            context.cpu.stackPointer = stack
            context.cpu.codePointer = addresses.interruptReturn
            return .resume
        }
        return nil
    }

    /// The top frame says why it cannot go on, undoes what it must, and ends.
    private func fail(_ index: Int, _ sentence: String) {
        let top = processes[index].frames.count - 1
        processes[index].frames[top].log = []
        processes[index].frames[top].isPending = false
        let body = processes[index].frames[top].body
        if body is MessageFrame || body is CleanupFrame || processes[index].frames[top].isGivenUp {
            processes[index].frames.removeLast()
            return
        }
        if body.handlesCancellation {
            processes[index].frames[top].body.noteFailure()
        } else {
            processes[index].frames[top].isGivenUp = true
        }
        if processes[index].program != .command { processes[index].errorLevel = 1 }
        guard top + 1 < ShellProcess.frameLimit, !sentence.isEmpty else { return }
        processes[index].frames.append(FrameSlot(MessageFrame(text: (sentence + "\r\n").dosText)))
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("SHEL") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        configuration.transfer(coder)
        coder.array("processes", &processes, limit: CommandShell.processLimit)
        coder.field("firstPSP", &firstPSP)
        coder.field("critical", &critical)
    }

    public func stateDidRestore() {}
}
