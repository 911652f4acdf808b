import Core
import Testing
import X86

@testable import DOS

@Suite struct SystemTests {
    @Test func versionAndItsSetting() throws {
        let machine = try DOSMachine()
        machine.dos(0x3000)
        #expect(machine.cpu.ax == 0x0005)
        machine.dos(0x3306)
        #expect(machine.cpu.bx == 0x0005)
        let old = try DOSMachine { $0.version = (3, 30) }
        old.dos(0x3000)
        #expect(old.cpu.ax == 0x1E03)
    }

    @Test func vectors() throws {
        let machine = try DOSMachine()
        machine.dos(0x2560) {
            $0.ds = 0x1234; $0.dx = 0x5678
        }
        machine.dos(0x3560)
        #expect(FarPointer(machine.cpu.es, machine.cpu.bx) == FarPointer(0x1234, 0x5678))
        #expect(machine.memory.vector(0x60) == FarPointer(0x1234, 0x5678))
    }

    @Test func listOfListsLeadsToTheFirstBlock() throws {
        let machine = try DOSMachine()
        machine.dos(0x5200)
        let list = FarPointer(machine.cpu.es, machine.cpu.bx)
        let first = machine.memory.read16(list + -2)
        #expect(machine.memory.read8(FarPointer(first, 0)) == UInt8(ascii: "M"))
        #expect(machine.memory.read8(list + 0x21) == 26)
    }

    @Test func dateIsCheckedAndKept() throws {
        let machine = try DOSMachine()
        machine.dos(0x2A00)
        #expect(machine.cpu.cx == 1990)
        #expect(machine.cpu.dx == 0x0101)
        #expect(machine.cpu.al == 1)
        machine.dos(0x2B00) {
            $0.cx = 2000; $0.dx = 0x021D
        }
        #expect(machine.cpu.al == 0)
        machine.dos(0x2A00)
        #expect(machine.cpu.cx == 2000)
        #expect(machine.cpu.dx == 0x021D)
        #expect(machine.cpu.al == 2)
        machine.dos(0x2B00) {
            $0.cx = 1999; $0.dx = 0x021D
        }
        #expect(machine.cpu.al == 0xFF)
    }

    @Test func everyDaySurvivesTheCount() {
        for days in UInt16(0)...CalendarDate.lastDay {
            let date = CalendarDate(days: days)
            #expect(date.days == days)
        }
    }

    @Test func timeComesFromTheTicksAndMidnightMovesTheDate() throws {
        let machine = try DOSMachine()
        machine.dos(0x2D00) {
            $0.cx = 0x173B; $0.dx = 0x3B00
        }
        #expect(machine.cpu.al == 0)
        machine.dos(0x2C00)
        #expect(machine.cpu.cx == 0x173B)
        #expect(machine.cpu.dh == 0x3B)
        // What the timer interrupt does at midnight.
        machine.memory.write32(FarPointer(0x40, 0x6C), 0)
        machine.memory.write8(FarPointer(0x40, 0x70), 1)
        machine.dos(0x2C00)
        #expect(machine.cpu.cx == 0)
        machine.dos(0x2A00)
        #expect(machine.cpu.dx == 0x0102)
        machine.dos(0x2D00) {
            $0.cx = 0x1800; $0.dx = 0
        }
        #expect(machine.cpu.al == 0xFF)
    }

    @Test func everySecondSurvivesTheTicks() {
        for second in stride(from: UInt32(0), to: 86_400, by: 7) {
            let time = TimeOfDay(hundredths: second * 100)
            #expect(TimeOfDay(ticks: time.ticks).hundredths / 100 == second)
        }
    }

    @Test func clockDeviceReadsAndWritesSixBytes() throws {
        let machine = try DOSMachine()
        machine.place("CLOCK$")
        machine.dos(0x3D02) { $0.dx = 0x4000 }
        let handle = machine.cpu.ax
        machine.place([0x01, 0x00, 30, 12, 0, 15], at: 0x4100)
        machine.dos(0x4000) {
            $0.bx = handle; $0.cx = 6; $0.dx = 0x4100
        }
        machine.dos(0x3F00) {
            $0.bx = handle; $0.cx = 6; $0.dx = 0x4200
        }
        #expect(machine.cpu.ax == 6)
        let bytes = machine.memory.readBytes(machine.data(0x4200), 6)
        #expect(Array(bytes.prefix(4)) == [1, 0, 30, 12])
        #expect(bytes[5] == 15)
    }

