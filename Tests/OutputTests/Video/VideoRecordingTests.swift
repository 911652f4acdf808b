import CZlib
import Core
import Foundation
import TestSupport
import Testing

@testable import Output

/// Reads what `ZMBVEncoder` writes, as the format is described.
private final class ZMBVDecoder {
    let width: Int
    let height: Int
    private var format: UInt8 = 0
    private var palette = [UInt8](repeating: 0, count: 768)
    private var pixels: [UInt8] = []
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        stream.initialize(to: z_stream())
        inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    private func inflated(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var input = Array(bytes)
        var output = [UInt8](repeating: 0, count: width * height * 5 + 100_000)
        return input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                inflate(stream, Z_SYNC_FLUSH)
                return Array(output[..<(output.count - Int(stream.pointee.avail_out))])
            }
        }
    }

    func decode(_ frame: [UInt8]) -> [UInt32] {
        let flags = frame[0]
        if flags & 1 != 0 {
            format = frame[4]
            #expect(frame[1..<4] == [0, 1, 1])
            inflateReset(stream)
            pixels = inflated(frame[7...])
            if format == 4 {
                palette = Array(pixels[..<768])
                pixels.removeFirst(768)
            }
        } else {
            var data = inflated(frame[1...])[...]
            if flags & 2 != 0 {
                for index in 0..<768 { palette[index] ^= data[data.startIndex + index] }
                data = data.dropFirst(768)
            }
            applyBlocks(Array(data))
        }
        if format == 4 {
            return pixels.map { number in
                let place = Int(number) * 3
                return UInt32(palette[place]) << 16 | UInt32(palette[place + 1]) << 8 | UInt32(palette[place + 2])
            }
        }
        return stride(from: 0, to: pixels.count, by: 4).map {
            UInt32(pixels[$0]) | UInt32(pixels[$0 + 1]) << 8 | UInt32(pixels[$0 + 2]) << 16
        }
    }

    private func applyBlocks(_ data: [UInt8]) {
        let depth = format == 4 ? 1 : 4
        let (across, down) = ((width + 15) / 16, (height + 15) / 16)
        var place = (across * down * 2 + 3) & ~3
        for index in 0..<across * down where data[index * 2] & 1 != 0 {
            let (x, y) = (index % across * 16, index / across * 16)
            for line in y..<min(y + 16, height) {
                for byte in (line * width + x) * depth..<(line * width + min(x + 16, width)) * depth {
                    pixels[byte] ^= data[place]
                    place += 1
                }
            }
        }
        #expect(place == data.count)
    }
}

@Suite struct VideoRecordingTests {
    /// Frames in which small and large parts change, with more and more colours.
    private func frames(width: Int, height: Int, colors: UInt32) -> [[UInt32]] {
        var random = SeededGenerator(seed: UInt64(colors))
        var pixels = [UInt32](repeating: 0x0000AA, count: width * height)
        return (0..<40).map { number in
            for _ in 0..<(number % 5) * 20 {
                let color = UInt32.random(in: 0..<colors, using: &random) &* 0x01_0307
                pixels[Int.random(in: 0..<pixels.count, using: &random)] = color & 0xFF_FFFF
            }
            return pixels
        }
    }

    @Test(arguments: [(64, 48, 16), (17, 33, 200), (50, 20, 100_000), (1, 1, 3)] as [(Int, Int, UInt32)])
    func everyFrameComesBack(_ width: Int, _ height: Int, _ colors: UInt32) throws {
        let encoder = try #require(ZMBVEncoder(width: width, height: height))
        let decoder = ZMBVDecoder(width: width, height: height)
        for (number, pixels) in frames(width: width, height: height, colors: colors).enumerated() {
            let (bytes, isKey) = encoder.encode(pixels)
            #expect(isKey == (bytes[0] & 1 != 0))
            #expect(decoder.decode(bytes) == pixels, "frame \(number)")
        }
    }

