import Core
import Foundation
import Machine
import Output
import Testing

/// What programs do beyond the modes of a BIOS, as pictures that have been looked at.
@Suite(.serialized) struct EffectTests {
    static let scenes: [Scene] =
        [text, graphics, smallMemory, monitors, composite, beam, border, services].flatMap { $0 }

    private static let text: [Scene] = [
        Scene("fonts512-vga", "FONTS512", "10", on: .vga),
        Scene("fonts512-ega", "FONTS512", "0E", on: .ega),
        Scene("texts-vga-eight", "TEXTS", "8", on: .vga),
        Scene("texts-vga-200", "TEXTS", "2", on: .vga),
        Scene("texts-vga-350", "TEXTS", "3", on: .vga),
        Scene("texts-vga-lines", "TEXTS", "l", on: .vga),
        Scene("texts-ega-lines", "TEXTS", "l", on: .ega),
        Scene("texts-vga-bright", "TEXTS", "b", on: .vga),
        Scene("texts-ega-bright", "TEXTS", "b", on: .ega),
        Scene("texts-cga-bright", "TEXTS", "c", on: .cga),
        Scene("texts-mda-bright", "TEXTS", "m", on: .mda),
        Scene("texts-vga-planes", "TEXTS", "o", on: .vga),
        Scene("texts-ega-planes", "TEXTS", "o", on: .ega),
        // The other phase of blinking: sixteen frames after that of `ModeTests`.
        Scene("blink-vga", "PATTERN", "03", on: .vga).after(frames: 18),
        Scene("blink-ega", "PATTERN", "03", on: .ega).after(frames: 18),
        Scene("blink-cga", "PATTERN", "03", on: .cga).after(frames: 18),
        Scene("blink-mda", "PATTERN", "07", on: .mda).after(frames: 18),
        Scene("blink-vga-0f", "PATTERN", "0F", on: .vga).after(frames: 18),
    ]

    private static let graphics: [Scene] = [
        Scene("lowres-cga", "LOWRES", "c", on: .cga),
        Scene("lowres-tandy", "LOWRES", "c", on: .tandy),
        Scene("lowres-vga", "LOWRES", "v", on: .vga),
        Scene("planes-vga", "PLANES", on: .vga),
        Scene("planes-ega", "PLANES", on: .ega),
    ]

    /// An EGA with 64 KB has two planes in modes 0Fh and 10h.
    private static let smallMemory: [Scene] =
        [
            Scene("ega64-10", "PATTERN", "10", on: .ega) { $0.egaKilobytes = 64 },
            Scene("ega64-0d", "PATTERN", "0D", on: .ega) { $0.egaKilobytes = 64 },
            Scene("bios-ega64-10", "MODES", "10", on: .ega) { $0.egaKilobytes = 64 },
        ]
        + [2, 18].map { frames in
            Scene("ega64-0f-\(frames)", "PATTERN", "0F", on: .ega) {
                ($0.egaKilobytes, $0.monitor.ega) = (64, .monochrome)
            }.after(frames: frames)
        }

    private static let monitors: [Scene] =
        [0x07, 0x0F].flatMap { mode in
            [2, 18].map { frames in
                Scene("ega-mono-0\(String(mode, radix: 16))-\(frames)", "PATTERN", hex(mode), on: .ega) {
                    $0.monitor.ega = .monochrome
                }.after(frames: frames)
            }
        }
        + [0x01, 0x03, 0x04, 0x06, 0x0D, 0x0E].map { mode in
            Scene("ega-color-0\(String(mode, radix: 16))", "PATTERN", hex(mode), on: .ega) {
                $0.monitor.ega = .color
            }
        }

    private static let composite: [Scene] =
        [0x01, 0x03, 0x04, 0x05].map { mode in
            Scene("composite-old-0\(mode)", "PATTERN", hex(mode), on: .cga) { $0.monitor.composite = .oldCard }
        }
        + [
            Scene("artifact-old", "ARTIFACT", on: .cga) { $0.monitor.composite = .oldCard },
            Scene("artifact-new", "ARTIFACT", on: .cga) { $0.monitor.composite = .newCard },
            Scene("artifact-hue", "ARTIFACT", on: .cga) {
                $0.monitor.composite = .newCard
                $0.monitor.hueDegrees = 40
            },
            Scene("artifact-rgb", "ARTIFACT", on: .cga),
        ]
        + [0x03, 0x04].map { mode in
            Scene("composite-new-0\(mode)", "PATTERN", hex(mode), on: .cga) { $0.monitor.composite = .newCard }
        }

    private static let beam: [Scene] = [
        Scene("beam-lines", "BEAM", "l", on: .vga).withPlay(dots: 32),
        Scene("beam-middle", "BEAM", "m", on: .vga).withPlay(dots: 32, lines: 6),
        Scene("beam-mask", "BEAM", "k", on: .vga).withPlay(dots: 32),
        Scene("cga-middle", "CGA", on: .cga) {
            ($0.family, $0.model, $0.clockPeriod) = (.xt, .i8088, ClockPeriod.ibmPC)
        }.withPlay(dots: 32),
        Scene("colors64-ega", "COLORS64", on: .ega).withPlay(dots: 64),
        Scene("colors64-vga", "COLORS64", on: .vga).withPlay(dots: 64),
    ]

