import Chips
import Core
import X86Exact

/// A processor from which somebody takes the bus to refresh memory.
protocol RefreshedProcessor: AnyObject {
    func setRefresh(every period: Tick?, from first: Tick)
}

extension ExactProcessor8086: RefreshedProcessor {}
extension ExactProcessor80286: RefreshedProcessor {}

/// The refresh of dynamic memory: each rise of the timer's output 1 asks for one. On the PC and XT it is a transfer of the
/// DMA controller, on the AT a refresh controller of its own holds the processor.
///
/// Source: [PCTR] system board: timer channel 1 and DMA channel 0.
/// Not implemented: masking channel 0 of the DMA controller, which stops refresh too.
final class MemoryRefresh {
    private let timer: Intel8254
    private let processor: any RefreshedProcessor

    init(timer: Intel8254, processor: any RefreshedProcessor) {
        self.timer = timer
        self.processor = processor
    }

    /// After a write to the timer.
    func timerDidChange(at now: Tick) {
        // A new count counts from the next clock of the timer on, so its period is that between two rises to come.
        guard let first = timer.nextRise(ofOutput: 1, after: now),
            let second = timer.nextRise(ofOutput: 1, after: first)
        else { return processor.setRefresh(every: nil, from: .zero) }
        processor.setRefresh(every: second - first, from: first)
    }
}
