import Glibc

/// Scales pictures to the size at which they are shown, in linear light.
///
/// Each new dot is the mean of the area that it covers. Adding up light, not the codes of a monitor's curve, keeps thin
/// lines and dithered areas as bright as they were; areas of one colour keep it exactly. It keeps the last picture, and
/// works only on the lines that have changed.
public final class PictureScaler {
    private let isTube: Bool
    private let light = LinearLight.shared
    private var size = (width: 0, height: 0)
    private var sourceSize = (width: 0, height: 0)
    private var across = Taps(from: 1, to: 1)
    private var down = Taps(from: 1, to: 1)
    private var tube: TubeLines?
    private var source = PixelBuffer()
    /// The lines of the source at their new width.
    private var wide = PixelBuffer()
    public private(set) var output = PixelBuffer()
    /// The first line that looks like this one, without others between.
    private var twins: [Int] = []
    private var isChanged: [Bool] = []

    /// - Parameter isTube: with the scan lines and the mask of a picture tube, where it is large enough for them.
    public init(isTube: Bool = false) { self.isTube = isTube }

    /// The lines of the output that `draw` has changed.
    public private(set) var changedRows = 0..<0

    /// Draws a picture of `width * height` 00RRGGBBh dots at the size `target`. The result is in `output`, as FFRRGGBBh.
    public func draw(
        _ pixels: UnsafeBufferPointer<UInt32>, width: Int, height: Int, to target: (width: Int, height: Int)
    ) {
        precondition(pixels.count == width * height, "a picture has width * height dots")
        var isNew = false
        if (width, height) != sourceSize || target != size {
            (sourceSize, size) = ((width, height), target)
            prepare()
            isNew = true
        }
        guard let base = pixels.baseAddress else { return }
        for line in 0..<height {
            let row = base + line * width
            isChanged[line] = isNew || memcmp(row, source.row(line, of: width), width * 4) != 0
            if isChanged[line] { memcpy(source.row(line, of: width), row, width * 4) }
        }
        for line in 0..<height {
            let isTwin =
                line > 0 && memcmp(source.row(line, of: width), source.row(line - 1, of: width), width * 4) == 0
            twins[line] = isTwin ? twins[line - 1] : line
            // A line that was a twin has no wide form of its own yet.
            if !isTwin, isChanged[line] || !hasWide[line] { widen(line) }
            hasWide[line] = !isTwin && (isChanged[line] || hasWide[line])
        }
        changedRows = fillRows()
    }

    private var hasWide: [Bool] = []

    private func prepare() {
        across = Taps(from: sourceSize.width, to: size.width)
        down = Taps(from: sourceSize.height, to: size.height)
        source.resize(sourceSize.width * sourceSize.height)
        wide.resize(size.width * sourceSize.height)
        output.resize(size.width * size.height)
        twins = Array(0..<sourceSize.height)
        isChanged = [Bool](repeating: true, count: sourceSize.height)
        hasWide = [Bool](repeating: false, count: sourceSize.height)
        // Scan lines need two rows each to be seen.
        tube =
            isTube && size.height >= 2 * sourceSize.height
            ? TubeLines(lines: sourceSize.height, rows: size.height) : nil
    }

    private func widen(_ line: Int) {
        let input = source.row(line, of: sourceSize.width)
        let result = wide.row(line, of: size.width)
        across.first.withUnsafeBufferPointer { first in
            across.start.withUnsafeBufferPointer { start in
                across.weights.withUnsafeBufferPointer { weights in
                    for x in 0..<size.width {
                        let begin = Int(start[x])
                        let count = Int(start[x + 1]) &- begin
                        let dots = input + Int(first[x])
                        let color = dots[0]
                        var isPlain = true
                        for index in 1..<max(count, 1) where dots[index] != color { isPlain = false }
                        result[x] =
                            isPlain
                            ? color | 0xFF00_0000 : light.mix(count, { dots[$0] }, { Int(weights[begin &+ $0]) })
                    }
                }
            }
        }
    }

    private func fillRows() -> Range<Int> {
        var (low, high) = (size.height, 0)
        for row in 0..<size.height {
            let lines = tube?.lines(of: row) ?? down.sources(of: row)
            guard lines.contains(where: { isChanged[$0] }) else { continue }
            (low, high) = (min(low, row), row + 1)
            if let tube {
                tube.draw(
                    row, wide.row(twins[lines.lowerBound], of: size.width),
                    wide.row(twins[lines.upperBound - 1], of: size.width), to: output.row(row, of: size.width),
                    width: size.width)
            } else {
                fill(row, lines)
            }
        }
        return low < high ? low..<high : 0..<0
    }

    private func fill(_ row: Int, _ lines: Range<Int>) {
        let result = output.row(row, of: size.width)
        let top = wide.row(twins[lines.lowerBound], of: size.width)
        if twins[lines.upperBound - 1] == twins[lines.lowerBound] {
            memcpy(result, top, size.width * 4)
            return
        }
        let begin = Int(down.start[row])
        if lines.count == 2 {
            let bottom = wide.row(twins[lines.lowerBound + 1], of: size.width)
            let (first, second) = (Int(down.weights[begin]), Int(down.weights[begin + 1]))
            for x in 0..<size.width {
                let (a, b) = (top[x], bottom[x])
                result[x] = a == b ? a : light.mix(2, { $0 == 0 ? a : b }, { $0 == 0 ? first : second })
            }
            return
        }
        let width = size.width
        let all = wide.row(0, of: width)
        down.weights.withUnsafeBufferPointer { weights in
            twins.withUnsafeBufferPointer { twins in
                for x in 0..<width {
                    result[x] = light.mix(
                        lines.count, { all[twins[lines.lowerBound &+ $0] &* width &+ x] },
                        { Int(weights[begin &+ $0]) })
                }
            }
        }
    }
}

/// Memory for dots, reached without checks by the loops that fill it.
public final class PixelBuffer {
    /// `count` dots, FFRRGGBBh.
    public private(set) var base: UnsafeMutablePointer<UInt32>
    public private(set) var count = 0

    init() { base = .allocate(capacity: 1) }
    deinit { base.deallocate() }

    /// Makes room for `count` dots, all black.
    func resize(_ count: Int) {
        base.deallocate()
        base = .allocate(capacity: max(count, 1))
        base.initialize(repeating: 0xFF00_0000, count: max(count, 1))
        self.count = count
    }

    /// A row of `width` dots.
    public func row(_ row: Int, of width: Int) -> UnsafeMutablePointer<UInt32> {
        precondition(row >= 0 && (row + 1) * width <= count, "a row of the buffer")
        return base + row * width
    }
}
