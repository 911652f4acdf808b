import Core
import Glibc
import Machine
import Synchronization
import Testing

@testable import FrontendSDL
@testable import Hosting

/// The machine's side of the window, without a window.
@Suite struct WindowFrontEndTests {
    private let link: WindowLink
    private let frontEnd: WindowFrontEnd
    private let machine: PersonalComputer

    init() throws {
        link = try WindowLink {}
        frontEnd = WindowFrontEnd(
            link: link, pacing: Pacing(rule: .always), screenshot: { _ in "written: x" })
        machine = try makeMachine()
        frontEnd.start(machine)
    }

    /// Runs the machine for a while, with the front end's typing.
    private func run(for time: Tick) {
        let end = machine.now + time
        while machine.now < end {
            if let next = frontEnd.nextTime, next <= machine.now { frontEnd.act(machine) }
            _ = machine.run(until: min(end, max(frontEnd.nextTime ?? .never, machine.now + .microseconds(1))))
            if case .waiting(let until) = machine.run(until: machine.now) {
                _ = machine.run(until: min(until, end, frontEnd.nextTime ?? .never))
            }
        }
    }

    private func messages() -> [String] {
        link.take().messages.map { message in
            switch message {
            case .notice(let text): text
            case .clipboard(let text): "clipboard: \(text)"
            case .pace(let pace): "pace: \(pace.text)"
            }
        }
    }

