import Boards
import Core
import Testing

/// An adapter with its memory and ports, and a clock.
final class CRTCBench {
    let memory = GuestMemory()
    let ports = PortMap()
    let adapter: CRTCAdapter
    let base: UInt16
    var now = Tick.zero

    init(
        _ kind: CRTCAdapter.Kind, isWatched: Bool = true, _ configure: (inout CRTCAdapter.Settings) -> Void = { _ in }
    ) {
        var settings = CRTCAdapter.Settings()
        configure(&settings)
        adapter = CRTCAdapter(kind: kind, memory: memory, settings: settings)
        adapter.attach(to: ports)
        adapter.isWatched = isWatched
        base = [.mda, .hercules, .herculesPlus].contains(kind) ? 0x3B0 : 0x3D0
    }

    func out(_ port: UInt16, _ value: UInt8) { ports.write8(port, value, at: now) }
    func `in`(_ port: UInt16) -> UInt8 { ports.read8(port, at: now) }

    func set(_ index: UInt8, _ value: UInt8) {
        out(base + 4, index)
        out(base + 5, value)
    }

    func program(_ registers: [UInt8]) {
        for (index, value) in registers.enumerated() { set(UInt8(index), value) }
    }

    /// A register of the gate array of the Tandy or the PCjr.
    func setArray(_ index: UInt8, _ value: UInt8) {
        if adapter.kind == .pcjr { _ = `in`(0x3DA) }
        out(0x3DA, index)
        out(adapter.kind == .pcjr ? 0x3DA : 0x3DE, value)
    }

    /// Runs to the end of the present frame and `count - 1` more.
    @discardableResult
    func frame(_ count: Int = 1) -> Frame? {
        for _ in 0..<count { now = adapter.frameEnd(after: now) }
        return adapter.frame(at: now)
    }

    func fill(_ range: Range<Int>, _ value: UInt8) {
        for address in range { memory.physical[address] = value }
    }

    func put(_ bytes: [UInt8], at address: Int) {
        for (index, byte) in bytes.enumerated() { memory.physical[address + index] = byte }
    }

    /// Character and attribute.
    func put(_ code: UInt8, _ attribute: UInt8, cell: Int) {
        put([code, attribute], at: (base == 0x3B0 ? 0xB_0000 : 0xB_8000) + cell * 2)
    }

    // Dots of 14.318 MHz.
    static func dots(_ count: Int64) -> Tick { Tick(176 * count) }

    enum Registers {
        static let color80: [UInt8] = [
            0x71, 0x50, 0x5A, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07, 0, 0, 0, 0,
        ]
        static let color40: [UInt8] = [
            0x38, 0x28, 0x2D, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07, 0, 0, 0, 0,
        ]
        static let graphics: [UInt8] = [
            0x38, 0x28, 0x2D, 0x0A, 0x7F, 0x06, 0x64, 0x70, 0x02, 0x01, 0x06, 0x07, 0, 0, 0, 0,
        ]
        static let fourBanks: [UInt8] = [
            0x71, 0x50, 0x5A, 0x0A, 0x3F, 0x06, 0x32, 0x38, 0x02, 0x03, 0x06, 0x07, 0, 0, 0, 0,
        ]
        static let hercules: [UInt8] = [
            0x35, 0x2D, 0x2E, 0x07, 0x5B, 0x02, 0x57, 0x57, 0x02, 0x03, 0, 0, 0, 0, 0, 0,
        ]
    }
}

extension Frame {
    /// Colours of a line from `x` on.
    func row(_ y: Int, _ x: Int = 0, _ count: Int) -> [UInt32] {
        (x..<x + count).map { color(x: $0, y: y) ?? 0xFFFF_FFFF }
    }
}