    @Test func aFrameThatIsTheSameCostsLittleAndKeysComeAgain() throws {
        let encoder = try #require(ZMBVEncoder(width: 640, height: 400))
        let pixels = (0..<640 * 400).map { UInt32($0 % 251) }
        var keys = 0
        for number in 0..<301 {
            let (bytes, isKey) = encoder.encode(pixels)
            if isKey { keys += 1 } else { #expect(bytes.count < 64, "frame \(number)") }
        }
        #expect(keys == 2)
    }

    private func frame(_ width: Int, _ height: Int, _ color: UInt32) -> Frame {
        Frame(
            width: width, height: height, pixels: Array(repeating: color, count: width * height),
            dotAspect: .init(5, 6),
            time: .zero)
    }

    private func word(_ bytes: [UInt8], _ place: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) }
    }

    private func directory() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(
            path: "ochenta-video-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    @Test func anotherSizeBeginsAnotherFile() throws {
        let folder = try directory()
        defer { try? FileManager.default.removeItem(at: folder) }
        let recording = VideoRecording(path: folder.appending(path: "a.avi").path)
        let period = Tick.milliseconds(20)
        for number in Int64(0)..<10 {
            let size = number < 4 ? (64, 48) : (32, 20)
            recording.add(frame(size.0, size.1, UInt32(number)), at: period * number, period: period)
        }
        #expect(recording.finish() == nil)
        #expect(recording.fileCount == 2)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["a-2.avi", "a.avi"])
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "a.avi")))
        #expect(Array(bytes[..<4]) == Array("RIFF".utf8))
        #expect(word(bytes, 4) == bytes.count - 8)
        // Frames in the main header and in that of the stream; the rate is 50.
        #expect(word(bytes, 48) == 4)
        #expect(word(bytes, 140) == 4)
        #expect(word(bytes, 132) == 50_000_000 && word(bytes, 128) == 1_000_000)
        // The index names every frame.
        let index = bytes.count - 4 * 16
        #expect(Array(bytes[index - 8..<index - 4]) == Array("idx1".utf8))
        for entry in 0..<4 {
            let place = 4_096 - 4 + word(bytes, index + entry * 16 + 8)
            #expect(Array(bytes[place..<place + 4]) == Array("00dc".utf8))
            #expect(word(bytes, place + 4) == word(bytes, index + entry * 16 + 12))
        }
    }

    @Test func aModeThatIsBeingSetLeavesNoTrace() throws {
        let folder = try directory()
        defer { try? FileManager.default.removeItem(at: folder) }
        let recording = VideoRecording(path: folder.appending(path: "a.avi").path)
        let period = Tick.milliseconds(20)
        // A size for one frame, then two odd lengths of the next one before it is steady.
        let steps: [(size: Int, length: Int64)] = [(16, 20), (16, 20), (40, 20), (24, 3), (24, 11), (24, 20), (24, 20)]
        var time = Tick.zero
        for (number, step) in steps.enumerated() {
            recording.add(frame(step.size, 10, UInt32(number)), at: time, period: .milliseconds(step.length))
            time += .milliseconds(step.length)
        }
        recording.add(frame(24, 10, 9), at: time, period: period)
        #expect(recording.finish() == nil)
        #expect(recording.fileCount == 2)
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "a-2.avi")))
        #expect(word(bytes, 64) == 24)
        #expect(word(bytes, 132) == 50_000_000 && word(bytes, 128) == 1_000_000)
        // A single frame is a film too.
        let short = VideoRecording(path: folder.appending(path: "b.avi").path)
        short.add(frame(8, 8, 1), at: .zero, period: period)
        #expect(short.finish() == nil && short.fileCount == 1)
    }

    @Test func framesThatAreMissingAreRepeatedAndEarlyOnesDropped() throws {
        let folder = try directory()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "b.avi")
        let recording = VideoRecording(path: file.path)
        let period = Tick.milliseconds(10)
        for time in [0, 1, 4, 4, 5, 100_000, 100_001] as [Int64] {
            recording.add(frame(16, 16, UInt32(time)), at: period * time, period: period)
        }
        #expect(recording.finish() == nil)
        // 0 1 1 1 4 5, then the long gap is left out.
        #expect(word([UInt8](try Data(contentsOf: file)), 48) == 8)
    }

    @Test func whatCannotBeWrittenIsSaid() {
        let recording = VideoRecording(path: "/nonexistent/a.avi")
        recording.add(frame(16, 16, 0), at: .zero, period: .milliseconds(10))
        #expect(recording.finish() == "/nonexistent/a.avi: No such file or directory")
        let full = VideoRecording(path: "/dev/full")
        for number in Int64(0)..<5 {
            full.add(frame(16, 16, 0), at: .milliseconds(10) * number, period: .milliseconds(10))
        }
        #expect(full.finish() != nil)
    }

    @Test func filesAreNumbered() {
        #expect(VideoRecording.name("a/b.avi", number: 1) == "a/b.avi")
        #expect(VideoRecording.name("a/b.AVI", number: 12) == "a/b-12.AVI")
        #expect(VideoRecording.name("a/b", number: 2) == "a/b-2")
    }
}