    @Test("keys and pastes arrive, the screen is given once for each change, and is copied as text")
    func conversation() throws {
        run(for: .seconds(1))
        #expect(frontEnd.show(machine) == nil)
        #expect(frontEnd.show(machine) == nil)
        var taken = link.take()
        #expect(taken.frames.map(\.number) == [1])
        let first = try #require(taken.frames.first?.frame)
        #expect((first.width, first.height) == (720, 400))
        link.send(.paste("echo caf\u{E9} A_b\r\n"))
        #expect(frontEnd.readInput(machine) == nil)
        link.send(.event(.key(0x1D, isDown: true)))
        link.send(.event(.key(0x1D, isDown: false)))
        #expect(frontEnd.readInput(machine) == nil, "a Ctrl during the paste does not meet its letters")
        run(for: .seconds(3))
        for (code, isDown) in [(UInt16(0x2F), true), (0x2F, false), (0x12, true), (0x12, false)] {
            link.send(.event(.key(code, isDown: isDown)))
            _ = frontEnd.readInput(machine)
            run(for: .milliseconds(50))
        }
        _ = frontEnd.show(machine)
        taken = link.take()
        #expect(taken.frames.count == 1)
        #expect(taken.frames.first.map { $0.frame.looksLike(first) } == false)
        link.send(.copy)
        _ = frontEnd.readInput(machine)
        #expect(
            messages() == ["clipboard: C:\\>echo caf\u{E9} A_b\ncaf\u{E9} A_b\n\nC:\\>ve\n", "text copied"])
    }

    @Test("a cursor that blinks makes frames of which each has its own time")
    func blinking() {
        var times: [Tick] = []
        while machine.now < .seconds(4) {
            let end = machine.frameEnd
            run(for: end - machine.now)
            machine.isPictureWatched = true
            _ = frontEnd.show(machine)
            for frame in link.take().frames where machine.now > .seconds(2) {
                times.append(frame.frame.time)
                #expect(frame.frame.time <= machine.now && machine.now - frame.frame.time < .milliseconds(15))
            }
        }
        #expect(times.count > 10)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("keys that come all at once, after the host had no time for them, all arrive")
    func batch() throws {
        run(for: .seconds(1))
        link.send(.event(.key(0x2A, isDown: true)))
        // The upper row three times: more than the 16 bytes that the keyboard keeps.
        for _ in 0..<3 {
            for code in UInt16(0x10)...0x19 {
                link.send(.event(.key(code, isDown: true)))
                link.send(.event(.key(code, isDown: false)))
            }
        }
        link.send(.event(.key(0x2A, isDown: false)))
        _ = frontEnd.readInput(machine)
        run(for: .seconds(1))
        _ = messages()
        link.send(.copy)
        _ = frontEnd.readInput(machine)
        #expect(messages().first == "clipboard: C:\\>" + String(repeating: "QWERTYUIOP", count: 3) + "\n")
    }

    @Test("speed goes in steps, and requests behind one wait for the next turn")
    func requests() {
        #expect(messages() == ["pace: 100 %"])
        link.send(.faster)
        link.send(.slower)
        link.send(.screenshot)
        link.send(.fullSpeed)
        link.send(.quit)
        var requests: [FrontEndRequest?] = []
        var descriptor = pollfd(fd: link.descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&descriptor, 1, 0) == 1 { requests.append(frontEnd.readInput(machine)) }
        #expect(
            requests == [
                .changePace(Pacing(rule: .always, factor: 1.25)), .changePace(Pacing(rule: .always)),
                .changePace(Pacing(rule: .whileWaiting)), .quit,
            ])
        #expect(messages() == ["pace: 125 %", "pace: 100 %", "written: x", "pace: full speed"])
        link.send(.pause)
        #expect(frontEnd.readInput(machine) == .pause(true))
        link.send(.pause)
        #expect(frontEnd.readInput(machine) == .pause(false))
        #expect(frontEnd.receive(signal: 15, machine) == .end(15))
        #expect(frontEnd.receive(signal: 28, machine) == nil)
    }

    @Test("what joysticks do reaches the machine at once, and in its last state after a pause")
    func joysticks() {
        link.send(.event(.joystickAxis(0, position: 5)))
        #expect(frontEnd.readInput(machine) == nil)
        #expect(!machine.input.isEmpty)
        run(for: .milliseconds(20))
        link.send(.pause)
        #expect(frontEnd.readInput(machine) == .pause(true))
        for position in 0..<2_000 { link.send(.event(.joystickAxis(0, position: UInt16(position)))) }
        #expect(frontEnd.readInput(machine) == nil)
        #expect(machine.input.isEmpty)
        link.send(.pause)
        #expect(frontEnd.readInput(machine) == .pause(false))
        #expect(!machine.input.isEmpty)
    }

    @Test("the keys for loudness turn the player, and say what it is")
    func loudness() {
        let player = AudioPlayer(rate: 48_000, latency: 24, log: { _ in }) { _, _ throws(AudioDeviceError) in
            throw AudioDeviceError("none in a test")
        }
        let frontEnd = WindowFrontEnd(
            link: link, pacing: Pacing(rule: .always), player: player, screenshot: { _ in "" })
        _ = messages()
        for input in [.quieter, .quieter, .mute, .mute, .mute, .louder] as [WindowInput] { link.send(input) }
        #expect(frontEnd.readInput(machine) == nil)
        #expect(
            messages() == ["volume: 90 %", "volume: 80 %", "sound off", "volume: 80 %", "sound off", "volume: 90 %"])
        #expect(player.volume == 90 && !player.isMuted)
        // What the configuration has turned off can be turned on.
        machine.soundVolumes.isMuted = true
        machine.soundVolumes.master = 0
        link.send(.mute)
        #expect(frontEnd.readInput(machine) == nil)
        #expect(messages() == ["volume: 90 %"])
        #expect(machine.soundVolumes == SoundVolumes() && !player.isMuted)
        // Without a device they say so.
        link.send(.louder)
        #expect(self.frontEnd.readInput(machine) == nil)
        #expect(messages() == ["nothing is played (--audio)"])
    }

    @Test("the keys for loudness turn the parts of the sound that the machine has, one at a time")
    func parts() {
        #expect(machine.soundParts == [.speaker])
        _ = messages()
        func press(_ inputs: WindowInput...) -> [String] {
            for input in inputs { link.send(input) }
            #expect(frontEnd.readInput(machine) == nil)
            return messages()
        }
        #expect(press(.nextPart, .quieter, .mute) == ["F4, F6, F7: speaker, 100 %", "speaker: 90 %", "speaker: off"])
        #expect(machine.soundVolumes[.speaker] == 0 && machine.soundVolumes[.opl] == 100)
        #expect(press(.mute, .louder) == ["speaker: 90 %", "speaker: 100 %"])
        #expect(press(.nextPart, .mute) == ["F4, F6, F7: everything", "nothing is played (--audio)"])
        #expect(machine.soundVolumes == SoundVolumes())
    }

    @Test("the window is woken once for what waits, and only the newest frames wait")
    func mailbox() throws {
        let counter = Counter()
        let link = try WindowLink { counter.increment() }
        let frame = Frame(width: 1, height: 1, pixels: [0], dotAspect: .init(1, 1), time: .zero)
        for number in 1...10 { link.put(frame, at: Int64(number)) }
        #expect(counter.value == 1)
        #expect(link.take().frames.map(\.number) == [7, 8, 9, 10])
        #expect(link.take().frames.isEmpty)
        link.finish()
        #expect(counter.value == 2)
        #expect(link.take().isFinished)
    }

    @Test("a flood of inputs loses presses, never releases")
    func flood() {
        for _ in 0..<10_000 { link.send(.event(.key(0x1E, isDown: true))) }
        link.send(.event(.key(0x1E, isDown: false)))
        let inputs = link.takeInputs()
        #expect(inputs.count == 4_097)
        guard case .event(.key(0x1E, isDown: false)) = inputs.last else {
            Issue.record("the release is lost")
            return
        }
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)
    func increment() { count.withLock { $0 += 1 } }
    var value: Int { count.withLock { $0 } }
}
