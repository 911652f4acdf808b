import Core
import Testing
import X86

@testable import ProcessorSuites

@Suite struct ROMRunTests {
    /// Runs `code` at F000:0000, to which the reset vector jumps; returns what it reported.
    private func run(
        _ code: [UInt8], _ change: (inout ROMRun) -> Void = { _ in }
    ) throws -> (result: ROMRun.Result, reports: [UInt8]) {
        var run = ROMRun()
        run.images = [
            .init(code, at: 0xF_0000), .init([0xEA, 0x00, 0x00, 0x00, 0xF0], at: 0xF_FFF0),
        ]
        run.limit = 4_000_000
        change(&run)
        var reports: [UInt8] = []
        let result = try #require(run.run { reports.append($0) })
        return (result, reports)
    }

    @Test func `a program runs until it halts and its reports come in order`() throws {
        // MOV AL,1; OUT 80h,AL; INC AX; OUT 80h,AL; MOV [200h],AL; HLT
        let code: [UInt8] = [0xB0, 1, 0xE6, 0x80, 0x40, 0xE6, 0x80, 0xA2, 0, 2, 0xF4]
        for model in ProcessorModel.allCases {
            let (result, reports) = try run(code) {
                $0.model = model
                $0.reportPort = 0x80
            }
            #expect(result.end == .halted)
            #expect(result.place == FarPointer(0xF000, 11))
            #expect(result.instructions == 7)
            #expect(reports == [1, 2])
            #expect(result.memory[0x200] == 2)
            #expect(result.memory.count == ROMRun.memorySize(model))
        }
    }

    @Test func `the last report, a jump to itself and the limit end a run`() throws {
        // INC AX; OUT 80h,AL; JMP start
        let counting: [UInt8] = [0x40, 0xE6, 0x80, 0xEB, 0xFB]
        let (last, reports) = try run(counting) { ($0.reportPort, $0.lastReport) = (0x80, 5) }
        #expect(last.end == .reported)
        #expect(reports == [1, 2, 3, 4, 5])
        #expect(try run([0x90, 0xEB, 0xFE]).result.end == .loops)
        let (limited, _) = try run(counting)
        #expect(limited.end == .limit)
        #expect((4_000_000..<4_000_200).contains(limited.clocks))
    }

    @Test func `a run can begin anywhere, and a word goes to two ports`() throws {
        // MOV AX,4241h; OUT 80h,AX; HLT
        let (result, reports) = try run([0xF4, 0xB8, 0x41, 0x42, 0xE7, 0x80, 0xF4]) {
            $0.start = FarPointer(0xF000, 1)
            $0.reportPort = 0x81
        }
        #expect(result.place == FarPointer(0xF000, 7))
        #expect(reports == [0x42])
    }

    @Test func `a serial port that is reported on can take bytes`() throws {
        // MOV DX,3FDh; IN AL,DX; MOV [200h],AL; MOV DX,3FEh; IN AL,DX; MOV [201h],AL; HLT
        let code: [UInt8] = [0xBA, 0xFD, 3, 0xEC, 0xA2, 0, 2, 0xBA, 0xFE, 3, 0xEC, 0xA2, 1, 2, 0xF4]
        let (result, _) = try run(code) { $0.reportPort = 0x3F8 }
        #expect(result.memory[0x200] == 0x60)
        #expect(result.memory[0x201] == 0xFF)
        #expect(try run(code).result.memory[0x200] == 0xFF)
    }

    @Test func `a baud rate is no report`() throws {
        // MOV DX,3FBh; MOV AL,83h; OUT DX,AL; MOV DX,3F8h; OUT DX,AL; MOV DX,3FBh; MOV AL,3; OUT DX,AL; MOV DX,3F8h;
        // MOV AL,41h; OUT DX,AL; HLT
        let code: [UInt8] = [
            0xBA, 0xFB, 3, 0xB0, 0x83, 0xEE, 0xBA, 0xF8, 3, 0xEE, 0xBA, 0xFB, 3, 0xB0, 3, 0xEE, 0xBA, 0xF8, 3, 0xB0,
            0x41,
            0xEE, 0xF4,
        ]
        #expect(try run(code) { $0.reportPort = 0x3F8 }.reports == [0x41])
    }

    @Test func `a shutdown ends a run`() throws {
        // XOR SP,SP; INC SP; PUSH AX, whose fault cannot be pushed.
        let (result, _) = try run([0x31, 0xE4, 0x44, 0x50]) { $0.model = .i80286 }
        #expect(result.end == .shutdown)
    }

    @Test func `differences of memory are ranges`() {
        let dump = MemoryDump([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], at: 2)
        var memory: [UInt8] = [0, 0] + dump.bytes
        #expect(dump.differences(in: memory).isEmpty)
        memory[2] = 0x11
        for place in 4..<14 { memory[place] = 0xEE }
        #expect(
            dump.differences(in: memory).map(\.description) == [
                "000002: expected 01, got 11",
                "000004-00000D: expected 03 04 05 06 07 08 09 0A ..., got EE EE EE EE EE EE EE EE ...",
            ])
    }

    @Test func `an image that does not fit is refused`() {
        var run = ROMRun()
        run.images = [.init([0, 0], at: 0xF_FFFF)]
        #expect(run.run { _ in } == nil)
        run.model = .i80286
        run.limit = 1_000
        #expect(run.run { _ in } != nil)
    }
}
