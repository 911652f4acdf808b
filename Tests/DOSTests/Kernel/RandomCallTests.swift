import Core
import Storage
import Testing
import X86

@testable import DOS

/// Calls with random numbers, random registers and random memory: nothing may trap, and every call comes to an end.
@Suite struct RandomCallTests {
    @Test(arguments: 0..<4) func randomInterrupts(seed: Int) throws {
        var random = SplitMix(UInt64(seed) &+ 100)
        var machine = try DOSMachine(files: ["A.TXT": [1, 2, 3], "B.COM": [0xC3]], isStream: seed % 2 == 1)
        machine.streams.end()
        let entries: [DOSKernel.Entry] = [.int21, .int21, .int21, .int21, .int2F, .int25, .int29, .callFive, .int27]
        for step in 0..<300 {
            for number in UInt8(0x10)...0x2F where random.next() % 16 == 0 {
                let (ax, flags) = (UInt16(truncatingIfNeeded: random.next()), UInt16(truncatingIfNeeded: random.next()))
                machine.handlers[number] = { cpu in
                    cpu.ax = ax
                    cpu.flags = flags
                    return flags & 0x8000 != 0
                }
            }
            if step % 40 == 0 { machine.type("a\r\u{3}z\r") }
            machine.cpu.state.pointee = CPUState()
            func word() -> UInt16 { UInt16(truncatingIfNeeded: random.next()) }
            (machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (word(), word(), word(), word())
            (machine.cpu.si, machine.cpu.di, machine.cpu.bp) = (word(), word(), word())
            (machine.cpu.ds, machine.cpu.es, machine.cpu.ss, machine.cpu.sp) = (word(), word(), word(), word())
            machine.cpu.ah = UInt8(truncatingIfNeeded: random.next() % 0x70)
            if random.next() % 2 == 0 { machine.cpu.bx = word() % 8 }
            if random.next() % 2 == 0 { machine.cpu.ds = machine.psp.segment }
            let entry = entries[Int(random.next() % UInt64(entries.count))]
            var stop = machine.interrupt(0x21, entry)
            for _ in 0..<4 where stop == .waiting || stop == .hostInput { stop = machine.resume() }
            if case .exited = stop {
                machine = try DOSMachine(files: ["A.TXT": [1, 2, 3], "B.COM": [0xC3]], isStream: seed % 2 == 1)
                machine.streams.end()
            }
        }
    }

    @Test func randomExecutables() throws {
        var random = SplitMix(42)
        for _ in 0..<120 {
            var file = (0..<Int(random.next() % 700)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if file.count > 2, random.next() % 4 != 0 { file.replaceSubrange(0..<2, with: [0x4D, 0x5A]) }
            // Small numbers get further than random ones.
            for index in stride(from: 5, to: min(file.count, 28), by: 2) where random.next() % 3 != 0 {
                file[index] = 0
            }
            let machine = try DOSMachine(files: ["R.EXE": file])
            for mode in [UInt16(0), 1, 3] where try ProcessTests.start("C:\\R.EXE", machine, mode: mode) != .returned {
                machine.dos(0x4C00)
            }
        }
    }
}
