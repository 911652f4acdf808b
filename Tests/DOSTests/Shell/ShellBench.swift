import Core
import X86

@testable import DOS

/// Runs the shell on a `DOSDouble`, one trap at a time, without a processor.
final class ShellBench {
    private final class Clock: TimeSource { var now = Tick.zero }

    static let psp: UInt16 = 0x2000
    let memory = GuestMemory()
    let dos: DOSDouble
    var shell: CommandShell
    private let clock = Clock()
    private let state: UnsafeMutablePointer<CPUState>
    let context: ServiceContext
    /// The exit code, when the process has ended.
    private(set) var exitCode: UInt8?
    private(set) var traps = 0

    var cpu: Registers { context.cpu }

    init(_ configuration: ShellConfiguration = ShellConfiguration(isInteractive: false)) {
        state = .allocate(capacity: 1)
        state.initialize(to: CPUState())
        dos = DOSDouble(memory: memory)
        context = ServiceContext(cpu: Registers(state), memory: memory, ports: PortMap(), timeSource: clock)
        shell = ShellBench.makeShell(configuration, memory)
    }

    deinit { state.deallocate() }

    static func makeShell(_ configuration: ShellConfiguration, _ memory: GuestMemory) -> CommandShell {
        let shell = CommandShell(configuration: configuration)
        shell.install(in: ServiceROM(memory: memory))
        return shell
    }

    /// A shell that runs `lines` and ends.
    convenience init(lines: [String]) {
        self.init(ShellConfiguration(startup: lines.map { .line(Array($0.utf8)) }, isInteractive: false))
    }

    /// Makes the process and starts it.
    func start(_ program: ShellProgram = .command, tail: String = "", psp: UInt16 = ShellBench.psp) {
        memory.write8(FarPointer(psp - 1, 0), 0x4D)
        memory.write16(FarPointer(psp - 1, 1), psp)
        memory.write16(FarPointer(psp, 0), 0x20CD)
        for handle in 0..<20 { memory.write8(FarPointer(psp, 0x18 + UInt16(handle)), handle < 5 ? 0 : 0xFF) }
        memory.write8(FarPointer(psp, 0x80), UInt8(tail.utf8.count))
        memory.writeBytes(FarPointer(psp, 0x81), Array(tail.utf8) + [0x0D])
        dos.psp = psp
        (cpu.ss, cpu.ds, cpu.es, cpu.ax) = (psp, psp, psp, program.rawValue)
        _ = shell.handle(CommandShell.Entry.start.rawValue, in: context)
    }

    /// One trap and the interrupt it asks for. False when the process has ended.
    func step() -> Bool {
        guard exitCode == nil else { return false }
        traps += 1
        switch shell.handle(CommandShell.Entry.loop.rawValue, in: context) {
        case .done:
            switch dos.interrupt(cpu) {
            case .answered: break
            case .ended(let code): exitCode = code
            case .breakKey:
                cpu.bx = dos.psp
                _ = shell.handle(CommandShell.Entry.breakKey.rawValue, in: context)
            }
        case .callInterrupt(0x10, _): cpu.ax = 0x5003
        case .callInterrupt(0x12, _): cpu.ax = 640
        case .callInterrupt(0x15, _): cpu.ax = 0
        default: return false
        }
        return exitCode == nil && traps < 200_000
    }

    /// Runs to the end; returns what the console shows.
    @discardableResult
    func run(_ program: ShellProgram = .command, tail: String = "") -> String {
        start(program, tail: tail)
        while step() {}
        return dos.console
    }

    func file(_ path: String, _ text: String) { dos.files[path] = Array(text.utf8) }

    func text(_ path: String) -> String? { dos.files[path].map { String(decoding: $0, as: UTF8.self) } }
}
