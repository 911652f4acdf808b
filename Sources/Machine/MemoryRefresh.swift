import Chips
import Core
import X86Exact

/// The refresh of the PC's and XT's dynamic memory: each rise of the timer's output 1 asks the DMA controller for one
/// transfer, for which it takes the bus from the processor.
///
/// Source: [PCTR] system board: timer channel 1 and DMA channel 0.
/// Not implemented: masking channel 0 of the DMA controller, which stops refresh too.
final class MemoryRefresh {
    private let timer: Intel8254
    private let processor: ExactProcessor8086

    init(timer: Intel8254, processor: ExactProcessor8086) {
        self.timer = timer
        self.processor = processor
    }

    /// After a write to the timer.
    func timerDidChange(at now: Tick) {
        // A new count counts from the next clock of the timer on, so its period is that between two rises to come.
        guard let first = timer.nextRise(ofOutput: 1, after: now),
            let second = timer.nextRise(ofOutput: 1, after: first)
        else { return processor.setRefresh(every: nil) }
        processor.setRefresh(every: second - first, from: first)
    }
}
