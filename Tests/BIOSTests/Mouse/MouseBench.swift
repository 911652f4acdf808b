import BIOS
import Core
import Testing
import X86

extension BIOSConfiguration {
    static let withMouse = BIOSConfiguration(extendedKilobytes: 1_024, mouse: .ps2)
    static let withSerialMouse = BIOSConfiguration(machine: .xt, video: .cga, mouse: .serial)
}

/// Calls of the driver and reports of the mouse, without a processor.
extension TestMachine {
    /// After a reset, without double speed.
    static func withMouse(_ configuration: BIOSConfiguration = .withMouse) -> TestMachine {
        let machine = TestMachine(configuration)
        // The acknowledgement of the power-on's F4h.
        if configuration.mouse == .ps2 { machine.mouseByte(0xFA) }
        machine.mouse(0x0000)
        if configuration.mouse == .ps2 { machine.mouseByte(0xFA) }
        machine.mouse(0x0013, dx: 0x7FFF)
        return machine
    }

    static func withMouse(video: VideoKind) -> TestMachine {
        var configuration = BIOSConfiguration.withMouse
        configuration.video = video
        return withMouse(configuration)
    }

    /// INT 33h. Registers that are not given stay.
    @discardableResult
    func mouse(
        _ function: UInt16, bx: UInt16? = nil, cx: UInt16? = nil, dx: UInt16? = nil, si: UInt16? = nil,
        di: UInt16? = nil
    ) -> Result {
        if let bx { cpu.bx = bx }
        if let cx { cpu.cx = cx }
        if let dx { cpu.dx = dx }
        if let si { cpu.si = si }
        if let di { cpu.di = di }
        return int(0x33, ax: function)
    }

    /// One byte at the controller, and INT 74h at the trap of its routine.
    @discardableResult
    func mouseByte(_ byte: UInt8) -> ServiceOutcome {
        device.values[0x64] = 0x21
        device.values[0x60] = byte
        return bios.handle(0x74, in: context)
    }

    /// A report; down is positive. Returns what came of its last byte.
    @discardableResult
    func report(dx: Int = 0, dy: Int = 0, buttons: UInt8 = 0) -> ServiceOutcome {
        clock.now += .milliseconds(10)
        let first = 0x08 | buttons | (dx < 0 ? 0x10 : 0) | (-dy < 0 ? 0x20 : 0)
        mouseByte(first)
        mouseByte(UInt8(truncatingIfNeeded: dx))
        return mouseByte(UInt8(truncatingIfNeeded: -dy))
    }

    /// What AX=0003h says.
    var position: [UInt16] {
        mouse(0x0003)
        return [cpu.cx, cpu.dx, cpu.bx]
    }

    func poke(_ words: [UInt16], at place: FarPointer) {
        for (index, word) in words.enumerated() { memory.write16(place + index * 2, word) }
    }
}
