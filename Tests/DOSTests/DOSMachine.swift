import Core
import Storage
import X86

@testable import DOS

/// DOS without a processor: the test plays the program and the guest's interrupt handlers.
///
/// The outcomes of the service are carried out as the main loop does it, but what would run in the guest is a closure
/// of the test.
final class DOSMachine: TimeSource, TeletypeOutput, StreamSink {
    enum Stop: Equatable {
        /// The program goes on behind its INT.
        case returned
        /// Some other code goes on: a new program, or a parent.
        case transferred
        case waiting
        case hostInput
        case exited(UInt8)
    }

    var now = Tick.zero
    let memory = GuestMemory()
    let processor: UnsafeMutablePointer<CPUState>
    let cpu: Registers
    let context: ServiceContext
    let streams = StandardStreams()
    let clock = StoppedFileClock()
    let drive: MemoryVolume
    let kernel: DOSKernel
    private(set) var screen: [UInt8] = []
    private(set) var hostOutput: [UInt8] = []
    /// What the guest does on an interrupt: the registers come and go. Returns true to come back by RETF, which leaves
    /// the flags.
    var handlers: [UInt8: (Registers) -> Bool] = [:]
    /// Every interrupt that the guest was asked to perform.
    private(set) var interrupts: [UInt8] = []
    /// Stops `interrupt` when it waits; otherwise it is run again as if an interrupt had ended the wait.
    private var codeStart = FarPointer(0, 0)

    /// A machine that stands at the start of a .COM.
    init(
        files: [String: [UInt8]] = [:], program: [UInt8] = [0xCD, 0x20], isStream: Bool = false,
        terminals: TerminalStreams = [],
        configure: (inout DOSConfiguration) -> Void = { _ in }
    ) throws {
        processor = .allocate(capacity: 1)
        processor.initialize(to: CPUState())
        cpu = Registers(processor)
        let ports = PortMap()
        drive = MemoryVolume(clock: clock)
        try drive.load(files)
        try drive.load(["SHELL.COM": program])
        var configuration = DOSConfiguration()
        configuration.drives = [(2, drive)]
        configuration.shellPath = Array("C:\\SHELL.COM".utf8)
        configure(&configuration)
        kernel = DOSKernel(configuration: configuration, streams: streams)
        let source = Source()
        context = ServiceContext(cpu: cpu, memory: memory, ports: ports, timeSource: source)
        self.source = source
        if isStream { streams.attach(self, terminals: terminals) }
        kernel.connect(self)
        kernel.install(in: ServiceROM(memory: memory))
        // The BIOS's part: vectors into the ROM, the keyboard buffer.
        for number in UInt8.min...0x1F { memory.setVector(number, FarPointer(0xF000, 0xFF53)) }
        memory.write16(FarPointer(0x40, 0x1A), 0x1E)
        memory.write16(FarPointer(0x40, 0x1C), 0x1E)
        memory.write16(FarPointer(0x40, 0x80), 0x1E)
        memory.write16(FarPointer(0x40, 0x82), 0x3E)
        try kernel.boot(in: context)
        codeStart = cpu.codePointer
    }

    private let source: Source

    private final class Source: TimeSource { var now = Tick.zero }

    deinit { processor.deallocate() }

    func teletype(_ byte: UInt8, in context: ServiceContext) { screen.append(byte) }

    func write(_ bytes: UnsafeRawBufferPointer, toError: Bool) { hostOutput += Array(bytes) }

    var text: String { String(decoding: screen, as: UTF8.self) }
    var hostText: String { String(decoding: hostOutput, as: UTF8.self) }
    var psp: PSP { PSP(kernel.currentProcess(memory), memory) }
    var carry: Bool { cpu.flags & Flag.carry != 0 }
    var zero: Bool { cpu.flags & Flag.zero != 0 }

    // MARK: The program

    /// Performs INT `number` as the program would.
    @discardableResult
    func interrupt(_ number: UInt8, _ entry: DOSKernel.Entry) -> Stop {
        context.push(cpu.flags)
        context.push(cpu.cs)
        context.push(cpu.ip)
        return handle(entry.rawValue, at: kernel.address(of: entry))
    }

    /// INT 21h with AX set, and with other registers by `set`.
    @discardableResult
    func dos(_ ax: UInt16, _ set: (Registers) -> Void = { _ in }) -> Stop {
        cpu.ax = ax
        set(cpu)
        return interrupt(0x21, .int21)
    }

    /// Ends a wait as an interrupt would.
    func resume() -> Stop { handle(DOSKernel.Entry.resume.rawValue, at: kernel.address(of: .resume)) }

    /// Enters a stub with the stack as the test has made it.
    func enter(_ entry: DOSKernel.Entry) -> Stop { handle(entry.rawValue, at: kernel.address(of: entry)) }

    private func handle(_ entry: UInt8, at address: FarPointer) -> Stop {
        var entry = entry
        var address = address
        for _ in 0..<100_000 {
            cpu.codePointer = address + 4
            context.begin(trapAt: address)
            switch kernel.handle(entry, in: context) {
            case .done: return finish(address)
            case .wait: return .waiting
            case .hostInput: return .hostInput
            case .exit(let status): return .exited(status)
            case .stop: return .exited(255)
            case .resume:
                let code = cpu.codePointer
                if code == kernel.address(of: .resume) + ServiceROM.waitOffset { return .waiting }
                if let stub = kernel.entries.first(where: { $0 + ServiceROM.doneOffset == code }) {
                    return finish(stub)
                }
                return .transferred
            case .callInterrupt(let number, let back):
                interrupts.append(number)
                if handlers[number]?(cpu) ?? false { cpu.sp = cpu.sp &- 2 }
                guard back == kernel.address(of: .resume) else { return .waiting }
                (entry, address) = (DOSKernel.Entry.resume.rawValue, back)
            case .callFar(_, let back):
                guard back == kernel.address(of: .resume) else { return .waiting }
                (entry, address) = (DOSKernel.Entry.resume.rawValue, back)
            }
        }
        return .waiting
    }

    /// The IRET (or RETF) at the end of a stub.
    private func finish(_ stub: FarPointer) -> Stop {
        let entry = kernel.entries.firstIndex(of: stub).flatMap { DOSKernel.Entry(rawValue: UInt8($0)) }
        cpu.ip = context.pop()
        cpu.cs = context.pop()
        switch entry {
        case .int25, .int26, .deviceStrategy, .deviceInterrupt: break
        default: cpu.flags = context.pop()
        }
        return .returned
    }

    // MARK: Keys and data

    /// Puts a key into the BIOS's buffer.
    func press(_ key: UInt16) {
        let tail = memory.read16(FarPointer(0x40, 0x1C))
        memory.write16(FarPointer(0x40, tail), key)
        memory.write16(FarPointer(0x40, 0x1C), tail + 2 >= 0x3E ? 0x1E : tail + 2)
    }

    /// Types ASCII, at most 15 characters at a time.
    func type(_ text: String) { for byte in text.utf8 { press(0x1E00 | UInt16(byte)) } }

    /// A place in the program's own memory.
    func data(_ offset: UInt16 = 0x4000) -> FarPointer { FarPointer(psp.segment, offset) }

    @discardableResult
    func place(_ bytes: [UInt8], at offset: UInt16 = 0x4000) -> FarPointer {
        memory.writeBytes(data(offset), bytes)
        return data(offset)
    }

    @discardableResult
    func place(_ text: String, at offset: UInt16 = 0x4000) -> FarPointer { place(Array(text.utf8) + [0], at: offset) }
}
