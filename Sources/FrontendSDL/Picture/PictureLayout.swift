import Core
import Hosting

/// Where the picture is in the window: in the middle, as large as fits, and with the shape that it had on the monitor.
struct PictureLayout: Hashable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    /// How much wider or narrower a picture of whole dots may be than it should: a tenth.
    private static let tolerance = 0.1

    /// - Parameters:
    ///   - aspect: the shape of a dot.
    ///   - area: the size of the window, at least 1 by 1.
    init(
        width: Int, height: Int, aspect: Frame.Aspect, in area: (width: Int, height: Int),
        scaling: WindowSettings.Scaling
    ) {
        let shape = Double(width * max(aspect.width, 1)) / Double(height * max(aspect.height, 1))
        let size =
            (scaling == .integer ? PictureLayout.whole(width, height, shape, area) : nil)
            ?? PictureLayout.filling(shape, area)
        (self.width, self.height) = size
        x = (area.width - size.width) / 2
        y = (area.height - size.height) / 2
    }

    private static func filling(_ shape: Double, _ area: (width: Int, height: Int)) -> (width: Int, height: Int) {
        let wide = Int((Double(area.height) * shape).rounded())
        if wide <= area.width { return (max(wide, 1), area.height) }
        return (area.width, min(max(Int((Double(area.width) / shape).rounded()), 1), area.height))
    }

    /// The largest whole multiple of the lines, with a whole multiple of the dots where that keeps the shape nearly,
    /// and else with the right width. Nil if the area is too small.
    private static func whole(
        _ width: Int, _ height: Int, _ shape: Double, _ area: (width: Int, height: Int)
    ) -> (width: Int, height: Int)? {
        for lines in stride(from: area.height / height, to: 0, by: -1) {
            let right = Double(lines * height) * shape
            let dots = Int((right / Double(width)).rounded())
            if dots > 0, dots * width <= area.width, abs(Double(dots * width) / right - 1) <= tolerance {
                return (dots * width, lines * height)
            }
            if right <= Double(area.width), right >= 1 { return (Int(right.rounded()), lines * height) }
        }
        return nil
    }

    /// The place in the picture, in 65,536 parts each way, of a point of the window; nil beside the picture.
    func position(x pointX: Int, y pointY: Int) -> (x: UInt16, y: UInt16)? {
        guard (x..<x + width).contains(pointX), (y..<y + height).contains(pointY) else { return nil }
        // The middle of the point, so that rounding never takes it into the pixel beside it.
        func part(_ offset: Int, _ side: Int) -> UInt16 { UInt16((2 * offset + 1) * 0x8000 / side) }
        return (part(pointX - x, width), part(pointY - y, height))
    }
}
