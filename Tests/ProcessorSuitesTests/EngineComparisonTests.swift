import Core
import Foundation
import ProcessorSuites
import Testing
import X86
import X86Exact
import X86Fast

/// The engines agree on random programs, instruction by instruction.
///
/// OCHENTA_FUZZ_SEEDS sets the number of programs of each processor, OCHENTA_FUZZ_FIRST the first.
@Suite struct EngineComparisonTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["OCHENTA_FUZZ_SEEDS"].flatMap { UInt64($0) } ?? 150
    private static let first = environment["OCHENTA_FUZZ_FIRST"].flatMap { UInt64($0) } ?? 1

    @Test("the fast and the exact engine agree", arguments: [ProcessorModel.i8086, .i8088])
    func agreement(_ model: ProcessorModel) {
        let comparison = EngineComparison(model: model) { model, memory, bus in
            FastProcessor(model: model, clockPeriod: Tick(1), memory: memory, bus: bus)
        } second: { model, memory, bus in
            ExactProcessor8086(model: model, clockPeriod: Tick(1), memory: memory, bus: bus)
        }
        let start = EngineComparisonTests.first
        let outcome = comparison.run(seeds: start..<start + EngineComparisonTests.count)
        if let divergence = outcome.divergence { Issue.record("\(divergence)") }
        print("\(model): \(outcome.programs) programs, \(outcome.instructions) instructions, \(outcome.interrupts) interrupts")
        #expect(outcome.instructions > Int(EngineComparisonTests.count) * 50)
    }
}
