import Testing

@testable import FrontendSDL

@Suite struct FramePacerTests {
    private static let displays: [Double] = [50, 59.94, 60, 70, 72, 75, 85, 100, 120, 144]
    /// A VGA's 400 and 350 lines, a CGA's picture, and an MDA's.
    private static let machines: [Double] = [70.086, 59.92, 49.8]

    /// The frame numbers of the refreshes after the first second.
    private func numbers(_ run: SimulatedDisplay.Run, _ display: SimulatedDisplay) -> [Int] {
        run.refreshes.dropFirst(Int(display.displayRate)).map(\.newest)
    }

    private func expectEven(_ display: SimulatedDisplay, _ run: SimulatedDisplay.Run, tolerance: Double) {
        let numbers = numbers(run, display)
        let ratio = display.machineRate / display.displayRate
        #expect(numbers.count > Int((display.seconds - 2) * display.displayRate))
        let allowed = Int(ratio.rounded(.down))...Int(ratio.rounded(.up))
        let uneven = zip(numbers, numbers.dropFirst()).count { !allowed.contains($1 - $0) }
        #expect(uneven == 0, "steps of other than \(allowed) frames")
        // No drift: after any time the display is where the ratio of the rates says, give or take.
        let errors = numbers.enumerated().map { Double($1 - numbers[0]) - ratio * Double($0) }
        let spread = (errors.max() ?? 0) - (errors.min() ?? 0)
        #expect(spread < tolerance, "from the even pattern")
    }

    @Test("frames are dropped or repeated evenly, and nothing drifts", arguments: machines, displays)
    func evenPattern(machine: Double, display: Double) {
        let display = SimulatedDisplay(machineRate: machine, displayRate: display, seconds: 120)
        expectEven(display, display.run(), tolerance: 1.5)
    }

    @Test("a machine whose thread is late by up to 1.5 ms is shown as evenly", arguments: machines, displays)
    func evenPatternWithJitter(machine: Double, display: Double) {
        var display = SimulatedDisplay(machineRate: machine, displayRate: display)
        display.jitter = 1_500_000
        expectEven(display, display.run(), tolerance: 1.9)
    }

    @Test("a frame is given to the display within one refresh", arguments: machines, displays)
    func latency(machine: Double, display: Double) {
        let display = SimulatedDisplay(machineRate: machine, displayRate: display)
        let run = display.run()
        let longest = run.submissionTimes.max() ?? .max
        #expect(Double(longest) <= display.refreshPeriod + 60_000)
        #expect(Double(run.displayTimes.max() ?? .max) <= 2 * display.refreshPeriod + Double(display.drawingTime))
        // A key acts on the frame that the beam draws, or, if the beam has passed the place, on the next.
        for offset in stride(from: 0.0, to: 1, by: 0.01) {
            let key = (1_000 + offset) * display.framePeriod
            let frame = 1_002
            let complete = Double(frame) * display.framePeriod
            let submitted = complete + Double(run.submissionTimes[frame - 1])
            #expect(submitted - key <= 2 * display.framePeriod + display.refreshPeriod + 60_000)
        }
    }

    @Test("a late thread holds frames back by no more than 2 ms", arguments: displays)
    func latencyWithJitter(display: Double) {
        var display = SimulatedDisplay(machineRate: 70.086, displayRate: display)
        display.jitter = 8_000_000
        let longest = display.run().submissionTimes.max() ?? .max
        #expect(Double(longest) <= display.refreshPeriod + Double(FramePacer.longestDelay) + 60_000)
    }

    @Test("blends hold each frame for as long as the machine's monitor showed it", arguments: machines, displays)
    func blending(machine: Double, display: Double) {
        let display = SimulatedDisplay(machineRate: machine, displayRate: display, isBlending: true)
        let mixes = display.run().refreshes.dropFirst(Int(display.displayRate))
        #expect(mixes.allSatisfy { $0.parts.reduce(0) { $0 + $1.weight } == 256 })
        #expect(mixes.allSatisfy { mix in zip(mix.parts, mix.parts.dropFirst()).allSatisfy { $0.number < $1.number } })
        var sums: [Int: Int] = [:]
        for part in mixes.flatMap(\.parts) { sums[part.number, default: 0] += part.weight }
        let whole = sums.keys.sorted().dropFirst(4).dropLast(4)
        #expect(Double(whole.count) > (display.seconds - 2) * machine)
        let expected = 256 * display.displayRate / machine
        #expect(whole.allSatisfy { abs(Double(sums[$0] ?? 0) - expected) < 2 })
        // Where the machine is the faster one, no two pictures are farther apart than others.
        guard machine >= display.displayRate * 0.99 else { return }
        let centers = mixes.map { mix in mix.parts.reduce(0.0) { $0 + Double($1.number * $1.weight) / 256 } }
        let steps = zip(centers, centers.dropFirst()).map { $1 - $0 }
        #expect(steps.allSatisfy { abs($0 - machine / display.displayRate) < 0.25 })
    }

    @Test("nothing is drawn for a picture that does not change")
    func rest() {
        for isBlending in [false, true] {
            var pacer = FramePacer(displayPeriod: 16_666_667, isBlending: isBlending)
            pacer.add(number: 1, stamp: 0, arrival: 5_000_000)
            #expect(pacer.choose(at: 5_000_000) == .only(1))
            #expect(pacer.choose(at: 50_000_000) == nil)
            #expect(pacer.nextTime(after: 50_000_000) == nil)
        }
    }

    @Test("after the machine has lost time, frames are shown as they come")
    func lostTime() {
        var pacer = FramePacer(displayPeriod: 16_666_667, isBlending: false)
        for number in 1...200 {
            let stamp = Int64(number) * 14_268_000
            let arrival = stamp + (number > 100 ? 400_000_000 : 0)
            pacer.add(number: number, stamp: stamp, arrival: arrival)
            #expect(pacer.choose(at: arrival) == .only(number))
        }
    }

    @Test("a change of speed forgets the stamps of before")
    func restart() {
        var pacer = FramePacer(displayPeriod: 16_666_667, isBlending: false)
        pacer.add(number: 1, stamp: 1_000_000_000, arrival: 10)
        _ = pacer.choose(at: 10)
        pacer.restart()
        pacer.add(number: 2, stamp: 2_000_000_000, arrival: 20_000_000)
        #expect(pacer.choose(at: 20_000_000) == .only(2))
    }
}
