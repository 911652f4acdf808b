import Core
import TestSupport
import Testing

@testable import Chips

@Suite struct VGAPlanesTests {
    @Test("a fill leaves what as many writes leave, whatever the registers hold", arguments: 1...60)
    func fill(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let (filled, written) = (VGAPlanes(kilobytes: 64), VGAPlanes(kilobytes: 64))
        for _ in 0..<20 {
            var graphics = VGAGraphicsController()
            var sequencer = VGASequencer()
            for number in UInt8(0)..<9 {
                graphics.index = number
                _ = graphics.write(.random(in: 0...255, using: &random))
            }
            for number in UInt8(0)..<5 {
                sequencer.index = number
                _ = sequencer.write(.random(in: 0...255, using: &random))
            }
            let window = Bool.random(using: &random) ? 0xA_0000..<0xB_0000 : 0xB_8000..<0xC_0000
            for planes in [filled, written] { planes.configure(graphics, sequencer, window: window) }
            // Addresses before, in and behind the window; the latches hold something.
            let place = UInt32.random(in: 0xA_0000...0xB_FFFF, using: &random)
            #expect(filled.read(place) == written.read(place))
            let address = UInt32.random(in: 0x9_FF00...0xB_FF00, using: &random)
            let count = Int.random(in: 1...3_000, using: &random)
            let (low, high) = (UInt8.random(in: 0...255, using: &random), UInt8.random(in: 0...255, using: &random))
            filled.fill(address, count: count, low: low, high: high)
            for index in 0..<count { written.write(address + UInt32(index), index & 1 == 0 ? low : high) }
            #expect((0..<filled.offsets).allSatisfy { filled.words[$0] == written.words[$0] })
            #expect(filled.takeDirty() == written.takeDirty())
        }
    }
}
