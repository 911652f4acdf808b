import Core
import Glibc

/// Scales pictures so that each new pixel is the average of the area that it covers, in linear light.
///
/// Adding up light, not the codes of a monitor's curve, keeps thin lines and dithered areas as bright as they were. Areas
/// of one colour keep it exactly. Source: [SRGB] transfer function.
public enum AreaScaler {
    /// - Precondition: sides within 1 to `Picture.largestSide`.
    public static func scale(_ picture: Picture, width: Int, height: Int) -> Picture {
        if (width, height) == (picture.width, picture.height) { return picture }
        let pixels = [UInt32](unsafeUninitializedCapacity: width * height) { target, count in
            fill(target, from: picture, width: width, height: height)
            count = width * height
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    private static func fill(
        _ target: UnsafeMutableBufferPointer<UInt32>, from picture: Picture, width: Int, height: Int
    ) {
        let columns = Spans(from: picture.width, to: width)
        let rows = Spans(from: picture.height, to: height)
        var line = [SIMD4<Float>](repeating: .zero, count: picture.width)
        picture.pixels.withUnsafeBufferPointer { source in
            line.withUnsafeMutableBufferPointer { line in
                for row in 0..<height {
                    let start = row * width
                    if row > 0, rows.isSameSingle(row, row - 1) {
                        for x in 0..<width { target[start + x] = target[start - width + x] }
                        continue
                    }
                    gather(source, rows, row, into: line)
                    for x in 0..<width {
                        var sum = SIMD4<Float>.zero
                        var place = columns.firsts[x]
                        for index in columns.starts[x]..<columns.starts[x + 1] {
                            sum += line[place] * columns.weights[index]
                            place += 1
                        }
                        target[start + x] = LinearLight.color(sum)
                    }
                }
            }
        }
    }

    /// The average of the source's lines under one line of the target.
    private static func gather(
        _ source: UnsafeBufferPointer<UInt32>, _ rows: Spans, _ row: Int,
        into line: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        var place = rows.firsts[row] * line.count
        var isFirst = true
        LinearLight.table.withUnsafeBufferPointer { light in
            for index in rows.starts[row]..<rows.starts[row + 1] {
                let weight = rows.weights[index]
                for x in 0..<line.count {
                    let color = source[place + x]
                    let value = SIMD4<Float>(
                        light[Int(color >> 16 & 0xFF)], light[Int(color >> 8 & 0xFF)], light[Int(color & 0xFF)], 0)
                    line[x] = isFirst ? value * weight : line[x] + value * weight
                }
                isFirst = false
                place += line.count
            }
        }
    }

    /// Which pixels of a side of the source each pixel of the target covers, and with what part of itself.
    private struct Spans {
        /// The first pixel of the source, for each pixel of the target.
        var firsts: [Int] = []
        /// Where its weights begin, with one more at the end.
        var starts: [Int] = [0]
        var weights: [Float] = []

        init(from source: Int, to target: Int) {
            for place in 0..<target {
                // In units of which a pixel of the source has `target` and one of the target `source`.
                let (start, end) = (place * source, (place + 1) * source)
                let (first, last) = (start / target, (end - 1) / target)
                firsts.append(first)
                for pixel in first...last {
                    let overlap = min(end, (pixel + 1) * target) - max(start, pixel * target)
                    weights.append(Float(overlap) / Float(source))
                }
                starts.append(weights.count)
            }
        }

        /// Whether two places cover the same pixel and no other.
        func isSameSingle(_ a: Int, _ b: Int) -> Bool {
            firsts[a] == firsts[b] && starts[a + 1] - starts[a] == 1 && starts[b + 1] - starts[b] == 1
        }
    }
}

/// Between the codes of colours, which follow a monitor's curve, and amounts of light.
public enum LinearLight {
    /// The light of each code, 0 to 1.
    static let table: [Float] = (0...255).map { code in
        let value = Double(code) / 255
        return Float(value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4))
    }

    private static let steps = 16_383
    /// The code of each of `steps + 1` amounts of light.
    private static let codes: [UInt8] = {
        var codes: [UInt8] = []
        codes.reserveCapacity(steps + 1)
        var code = 0
        for step in 0...steps {
            let light = Float(step) / Float(steps)
            while code < 255, abs(table[code + 1] - light) <= abs(table[code] - light) { code += 1 }
            codes.append(UInt8(code))
        }
        return codes
    }()

    @inline(__always)
    private static func code(_ light: Float) -> UInt32 {
        UInt32(codes[min(max(Int(light * Float(steps) + 0.5), 0), steps)])
    }

    static func color(_ light: SIMD4<Float>) -> UInt32 { code(light.x) << 16 | code(light.y) << 8 | code(light.z) }
}
