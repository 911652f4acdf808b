import Core

/// Covox Speech Thing: an 8-bit converter of resistors on the data lines of a parallel port.
///
/// - Sound: the data byte, 0 to 255, as a level of 0 to 32,640, from the tick of each write.
/// - Lines: none goes back; the status reads as an open port.
/// - Source: [PCGPE] DAC programming: the data lines are the converter's input.
public final class CovoxSpeechThing: ParallelAttachment, StepSource, StateChunk {
    public let levels = LevelTrace()

    public init() {}

    public var soundName: String { "covox" }
    public func catchUpSound(to now: Tick) {}

    public func dataDidChange(to data: UInt8, at now: Tick) {
        let level = Int16(data) << 7
        levels.set(left: level, right: level, at: now)
    }

    public func controlDidChange(to control: UInt8, at now: Tick) {}
    public func status(at now: Tick) -> UInt8 { 0b0111_1000 }

    public var chunkID: ChunkID { ChunkID("COVX") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { levels.transfer(coder) }
    public func stateDidRestore() {}
}
