import Core

extension DOSKernel {
    /// The process functions of INT 21h; nil for a number that is not among them.
    func processFunction(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult? {
        let memory = call.memory
        switch number {
        case 0x00: return abort(call)
        case 0x26: makePrefix(call)
        case 0x31: return stayResident(call, paragraphs: call.registers.dx, code: call.registers.al)
        case 0x4B: return try execute(call)
        case 0x4C: return terminate(call, code: call.registers.al, .normal)
        case 0x4D:
            call.registers.ax = memory.read16(DOSLayout.returnCode)
            call.registers.carry = false
            memory.write16(DOSLayout.returnCode, 0)
        case 0x50: memory.write16(DOSLayout.currentPSP, call.registers.bx)
        case 0x51, 0x62: call.registers.bx = currentProcess(memory)
        case 0x55: makeChildPrefix(call)
        default: return nil
        }
        return .done
    }

    /// AH=26h: a copy of the caller's PSP at DX, with the vectors as they are now and no parent.
    private func makePrefix(_ call: Call) {
        let memory = call.memory
        let copy = PSP(call.registers.dx, memory)
        memory.writeBytes(copy.at(0), memory.readBytes(FarPointer(call.callerSegment, 0), PSP.byteCount))
        copy.saveVectors()
        copy.parent = 0
        copy.handleTable = copy.at(PSP.handleTableOffset)
        copy.handleCount = PSP.defaultHandleCount
    }

    /// AH=55h: a child's PSP at DX with memory up to SI, which becomes the current process.
    private func makeChildPrefix(_ call: Call) {
        let memory = call.memory
        let parent = currentProcess(memory)
        let child = PSP(call.registers.dx, memory)
        child.make(memoryEnd: call.registers.si, version: configuration.version, callFive: callFiveGate)
        child.parent = parent
        child.environment = PSP(parent, memory).environment
        inheritHandles(from: parent, to: child.segment, memory)
        memory.write16(DOSLayout.currentPSP, child.segment)
    }
}
