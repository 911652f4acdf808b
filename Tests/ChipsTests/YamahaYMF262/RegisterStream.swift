import CZlib
import Foundation
import TestSupport

@testable import Chips

/// Register writes by sample, and the samples they are to give: a file of `OCHENTA_OPL_TESTS`.
struct RegisterStream {
    struct Write {
        let sample: Int
        let register: Int
        let value: UInt8
    }

    let name: String
    var writes: [Write]
    /// Stereo, left first.
    var expected: [Int16] = []

    static let root = ProcessInfo.processInfo.environment["OCHENTA_OPL_TESTS"] ?? "../shared/opl-tests"
    static let isRequired = ProcessInfo.processInfo.environment["OCHENTA_REQUIRE_SUITES"] != nil

    /// The names in the manifest; none if there is no such directory.
    static let names: [String] = {
        let manifest = (try? String(contentsOfFile: root + "/manifest.tsv", encoding: .utf8)) ?? ""
        return manifest.split(separator: "\n").dropFirst().compactMap {
            $0.split(separator: "\t").first.map(String.init)
        }
    }()

    init(name: String, writes: [Write]) {
        self.name = name
        self.writes = writes
    }

    /// Reads a stream of the directory.
    init?(_ name: String) {
        guard let text = try? String(contentsOfFile: "\(Self.root)/\(name).tsv", encoding: .utf8),
            let packed = FileManager.default.contents(atPath: "\(Self.root)/\(name).s16le.gz")
        else { return nil }
        self.name = name
        writes = text.split(separator: "\n").dropFirst().compactMap { line in
            let cells = line.split(separator: "\t")
            guard cells.count == 3, let sample = Int(cells[0]), let register = Int(cells[1], radix: 16),
                let value = UInt8(cells[2], radix: 16)
            else { return nil }
            return Write(sample: sample, register: register, value: value)
        }
        let bytes = Self.inflate(Array(packed))
        expected = stride(from: 0, to: bytes.count & ~1, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }

    /// Random values in random registers, from reset, with one write about every `gap` samples.
    static func random(seed: UInt64, samples: Int, gap: Int, registers: Range<Int>) -> RegisterStream {
        var random = SeededGenerator(seed: seed)
        var writes: [Write] = []
        var sample = 0
        while sample < samples {
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let register = Int.random(in: registers, using: &random)
                writes.append(
                    Write(sample: sample, register: register, value: UInt8.random(in: 0...255, using: &random)))
            }
            sample += Int.random(in: 0...12 * gap, using: &random)
        }
        return RegisterStream(name: "random \(seed)", writes: writes)
    }

    /// The samples that a synthesizer makes, `count` frames.
    func play(on synthesizer: FM.Synthesizer, count: Int) -> [Int16] {
        var frames = [Int16](repeating: 0, count: 2 * count)
        frames.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            var position = 0
            for write in writes where write.sample < count {
                synthesizer.generate(base + 2 * position, count: write.sample - position)
                position = write.sample
                synthesizer.write(write.register, write.value)
            }
            synthesizer.generate(base + 2 * position, count: count - position)
        }
        return frames
    }

    private static func inflate(_ packed: [UInt8]) -> [UInt8] {
        var packed = packed
        var result = [UInt8](repeating: 0, count: 1 << 24)
        var stream = z_stream()
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return [] }
        defer { inflateEnd(&stream) }
        return packed.withUnsafeMutableBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                guard CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END else { return [] }
                return Array(target.prefix(Int(stream.total_out)))
            }
        }
    }
}
