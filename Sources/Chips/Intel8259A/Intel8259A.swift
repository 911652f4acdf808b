import Core

/// Intel 8259A programmable interrupt controller.
///
/// - In a PC: one at ports 20h-21h; the AT cascades a second one, at A0h-A1h, into the first one's IR2.
/// - Clock: none; the chip reacts at once.
/// - Ports: two, told apart by address bit 0 (the data sheet's A0).
/// - Lines: IR0-IR7 are lines 0-7 of this listener; `output` is INT.
/// - Source: Intel 8259A data sheet (231468), "Interrupt sequence", "Initialization command words", "Operation command
///   words". A request that is gone before the acknowledge gives IR7 without an in-service bit.
/// - Assumption: no request leaves the chip between power-on or ICW1 and the last initialization word.
/// - Not implemented: nothing that software can see. In MCS-80/85 mode an acknowledge gives the second of the three
///   CALL bytes, which is what an 8086 would take for the vector.
public final class Intel8259A: PortDevice, LineListener, StateChunk {
    /// INT, to the processor or to an IR input of a master.
    public let output: Line
    public let chunkID: ChunkID
    /// The SP input, which counts unless the buffered mode of ICW4 decides.
    private let isMasterByPin: Bool
    var state = State()

    /// - Parameters:
    ///   - chunkID: distinguishes the chips of one machine.
    ///   - isMaster: the SP pin; false for a chip that is cascaded into another.
    ///   - output: set when the chip requests an interrupt.
    public init(chunkID: ChunkID, isMaster: Bool, output: Line) {
        self.chunkID = chunkID
        self.isMasterByPin = isMaster
        self.output = output
    }

    // MARK: Requests

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        let bit = UInt8(1) << UInt8(truncatingIfNeeded: line & 7)
        if isAsserted {
            state.inputs |= bit
        } else {
            state.inputs &= ~bit
            state.edgeLatch |= bit
        }
        updateOutput(at: now)
    }

    /// The interrupt request register: inputs that ask, masked or not.
    var irr: UInt8 { state.icw1.contains(.levelTriggered) ? state.inputs : state.inputs & state.edgeLatch }

    /// The level that would be acknowledged now, or nil.
    var pendingLevel: UInt8? {
        guard state.nextWord == .operation else { return nil }
        let requests = irr & ~state.imr
        guard requests != 0 else { return nil }
        // In special mask mode a masked level in service does not hold back lower ones.
        let blocking = state.isSpecialMaskMode ? state.isr & ~state.imr : state.isr
        for level in byPriority {
            let bit = UInt8(1) << level
            let isBlocking = blocking & bit != 0
            if requests & bit != 0 && (!isBlocking || isNestedSlave(bit)) { return level }
            if isBlocking { return nil }
        }
        return nil
    }

    /// In special fully nested mode a slave in service may interrupt again.
    private func isNestedSlave(_ bit: UInt8) -> Bool {
        state.icw4.contains(.specialFullyNested) && isMaster && hasSlaves && state.icw3 & bit != 0
    }

    var isMaster: Bool { state.icw4.contains(.buffered) ? state.icw4.contains(.bufferedMaster) : isMasterByPin }
    private var hasSlaves: Bool { !state.icw1.contains(.single) }

    /// The eight levels, highest priority first.
    private var byPriority: some Sequence<UInt8> {
        let lowest = state.lowestPriority
        return (1...8).lazy.map { (lowest &+ $0) & 7 }
    }

    func updateOutput(at now: Tick) {
        state.isRequesting = pendingLevel != nil
        output.set(state.isRequesting, at: now)
    }

    // MARK: Acknowledge

    /// What the chip does in the acknowledge cycles.
    public enum Acknowledgement: Hashable, Sendable {
        /// It puts this vector on the bus.
        case vector(UInt8)
        /// It calls the slave with this number by the cascade lines, and the slave gives the vector.
        case slave(UInt8)
    }

    /// The acknowledge cycles (INTA). The level moves from request to in service.
    public func acknowledge(at now: Tick) -> Acknowledgement {
        let level = takeHighestRequest()
        // INT falls in the cycle, so that a master sees an edge for the next request.
        output.set(false, at: now)
        updateOutput(at: now)
        let answered = level ?? 7
        if let level, isMaster, hasSlaves, state.icw3 & UInt8(1) << level != 0 { return .slave(level) }
        return .vector(vector(of: answered))
    }

    /// The number that a slave listens to on the cascade lines (ICW3 of a slave).
    public var slaveNumber: UInt8 { state.icw3 & 7 }

    private func vector(of level: UInt8) -> UInt8 {
        if state.icw4.contains(.mode8086) { return state.icw2 & 0b1111_1000 | level }
        return state.icw1.contains(.interval4)
            ? state.icw1.rawValue & 0b1110_0000 | level << 2
            : state.icw1.rawValue & 0b1100_0000 | level << 3
    }

    /// Moves the highest request into service, as an acknowledge or a poll does.
    func takeHighestRequest() -> UInt8? {
        guard let level = pendingLevel else { return nil }
        let bit = UInt8(1) << level
        state.edgeLatch &= ~bit
        if state.icw4.contains(.automaticEOI) {
            if state.rotatesOnAutomaticEOI { state.lowestPriority = level }
        } else {
            state.isr |= bit
        }
        return level
    }

    // MARK: End of interrupt

    /// Takes the highest level out of service; returns it.
    func endHighest() -> UInt8? {
        let candidates = state.isSpecialMaskMode ? state.isr & ~state.imr : state.isr
        guard let level = byPriority.first(where: { candidates & UInt8(1) << $0 != 0 }) else { return nil }
        state.isr &= ~(UInt8(1) << level)
        return level
    }
}
