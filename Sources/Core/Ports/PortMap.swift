/// A device with I/O ports.
public protocol PortDevice: AnyObject {
    /// A byte read by the processor at the exact time `now`, side effects included.
    func readPort(_ port: UInt16, at now: Tick) -> UInt8
    /// A byte written by the processor at the exact time `now`.
    func writePort(_ port: UInt16, _ value: UInt8, at now: Tick)
    /// What a read would give, without side effects: for debuggers and tests.
    func peekPort(_ port: UInt16, at now: Tick) -> UInt8
    /// A word access at an even port, for devices with 16-bit registers. The default makes two byte accesses.
    func readPort16(_ port: UInt16, at now: Tick) -> UInt16
    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick)
}

extension PortDevice {
    public func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
        UInt16(readPort(port, at: now)) | UInt16(readPort(port &+ 1, at: now)) << 8
    }

    public func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {
        writePort(port, UInt8(truncatingIfNeeded: value), at: now)
        writePort(port &+ 1, UInt8(truncatingIfNeeded: value >> 8), at: now)
    }
}

/// Which device answers at each of the 65,536 ports. Ports of nobody read FFh.
public final class PortMap {
    private var devices: [any PortDevice] = []
    private var routes = [UInt8](repeating: 0, count: 0x1_0000)

    public init() {}

    /// Routes `ports` to `device`, replacing what was there.
    public func attach(_ device: any PortDevice, at ports: ClosedRange<UInt16>) {
        let route: Int
        if let known = devices.firstIndex(where: { $0 === device }) {
            route = known + 1
        } else {
            precondition(devices.count < 255, "a machine has at most 255 port devices")
            devices.append(device)
            route = devices.count
        }
        for port in ports { routes[Int(port)] = UInt8(route) }
    }

    public func device(at port: UInt16) -> (any PortDevice)? {
        let route = Int(routes[Int(port)])
        return route == 0 ? nil : devices[route - 1]
    }

    public func read8(_ port: UInt16, at now: Tick) -> UInt8 {
        device(at: port)?.readPort(port, at: now) ?? 0xFF
    }

    public func write8(_ port: UInt16, _ value: UInt8, at now: Tick) {
        device(at: port)?.writePort(port, value, at: now)
    }

    public func read16(_ port: UInt16, at now: Tick) -> UInt16 {
        if port & 1 == 0, let device = device(at: port), device === self.device(at: port &+ 1) {
            return device.readPort16(port, at: now)
        }
        return UInt16(read8(port, at: now)) | UInt16(read8(port &+ 1, at: now)) << 8
    }

    public func write16(_ port: UInt16, _ value: UInt16, at now: Tick) {
        if port & 1 == 0, let device = device(at: port), device === self.device(at: port &+ 1) {
            device.writePort16(port, value, at: now)
            return
        }
        write8(port, UInt8(truncatingIfNeeded: value), at: now)
        write8(port &+ 1, UInt8(truncatingIfNeeded: value >> 8), at: now)
    }

    public func peek8(_ port: UInt16, at now: Tick) -> UInt8 {
        device(at: port)?.peekPort(port, at: now) ?? 0xFF
    }
}
