import Core
import X86
import X86Exact
import X86Fast

/// What is compared of a test.
public enum SuiteMeasure: Int, CaseIterable, Sendable {
    /// Level 1: registers, memory, and the flags that the manuals define.
    case state
    /// Level 2: the officially undefined flags too.
    case flags
    /// Level 3a: the data transfers on the bus, in order: kind, address, width, data.
    case transfers
    /// Level 3b: the number of clocks.
    case clocks
    /// Level 3c: all pins, clock by clock.
    case records
}

/// How much of a test is compared and must be right.
public enum SuiteLevel: String, CaseIterable, Sendable {
    case state, flags, clocks, bus

    /// What must be right for a test to pass.
    public var measures: [SuiteMeasure] {
        switch self {
        case .state: [.state]
        case .flags: [.state, .flags]
        case .clocks: [.state, .flags, .transfers, .clocks]
        case .bus: SuiteMeasure.allCases
        }
    }

    /// Whether the engine must show its pins.
    public var needsClocks: Bool { self == .clocks || self == .bus }
}

/// An engine to be tested.
public struct SuiteEngine: Sendable {
    /// Makes the engine for a model, nil if it has none. The bus outlives it.
    public typealias Maker = @Sendable (ProcessorModel, GuestMemory, any ProcessorBus) -> (any ProcessorEngine)?

    /// As users write it.
    public let name: String
    /// The most that can be asked of it. Beyond `flags`, the engines made are `ClockTracingEngine`s.
    public let highestLevel: SuiteLevel
    let make: Maker

    public init(name: String, highestLevel: SuiteLevel, make: @escaping Maker) {
        self.name = name
        self.highestLevel = highestLevel
        self.make = make
    }

    /// The interpreter.
    public static let fast = SuiteEngine(name: "fast", highestLevel: .flags) { model, memory, bus in
        FastProcessor(model: model, clockPeriod: Tick(1), memory: memory, bus: bus)
    }

    /// The engine that goes clock by clock.
    public static let exact = SuiteEngine(name: "exact", highestLevel: .bus) { model, memory, bus in
        switch model {
        case .i8086, .i8088: ExactProcessor8086(model: model, clockPeriod: Tick(1), memory: memory, bus: bus)
        case .i80186: nil
        case .i80286: ExactProcessor80286(clockPeriod: Tick(1), memory: memory, bus: bus)
        }
    }
}
