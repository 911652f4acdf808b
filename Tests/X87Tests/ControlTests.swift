import Core
import TestSupport
import Testing
import X86

@testable import X87

/// The stack, the environment, BUSY and the error line, and what the two chips have of their own.
///
/// Source: [80287PRM] chapters 1 and 2; [8087].
@Suite struct ControlTests {
    private typealias Memory = Bench.Memory

    @Test("after FINIT: everything masked, an 8087's interrupts too", arguments: [Intel8087.Model.i8087, .i80287])
    func initialize(model: Intel8087.Model) {
        let bench = Bench(model)
        for reset in [false, true] {
            bench.set(control: 0)
            bench.execute(0x1E8)
            if reset {
                bench.chip.lineDidChange(Intel8087.Input.reset, isAsserted: true, at: bench.now)
            } else {
                bench.execute(0x3E3)
            }
            bench.execute(Memory.storeControl)
            #expect(bench.operand[0] == (model == .i8087 ? 0x03FF : 0x037F))
            bench.execute(Memory.storeStatus)
            #expect(bench.operand[0] == 0)
            #expect(bench.depth == 0)
        }
    }

    @Test("FINIT leaves the condition codes")
    func conditions() {
        let bench = Bench()
        bench.calculate(0x0D1, .one, .one)
        bench.execute(0x3E3)
        bench.execute(Memory.storeStatus)
        #expect(bench.operand[0] == StatusBit.c3)
    }

    // MARK: The stack

    @Test("a push on a full stack: the indefinite, or nothing if that is not masked")
    func overflow() {
        let bench = Bench()
        for _ in 0..<8 { bench.execute(0x1E8) }
        #expect(bench.exceptions == [])
        for code in [UInt16(0x1EE), 0x1C3, Memory.loadTemporary, 0x1F2, 0x1F4] {
            bench.execute(0x3E2)
            bench.execute(code)
            #expect(bench.exceptions == .invalid)
            #expect(bench.top == .indefinite)
        }
        bench.execute(0x3E2)
        bench.set(control: 0x037E)
        let before = bench.chip.state.status
        bench.execute(0x1EE)
        #expect(bench.exceptions == .invalid)
        #expect(bench.chip.state.status & StatusBit.top == before & StatusBit.top)
    }

    @Test("an empty operand: the indefinite, or nothing if that is not masked")
    func underflow() {
        for code in [UInt16(0x0C1), 0x1FA, 0x1F0, 0x1FC, 0x1E0, 0x1C1, 0x1C9, 0x1F8, 0x1FD, 0x1F4] {
            let bench = Bench()
            bench.execute(code)
            #expect(bench.exceptions == .invalid)
            #expect(bench.top == .indefinite, "\(hex(code))")
            let strict = Bench()
            strict.set(control: 0x037E)
            strict.execute(code)
            #expect(strict.exceptions == .invalid)
            #expect(strict.depth == 0)
        }
        let bench = Bench()
        bench.execute(Memory.storeWord)
        #expect(bench.operand[0] == 0x8000)
        bench.execute(Memory.storeShort)
        #expect(Intel8087.bits(bench.operand, words: 2) == 0xFFC0_0000)
        bench.execute(Memory.storeTemporary)
        #expect(Intel8087.extended(bench.operand, at: 0) == .indefinite)
        bench.execute(0x0D1)
        #expect(bench.conditions == Ordering.notComparable.rawValue)
    }

    @Test("pops, pointer moves, FFREE, exchanges and the second codes")
    func stack() {
        let bench = Bench()
        bench.load(Extended(1))
        bench.load(Extended(2))
        bench.load(Extended(3))
        bench.execute(0x1CA)
        #expect(bench.top == Extended(1))
        bench.execute(0x5C9)
        #expect(bench.top == Extended(2))
        bench.execute(0x7C9)
        #expect(bench.top == Extended(1))
        bench.execute(0x1F7)
        #expect(bench.top == Extended(2))
        bench.execute(0x1F6)
        bench.execute(0x5D2)
        #expect(bench.chip.state[2] == Extended(1))
        // FSTP by its other codes, FFREE with a pop.
        bench.execute(0x1D9)
        #expect(bench.top == Extended(1))
        bench.execute(0x7D1)
        #expect(bench.depth == 1)
        bench.execute(0x7C0)
        #expect(bench.depth == 0)
        bench.load(Extended(4))
        bench.load(Extended(5))
        bench.execute(0x4D1)
        #expect(bench.conditions == 0)
        bench.execute(0x4D9)
        #expect(bench.depth == 1)
        bench.execute(0x5C0)
        #expect(bench.depth == 0)
        #expect(bench.exceptions == [])
    }

