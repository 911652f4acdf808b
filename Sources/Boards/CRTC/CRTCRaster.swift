import Chips
import Core

/// A time as the beam has it: the dot at which the present character began, and the clock that counts dots.
struct DotTime {
    var time: Tick
    var dot: Int64
    var clock: ClockRatio
}

/// A 6845 with its character clock, and the picture that it makes.
///
/// Dots are counted from power-on; the chip is brought up to the present when somebody looks at its outputs or changes
/// something that they follow from.
final class CRTCRaster {
    let crtc: Motorola6845
    private let clock: ClockRatio
    private let timing: MonitorTiming
    private var state = State()
    private var picture: BeamPicture?
    private weak var painter: (any CRTCPainter)?
    private var showsBorder = false
    private let memorySize: Int

    private struct State {
        /// The dot at which the present character began.
        var characterStart: Int64 = 0
        /// 8, 9 or 16; it follows from the card's registers and is not saved.
        var dotsPerCharacter: UInt8 = 8
    }

    init(
        crtc: Motorola6845, clock: ClockRatio, dotsPerCharacter: Int, timing: MonitorTiming, memorySize: Int
    ) {
        (self.crtc, self.clock, self.timing, self.memorySize) = (crtc, clock, timing, memorySize)
        state.dotsPerCharacter = UInt8(truncatingIfNeeded: dotsPerCharacter)
    }

    /// Who draws. Once, when the adapter is made.
    func connect(_ painter: any CRTCPainter, showsBorder: Bool) {
        (self.painter, self.showsBorder) = (painter, showsBorder)
    }

    var dotsPerCharacter: Int { Int(state.dotsPerCharacter) }

    /// The whole dots that have passed at `now`.
    private func dots(at now: Tick) -> Int64 { clock.cycles(at: max(now, .zero)) }

    /// Characters that have begun since the chip was brought up last.
    private func charactersPassed(at now: Tick) -> Int64 {
        max(dots(at: now) &- state.characterStart, 0) / Int64(dotsPerCharacter)
    }

    private func dotTime(_ now: Tick) -> DotTime {
        let dot = state.characterStart &+ charactersPassed(at: now) &* Int64(dotsPerCharacter)
        return DotTime(time: now, dot: dot, clock: clock)
    }

    // MARK: The present

    /// Brings the chip up to `now`. For accesses of the program: whoever looks at pictures does not change the state.
    func sync(to now: Tick) {
        let count = charactersPassed(at: now)
        guard count > 0 else { return }
        state.characterStart &+= count &* Int64(dotsPerCharacter)
        crtc.advance(by: count)
    }

    /// A register is about to change: what has passed is drawn as it was.
    func willChange(at now: Tick) {
        sync(to: now)
        picture?.catchUp(dotTime(now), isRegister: true)
    }

    /// Video memory, or what disturbs it, is about to change, in a profile in which each access counts.
    func memoryWillChange(at now: Tick) { picture?.catchUp(dotTime(now), isRegister: false) }

    /// The picture of this frame is not one to repeat.
    func disturb(at now: Tick) { picture?.catchUp(dotTime(now), isRegister: true) }

    /// Another character clock, after `willChange`. Characters begin at multiples of their width, if `isAligned`.
    func setDotsPerCharacter(_ count: Int, isAligned: Bool) {
        state.dotsPerCharacter = UInt8(truncatingIfNeeded: count)
        if isAligned { state.characterStart -= state.characterStart % Int64(count) }
        picture?.dotsPerCharacter = count
        picture?.dot = state.characterStart
    }

    /// The beam at `now`.
    func peek(at now: Tick) -> Motorola6845.Beam {
        var beam = crtc.beam
        crtc.advance(&beam, by: charactersPassed(at: now))
        return beam
    }

    /// The beam at `now`, and the dot of the character at which it is.
    func position(at now: Tick) -> (beam: Motorola6845.Beam, dot: Int) {
        let dot = max(dots(at: now) &- state.characterStart, 0) % Int64(dotsPerCharacter)
        return (peek(at: now), Int(dot))
    }

    // MARK: Picture

    var isWatched: Bool {
        get { picture != nil }
        set {
            guard newValue != isWatched else { return }
            picture = newValue ? makePicture() : nil
            picture?.restart(crtc.beam, dot: state.characterStart)
        }
    }

    private func makePicture() -> BeamPicture? {
        guard let painter else { return nil }
        let picture = BeamPicture(
            crtc: crtc, timing: timing, painter: painter, memorySize: memorySize, showsBorder: showsBorder)
        picture.dotsPerCharacter = dotsPerCharacter
        return picture
    }

    func frameEnd(after now: Tick) -> Tick {
        let end: Int64
        if let picture {
            picture.complete(dotTime(now))
            end = picture.frameEnd
        } else if let picture = makePicture() {
            picture.restart(peek(at: now), dot: dotTime(now).dot)
            end = picture.frameEnd
        } else {
            return now + Tick.milliseconds(20)
        }
        return max(clock.time(ofCycle: max(end, 0)), now + Tick(1))
    }

    func frame(at now: Tick) -> Frame? {
        picture?.complete(dotTime(now))
        return picture?.frame ?? still(at: now)
    }

    func still(at now: Tick) -> Frame? { (picture ?? makePicture())?.still(peek(at: now), dotTime(now)) }

    // MARK: State

    func transfer(_ coder: StateCoder) {
        coder.group("crtc") { crtc.transfer(coder) }
        coder.field("characterStart", &state.characterStart)
        if state.characterStart < 0 {
            coder.fail("the character began before power-on")
            state.characterStart = 0
        }
    }

    /// - Parameter dotsPerCharacter: as the card's registers say.
    func stateDidRestore(dotsPerCharacter: Int) {
        state.dotsPerCharacter = UInt8(truncatingIfNeeded: dotsPerCharacter)
        picture?.dotsPerCharacter = dotsPerCharacter
        picture?.restart(crtc.beam, dot: state.characterStart)
    }
}
