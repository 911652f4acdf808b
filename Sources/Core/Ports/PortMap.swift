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
///
/// An access counts no references and makes no exclusivity check: programs that draw in planes write to ports for each
/// dot.
public final class PortMap {
    /// A device with its number.
    private final class Slot {
        let device: any PortDevice
        init(_ device: any PortDevice) { self.device = device }
    }

    private static let portCount = 0x1_0000
    private static let limit = 255

    /// Owns the slots that `table` points to.
    private var slots: [Slot] = []
    /// The slot of each port's device, by number; 0 is nobody.
    private let routes: UnsafeMutablePointer<UInt8>
    private let table: UnsafeMutablePointer<Unmanaged<Slot>?>

    public init() {
        routes = .allocate(capacity: PortMap.portCount)
        routes.initialize(repeating: 0, count: PortMap.portCount)
        table = .allocate(capacity: PortMap.limit + 1)
        table.initialize(repeating: nil, count: PortMap.limit + 1)
    }

    deinit {
        routes.deallocate()
        table.deallocate()
    }

    /// Routes `ports` to `device`, replacing what was there.
    public func attach(_ device: any PortDevice, at ports: ClosedRange<UInt16>) {
        let route: Int
        if let known = slots.firstIndex(where: { $0.device === device }) {
            route = known + 1
        } else {
            precondition(slots.count < PortMap.limit, "a machine has at most 255 port devices")
            let slot = Slot(device)
            slots.append(slot)
            route = slots.count
            table[route] = Unmanaged.passUnretained(slot)
        }
        for port in ports { routes[Int(port)] = UInt8(route) }
    }

    @inline(__always) private func slot(_ port: UInt16) -> Unmanaged<Slot>? { table[Int(routes[Int(port)])] }

    /// Whether one device has both ports of a word.
    @inline(__always) private func isWord(_ port: UInt16) -> Bool {
        port & 1 == 0 && routes[Int(port)] == routes[Int(port &+ 1)]
    }

    public func device(at port: UInt16) -> (any PortDevice)? {
        slot(port)?._withUnsafeGuaranteedRef { $0.device }
    }

    public func read8(_ port: UInt16, at now: Tick) -> UInt8 {
        slot(port)?._withUnsafeGuaranteedRef { $0.device.readPort(port, at: now) } ?? 0xFF
    }

    public func write8(_ port: UInt16, _ value: UInt8, at now: Tick) {
        slot(port)?._withUnsafeGuaranteedRef { $0.device.writePort(port, value, at: now) }
    }

    public func read16(_ port: UInt16, at now: Tick) -> UInt16 {
        if isWord(port) {
            return slot(port)?._withUnsafeGuaranteedRef { $0.device.readPort16(port, at: now) } ?? 0xFFFF
        }
        return UInt16(read8(port, at: now)) | UInt16(read8(port &+ 1, at: now)) << 8
    }

    public func write16(_ port: UInt16, _ value: UInt16, at now: Tick) {
        if isWord(port) {
            slot(port)?._withUnsafeGuaranteedRef { $0.device.writePort16(port, value, at: now) }
            return
        }
        write8(port, UInt8(truncatingIfNeeded: value), at: now)
        write8(port &+ 1, UInt8(truncatingIfNeeded: value >> 8), at: now)
    }

    public func peek8(_ port: UInt16, at now: Tick) -> UInt8 {
        slot(port)?._withUnsafeGuaranteedRef { $0.device.peekPort(port, at: now) } ?? 0xFF
    }
}
