import Core

extension GravisGF1 {
    /// Frames that are made at once.
    static let mixFrames = 256
    /// 25 minutes and more without anybody looking at the chip, which looks itself each second while a voice changes. What
    /// voices would do beyond is not done. The limit is for states that lie.
    private static let longestGap: Int64 = 1 << 26

    /// Makes the frames that are over at `now`.
    func makeFrames(until now: Tick) {
        guard state.isRunning else { return }
        let target = GravisGF1.slots.cycles(at: max(now, .zero))
        let surplus = framesLeft(until: target) &- GravisGF1.longestGap
        if surplus > 0 { passTime(surplus) }
        // Of what nobody hears the last frame counts, of what does not change the first.
        if !levels.isHeard { skip(framesLeft(until: target) &- 1) }
        while state.due <= target {
            let isChanging = isChanging
            render(isChanging ? Int(min(framesLeft(until: target), Int64(GravisGF1.mixFrames))) : 1)
            if !isChanging { skip(framesLeft(until: target)) }
        }
    }

    private func framesLeft(until target: Int64) -> Int64 {
        target < state.due ? 0 : (target &- state.due) / Int64(state.voiceCount) &+ 1
    }

    var isChanging: Bool {
        for index in 0..<state.voiceCount where state.voices[index].isChanging { return true }
        return false
    }

    private func passTime(_ frames: Int64) {
        state.frame &+= frames
        state.due &+= frames &* Int64(state.voiceCount)
    }

    /// Lets frames pass that nobody hears.
    private func skip(_ count: Int64) {
        guard count > 0 else { return }
        for index in 0..<state.voiceCount { state.voices[index].skip(Int(count), frame: state.frame) }
        passTime(count)
    }

    private func render(_ count: Int) {
        mix.update(repeating: 0, count: 2 * count)
        for index in 0..<state.voiceCount {
            state.voices[index].render(count, frame: state.frame, from: memory.bytes, to: mix)
        }
        let isOn = state.control.contains(.converter)
        for frame in 0..<count {
            let left = isOn ? GravisGF1.sample(mix[2 &* frame]) : 0
            let right = isOn ? GravisGF1.sample(mix[2 &* frame &+ 1]) : 0
            if left != state.left || right != state.right {
                (state.left, state.right) = (left, right)
                let end = state.due &+ Int64(frame) &* Int64(state.voiceCount)
                showLevel(at: GravisGF1.slots.time(ofCycle: end))
            }
        }
        passTime(Int64(count))
    }

    @inline(__always)
    private static func sample(_ sum: Int32) -> Int16 { Int16(clamping: (sum &+ 128) >> 8) }

    func showLevel(at now: Tick) {
        levels.set(left: state.isLineOut ? state.left : 0, right: state.isLineOut ? state.right : 0, at: now)
    }
}
