import Core
import Dispatch
import Glibc
import Hosting
import ProcessorSuites
import Synchronization
import X86

/// The fast and the exact engine side by side on random programs.
struct ComparisonCommand {
    private let options: ProcessorTestOptions
    private let start = ComparisonCommand.seconds()
    /// Programs between two looks at the clock and at the other threads.
    private static let share: UInt64 = 50

    init(_ options: ProcessorTestOptions) { self.options = options }

    /// Status 0 if the engines agree, 1 if they do not.
    func run() throws(HostingError) -> Int32 {
        let models = options.processor.map { [$0] } ?? ProcessorModel.allCases
        var isRight = true
        for model in models {
            guard let outcome = run(model) else {
                guard options.processor == nil else {
                    throw HostingError("cpu-test: the exact engine has no \(model.name)")
                }
                continue
            }
            if let divergence = outcome.divergence {
                print("\(divergence)\n")
                isRight = false
            }
            print(
                "\(model.name): \(outcome.programs) programs, \(outcome.instructions) instructions,"
                    + " \(outcome.interrupts) interrupts: the engines \(outcome.divergence == nil ? "agree" : "differ")"
            )
        }
        return isRight ? ExitStatus.success : 1
    }

    /// All programs of one processor, shared among threads. Nil if an engine has no such processor.
    private func run(_ model: ProcessorModel) -> EngineComparison.Outcome? {
        let comparison = EngineComparison(model: model, .fast, .exact)
        guard comparison.run(seeds: 0..<0) != nil else { return nil }
        let first = UInt64(options.firstProgram ?? 1)
        let count = UInt64(options.programs ?? (options.minutes == nil ? 2_000 : 1_000_000_000_000))
        let next = Atomic<UInt64>(first)
        let isOver = Atomic<Bool>(false)
        let total = Mutex(EngineComparison.Outcome())
        DispatchQueue.concurrentPerform(iterations: options.jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) { _ in
            while !isOver.load(ordering: .relaxed) {
                let seed = next.add(Self.share, ordering: .relaxed).oldValue
                guard seed < first + count else { break }
                let seeds = seed..<min(seed + Self.share, first + count)
                guard let outcome = comparison.run(seeds: seeds) else { break }
                total.withLock { $0.add(outcome) }
                if outcome.divergence != nil || isTimeOver { isOver.store(true, ordering: .relaxed) }
            }
        }
        return total.withLock { $0 }
    }

    private var isTimeOver: Bool {
        guard let minutes = options.minutes else { return false }
        return Self.seconds() - start >= minutes * 60
    }

    private static func seconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec
    }
}
