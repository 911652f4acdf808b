import Core
import Glibc
import Hosting
import ProcessorSuites
import X86

/// ROM images: runs them on a bare machine, prints what they report, and compares memory at the end.
struct ROMCommand {
    private let options: ProcessorTestOptions
    private let engine: SuiteEngine
    private let model: ProcessorModel

    init(_ options: ProcessorTestOptions, _ engine: SuiteEngine) {
        self.options = options
        self.engine = engine
        model = options.processor ?? .i8086
    }

    /// Status 0 if the program came to an end and memory is as expected, 1 if it is not, 124 if the clocks are used up.
    func run() throws(HostingError) -> Int32 {
        var run = ROMRun()
        run.model = model
        run.engine = engine
        run.reportPort = options.reportPort
        run.lastReport = options.lastReport
        run.start = options.start
        if let limit = options.limit { run.limit = limit }
        for image in options.images { run.images.append(try self.image(image)) }
        var dumps: [(file: String, dump: MemoryDump)] = []
        for place in options.expectedMemory { dumps.append((place.file, try dump(place))) }
        let printer = ReportPrinter(port: options.reportPort ?? 0)
        guard let result = run.run(report: { printer.print($0) }) else {
            throw HostingError("cpu-test: the \(engine.name) engine has no \(model.name)")
        }
        printer.finish()
        let isEnded = result.end != .limit && result.end != .shutdown && result.end != .serviceTrap
        if !options.isQuiet { print(describe(result)) } else if !isEnded { printError("ochenta: " + describe(result)) }
        // All dumps are compared, also after the first that differs.
        let isRight = dumps.map { compare($0.dump, $0.file, result) }.allSatisfy { $0 }
        if result.end == .limit { return ExitStatus.timeLimit }
        return isEnded && isRight ? ExitStatus.success : 1
    }

    // MARK: Files

    private func image(_ place: ProcessorTestOptions.Placement) throws(HostingError) -> ROMRun.Image {
        let bytes = try read(place.file)
        // Without an address it ends where the address space of an 8086 does, as a BIOS.
        return ROMRun.Image(bytes, at: try check(place, bytes, default: 0x10_0000 - bytes.count, "--rom"))
    }

    private func dump(_ place: ProcessorTestOptions.Placement) throws(HostingError) -> MemoryDump {
        let bytes = try read(place.file)
        return MemoryDump(bytes, at: try check(place, bytes, default: 0, "--expect-memory"))
    }

    private func read(_ file: String) throws(HostingError) -> [UInt8] {
        do throws(SuiteError) {
            let bytes = try ROMRun.read(file, limit: ROMRun.memorySize(model))
            if bytes.isEmpty { throw SuiteError(file, "the file is empty") }
            return bytes
        } catch {
            throw HostingError("\(error)", status: error.isNotFound ? ExitStatus.notFound : ExitStatus.wrongUsage)
        }
    }

    private func check(
        _ place: ProcessorTestOptions.Placement, _ bytes: [UInt8], default address: Int, _ option: String
    ) throws(HostingError) -> Int {
        let address = place.address ?? address
        guard address >= 0, address + bytes.count <= ROMRun.memorySize(model) else {
            let size = String(ROMRun.memorySize(model), radix: 16, uppercase: true)
            throw HostingError(
                "\(option) \(place.file): \(bytes.count) bytes at \(ROMCommand.place(address)) end beyond memory (\(size)h)"
            )
        }
        return address
    }

    // MARK: Texts

    private static func place(_ address: Int) -> String {
        String(hex(UInt32(truncatingIfNeeded: address)).suffix(6))
    }

    private func describe(_ result: ROMRun.Result) -> String {
        let what =
            switch result.end {
            case .halted: "halted"
            case .loops: "jumps to itself for ever"
            case .reported: "reported \(options.lastReport.map { hex($0) } ?? "")h, which ends it,"
            case .shutdown: "shut down"
            case .serviceTrap: "met the opcode 0Fh FFh, which Ochenta keeps for itself,"
            case .limit: "stopped by --limit"
            }
        return "\(model.name) \(what) at \(result.place) after \(result.instructions) instructions, "
            + "\(result.clocks) clocks"
    }

    private func compare(_ dump: MemoryDump, _ file: String, _ result: ROMRun.Result) -> Bool {
        let differences = dump.differences(in: result.memory)
        let range = "\(dump.bytes.count) bytes from \(ROMCommand.place(dump.address))"
        guard !differences.isEmpty else {
            if !options.isQuiet { print("memory is as in \(file): \(range)") }
            return true
        }
        if !options.isQuiet {
            let count = differences.reduce(0) { $0 + $1.got.count }
            print("memory is not as in \(file): \(count) of \(range) differ")
            for difference in differences.prefix(64) { print("  \(difference)") }
            if differences.count > 64 { print("  and \(differences.count - 64) more ranges") }
        }
        return false
    }
}

/// Prints reports as they come: a serial port's as text, another's one a line in hexadecimal.
private final class ReportPrinter {
    private let port: UInt16
    private let isText: Bool
    private var isInLine = false

    init(port: UInt16) {
        self.port = port
        isText = ROMRun.isSerial(port)
    }

    func print(_ byte: UInt8) {
        let isPrintable = (0x20..<0x7F).contains(byte)
        let letter = isPrintable ? String(Unicode.Scalar(byte)) : ""
        if !isText {
            write("port \(hex(port)): \(hex(byte))" + (isPrintable ? "  '\(letter)'" : "") + "\n")
        } else if isPrintable || byte == 0x09 || byte == 0x0A {
            write(String(Unicode.Scalar(byte)))
            isInLine = byte != 0x0A
        } else if byte != 0x0D {
            write("<\(hex(byte))>")
            isInLine = true
        }
    }

    func finish() { if isInLine { write("\n") } }

    private func write(_ text: String) {
        Swift.print(text, terminator: "")
        fflush(nil)
    }
}
