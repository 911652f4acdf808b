import Core
import Glibc
import Machine
import Testing

@testable import FrontendTerminal
@testable import Hosting

/// How much a terminal is sent while a program of mode 13h changes a square of 8 by 8 pixels in each of 70 frames a
/// second.
@Suite struct PictureTrafficTests {
    private static let square: [UInt8] = [
        0xB8, 0x13, 0x00, 0xCD, 0x10, 0xB8, 0x00, 0xA0, 0x8E, 0xC0, 0xB3, 0x10,  // mode 13h; ES = A000h; BL = 16
        0xBA, 0xDA, 0x03, 0xEC, 0xA8, 0x08, 0x75, 0xFB, 0xEC, 0xA8, 0x08, 0x74, 0xFB,  // the next retrace
        0xBF, 0x98, 0x78, 0xB9, 0x08, 0x00, 0x51, 0xB9, 0x08, 0x00, 0x88, 0xD8, 0xF3, 0xAA,  // a line of the square
        0x81, 0xC7, 0x38, 0x01, 0x59, 0xE2, 0xF1, 0xFE, 0xC3, 0xEB, 0xD9,
    ]

    /// - Parameter bytes: most bytes of a frame: for cells, 2 by 1 to 2 by 2 of them with their colours and places.
    @Test(
        "at most thirty frames a second are sent, and of them what has changed",
        arguments: [("halfblocks", 100), ("sextants", 150), ("sixel", 500), ("kitty", 4_000)])
    func traffic(method: String, bytes: Int) throws {
        let sink = open("/dev/null", O_WRONLY)
        defer { close(sink) }
        let support = GraphicsSupport(setting: method, canAsk: false, hasSextants: true)
        let screen = PictureScreen(support: support, depth: .truecolor, output: sink)
        screen.resize(columns: 80, rows: 25, cell: .init(8, 16))
        let machine = try makeMachine(Self.square)
        machine.isPictureWatched = true
        var sent: [(time: Int64, bytes: Int)] = []
        while machine.now < .seconds(5) {
            let end = machine.frameEnd
            while machine.now < end { _ = machine.run(until: end) }
            guard machine.now > .seconds(2) else { continue }
            let now = machine.now.count / (Tick.perSecond / 1_000_000) * 1_000
            let before = screen.outputCount
            #expect(screen.show(machine, now: now))
            if screen.outputCount > before { sent.append((now, screen.outputCount - before)) }
        }
        // The first picture is whole.
        #expect((sent.first?.bytes ?? 0) > bytes)
        let gaps = zip(sent, sent.dropFirst()).map { $1.time - $0.time }
        #expect(gaps.allSatisfy { $0 >= PictureScreen.frameTime })
        // Every third frame of 70 is drawn.
        #expect((60...90).contains(sent.count))
        #expect(sent.dropFirst().allSatisfy { $0.bytes <= bytes }, "\(sent.dropFirst().map(\.bytes).max() ?? 0)")
    }
}
