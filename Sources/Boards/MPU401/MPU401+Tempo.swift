import Core

/// How long a tick is.
///
/// Source: [MPU401] commands E0h-E2h; [MPU401ROM] limits, and the curve of a graduation.
extension MPU401 {
    private static let secondsOfRate = Tick.perSecond * 60 * 64

    /// Ticks a minute in parts of 64, as the relative tempo is: 2 ms to 131.072 ms each.
    private var rate: Int64 {
        let wanted = Int64(state.tempo) * Int64(state.relativeTempo) * Int64(max(state.timebase, 48))
        return min(max(wanted, 29_297), 30_000 * 64)
    }

    /// Beats a minute, rounded; 255 at most.
    var effectiveTempo: UInt8 {
        let timebase = Int64(max(state.timebase, 48)) * 64
        return UInt8(clamping: (rate + timebase / 2) / timebase)
    }

    /// The remainder of the division is carried on.
    func armTick(at now: Tick) {
        guard state.glide == 0 else { return slot.arm(at: now + Tick(state.glide)) }
        let minute = MPU401.secondsOfRate &+ state.remainder
        state.remainder = minute % rate
        slot.arm(at: now + Tick(minute / rate))
    }

    /// The tempo of command E0h counts at once, the relative tempo of E1h as fast as E2h says.
    func setRelativeTempo(_ value: UInt8) {
        let period = state.glide != 0 ? state.glide : MPU401.secondsOfRate / rate
        state.relativeTempo = value
        (state.glide, state.ramp) = (state.graduation == 0 ? 0 : period, 0)
    }

    /// With each MIDI clock the tick's length comes nearer to the wanted one, by a part of the difference that grows from
    /// clock to clock.
    func countClock() {
        state.clockTicks &+= 1
        guard state.clockTicks >= state.timebase / 24 else { return }
        state.clockTicks = 0
        guard state.glide != 0 else { return }
        state.ramp = state.ramp > 253 ? 255 : state.ramp &+ 2
        let part = min(Int64(state.ramp) * Int64(state.graduation) * 8, 1 << 16)
        let difference = MPU401.secondsOfRate / rate - state.glide
        let limit = Tick.perSecond * 2 / 125
        state.glide += min(max(difference, -limit), limit) * part / (1 << 16)
        if abs(MPU401.secondsOfRate / rate - state.glide) < Tick.perSecond / 500_000 { state.glide = 0 }
    }
}
