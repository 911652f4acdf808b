import Core
import Foundation
import Output
import TestSupport
import Testing

/// Pictures that have been looked at, as PNG files of the program's pixels, and `frames.tsv` with what a file of pixels does
/// not tell.
enum Golden {
    private static let directory = Scene.root.appending(path: "Tests/GoldenTests/Golden")
    private static let table = directory.appending(path: "frames.tsv")
    /// Set by `make golden`: pictures that differ are stored instead of reported.
    private static let isUpdating = ProcessInfo.processInfo.environment["OCHENTA_UPDATE_GOLDEN"] != nil

    /// Whether `frame` is the stored picture; if not, says where they differ and where the new one is.
    /// - Parameters:
    ///   - mayUpdate: false for a second way to a picture that another test stores.
    ///   - play: how far a program that waits for the beam may come off: see `isClose`.
    static func check(_ frame: Frame, _ name: String, mayUpdate: Bool = true, play: Play? = nil) throws {
        try check(Picture.raw(frame), name, layout: layout(of: frame), mayUpdate: mayUpdate, play: play)
    }

    /// The same for a picture that is put together of several.
    static func check(
        _ picture: Picture, _ name: String, layout: String = "sheet", mayUpdate: Bool = true, play: Play? = nil
    ) throws {
        let file = directory.appending(path: "\(name).png")
        let stored = (try? Data(contentsOf: file)).flatMap { decode([UInt8]($0)) }
        let oldLayout = rows()[name]
        if oldLayout == layout, let stored {
            if stored == picture { return }
            if let play, isClose(picture, stored, play) { return }
        }
        let bytes = try #require(PNGFile.encode(picture))
        if isUpdating && mayUpdate {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
            try store(layout, name)
            return
        }
        let actual = FileManager.default.temporaryDirectory.appending(path: "ochenta-golden/\(name).png")
        try FileManager.default.createDirectory(
            at: actual.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: actual)
        let difference = stored.map { self.difference(picture, $0) } ?? "there is no golden picture"
        Issue.record("\(name): \(difference); \(layout), was \(oldLayout ?? "not there"); see \(actual.path)")
    }

    /// Dots and lines by which the place of a change may differ. When a loop sees the beam depends on where its instructions
    /// lie in time, and so on everything that has run before.
    struct Play: Sendable {
        var dots: Int
        var lines: Int
    }

    /// Whether each pixel that differs has its colour near its place in the other picture, both ways.
    static func isClose(_ first: Picture, _ second: Picture, _ play: Play) -> Bool {
        guard (first.width, first.height) == (second.width, second.height) else { return false }
        func isNear(_ color: UInt32, _ place: Int, in picture: Picture) -> Bool {
            let (y, x) = place.quotientAndRemainder(dividingBy: picture.width)
            return (max(y - play.lines, 0)...min(y + play.lines, picture.height - 1)).contains { line in
                let start = line * picture.width
                let range = start + max(x - play.dots, 0)...start + min(x + play.dots, picture.width - 1)
                return picture.pixels[range].contains(color)
            }
        }
        return first.pixels.indices.allSatisfy { place in
            let (new, old) = (first.pixels[place], second.pixels[place])
            return new == old || isNear(new, place, in: second) && isNear(old, place, in: first)
        }
    }

    /// How many pixels differ, and the first of them.
    static func difference(_ new: Picture, _ old: Picture) -> String {
        guard (new.width, new.height) == (old.width, old.height) else {
            return "\(new.width) by \(new.height) pixels, not \(old.width) by \(old.height)"
        }
        let places = new.pixels.indices.filter { new.pixels[$0] != old.pixels[$0] }
        guard let first = places.first else { return "no pixel differs" }
        let colors = [new.pixels[first], old.pixels[first]].map { String(format: "%06X", $0) }
        return "\(places.count) pixels differ, the first at \(first % new.width), \(first / new.width): "
            + "\(colors[0]), not \(colors[1])"
    }

    // MARK: The table

    /// Dots, dots of a pixel, shape of a dot.
    private static func layout(of frame: Frame) -> String {
        "\(frame.width)x\(frame.height)\t\(frame.dotsPerPixel)x\(frame.linesPerPixel)\t"
            + "\(frame.dotAspect.width):\(frame.dotAspect.height)"
    }

    private static func rows() -> [String: String] {
        let lines = (try? String(contentsOf: table, encoding: .utf8))?.split(separator: "\n") ?? []
        return Dictionary(
            lines.compactMap { line in
                line.firstIndex(of: "\t").map { (String(line[..<$0]), String(line[line.index(after: $0)...])) }
            }, uniquingKeysWith: { $1 })
    }

    private static func store(_ layout: String, _ name: String) throws {
        var rows = rows()
        rows[name] = layout
        let text = rows.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value)\n" }.joined()
        try text.write(to: table, atomically: true, encoding: .utf8)
    }

    // MARK: PNG

    /// The pixels of a PNG file; nil if it is none.
    static func decode(_ bytes: [UInt8]) -> Picture? {
        PNGReader(bytes).map { Picture(width: $0.width, height: $0.height, pixels: $0.pixels) }
    }
}
