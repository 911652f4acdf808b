import Core
import X86

/// A call that waits, or that has called guest code. The caller's registers are on the caller's own stack, as in DOS:
/// AX BX CX DX SI DI BP DS ES, under IP CS FLAGS; the processor is on one of DOS's stacks.
struct SuspendedCall: StateValue {
    /// What was called: the trap entry that began it.
    var entry: UInt8 = 0
    /// SS:SP of the caller, at the saved AX.
    var callerStack = FarPointer(0, 0)
    /// SS:SP of DOS while it waits; identifies the call when the trap comes back.
    var dosStack = FarPointer(0, 0)
    /// The process that made the call.
    var process: UInt16 = 0
    /// Whether a guest call is on its way, so that the registers are its answer.
    var awaitsAnswer = false
    var progress = CallProgress()

    init() {}

    mutating func transfer(_ coder: StateCoder) {
        coder.field("entry", &entry)
        coder.field("callerStack", &callerStack)
        coder.field("dosStack", &dosStack)
        coder.field("process", &process)
        coder.field("awaitsAnswer", &awaitsAnswer)
        coder.field("progress", &progress)
    }

    /// Bytes of registers that DOS pushes onto the caller's stack.
    static let frameSize: UInt16 = 18
}

extension DOSKernel {
    /// Calls that may be suspended inside each other; more are refused as a stack overflow.
    static let suspensionLimit = 32

    /// Pushes the caller's registers, as DOS does, and moves to a DOS stack. The call can then wait.
    func suspend(_ call: Call, entry: UInt8) -> SuspendedCall {
        let cpu = call.context.cpu
        let memory = call.memory
        var record = SuspendedCall()
        record.entry = entry
        record.process = currentProcess(memory)
        record.callerStack = FarPointer(cpu.ss, cpu.sp &- SuspendedCall.frameSize)
        saveRegisters(call.registers, at: record.callerStack, memory)
        memory.writePointer(FarPointer(record.process, PSPField.callerStack), record.callerStack)
        record.dosStack = freeDOSStack(for: call)
        return record
    }

    /// The place on a DOS stack for one more call: below the deepest call that is suspended on that stack.
    private func freeDOSStack(for call: Call) -> FarPointer {
        let function = call.registers.ah
        let top: UInt16 =
            (0x01...0x0C).contains(function) ? DOSLayout.consoleStackTop : DOSLayout.diskStackTop
        let used = state.suspended.map(\.dosStack).filter {
            $0.segment == DOSLayout.dataSegment && $0.offset <= top && $0.offset > top &- DOSLayout.stackSize
        }
        let offset = (used.map(\.offset).min() ?? top &+ 64) &- 64
        return FarPointer(DOSLayout.dataSegment, offset)
    }

    /// Writes the registers into the frame on the caller's stack.
    func saveRegisters(_ r: CallRegisters, at frame: FarPointer, _ memory: GuestMemory) {
        for (index, word) in [r.ax, r.bx, r.cx, r.dx, r.si, r.di, r.bp, r.ds, r.es].enumerated() {
            memory.write16(frame + index * 2, word)
        }
        memory.write16(frame + 22, r.flags)
    }

    /// Reads the registers from the frame on the caller's stack.
    func savedRegisters(at frame: FarPointer, _ memory: GuestMemory) -> CallRegisters {
        var r = CallRegisters()
        r.ax = memory.read16(frame)
        r.bx = memory.read16(frame + 2)
        r.cx = memory.read16(frame + 4)
        r.dx = memory.read16(frame + 6)
        r.si = memory.read16(frame + 8)
        r.di = memory.read16(frame + 10)
        r.bp = memory.read16(frame + 12)
        r.ds = memory.read16(frame + 14)
        r.es = memory.read16(frame + 16)
        r.flags = memory.read16(frame + 22)
        return r
    }

    /// Forgets the calls of a process that has ended: its stack is gone.
    func dropSuspended(of process: UInt16, _ memory: GuestMemory) {
        state.suspended.removeAll { $0.process == process }
        updateInDOS(memory)
    }

    /// The InDOS flag counts the calls that are inside DOS.
    func updateInDOS(_ memory: GuestMemory) {
        memory.write8(DOSLayout.inDOS, UInt8(truncatingIfNeeded: state.suspended.count))
    }
}
