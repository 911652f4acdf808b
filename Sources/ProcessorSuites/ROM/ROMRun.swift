import Core
import X86

/// Runs ROM images on a bare machine: a processor, memory, and no devices but one port that the program reports on.
///
/// The images lie in memory that can be written. All ports read FFh, except the line status of a serial port that is the
/// report port, which says that it can take a byte; a baud rate that is set there is no report. No interrupt ever comes.
public struct ROMRun {
    /// An image and its physical address.
    public struct Image: Sendable {
        public let bytes: [UInt8]
        public let address: Int

        public init(_ bytes: [UInt8], at address: Int) {
            self.bytes = bytes
            self.address = address
        }
    }

    /// What ended a run.
    public enum End: Hashable, Sendable {
        /// HLT, which nothing can end.
        case halted
        /// A jump to itself, which nothing can end.
        case loops
        /// The report that was to end it.
        case reported
        /// The processor shut down.
        case shutdown
        /// An opcode that Ochenta keeps for its own services.
        case serviceTrap
        /// The clocks are used up.
        case limit
    }

    /// What is left of a run.
    public struct Result: Sendable {
        public let end: End
        /// CS:IP.
        public let place: FarPointer
        public let clocks: Int
        public let instructions: UInt64
        /// All memory by physical address.
        public let memory: [UInt8]
    }

    public var images: [Image] = []
    public var model = ProcessorModel.i8086
    public var engine = SuiteEngine.fast
    public var reportPort: UInt16?
    /// A report that ends the run.
    public var lastReport: UInt8?
    /// CS:IP at the start; nil: as after reset.
    public var start: FarPointer?
    /// Clocks.
    public var limit = 1_000_000_000

    public init() {}

    /// Bytes of memory that a model has here: 1 MB, and 64 KB above it for an 80286.
    public static func memorySize(_ model: ProcessorModel) -> Int { model == .i80286 ? 0x11_0000 : 0x10_0000 }

    /// Runs to the end; `report` gets every byte that is written to the report port. Nil if the engine has no such model
    /// or an image does not fit.
    public func run(report: @escaping (UInt8) -> Void) -> Result? {
        let machine = ROMMachine(self, report: report)
        guard let engine = engine.make(model, machine.memory, machine) else { return nil }
        machine.memory.connect(engine)
        for image in images {
            guard image.address >= 0, image.bytes.count <= machine.memory.physical.count - image.address else {
                return nil
            }
            for (offset, byte) in image.bytes.enumerated() { machine.memory.physical[image.address + offset] = byte }
        }
        engine.reset()
        if let start { engine.registers.codePointer = start }
        (engine as? any ClockTracingEngine)?.loadPrefetchQueue([])
        let powerOn = engine.now
        let end = run(engine, machine, until: powerOn + engine.clockPeriod * Int64(limit))
        return Result(
            end: end, place: engine.registers.codePointer,
            clocks: Int((engine.now - powerOn).count / engine.clockPeriod.count),
            instructions: engine.instructionCount, memory: Array(machine.memory.physical))
    }

    private func run(_ engine: any ProcessorEngine, _ machine: ROMMachine, until end: Tick) -> End {
        let slice = engine.clockPeriod * (1 << 20)
        while engine.now < end {
            machine.deadline = min(engine.now + slice, end)
            switch engine.run() {
            case .halted: return machine.isDone ? .reported : .halted
            case .shutdown: return .shutdown
            case .serviceTrap: return .serviceTrap
            case .deadline:
                if machine.isDone { return .reported }
                if isJumpToItself(engine, machine) { return .loops }
            }
        }
        return .limit
    }

    private func isJumpToItself(_ engine: any ProcessorEngine, _ machine: ROMMachine) -> Bool {
        let place = engine.registers.codePointer
        return machine.memory.read8(place) == 0xEB && machine.memory.read8(place + 1) == 0xFE
    }
}

/// The bare machine.
private final class ROMMachine: ProcessorBus {
    let memory: GuestMemory
    var deadline = Tick.zero
    private(set) var isDone = false
    private let port: UInt16?
    private let last: UInt8?
    private let report: (UInt8) -> Void
    /// The bit of the line control register of a serial port by which its data port is the divisor.
    private var isDivisorLatchOpen = false

    init(_ run: ROMRun, report: @escaping (UInt8) -> Void) {
        memory = GuestMemory(extendedKilobytes: run.model == .i80286 ? 64 : 0)
        memory.setA20(true)
        port = run.reportPort
        last = run.lastReport
        self.report = report
    }

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 {
        // Line status: the transmitter is empty, nothing has been received.
        if let own = self.port, SerialPort.bases.contains(own), port == own + 5 { return 0x60 }
        return 0xFF
    }

    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
        UInt16(readPort8(port, at: now)) | UInt16(readPort8(port &+ 1, at: now)) << 8
    }

    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {
        guard let own = self.port else { return }
        if SerialPort.bases.contains(own), port == own + 3 { isDivisorLatchOpen = value & 0x80 != 0 }
        guard port == own, !isDivisorLatchOpen, !isDone else { return }
        report(value)
        if value == last {
            isDone = true
            deadline = now
        }
    }

    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {
        writePort8(port, UInt8(truncatingIfNeeded: value), at: now)
        writePort8(port &+ 1, UInt8(truncatingIfNeeded: value >> 8), at: now)
    }

    func acknowledgeInterrupt(at now: Tick) -> UInt8 { 0xFF }
}

/// The serial ports of a PC.
enum SerialPort {
    static let bases: Set<UInt16> = [0x3F8, 0x2F8, 0x3E8, 0x2E8]
}

extension ROMRun {
    /// Whether `port` is the data port of one of a PC's serial ports, so that reports are text.
    public static func isSerial(_ port: UInt16) -> Bool { SerialPort.bases.contains(port) }

    /// The bytes of a file, which must be no more than `limit`.
    public static func read(_ file: String, limit: Int) throws(SuiteError) -> [UInt8] {
        try SuiteFile.read(file, limit: limit)
    }
}
