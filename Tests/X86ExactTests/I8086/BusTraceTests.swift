import Core
import Foundation
import ProcessorSuites
import Testing
import X86
import X86Exact

/// The captured tests clock by clock, a sample of each file, or all with OCHENTA_FULL_SUITES.
@Suite struct BusTraceTests {
    static let environment = ProcessInfo.processInfo.environment
    static let root = environment["OCHENTA_CPU_TESTS"] ?? "../shared/cpu-tests"
    static let isFull = environment["OCHENTA_FULL_SUITES"] != nil
    static let isRequired = environment["OCHENTA_REQUIRE_SUITES"] != nil
}
