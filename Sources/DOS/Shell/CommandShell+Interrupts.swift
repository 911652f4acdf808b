import Core
import X86

/// Addresses of the shell's entries in the ROM.
struct ShellAddresses {
    /// Where the .COM files jump to.
    var start = FarPointer(0, 0)
    var loop = FarPointer(0, 0)
    var breakKey = FarPointer(0, 0)
    var criticalError = FarPointer(0, 0)
    /// Restores the registers and returns from INT 24h.
    var criticalReturn = FarPointer(0, 0)
    var execute = FarPointer(0, 0)
    /// An IRET.
    var interruptReturn = FarPointer(0, 0)
}

extension CommandShell {
    // MARK: The ROM

    /// Places the entries in the ROM. Once, before `systemFiles` is asked for.
    public func install(in rom: ServiceROM) {
        addresses.loop = installLoop(.loop, in: rom)
        addresses.start = rom.installStub(number(.start), ending: .jump(addresses.loop))
        addresses.interruptReturn = rom.allocate([0xCF])

        // PUSH AX; PUSH BX; AH=51h (whose process is it?); trap; POP BX; POP AX; STC; RETF, which ends that process.
        addresses.breakKey = rom.allocate(
            [0x50, 0x53, 0xB4, 0x51, 0xCD, 0x21]
                + ServiceROM.stub(number(.breakKey), ending: .code([0x5B, 0x58, 0xF9, 0xCB])))

        // INT 24h keeps BX, CX, DX, SI, DI, BP, DS and ES.
        addresses.criticalReturn = rom.allocate([0x07, 0x1F, 0x5D, 0x5F, 0x5E, 0x5A, 0x59, 0x5B, 0xCF])
        let criticalLoop = installLoop(.criticalLoop, in: rom)
        // The same pushes in the other order, then the process that the error belongs to in BX.
        addresses.criticalError = rom.allocate(
            [0x53, 0x51, 0x52, 0x56, 0x57, 0x55, 0x1E, 0x06, 0x50, 0xB4, 0x51, 0xCD, 0x21, 0x58]
                + ServiceROM.stub(number(.criticalError), ending: .jump(criticalLoop)))

        // INT 2Eh: the caller's process in BX; all registers but DS:SI may go.
        addresses.execute = rom.allocate([0xB4, 0x51, 0xCD, 0x21] + ServiceROM.stub(number(.execute)))
    }

    private func number(_ entry: Entry) -> TrapNumber {
        TrapNumber(service: CommandShell.serviceNumber, entry: entry.rawValue)
    }

    /// A trap, INT 21h, and back to the trap.
    private func installLoop(_ entry: Entry, in rom: ServiceROM) -> FarPointer {
        let ending: [UInt8] = [0xCD, 0x21, 0xEB, UInt8(truncatingIfNeeded: -(ServiceROM.doneOffset + 4))]
        return rom.installStub(number(entry), ending: .code(ending))
    }

    /// The files of drive Z:.
    public func systemFiles() -> [(name: String, bytes: [UInt8])] {
        ShellProgram.allCases.map { ($0.fileName, $0.image(start: addresses.start)) }
    }

    /// The bytes of COMMAND.COM.
    public func comImage() -> [UInt8] { ShellProgram.command.image(start: addresses.start) }

    // MARK: INT 23h

    /// Ctrl-C. In the interpreter itself it ends the present command; any other process ends.
    func breakKey(_ context: ServiceContext) -> ServiceOutcome {
        interruptCommand(of: context.cpu.bx, context) ?? .done
    }

    /// Gives up what the interpreter with this PSP is doing, and goes on in its loop. Nil if it is none.
    private func interruptCommand(of psp: UInt16, _ context: ServiceContext) -> ServiceOutcome? {
        guard let index = processes.lastIndex(where: { $0.psp == psp && $0.program == .command }),
            let top = processes[index].frames.indices.last
        else { return nil }
        processes[index].frames[top].log = []
        processes[index].frames[top].isPending = false
        if processes[index].cancellation == .none { processes[index].cancellation = .command }
        let table = FarPointer(psp, ShellLayout.jobFileTable)
        let open = (5..<ShellLayout.jobFileCount).filter { context.memory.read8(table + $0) != 0xFF }
        let cleanup = FrameSlot(CleanupFrame(handles: open.map { UInt8($0) }))
        if processes[index].frames[top].body is CleanupFrame || top + 1 >= ShellProcess.frameLimit {
            processes[index].frames[top] = cleanup
        } else {
            processes[index].frames.append(cleanup)
        }
        let isSecond = processes[index].frames.contains { $0.body is SecondaryFrame }
        context.cpu.stackPointer = FarPointer(
            psp, isSecond ? ShellLayout.secondStackTop : ShellLayout.stackTop)
        context.cpu.flags |= Flag.interrupt
        context.cpu.codePointer = addresses.loop
        return .resume
    }

