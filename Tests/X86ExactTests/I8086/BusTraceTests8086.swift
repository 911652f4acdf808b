import Core
import Foundation
import ProcessorSuites
import Testing
import X86
import X86Exact

/// The captured tests clock by clock, a sample of each file, or all with OCHENTA_FULL_SUITES.
@Suite struct BusTraceTests8086 {
    static let environment = ProcessInfo.processInfo.environment
    static let root = environment["OCHENTA_CPU_TESTS"] ?? "../shared/cpu-tests"
    static let isFull = environment["OCHENTA_FULL_SUITES"] != nil
    static let isRequired = environment["OCHENTA_REQUIRE_SUITES"] != nil

    @Test func `the exact engine does in every clock what an 8086 was seen to do`() throws {
        var run = BusTraceRun(directory: "\(Self.root)/8086", model: .i8086) { model, memory, bus in
            ExactProcessor8086(model: model, clockPeriod: Tick(1), memory: memory, bus: bus)
        }
        guard run.isAvailable else {
            print("not run: captured clocks of the 8086, which are not in \(run.directory)")
            #expect(!Self.isRequired, "the captured tests are required here")
            return
        }
        run.testsPerForm = Self.isFull ? nil : 40
        let forms = try run.run()
        let total = forms.reduce(0) { $0 + $1.total }
        print(
            "8086, exact: \(forms.count) forms, \(forms.count { $0.isPerfect }) perfect; state"
                + " \(forms.reduce(0) { $0 + $1.passedState })/\(total), number of clocks"
                + " \(forms.reduce(0) { $0 + $1.passedClocks })/\(total), every clock"
                + " \(forms.reduce(0) { $0 + $1.passedRecords })/\(total)")
        for form in forms { #expect(form.isPerfect, "\(form.failures.joined(separator: "\n"))") }
        #expect(forms.count > 300)
    }

    /// The results of an instruction do not depend on the width of the bus.
    @Test func `an exact 8088 comes to the same results`() throws {
        var run = BusTraceRun(directory: "\(Self.root)/8086", model: .i8088) { model, memory, bus in
            ExactProcessor8086(model: model, clockPeriod: Tick(1), memory: memory, bus: bus)
        }
        guard run.isAvailable else { return }
        run.testsPerForm = Self.isFull ? nil : 40
        for form in try run.run() {
            #expect(form.problem == nil)
            #expect(form.passedState == form.total, "\(form.failures.joined(separator: "\n"))")
        }
    }
}
