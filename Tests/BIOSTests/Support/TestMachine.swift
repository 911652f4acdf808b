import BIOS
import Core
import Testing
import X86

/// A machine without a processor: interrupts are called by going straight to the service trap of the stub.
final class TestMachine: BIOSObserver {
    let memory: GuestMemory
    let ports = PortMap()
    let device = TestPorts()
    let clock = TestClock()
    let streams = StandardStreams()
    let sink = TestSink()
    let bios: BIOSService
    let context: ServiceContext
    let cpu: Registers
    private let state: UnsafeMutablePointer<CPUState>
    private(set) var reports: [BIOSReport] = []

    init(_ configuration: BIOSConfiguration = BIOSConfiguration(), withStreams: Bool = false) {
        memory = GuestMemory(extendedKilobytes: configuration.extendedKilobytes)
        state = .allocate(capacity: 1)
        state.initialize(to: CPUState())
        cpu = Registers(state)
        ports.attach(device, at: 0x0000...0x0200)
        ports.attach(device, at: 0x3B0...0x3DF)
        device.setRegister(0x70, 0x0A, 0x26)
        device.setRegister(0x70, 0x04, 0x12)
        device.setRegister(0x70, 0x02, 0x34)
        device.setRegister(0x70, 0x00, 0x56)
        bios = BIOSService(configuration: configuration, streams: streams)
        context = ServiceContext(cpu: cpu, memory: memory, ports: ports, timeSource: clock)
        if withStreams { streams.attach(sink) }
        bios.observer = self
        bios.install(in: ServiceROM(memory: memory))
        cpu.stackPointer = FarPointer(0x9000, 0x1000)
        cpu.flags = Flag.interrupt | 0x0002
        bios.powerOn(in: context)
        device.clearLog()
    }

    deinit { state.deallocate() }

    func bios(_ bios: BIOSService, reports report: BIOSReport) { reports.append(report) }

    var data: BDA { BDA(memory: memory) }

    // MARK: Calls

    /// What came of a call: the last outcome, and the flags that the caller sees.
    struct Result {
        var outcome: ServiceOutcome
        var flags: UInt16
        var carry: Bool { flags & Flag.carry != 0 }
        var zero: Bool { flags & Flag.zero != 0 }
    }

    /// INT `number`, followed through `.resume` to other traps. A call that ends is popped from the stack; one that waits
    /// stays, for `again`.
    @discardableResult
    func int(_ number: UInt8, ax: UInt16? = nil) -> Result {
        if let ax { cpu.ax = ax }
        context.push(cpu.flags)
        context.push(0x1234)
        context.push(0x5678)
        cpu.codePointer = memory.vector(number)
        return run()
    }

    /// Goes back to the trap of a call that waits.
    func again() -> Result {
        cpu.codePointer = context.trapAddress
        return run()
    }

    /// INT 09h with a scan code, at the trap of the ROM's routine.
    @discardableResult
    func key(_ code: UInt8, isKept: Bool = false) -> ServiceOutcome {
        cpu.ax = 0xABCD
        context.push(cpu.flags)
        context.push(0x1234)
        context.push(0x5678)
        context.push(cpu.ax)
        cpu.al = code
        cpu.flags = isKept ? cpu.flags & ~Flag.carry : cpu.flags | Flag.carry
        let depth = cpu.sp
        let outcome = bios.handle(0x09, in: context)
        if case .resume = outcome { return outcome }
        #expect(cpu.sp == depth)
        cpu.sp = cpu.sp &+ 8
        return outcome
    }

    /// Makes and breaks keys in order; codes above FFh carry the prefix E0h.
    func type(_ codes: UInt16...) {
        for code in codes {
            press(code)
            release(code)
        }
    }

    func press(_ code: UInt16) {
        if code > 0xFF { key(0xE0) }
        key(UInt8(truncatingIfNeeded: code))
    }

    func release(_ code: UInt16) {
        if code > 0xFF { key(0xE0) }
        key(UInt8(truncatingIfNeeded: code) | 0x80)
    }

    private func run() -> Result {
        for _ in 0..<5_000 {
            var at = cpu.codePointer
            if memory.read8(at) == 0xE9 { at = at + 3 + Int(Int16(bitPattern: memory.read16(at + 1))) }
            cpu.codePointer = at
            let bytes = memory.readBytes(at, 4)
            guard Array(bytes.prefix(2)) == ServiceROM.trapOpcode else {
                Issue.record("no trap at \(at)")
                break
            }
            cpu.ip = cpu.ip &+ 4
            context.begin(trapAt: at)
            let outcome = bios.handle(bytes[2], in: context)
            clock.now += context.cost
            context.cost = .zero
            switch outcome {
            case .resume:
                // The polling stubs jump back to their traps: sti; nop; jmp.
                let here = memory.readBytes(cpu.codePointer, 4)
                if here == [0xFB, 0x90, 0xEB, 0xF8] { cpu.codePointer = context.trapAddress }
                if !Array(here.prefix(2)).elementsEqual(ServiceROM.trapOpcode), here.first != 0xFB {
                    return Result(outcome: outcome, flags: context.callerFlags)
                }
            case .done:
                let flags = context.callerFlags
                _ = (context.pop(), context.pop())
                cpu.flags = context.pop()
                return Result(outcome: outcome, flags: flags)
            default: return Result(outcome: outcome, flags: context.callerFlags)
            }
        }
        return Result(outcome: .done, flags: 0)
    }

    // MARK: Screen

    func cell(_ row: Int, _ column: Int, columns: Int = 80, base: UInt32 = 0xB_8000) -> (UInt8, UInt8) {
        let address = base + UInt32((row * columns + column) * 2)
        return (memory.read8(address), memory.read8(address + 1))
    }

    func line(_ row: Int, columns: Int = 80, base: UInt32 = 0xB_8000) -> String {
        let bytes = (0..<columns).map { cell(row, $0, columns: columns, base: base).0 }
        return CodePage.cp437.text(bytes).trimmed
    }

    func print(_ text: String) {
        for byte in text.utf8 { int(0x10, ax: 0x0E00 | UInt16(byte)) }
    }
}

/// The BIOS data area, by offset.
struct BDA {
    let memory: GuestMemory

    func byte(_ offset: UInt16) -> UInt8 { memory.read8(FarPointer(0x40, offset)) }
    func word(_ offset: UInt16) -> UInt16 { memory.read16(FarPointer(0x40, offset)) }
    func set(_ offset: UInt16, word: UInt16) { memory.write16(FarPointer(0x40, offset), word) }
    func set(_ offset: UInt16, byte: UInt8) { memory.write8(FarPointer(0x40, offset), byte) }
}

extension String {
    /// Without blanks at the end.
    var trimmed: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
