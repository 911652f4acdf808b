import CSDL2
import Core
import Hosting

/// The joysticks and gamepads that SDL finds. Gamepads that it knows have their sticks and buttons where a player expects
/// them; of other devices the first axes, buttons and the first hat are taken.
final class SDLJoysticks {
    private enum Device {
        case gamepad(OpaquePointer)
        case joystick(OpaquePointer)
    }

    private let sdl: ochenta_sdl
    private var map: JoystickMap
    private var devices: [Int32: Device] = [:]

    /// Nil if none are wanted, or SDL cannot look for them.
    init?(_ sdl: ochenta_sdl, use: WindowSettings.Joysticks) {
        guard use != .none, sdl.InitSubSystem(SDL_INIT_GAMECONTROLLER) == 0 else { return nil }
        (self.sdl, map) = (sdl, JoystickMap(use))
    }

    func close() {
        for device in devices.values { close(device) }
        devices = [:]
        sdl.QuitSubSystem(SDL_INIT_GAMECONTROLLER)
    }

    private func close(_ device: Device) {
        switch device {
        case .gamepad(let pad): sdl.GameControllerClose(pad)
        case .joystick(let joystick): sdl.JoystickClose(joystick)
        }
    }

    /// What an event of SDL is for the machine, and a line for the user.
    func take(_ event: SDL_Event) -> (events: [InputEvent], notice: String?) {
        switch SDL_EventType(event.type) {
        case SDL_JOYDEVICEADDED: return connect(at: event.jdevice.which)
        case SDL_JOYDEVICEREMOVED: return disconnect(event.jdevice.which)
        case SDL_CONTROLLERAXISMOTION:
            return (map.move(event.caxis.which, axis: Int(event.caxis.axis), to: event.caxis.value), nil)
        case SDL_CONTROLLERBUTTONDOWN, SDL_CONTROLLERBUTTONUP: return (press(event.cbutton), nil)
        case SDL_JOYAXISMOTION where isPlain(event.jaxis.which):
            return (map.move(event.jaxis.which, axis: Int(event.jaxis.axis), to: event.jaxis.value), nil)
        case SDL_JOYBUTTONDOWN where isPlain(event.jbutton.which), SDL_JOYBUTTONUP where isPlain(event.jbutton.which):
            let button = event.jbutton
            return (map.press(button.which, button: Int(button.button), isDown: button.state != 0), nil)
        case SDL_JOYHATMOTION where isPlain(event.jhat.which) && event.jhat.hat == 0:
            // Bits: up, right, down, left.
            let hat = Int(event.jhat.value)
            return (
                map.movePad(event.jhat.which, x: (hat >> 1 & 1) - (hat >> 3 & 1), y: (hat >> 2 & 1) - (hat & 1)), nil
            )
        default: return ([], nil)
        }
    }

    /// Whether it is no gamepad: those tell everything twice.
    private func isPlain(_ number: Int32) -> Bool {
        if case .joystick? = devices[number] { true } else { false }
    }

    private func press(_ event: SDL_ControllerButtonEvent) -> [InputEvent] {
        let (number, isDown) = (event.which, event.state != 0)
        switch SDL_GameControllerButton(Int32(event.button)) {
        case SDL_CONTROLLER_BUTTON_DPAD_LEFT, SDL_CONTROLLER_BUTTON_DPAD_RIGHT, SDL_CONTROLLER_BUTTON_DPAD_UP,
            SDL_CONTROLLER_BUTTON_DPAD_DOWN:
            guard case .gamepad(let pad)? = devices[number] else { return [] }
            // Two opposite directions can be down, and one of them come up.
            func held(_ button: SDL_GameControllerButton) -> Int { Int(sdl.GameControllerGetButton(pad, button)) }
            return map.movePad(
                number, x: held(SDL_CONTROLLER_BUTTON_DPAD_RIGHT) - held(SDL_CONTROLLER_BUTTON_DPAD_LEFT),
                y: held(SDL_CONTROLLER_BUTTON_DPAD_DOWN) - held(SDL_CONTROLLER_BUTTON_DPAD_UP))
        // A, B, X and Y are 0 to 3; others do nothing.
        default: return map.press(number, button: Int(event.button), isDown: isDown)
        }
    }

    private func connect(at index: Int32) -> (events: [InputEvent], notice: String?) {
        let device: Device
        let joystick: OpaquePointer?
        if sdl.IsGameController(index) == SDL_TRUE, let pad = sdl.GameControllerOpen(index) {
            (device, joystick) = (.gamepad(pad), sdl.GameControllerGetJoystick(pad))
        } else if let plain = sdl.JoystickOpen(index) {
            (device, joystick) = (.joystick(plain), plain)
        } else {
            return ([], nil)
        }
        let number = sdl.JoystickInstanceID(joystick)
        // SDL tells of a device twice that comes while it starts; each opening counts.
        if devices[number] != nil {
            close(device)
            return ([], nil)
        }
        devices[number] = device
        let axisCount = if case .gamepad = device { 4 } else { Int(sdl.JoystickNumAxes(joystick)) }
        let events = map.connect(number, axisCount: axisCount)
        let name = sdl.JoystickName(joystick).map { String(cString: $0) } ?? "without a name"
        return (events, map.name(of: number).map { "joystick \($0): \(name)" })
    }

    private func disconnect(_ number: Int32) -> (events: [InputEvent], notice: String?) {
        guard let device = devices.removeValue(forKey: number) else { return ([], nil) }
        let second = devices.keys.first { map.name(of: $0) == "B" }
        var notice = map.name(of: number).map { "joystick \($0) is gone" }
        let events = map.disconnect(number)
        if let second, map.name(of: second) == "A" { notice = notice.map { $0 + "; B is A now" } }
        close(device)
        return (events, notice)
    }
}
