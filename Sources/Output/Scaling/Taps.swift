/// Which source dots (or lines) make each dot of a scaled picture, and how much of each: its share of the area.
///
/// Where the picture grows, most dots have one source and only those on an edge between two have both, so that the
/// picture stays sharp at any size; where it shrinks, nothing is left out.
struct Taps {
    /// The first source of each dot, and where its weights begin in `weights`; one more entry than dots.
    private(set) var first: [Int32] = []
    private(set) var start: [Int32] = []
    /// The sum of the weights of a dot.
    static let whole = 1 << shift
    static let shift = 16
    private(set) var weights: [UInt32] = []
    let sourceCount: Int

    init(from source: Int, to target: Int) {
        sourceCount = source
        first.reserveCapacity(target)
        start.reserveCapacity(target + 1)
        for index in 0..<target {
            // Places are in units of one source dot divided by `target`.
            let (from, to) = (index * source, (index + 1) * source)
            var shares: [Int] = []
            for dot in from / target...(to - 1) / target {
                let overlap = min(to, (dot + 1) * target) - max(from, dot * target)
                shares.append((overlap * Taps.whole + source / 2) / source)
            }
            let largest = shares.indices.max { shares[$0] < shares[$1] } ?? 0
            shares[largest] += Taps.whole - shares.reduce(0, +)
            append(first: from / target, shares)
        }
        start.append(Int32(weights.count))
    }

    private mutating func append(first dot: Int, _ shares: [Int]) {
        var (dot, shares) = (dot, shares[...])
        while let share = shares.first, share == 0 {
            shares.removeFirst()
            dot += 1
        }
        while let share = shares.last, share == 0 { shares.removeLast() }
        first.append(Int32(dot))
        start.append(Int32(weights.count))
        weights += shares.map { UInt32($0) }
    }

    /// The sources of a dot.
    func sources(of index: Int) -> Range<Int> {
        Int(first[index])..<Int(first[index]) + Int(start[index + 1] - start[index])
    }
}
