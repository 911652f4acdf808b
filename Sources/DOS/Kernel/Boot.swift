import Core
import Storage
import X86

extension DOSKernel {
    /// Builds DOS in guest memory, behind a BIOS that has filled the vectors and its data area, and starts the first
    /// program: the processor stands at its first instruction.
    /// - Throws: why the first program cannot be loaded.
    public func boot(in context: ServiceContext) throws(DOSError) {
        let memory = context.memory
        state = DOSState()
        let start = FarPointer(DOSLayout.dataSegment, 0)
        memory.writeBytes(start, [UInt8](repeating: 0, count: Int(DOSLayout.criticalStackTop)))
        initialiseVectors(memory)
        initialiseListOfLists(memory)
        initialiseDevices(memory)
        initialiseCountry(memory)
        initialiseVariables(memory)
        memoryChain(memory).format(end: UInt16(clamping: configuration.conventionalKilobytes * 64))
        initialiseFileTables(memory)
        startClock(context)
        try startFirstProgram(context)
    }

    private func initialiseVectors(_ memory: GuestMemory) {
        let vectors: [(UInt8, Entry)] = [
            (0x20, .int20), (0x21, .int21), (0x22, .int22), (0x23, .int23), (0x24, .int24), (0x25, .int25),
            (0x26, .int26), (0x27, .int27), (0x28, .int28), (0x29, .int29), (0x2A, .int2A), (0x2E, .int2E),
            (0x2F, .int2F),
        ]
        for (number, entry) in vectors { memory.setVector(number, address(of: entry)) }
        for number in UInt8(0x2B)...0x2D { memory.setVector(number, address(of: .int2A)) }
        for number in UInt8(0x32)...0x3F { memory.setVector(number, address(of: .int2A)) }
        // The vectors 30h and 31h hold a far jump, the other way of CALL 5.
        memory.write8(FarPointer(0, 0x00C0), 0xEA)
        memory.writePointer(FarPointer(0, 0x00C1), address(of: .callFive))
        // Ctrl-Break: MOV BYTE PTR CS:[pending scan code],3; IRET
        let place = DOSLayout.pendingScanCode.offset
        memory.writeBytes(
            DOSLayout.breakHandler,
            [0x2E, 0xC6, 0x06, UInt8(truncatingIfNeeded: place), UInt8(place >> 8), 0x03, 0xCF])
        memory.setVector(0x1B, DOSLayout.breakHandler)
    }

    /// Source: Ralf Brown's interrupt list, INT 21h AH=52h, table 01627, DOS 4 and 5.
    private func initialiseListOfLists(_ memory: GuestMemory) {
        let list = DOSLayout.listOfLists
        let none = FarPointer(0xFFFF, 0xFFFF)
        memory.write16(list + -12, 3)  // retries of sharing
        memory.write16(list + -10, 1)  // delay between them
        memory.write16(list + -2, DOSLayout.firstBlock)
        memory.writePointer(list + 0x00, firstDriveParameters)
        memory.writePointer(list + 0x04, FileTables.systemFiles)
        memory.writePointer(list + 0x08, deviceHeader(.clock))
        memory.writePointer(list + 0x0C, deviceHeader(.con))
        memory.write16(list + 0x10, 512)
        memory.writePointer(list + 0x12, DOSLayout.bufferInfo)
        memory.writePointer(list + 0x16, FileTables.currentDirectories)
        memory.writePointer(list + 0x1A, none)
        memory.write8(list + 0x20, UInt8(volumes.count { $0 != nil }))
        memory.write8(list + 0x21, configuration.lastDrive)
        memory.writePointer(list + 0x37, none)
        memory.write16(list + 0x3F, 20)  // BUFFERS=
        memory.write8(list + 0x43, configuration.currentDrive &+ 1)
        // The buffers: no hash table, none in EMS.
        memory.writePointer(DOSLayout.bufferInfo, none)
        memory.write8(DOSLayout.bufferInfo + 12, 0xFF)
    }

    private var firstDriveParameters: FarPointer {
        guard let drive = volumes.firstIndex(where: { $0 != nil }) else { return FarPointer(0xFFFF, 0xFFFF) }
        return dpb(UInt8(drive))
    }

    private func initialiseVariables(_ memory: GuestMemory) {
        memory.write8(DOSLayout.switchCharacter, UInt8(ascii: "/"))
        memory.write8(DOSLayout.errorDrive, 0xFF)
        memory.write8(DOSLayout.currentDrive, configuration.currentDrive)
        memory.write8(DOSLayout.consoleLine, DOSLayout.consoleLineCapacity)
    }

    /// Loads the first program below a PSP of the system, from which it inherits the standard handles. It is its own
    /// parent, and has no environment: COMMAND.COM makes the first one.
    private func startFirstProgram(_ context: ServiceContext) throws(DOSError) {
        let memory = context.memory
        let system = try allocateMemory(PSP.paragraphs, owner: MemoryChain.system, memory)
        memoryChain(memory).block(of: system).setName("SD".utf8)
        let prefix = PSP(system, memory)
        prefix.make(memoryEnd: system, version: configuration.version, callFive: callFiveGate)
        prefix.parent = system
        memory.write16(DOSLayout.currentPSP, system)
        openStandardHandles(of: system, memory)
        var tail: [UInt8] = [UInt8(min(configuration.shellTail.count, 126))]
        tail += configuration.shellTail.prefix(126) + [0x0D]
        let fcb: [UInt8] = [0] + [UInt8](repeating: 0x20, count: 11)
        let request = ExecutionRequest(
            name: configuration.shellPath, environment: 0, tail: tail, firstFCB: fcb, secondFCB: fcb)
        let call = Call(CallRegisters(), frame: DOSLayout.bootFrame, in: context)
        memory.writePointer(DOSLayout.bootFrame + 18, address(of: .int22))
        let (psp, entry) = try makeProcess(request, call)
        closeHandles(of: system, memory)
        PSP(psp, memory).parent = psp
        state.rootProcess = psp
        start(psp, entry, context)
    }
}
