import Machine
import Testing

@testable import Hosting

@Suite struct VideoSettingsTests {
    private func profile(_ settings: String...) throws -> MachineProfile {
        try plan(settings: settings).machine.profile
    }

    @Test("the border is left out unless it is asked for")
    func border() throws {
        #expect(try !profile().monitor.showsBorder)
        #expect(try profile("video.border=true").monitor.showsBorder)
        #expect(throws: HostingError.self) { try profile("video.border=wide") }
    }

    @Test("every adapter can be set by its name", arguments: VideoKind.allCases)
    func adapters(video: VideoKind) throws {
        #expect(try profile("machine.video=\(video.rawValue)").video == video)
    }
}
