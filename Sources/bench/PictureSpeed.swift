import Core
import Foundation
import Machine
import Output
import Storage

/// What pictures cost: programs of the benchmark directory on a VGA, with somebody who looks at each frame and without.
struct PictureSpeed {
    let directory: URL
    let rounds: Int

    /// Emulated time of one measurement.
    private static let seconds = 5
    private static let start = Tick.seconds(2)
    /// The window that a picture is scaled for.
    private static let window = (width: 960, height: 720)

    private struct Cost {
        /// Host seconds for as long.
        var unwatched = Double.infinity
        var drawn = Double.infinity
        var scaled = Double.infinity
        var frames = 0
        var frame: Frame?

        /// Host seconds that a frame takes.
        var drawing: Double { max(drawn - unwatched, 0) / Double(max(frames, 1)) }
    }

    private enum Watching { case none, frames, window }

    func table() -> String {
        var lines = ["pictures of a VGA, in the fast 286 of 12 MHz (best of \(rounds)):"]
        for (letter, name) in [
            ("V", "mode 13h, 64,000 pixels a frame"), ("P", "mode 12h, all planes a frame"),
            ("T", "text, 2,000 cells a frame"),
        ] {
            guard let cost = cost("FRAMES", tail: letter), let frame = cost.frame else {
                lines.append("\(name): not run")
                continue
            }
            let seconds = Double(PictureSpeed.seconds)
            let copies = 20 * copying(frame)
            lines.append(
                String(
                    format: """
                        %@: %.1f frames/s; one core: %.1f %% without pictures, %.1f %% more for drawing, \
                        %.1f %% more for scaling to %d by %d; a frame of %d by %d takes %.2f of the time of 20 copies
                        """, name, Double(cost.frames) / seconds, cost.unwatched / seconds * 100,
                    max(cost.drawn - cost.unwatched, 0) / seconds * 100,
                    max(cost.scaled - cost.drawn, 0) / seconds * 100, PictureSpeed.window.width,
                    PictureSpeed.window.height, frame.width, frame.height, cost.drawing / copies))
        }
        if let cost = cost("", tail: "") {
            let seconds = Double(PictureSpeed.seconds)
            lines.append(
                String(
                    format: "a prompt at rest: one core: %.2f %% without pictures, %.2f %% with them",
                    cost.unwatched / seconds * 100, cost.scaled / seconds * 100))
        }
        return lines.joined(separator: "\n")
    }

    /// Interleaved; nil if the program is missing.
    private func cost(_ program: String, tail: String) -> Cost? {
        var cost = Cost()
        for _ in 0..<rounds {
            guard let none = run(program, tail, .none), let frames = run(program, tail, .frames),
                let window = run(program, tail, .window)
            else { return nil }
            cost.unwatched = min(cost.unwatched, none.seconds)
            cost.drawn = min(cost.drawn, frames.seconds)
            cost.scaled = min(cost.scaled, window.seconds)
            (cost.frames, cost.frame) = (frames.count, frames.last)
        }
        return cost
    }

    /// Runs a program, or a prompt if it has no name, past its start and then for some seconds.
    private func run(
        _ program: String, _ tail: String, _ watching: Watching
    ) -> (seconds: Double, count: Int, last: Frame?)? {
        guard let machine = machine(program, tail) else { return nil }
        let scaler = PictureScaler(isTube: false)
        machine.isPictureWatched = watching != .none
        var (count, last) = (0, Frame?.none)
        func run(until limit: Tick) {
            while machine.now < limit {
                let end = machine.frameEnd
                while machine.now < end {
                    if case .exited = machine.run(until: end) { return }
                }
                guard watching != .none, let frame = machine.frame() else { continue }
                count += 1
                // As the window does: what is as before is not drawn again.
                if watching == .window, last?.pixels != frame.pixels { scale(frame, scaler) }
                last = frame
            }
        }
        run(until: PictureSpeed.start)
        count = 0
        let start = ProcessorTime.now
        run(until: PictureSpeed.start + .seconds(Int64(PictureSpeed.seconds)))
        return (ProcessorTime.now - start, count, last)
    }

    private func scale(_ frame: Frame, _ scaler: PictureScaler) {
        let source = frame.dotsPerPixel > 1 || frame.linesPerPixel > 1 ? frame.reduced : frame
        source.pixels.withUnsafeBufferPointer {
            scaler.draw($0, width: source.width, height: source.height, to: PictureSpeed.window)
        }
    }

    private func machine(_ program: String, _ tail: String) -> PersonalComputer? {
        var configuration = MachineConfiguration()
        let volume = MemoryVolume(clock: StoppedFileClock())
        if program.isEmpty {
            configuration.isInteractive = true
        } else {
            guard let bytes = try? Data(contentsOf: directory.appending(path: program + ".COM")),
                (try? volume.load([program + ".COM": Array(bytes)])) != nil
            else { return nil }
            configuration.startup = [.program(path: Array("C:\\\(program).COM".utf8), tail: Array(" \(tail)".utf8))]
        }
        configuration.drives = [(letter: 2, volume: volume)]
        return PersonalComputer(configuration)
    }

    /// Host seconds to copy the frame's dots from one place to another, the best of many.
    private func copying(_ frame: Frame) -> Double {
        let count = frame.pixels.count
        let target = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
        defer { target.deallocate() }
        var best = Double.infinity
        for _ in 0..<10 {
            let start = ProcessorTime.now
            for _ in 0..<20 { frame.pixels.withUnsafeBufferPointer { memcpy(target, $0.baseAddress, count * 4) } }
            best = min(best, (ProcessorTime.now - start) / 20)
        }
        return best
    }
}
