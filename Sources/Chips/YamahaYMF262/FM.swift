/// The frequency-modulation synthesis that Yamaha's OPL2 (YM3812) and OPL3 (YMF262) share.
///
/// A chip is a number of operators, two for each channel. An operator is a counter for the phase, a counter for the
/// attenuation, and two tables that turn both into a sample. What the operators of a channel give either modulates the
/// phase of the next or is heard.
///
/// The chip computes its operators one after another, one set for each sample. Operators of one sample depend on
/// operators before them only, so here each operator runs over a whole block of samples before the next one does.
/// A block ends where something that all operators see changes: a register, or the tremolo.
enum FM {
    /// The longest block, in samples: the tremolo may change every 64 samples.
    static let longestBlock = 64
    /// Operators of one register bank.
    static let operatorsPerBank = 18
    static let channelsPerBank = 9

    /// The first operator of channel `index`; the second is three further.
    static func firstOperator(ofChannel index: Int) -> Int {
        let (bank, channel) = index.quotientAndRemainder(dividingBy: channelsPerBank)
        return bank * operatorsPerBank + channel / 3 * 6 + channel % 3
    }

    /// The channel of operator `slot`.
    static func channel(ofOperator slot: Int) -> Int {
        let (bank, position) = slot.quotientAndRemainder(dividingBy: operatorsPerBank)
        return bank * channelsPerBank + position / 6 * 3 + position % 3
    }
}
