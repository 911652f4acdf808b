import Core

extension CRTCAdapter.Kind {
    /// When the memory is the processor's.
    ///
    /// Source: [MARTYPC] waits of the CGA by phase: slots are sixteen dots apart, at the fourteenth dot; an access waits nine
    /// at least (14 dots down to 9 at phases 0 to 5, then 24 down to 15). [TOPBENCH] for the others, by its test of video
    /// memory: 3,373 microseconds on a PCjr and 2,578 with the program in memory of its own are those of the CGA's slots
    /// (3,377 and 2,574). An MDA takes 2,296 to 2,345 and a Hercules card 2,287, a Tandy 1000 2,148 and a 1000 SX 2,082.
    ///
    /// Assumption: on the MDA and the Hercules card a slot a character, for their memory has both bytes of one at a time; on
    /// the Tandy, which shows twice as much as the CGA, a slot each eight dots. What an access waits at least is chosen so
    /// that the test takes 2,293 and 2,110 microseconds. The dividers of the clocks start together at power-on; on a PC that
    /// is left to chance.
    var memorySlots: MemorySlots {
        let crystal = ClockPeriod.crystal
        func crystals(_ dots: Int64) -> ClockRatio { ClockRatio(hertz: 315_000_000, over: 22 * dots) }
        return switch self {
        case .cga, .pcjr: MemorySlots(crystals(16), phase: crystal * 14, least: crystal * 9)
        case .tandy: MemorySlots(crystals(8), least: crystal * 2)
        // Six dots.
        case .mda, .hercules, .herculesPlus: MemorySlots(ClockRatio(hertz: 16_257_000, over: 9), least: Tick(930))
        }
    }
}
