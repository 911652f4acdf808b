import Foundation
import TestSupport
import Testing
import X86

@testable import ProcessorSuites

/// Damaged files of every kind: an error with its place, or other tests, but never a trap or a flood.
@Suite struct FuzzTests {
    /// Files of each kind and chip.
    private static let seeds: [[UInt8]] = {
        let tests = [SuiteBuilder.moveImmediate(), FileTests.test286]
        return zip(tests, [ProcessorModel.i8086, .i80286]).flatMap { test, model in
            [SuiteBuilder.moo([test, test], model), Array(SuiteBuilder.json([test], model).utf8)]
        }
    }()

    private static let rounds = ProcessInfo.processInfo.environment["OCHENTA_FUZZ_SEEDS"].flatMap(Int.init) ?? 150

    /// Decodes everything; what is wrong must have a place inside the file.
    private func decode(_ bytes: [UInt8]) {
        do throws(SuiteError) {
            let contents = SuiteFile.isCompressed(bytes) ? try SuiteFile.inflate(bytes, "f") : bytes
            let file = try TestFile(path: "f", bytes: contents)
            for number in 0..<file.count {
                let test = try file.test(number)
                for clock in 0..<test.clocks.count { _ = test.clocks.record(clock, .i8086) }
            }
        } catch {
            #expect(error.path == "f")
            #expect((0...(bytes.count + 4_000)).contains(error.offset ?? -1), "\(error)")
        }
    }

    @Test func `files cut off anywhere`() {
        for seed in Self.seeds {
            for length in 0..<seed.count { decode(Array(seed[..<length])) }
            let packed = SuiteBuilder.gzip(seed)
            for length in 0..<packed.count { decode(Array(packed[..<length])) }
        }
    }

    @Test func `files with damaged bytes`() {
        var random = SeededGenerator(seed: 1)
        for round in 0..<Self.rounds * 40 {
            var bytes = Self.seeds[round % Self.seeds.count]
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<6, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2:
                    bytes[place] = [0x00, 0xFF, 0x7F, 0x80, 0x22, 0x5B, 0x5C, 0x7B].randomElement(using: &random) ?? 0
                case 3: bytes.remove(at: place)
                case 4: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                default:
                    let end = min(place + Int.random(in: 1...32, using: &random), bytes.count)
                    bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: bytes.indices, using: &random))
                }
                if bytes.isEmpty { break }
            }
            decode(bytes)
            decode(SuiteBuilder.gzip(bytes))
        }
    }

    @Test func `damaged gzip files`() {
        var random = SeededGenerator(seed: 2)
        for round in 0..<Self.rounds * 20 {
            var bytes = SuiteBuilder.gzip(Self.seeds[round % Self.seeds.count])
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<min(bytes.count, 64), using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            // Without its first bytes it is not taken for a gzip file.
            decode(bytes)
        }
    }

    @Test func `damaged tests run to an end`() {
        var random = SeededGenerator(seed: 3)
        for round in 0..<Self.rounds {
            let model: ProcessorModel = round % 2 == 0 ? .i8086 : .i80286
            var bytes = Self.seeds[round % 2 * 2]
            for _ in 0..<4 {
                bytes[Int.random(in: 28..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let file = try? TestFile(path: "f", bytes: bytes), file.count > 0, let test = try? file.test(0),
                let machine = SuiteMachine(model, .fast)
            else { continue }
            for isLogging in [false, true] {
                machine.isLogging = isLogging
                _ = machine.run(test, fixedClocks: 1, isTracing: false)
                _ = machine.clear(test)
            }
            machine.close()
        }
    }

    @Test func `manifests and metadata with damaged bytes`() {
        let manifest = Array("form\ttests\tflags_mask\n00\t1\t0xFFFF\nF7.6\t1\t0xF72A\n".utf8)
        let metadata = Array(
            #"{"cpu":"8086","opcodes":{"00":{"status":"x"},"F7":{"reg":{"6":{"flags-mask":63274}}}}}"#.utf8)
        var random = SeededGenerator(seed: 4)
        for round in 0..<Self.rounds * 20 {
            var bytes = round % 2 == 0 ? manifest : metadata
            for _ in 0..<3 {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do throws(SuiteError) {
                _ = try FlagsMasks(
                    manifest: round % 2 == 0 ? bytes : manifest, metadata: round % 2 == 0 ? metadata : bytes)
            } catch {
                #expect(error.offset != nil, "\(error)")
            }
        }
    }
}
