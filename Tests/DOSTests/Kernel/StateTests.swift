import Core
import TestSupport
import Testing
import X86

@testable import DOS

@Suite struct StateTests {
    /// Copies memory, registers and DOS of one machine into another that was started the same way.
    private func copy(_ source: DOSMachine, to target: DOSMachine) {
        #expect(restore(target.memory, from: savedState(source.memory)) == nil)
        #expect(restore(target.kernel, from: savedState(source.kernel)) == nil)
        target.processor.pointee = source.processor.pointee
    }

    @Test func aLineThatIsBeingEditedGoesOnInAnotherMachine() throws {
        let first = try DOSMachine()
        let second = try DOSMachine()
        first.place([20, 0])
        first.type("hallo")
        #expect(first.dos(0x0A00) { $0.dx = 0x4000 } == .waiting)
        copy(first, to: second)
        for machine in [first, second] {
            for key in [0x4B00, 0x4B00, 0x4B00, 0x4B00, 0x1265, 0x1C0D] as [UInt16] { machine.press(key) }
            #expect(machine.resume() == .returned)
            #expect(machine.memory.readBytes(machine.data(), 8) == [20, 5] + Array("hello".utf8) + [0x0D])
        }
        #expect(savedState(first.kernel) == savedState(second.kernel))
        #expect(savedState(first.memory) == savedState(second.memory))
    }

    @Test func aCallInsideACallIsRestored() throws {
        let first = try DOSMachine()
        let second = try DOSMachine()
        #expect(first.dos(0x0800) == .waiting)
        // A resident program, on DOS's stack, in an interrupt.
        #expect(first.dos(0x0700) == .waiting)
        #expect(first.memory.read8(DOSLayout.inDOS) == 2)
        copy(first, to: second)
        second.type("a")
        #expect(second.resume() == .returned)
        #expect(second.cpu.al == UInt8(ascii: "a"))
        #expect(second.memory.read8(DOSLayout.inDOS) == 1)
        second.type("b")
        #expect(second.resume() == .returned)
        #expect(second.memory.read8(DOSLayout.inDOS) == 0)
    }

    @Test func damagedStatesAreRefused() throws {
        let machine = try DOSMachine()
        machine.place([20, 0])
        machine.type("ab")
        machine.dos(0x0A00) { $0.dx = 0x4000 }
        let bytes = savedState(machine.kernel)
        for length in stride(from: 0, to: bytes.count, by: 41) {
            let other = try DOSMachine()
            #expect(restore(other.kernel, from: Array(bytes.prefix(length))) != nil)
        }
        // Whatever the bytes say, going on does not trap.
        var random = SplitMix(7)
        for _ in 0..<60 {
            var damaged = bytes
            for _ in 0..<4 {
                damaged[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            let other = try DOSMachine()
            _ = restore(other.kernel, from: damaged)
            other.processor.pointee = machine.processor.pointee
            other.type("xyz\r")
            _ = other.resume()
        }
    }
}

/// A small generator with a fixed seed.
struct SplitMix {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
