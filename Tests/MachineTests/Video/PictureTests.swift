import Core
import Foundation
import Machine
import Storage
import Testing

/// Programs of test-roms/video on whole machines, and the pictures that they make.
@Suite struct PictureTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Nil when the programs have not been assembled.
    private func machine(_ program: String, _ engine: EngineKind) throws -> PersonalComputer? {
        let file = Self.root.appending(path: ".build/test-roms/\(program).COM")
        guard let bytes = try? Data(contentsOf: file) else { return nil }
        var configuration = MachineConfiguration()
        var profile = MachineProfile()
        (profile.model, profile.family, profile.video, profile.engine) = (.i8088, .xt, .cga, engine)
        (profile.clockPeriod, profile.extendedKilobytes) = (ClockPeriod.ibmPC, 0)
        configuration.profile = profile
        let volume = MemoryVolume(isReadOnly: false, clock: StoppedFileClock(), chunkID: ChunkID("VOLC"))
        try volume.load(["A.COM": Array(bytes)])
        configuration.drives = [(letter: 2, volume: volume)]
        configuration.startup = [.program(path: Array("C:\\A.COM".utf8), tail: [])]
        return PersonalComputer(configuration)
    }

    private func run(_ machine: PersonalComputer, until limit: Tick) -> Frame? {
        machine.isPictureWatched = true
        while machine.now < limit {
            let end = machine.frameEnd
            while machine.now < end {
                switch machine.run(until: end) {
                case .deadline, .waiting: break
                default: return machine.frame()
                }
            }
        }
        return machine.frame()
    }

    @Test("a program that changes the background in the middle of lines", arguments: EngineKind.allCases)
    func colorSplit(engine: EngineKind) throws {
        guard let machine = try machine("CGA", engine) else { return }
        let frame = try #require(run(machine, until: .seconds(2)))
        #expect(frame.width == 640 && frame.height == 200 && frame.dotsPerPixel == 2)
        let (black, blue, red, white): (UInt32, UInt32, UInt32, UInt32) = (0, 0xAA, 0xAA_0000, 0xFF_FFFF)
        for y in [99, 189] { #expect((0..<640).allSatisfy { [black, 0xFF_55FF].contains(frame.color(x: $0, y: y)) }) }
        for y in 140..<185 {
            // Blue is somewhere in the line, and red on both sides of it.
            let colors = (0..<640).map { frame.color(x: $0, y: y) }
            // The diagonal ends on line 159.
            #expect(colors.contains(blue) && colors.first == red && (colors.last == red || y == 159), "line \(y)")
        }
        #expect((16..<320).contains { frame.color(x: $0, y: 12) == white })
    }

    @Test("a machine that is watched goes the way of one that is not", arguments: EngineKind.allCases)
    func watching(engine: EngineKind) throws {
        guard let watched = try machine("CGA", engine), let other = try machine("CGA", engine) else { return }
        _ = run(watched, until: .milliseconds(300))
        while other.now < watched.now { _ = other.run(until: watched.now) }
        #expect(other.now == watched.now)
        #expect(other.stateHash() == watched.stateHash())
    }
}
