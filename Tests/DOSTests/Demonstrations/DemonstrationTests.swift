import DOS
import Foundation
import Testing

@Suite struct DemonstrationTests {
    /// Of demos/demo.asm, where `make roms` has assembled it.
    private static let assembled = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../.build/test-roms/demos/DEMO.COM").standardized

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: assembled.path), "make roms assembles it"))
    func `the program on drive Z is the assembled one; make demonstrations renews it`() throws {
        let bytes = try [UInt8](Data(contentsOf: Self.assembled))
        #expect(Demonstration.files.first { $0.name == "DEMO.COM" }?.bytes == bytes)
    }
}
