import Chips
import Core

/// The FM part of a Sound Blaster: one OPL2, two of them left and right, or an OPL3.
final class SoundBlasterFM: SampledSource {
    private enum Synthesis {
        case single(YamahaYM3812)
        case pair(left: YamahaYM3812, right: YamahaYM3812)
        case opl3(YamahaYMF262)
    }

    let soundName = "opl"
    var sampleRate: ClockRatio { YamahaYM3812.sampleRate }
    private let chips: Synthesis
    /// Room for the right chip's frames.
    private let scratch: UnsafeMutableBufferPointer<Int16>
    private static let scratchFrames = 1_024

    init(model: SoundBlasterSettings.Model) {
        switch model {
        case .sb10, .sb15, .sb20: chips = .single(YamahaYM3812())
        case .pro: chips = .pair(left: YamahaYM3812(), right: YamahaYM3812(chunkID: YamahaYM3812.secondChunkID))
        case .pro2, .sb16: chips = .opl3(YamahaYMF262())
        }
        scratch = .allocate(capacity: 2 * SoundBlasterFM.scratchFrames)
        scratch.initialize(repeating: 0)
    }

    deinit { scratch.deallocate() }

    var chunks: [any StateChunk] {
        switch chips {
        case .single(let chip): [chip]
        case .pair(let left, let right): [left, right]
        case .opl3(let chip): [chip]
        }
    }

    var all: (opl2: [YamahaYM3812], opl3: YamahaYMF262?) {
        switch chips {
        case .single(let chip): ([chip], nil)
        case .pair(let left, let right): ([left, right], nil)
        case .opl3(let chip): ([], chip)
        }
    }

    /// Whether there are four ports at 388h, not two.
    var hasFourPorts: Bool { if case .opl3 = chips { true } else { false } }

    // MARK: Ports

    /// Ports 2x0h to 2x3h: nothing, the left and the right chip, or all of the OPL3.
    func readStereo(_ port: UInt16, at now: Tick) -> UInt8 {
        switch chips {
        case .single: 0xFF
        case .pair(let left, let right): (port & 2 == 0 ? left : right).peekPort(port, at: now)
        case .opl3(let chip): chip.peekPort(port, at: now)
        }
    }

    func writeStereo(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch chips {
        case .single: break
        case .pair(let left, let right): (port & 2 == 0 ? left : right).writePort(port, value, at: now)
        case .opl3(let chip): chip.writePort(port, value, at: now)
        }
    }

    /// Ports 2x8h and 2x9h, and 388h to 38Bh: both chips of a pair hear writes, the left one answers.
    func readCommon(_ port: UInt16, at now: Tick) -> UInt8 {
        switch chips {
        case .single(let chip): chip.peekPort(port, at: now)
        case .pair(let left, _): left.peekPort(port, at: now)
        case .opl3(let chip): chip.peekPort(port, at: now)
        }
    }

    func writeCommon(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch chips {
        case .single(let chip): chip.writePort(port, value, at: now)
        case .pair(let left, let right):
            left.writePort(port, value, at: now)
            right.writePort(port, value, at: now)
        case .opl3(let chip): chip.writePort(port, value, at: now)
        }
    }

    // MARK: Sound

    func generate(into frames: UnsafeMutableBufferPointer<Int16>, until now: Tick) -> Int {
        switch chips {
        case .single(let chip): chip.generate(into: frames, until: now)
        case .opl3(let chip): chip.generate(into: frames, until: now)
        case .pair(let left, let right): generate(left, right, into: frames, until: now)
        }
    }

    /// The left chip's output on the left, the right one's on the right. Both make the same number of frames.
    private func generate(
        _ left: YamahaYM3812, _ right: YamahaYM3812, into frames: UnsafeMutableBufferPointer<Int16>, until now: Tick
    ) -> Int {
        let room = min(frames.count / 2, SoundBlasterFM.scratchFrames)
        let count = left.generate(into: UnsafeMutableBufferPointer(rebasing: frames[0..<2 * room]), until: now)
        let others = right.generate(into: UnsafeMutableBufferPointer(rebasing: scratch[0..<2 * count]), until: now)
        guard let target = frames.baseAddress, let source = scratch.baseAddress else { return 0 }
        for frame in 0..<min(count, others) { target[2 * frame + 1] = source[2 * frame] }
        return count
    }
}
