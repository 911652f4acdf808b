import X86

/// A test that failed, with what a person needs to see why.
public struct SuiteFailure: Sendable {
    /// A register that differs.
    public struct RegisterRow: Sendable {
        public let name: String
        public let before: UInt16
        public let expected: UInt16
        public let got: UInt16
    }

    /// A byte of memory that differs. What is nil is not listed by the test.
    public struct MemoryRow: Sendable {
        public let address: UInt32
        public let before: UInt8?
        public let expected: UInt8?
        /// Nil: something was written in the eight bytes from the address on.
        public let got: UInt8?
        /// The defined bits, if the byte is of a FLAGS word that an exception pushed.
        public var flagsMask: UInt8?
    }

    /// The clocks around the first that differs.
    public struct TraceWindow: Sendable {
        /// The number of the first record of both.
        public let firstClock: Int
        /// The first that differs.
        public let difference: Int
        public let expected: [ClockRecord]
        public let got: [ClockRecord]
    }

    public let form: String
    public let model: ProcessorModel
    public let index: Int
    public let name: String
    public let bytes: [UInt8]
    /// What is not right.
    public let wrong: Set<SuiteMeasure>
    public let registers: [RegisterRow]
    /// The flags that the manuals define here.
    public let flagsMask: UInt16
    public let memory: [MemoryRow]
    public let trace: TraceWindow?

    /// Most bytes of memory that are kept.
    private static let memoryLimit = 32

    init(
        _ test: CapturedTest, form: Suite.Form, model: ProcessorModel, wrong: Set<SuiteMeasure>, got: CapturedState,
        comparison: SuiteComparison?, trace: TraceWindow?
    ) {
        self.form = form.name
        self.model = model
        self.index = test.index
        self.name = SuiteFailure.printable(test.name)
        self.bytes = test.bytes
        self.wrong = wrong
        self.flagsMask = form.flagsMask
        registers = (comparison?.registers ?? []).map { register in
            let isFlags = register == .flags
            func value(_ state: CapturedState) -> UInt16 {
                isFlags ? model.normalizedFlags(state[register]) : state[register]
            }
            return RegisterRow(
                name: "\(register)", before: value(test.initial), expected: value(test.final), got: value(got))
        }
        memory = Array((comparison?.memory ?? []).prefix(SuiteFailure.memoryLimit))
        self.trace = trace
    }

    /// `text` without control characters, which a terminal would obey.
    private static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "?" : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