    /// With bars in the border; of an MDA it is dark, of a VGA in text of one colour.
    private static let border: [Scene] =
        [
            Scene("border-cga", "BORDER", "c", on: .cga) { $0.monitor.showsBorder = true },
            Scene("border-composite", "BORDER", "c", on: .cga) {
                $0.monitor.showsBorder = true
                $0.monitor.composite = .newCard
            },
            Scene("border-tandy", "BORDER", "c", on: .tandy) { $0.monitor.showsBorder = true },
            Scene("border-pcjr", "BORDER", "p", on: .pcjr) { $0.monitor.showsBorder = true },
            Scene("border-ega", "BORDER", "e", on: .ega) { $0.monitor.showsBorder = true },
            Scene("border-vga", "BORDER", "v", on: .vga) { $0.monitor.showsBorder = true },
        ].map { $0.withPlay(dots: 32) } + [
            Scene("border-mda", "PATTERN", "07", on: .mda) { $0.monitor.showsBorder = true },
            Scene("border-vga-12", "PATTERN", "12", on: .vga) { $0.monitor.showsBorder = true },
        ]

    /// Drawn by INT 10h.
    private static let services: [Scene] = [
        Scene("bios-mda-07", "MODES", "07", on: .mda),
        Scene("bios-cga-04", "MODES", "04", on: .cga),
        Scene("bios-cga-06", "MODES", "06", on: .cga),
        Scene("bios-tandy-09", "MODES", "09", on: .tandy),
        Scene("bios-pcjr-09", "MODES", "09", on: .pcjr),
        Scene("bios-pcjr-0a", "MODES", "0A", on: .pcjr),
        Scene("bios-ega-0d", "MODES", "0D", on: .ega),
        Scene("bios-ega-10", "MODES", "10", on: .ega),
        Scene("bios-vga-11", "MODES", "11", on: .vga),
        Scene("bios-vga-12", "MODES", "12", on: .vga),
        Scene("bios-vga-13", "MODES", "13", on: .vga),
    ]

    private static func hex(_ mode: Int) -> String { "0" + String(mode, radix: 16, uppercase: true) }

    @Test("the effect shows its golden picture", arguments: scenes)
    func effect(scene: Scene) throws {
        guard Scene.isAssembled else { return }
        let frame = try scene.frame()
        try Golden.check(#require(frame, "the program shows no picture"), scene.name, play: scene.play)
    }

    /// There each access to memory is the board's, at its own clock, and nothing is plain RAM.
    @Test(
        "the exact engines show the same",
        arguments: [
            ("cga-04", "PATTERN", "04", VideoKind.cga), ("vga-0d", "PATTERN", "0D", .vga),
            ("vga-13", "PATTERN", "13", .vga), ("tweaked-a", "TWEAKED", "a", .vga),
            ("fonts512-vga", "FONTS512", "10", .vga), ("hercules-page1", "HERCULES", "1", .hercules),
        ])
    func exactEngines(golden: String, program: String, arguments: String, video: VideoKind) throws {
        guard Scene.isAssembled else { return }
        let scene = Scene("exact", program, arguments, on: video) {
            $0.engine = .exact
            if video == .cga { ($0.family, $0.model, $0.clockPeriod) = (.xt, .i8088, ClockPeriod.ibmPC) }
        }
        let frame = try scene.frame()
        try Golden.check(#require(frame, "the program shows no picture"), golden, mayUpdate: false)
    }

    @Test("three pages are shown in turn, none of them torn")
    func flips() throws {
        guard Scene.isAssembled else { return }
        let run = try #require(try Scene("flips", "FLIPS", on: .vga).run())
        let frames = (0..<9).compactMap { _ in run.frame(after: 0).map { Picture.raw($0) } }
        #expect(frames.count == 9)
        let pages = Array(frames.suffix(6))
        #expect(pages[0] != pages[1] && pages[1] != pages[2] && pages[2] != pages[0])
        #expect(Array(pages[..<3]) == Array(pages[3...]))
        // The page whose letter is leftmost comes first.
        let sorted = pages[..<3].sorted { Sheet.firstLit($0) < Sheet.firstLit($1) }
        try Golden.check(Sheet.stacked(sorted), "flips")
    }

    @Test(
        "cursors have their shapes and blink with every eight frames",
        arguments: [("mda", "m"), ("hercules", "m"), ("cga", "c"), ("tandy", "c"), ("ega", "c"), ("vga", "c")])
    func cursors(video: String, port: String) throws {
        guard Scene.isAssembled else { return }
        let kind = try #require(VideoKind(rawValue: video))
        let run = try #require(try Scene("cursor", "CURSOR", port, on: kind).run())
        let off = try #require(run.frame(after: 2)).pixels
        var parts: [Picture] = []
        for _ in 0..<11 {
            let frames = (0..<32).compactMap { _ in run.frame(after: 0) }
            let shown = frames.filter { $0.pixels != off }
            #expect([0, 16].contains(shown.count), "\(video): shown in \(shown.count) of 32 frames")
            // Four cells of the upper two rows.
            let frame = Picture.raw(try #require(shown.first ?? frames.last))
            parts.append(Sheet.part(frame, x: 0, y: 0, width: frame.width / 10, height: frame.height * 2 / 25))
            guard parts.count < 11 else { break }
            #expect(run.step())
            _ = run.frame(after: 2)
        }
        try Golden.check(Sheet.stacked(parts), "cursor-\(video)")
    }
}
