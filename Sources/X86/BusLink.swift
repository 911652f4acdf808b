import Core

/// An engine's way to its bus, without the counting of references that an `unowned(unsafe) let` of a protocol costs at each
/// call. It does not keep the bus alive: the bus has to live as long as the engine, which it often owns.
public class BusLink {
    /// The link to `bus`.
    public static func to(_ bus: some ProcessorBus) -> BusLink { Typed(bus) }

    fileprivate init() {}

    public func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }
    public func readPort16(_ port: UInt16, at now: Tick) -> UInt16 { 0xFFFF }
    public func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {}
    public func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {}
    public func acknowledgeInterrupt(at now: Tick) -> UInt8 { 0xFF }
    public var deadline: Tick { .never }

    private final class Typed<Bus: ProcessorBus>: BusLink {
        private let bus: Unmanaged<Bus>

        init(_ bus: Bus) {
            self.bus = .passUnretained(bus)
            super.init()
        }

        override func readPort8(_ port: UInt16, at now: Tick) -> UInt8 {
            bus._withUnsafeGuaranteedRef { $0.readPort8(port, at: now) }
        }

        override func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
            bus._withUnsafeGuaranteedRef { $0.readPort16(port, at: now) }
        }

        override func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {
            bus._withUnsafeGuaranteedRef { $0.writePort8(port, value, at: now) }
        }

        override func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {
            bus._withUnsafeGuaranteedRef { $0.writePort16(port, value, at: now) }
        }

        override func acknowledgeInterrupt(at now: Tick) -> UInt8 {
            bus._withUnsafeGuaranteedRef { $0.acknowledgeInterrupt(at: now) }
        }

        override var deadline: Tick { bus._withUnsafeGuaranteedRef { $0.deadline } }
    }
}
