import Core
import Storage
import X86

/// What AH=4Bh starts a program with.
struct ExecutionRequest {
    /// The name as the caller gave it.
    var name: [UInt8]
    /// Segment of the environment to copy; 0 for the caller's own.
    var environment: UInt16
    /// The command tail as it lies in a PSP: count, text, CR.
    var tail: [UInt8]
    /// 16 bytes each.
    var firstFCB: [UInt8]
    var secondFCB: [UInt8]
}

extension DOSKernel {
    /// AH=4Bh: loads a program and starts it (AL=00h), loads it for a debugger (01h), loads an overlay (03h), or is
    /// told that a program was started by hand (05h).
    func execute(_ call: Call) throws(DOSError) -> CallResult {
        let memory = call.memory
        let name = memory.readString(call.registers.dsdx)
        let block = call.registers.esbx
        switch call.registers.al {
        case 0x00, 0x01:
            let request = ExecutionRequest(
                name: name, environment: memory.read16(block),
                tail: memory.readBytes(memory.readPointer(block + 2), 128),
                firstFCB: memory.readBytes(memory.readPointer(block + 6), 12),
                secondFCB: memory.readBytes(memory.readPointer(block + 10), 12))
            let (psp, entry) = try makeProcess(request, call)
            if call.registers.al == 0 {
                start(psp, entry, call.context)
                return .transfer
            }
            let drives = driveValidity(psp, memory)
            memory.write16(entry.stack + -2, drives)
            memory.writePointer(block + 14, entry.stack + -2)
            memory.writePointer(block + 18, entry.code)
        case 0x03:
            let file = try openProgram(try resolve(name, badName: .fileNotFound, call))
            defer { file.close() }
            try loadOverlay(file, at: memory.read16(block), relocatedBy: memory.read16(block + 2), memory)
        case 0x05: break
        default: throw .invalidFunction
        }
        call.registers.carry = false
        return .done
    }

    private func openProgram(_ path: ResolvedPath) throws(DOSError) -> ProgramFile {
        guard case .file(let drive, let path) = path else { throw .fileNotFound }
        return try ProgramFile(path, on: try volume(drive))
    }

    /// Loads a program with its own environment and PSP and makes it the current process.
    func makeProcess(_ request: ExecutionRequest, _ call: Call) throws(DOSError) -> (psp: UInt16, entry: ProgramEntry) {
        let memory = call.memory
        let path = try resolve(request.name, badName: .fileNotFound, call)
        let file = try openProgram(path)
        defer { file.close() }
        let chain = memoryChain(memory)
        let environment = try copyEnvironment(request, path, chain, memory)
        let loaded: (psp: UInt16, end: UInt16, entry: ProgramEntry)
        do throws(DOSError) {
            loaded = try loadProgram(file, memory)
        } catch {
            if environment != 0 { try chain.release(environment) }
            throw error
        }
        let parent = currentProcess(memory)
        let psp = PSP(loaded.psp, memory)
        if environment != 0 { chain.block(of: environment).owner = psp.segment }
        let block = chain.block(of: psp.segment)
        block.owner = psp.segment
        if case .file(_, let path) = path, let name = path.names.last {
            block.setName(name.dottedBytes.prefix { $0 != UInt8(ascii: ".") })
        }
        // The parent goes on behind its INT 21h when the child ends.
        memory.setVector(0x22, call.returnAddress)
        psp.make(memoryEnd: loaded.end, version: configuration.version, callFive: callFiveGate)
        psp.parent = parent
        psp.environment = environment
        inheritHandles(from: parent, to: psp.segment, memory)
        memory.writeBytes(psp.firstFCB, request.firstFCB.prefix(12) + [0, 0, 0, 0])
        memory.writeBytes(psp.secondFCB, request.secondFCB.prefix(12) + [0, 0, 0, 0])
        memory.writeBytes(psp.commandTail, request.tail.prefix(128))
        memory.write16(DOSLayout.currentPSP, psp.segment)
        memory.writePointer(DOSLayout.currentDTA, psp.commandTail)
        return (psp.segment, loaded.entry)
    }

    /// Copies the environment and appends the program's full name: word 1, then the path.
    private func copyEnvironment(
        _ request: ExecutionRequest, _ path: ResolvedPath, _ chain: MemoryChain, _ memory: GuestMemory
    ) throws(DOSError) -> UInt16 {
        var source = request.environment
        if source == 0 { source = PSP(currentProcess(memory), memory).environment }
        guard source != 0 else { return 0 }
        var bytes: [UInt8] = []
        var isEnd = false
        while !isEnd {
            guard bytes.count < 0x8000 else { throw .invalidEnvironment }
            bytes.append(memory.read8(FarPointer(source, UInt16(truncatingIfNeeded: bytes.count))))
            isEnd = bytes.count >= 2 && bytes.suffix(2).allSatisfy { $0 == 0 }
        }
        bytes += [1, 0] + fullName(path, request.name) + [0]
        let copy = try chain.allocate(
            UInt16((bytes.count + 15) / 16), owner: MemoryChain.system, fit: allocationFit(memory))
        memory.writeBytes(FarPointer(copy, 0), bytes)
        return copy
    }

    private func fullName(_ path: ResolvedPath, _ name: [UInt8]) -> [UInt8] {
        guard case .file(let drive, let path) = path else { return name }
        var text: [UInt8] = [UInt8(ascii: "A") &+ drive, UInt8(ascii: ":")]
        for part in path.names { text += [UInt8(ascii: "\\")] + part.dottedBytes }
        return text
    }

    /// AX at a program's start: FFh in AL or AH for a first or second argument on a drive that does not exist.
    private func driveValidity(_ psp: UInt16, _ memory: GuestMemory) -> UInt16 {
        func isBad(_ fcb: FarPointer) -> Bool {
            let number = memory.read8(fcb)
            return number != 0 && (try? volume(number &- 1)) == nil
        }
        let prefix = PSP(psp, memory)
        return (isBad(prefix.firstFCB) ? 0x00FF : 0) | (isBad(prefix.secondFCB) ? 0xFF00 : 0)
    }

    /// Puts the processor at the start of a program, with the registers that DOS 5 leaves there.
    func start(_ psp: UInt16, _ entry: ProgramEntry, _ context: ServiceContext) {
        let cpu = context.cpu
        cpu.ax = driveValidity(psp, context.memory)
        (cpu.bx, cpu.cx, cpu.dx) = (cpu.ax, 0x00FF, psp)
        (cpu.si, cpu.di, cpu.bp) = (entry.code.offset, entry.stack.offset, 0)
        (cpu.ds, cpu.es) = (psp, psp)
        cpu.stackPointer = entry.stack
        cpu.codePointer = entry.code
        cpu.flags = cpu.flags & 0xF000 | Flag.interrupt | 0x0002
    }
}
