import BIOS
import Boards
import Core
import TestSupport
import Testing
import X86

/// The cursor in the modes of the VESA BIOS extension, where memory is seen in banks.
@Suite struct MouseExtensionTests {
    private static func word(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }

    private static func call(_ number: UInt8, _ ax: UInt16, _ bx: UInt16 = 0, _ cx: UInt16 = 0, _ dx: UInt16 = 0)
        -> [UInt8]
    {
        [0xB8] + word(ax) + [0xBB] + word(bx) + [0xB9] + word(cx) + [0xBA] + word(dx) + [0xCD, number]
    }

    private func run(_ machine: ChipMachine, _ program: [UInt8]) {
        machine.load([0xFB] + program + [0xF4, 0xEB, 0xFD])
        machine.run(for: .milliseconds(300))
    }

    private func display(_ machine: ChipMachine, _ register: UInt8, _ value: UInt16) {
        machine.writePort8(0x1CE, register, at: machine.now)
        machine.writePort8(0x1CF, UInt8(truncatingIfNeeded: value), at: machine.now)
        machine.writePort8(0x1D0, UInt8(value >> 8), at: machine.now)
    }

    /// A machine in a mode, with random bytes in all of its picture's banks.
    private func machine(_ mode: UInt16) -> ChipMachine {
        var configuration = BIOSConfiguration.withMouse
        configuration.hasVideoExtension = true
        let machine = ChipMachine(configuration)
        run(machine, MouseExtensionTests.call(0x10, 0x4F02, mode))
        var random = SeededGenerator(seed: UInt64(mode))
        for bank in UInt16(0)..<(mode == 0x102 ? 1 : 9) {
            display(machine, 5, bank)
            for offset in stride(from: UInt32(0), to: 0x1_0000, by: 3) {
                machine.memory.write8(0xA_0000 + offset, UInt8.random(in: 0...255, using: &random))
            }
        }
        // The program's own bank, and an index.
        display(machine, 5, 3)
        machine.writePort8(0x1CE, 2, at: machine.now)
        return machine
    }

    private static let modes: [(mode: UInt16, width: UInt16, height: UInt16)] = [
        (0x100, 640, 400), (0x101, 640, 480), (0x102, 800, 600), (0x103, 800, 600),
    ]

    @Test("drawn, moved and hidden, the cursor leaves memory, bank and registers as they were", arguments: modes)
    func asBefore(mode: UInt16, width: UInt16, height: UInt16) {
        let machine = machine(mode)
        let call = MouseExtensionTests.call
        run(machine, call(0x33, 0x0000, 0, 0, 0))
        run(machine, call(0x33, 0x0026, 0, 0, 0))
        #expect(machine.processor?.registers.cx == width - 1 && machine.processor?.registers.dx == height - 1)
        let before = savedState(machine.adapter)
        run(machine, call(0x33, 0x0001, 0, 0, 0))
        let isDrawn = savedState(machine.adapter) != before
        #expect(isDrawn)
        // Corners, the middle, and where 64 KB end: in line 102 or 81.
        let places: [(UInt16, UInt16)] = [
            (0, 0), (width - 1, height - 1), (width / 2, height / 2), (250, 98), (730, 78), (251, 101), (3, 81),
        ]
        for place in places { run(machine, call(0x33, 0x0004, 0, place.0, place.1)) }
        machine.mouse?.move(dx: 31, dy: 17, at: machine.now)
        machine.run(for: .milliseconds(50))
        run(machine, call(0x33, 0x0002, 0, 0, 0))
        let isAsBefore = savedState(machine.adapter) == before
        #expect(isAsBefore)
    }

