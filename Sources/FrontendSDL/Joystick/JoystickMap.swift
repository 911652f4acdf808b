import Core
import Hosting

/// What the host's joysticks and gamepads are to the four axes and four buttons of a game port. It knows devices by their
/// numbers only, and nothing of SDL.
struct JoystickMap {
    /// A device of the host as it is now.
    private struct Device {
        let number: Int32
        let axisCount: Int
        /// -32,768 (left, top) to 32,767.
        var axes: [Int16] = [0, 0, 0, 0]
        /// The direction pad: -1, 0 or 1 across and down. It goes before the stick.
        var pad: (x: Int, y: Int) = (0, 0)
        /// Bits 0 to 3.
        var buttons: UInt8 = 0

        /// The place of an axis for the game port; nil if the device has no such axis.
        func position(_ axis: Int) -> UInt16? {
            guard axis < axisCount || axis < 2 else { return nil }
            switch axis == 0 ? pad.x : axis == 1 ? pad.y : 0 {
            case -1: return 0
            case 1: return 65_535
            // A stick at rest trembles. What a program measures with its loops is no finer than a part in 256.
            default: return UInt16(UInt8(truncatingIfNeeded: (Int(axes[axis]) + 32_768) >> 8)) * 257
            }
        }
    }

    /// What is at the game port.
    private struct Port {
        var axes: [UInt16?] = [nil, nil, nil, nil]
        var buttons: UInt8 = 0
    }

    private let use: WindowSettings.Joysticks
    /// In the order in which they came.
    private var devices: [Device] = []
    /// What the machine has been told.
    private var told = Port()

    init(_ use: WindowSettings.Joysticks) { self.use = use }

    /// What a device is for the machine: `A`, `B`, `A and B`; nil if it is not used.
    func name(of number: Int32) -> String? {
        switch (use, devices.firstIndex { $0.number == number }) {
        case (.one, 0): "A and B"
        case (.two, 0): "A"
        case (.two, 1): "B"
        default: nil
        }
    }

    // MARK: What happens

    /// A device is there, its stick in the middle.
    mutating func connect(_ number: Int32, axisCount: Int) -> [InputEvent] {
        guard !devices.contains(where: { $0.number == number }) else { return [] }
        devices.append(Device(number: number, axisCount: axisCount))
        return changes()
    }

    mutating func disconnect(_ number: Int32) -> [InputEvent] {
        devices.removeAll { $0.number == number }
        return changes()
    }

    mutating func move(_ number: Int32, axis: Int, to value: Int16) -> [InputEvent] {
        change(number) { if $0.axes.indices.contains(axis) { $0.axes[axis] = value } }
    }

    /// The direction pad: -1, 0 or 1 across and down.
    mutating func movePad(_ number: Int32, x: Int, y: Int) -> [InputEvent] { change(number) { $0.pad = (x, y) } }

    mutating func press(_ number: Int32, button: Int, isDown: Bool) -> [InputEvent] {
        guard (0..<4).contains(button) else { return [] }
        return change(number) {
            $0.buttons = isDown ? $0.buttons | 1 << UInt8(button) : $0.buttons & ~(1 << UInt8(button))
        }
    }

    private mutating func change(_ number: Int32, _ body: (inout Device) -> Void) -> [InputEvent] {
        guard let index = devices.firstIndex(where: { $0.number == number }) else { return [] }
        body(&devices[index])
        return changes()
    }

    // MARK: What the machine is told

    private var port: Port {
        var port = Port()
        switch use {
        case .none: break
        case .one:
            guard let device = devices.first else { break }
            for axis in 0..<4 { port.axes[axis] = device.position(axis) }
            port.buttons = device.buttons
        case .two:
            for (index, device) in devices.prefix(2).enumerated() {
                port.axes[index * 2] = device.position(0)
                port.axes[index * 2 + 1] = device.position(1)
                port.buttons |= (device.buttons & 0b11) << UInt8(index * 2)
            }
            // A pad with four buttons has its third and fourth where joystick B's would be.
            if devices.count == 1 { port.buttons |= devices[0].buttons & 0b1100 }
        }
        return port
    }

    private mutating func changes() -> [InputEvent] {
        let port = port
        var events: [InputEvent] = []
        for axis in 0..<4 where port.axes[axis] != told.axes[axis] {
            events.append(.joystickAxis(UInt8(axis), position: port.axes[axis]))
        }
        for button in UInt8(0)..<4 where (port.buttons ^ told.buttons) >> button & 1 != 0 {
            events.append(.joystickButton(button, isDown: port.buttons >> button & 1 != 0))
        }
        told = port
        return events
    }
}
