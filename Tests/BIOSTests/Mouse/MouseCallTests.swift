import BIOS
import Core
import Testing
import X86

@Suite struct MouseCallTests {
    @Test("AX=0000h says that there is a driver and how many buttons; without a mouse nothing answers")
    func reset() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0000)
        #expect(machine.cpu.ax == 0xFFFF && machine.cpu.bx == 3)
        machine.mouse(0x0021)
        #expect(machine.cpu.ax == 0xFFFF && machine.cpu.bx == 3)
        let serial = TestMachine(.withSerialMouse)
        serial.mouse(0x0000)
        #expect(serial.cpu.ax == 0xFFFF && serial.cpu.bx == 2)
        let bare = TestMachine()
        #expect(bare.memory.vector(0x33).offset == 0xFF23)
        #expect(bare.memory.vector(0x74).offset == 0xFF23)
    }

    @Test("the equipment word says whether there is a PS/2 mouse, and COM1 is in the data area with a serial one")
    func equipment() {
        #expect(TestMachine(.withMouse).data.word(0x10) & 4 == 4)
        #expect(TestMachine().data.word(0x10) & 4 == 0)
    }

    @Test("movement becomes points by the ratios, and what is left over counts later")
    func ratios() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0004, cx: 0, dx: 0)
        #expect(machine.position == [0, 0, 0])
        // 8 mickeys for 8 points across, 16 for 8 down.
        machine.report(dx: 16, dy: 16)
        #expect(machine.position == [16, 8, 0])
        for _ in 0..<15 { machine.report(dy: 1) }
        #expect(machine.position == [16, 8, 0])
        machine.report(dy: 1)
        #expect(machine.position == [16, 16, 0])
        machine.mouse(0x000F, cx: 3, dx: 32)
        machine.report(dx: 7, dy: 32)
        // 56 parts of 3 are 18 points, and the text cell hides two of them.
        #expect(machine.position == [32, 24, 0])
        machine.report(dx: 2)
        // 2 and 16 parts more are 6 points: 40.
        #expect(machine.position == [40, 24, 0])
        machine.mouse(0x000F, cx: 0, dx: 0)
        machine.report(dx: -300)
        #expect(machine.position == [0, 24, 0])
    }

    @Test("sensitivity scales, and movement above the threshold counts twice")
    func sensitivity() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x001A, bx: 100, cx: 25, dx: 30_000)
        machine.mouse(0x001B)
        #expect([machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [100, 25, 30_000])
        machine.mouse(0x0004, cx: 0, dx: 0)
        machine.report(dx: 8, dy: 64)
        #expect(machine.position == [16, 16, 0])
        machine.mouse(0x001A, bx: 50, cx: 50, dx: 1_000)
        machine.mouse(0x0004, cx: 0, dx: 0)
        machine.report(dx: 10)
        machine.report(dx: 11)
        // 10 mickeys in 10 ms are 1,000 a second, 11 are above.
        #expect(machine.position == [32, 0, 0])
        machine.mouse(0x000B)
        #expect(machine.cpu.cx == 29 && machine.cpu.dx == 64, "mickeys are as they came")
        machine.mouse(0x0013, dx: 0)
        machine.mouse(0x001B)
        #expect(machine.cpu.dx == 64)
    }

    @Test("AX=000Bh and 0027h give mickeys since the last call, negative ones too")
    func motion() {
        let machine = TestMachine.withMouse()
        machine.report(dx: -5, dy: 9)
        machine.report(dx: 2, dy: 1)
        machine.mouse(0x000B)
        #expect(machine.cpu.cx == 0xFFFD && machine.cpu.dx == 10)
        machine.mouse(0x000B)
        #expect(machine.cpu.cx == 0 && machine.cpu.dx == 0)
        machine.mouse(0x000A, bx: 0, cx: 0x1234, dx: 0x5678)
        machine.report(dx: 100)
        machine.mouse(0x0027)
        #expect([machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [0x1234, 0x5678, 100, 0])
    }

    @Test("presses and releases are counted, with the place of the last")
    func buttons() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0004, cx: 83, dx: 44)
        machine.report(buttons: 1)
        machine.report(buttons: 0)
        machine.report(dx: 16, buttons: 1)
        #expect(machine.position == [96, 40, 1])
        machine.report(dx: 80, buttons: 5)
        machine.mouse(0x0005, bx: 0)
        #expect([machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [5, 2, 96, 40])
        machine.mouse(0x0005, bx: 0)
        #expect([machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [5, 0, 96, 40])
        machine.mouse(0x0006, bx: 0)
        #expect([machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [5, 1, 80, 40])
        machine.mouse(0x0005, bx: 2)
        #expect([machine.cpu.bx, machine.cpu.cx] == [1, 176])
        machine.mouse(0x0005, bx: 7)
        #expect([machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [5, 0, 0, 0])
    }

    @Test("ranges hold the position, in either order, and are cut to cells in text modes")
    func ranges() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0031)
        #expect([machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [0, 0, 639, 199])
        #expect(machine.position == [320, 96, 0])
        machine.mouse(0x0007, cx: 300, dx: 101)
        machine.mouse(0x0008, cx: 0, dx: 50)
        machine.mouse(0x0031)
        #expect([machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [96, 0, 296, 48])
        #expect(machine.position == [296, 48, 0])
        machine.report(dx: -255, dy: -255)
        #expect(machine.position == [96, 0, 0])
        machine.mouse(0x0004, cx: 0xFF00, dx: 30_000)
        #expect(machine.position == [96, 48, 0])
        machine.mouse(0x0026)
        #expect([machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [0, 639, 199])
        // What went over the edge is forgotten.
        machine.report(dx: 8)
        #expect(machine.position == [104, 48, 0])
    }

    @Test(
        "the virtual screen follows the mode",
        arguments: [
            (0x01, 40, .vga, [639, 199, 304]), (0x03, 80, .cga, [639, 199, 312]), (0x04, 40, .cga, [639, 199, 314]),
            (0x06, 80, .ega, [639, 199, 315]), (0x05, 80, .hercules, [719, 347, 315]),
            (0x07, 80, .mda, [639, 199, 312]),
            (0x08, 20, .pcjr, [639, 199, 312]), (0x09, 40, .tandy, [639, 199, 314]),
            (0x0A, 80, .tandy, [639, 199, 315]),
            (0x0D, 40, .ega, [639, 199, 314]), (0x10, 80, .ega, [639, 349, 315]), (0x12, 80, .vga, [639, 479, 315]),
            (0x13, 40, .vga, [639, 199, 314]), (0x5B, 80, .vga, [639, 199, 315]),
        ] as [(UInt8, UInt16, VideoKind, [UInt16])])
    func modes(mode: UInt8, columns: UInt16, video: VideoKind, expected: [UInt16]) {
        let machine = TestMachine.withMouse(video: video)
        machine.data.set(0x49, byte: mode)
        machine.data.set(0x4A, word: columns)
        machine.mouse(0x0021)
        machine.mouse(0x0004, cx: 315, dx: 0)
        machine.mouse(0x0026)
        let size = [machine.cpu.cx, machine.cpu.dx]
        #expect(size + [machine.position[0]] == expected)
    }

    @Test("a mode set hides the cursor and gives the whole screen; more lines give more rows")
    func modeSet() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0001)
        machine.mouse(0x0007, cx: 0, dx: 80)
        machine.int(0x10, ax: 0x0001)
        machine.mouse(0x0031)
        #expect(machine.cpu.cx == 639)
        machine.mouse(0x002A)
        #expect(machine.cpu.ax == 0xFFFF)
        machine.int(0x10, ax: 0x0003)
        machine.cpu.bx = 0
        machine.int(0x10, ax: 0x1112)
        machine.mouse(0x0031)
        #expect(machine.cpu.dx == 399)
    }

    @Test("what the driver is: version, type, interrupt, information, texts")
    func identity() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0024, bx: 0)
        #expect(machine.cpu.bx == 0x0820 && machine.cpu.cx == 0x0400)
        machine.mouse(0x006D)
        let version = machine.memory.readBytes(FarPointer(machine.cpu.es, machine.cpu.di), 2)
        #expect(version == [0x08, 0x20])
        machine.mouse(0x004D)
        let text = machine.memory.readBytes(FarPointer(machine.cpu.es, machine.cpu.di), 9)
        #expect(String(decoding: text, as: UTF8.self) == "Copyright")
        machine.mouse(0x0025)
        #expect(machine.cpu.ax == 0x0300 && machine.cpu.dx == 0)
        machine.mouse(0x000A, bx: 1, cx: 6, dx: 7)
        machine.mouse(0x001C, bx: 4)
        machine.mouse(0x0025)
        #expect(machine.cpu.ax == 0x1400)
        machine.data.set(0x49, byte: 0x13)
        machine.mouse(0x0025)
        #expect(machine.cpu.ax == 0x2400)
        machine.mouse(0x0032)
        #expect(machine.cpu.ax == 0xFFFF)
        machine.mouse(0x0030)
        #expect(machine.cpu.ax == 0xFFFF)
        machine.mouse(0x0034)
        #expect(machine.cpu.ax == 0 && machine.memory.read8(FarPointer(machine.cpu.es, machine.cpu.dx)) == 0)
        let serial = TestMachine(.withSerialMouse)
        serial.mouse(0x0024)
        #expect(serial.cpu.cx == 0x0204)
        #expect(machine.reports.isEmpty)
        machine.mouse(0x0037)
        #expect(machine.reports.count == 1)
    }

    @Test("page, language and pointer style are kept; the hot spot is told")
    func settings() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x001D, bx: 3)
        machine.mouse(0x001E)
        #expect(machine.cpu.bx == 3)
        machine.mouse(0x0022, bx: 6)
        machine.mouse(0x0023)
        #expect(machine.cpu.bx == 6)
        machine.mouse(0x0035, bx: 0x0102, cx: 0x3201, dx: 9)
        machine.mouse(0x0035, bx: 0xFFFF)
        #expect([machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [0, 0x0102, 0x3201, 9])
        (machine.cpu.es) = 0x3000
        machine.mouse(0x0009, bx: 0xFFFE, cx: 5, dx: 0)
        machine.mouse(0x002A)
        #expect([machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [0xFFFF, 0xFFFE, 5, 4])
        machine.mouse(0x0012, bx: 0x0300, cx: 0x1000, dx: 0)
        #expect(machine.cpu.ax == 0)
        machine.mouse(0x0012, bx: 0x0201, cx: 0x2002, dx: 0)
        #expect(machine.cpu.ax == 0xFFFF)
    }

    @Test("acceleration profiles: selected, named, loaded, brought back")
    func profiles() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x002D, bx: 2)
        #expect(machine.cpu.ax == 0 && machine.cpu.bx == 2)
        func name() -> String {
            let bytes = machine.memory.readBytes(FarPointer(machine.cpu.es, machine.cpu.si), 16)
            return String(decoding: bytes, as: UTF8.self).trimmed
        }
        #expect(name() == "Moderate")
        machine.mouse(0x002D, bx: 5)
        #expect(machine.cpu.ax == 0xFFFE && machine.cpu.bx == 2)
        (machine.cpu.es, machine.cpu.si) = (0x3000, 0)
        machine.memory.writeBytes(
            FarPointer(0x3000, 0), Array("Mine            ".utf8) + [UInt8](repeating: 65, count: 48))
        machine.mouse(0x002E, bx: 1)
        #expect(machine.cpu.ax == 0 && name() == "Slow")
        machine.mouse(0x002D, bx: 1)
        #expect(name() == "Mine")
        machine.mouse(0x002B, bx: 0xFFFF)
        machine.mouse(0x002C)
        #expect(machine.cpu.ax == 0 && machine.cpu.bx == 4)
        #expect(machine.memory.readBytes(FarPointer(machine.cpu.es, machine.cpu.si), 4) == [1, 1, 1, 1])
        machine.mouse(0x0033, cx: 0)
        #expect(machine.cpu.cx == 0x159)
        machine.cpu.es = 0x3000
        machine.mouse(0x0033, cx: 8, dx: 0x100)
        #expect(machine.cpu.cx == 8)
        #expect(machine.memory.readBytes(FarPointer(0x3000, 0x100), 9) == [4, 0, 50, 50, 100, 4, 3, 0, 0])
    }

    @Test(
        "the video modes of the adapter are listed",
        arguments: [
            (.mda, [7]), (.hercules, [7]), (.cga, [1, 2, 3, 4, 5, 6]), (.tandy, [1, 2, 3, 4, 5, 6, 8, 9, 10]),
            (.pcjr, [1, 2, 3, 4, 5, 6, 8, 9, 10]), (.ega, [1, 2, 3, 4, 5, 6, 7, 0x0D, 0x0E, 0x0F, 0x10]),
            (.vga, [1, 2, 3, 4, 5, 6, 7, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13]),
        ] as [(VideoKind, [UInt16])])
    func videoModes(video: VideoKind, expected: [UInt16]) {
        let machine = TestMachine.withMouse(video: video)
        var modes: [UInt16] = []
        machine.cpu.cx = 0
        repeat {
            machine.mouse(0x0029)
            modes.append(machine.cpu.cx)
        } while machine.cpu.cx != 0 && modes.count < 99
        #expect(modes == expected + [0])
    }

    @Test("video modes are set through INT 10h")
    func videoModeSetting() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0028, cx: 0)
        #expect(machine.cpu.cl == 0)
        machine.mouse(0x0028, cx: 0x77)
        #expect(machine.cpu.cl != 0)
        let outcome = machine.mouse(0x0028, cx: 1).outcome
        guard case .callInterrupt(0x10, let back) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(machine.cpu.ax == 0x0001)
        machine.data.set(0x49, byte: 1)
        #expect(machine.bios.handle(machine.memory.read8(back + 2), in: machine.context) == .done)
        #expect(machine.cpu.ax == 0x0028 && machine.cpu.cl == 0)
    }

    @Test("the state is saved and restored, and damaged bytes change nothing")
    func state() {
        let machine = TestMachine.withMouse()
        machine.cpu.es = 0x3000
        machine.mouse(0x0007, cx: 80, dx: 160)
        machine.mouse(0x000F, cx: 4, dx: 4)
        machine.mouse(0x000C, cx: 0x7F, dx: 0x1234)
        machine.mouse(0x0001)
        machine.mouse(0x0015)
        let size = machine.cpu.bx
        #expect((200...600).contains(size))
        machine.mouse(0x0016, dx: 0)
        #expect(machine.memory.read8(FarPointer(0x3000, size)) == 0)
        machine.mouse(0x0000)
        #expect(machine.position == [320, 96, 0])
        machine.mouse(0x0017, bx: size, dx: 0)
        #expect(machine.position == [160, 96, 0])
        machine.cpu.es = 0
        machine.mouse(0x0014, cx: 0, dx: 0)
        #expect([machine.cpu.cx, machine.cpu.es, machine.cpu.dx] == [0x7F, 0x3000, 0x1234])
        machine.cpu.es = 0x3000
        machine.memory.write16(FarPointer(0x3000, 0), 0x7777)
        machine.mouse(0x0017, bx: size, dx: 0)
        #expect(machine.position == [160, 96, 0])
        machine.mouse(0x0042)
        #expect(machine.cpu.ax == 0xFFFF && machine.cpu.bx == size)
        machine.mouse(0x0050, bx: 3, dx: 0x400)
        #expect(machine.cpu.ax == 0x0050)
        machine.mouse(0x0050, bx: size, dx: 0x400)
        #expect(machine.cpu.ax == 0xFFFF)
        machine.mouse(0x0052, bx: size, dx: 0x400)
        #expect(machine.cpu.ax == 0xFFFF)
    }

    @Test("a disabled driver keeps still, and tells what INT 33h was before")
    func disabled() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0001)
        machine.mouse(0x001F)
        #expect(machine.cpu.ax == 0x001F)
        #expect(machine.memory.read8(FarPointer(machine.cpu.es, machine.cpu.bx)) == 0xCF)
        machine.report(dx: 50)
        #expect(machine.position == [320, 96, 0])
        machine.mouse(0x0026)
        #expect(machine.cpu.bx != 0)
        machine.mouse(0x0020)
        machine.mouseByte(0xFA)
        #expect(machine.cpu.ax == 0x0020)
        machine.report(dx: 48)
        #expect(machine.position == [368, 96, 0])
    }

    @Test("the light pen is down while both buttons are")
    func lightPen() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0004, cx: 100, dx: 50)
        machine.int(0x10, ax: 0x0400)
        #expect(machine.cpu.ah == 0)
        machine.report(buttons: 3)
        machine.int(0x10, ax: 0x0400)
        #expect(machine.cpu.ah == 1 && machine.cpu.dx == 0x060C && machine.cpu.bx == 100 && machine.cpu.ch == 50)
        machine.mouse(0x000E)
        machine.int(0x10, ax: 0x0400)
        #expect(machine.cpu.ah == 0)
    }

    @Test("a program that finds nothing new is waiting")
    func idle() {
        let machine = TestMachine.withMouse()
        func poll(_ function: UInt16) -> Poll {
            machine.context.poll = .none
            machine.mouse(function, bx: 0)
            return machine.context.poll
        }
        #expect(poll(3) == .none)
        #expect(poll(3) == .idle)
        machine.report(dx: 8)
        #expect(poll(3) == .none)
        #expect(poll(3) == .idle)
        #expect(poll(0x0B) == .none)
        #expect(poll(0x0B) == .idle)
        #expect(poll(5) == .idle)
        machine.report(buttons: 1)
        #expect(poll(5) == .none)
        #expect(poll(3) == .none)
    }

    @Test(
        "random calls, reports and data areas never trap", arguments: [BIOSConfiguration.withMouse, .withSerialMouse])
    func random(configuration: BIOSConfiguration) {
        let machine = TestMachine(configuration)
        var seed: UInt64 = 7
        func next() -> UInt16 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt16(truncatingIfNeeded: seed >> 40)
        }
        let cpu = machine.cpu
        for count in 0..<6_000 {
            if count % 16 == 0 { machine.data.set(0x49, byte: UInt8(next() & 0x1F)) }
            if count % 64 == 0 { machine.data.set(0x4A + next() % 0x40, word: next()) }
            (cpu.ax, cpu.bx, cpu.cx, cpu.dx) = (next() % 0x70, next(), next(), next())
            if count % 3 == 0 { (cpu.bx, cpu.cx, cpu.dx) = (cpu.bx & 7, cpu.cx & 0x3FF, cpu.dx & 0x1FF) }
            (cpu.si, cpu.di, cpu.bp, cpu.sp) = (next(), next(), next(), next())
            (cpu.ds, cpu.es, cpu.ss) = (next() & 0x7FFF, next() & 0x7FFF, next() & 0x7FFF)
            if count % 8 == 0 { cpu.ax = 1 }
            machine.context.begin(trapAt: FarPointer(0xF000, next()))
            let entries: [UInt8] = [0x33, 0x33, 0x33, 0x74, 0x0C, 0xE6, 0xE7, 0xE8, 0xE9]
            machine.device.values[0x64] = UInt8(next() & 0xFF)
            machine.device.values[0x60] = UInt8(next() & 0xFF)
            if count % 5 == 0 { cpu.ax = 0xC200 | next() & 0x0F }
            let entry = count % 5 == 0 ? 0x15 : entries[Int(next()) % entries.count]
            _ = machine.bios.handle(entry, in: machine.context)
            machine.clock.now += machine.context.cost + .milliseconds(1)
            machine.context.cost = .zero
        }
        #expect(machine.memory.read8(FarPointer(0xF000, 0xFFF0)) == 0xEA)
    }
}
