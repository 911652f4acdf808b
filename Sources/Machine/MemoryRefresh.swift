import Boards
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
final class MemoryRefresh {
    private let timer: Intel8254
    private let dma: DMABoard
    private let processor: any RefreshedProcessor

    init(timer: Intel8254, dma: DMABoard, processor: any RefreshedProcessor) {
        self.timer = timer
        self.dma = dma
        self.processor = processor
    }

    /// Whether requests are served.
    var isServed: Bool { dma.second != nil || dma.first.isRefreshing }

    /// After a write to the timer, or one to the DMA controller that has changed `isServed`.
    func didChange(at now: Tick) {
        guard isServed else { return processor.setRefresh(every: nil, from: .zero) }
        // A new count counts from the next clock of the timer on, so its period is that between two rises to come.
        guard let first = timer.nextRise(ofOutput: 1, after: now),
            let second = timer.nextRise(ofOutput: 1, after: first)
        else { return processor.setRefresh(every: nil, from: .zero) }
        processor.setRefresh(every: second - first, from: first)
    }
}
