import Boards
import Core
import TestSupport

/// A VGA or EGA with ports and memory, and the time at which things are done.
final class VGATestBoard {
    let memory = GuestMemory()
    let ports = PortMap()
    let scheduler = Scheduler()
    let interrupt = Line()
    let adapter: VGAAdapter
    var now = Tick.zero

    init(_ variant: VGAVariant = .vga, seesEveryAccess: Bool = false, showsBorder: Bool = false) {
        adapter = VGAAdapter(
            variant: variant, memory: memory, seesEveryAccess: seesEveryAccess, showsBorder: showsBorder,
            interrupt: interrupt, slot: scheduler.makeSlot("retrace"))
        adapter.attach(to: ports)
        memory.connect(clock)
        clock.board = self
    }

    private final class Clock: TimeSource {
        weak var board: VGATestBoard?
        var now: Tick { board?.now ?? .zero }
    }
    private let clock = Clock()

    func out(_ port: UInt16, _ value: UInt8) { ports.write8(port, value, at: now) }
    func `in`(_ port: UInt16) -> UInt8 { ports.read8(port, at: now) }
    func set(_ port: UInt16, _ index: UInt8, _ value: UInt8) {
        out(port, index)
        out(port + 1, value)
    }
    func sequencer(_ index: UInt8, _ value: UInt8) { set(0x3C4, index, value) }
    func graphics(_ index: UInt8, _ value: UInt8) { set(0x3CE, index, value) }
    func crtc(_ index: UInt8, _ value: UInt8) { set(0x3D4, index, value) }
    func attribute(_ index: UInt8, _ value: UInt8) {
        _ = `in`(0x3DA)
        out(0x3C0, index)
        out(0x3C0, value)
        out(0x3C0, 0x20)
        _ = `in`(0x3DA)
    }
    func color(_ index: UInt8, _ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        out(0x3C8, index)
        for level in [red, green, blue] { out(0x3C9, level) }
    }

    /// A mode by its registers, as in the video parameter tables.
    func mode(
        misc: UInt8, sequencer: [UInt8], crtc: [UInt8], graphics: [UInt8], attributes: [UInt8]
    ) {
        out(0x3C2, misc)
        for (index, value) in sequencer.enumerated() { self.sequencer(UInt8(index + 1), value) }
        self.crtc(0x11, 0x0E)
        for (index, value) in crtc.enumerated() { self.crtc(UInt8(index), value) }
        for (index, value) in graphics.enumerated() { self.graphics(UInt8(index), value) }
        for (index, value) in attributes.enumerated() { attribute(UInt8(index), value) }
        // Colour n is (n, n, n) by six bits.
        for index in UInt8(0)...255 { color(index, index & 63, index >> 2 & 63, index & 63) }
    }

    private static let wide: [UInt8] = [0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80]

    func mode13h() {
        mode(
            misc: 0x63, sequencer: [1, 15, 0, 14],
            crtc: VGATestBoard.wide + [0xBF, 0x1F, 0, 0x41, 0, 0, 0, 0, 0, 0, 0x9C, 0x8E, 0x8F, 40, 0x40, 0x96, 0xB9]
                + [0xA3, 0xFF],
            graphics: [0, 0, 0, 0, 0, 0x40, 5, 15, 0xFF], attributes: [UInt8](0...15) + [0x41, 0, 15, 0, 0])
    }

    /// Mode 13h with its planes apart.
    func modeX() {
        mode13h()
        sequencer(4, 6)
        crtc(0x14, 0)
        crtc(0x17, 0xE3)
    }

    func mode12h() {
        mode(
            misc: 0xE3, sequencer: [1, 15, 0, 6],
            crtc: VGATestBoard.wide + [0x0B, 0x3E, 0, 0x40, 0, 0, 0, 0, 0, 0, 0xEA, 0x8C, 0xDF, 40, 0, 0xE7, 4]
                + [0xE3, 0xFF],
            graphics: [0, 0, 0, 0, 0, 0, 5, 15, 0xFF], attributes: [UInt8](0...15) + [1, 0, 15, 0, 0])
    }

    /// The colour of DAC entry `index` after `mode`.
    static func shade(_ index: Int) -> UInt32 {
        func wide(_ level: Int) -> UInt32 { UInt32(level << 2 | level >> 4) }
        return wide(index & 63) << 16 | wide(index >> 2 & 63) << 8 | wide(index & 63)
    }

    func write(_ address: Int, _ value: UInt8) { memory.write8(UInt32(address), value) }
    func read(_ address: Int) -> UInt8 { memory.read8(UInt32(address)) }

    /// The next whole frame.
    func nextFrame() -> Frame? {
        now = adapter.frameEnd(after: now)
        return adapter.frame(at: now)
    }
}
