import Core
import Foundation
import Storage
import Testing

@testable import Machine

/// A program of test-roms/video on a machine, and when the picture is taken.
struct Scene: CustomTestStringConvertible, Sendable {
    /// The name of the golden file.
    let name: String
    let program: String
    let arguments: String
    let profile: MachineProfile
    /// Whole frames that pass after the program has said that its picture is there.
    var frames = 2
    /// Nil for a picture that does not depend on the beam.
    var play: Golden.Play?

    var testDescription: String { name }

    init(
        _ name: String, _ program: String, _ arguments: String = "", on video: VideoKind,
        _ adjust: (inout MachineProfile) -> Void = { _ in }
    ) {
        (self.name, self.program, self.arguments) = (name, program, arguments)
        var profile = MachineProfile()
        (profile.video, profile.extendedKilobytes) = (video, 0)
        adjust(&profile)
        self.profile = profile
    }

    func after(frames: Int) -> Scene {
        var scene = self
        scene.frames = frames
        return scene
    }

    /// For a program that waits for the beam.
    func withPlay(dots: Int, lines: Int = 1) -> Scene {
        var scene = self
        scene.play = Golden.Play(dots: dots, lines: lines)
        return scene
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let programs = root.appending(path: ".build/test-roms")

    /// Whether there are programs; `RomTests` says whether that is a failure.
    static var isAssembled: Bool { FileManager.default.fileExists(atPath: programs.path) }

    /// The machine before its first instruction.
    func machine() throws -> PersonalComputer {
        var configuration = MachineConfiguration()
        configuration.profile = profile
        let volume = MemoryVolume(isReadOnly: false, clock: StoppedFileClock(), chunkID: ChunkID("VOLC"))
        try volume.load(["A.COM": [UInt8](Data(contentsOf: Scene.programs.appending(path: program + ".COM")))])
        configuration.drives = [(letter: 2, volume: volume)]
        configuration.startup = [.program(path: Array("C:\\A.COM".utf8), tail: Array((" " + arguments).utf8))]
        return PersonalComputer(configuration)
    }

    /// The program on its machine, with its first picture shown; nil if it never says so.
    func run() throws -> SceneRun? {
        let run = SceneRun(try machine())
        return run.awaitPicture() ? run : nil
    }

    /// The picture; nil if the program ended or never said that it is there.
    func frame() throws -> Frame? { try run()?.frame(after: frames) }
}

/// A machine whose program shows one picture or, by keys, several.
final class SceneRun {
    let machine: PersonalComputer
    private static let limit = Tick.seconds(120)

    init(_ machine: PersonalComputer) { self.machine = machine }

    // The flag and the count that the programs set: see test-roms/include/picture.inc.
    private var isReady: Bool { machine.memory.read8(FarPointer(0x40, 0xF0)) == 1 }
    private var count: UInt16 { machine.memory.read16(FarPointer(0x40, 0xF2)) }

    /// False if the program has ended, or after two minutes.
    func awaitPicture() -> Bool { goOn(by: .milliseconds(20)) { isReady } }

    /// Presses a key, and waits until the next picture is there.
    func step() -> Bool {
        let (old, now) = (count, machine.now)
        machine.input.push(.key(0x39, isDown: true), at: now + .milliseconds(1))
        machine.input.push(.key(0x39, isDown: false), at: now + .milliseconds(2))
        return goOn(by: .milliseconds(1)) { count != old }
    }

    private func goOn(by part: Tick, until condition: () -> Bool) -> Bool {
        let limit = machine.now + SceneRun.limit
        while !condition() {
            guard machine.now < limit, goOn(until: machine.now + part) else { return false }
        }
        return true
    }

    /// False if the program has ended.
    private func goOn(until limit: Tick) -> Bool {
        while machine.now < limit {
            switch machine.run(until: limit) {
            case .deadline, .waiting: break
            default: return false
            }
        }
        return true
    }

    /// The frame that is complete when `count` others, of which the first may be a part, have gone by.
    func frame(after count: Int) -> Frame? {
        machine.isPictureWatched = true
        for _ in 0...count { guard goOn(until: machine.frameEnd) else { return nil } }
        return machine.frame()
    }
}