    @Test("the arrow stands where the mouse is, in white", arguments: [UInt16(0x101), 0x103])
    func place(mode: UInt16) throws {
        var configuration = BIOSConfiguration.withMouse
        configuration.hasVideoExtension = true
        let machine = ChipMachine(configuration)
        let call = MouseExtensionTests.call
        run(machine, call(0x10, 0x4F02, mode, 0, 0))
        run(machine, call(0x33, 0x0000, 0, 0, 0) + call(0x33, 0x0001, 0, 0, 0) + call(0x33, 0x0004, 0, 500, 300))
        let adapter = try #require(machine.adapter as? VGAAdapter)
        let frame = try #require(adapter.still(at: machine.now))
        let lit = (0..<frame.width * frame.height).filter { frame.pixels[$0] != 0 }
        let (columns, rows) = (lit.map { $0 % frame.width }, lit.map { $0 / frame.width })
        #expect(columns.min() == 501 && rows.min() == 301)
        #expect((columns.max() ?? 0) < 516 && (rows.max() ?? 0) < 316)
        #expect(lit.allSatisfy { frame.pixels[$0] == 0xFF_FFFF })
    }

    @Test("longer lines and another start move it with the picture; calls of the extension find it gone")
    func start() {
        let machine = machine(0x101)
        /// The first banks, and where the program's own is.
        func memory() -> [UInt8] {
            let bank = readDisplay(machine, 5)
            let bytes = (UInt16(0)..<10).flatMap { number in
                display(machine, 5, number)
                return machine.memory.readBytes(FarPointer(0xA000, 0), 0xFFFF)
            }
            display(machine, 5, bank)
            return bytes + [UInt8(bank)]
        }
        let call = MouseExtensionTests.call
        run(machine, call(0x33, 0x0000, 0, 0, 0))
        let before = memory()
        run(machine, call(0x33, 0x0001, 0, 0, 0) + call(0x33, 0x0004, 0, 400, 200))
        let isDrawn = memory() != before
        #expect(isDrawn)
        // 1024 dots a line, the picture 100 lines further down: the interface tells, with the cursor away.
        run(machine, call(0x10, 0x4F06, 0, 1024, 0) + call(0x10, 0x4F07, 0, 64, 100))
        run(machine, call(0x33, 0x0004, 0, 10, 400))
        run(machine, call(0x10, 0x4F07, 0, 0, 0) + call(0x10, 0x4F06, 0, 640, 0))
        run(machine, call(0x33, 0x0002, 0, 0, 0))
        let isAsBefore = memory() == before
        #expect(isAsBefore)
    }

    private func readDisplay(_ machine: ChipMachine, _ register: UInt8) -> UInt16 {
        machine.writePort8(0x1CE, register, at: machine.now)
        return UInt16(machine.readPort8(0x1CF, at: machine.now))
    }

    @Test("a new mode by AX=4F02h begins with the cursor hidden and its own range")
    func newMode() {
        let machine = machine(0x103)
        let call = MouseExtensionTests.call
        run(machine, call(0x33, 0x0000, 0, 0, 0) + call(0x33, 0x0001, 0, 0, 0))
        run(machine, call(0x10, 0x4F02, 0x100, 0, 0))
        let blank = savedState(machine.adapter)
        run(machine, call(0x33, 0x0004, 0, 20, 20))
        let isBlank = savedState(machine.adapter) == blank
        #expect(isBlank)
        run(machine, call(0x33, 0x0026, 0, 0, 0))
        #expect(machine.processor?.registers.cx == 639 && machine.processor?.registers.dx == 399)
        // A mode that does not exist changes nothing: the cursor is there again.
        run(machine, call(0x33, 0x0001, 0, 0, 0))
        display(machine, 5, 0)
        let shown = savedState(machine.adapter)
        run(machine, call(0x10, 0x4F02, 0x1FF, 0, 0))
        display(machine, 5, 0)
        let isShown = savedState(machine.adapter) == shown
        #expect(isShown)
        run(machine, call(0x33, 0x0002, 0, 0, 0))
        let isGone = savedState(machine.adapter) != shown
        #expect(isGone)
    }
}
