import CSDL2
import Core
import Glibc
import Testing

@testable import FrontendSDL
@testable import Hosting

/// SDL's own virtual devices, as if they were plugged in.
@Suite(.serialized) struct SDLJoysticksTests {
    /// The functions by which a test is a device.
    private struct VirtualDevices {
        typealias Attach = @convention(c) (SDL_JoystickType, Int32, Int32, Int32) -> Int32
        typealias SetAxis = @convention(c) (OpaquePointer?, Int32, Int16) -> Int32
        typealias SetSwitch = @convention(c) (OpaquePointer?, Int32, UInt8) -> Int32
        let attach: Attach
        let detach: @convention(c) (Int32) -> Int32
        let setAxis: SetAxis
        let setButton: SetSwitch
        let setHat: SetSwitch
        /// The number of the device at an index, which events have.
        let instance: @convention(c) (Int32) -> Int32
        let fromInstance: @convention(c) (Int32) -> OpaquePointer?

        init() throws {
            let library = try #require(dlopen("libSDL2-2.0.so.0", RTLD_NOW), "SDL 2 is missing")
            func function<Function>(_ name: String) throws -> Function {
                unsafeBitCast(try #require(dlsym(library, name), "\(name) is missing"), to: Function.self)
            }
            attach = try function("SDL_JoystickAttachVirtual")
            detach = try function("SDL_JoystickDetachVirtual")
            setAxis = try function("SDL_JoystickSetVirtualAxis")
            setButton = try function("SDL_JoystickSetVirtualButton")
            setHat = try function("SDL_JoystickSetVirtualHat")
            instance = try function("SDL_JoystickGetDeviceInstanceID")
            fromInstance = try function("SDL_JoystickFromInstanceID")
        }
    }

    /// All that has happened since the last look.
    private struct Seen {
        var events: [InputEvent] = []
        var notices: [String] = []
    }

    private func look(_ sdl: ochenta_sdl, _ joysticks: SDLJoysticks) -> Seen {
        var (seen, event) = (Seen(), SDL_Event())
        while sdl.PollEvent(&event) == 1 {
            let (events, notice) = joysticks.take(event)
            seen.events += events
            if let notice { seen.notices.append(notice) }
        }
        return seen
    }

    @Test("a joystick and a gamepad come, are moved, and go")
    func devices() throws {
        var reason: UnsafePointer<CChar>?
        let sdl = try #require(ochenta_sdl_load(&reason), "SDL 2 is missing").pointee
        let virtual = try VirtualDevices()
        let joysticks = try #require(SDLJoysticks(sdl, use: .two))
        defer { joysticks.close() }
        _ = look(sdl, joysticks)

        let plain = virtual.attach(SDL_JOYSTICK_TYPE_UNKNOWN, 2, 3, 1)
        try #require(plain >= 0)
        var seen = look(sdl, joysticks)
        #expect(seen.events.contains(.joystickAxis(0, position: 0x8080)))
        #expect(seen.events.contains(.joystickAxis(1, position: 0x8080)))
        #expect(seen.notices.count == 1 && seen.notices[0].hasPrefix("joystick A: "), "\(seen.notices)")
        let first = virtual.instance(plain)
        #expect(virtual.setAxis(virtual.fromInstance(first), 1, 32_767) == 0)
        #expect(virtual.setButton(virtual.fromInstance(first), 0, 1) == 0)
        seen = look(sdl, joysticks)
        #expect(seen.events == [.joystickAxis(1, position: 65_535), .joystickButton(0, isDown: true)])
        // Up and left.
        #expect(virtual.setHat(virtual.fromInstance(first), 0, 0x09) == 0)
        #expect(look(sdl, joysticks).events == [.joystickAxis(0, position: 0), .joystickAxis(1, position: 0)])

        let pad = virtual.attach(SDL_JOYSTICK_TYPE_GAMECONTROLLER, 6, 15, 0)
        try #require(pad >= 0)
        seen = look(sdl, joysticks)
        #expect(seen.events.contains(.joystickAxis(2, position: 0x8080)))
        #expect(seen.notices.count == 1 && seen.notices[0].hasPrefix("joystick B: "), "\(seen.notices)")
        let second = virtual.instance(pad)
        // Its left stick, B, and the direction pad to the right. Each is told twice, and counts once.
        #expect(virtual.setAxis(virtual.fromInstance(second), 0, -32_768) == 0)
        #expect(virtual.setButton(virtual.fromInstance(second), 1, 1) == 0)
        seen = look(sdl, joysticks)
        #expect(seen.events == [.joystickAxis(2, position: 0), .joystickButton(3, isDown: true)])
        let dpadRight = SDL_CONTROLLER_BUTTON_DPAD_RIGHT.rawValue
        #expect(virtual.setButton(virtual.fromInstance(second), dpadRight, 1) == 0)
        #expect(look(sdl, joysticks).events == [.joystickAxis(2, position: 65_535)])
        // Both directions are the middle, and the one that stays is itself again.
        let dpadLeft = SDL_CONTROLLER_BUTTON_DPAD_LEFT.rawValue
        for (isDown, events) in [(1, [.joystickAxis(2, position: 0)]), (0, [.joystickAxis(2, position: 65_535)])]
            as [(UInt8, [InputEvent])]
        {
            #expect(virtual.setButton(virtual.fromInstance(second), dpadLeft, isDown) == 0)
            #expect(look(sdl, joysticks).events == events)
        }

        #expect(virtual.detach(plain) == 0)
        seen = look(sdl, joysticks)
        #expect(seen.notices == ["joystick A is gone; B is A now"])
        #expect(seen.events.contains(.joystickAxis(2, position: nil)))
        #expect(seen.events.contains(.joystickButton(3, isDown: false)))
        #expect(seen.events.contains(.joystickButton(1, isDown: true)))
        let rest = (0..<2).first { virtual.instance(Int32($0)) == second }
        #expect(virtual.detach(Int32(try #require(rest))) == 0)
        #expect(look(sdl, joysticks).notices == ["joystick A is gone"])
    }

    @Test("none are looked for where none are wanted")
    func none() throws {
        var reason: UnsafePointer<CChar>?
        let sdl = try #require(ochenta_sdl_load(&reason), "SDL 2 is missing").pointee
        #expect(SDLJoysticks(sdl, use: .none) == nil)
    }
}
