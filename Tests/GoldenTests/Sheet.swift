import Output

/// Pictures made of pictures.
enum Sheet {
    static func part(_ picture: Picture, x: Int, y: Int, width: Int, height: Int) -> Picture {
        let pixels = (y..<y + height).flatMap { line in
            picture.pixels[line * picture.width + x..<line * picture.width + x + width]
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// Pictures of the same width, one below the other, with a blue line between them.
    static func stacked(_ pictures: [Picture]) -> Picture {
        let width = pictures[0].width
        let line = [UInt32](repeating: 0xFF, count: width)
        let pixels = Array(pictures.map(\.pixels).joined(separator: line))
        return Picture(width: width, height: pixels.count / width, pixels: pixels)
    }

    /// The leftmost pixel of the middle line, apart from the frame's, that is not black.
    static func firstLit(_ picture: Picture) -> Int {
        let start = picture.height / 2 * picture.width
        return (1..<picture.width).first { picture.pixels[start + $0] != 0 } ?? picture.width
    }
}
