/// Decides which of the machine's frames a display shows, and when.
///
/// The machine and the display have rates of their own: 70.09 Hz of a VGA on 60 Hz of a monitor. Frames carry stamps
/// from which it follows when each is due; nothing is added up, so nothing drifts. Whenever the display can take a
/// picture, the newest frame that is due is shown. As due times are as regular as the machine's beam, and not as its
/// thread's wake-ups, frames are dropped or repeated evenly. With `isBlending` a picture is the mean of what the
/// machine's monitor would have shown since the picture before, so that motion stays smooth at the price of sharpness.
///
/// All times are nanoseconds of the host. The stamps come from the emulated time of frames, at the present speed, and
/// have an origin of their own.
struct FramePacer {
    /// Frames to be shown together, and their weights.
    struct Mix: Hashable {
        struct Part: Hashable {
            var number: Int
            /// In 1/256. The weights of a mix have the sum 256.
            var weight: Int
        }
        /// Oldest first; never empty.
        var parts: [Part]

        static func only(_ number: Int) -> Mix { Mix(parts: [Part(number: number, weight: 256)]) }
        var newest: Int { parts.last?.number ?? 0 }
    }

    private struct Entry {
        var number: Int
        var stamp: Int64
    }

    /// Nanoseconds between two refreshes of the display.
    let displayPeriod: Int64
    let isBlending: Bool
    private var frames: [Entry] = []
    private var origin = WindowedMinimum()
    private var lateness = WindowedMinimum()
    private(set) var shown: Mix?
    /// A refresh of the display, and the one whose picture is shown.
    private var refresh: Int64?
    private var blended: Int64?

    /// Most frames that wait.
    private static let limit = 8
    /// Frames are held back by how late others came, so that all come evenly, but by no more than this.
    static let longestDelay: Int64 = 2_000_000
    /// A frame that comes this much later than the stamps of others say shows that the machine has lost time.
    private static let jump: Int64 = 60_000_000

    init(displayPeriod: Int64, isBlending: Bool) {
        self.displayPeriod = max(displayPeriod, 1_000_000)
        self.isBlending = isBlending
    }

    /// The machine's speed has changed: earlier stamps mean nothing.
    mutating func restart() {
        frames.removeAll(keepingCapacity: true)
        (origin, lateness) = (WindowedMinimum(), WindowedMinimum())
    }

    /// A frame is there. Numbers and stamps rise.
    mutating func add(number: Int, stamp: Int64, arrival: Int64) {
        let difference = arrival - stamp
        if let start = origin.value, difference - start > FramePacer.jump { restart() }
        origin.add(difference)
        lateness.add(-(difference - (origin.value ?? difference)))
        frames.append(Entry(number: number, stamp: stamp))
        if frames.count > FramePacer.limit { frames.removeFirst() }
    }

    private var delay: Int64 { min(-(lateness.value ?? 0), FramePacer.longestDelay) }

    private func dueTime(_ entry: Entry) -> Int64 { entry.stamp + (origin.value ?? 0) + delay }

    /// What to show on a display that can take a picture at `now`; nil if the picture on it stays right.
    mutating func choose(at now: Int64) -> Mix? {
        // A blend is the mean of a whole refresh.
        let now = isBlending ? lastRefresh(before: now) : now
        if isBlending, let blended, now <= blended { return nil }
        guard let newest = frames.lastIndex(where: { dueTime($0) <= now }) ?? (shown == nil ? frames.indices.last : nil)
        else { return nil }
        let mix = isBlending ? blend(upTo: newest, at: now) : .only(frames[newest].number)
        // What is older than the picture's oldest part is not needed again.
        frames.removeFirst(keptFrom(newest, at: now))
        guard mix != shown else { return nil }
        (shown, blended) = (mix, now)
        return mix
    }

    /// The display has taken the picture; where it waits for its refresh, that was now.
    mutating func didPresent(at now: Int64) { refresh = now }

    /// The last refresh that has begun at `now`, as far as refreshes are known.
    private func lastRefresh(before now: Int64) -> Int64 {
        guard let refresh, now > refresh else { return now }
        return now - (now - refresh) % displayPeriod
    }

    private func keptFrom(_ newest: Int, at now: Int64) -> Int {
        guard isBlending else { return newest }
        return frames[...newest].lastIndex { dueTime($0) <= now - displayPeriod } ?? 0
    }

    /// The mean over the refresh that ends at `now`.
    private func blend(upTo newest: Int, at now: Int64) -> Mix {
        let start = now - displayPeriod
        var parts: [Mix.Part] = []
        var rest = 256
        for index in (0...newest).reversed() where rest > 0 {
            let from = max(dueTime(frames[index]), start)
            let to = index == newest ? now : min(dueTime(frames[index + 1]), now)
            guard to > from || index == newest else { continue }
            let isFirst = index == 0 || dueTime(frames[index]) <= start
            let share = Int((to - from) * 256 / displayPeriod)
            let weight = isFirst ? rest : min(share, rest)
            if weight > 0 { parts.append(Mix.Part(number: frames[index].number, weight: weight)) }
            rest -= weight
            if isFirst { break }
        }
        if parts.isEmpty { return .only(frames[newest].number) }
        return Mix(parts: parts.reversed())
    }

    /// When there may be something new to show; nil: not before another frame comes.
    func nextTime(after now: Int64) -> Int64? {
        guard let last = frames.last else { return nil }
        if let shown, shown.parts.count == 1, shown.newest == last.number { return nil }
        let next = frames.first { $0.number > (shown?.newest ?? -1) } ?? last
        let due = dueTime(next)
        guard isBlending, let blended else { return due }
        // The refresh in which the frame is due has to be over.
        let refresh = lastRefresh(before: max(due, now))
        return refresh > blended && refresh > due ? refresh : refresh + displayPeriod
    }
}

/// The smallest of the last 64 to 128 values.
private struct WindowedMinimum {
    private var current: Int64?
    private var previous: Int64?
    private var count = 0

    var value: Int64? {
        guard let current else { return previous }
        return min(current, previous ?? current)
    }

    mutating func add(_ value: Int64) {
        if count == 64 { (previous, current, count) = (current, nil, 0) }
        current = min(value, current ?? value)
        count += 1
    }
}