    @Test func countryTables() throws {
        let machine = try DOSMachine()
        machine.dos(0x3800) { $0.dx = 0x4000 }
        #expect(!machine.carry)
        #expect(machine.memory.readBytes(machine.data(), 9) == [0, 0, 0x24, 0, 0, 0, 0, 0x2C, 0])
        #expect(machine.memory.readPointer(machine.data() + 18) == DOSLayout.caseMapRoutine)
        machine.dos(0x3831) { $0.dx = 0x4000 }
        #expect(machine.carry)
        #expect(machine.cpu.ax == 2)
        machine.dos(0x6501) {
            $0.bx = 0xFFFF; $0.dx = 0xFFFF; $0.cx = 41; $0.di = 0x4100; $0.es = machine.psp.segment
        }
        #expect(machine.cpu.cx == 41)
        #expect(machine.memory.readBytes(machine.data(0x4100), 7) == [1, 38, 0, 1, 0, 0xB5, 1])
        machine.dos(0x6520) { $0.dl = 0x81 }
        #expect(machine.cpu.dl == 0x9A)
        machine.dos(0x6601)
        #expect(machine.cpu.bx == 437)
    }

    @Test(arguments: [(850, 0x85, 0xB7), (866, 0xA6, 0x86), (866, 0xE0, 0x90), (852, 0x9F, 0xAC), (737, 0x98, 0x80)])
    func countryTablesOfOtherCodePages(number: Int, small: UInt8, capital: UInt8) throws {
        let page = try #require(CodePage.named(number))
        let machine = try DOSMachine { $0.codePage = page }
        machine.dos(0x6520) { $0.dl = small }
        #expect(machine.cpu.dl == capital)
        for function: UInt16 in [0x6502, 0x6504] {
            machine.dos(function) {
                $0.bx = UInt16(number); $0.dx = 1; $0.cx = 5; $0.di = 0x4100; $0.es = machine.psp.segment
            }
            #expect(!machine.carry)
            let table = machine.memory.readPointer(machine.data(0x4100) + 1)
            #expect(machine.memory.read16(table) == 128)
            #expect(machine.memory.read8(table + (Int(small) - 0x7E)) == capital)
        }
        machine.dos(0x6506) {
            $0.bx = 0xFFFF; $0.dx = 0xFFFF; $0.cx = 5; $0.di = 0x4100; $0.es = machine.psp.segment
        }
        let order = machine.memory.readPointer(machine.data(0x4100) + 1) + 2
        #expect(machine.memory.read8(order + Int(small)) == machine.memory.read8(order + Int(capital)))
        machine.dos(0x6501) {
            $0.bx = 0xFFFF; $0.dx = 0xFFFF; $0.cx = 41; $0.di = 0x4100; $0.es = machine.psp.segment
        }
        #expect(machine.memory.read16(machine.data(0x4105)) == UInt16(number))
        machine.dos(0x6601)
        #expect(machine.cpu.bx == UInt16(number) && machine.cpu.dx == UInt16(number))
        machine.dos(0x6602) { $0.bx = 437 }
        #expect(machine.carry && machine.cpu.ax == 2)
        machine.dos(0x6602) { $0.bx = UInt16(number) }
        #expect(!machine.carry)
    }

    @Test func extendedErrorOfTheLastFailure() throws {
        let machine = try DOSMachine()
        machine.place("C:\\NOSUCH")
        machine.dos(0x3D00) { $0.dx = 0x4000 }
        #expect(machine.cpu.ax == 2)
        machine.dos(0x5900)
        #expect(machine.cpu.ax == 2)
        #expect(machine.cpu.bx == 0x0803)
        #expect(machine.cpu.ch == 2)
    }

    @Test func driveSerialNumber() throws {
        let machine = try DOSMachine()
        machine.dos(0x6900) {
            $0.bx = 3; $0.dx = 0x4000
        }
        #expect(!machine.carry)
        #expect(machine.memory.read32(machine.data() + 2) == machine.drive.serialNumber)
        machine.dos(0x6900) {
            $0.bx = 9; $0.dx = 0x4000
        }
        #expect(machine.carry)
    }

    @Test func multiplexAnswers() throws {
        let machine = try DOSMachine()
        machine.cpu.ax = 0x1200
        machine.interrupt(0x2F, .int2F)
        #expect(machine.cpu.al == 0xFF)
        machine.cpu.ax = 0x4300
        machine.interrupt(0x2F, .int2F)
        #expect(machine.cpu.ax == 0x4300)
        machine.cpu.ax = 0x1680
        machine.interrupt(0x2F, .int2F)
        #expect(machine.cpu.al == 0)
        #expect(machine.context.poll == .idle)
    }

    @Test func conventionalValues() throws {
        let machine = try DOSMachine()
        machine.dos(0x3700)
        #expect(machine.cpu.dl == UInt8(ascii: "/"))
        machine.dos(0x2E01)
        machine.dos(0x5400)
        #expect(machine.cpu.al == 1)
        machine.dos(0x5D06)
        #expect(FarPointer(machine.cpu.ds, machine.cpu.si) == FarPointer(DOSLayout.dataSegment, 0x320))
        machine.dos(0x3400)
        #expect(machine.memory.read8(FarPointer(machine.cpu.es, machine.cpu.bx)) == 0)
    }
}
