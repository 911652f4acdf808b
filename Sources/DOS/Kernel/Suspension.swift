import Core
import X86

/// A call that waits, or that has called guest code. The caller's registers are on the caller's own stack, as in DOS:
/// AX BX CX DX SI DI BP DS ES, under IP CS FLAGS; the processor is on one of DOS's stacks.
struct SuspendedCall: StateValue {
    /// What was called: the trap entry that began it.
    var entry: UInt8 = 0
    /// SS:SP of the caller, at the saved AX.
    var callerStack = FarPointer(0, 0)
    /// SS:SP while it waits: on a DOS stack, or on the caller's during INT 23h and 24h. Identifies the call when the
    /// trap comes back.
    var stack = FarPointer(0, 0)
    /// Whether the guest runs on the caller's stack: DOS counts as left meanwhile.
    var isOnCallerStack = false
    /// The process that made the call.
    var process: UInt16 = 0
    /// Whether a guest call is on its way, so that the registers are its answer.
    var awaitsAnswer = false
    var progress = CallProgress()

    init() {}

    mutating func transfer(_ coder: StateCoder) {
        coder.field("entry", &entry)
        coder.field("callerStack", &callerStack)
        coder.field("stack", &stack)
        coder.field("isOnCallerStack", &isOnCallerStack)
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

    /// A record of `call`, whose registers are in its frame already.
    func suspend(_ call: Call, entry: UInt8) -> SuspendedCall {
        var record = SuspendedCall()
        record.entry = entry
        record.process = currentProcess(call.memory)
        record.callerStack = call.frame
        return record
    }

    /// The place on a DOS stack for one more call: below everything that is in use on that stack.
    func freeDOSStack(for call: Call) -> FarPointer {
        let isConsole = (0x01...0x0C).contains(call.registers.ah)
        let isInError = call.memory.read8(DOSLayout.criticalErrorFlag) != 0
        let top =
            !isConsole
            ? DOSLayout.diskStackTop : isInError ? DOSLayout.criticalStackTop : DOSLayout.consoleStackTop
        var used = state.suspended.map(\.stack)
        used.append(call.frame)
        let offsets = used.filter {
            $0.segment == DOSLayout.dataSegment && $0.offset <= top && $0.offset > top - DOSLayout.stackSize
        }.map(\.offset)
        return FarPointer(DOSLayout.dataSegment, (offsets.min() ?? top) &- 64)
    }

    /// Writes the registers into the frame on the caller's stack.
    func saveRegisters(_ r: CallRegisters, at frame: FarPointer, _ memory: GuestMemory) {
        for (index, word) in [r.ax, r.bx, r.cx, r.dx, r.si, r.di, r.bp, r.ds, r.es].enumerated() {
            memory.write16(frame + index * 2, word)
        }
        memory.write16(frame + 22, r.flags)
    }

    /// Forgets calls whose INT 23h or 24h handler never came back: the caller's stack is above their place again.
    func dropAbandoned(by caller: FarPointer, _ memory: GuestMemory) {
        guard state.suspended.contains(where: \.isOnCallerStack) else { return }
        state.suspended.removeAll {
            $0.isOnCallerStack && $0.stack.segment == caller.segment && $0.stack.offset < caller.offset
        }
        updateInDOS(memory)
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

    /// The InDOS flag counts the calls that are inside DOS; the critical error flag says that INT 24h is on its way.
    func updateInDOS(_ memory: GuestMemory) {
        let inside = state.suspended.count { !$0.isOnCallerStack }
        let isInError = state.suspended.contains { $0.progress.interruption == .criticalError }
        memory.write8(DOSLayout.inDOS, UInt8(truncatingIfNeeded: inside))
        memory.write8(DOSLayout.criticalErrorFlag, isInError ? 1 : 0)
    }
}
