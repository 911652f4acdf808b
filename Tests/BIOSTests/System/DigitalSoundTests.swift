import BIOS
import Boards
import Core
import TestSupport
import Testing
import X86

/// A Tandy 1000 with its DMA controller and PSSJ, whose interrupts the test takes itself.
private final class DigitalSoundBench {
    let machine: TestMachine
    let request = Line()
    let sound: TandySound
    private let scheduler = Scheduler()
    private let dma: DMABoard

    init() {
        var configuration = BIOSConfiguration(machine: .xt, video: .tandy)
        configuration.hasSoundConverter = true
        machine = TestMachine(configuration)
        dma = DMABoard(isAT: false, memory: machine.memory)
        dma.attach(to: machine.ports)
        sound = TandySound(channel: dma.channel(1), slot: scheduler.makeSlot("tandy"), interrupt: request)
        sound.attach(to: machine.ports)
        sound.levels.isHeard = true
    }

    func call(_ ax: UInt16) -> TestMachine.Result { machine.int(0x1A, ax: ax) }

    func play(_ start: FarPointer, count: UInt16, divider: UInt16 = 100, volume: UInt8 = 7) -> TestMachine.Result {
        let cpu = machine.cpu
        (cpu.es, cpu.bx, cpu.cx, cpu.dx) = (start.segment, start.offset, count, divider)
        return call(0x8300 | UInt16(volume))
    }

    /// The board's time goes on.
    func run(for duration: Tick) {
        machine.clock.now += duration
        scheduler.deliver(through: machine.clock.now)
    }

    /// IRQ 7. Whether INT 15h AX=91FBh was called.
    func interrupt() -> Bool {
        let stack = machine.cpu.stackPointer
        defer { machine.cpu.stackPointer = stack }
        machine.cpu.ax = 0x1234
        guard case .callInterrupt(0x15, _) = machine.int(0x0F).outcome else {
            #expect(machine.cpu.ax == 0x1234)
            return false
        }
        // INT 15h would be called with AX, and the program's own is below.
        #expect(machine.cpu.ax == 0x91FB)
        #expect(machine.memory.read16(machine.cpu.stackPointer) == 0x1234)
        return true
    }

    func heard() -> [Int16] {
        var levels: [Int16] = []
        while let change = sound.levels.take(before: .never) { levels.append(change.left) }
        return levels
    }
}

@Suite struct DigitalSoundTests {
    @Test("a block is played, is busy meanwhile, and ends with INT 15h AX=91FBh")
    func block() {
        let bench = DigitalSoundBench()
        let (machine, cpu) = (bench.machine, bench.machine.cpu)
        for index in 0..<5 { machine.memory.write8(UInt32(0x2_1234 + index), UInt8(index * 40 + 9)) }
        #expect(!bench.call(0x8100).carry && cpu.ax == 0x00C4)
        machine.device.clearLog()
        #expect(!bench.play(FarPointer(0x2000, 0x1234), count: 5, divider: 0xF145).carry)
        #expect(cpu.ah == 0 && machine.device.values(writtenTo: 0x21).last.map { $0 & 0x80 } == 0)
        #expect(bench.call(0x8100).carry && cpu.ax == 0x00C4)
        #expect(bench.play(FarPointer(0x2000, 0x0000), count: 1).carry && cpu.ah == 0)
        // 704 ticks of the crystal by 145h: 5 samples.
        bench.run(for: Tick(704 * 0x145 * 5 - 1))
        #expect(!bench.request.isAsserted && bench.call(0x8100).carry)
        bench.run(for: Tick(1))
        #expect(bench.request.isAsserted && !bench.call(0x8100).carry)
        #expect(bench.heard() == [9, 49, 89, 129, 169].map { $0 * 128 })
        #expect(bench.interrupt() && !bench.request.isAsserted)
        #expect(machine.device.values(writtenTo: 0x20).last == 0x20)
        bench.run(for: .milliseconds(10))
        #expect(bench.heard() == [] && !bench.call(0x8100).carry)
    }

