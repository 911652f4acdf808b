import Core
import Foundation
import ProcessorSuites
import Testing
import X86
import X86Fast

/// The engines agree on random programs, instruction by instruction.
///
/// OCHENTA_FUZZ_SEEDS sets the number of programs of each processor, OCHENTA_FUZZ_FIRST the first.
@Suite struct EngineComparisonTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["OCHENTA_FUZZ_SEEDS"].flatMap { UInt64($0) } ?? 150
    private static let first = environment["OCHENTA_FUZZ_FIRST"].flatMap { UInt64($0) } ?? 1

    @Test("the fast and the exact engine agree", arguments: [ProcessorModel.i8086, .i8088, .i80286])
    func agreement(_ model: ProcessorModel) throws {
        let comparison = EngineComparison(model: model, .fast, .exact)
        let start = EngineComparisonTests.first
        let outcome = try #require(comparison.run(seeds: start..<start + EngineComparisonTests.count))
        if let divergence = outcome.divergence { Issue.record("\(divergence)") }
        #expect(outcome.programs == EngineComparisonTests.count)
        #expect(outcome.instructions > outcome.programs * 1_000)
    }

    /// An engine that differs in one flag of one instruction.
    @Test("a difference is found and shown")
    func divergence() throws {
        let wrong = SuiteEngine(name: "wrong", highestLevel: .flags) { model, memory, bus in
            FastProcessor(model: .i80186, clockPeriod: Tick(1), memory: memory, bus: bus)
        }
        let outcome = try #require(EngineComparison(model: .i8086, .fast, wrong).run(seeds: 1..<100))
        let text = try #require(outcome.divergence).description
        #expect(text.contains("fast") && text.contains("wrong"), "\(text)")
    }
}
