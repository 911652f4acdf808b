import BIOS
import Core
import Testing
import X86

private final class MemoryDisk: DiskDrive {
    var geometry: DiskGeometry?
    var isWriteProtected = false
    let floppyType: UInt8
    var isChanged = false
    private(set) var sectors: [Int: [UInt8]] = [:]

    init(_ geometry: DiskGeometry, floppyType: UInt8) {
        self.geometry = geometry
        self.floppyType = floppyType
    }

    static func floppy() -> MemoryDisk {
        MemoryDisk(DiskGeometry(cylinders: 80, heads: 2, sectorsPerTrack: 18), floppyType: 4)
    }

    static func hardDisk() -> MemoryDisk {
        MemoryDisk(DiskGeometry(cylinders: 306, heads: 4, sectorsPerTrack: 17), floppyType: 0)
    }

    func takeChange() -> Bool {
        defer { isChanged = false }
        return isChanged
    }

    func readSector(_ index: Int) throws(DiskStatus) -> [UInt8] {
        sectors[index] ?? [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 512)
    }

    func writeSector(_ index: Int, _ bytes: [UInt8]) throws(DiskStatus) { sectors[index] = bytes }
}

@Suite struct DiskServiceTests {
    private func call(
        _ machine: TestMachine, _ function: UInt8, count: UInt8 = 1, cx: UInt16 = 0x0001, head: UInt8 = 0,
        drive: UInt8 = 0
    ) -> TestMachine.Result {
        machine.cpu.cx = cx
        machine.cpu.dx = UInt16(head) << 8 | UInt16(drive)
        (machine.cpu.es, machine.cpu.bx) = (0x3000, 0)
        return machine.int(0x13, ax: UInt16(function) << 8 | UInt16(count))
    }

    @Test("sectors are read and written where cylinder, head and sector say")
    func transfer() {
        let machine = TestMachine()
        let disk = MemoryDisk.floppy()
        machine.bios.mount(disk, as: 0)
        // Cylinder 1, head 1, sector 5: 36 + 18 + 4.
        #expect(!call(machine, 0x02, count: 2, cx: 0x0105, head: 1).carry)
        #expect(machine.cpu.ax == 0x0002)
        #expect(machine.memory.read8(FarPointer(0x3000, 511)) == 58)
        #expect(machine.memory.read8(FarPointer(0x3000, 512)) == 59)
        machine.memory.write8(FarPointer(0x3000, 0), 0xAA)
        #expect(!call(machine, 0x03, cx: 0x4F12, head: 1).carry)
        #expect(disk.sectors[2_879]?.first == 0xAA)
        #expect(call(machine, 0x02, count: 2, cx: 0x4F12, head: 1).carry)
        #expect(machine.cpu.ax == 0x0401)
        #expect(call(machine, 0x02, cx: 0x0013).carry)
        #expect(machine.cpu.ah == 0x04)
        #expect(call(machine, 0x01).carry)
        #expect(machine.cpu.ah == 0x04)
        #expect(!call(machine, 0x00).carry)
        #expect(!call(machine, 0x01).carry)
    }

    @Test("a write-protected, a changed and a missing disk, and a buffer across 64 KB give their errors")
    func errors() {
        let machine = TestMachine(BIOSConfiguration(floppyCount: 2))
        let disk = MemoryDisk.floppy()
        machine.bios.mount(disk, as: 0)
        disk.isWriteProtected = true
        #expect(call(machine, 0x03).carry)
        #expect(machine.cpu.ah == 0x03)
        disk.isChanged = true
        #expect(call(machine, 0x02).carry)
        #expect(machine.cpu.ah == 0x06)
        #expect(!call(machine, 0x02).carry)
        (machine.cpu.es, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x3000, 0xFF00, 1, 0)
        #expect(machine.int(0x13, ax: 0x0201).carry)
        #expect(machine.cpu.ah == 0x09)
        #expect(call(machine, 0x02, drive: 1).carry)
        #expect(machine.cpu.ah == 0x80)
        #expect(call(machine, 0x02, drive: 2).carry)
        #expect(machine.cpu.ah == 0x01)
        #expect(call(machine, 0x02, drive: 0x80).carry)
        #expect(machine.cpu.ah == 0x01)
        #expect(call(machine, 0x41).carry)
        #expect(machine.cpu.ah == 0x01)
    }

    @Test("drives tell their shape and type")
    func parameters() {
        let machine = TestMachine()
        machine.bios.mount(MemoryDisk.floppy(), as: 0)
        machine.bios.mount(MemoryDisk.hardDisk(), as: 0x80)
        #expect(!call(machine, 0x08).carry)
        #expect((machine.cpu.cx, machine.cpu.dx, machine.cpu.bl) == (0x4F12, 0x0101, 4))
        #expect(!call(machine, 0x08, drive: 0x80).carry)
        // Cylinders 0 to 304 (one is kept), 17 sectors, 4 heads, 1 disk.
        #expect((machine.cpu.cx, machine.cpu.dx) == (0x3051, 0x0301))
        #expect(!call(machine, 0x15, drive: 0x80).carry)
        #expect(machine.cpu.ah == 3)
        #expect(Int(machine.cpu.cx) << 16 | Int(machine.cpu.dx) == 305 * 4 * 17)
        _ = call(machine, 0x15)
        #expect(machine.cpu.ah == 2)
        _ = call(machine, 0x15, drive: 1)
        #expect(machine.cpu.ah == 0)
        #expect(call(machine, 0x08, drive: 0x81).carry)
        #expect(machine.cpu.ah == 0x07)
    }

    @Test("INT 19h starts the first sector of a floppy, a boot handler goes before it, and nothing is reported")
    func boot() {
        final class Handler: BootHandler {
            func boot(in context: ServiceContext) -> ServiceOutcome { .exit(7) }
        }
        let machine = TestMachine()
        #expect(machine.int(0x19).outcome == .exit(1))
        #expect(machine.reports == [.nothingToBoot])
        machine.bios.mount(MemoryDisk.floppy(), as: 0)
        #expect(machine.int(0x19).outcome == .resume)
        #expect(machine.cpu.codePointer == FarPointer(0, 0x7C00))
        #expect(machine.cpu.dl == 0)
        let handler = Handler()
        machine.bios.bootHandler = handler
        #expect(machine.int(0x19).outcome == .exit(7))
    }

    @Test("random calls never trap")
    func hostile() {
        let machine = TestMachine(BIOSConfiguration(floppyCount: 1))
        machine.bios.mount(MemoryDisk.floppy(), as: 0)
        machine.bios.mount(MemoryDisk.hardDisk(), as: 0x80)
        var seed: UInt32 = 7
        func next() -> UInt16 {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            return UInt16(truncatingIfNeeded: seed >> 12)
        }
        for _ in 0..<3_000 {
            (machine.cpu.es, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x4000, next(), next(), next() & 0x8181)
            machine.int(0x13, ax: next() & 0x1FFF)
        }
        #expect(machine.cpu.stackPointer == FarPointer(0x9000, 0x1000))
    }
}