    // MARK: INT 24h

    func continueCritical(_ context: ServiceContext) -> ServiceOutcome {
        let shell = ShellStep(
            context, addresses: addresses, process: ShellProcess(), log: critical.log,
            hasFreshAnswer: critical.isPending)
        do throws(StepSignal) {
            let action = try critical.ask(shell)
            let psp = critical.process
            critical = CriticalErrorDialog()
            if action == .abort, let outcome = interruptCommand(of: psp, context) { return outcome }
            context.cpu.al = action.rawValue
            context.cpu.codePointer = addresses.criticalReturn
            return .resume
        } catch {
            guard case .pending = error else {
                critical = CriticalErrorDialog()
                context.cpu.al = CriticalErrorDialog.Action.fail.rawValue
                context.cpu.codePointer = addresses.criticalReturn
                return .resume
            }
            critical.log = shell.log
            critical.isPending = true
            return .done
        }
    }

    // MARK: INT 2Eh

    /// Executes the line at DS:SI (its length, its text, CR) in the first interpreter. AX = FFFFh if that cannot be.
    /// Source: Ralf Brown's Interrupt List, INT 2Eh.
    func execute(_ context: ServiceContext) -> ServiceOutcome {
        let cpu = context.cpu
        guard let index = processes.firstIndex(where: { $0.psp == firstPSP }), processes[index].psp != cpu.bx,
            processes[index].frames.count < ShellProcess.frameLimit,
            !processes[index].frames.contains(where: { $0.body is SecondaryFrame })
        else {
            cpu.ax = 0xFFFF
            return .done
        }
        let source = FarPointer(cpu.ds, cpu.si)
        let count = Int(context.memory.read8(source))
        let line = context.memory.readBytes(source + 1, count).prefix { $0 != Character8.carriageReturn }
        let frame = SecondaryFrame(
            line: Array(line), callerStack: cpu.stackPointer, callerProcess: cpu.bx,
            savedStack: context.memory.readPointer(FarPointer(firstPSP, ShellLayout.savedStack)))
        processes[index].frames.append(FrameSlot(frame))
        cpu.stackPointer = FarPointer(firstPSP, ShellLayout.secondStackTop)
        cpu.flags |= Flag.interrupt
        cpu.codePointer = addresses.loop
        return .resume
    }
}

extension ShellConfiguration {
    mutating func transfer(_ coder: StateCoder) {
        var steps = startup.map(StartupItem.init)
        coder.array("startup", &steps, limit: ShellConfiguration.startupLimit)
        startup = steps.map(\.startup)
        coder.field("isInteractive", &isInteractive)
        coder.strings("environment", &environment, limit: 256)
        coder.field("environmentSize", &environmentSize)
        environmentSize = min(max(environmentSize, 160), 32_768)
    }
}

/// A startup entry in a saved state.
struct StartupItem: StateValue {
    var isProgram = false
    var text: [UInt8] = []
    var tail: [UInt8] = []

    init() {}

    init(_ startup: ShellConfiguration.Startup) {
        switch startup {
        case .line(let line): text = Array(line.prefix(CommandLine.lengthLimit))
        case .program(let path, let arguments):
            (isProgram, text, tail) = (true, Array(path.prefix(4_096)), Array(arguments.prefix(4_096)))
        }
    }

    var startup: ShellConfiguration.Startup { isProgram ? .program(path: text, tail: tail) : .line(text) }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("isProgram", &isProgram)
        coder.field("text", &text, limit: 4_096)
        coder.field("tail", &tail, limit: 4_096)
    }
}
