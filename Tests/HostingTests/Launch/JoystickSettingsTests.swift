import Testing

@testable import Hosting

@Suite struct JoystickSettingsTests {
    private func joysticks(_ settings: String...) throws -> WindowSettings.Joysticks {
        try plan(settings: settings).window.joysticks
    }

    @Test("the window has joysticks where the machine has a game port, which comes with cards and can be added")
    func port() throws {
        #expect(try joysticks() == .two)
        #expect(try joysticks("sound.card=adlib") == .none)
        #expect(try joysticks("sound.card=gus") == .two)
        #expect(try joysticks("machine.profile=tandy1000") == .two)
        #expect(try joysticks("machine.profile=ibmxt") == .none)
        #expect(try joysticks("machine.profile=ibmxt", "machine.game_port=true") == .two)
        #expect(try joysticks("machine.game_port=false") == .none)
        #expect(try joysticks("machine.game_port=auto") == .two)
    }

    @Test("one joystick can be both, or none be used")
    func use() throws {
        #expect(try joysticks("window.joysticks=one") == .one)
        #expect(try joysticks("window.joysticks=none") == .none)
        #expect(throws: HostingError.self) { try joysticks("window.joysticks=3") }
    }
}
