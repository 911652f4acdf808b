import Output

/// Brings pictures down to 256 colours by cutting the box of all colours at its median until there are enough boxes.
///
/// A picture with no more than 256 colours stays as it is.
enum ColorReduction {
    private static let limit = 256

    /// Colours as five bits a channel, how often they occur and the sums of their channels.
    private struct Bin {
        var key: Int
        var count = 0
        var red = 0
        var green = 0
        var blue = 0

        func level(_ channel: Int) -> Int { key >> (10 - channel * 5) & 31 }
    }

    static func reduce(_ pixels: [UInt32]) -> [UInt32] {
        if IndexedPixels(pixels) != nil { return pixels }
        var bins = (0..<32_768).map { Bin(key: $0) }
        for pixel in pixels {
            let key = ColorReduction.key(pixel)
            bins[key].count += 1
            bins[key].red += Int(pixel >> 16 & 0xFF)
            bins[key].green += Int(pixel >> 8 & 0xFF)
            bins[key].blue += Int(pixel & 0xFF)
        }
        var map = [UInt32](repeating: 0, count: bins.count)
        for box in boxes(bins.filter { $0.count > 0 }) {
            let count = max(box.reduce(0) { $0 + $1.count }, 1)
            func mean(_ channel: KeyPath<Bin, Int>) -> UInt32 {
                UInt32((box.reduce(0) { $0 + $1[keyPath: channel] } + count / 2) / count)
            }
            let color = mean(\.red) << 16 | mean(\.green) << 8 | mean(\.blue)
            for bin in box { map[bin.key] = color }
        }
        return pixels.map { map[key($0)] }
    }

    private static func key(_ pixel: UInt32) -> Int {
        Int(pixel >> 19 & 31) << 10 | Int(pixel >> 11 & 31) << 5 | Int(pixel >> 3 & 31)
    }

    private static func boxes(_ bins: [Bin]) -> [[Bin]] {
        func weight(_ box: [Bin], _ length: Int) -> Int { length > 0 ? box.reduce(0) { $0 + $1.count } : 0 }
        var boxes = [bins]
        var sides = [longestSide(bins)]
        var weights = [weight(bins, sides[0].length)]
        while boxes.count < limit {
            // The box with the most pixels that still has a side to cut.
            guard let index = weights.indices.max(by: { weights[$0] < weights[$1] }), weights[index] > 0 else { break }
            let channel = sides[index].channel
            let sorted = boxes[index].sorted { ($0.level(channel), $0.key) < ($1.level(channel), $1.key) }
            var (sum, cut) = (0, 0)
            while cut < sorted.count - 1, cut == 0 || sum < weights[index] / 2 {
                sum += sorted[cut].count
                cut += 1
            }
            let halves = (Array(sorted[..<cut]), Array(sorted[cut...]))
            boxes[index] = halves.0
            sides[index] = longestSide(halves.0)
            weights[index] = weight(halves.0, sides[index].length)
            boxes.append(halves.1)
            sides.append(longestSide(halves.1))
            weights.append(weight(halves.1, sides[boxes.count - 1].length))
        }
        return boxes
    }

    private static func longestSide(_ box: [Bin]) -> (channel: Int, length: Int) {
        var best = (channel: 0, length: 0)
        for channel in 0..<3 {
            let levels = box.map { $0.level(channel) }
            let length = (levels.max() ?? 0) - (levels.min() ?? 0)
            if length > best.length { best = (channel, length) }
        }
        return best
    }
}
