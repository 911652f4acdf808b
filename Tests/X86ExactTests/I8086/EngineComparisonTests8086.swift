import Core
import Testing
import X86
import X86Exact
import X86Fast

/// Random programs of both engines, instruction by instruction.
@Suite struct EngineComparisonTests8086 {
    /// SplitMix64: the same numbers on every host.
    struct Generator: RandomNumberGenerator {
        var seed: UInt64
        mutating func next() -> UInt64 {
            seed &+= 0x9E37_79B9_7F4A_7C15
            var x = (seed ^ (seed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
            return x ^ (x >> 31)
        }
    }

    private final class Ports: ProcessorBus {
        var deadline = Tick.zero
        func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { UInt8(truncatingIfNeeded: port &* 7) }
        func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
            UInt16(readPort8(port, at: now)) | UInt16(readPort8(port &+ 1, at: now)) << 8
        }
        func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {}
        func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {}
        func acknowledgeInterrupt(at now: Tick) -> UInt8 { 0x20 }
    }

    /// Straight-line code: no jumps, no changes of segment registers, no divisions that fail, no repeats; and nothing that
    /// depends on what an internal register holds.
    private static func isAllowed(_ opcode: UInt8, _ modRM: UInt8) -> Bool {
        switch opcode {
        case 0x07, 0x0F, 0x17, 0x1F, 0x2E, 0x60...0x7F, 0x8E, 0x9A, 0x9B, 0x9D, 0xC0...0xC5, 0xC8...0xCF, 0xD4,
            0xE0...0xE3, 0xE8...0xEB, 0xF0...0xF4, 0xFB:
            return false
        case 0x8D: return modRM < 0xC0
        case 0x8F, 0xFE: return modRM & 0x38 < 0x10
        case 0xFF: return modRM & 0x38 < 0x10 || modRM & 0x30 == 0x30
        case 0xF6, 0xF7: return modRM & 0x38 < 0x30
        default: return true
        }
    }

    private static func program(seed: UInt64, length: Int) -> [UInt8] {
        var random = Generator(seed: seed)
        var code: [UInt8] = []
        while code.count < length {
            let opcode = UInt8(truncatingIfNeeded: random.next())
            let modRM = UInt8(truncatingIfNeeded: random.next())
            guard isAllowed(opcode, modRM) else { continue }
            var count = InstructionLength.immediateBytes(opcode, isOriginal: true)
            code.append(opcode)
            if InstructionLength.hasModRM(opcode) {
                code.append(modRM)
                count += InstructionLength.operandBytes(modRM) - 1
                if modRM & 0x30 == 0 { count += opcode == 0xF6 ? 1 : opcode == 0xF7 ? 2 : 0 }
            }
            for _ in 0..<count { code.append(UInt8(truncatingIfNeeded: random.next())) }
        }
        return code
    }

    private static func prepare(_ engine: any ProcessorEngine, _ memory: GuestMemory, _ code: [UInt8], seed: UInt64) {
        var random = Generator(seed: seed &+ 1_000)
        for address in 0x3_0000..<0x8_0000 { memory.physical[address] = UInt8(truncatingIfNeeded: random.next()) }
        memory.writeBytes(FarPointer(0x1000, 0x0000), code)
        let r = engine.registers
        (r.ax, r.bx, r.cx, r.dx) = (0x1234, 0x5678, 0x0F03, 0xFEDC)
        (r.bp, r.si, r.di) = (0x7FFF, 0x8001, 0x4321)
        (r.ds, r.es, r.ss, r.sp) = (0x3000, 0x5000, 0x6FFF, 0x8000)
        r.codePointer = FarPointer(0x1000, 0x0000)
    }

    @Test(arguments: [ProcessorModel.i8086, .i8088])
    func `both engines do the same`(model: ProcessorModel) {
        for seed in 0..<12 as Range<UInt64> {
            let code = Self.program(seed: seed, length: 8_000)
            let (fastMemory, exactMemory) = (GuestMemory(), GuestMemory())
            let (fastBus, exactBus) = (Ports(), Ports())
            let fast = FastProcessor(model: model, clockPeriod: Tick(1), memory: fastMemory, bus: fastBus)
            let exact = ExactProcessor8086(model: model, clockPeriod: Tick(1), memory: exactMemory, bus: exactBus)
            fastMemory.connect(fast)
            exactMemory.connect(exact)
            Self.prepare(fast, fastMemory, code, seed: seed)
            Self.prepare(exact, exactMemory, code, seed: seed)
            while Int(fast.registers.ip) < code.count {
                let ip = fast.registers.ip
                fastBus.deadline = fast.now + Tick(1)
                _ = fast.run()
                while exact.instructionCount < fast.instructionCount {
                    exactBus.deadline = exact.now + Tick(1)
                    _ = exact.run()
                }
                let (wanted, got) = (registers(fast), registers(exact))
                #expect(got == wanted, "\(model), seed \(seed), \(hex(ip)): \(hex(code[Int(ip)]))")
                if got != wanted { break }
            }
            #expect((0x3_0000..<0x8_0000).allSatisfy { fastMemory.physical[$0] == exactMemory.physical[$0] })
        }
    }

    private func registers(_ engine: any ProcessorEngine) -> [UInt16] {
        let r = engine.registers
        return [r.ax, r.bx, r.cx, r.dx, r.sp, r.bp, r.si, r.di, r.ip, r.flags]
    }
}
