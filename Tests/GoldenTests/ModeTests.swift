import Core
import Foundation
import Machine
import Testing

/// Every mode of every adapter, as a picture that has been looked at.
///
/// docs/golden.md says what each was compared with. `make golden` stores new pictures.
@Suite(.serialized) struct ModeTests {
    static let scenes: [Scene] = [monochrome, color, planar, tweaked, extended].flatMap { $0 }

    private static let monochrome: [Scene] = [
        Scene("mda-07", "PATTERN", "07", on: .mda),
        Scene("hercules-07", "PATTERN", "07", on: .hercules),
        Scene("hercules-page0", "HERCULES", "0", on: .hercules),
        Scene("hercules-page1", "HERCULES", "1", on: .hercules),
        Scene("ramfont-1", "RAMFONT", "1", on: .herculesPlus),
        Scene("ramfont-90", "RAMFONT", "2", on: .herculesPlus),
        Scene("ramfont-12", "RAMFONT", "3", on: .herculesPlus),
    ]

    private static let color: [Scene] =
        bios("cga", .cga, [0, 1, 2, 3, 4, 5, 6])
        + bios("tandy", .tandy, [0, 1, 2, 3, 4, 5, 6, 8, 9, 0x0A])
        + bios("pcjr", .pcjr, [0, 1, 2, 3, 4, 5, 6, 8, 9, 0x0A])

    private static let planar: [Scene] =
        bios("ega", .ega, [0, 1, 2, 3, 4, 5, 6, 0x0D, 0x0E, 0x10])
        + bios("vga", .vga, [0, 1, 2, 3, 4, 5, 6, 7, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13])

    private static let tweaked: [Scene] = ["a", "b", "c", "d", "e", "f"].map {
        Scene("tweaked-\($0)", "TWEAKED", $0, on: .vga)
    }

    /// 640x400, 640x480 and 800x600 with 256 colours, 800x600 with 16.
    private static let extended: [Scene] = [0, 1, 2, 3].map { number in
        Scene("vga-vbe10\(number)", "VBE", "\(number)", on: .vga) { $0.hasVideoExtension = true }
    }

    private static func bios(_ name: String, _ video: VideoKind, _ modes: [UInt8]) -> [Scene] {
        modes.map { mode in
            let digits = (mode < 16 ? "0" : "") + String(mode, radix: 16, uppercase: true)
            return Scene(
                "\(name)-\(digits.lowercased())", "PATTERN", digits + (video == .pcjr ? "j" : ""), on: video)
        }
    }

    @Test("the mode shows its golden picture", arguments: scenes)
    func mode(scene: Scene) throws {
        guard Scene.isAssembled else { return }
        let frame = try scene.frame()
        try Golden.check(#require(frame, "the program shows no picture"), scene.name)
    }
}