    @Test("subtractions and divisions in both directions, and with pops")
    func directions() {
        for (code, result) in [
            (UInt16(0x0E1), 2), (0x0E9, -2), (0x4E1, 2), (0x4E9, -2), (0x6E1, 2), (0x6E9, -2), (0x0F1, 2), (0x4F1, 2),
            (0x6F1, 2),
        ] {
            let bench = Bench()
            bench.calculate(code, Extended(4), Extended(2))
            let isIntoTop = code >> 8 == 0 || code >> 8 == 6
            #expect((isIntoTop ? bench.top : bench.next) == Extended(Int64(result)), "\(hex(code))")
            #expect(bench.depth == (code >> 8 == 6 ? 1 : 2))
        }
        let bench = Bench()
        bench.calculate(0x0F9, Extended(4), Extended(2))
        #expect(bench.top == Extended(signExponent: 0x3FFE, significand: Extended.integerBit))
    }

    // MARK: Environment

    @Test("FSTENV in real mode: physical addresses and the instruction's 11 bits, then everything masked")
    func environment() {
        for model in [Intel8087.Model.i8087, .i80287] {
            let bench = Bench(model)
            bench.set(control: 0x0340)
            bench.execute(Memory.loadShort, bits: 0x3F80_0000)
            bench.execute(0x0C0, at: 0x0200)
            bench.execute(Memory.storeEnvironment)
            #expect(bench.operand[0] == 0x0340)
            #expect(bench.operand[1] & StatusBit.top == 0x3800)
            #expect(bench.operand[2] == 0x3FFF)
            // 1234:0200 is the prefix, 1234:0201 the ESC byte: an 80287 counts from the prefix.
            #expect(bench.operand[3] == (model == .i80287 ? 0x2540 : 0x2541))
            #expect(bench.operand[4] == 0x10C0)
            #expect(bench.operand[5] == 0x9BD9)
            #expect(bench.operand[6] == 0x2000)
            bench.execute(Memory.storeControl)
            #expect(bench.operand[0] == 0x037F)
        }
    }

    @Test("FSAVE and FRSTOR bring everything back")
    func saveAndRestore() {
        let bench = Bench()
        bench.set(control: 0x0A7F)
        for value in [Extended(1), Special.infinity, Special.unnormal] { bench.load(value) }
        bench.execute(0x1F7)
        bench.execute(0x1E5)
        let before = bench.chip.state
        bench.execute(Memory.save)
        let image = bench.operand
        #expect(bench.depth == 0)
        bench.execute(0x1EB)
        bench.operand = image
        bench.execute(Memory.restore)
        #expect((0..<8).allSatisfy { bench.chip.state.registers[$0] == before.registers[$0] })
        #expect(bench.chip.state.tags == before.tags)
        #expect(bench.chip.state.status == before.status)
        #expect(bench.chip.state.control == before.control)
        #expect(bench.chip.state.instruction.linear == before.instruction.linear)
        #expect(bench.chip.state.code == before.code)
    }

    @Test("tags stay as they are loaded until the register changes")
    func loadedTags() {
        let bench = Bench()
        bench.execute(0x1E8)
        bench.execute(Memory.storeEnvironment)
        bench.operand[2] = 0x7FFF
        bench.execute(Memory.loadEnvironment)
        bench.execute(Memory.storeEnvironment)
        #expect(bench.operand[2] == 0x7FFF)
        bench.execute(0x1E0)
        bench.execute(Memory.storeEnvironment)
        #expect(bench.operand[2] == 0x3FFF)
    }

    // MARK: The two chips

    @Test("an 80287 has FSTSW AX and FSETPM, an 8087 has not")
    func chips() {
        let old = Bench(.i8087)
        let new = Bench(.i80287)
        for bench in [old, new] {
            bench.execute(0x1E8)
            bench.execute(0x3E4)
        }
        #expect(old.execute(0x7E0).accumulator == nil)
        #expect(new.execute(0x7E0).accumulator == 0x3800)
        #expect(!old.chip.state.isProtected)
        new.execute(Memory.storeEnvironment)
        #expect(new.operand[3] == 0x0100)
        #expect(new.operand[4] == 0x1234)
    }

    @Test("FENI and FDISI act on an 8087 and do nothing on an 80287")
    func interruptMask() {
        let old = Bench(.i8087)
        old.execute(0x3E0)
        #expect(old.chip.state.control.rawValue == 0x037F)
        old.execute(0x3E1)
        #expect(old.chip.state.control.rawValue == 0x03FF)
        let new = Bench(.i80287)
        new.execute(0x3E1)
        #expect(new.chip.state.control.rawValue == 0x037F)
    }

