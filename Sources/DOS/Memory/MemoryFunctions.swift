import Core

extension DOSKernel {
    func memoryChain(_ memory: GuestMemory) -> MemoryChain {
        MemoryChain(first: memory.read16(DOSLayout.listOfLists + -2), memory: memory)
    }

    /// The strategy of AH=58h for low memory.
    func allocationFit(_ memory: GuestMemory) -> MemoryChain.Fit {
        MemoryChain.Fit(rawValue: memory.read8(DOSLayout.allocationStrategy) & 0x03) ?? .last
    }

    /// A new memory block: its segment.
    func allocateMemory(_ paragraphs: UInt16, owner: UInt16, _ memory: GuestMemory) throws(DOSError) -> UInt16 {
        try memoryChain(memory).allocate(paragraphs, owner: owner, fit: allocationFit(memory))
    }

    /// The memory functions of INT 21h; nil for a number that is not among them.
    func memoryFunction(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult? {
        switch number {
        case 0x48: try allocateMemory(call)
        case 0x49: try memoryChain(call.memory).release(call.registers.es)
        case 0x4A: try resizeMemory(call)
        case 0x58: try allocationStrategy(call)
        default: return nil
        }
        call.registers.carry = false
        return .done
    }

    /// AH=48h: BX paragraphs; AX is the segment, or BX the largest block.
    private func allocateMemory(_ call: Call) throws(DOSError) {
        let chain = memoryChain(call.memory)
        do throws(DOSError) {
            call.registers.ax = try chain.allocate(
                call.registers.bx, owner: currentProcess(call.memory), fit: allocationFit(call.memory))
        } catch {
            if error == .insufficientMemory { call.registers.bx = try chain.largest() }
            throw error
        }
    }

    /// AH=4Ah: the block at ES becomes BX paragraphs long; BX is the largest possible size on failure.
    private func resizeMemory(_ call: Call) throws(DOSError) {
        let result = try memoryChain(call.memory).resize(
            call.registers.es, to: call.registers.bx, owner: currentProcess(call.memory))
        if case .short(let size) = result {
            call.registers.bx = size
            throw .insufficientMemory
        }
    }

    /// AH=58h: allocation strategy, and the link to upper memory, of which there is none.
    private func allocationStrategy(_ call: Call) throws(DOSError) {
        switch call.registers.al {
        case 0x00: call.registers.ax = UInt16(call.memory.read8(DOSLayout.allocationStrategy))
        case 0x01:
            // 40h and 80h ask for upper memory, first or only; there is none, so the low three fits are left.
            guard call.registers.bl & 0x3F <= 2, call.registers.bl & 0xC0 != 0xC0 else { throw .invalidFunction }
            call.memory.write8(DOSLayout.allocationStrategy, call.registers.bl)
        case 0x02: call.registers.al = 0
        case 0x03: guard call.registers.bx == 0 else { throw .invalidFunction }
        default: throw .invalidFunction
        }
    }
}
