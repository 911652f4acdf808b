import Core
import X86

/// How a process ended, as AH=4Dh tells in AH.
enum TerminationKind: UInt8 {
    case normal = 0, controlC = 1, criticalError = 2, resident = 3
}

extension DOSKernel {
    /// INT 20h and AH=00h: ends the process whose PSP is at the caller's CS.
    ///
    /// When another process is current, as in a debugger that runs a program under its own process, nothing is given
    /// back: the vectors of that PSP are restored, and execution goes on at its terminate address on the stack of the
    /// current process. DOS takes any segment for a PSP; where there is none, the current process ends here.
    /// Source: [MSDOS4] $ABORT, reset_environment.
    func abort(_ call: Call) -> CallResult {
        let memory = call.memory
        let caller = PSP(call.callerSegment, memory)
        let isPSP = memory.readBytes(caller.at(0), 2) == PSP.signature
        guard isPSP, caller.segment != currentProcess(memory) else { return terminate(call, code: 0, .normal) }
        memory.write16(DOSLayout.returnCode, 0)
        caller.restoreVectors()
        return leave(call, to: memory.vector(0x22), process: currentProcess(memory))
    }

    /// Ends the current process and returns to its parent, behind the parent's EXEC.
    func terminate(_ call: Call, code: UInt8, _ kind: TerminationKind) -> CallResult {
        let memory = call.memory
        let dying = PSP(currentProcess(memory), memory)
        memory.write16(DOSLayout.returnCode, UInt16(kind.rawValue) << 8 | UInt16(code))
        if kind != .resident { closeFCBs(of: dying.segment, memory) }
        if dying.segment == state.rootProcess {
            closeHandles(of: dying.segment, memory)
            return .exit(code)
        }
        dying.restoreVectors()
        let target = memory.vector(0x22)
        let parent = dying.parent
        if parent != dying.segment {
            if kind != .resident {
                closeHandles(of: dying.segment, memory)
                memoryChain(memory).releaseAll(of: dying.segment)
            }
            memory.write16(DOSLayout.currentPSP, parent)
        }
        dropSuspended(of: dying.segment, memory)
        return leave(call, to: target, process: parent)
    }

    /// Goes on at `target` with the registers and the stack of the last call of `process`.
    private func leave(_ call: Call, to target: FarPointer, process: UInt16) -> CallResult {
        let memory = call.memory
        let stack = PSP(process, memory).callerStack
        let cpu = call.context.cpu
        savedRegisters(at: stack, memory).load(into: cpu)
        cpu.stackPointer = stack + Int(SuspendedCall.frameSize) + 6
        cpu.codePointer = target
        cpu.flags = cpu.flags & 0xF000 | Flag.interrupt | 0x0002
        return .transfer
    }

    /// AH=31h and INT 27h: ends the process and keeps the first `paragraphs` of its memory.
    func stayResident(_ call: Call, paragraphs: UInt16, code: UInt8) -> CallResult {
        let memory = call.memory
        let process = currentProcess(memory)
        let size = max(paragraphs, 6)
        let result = try? memoryChain(memory).resize(process, to: size, owner: process)
        if result == .done { PSP(process, memory).memoryEnd = process &+ size }
        return terminate(call, code: code, .resident)
    }
}
