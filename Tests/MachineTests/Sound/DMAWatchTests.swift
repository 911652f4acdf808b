import Core
import Testing

@testable import Machine

@Suite struct DMAWatchTests {
    @Test("a device that waits for a second is told once, each channel by itself")
    func lines() {
        var watch = DMAWatch()
        func look(_ waiting: UInt8, _ milliseconds: Int64) -> [String] {
            watch.look(at: waiting, now: .milliseconds(milliseconds)).map(\.text)
        }
        #expect(look(0b10, 0).isEmpty)
        #expect(look(0b10, 999).isEmpty)
        // It has been served in between.
        #expect(look(0, 1_000).isEmpty)
        #expect(look(0b10, 1_100).isEmpty)
        #expect(look(0b10, 2_050).isEmpty)
        #expect(
            look(0b10_0010, 2_100) == ["a device waits for DMA channel 1, which the program has masked or not set up"])
        #expect(look(0b10_0010, 3_099).isEmpty)
        #expect(
            look(0b10_0010, 3_100) == ["a device waits for DMA channel 5, which the program has masked or not set up"])
        #expect(look(0, 4_000).isEmpty)
        #expect(look(0xFF, 5_000).isEmpty)
        #expect(look(0b10_0010, 9_000).isEmpty)
    }
}
