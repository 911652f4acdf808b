import Core
import TestSupport
import Testing

@testable import Output

@Suite struct RegisterFileTests {
    private struct Write {
        var chip: SoundChip
        var register: Int
        var value: UInt8
        var time: Tick

        func send(to listener: any SoundRegisterListener) {
            listener.soundRegisterDidChange(register, to: value, of: chip, at: time)
        }
    }

    /// Writes at random times, with gaps up to `gap`.
    private func writes(_ chips: [SoundChip], count: Int, gap: Tick, seed: UInt64) -> [Write] {
        var random = SeededGenerator(seed: seed)
        var time = Tick.seconds(5)
        return (0..<count).map { _ in
            if Bool.random(using: &random) { time += Tick(.random(in: 0...gap.count, using: &random)) }
            let chip = chips[Int.random(in: 0..<chips.count, using: &random)]
            return Write(
                chip: chip, register: .random(in: 0..<(chip == .opl3 ? 512 : 256), using: &random),
                value: .random(in: 0...255, using: &random), time: time)
        }
    }

    private func units(_ time: Tick, since start: Tick, rate: Int64) -> Int {
        Int((time - start).count * rate / Tick.perSecond)
    }

    @Test(
        arguments: [
            ([.opl2], 0), ([.opl2, .secondOPL2], 1), ([.opl3], 2),
        ] as [([SoundChip], Int)])
    func theRegistersOfAnOPLComeBackAtTheirMilliseconds(_ chips: [SoundChip], _ hardware: Int) throws {
        let folder = try TemporaryFolder()
        let all = writes(chips, count: 3_000, gap: .milliseconds(700), seed: 7)
        let file = try DROFile(path: folder.path("a.dro"))
        for write in all { write.send(to: file) }
        let end = (all.last?.time ?? .zero) + .seconds(200)
        #expect(file.finish(at: end) == nil)
        let read = DROReader(try ByteReader(file: folder.file("a.dro")))
        #expect(read.hardware == hardware)
        // What makes sound: five operator groups of 18, three voice groups of 9, and the single ones.
        let heard = all.filter { write in
            let (low, isHigh) = (write.register & 0xFF, write.register & 0x100 != 0 || write.chip == .secondOPL2)
            switch low {
            case 0x01, 0x05, 0x08, 0xBD: return true
            case 0x04: return isHigh
            case 0x20...0x95, 0xE0...0xF5: return low & 0x1F < 22 && low & 7 < 6
            case 0xA0...0xC8: return low & 15 < 9
            default: return false
            }
        }
        #expect(heard.count > 500)
        let start = try #require(heard.first).time
        #expect(
            read.writes
                == heard.map { write in
                    let chip: RecordedChip =
                        switch write.chip {
                        case .opl2: .opl2(0)
                        case .secondOPL2: .opl2(1)
                        default: .opl3
                        }
                    return ReadWrite(
                        chip: chip, register: write.register, value: write.value,
                        time: units(write.time, since: start, rate: 1_000))
                })
        #expect(read.length == units(end, since: start, rate: 1_000))
    }

    @Test func everyChipComesBackAtItsSample() throws {
        let folder = try TemporaryFolder()
        let chips: [SoundChip] = [.opl2, .secondOPL2, .opl3, .sn76489, .saa1099, .secondSAA1099]
        let all = writes(chips, count: 4_000, gap: .seconds(3), seed: 9)
        let file = try VGMFile(path: folder.path("a.vgm"), noise: .ncr)
        for write in all { write.send(to: file) }
        #expect(file.finish(at: all[3_999].time + .seconds(1)) == nil)
        let bytes = try ByteReader(file: folder.file("a.vgm"))
        let read = VGMReader(bytes)
        #expect(
            read.writes
                == all.map { write in
                    let chip: RecordedChip
                    var register = write.register
                    switch write.chip {
                    case .opl2: chip = .opl2(0)
                    case .secondOPL2: chip = .opl2(1)
                    case .opl3: chip = .opl3
                    case .sn76489: (chip, register) = (.sn76489, 0)
                    case .saa1099: (chip, register) = (.saa1099(0), register & 0x7F)
                    case .secondSAA1099: (chip, register) = (.saa1099(1), register & 0x7F)
                    }
                    return ReadWrite(
                        chip: chip, register: register, value: write.value,
                        time: units(write.time, since: all[0].time, rate: 44_100))
                })
        // The clocks; two OPL2 and two SAA1099.
        #expect(bytes.number(8) == 0x171 && bytes.number(0x0C) == 3_579_545 && bytes.number(0x5C) == 14_318_180)
        #expect(bytes.number(0x50) == 3_579_545 | 1 << 30 && bytes.number(0xC8) == 7_159_090 | 1 << 30)
        #expect(bytes.number(0x28, 2) == 0x22 && bytes.number(0x2A, 1) == 16)
    }

    @Test func aChipThatWasNotWrittenHasNoClock() throws {
        let folder = try TemporaryFolder()
        let file = try VGMFile(path: folder.path("a.vgm"), noise: .ncr)
        file.soundRegisterDidChange(0x20, to: 1, of: .opl2, at: .zero)
        #expect(file.finish(at: .seconds(1)) == nil)
        let bytes = try ByteReader(file: folder.file("a.vgm"))
        #expect(bytes.number(0x50) == 3_579_545)
        for place in [0x0C, 0x28, 0x5C, 0xC8] { #expect(bytes.number(place) == 0) }
        #expect(VGMReader(bytes).length == 44_100)
    }

    @Test func nothingWrittenIsAFileOfNoLength() throws {
        let folder = try TemporaryFolder()
        #expect(try DROFile(path: folder.path("a.dro")).finish(at: .seconds(9)) == nil)
        #expect(DROReader(try ByteReader(file: folder.file("a.dro"))).length == 0)
        #expect(try VGMFile(path: folder.path("a.vgm"), noise: .ncr).finish(at: .seconds(9)) == nil)
        #expect(VGMReader(try ByteReader(file: folder.file("a.vgm"))).length == 0)
    }

    @Test func theLimitOfTheFormatCutsAndIsSaid() throws {
        let folder = try TemporaryFolder()
        let file = try VGMFile(path: folder.path("a.vgm"), noise: .init(feedback: 3, width: 15), sizeLimit: 300)
        for number in 0..<100 {
            file.soundRegisterDidChange(0xA0, to: UInt8(number), of: .opl3, at: .seconds(Int64(number)))
        }
        #expect(file.finish(at: .seconds(200))?.contains("cut") == true)
        let bytes = try ByteReader(file: folder.file("a.vgm"))
        #expect(bytes.bytes.count <= 301 && bytes.bytes.last == 0x66)
    }

    @Test func whatCannotBeWrittenIsSaid() throws {
        #expect(throws: SoundFileError.self) { try DROFile(path: "/nonexistent/a.dro") }
        #expect(throws: SoundFileError.self) { try VGMFile(path: "/nonexistent/a.vgm", noise: .ncr) }
        #expect(try DROFile(path: "/dev/full").finish(at: .zero) != nil)
    }
}
