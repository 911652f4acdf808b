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

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let programs = root.appending(path: ".build/test-roms")

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

    /// The picture; nil if the program ended or never said that it is there.
    func frame() throws -> Frame? {
        let machine = try machine()
        let limit = Tick.seconds(120)
        while !machine.isPictureReady {
            guard machine.now < limit, machine.goOn(until: machine.now + .milliseconds(20)) else { return nil }
        }
        return machine.nextFrame(after: frames)
    }
}

extension PersonalComputer {
    /// The flag that the programs set: see test-roms/include/picture.inc.
    fileprivate var isPictureReady: Bool { memory.read8(FarPointer(0x40, 0xF0)) == 1 }

    /// False if the program has ended.
    func goOn(until limit: Tick) -> Bool {
        while now < limit {
            switch run(until: limit) {
            case .deadline, .waiting: break
            default: return false
            }
        }
        return true
    }

    /// The frame that is complete when `count` others, of which the first may be a part, have gone by.
    func nextFrame(after count: Int) -> Frame? {
        isPictureWatched = true
        for _ in 0...max(count, 1) { guard goOn(until: frameEnd) else { return nil } }
        return frame()
    }
}
