import Automation
import Core
import Foundation
import Glibc
import Machine
import TestSupport
import Testing

@testable import FrontendTerminal
@testable import Hosting

/// A machine that shows graphics, then text, and can end.
private final class PictureMachine: GuestMachine {
    let hasGamePort = true
    var soundVolumes = SoundVolumes()
    let streams = StandardStreams()
    var now = Tick.zero
    var isWaiting: Bool { false }
    var hasKeyboardRoom: Bool { true }
    var isPictureWatched = false
    var pixels = [UInt32](repeating: 0x2244_66, count: 320 * 200)
    var text: String?
    var keys: [InputEvent] = []
    /// When the program is in graphics, and when it ends.
    var plan: (graphics: ClosedRange<Tick>, end: Tick)?

    var frameEnd: Tick { Tick.milliseconds((now.count / Tick.milliseconds(14).count + 1) * 14) }
    func still() -> Frame? { frame() }
    func takeNotices() -> [MachineNotice] { [] }
    func pushInput(_ event: InputEvent) { keys.append(event) }

    func frame() -> Frame? {
        Frame(width: 320, height: 200, pixels: pixels, dotAspect: .init(5, 6), time: now)
    }

    func textScreen() -> TextScreen? {
        if let plan { text = plan.graphics.contains(now) ? nil : "text" }
        guard let text else { return nil }
        var cells = [TextScreen.Cell](repeating: .init(character: 0x20, attribute: 7), count: 80 * 25)
        for (index, byte) in text.utf8.enumerated() { cells[index].character = byte }
        return TextScreen(columns: 80, rows: 25, cells: cells, time: now)
    }

    func run(until limit: Tick) -> MachineStop {
        now = max(now, limit)
        if let plan, now >= plan.end { return .exited(status: 3) }
        return .deadline
    }
}

@Suite struct PictureScreenTests {
    private func screen(_ setting: String, to descriptor: Int32, canAsk: Bool = true) -> PictureScreen {
        let support = GraphicsSupport(setting: setting, canAsk: canAsk, hasSextants: false)
        let screen = PictureScreen(support: support, depth: .truecolor, output: descriptor)
        screen.resize(columns: 80, rows: 25, cell: .init(8, 16))
        return screen
    }

    private func readAll(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while Glibc.poll(&poll, 1, 20) > 0, case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        return bytes
    }