    @Test("an 8087 holds its interrupt back while it is masked, and stays busy")
    func heldInterrupt() {
        let bench = Bench(.i8087)
        bench.set(control: 0x03FB)
        bench.execute(0x1E8)
        bench.execute(0x1EE)
        bench.execute(0x4F9)
        #expect(bench.exceptions == .zeroDivide)
        #expect(!bench.error.isAsserted)
        #expect(bench.chip.busyEnd(at: bench.now) == .never)
        bench.execute(0x3E0)
        #expect(bench.error.isAsserted)
        bench.execute(0x3E2)
        #expect(!bench.error.isAsserted)
        #expect(bench.chip.busyEnd(at: bench.now) <= bench.now)
    }

    // MARK: Time

    @Test("an error shows when its instruction is complete")
    func errorTime() {
        let bench = Bench(.i80287)
        bench.set(control: 0x037B)
        bench.execute(0x1E8)
        bench.execute(0x1EE)
        bench.chip.takesTime = true
        bench.execute(0x4F9)
        #expect(!bench.error.isAsserted)
        #expect(bench.chip.busyEnd(at: bench.now) == .never)
        let end = Tick(10 * Int64(NumericClocks.clocks(of: 0x4F9)))
        #expect(bench.scheduler.nextDeadline == end)
        bench.scheduler.deliver(through: end)
        #expect(bench.lines.changes == [LineRecorder.Change(line: 0, isAsserted: true, time: end)])
        #expect(bench.chip.busyEnd(at: end) == end)
        bench.chip.lineDidChange(Intel8087.Input.busyHold, isAsserted: true, at: end)
        #expect(bench.chip.busyEnd(at: end) == .never)
    }

    @Test("BUSY lasts as long as the instruction, and bit 15 of the status says so")
    func busy() {
        let bench = Bench()
        bench.chip.takesTime = true
        bench.execute(0x1E8)
        #expect(bench.chip.busyEnd(at: .zero) == Tick(180))
        bench.execute(0x1FA)
        #expect(bench.chip.busyEnd(at: .zero) == Tick(180 + 1_830))
        bench.execute(Memory.storeStatus)
        #expect(bench.operand[0] & StatusBit.busy != 0)
        bench.now = Tick(2_010)
        bench.execute(Memory.storeStatus)
        #expect(bench.operand[0] & StatusBit.busy == 0)
        #expect(bench.chip.waits(0x0C1))
        #expect(!bench.chip.waits(Memory.storeStatus))
        #expect(!bench.chip.waits(0x3E3))
    }

    // MARK: Robustness

    @Test("any instruction in any state gives some state, and a saved state goes on in the same way")
    func randomInstructions() {
        var numbers = Numbers(seed: 2_026)
        for model in [Intel8087.Model.i8087, .i80287] {
            let bench = Bench(model)
            let copy = Bench(model)
            for step in 0..<60_000 * rounds {
                let code = UInt16(truncatingIfNeeded: numbers.bits()) & 0x7FF
                for word in 0..<47 { bench.operand[word] = UInt16(truncatingIfNeeded: numbers.bits()) }
                if numbers.below(3) > 0 { Intel8087.store(numbers.pattern(), in: &bench.operand, at: 0) }
                bench.chip.takesTime = numbers.below(2) == 0
                bench.now += Tick(Int64(numbers.below(4_000)))
                let isCompared = step % 40 == 0
                if isCompared {
                    #expect(restore(copy.chip, from: savedState(bench.chip)) == nil)
                    (copy.operand, copy.now, copy.chip.takesTime) = (bench.operand, bench.now, bench.chip.takesTime)
                }
                let result = bench.execute(code)
                if isCompared {
                    #expect(copy.execute(code) == result)
                    #expect(savedState(copy.chip) == savedState(bench.chip))
                }
                bench.scheduler.deliver(through: bench.now)
            }
        }
    }

    @Test("each memory form moves the bytes of its format, register forms none")
    func transfers() {
        for code in UInt16(0)..<0x800 {
            let chip = Bench().chip
            switch chip.transfer(of: code) {
            case .none: break
            case .read(let count), .write(let count):
                #expect([2, 4, 8, 10, 14, 94].contains(count))
                #expect(code & 0xC0 != 0xC0)
            }
            if code & 0xC0 == 0xC0 { #expect(chip.transfer(of: code) == .none) }
        }
    }
}
