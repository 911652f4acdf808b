import Foundation
import Testing

/// TONES.COM run by the command, with everything recorded that can be, and measured.
@Suite struct SoundCaptureTests {
    private static let rom = TestROM.all.first { $0.program == "TONES.COM" }

    private func run(_ folder: URL, _ options: [String]) throws -> ROMRunner.Result? {
        try Self.rom.map { try ROMRunner($0, options: options).run() }
    }

    private func folder() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(path: "ochenta-sound-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    @Test("a recording has the tones at their times and levels, and is the same every time")
    func tones() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = ["a.wav", "b.wav", "a.dro", "a.vgm"].map { folder.appending(path: $0).path }
        let options = ["--audio", paths[0]] + paths.dropFirst().flatMap { ["--record", $0] }
        guard let result = try run(folder, options) else { return }
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "a.wav")))
        #expect(bytes == [UInt8](try Data(contentsOf: folder.appending(path: "b.wav"))))
        let wave = RecordedWave(bytes)
        // The tones take 9 ticks of the BIOS each; where they begin is found by the loudness.
        let tick = 65_536 * 12 / 14_318_180.0
        let parts = stride(from: 0, to: Double(wave.samples.count) / wave.rate - 0.01, by: 0.01)
        let loud = parts.filter { wave.loudness(from: $0, to: $0 + 0.01) > 200 }
        let first = try #require(loud.first)
        let second = try #require(loud.first { $0 > first + 11 * tick })
        #expect(abs(second - first - 13 * tick) < 0.03)
        let speaker = wave.level(1_000.15, from: first + 0.05, to: first + 0.45)
        #expect(speaker > 1_000 && wave.level(440, from: first + 0.05, to: first + 0.45) < speaker / 100)
        // A square wave has its third harmonic at 9.5 dB less, and no second.
        #expect(wave.level(2_000.3, from: first + 0.05, to: first + 0.45) < speaker / 30)
        let adlib = wave.level(440, from: second + 0.05, to: second + 0.45)
        #expect(adlib > 1_000 && wave.level(1_000.15, from: second + 0.05, to: second + 0.45) < adlib / 300)
        #expect(wave.level(880, from: second + 0.05, to: second + 0.45) < adlib / 10)
        #expect(wave.loudness(from: first + 11.5 * tick, to: first + 12.5 * tick) < 20)
        // The registers: the first voice is keyed once, and comes to its end.
        let dro = [UInt8](try Data(contentsOf: folder.appending(path: "a.dro")))
        #expect(String(decoding: dro[..<8], as: UTF8.self) == "DBRAWOPL" && dro.count > 150)
        let vgm = [UInt8](try Data(contentsOf: folder.appending(path: "a.vgm")))
        #expect(String(decoding: vgm[..<4], as: UTF8.self) == "Vgm ")
        #expect(
            vgm.indices.dropLast(2).contains {
                [0x5A, 0x5E].contains(vgm[$0]) && vgm[$0 + 1] == 0xA0 && vgm[$0 + 2] == 0x44
            })
        // Another run, at real time in place of full speed.
        _ = try run(folder, ["--audio", paths[0], "--speed", "real"])
        #expect(bytes == [UInt8](try Data(contentsOf: folder.appending(path: "a.wav"))))
    }

    @Test("a film has the sound of its pictures")
    func film() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "a.avi").path
        guard let result = try run(folder, ["--video", path]) else { return }
        #expect(result.status == 0, "\(result.errors)")
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "a.avi")))
        func word(_ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) } }
        // All chunks of sound, one after the other.
        var (place, sound): (Int, [UInt8]) = (4_096, [])
        while place + 8 <= bytes.count, bytes[place] == UInt8(ascii: "0") {
            let size = word(place + 4)
            if bytes[place + 1] == UInt8(ascii: "1") { sound += bytes[place + 8..<place + 8 + size] }
            place += 8 + size + size % 2
        }
        var wave = RecordedWave([UInt8](repeating: 0, count: 44) + sound)
        wave.rate = 48_000
        let seconds = Double(wave.samples.count) / wave.rate
        let levels = stride(from: 0, to: seconds - 0.1, by: 0.1).map { wave.level(440, from: $0, to: $0 + 0.1) }
        #expect((levels.max() ?? 0) > 1_000)
    }

    @Test("ALSA's file device and SDL's disk driver get both tones", arguments: ["alsa", "sdl"])
    func devices(library: String) throws {
        guard let rom = Self.rom else { return }
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "device").path
        let device = library == "alsa" ? "alsa:file:\(path),raw" : "device"
        let environment = library == "alsa" ? [:] : ["SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": path]
        let result = try ROMRunner(rom, options: ["--audio", device, "--speed", "real"], environment: environment).run()
        #expect(result.status == 0 && !result.errors.contains("no sound"), "\(result.errors)")
        var wave = RecordedWave([UInt8](repeating: 0, count: 44) + [UInt8](try Data(contentsOf: URL(filePath: path))))
        wave.rate = 48_000
        let starts = stride(from: 0, to: Double(wave.samples.count) / wave.rate - 0.1, by: 0.1)
        for frequency in [1_000.15, 440] {
            let level = starts.map { wave.level(frequency, from: $0, to: $0 + 0.1) }.max() ?? 0
            #expect(level > 1_000, "\(frequency) Hz")
        }
    }

    @Test("a device that is not there is one line, when it was asked for")
    func absentDevice() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        guard let result = try run(folder, ["--audio", "alsa:no-such-device", "--speed", "real"]) else { return }
        #expect(result.status == 0)
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 1 && lines[0].hasPrefix("ochenta: no sound: "), "\(result.errors)")
    }

    @Test("a file that cannot be made is said before anything runs")
    func wrongFiles() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for options in [["--audio", "/nonexistent/a.wav"], ["--record", "/nonexistent/a.dro"]] {
            guard let result = try run(folder, options) else { return }
            #expect(result.status == 2 && result.output.isEmpty)
            #expect(result.errors.contains("/nonexistent"), "\(result.errors)")
        }
    }
}
