import Core

/// The interrupt requests of the expansion slots: cards that have the same one share its wire, which is asserted while
/// any of them asserts it.
///
/// - In a PC: the bus. IRQ 2 of an AT's bus is IRQ 9 of its controllers.
/// - Assumption: cards drive the wire together without harm, as they do when their outputs are open collectors.
public final class CardInterrupts: LineListener, StateChunk {
    private static let cardsPerWire = 8

    private let isAT: Bool
    private var wires: [Line] = []
    private var cards = [Int](repeating: 0, count: 16)
    private var levels = [UInt8](repeating: 0, count: 16)

    /// - Parameter interrupts: where the wires lead.
    public init(isAT: Bool, interrupts: InterruptControllerPair) {
        self.isAT = isAT
        for number in 0..<16 {
            let wire = Line()
            // What is on the main board has lines of its own.
            if [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15].contains(number), !(isAT && [2, 12].contains(number)) {
                interrupts.connect(wire, toIRQ: number)
            }
            wires.append(wire)
        }
    }

    /// A request line for one more card, of at most eight. On a number that the machine lacks it leads nowhere.
    public func makeLine(irq: Int) -> Line {
        let line = Line()
        let number = isAT && irq == 2 ? 9 : irq
        guard wires.indices.contains(number), cards[number] < CardInterrupts.cardsPerWire else { return line }
        line.connect(to: self, as: number * CardInterrupts.cardsPerWire + cards[number])
        cards[number] += 1
        return line
    }

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        let (number, card) = line.quotientAndRemainder(dividingBy: CardInterrupts.cardsPerWire)
        let bit = UInt8(1) << UInt8(card)
        levels[number] = isAsserted ? levels[number] | bit : levels[number] & ~bit
        wires[number].set(levels[number] != 0, at: now)
    }

    public var chunkID: ChunkID { ChunkID("IRQS") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { levels.withUnsafeMutableBytes { coder.memory("levels", $0) } }
    public func stateDidRestore() { for number in wires.indices { wires[number].restore(levels[number] != 0) } }
}
