import TestSupport

@testable import FrontendSDL

/// A machine that makes frames and a display that shows them, each at a rate of its own, without a host.
///
/// Presenting takes some time, then waits for the display's next refresh, as SDL does. All times in nanoseconds.
struct SimulatedDisplay {
    var machineRate: Double
    var displayRate: Double
    var isBlending = false
    /// How late the machine's thread may be with a frame.
    var jitter: Int64 = 0
    var drawingTime: Int64 = 2_000_000
    var seconds: Double = 60

    struct Run {
        /// What was on the display during each refresh, once there was anything.
        var refreshes: [FramePacer.Mix] = []
        /// For each frame, from its arrival until it or a newer one was given to the display, and until it was seen.
        var submissionTimes: [Int64] = []
        var displayTimes: [Int64] = []
        /// Submissions of each frame of a blend too.
        var submissions: [(time: Int64, mix: FramePacer.Mix)] = []
    }

    var framePeriod: Double { 1e9 / machineRate }
    var refreshPeriod: Double { 1e9 / displayRate }

    func run(seed: UInt64 = 1) -> Run {
        var random = SeededGenerator(seed: seed)
        var pacer = FramePacer(displayPeriod: Int64(refreshPeriod), isBlending: isBlending)
        var run = Run()
        let end = Int64(seconds * 1e9)
        // Machine and display begin at different moments.
        let start = 777_777.0
        func stamp(_ number: Int) -> Int64 { Int64(Double(number) * framePeriod) + 123_456_789 }
        func refresh(after time: Int64) -> Int { Int(Double(time) / refreshPeriod) + 1 }
        func arrival(_ number: Int) -> Int64 {
            Int64(start + Double(number) * framePeriod)
                + (jitter > 0 ? Int64.random(in: 0...jitter, using: &random) : 0)
        }
        var arrivals: [Int64] = []
        var next = (number: 1, time: arrival(1))
        var (now, free): (Int64, Int64) = (0, 0)
        var shown: FramePacer.Mix?
        var shownFrom = 0
        var submitted = 0
        while now < end {
            while next.time <= now {
                pacer.add(number: next.number, stamp: stamp(next.number), arrival: next.time)
                arrivals.append(next.time)
                next = (next.number + 1, max(arrival(next.number + 1), next.time + 1))
            }
            if now >= free, let mix = pacer.choose(at: now) {
                let flip = refresh(after: now + drawingTime)
                free = Int64(Double(flip) * refreshPeriod)
                if let shown {
                    run.refreshes += [FramePacer.Mix](repeating: shown, count: flip - shownFrom)
                }
                (shown, shownFrom) = (mix, flip)
                run.submissions.append((now, mix))
                while submitted < mix.newest {
                    run.submissionTimes.append(now - arrivals[submitted])
                    run.displayTimes.append(free - arrivals[submitted])
                    submitted += 1
                }
                now = free
                pacer.didPresent(at: now)
            } else if now < free {
                now = min(free, next.time)
            } else {
                let wake = pacer.nextTime(after: now) ?? .max
                now = max(min(next.time, wake), now + 50_000)
            }
        }
        return run
    }
}
