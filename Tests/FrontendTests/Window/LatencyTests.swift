import Core
import Machine
import Testing

@testable import FrontendSDL
@testable import Hosting

/// From a key to the picture that shows it, through session, machine, link and pacer, on clocks that the test moves.
@Suite struct LatencyTests {
    /// Paints the text screen in the colour of the last key's scan code, by an IRQ 1 handler of its own; meanwhile it
    /// halts, or counts in the first cell so that every frame is another.
    private static func painter(isBusy: Bool) -> [UInt8] {
        let head: [UInt8] = [
            // CLI; INT 9 at CS:handler; ES = B800h; STI
            0xFA, 0x31, 0xC0, 0x8E, 0xD8, 0xC7, 0x06, 0x24, 0x00, 0x1D, 0x01, 0x8C, 0x0E,
            0x26, 0x00, 0xB8, 0x00, 0xB8, 0x8E, 0xC0, 0xFC, 0xFB,
        ]
        // INC BYTE [ES:0]; or HLT
        let work: [UInt8] = isBusy ? [0x26, 0xFE, 0x06, 0x00, 0x00] : [0xF4, 0x90, 0x90, 0x90, 0x90]
        let handler: [UInt8] = [
            0xEB, 0xF9,  // again
            // PUSH AX, DI, CX; AH = port 60h & 15; a block in that colour, 2000 times; EOI; IRET
            0x50, 0x57, 0x51, 0xE4, 0x60, 0x88, 0xC4, 0xB0, 0xDB, 0x80, 0xE4, 0x0F, 0x31,
            0xFF, 0xB9, 0xD0, 0x07, 0xF3, 0xAB, 0xB0, 0x20, 0xE6, 0x20, 0x59, 0x5F, 0x58, 0xCF,
        ]
        return head + work + handler
    }

    /// The host: time moves only when the session waits, and the display and the user act on the way.
    private final class Host: HostClock {
        private(set) var now: Int64 = 5_000_000_000
        let link: WindowLink
        private let refresh: Int64
        private let keys: [Int64]
        private var pacer: FramePacer
        private var frames: [TimedFrame] = []
        private var pressed = 0
        private var nextRefresh: Int64
        private var free: Int64 = 0
        /// From each key until the first picture with its colour was given to the display, and until it was seen.
        private(set) var latencies: [(given: Int64, seen: Int64)] = []
        private static let drawingTime: Int64 = 2_000_000

        init(link: WindowLink, refresh: Int64, keys: [Int64]) {
            (self.link, self.refresh, self.keys) = (link, refresh, keys)
            pacer = FramePacer(displayPeriod: refresh, isBlending: false)
            nextRefresh = now + refresh
        }

        /// Key number n has the code n + 2, and the colour of its low four bits.
        private static let palette: [UInt32] = [
            0, 0xAA, 0xAA00, 0xAAAA, 0xAA_0000, 0xAA_00AA, 0xAA_5500, 0xAA_AAAA, 0x55_5555, 0x55_55FF, 0x55_FF55,
            0x55_FFFF, 0xFF_5555, 0xFF_55FF, 0xFF_FF55, 0xFF_FFFF,
        ]

        func wait(for descriptors: [Int32], until deadline: Int64?) -> [Int32] {
            let end = deadline ?? now
            while true {
                let key = pressed < keys.count ? keys[pressed] : .max
                let wake = free > now ? free : pacer.nextTime(after: now) ?? .max
                let next = max(now, min(end, key, wake))
                now = next
                show()
                if key <= now {
                    link.send(.event(.key(UInt16(pressed + 2), isDown: true)))
                    pressed += 1
                    return descriptors
                }
                if now >= end { return [] }
                if wake <= now, free <= now, pacer.nextTime(after: now).map({ $0 <= now }) ?? false { now += 10_000 }
            }
        }

        /// The window's side: as `WindowLoop`, with a display that waits for its refresh.
        private func show() {
            for frame in link.take().frames {
                frames.append(frame)
                let stamp = Int64(Double(frame.frame.time.count) / Double(Tick.perSecond) * 1e9)
                pacer.add(number: frame.number, stamp: stamp, arrival: frame.arrival)
            }
            guard now >= free, let mix = pacer.choose(at: now) else { return }
            let frame = frames.first { $0.number == mix.newest }?.frame
            frames.removeAll { $0.number < mix.newest }
            while nextRefresh < now + Self.drawingTime { nextRefresh += refresh }
            free = nextRefresh
            pacer.didPresent(at: free)
            guard let frame, latencies.count < pressed else { return }
            // The beam draws the last dot last.
            if frame.pixels.last == Self.palette[(latencies.count + 2) & 15] {
                let key = keys[latencies.count]
                latencies.append((now - key, free - key))
            }
        }
    }

    @Test(
        "a key is on the display within two frames of the machine and one of the host",
        arguments: [50.0, 59.94, 60, 75, 144], [0.0, 0.13, 0.37, 0.5, 0.71, 0.93])
    func latency(display: Double, phase: Double) throws {
        let frame = 1e9 / 70.086
        let limit = Int64(2 * frame + 1e9 / display)
        let still = try latencies(display, phase, isBusy: false).map(\.seen).max() ?? .max
        #expect(still <= limit, "\(still / 1_000) microseconds")
        // Where the picture moves all the time, the display may have taken another just before.
        let moving = try latencies(display, phase, isBusy: true).map(\.given).max() ?? .max
        #expect(moving <= limit, "\(moving / 1_000) microseconds")
    }

    private func latencies(
        _ display: Double, _ phase: Double, isBusy: Bool
    ) throws -> [(given: Int64, seen: Int64)] {
        let frame = 1e9 / 70.086
        let keys = (0..<13).map { Int64(7e9 + (Double($0) * 7.077 + phase) * frame) }
        let link = try WindowLink {}
        let host = Host(link: link, refresh: Int64(1e9 / display), keys: keys)
        let frontEnd = WindowFrontEnd(link: link, pacing: Pacing(rule: .always), clock: host, screenshot: { _ in "" })
        var options = Session.Options()
        options.hostTimeLimit = 4_000_000_000
        let session = Session(
            machine: try makeMachine(Self.painter(isBusy: isBusy)), frontEnd: frontEnd, options: options,
            log: SessionLog(level: .warning) { _ in }, clock: host)
        #expect(try session.run() == .hostTimeLimit)
        try #require(host.latencies.count == keys.count, "seen \(host.latencies.count) of \(keys.count)")
        // Nothing is drawn before its key, and nothing seen before it is drawn. This machine's work takes no time of the host.
        #expect(host.latencies.allSatisfy { $0.given >= 0 && $0.seen >= $0.given })
        return host.latencies
    }
}
