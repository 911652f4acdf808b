import Chips
import Core

/// The loudspeaker of a PC: the output of timer counter 2 AND bit 1 of port 61h.
///
/// - In a PC: main board. The two inputs meet in an AND gate (a 75477 driver on the PC), behind which is the cone.
/// - Lines: line 0 of this listener is the data bit of port 61h; the timer's wave comes through `WaveListener`.
/// - Sound: a step at the tick of every edge, from 0 to `amplitude`. The timer needs no event for it. Waves above 24 kHz
///   are their mean, so that a small divisor costs nothing and still sets the cone's position.
/// - Source: [PCTR] "Speaker drive circuit".
/// - Not implemented: the speaker's own frequency response, which is for the mixer to shape.
public final class PCSpeaker: StepSource, LineListener, WaveListener, StateChunk {
    /// The level while the cone is pushed out; at rest it is 0.
    public static let amplitude: Int16 = 16_384

    public let levels = LevelTrace()
    private let timer: Intel8254
    private var isDataSet = false
    /// The timer's output is high for `high` of `period` clocks.
    private var high: Int32 = 0
    private var period: Int32 = 1

    /// - Parameter timer: whose output 2 is heard.
    public init(timer: Intel8254) {
        self.timer = timer
        timer.connectWave(ofOutput: 2, to: self)
    }

    public var soundName: String { "speaker" }

    public func catchUpSound(to now: Tick) { timer.catchUp(output: 2, to: now) }

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        timer.catchUp(output: 2, to: now)
        isDataSet = isAsserted
        setLevel(at: now)
    }

    public func waveDidChange(high: Int32, of period: Int32, at now: Tick) {
        (self.high, self.period) = (high, period)
        setLevel(at: now)
    }

    private func setLevel(at now: Tick) {
        let level = isDataSet ? Int16(Int32(PCSpeaker.amplitude) &* high / period) : 0
        levels.set(left: level, right: level, at: now)
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("SPKR") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.field("isDataSet", &isDataSet)
        coder.field("high", &high)
        coder.field("period", &period)
        if !(1...0x1_0000).contains(period) || !(0...period).contains(high) {
            coder.fail("wave out of range")
            (high, period) = (0, 1)
        }
        levels.transfer(coder)
    }

    public func stateDidRestore() {}
}
