import Core
import TestSupport
import Testing

@testable import Chips

/// The rules of chapter 2.6.2 once more, frame by frame and in the plainest way, for what the chip does in spans.
private struct PlainVoice {
    var (position, start, end, step) = (0, 0, 0, 0)
    var (isDown, isStopped, loops, bothWays, rollsOver) = (false, false, false, false, false)
    var (volume, low, high, increment, interval) = (0, 0, 0, 0, 1)
    var (rampIsDown, rampIsStopped, rampLoops, rampBothWays) = (false, false, false, false)

    init(_ random: inout SeededGenerator) {
        func any(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        func chance() -> Bool { any(0...1) == 1 }
        // Addresses near each other, and at times near the ends of memory.
        let base = [0, 96, 1 << 29 - 40_000][any(0...2)]
        start = base + any(0...600) * 32
        end = base + any(0...1_200) * 32
        position = base + any(0...38_000)
        step = any(0...3) == 0 ? any(0...3_000) : any(0...600)
        (isDown, loops, bothWays, rollsOver) = (chance(), chance(), chance(), chance())
        (low, high) = (any(0...255) << 4, any(0...255) << 4)
        volume = any(0...4_095)
        increment = any(0...63)
        interval = [1, 8, 64][any(0...2)]
        (rampIsDown, rampLoops, rampBothWays) = (chance(), chance(), chance())
    }

    mutating func pass(frame: Int) {
        if !isStopped { move() }
        if !rampIsStopped && (frame + 1) % interval == 0 { moveRamp() }
    }

    private mutating func move() {
        position = (position + (isDown ? -step : step) + 1 << 29) % (1 << 29)
        guard isDown ? position < start : position > end else { return }
        let excess = isDown ? start - position : position - end
        if loops {
            if bothWays { isDown.toggle() }
            position = ((isDown ? end - excess : start + excess) + 1 << 30) % (1 << 29)
        } else if !rollsOver {
            isStopped = true
            position = isDown ? start : end
        }
    }

    private mutating func moveRamp() {
        volume = (volume + (rampIsDown ? -increment : increment) + 4_096) % 4_096
        guard rampIsDown ? volume <= low : volume >= high else { return }
        let excess = rampIsDown ? low - volume : volume - high
        if rampLoops {
            if rampBothWays { rampIsDown.toggle() }
            volume = ((rampIsDown ? high - excess : low + excess) + 8_192) % 4_096
        } else {
            rampIsStopped = true
            volume = rampIsDown ? low : high
        }
    }

    var control: UInt8 { (isStopped ? 1 : 0) | (loops ? 8 : 0) | (bothWays ? 16 : 0) | (isDown ? 64 : 0) }
    var rampControl: UInt8 {
        (rampIsStopped ? 1 : 0) | (rollsOver ? 4 : 0) | (rampLoops ? 8 : 0) | (rampBothWays ? 16 : 0)
            | (rampIsDown ? 64 : 0)
    }

    func set(_ bench: GF1Bench, voice: Int) {
        func address(_ register: UInt8, _ value: Int) { bench.setAddress(register, Double(value) / 512, voice: voice) }
        address(0x02, start)
        address(0x04, end)
        address(0x0A, position)
        bench.setWord(0x01, UInt16(step << 1), voice: voice)
        bench.setWord(0x09, UInt16(volume << 4), voice: voice)
        bench.set(0x07, UInt8(low >> 4), voice: voice)
        bench.set(0x08, UInt8(high >> 4), voice: voice)
        bench.set(0x06, UInt8(increment | [1: 0, 8: 0x40, 64: 0x80][interval, default: 0]), voice: voice)
        bench.set(0x0D, rampControl, voice: voice)
        bench.set(0x00, control, voice: voice)
    }

    func equals(_ bench: GF1Bench, voice: Int) -> Bool {
        bench.position(voice) == Double(position) / 512 && Int(bench.getWord(0x89, voice: voice)) == volume << 4
            && bench.get(0x80, voice: voice) == control && bench.get(0x8D, voice: voice) == rampControl
    }
}

@Suite struct GF1PropertyTests {
    @Test("voices go as the rules say, heard or unheard", arguments: soundSeeds(12))
    func rules(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bench = GF1Bench()
        bench.chip.levels.isHeard = seed % 2 == 0
        bench.set(0x0E, 0xDF)
        var voices = (0..<32).map { _ in PlainVoice(&random) }
        for (index, voice) in voices.enumerated() { voice.set(bench, voice: index) }
        var frame = Int(bench.chip.state.frame)
        var wrong = 0
        for _ in 0..<20 {
            let count = Int.random(in: 1...700, using: &random)
            bench.runFrames(count, voices: 32)
            for number in frame..<frame + count {
                for index in voices.indices { voices[index].pass(frame: number) }
            }
            frame += count
            for (index, voice) in voices.enumerated() where !voice.equals(bench, voice: index) { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    /// A write to a register, a timer, or memory.
    private func writeAtRandom(_ benches: [GF1Bench], _ random: inout SeededGenerator) {
        let register = UInt8.random(in: 0...255, using: &random)
        let value = UInt16.random(in: 0...65_535, using: &random)
        let voice = UInt8.random(in: 0...31, using: &random)
        let kind = Int.random(in: 0...19, using: &random)
        for bench in benches {
            bench.chip.write(GF1Bench.Port.voice, voice, at: bench.now)
            switch kind {
            case 0: bench.chip.write(UInt16(value >> 8 & 7), UInt8(value & 0xFF), at: bench.now)
            case 1: bench.chip.writeTimerControl(UInt8(value & 0xFF), at: bench.now)
            case 2: bench.poke(Int(value) << 4, [register, voice])
            case 3: _ = (bench.get(register), bench.getWord(register ^ 0x80))
            case 4:
                bench.given = [UInt16](repeating: value, count: 100)
                bench.transfers = Int(voice)
                bench.set([0x41, 0x49][Int(value & 1)], UInt8(value >> 8))
            case 5: bench.set(0x4C, value & 15 == 0 ? 0 : 7)
            case 6: bench.setWord(register & 0x7F, value)
            default: bench.setWord(register & 0x0F, value)
            }
        }
    }

    @Test("one step or many give the same, and a restored chip goes on alike", arguments: soundSeeds(10))
    func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (first, second, unheard) = (GF1Bench(), GF1Bench(), GF1Bench())
        unheard.chip.levels.isHeard = false
        for address in 0..<0x10_0000 {
            let byte = UInt8(truncatingIfNeeded: random.next())
            for bench in [first, second, unheard] { bench.chip.memory.bytes[address] = byte }
        }
        var lists: [[LevelChange]] = [[], []]
        var now = Tick.zero
        for _ in 0..<600 {
            writeAtRandom([first, second, unheard], &random)
            let span = Int64.random(in: 0...2_000_000, using: &random)
            for part: Int64 in 1...4 {
                second.run(until: now + Tick(span * part / 4))
                lists[1] += second.drain()
            }
            now += Tick(span)
            for bench in [first, unheard] { bench.run(until: now) }
            lists[0] += first.drain()
        }
        for bench in [first, unheard] { bench.chip.catchUpSound(to: now) }
        let isEqual = lists[0] == lists[1]
        #expect(isEqual, "\(lists[0].count) and \(lists[1].count) levels")
        let states = [first, second, unheard].map { savedState($0.chip) }
        #expect(states[0] == states[1] && states[0] == states[2])
        #expect(first.recorder.changes == second.recorder.changes)
        #expect(first.recorder.changes == unheard.recorder.changes)
    }

    /// A voice without a step that is past its limit turns all the same, and is heard where it then stands.
    @Test("a voice without a step is the same in one step or many", arguments: [0x00, 0x08, 0x18] as [UInt8])
    func standing(control: UInt8) {
        var lists: [[LevelChange]] = []
        for parts in [1, 7] as [Int64] {
            let bench = GF1Bench()
            for address in 0..<0x1000 { bench.chip.memory.bytes[address] = UInt8(truncatingIfNeeded: address * 37) }
            bench.setWord(0x01, 0, voice: 0)
            // From 10h to 20h, and at 45h.
            for (register, address) in [(0x02, 0x10), (0x04, 0x20), (0x0A, 0x45)] as [(UInt8, UInt32)] {
                bench.setWord(register, UInt16(address >> 7), voice: 0)
                bench.setWord(register + 1, UInt16(truncatingIfNeeded: address << 9), voice: 0)
            }
            bench.setWord(0x09, 0xF000, voice: 0)
            bench.set(0x0D, 3, voice: 0)
            bench.set(0x00, control, voice: 0)
            var list: [LevelChange] = []
            let start = bench.now
            for part in 1...parts {
                bench.run(until: start + Tick(Tick.milliseconds(50).count * part / parts))
                list += bench.drain()
            }
            lists.append(list)
        }
        #expect(lists[0] == lists[1] && !lists[0].isEmpty)
    }

    @Test("a chip that is restored in the middle of a sound goes on bit for bit", arguments: soundSeeds(4))
    func restored(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bench = GF1Bench()
        for _ in 0..<400 {
            bench.poke(Int.random(in: 0...0xF_FFFF, using: &random), [UInt8.random(in: 0...255, using: &random)])
        }
        for voice in 0..<14 {
            PlainVoice(&random).set(bench, voice: voice)
            bench.set(0x00, UInt8.random(in: 0...255, using: &random) & 0x7C, voice: voice)
        }
        bench.run(until: .milliseconds(123))
        _ = bench.drain()
        let other = GF1Bench(isRunning: false)
        #expect(restore(other.chip, from: savedState(bench.chip)) == nil)
        #expect(other.chip.levels.left == bench.chip.levels.left)
        #expect(savedState(other.chip) == savedState(bench.chip))
        for end: Int64 in [130, 131, 170, 400] {
            for one in [bench, other] {
                one.run(until: .milliseconds(end))
                one.chip.catchUpSound(to: .milliseconds(end))
            }
            let isEqual = bench.drain() == other.drain()
            #expect(isEqual)
        }
        #expect(savedState(other.chip) == savedState(bench.chip))
    }

    @Test("memory that is not used is not in the state")
    func sparse() {
        let bench = GF1Bench()
        #expect(savedState(bench.chip).count < 3_000)
        bench.poke(0xF_FFFF, [1])
        #expect((4_096...7_000).contains(savedState(bench.chip).count))
        let other = GF1Bench(kilobytes: 256)
        #expect(restore(other.chip, from: savedState(bench.chip)) != nil)
    }

    @Test("damaged states are refused or harmless", arguments: soundSeeds(6))
    func damaged(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bench = GF1Bench()
        for voice in 0..<14 { PlainVoice(&random).set(bench, voice: voice) }
        bench.run(until: .milliseconds(20))
        bench.chip.catchUpSound(to: bench.now)
        let (state, deadlines) = (savedState(bench.chip), savedState(bench.scheduler))
        var accepted = 0
        for _ in 0..<100 {
            var bytes = state
            for _ in 0..<3 {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let other = GF1Bench()
            guard restore(other.scheduler, from: deadlines) == nil, restore(other.chip, from: bytes) == nil,
                other.chip.isCaughtUp(at: .milliseconds(20))
            else { continue }
            accepted += 1
            other.run(until: .milliseconds(25))
            other.chip.catchUpSound(to: .milliseconds(25))
        }
        #expect(accepted > 0)
    }

    /// What `lie` makes of a chip that fills its memory by DMA, in a state that is loaded with the deadlines of that time.
    private func isAccepted(_ lie: (inout GravisGF1.State) -> Void = { _ in }, deadlines: [UInt8]? = nil) -> Bool {
        func bench() -> GF1Bench {
            let bench = GF1Bench()
            bench.given = [UInt16](repeating: 1, count: 100)
            bench.transfers = 100
            return bench
        }
        let (first, second) = (bench(), bench())
        first.set(0x41, 0x21)
        first.run(until: .microseconds(70))
        first.chip.catchUpSound(to: first.now)
        let honest = savedState(first.scheduler)
        lie(&first.chip.state)
        guard restore(second.scheduler, from: deadlines ?? honest) == nil,
            restore(second.chip, from: savedState(first.chip)) == nil
        else { return false }
        return second.chip.isCaughtUp(at: first.now)
    }

    @Test("a state whose transfers and deadlines do not fit each other is refused")
    func lies() {
        #expect(isAccepted())
        #expect(!isAccepted(deadlines: savedState(GF1Bench().scheduler)))
        for due in [Tick.zero, .microseconds(70), .seconds(100), .never - Tick(1), .never] {
            #expect(!isAccepted { $0.memoryTransfer.due = due })
        }
        #expect(!isAccepted { ($0.recording.control, $0.recording.due) = (0x21, .never) })
        #expect(!isAccepted { ($0.timers.first.isRunning, $0.timers.first.due) = (true, .seconds(3)) })
        #expect(!isAccepted { $0.memoryTransfer.control = 0 })
    }
}