    @Test func nothingIsDrawnBeforeTheAnswersAndPicturesAfterThem() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        let machine = PictureMachine()
        let screen = screen("auto", to: ends[1])
        #expect(screen.show(machine, now: 0))
        #expect(machine.isPictureWatched)
        #expect(screen.wakeTime == GraphicsSupport.answerTime)
        #expect(screen.nextTime == .milliseconds(14))
        #expect(String(decoding: readAll(ends[0]), as: UTF8.self).hasSuffix(TerminalAnswer.questions))
        screen.take(.kitty(isAvailable: true))
        screen.take(.attributes([62]))
        #expect(screen.show(machine, now: 1_000))
        #expect(String(decoding: readAll(ends[0]), as: UTF8.self).contains("a=T,f=24"))
        // The same picture is not sent again, and none comes too soon.
        #expect(screen.show(machine, now: 50_000_000))
        machine.pixels[5] = 1
        #expect(screen.show(machine, now: 51_000_000))
        #expect(!readAll(ends[0]).isEmpty)
        machine.pixels[5] = 2
        #expect(screen.show(machine, now: 60_000_000))
        #expect(readAll(ends[0]).isEmpty)
        #expect(screen.wakeTime == 51_000_000 + PictureScreen.frameTime)
        // Back to text: the picture goes, and drawing ends.
        #expect(screen.end(machine, now: 70_000_000))
        #expect(String(decoding: readAll(ends[0]), as: UTF8.self).contains("a=d"))
        #expect(!machine.isPictureWatched && screen.nextTime == nil && screen.wakeTime == nil)
    }

    @Test func aTerminalThatTakesNothingHoldsNobodyUp() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        let machine = PictureMachine()
        let screen = screen("kitty", to: ends[1], canAsk: false)
        var random = SeededGenerator(seed: 1)
        let clock = SystemClock()
        let start = clock.now
        for number in 0..<20 {
            for index in machine.pixels.indices {
                machine.pixels[index] = UInt32.random(in: 0...0xFFFFFF, using: &random)
            }
            #expect(screen.show(machine, now: Int64(number) * 40_000_000))
        }
        #expect(clock.now - start < 10_000_000_000)
        // One picture of a quarter of a megabyte waits; the others were dropped.
        #expect(screen.outputCount < 600_000)
        #expect(screen.wakeTime != nil)
        let count = screen.outputCount
        // It waits to its end before text may come.
        #expect(!screen.end(machine, now: 1_000_000_000))
        var read = 0
        while !screen.end(machine, now: 1_000_000_000), read < 2_000_000 { read += readAll(ends[0]).count }
        read += readAll(ends[0]).count
        #expect(read == screen.outputCount && read >= count)
    }

    @Test func aResizedTerminalLosesItsImages() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        let machine = PictureMachine()
        let screen = screen("kitty", to: ends[1], canAsk: false)
        #expect(screen.show(machine, now: 0))
        let images = String(decoding: readAll(ends[0]), as: UTF8.self).components(separatedBy: "a=T").count - 1
        #expect(images > 1)
        screen.resize(columns: 100, rows: 40, cell: .init(8, 16))
        #expect(screen.show(machine, now: 50_000_000))
        let text = String(decoding: readAll(ends[0]), as: UTF8.self)
        #expect(text.components(separatedBy: "a=d,d=I").count - 1 == images)
        let (lastOld, firstNew) = (text.range(of: "a=d", options: .backwards), text.range(of: "a=T"))
        #expect(try #require(lastOld).lowerBound < #require(firstNew).lowerBound)
    }

    @Test func aTerminalThatHasGoneIsNoticed() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let screen = screen("halfblocks", to: ends[1], canAsk: false)
        close(ends[0])
        defer { close(ends[1]) }
        #expect(!screen.show(PictureMachine(), now: 0))
    }

}

// The terminal that is given back at a crash is one for the process: sessions run one after the other.
extension TerminalSessionTests {
    @Test func aSessionGoesThroughGraphicsAndBack() throws {
        let terminal = try PseudoTerminal(columns: 80, rows: 25)
        setenv("TERM", "xterm", 1)
        let frontEnd = try TerminalFrontEnd(
            colors: "truecolor", graphics: "auto", input: terminal.slave, output: terminal.slave)
        // The terminal answers that it has sixels, and a key comes with the answer.
        _ = HostFile.writeAll(Array("\u{1B}[?62;4c\u{1B}[6;16;8tx".utf8), to: terminal.master)
        let machine = PictureMachine()
        machine.plan = (.milliseconds(100)...Tick.milliseconds(1_500), .milliseconds(2_000))
        var options = Session.Options()
        options.hostTimeLimit = 20_000_000_000
        let session = Session(
            machine: machine, frontEnd: frontEnd, options: options, log: SessionLog(level: .warning) { _ in })
        #expect(try session.run() == .program(status: 3))
        let text = terminal.output(upTo: "\u{1B}[?1049l")
        let asked = text.range(of: TerminalAnswer.questions)
        #expect(asked != nil)
        #expect(
            text.range(of: "\u{1B}P0;1;0q").map { asked.map(\.upperBound) ?? text.endIndex <= $0.lowerBound } == true)
        #expect(machine.keys.contains(.key(0x2D, isDown: true)))
        #expect(!machine.isPictureWatched)
        // The text is drawn whole before and after.
        #expect(text.components(separatedBy: "text").count >= 3)
    }
}