    @Test("a block that crosses 64 KB is played as two, with one INT 15h, and its second part is saved")
    func crossing() {
        let bench = DigitalSoundBench()
        for index in 0..<16 { bench.machine.memory.write8(UInt32(0x1_FFFA + index), UInt8(index + 1)) }
        #expect(!bench.play(FarPointer(0x1FFF, 0x000A), count: 16).carry)
        bench.run(for: .milliseconds(1))
        #expect(bench.request.isAsserted && bench.call(0x8100).carry)
        let state = savedState(bench.machine.bios)
        // The BIOS knows of no block while it has the state of another machine.
        #expect(restore(bench.machine.bios, from: savedState(DigitalSoundBench().machine.bios)) == nil)
        #expect(!bench.call(0x8100).carry)
        #expect(restore(bench.machine.bios, from: state) == nil && savedState(bench.machine.bios) == state)
        #expect(!bench.interrupt() && !bench.request.isAsserted && bench.call(0x8100).carry)
        bench.run(for: .milliseconds(2))
        #expect(bench.request.isAsserted && bench.interrupt())
        #expect(bench.heard() == (1...16).map { $0 * 128 })
    }

    @Test("AH=84h stops at once, and nothing follows")
    func stop() {
        let bench = DigitalSoundBench()
        #expect(!bench.play(FarPointer(0x1FFF, 0x000A), count: 0).carry)
        bench.run(for: .microseconds(100))
        #expect(bench.call(0x8100).carry)
        #expect(!bench.call(0x8400).carry)
        #expect(!bench.call(0x8100).carry)
        _ = bench.heard()
        bench.run(for: .seconds(3))
        #expect(!bench.request.isAsserted && bench.heard() == [])
    }

    @Test("an interrupt of the printer is left to the handler of unexpected ones")
    func otherInterrupt() {
        let bench = DigitalSoundBench()
        #expect(!bench.play(FarPointer(0x2000, 0), count: 100).carry)
        #expect(!bench.interrupt())
        #expect(bench.machine.cpu.codePointer == FarPointer(0xF000, 0xFF23))
        #expect(bench.call(0x8100).carry)
    }

    @Test("recording is refused and reported; machines without the converter answer as ever")
    func others() {
        let bench = DigitalSoundBench()
        #expect(bench.call(0x8200).carry && bench.machine.cpu.ah == 0)
        #expect(bench.machine.reports.count == 1)
        let plain = TestMachine(BIOSConfiguration(machine: .xt, video: .tandy))
        for ax in stride(from: UInt16(0x8000), through: 0x8500, by: 0x100) {
            plain.device.clearLog()
            let before = plain.cpu.flags
            #expect(plain.int(0x1A, ax: ax).flags == before && plain.cpu.ax == ax)
            #expect(plain.device.writes.isEmpty)
        }
        #expect(plain.reports.count == 6)
        #expect(plain.memory.vector(0x0F) == FarPointer(0xF000, 0xFF23))
    }

    @Test("no registers and no order of calls trap or leave the chip busy for good")
    func randomCalls() {
        let bench = DigitalSoundBench()
        var random = SeededGenerator(seed: 26)
        func word() -> UInt16 { UInt16.random(in: 0...0xFFFF, using: &random) }
        for _ in 0..<1_500 {
            let cpu = bench.machine.cpu
            (cpu.es, cpu.bx, cpu.dx) = (word(), word(), word())
            cpu.cx = Bool.random(using: &random) ? word() & 0x0F : word()
            _ = bench.call(0x8000 | word() & 0x07FF)
            bench.run(for: .microseconds(Int64(word() & 0x3FF)))
            if word() & 1 == 0 { _ = bench.interrupt() }
            _ = bench.heard()
        }
        _ = bench.call(0x8400)
        #expect(!bench.call(0x8100).carry)
    }
}
