import Core
import Storage
import X86
import X86Fast

@testable import DOS

/// A processor, the DOS kernel and the shell, without a BIOS: the console is the host's standard input and output, or
/// keys in the BIOS's buffer and the characters that DOS hands to the BIOS.
final class ShellMachine: ProcessorBus, StreamSink, TeletypeOutput {
    let memory = GuestMemory()
    let drive: MemoryVolume
    let shell: CommandShell
    let kernel: DOSKernel
    let streams = StandardStreams()
    private(set) var output: [UInt8] = []
    private(set) var errors: [UInt8] = []
    /// The exit status, when the first process has ended.
    private(set) var status: UInt8?
    private(set) var trapCount = 0
    private var engine: FastProcessor?
    private var context: ServiceContext?
    var deadline = Tick.seconds(60)
    /// Keys that are pressed when the machine waits, as the BIOS's words.
    private var keys: [UInt16]

    init(
        _ configuration: ShellConfiguration, files: [String: [UInt8]] = [:], input: String? = nil, keys: String? = nil
    ) throws {
        self.keys = (keys ?? "").utf8.map { 0x1E00 | UInt16($0) }
        drive = MemoryVolume(clock: StoppedFileClock(FileTime(year: 1990, month: 1, day: 2)))
        try drive.load(files)
        shell = CommandShell(configuration: configuration)
        let rom = ServiceROM(memory: memory)
        shell.install(in: rom)
        let system = MemoryVolume(clock: StoppedFileClock())
        try system.load(
            Dictionary(shell.systemFiles().map { ($0.name, $0.bytes) }, uniquingKeysWith: { first, _ in first }))
        var settings = DOSConfiguration()
        settings.drives = [(2, drive), (25, system)]
        kernel = DOSKernel(configuration: settings, streams: streams)
        kernel.install(in: rom)
        if keys == nil { streams.attach(self) } else { kernel.connect(self) }
        if let input { streams.supply(Array(input.utf8)) }
        let engine = FastProcessor(model: .i80286, clockPeriod: Tick(210), memory: memory, bus: self)
        memory.connect(engine)
        // In the BIOS's place: vectors that return, an empty keyboard buffer.
        let iret = rom.allocate([0xCF])
        for number in UInt8.min...0x1F { memory.setVector(number, iret) }
        for (offset, value) in [(UInt16(0x1A), UInt16(0x1E)), (0x1C, 0x1E), (0x80, 0x1E), (0x82, 0x3E)] {
            memory.write16(FarPointer(0x40, offset), value)
        }
        let context = ServiceContext(
            cpu: engine.registers, memory: memory, ports: PortMap(), timeSource: engine)
        (self.engine, self.context) = (engine, context)
        try kernel.boot(in: context)
    }

    convenience init(lines: [String], files: [String: [UInt8]] = [:], input: String? = nil) throws {
        try self.init(
            ShellConfiguration(startup: lines.map { .line(Array($0.utf8)) }, isInteractive: false), files: files,
            input: input)
    }

    /// Runs to the end of the first process; returns what it wrote.
    @discardableResult
    func run() -> String {
        while status == nil, step() {}
        return CodePage.cp437.text(output)
    }

    var errorText: String { CodePage.cp437.text(errors) }

    func text(_ path: String) -> String? {
        let names = path.split(separator: "\\").compactMap { ShortName(String($0)) }
        guard let file = try? drive.open(VolumePath(names), access: .read) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = try? bytes.withUnsafeMutableBytes { (buffer) throws(VolumeError) in
            try drive.read(file, at: 0, into: buffer)
        }
        try? drive.close(file)
        return CodePage.cp437.text(bytes.prefix(count ?? 0))
    }

    /// Runs to the next trap and serves it. False when nothing can go on.
    func step() -> Bool {
        guard let engine, let context else { return false }
        var reason = engine.run()
        if case .halted = reason, !keys.isEmpty {
            press(keys.removeFirst())
            engine.registers.state.pointee.isInterruptRequested = true
            reason = engine.run()
        }
        guard case .serviceTrap(let trap) = reason else { return false }
        trapCount += 1
        let cpu = engine.registers
        let address = cpu.codePointer + -4
        cpu.codePointer = address
        context.begin(trapAt: address)
        let service: any Service = trap.service == CommandShell.serviceNumber ? shell : kernel
        switch service.handle(trap.entry, in: context) {
        case .done: cpu.codePointer = address + ServiceROM.doneOffset
        case .wait: return false
        case .resume: break
        case .callInterrupt(let number, let back):
            context.push(cpu.flags)
            push(back, context)
            cpu.flags &= ~(Flag.interrupt | Flag.trap)
            cpu.codePointer = memory.vector(number)
        case .callFar(let target, let back):
            push(back, context)
            cpu.codePointer = target
        case .hostInput: streams.end()
        case .exit(let status): self.status = status
        case .stop: self.status = 255
        }
        return true
    }

    private func push(_ pointer: FarPointer, _ context: ServiceContext) {
        context.push(pointer.segment)
        context.push(pointer.offset)
    }

    func teletype(_ byte: UInt8, in context: ServiceContext) { output.append(byte) }

    private func press(_ key: UInt16) {
        let tail = memory.read16(FarPointer(0x40, 0x1C))
        memory.write16(FarPointer(0x40, tail), key)
        memory.write16(FarPointer(0x40, 0x1C), tail + 2 >= 0x3E ? 0x1E : tail + 2)
    }

    func write(_ bytes: UnsafeRawBufferPointer, toError: Bool) {
        if toError { errors += Array(bytes) } else { output += Array(bytes) }
    }

    // MARK: ProcessorBus

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }
    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 { 0xFFFF }
    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {}
    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {}

    func acknowledgeInterrupt(at now: Tick) -> UInt8 {
        engine?.registers.state.pointee.isInterruptRequested = false
        return 8
    }
}
