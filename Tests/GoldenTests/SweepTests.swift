import Core
import Machine
import Testing

/// Every place of a split and every step of scrolling: each picture is put together of others and compared with them, dot by
/// dot.
@Suite(.serialized) struct SweepTests {
    private struct Case: CustomTestStringConvertible, Sendable {
        var video: VideoKind
        var isPanned: Bool
        var testDescription: String { video.rawValue + (isPanned ? ", panned" : "") }
    }
    private static let cases = [VideoKind.ega, .vga].flatMap { video in
        [false, true].map { Case(video: video, isPanned: $0) }
    }

    /// The first `count` pictures of a program that takes the next by a key.
    private func pictures(_ program: String, _ arguments: String, _ video: VideoKind, count: Int) throws -> [Frame] {
        let run = try #require(try Scene("sweep", program, arguments, on: video).run())
        var frames: [Frame] = []
        for number in 0..<count {
            if number > 0 { try #require(run.step()) }
            frames.append(try #require(run.frame(after: 2)))
        }
        return frames
    }

    @Test("the screen is split at every line", arguments: cases)
    private func split(_ test: Case) throws {
        guard Scene.isAssembled else { return }
        let frames = try pictures("SPLIT", test.isPanned ? "p" : "x", test.video, count: 352)
        // The VGA takes the panning away below the split. The EGA cannot, and shows the first line twice.
        let lowerSource =
            test.isPanned && test.video == .vga ? try pictures("SPLIT", "x", .vga, count: 2) : frames
        let (upper, lower) = (frames[0], lowerSource[1])
        let repeated = test.video == .ega ? 1 : 0
        var wrong: [String] = []
        for line in 0..<350 {
            let frame = frames[line + 2]
            for y in 0..<350 {
                let expected = y <= line ? upper.line(y) : lower.line(max(y - line - 1 - repeated, 0))
                if !frame.line(y).elementsEqual(expected) { wrong.append("compare \(line): line \(y)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) lines differ: \(wrong.prefix(3))")
    }

    @Test(
        "panning moves the picture by single dots, and the start address goes on from there",
        arguments: [(VideoKind.vga, "g", 8), (.ega, "g", 8), (.vga, "t", 9)])
    func panning(video: VideoKind, kind: String, dots: Int) throws {
        guard Scene.isAssembled else { return }
        let frames = try pictures("PANNING", kind, video, count: dots + 1)
        let (first, last) = (frames[0], frames[dots])
        #expect(first.pixels != last.pixels)
        for step in 1..<dots {
            let isShifted = (0..<first.height).allSatisfy { y in
                let row = Array(first.line(y)[step...]) + last.line(y).suffix(dots).prefix(step)
                return frames[step].line(y).elementsEqual(row)
            }
            #expect(isShifted, "by \(step)")
        }
        #expect((0..<first.height).allSatisfy { last.line($0).dropLast(dots).elementsEqual(first.line($0)[dots...]) })
    }

    @Test("preset row scan moves the picture by single lines", arguments: [(VideoKind.vga, 16), (.ega, 14)])
    func presetRowScan(video: VideoKind, lines: Int) throws {
        guard Scene.isAssembled else { return }
        let frames = try pictures("PANNING", "v", video, count: lines + 1)
        let (first, last) = (frames[0], frames[lines])
        for step in 1..<lines {
            let isShifted = (0..<first.height).allSatisfy { y in
                let source = y + step < first.height ? first.line(y + step) : last.line(y + step - lines)
                return frames[step].line(y).elementsEqual(source)
            }
            #expect(isShifted, "by \(step)")
        }
    }
}

extension Frame {
    fileprivate func line(_ y: Int) -> [UInt32] { Array(pixels[y * width..<(y + 1) * width]) }
}
