/// The rhythm section: channels 6, 7 and 8 as bass drum, hi-hat, snare drum, tom-tom and cymbal.
extension FM.Synthesizer {
    /// The samples of the hi-hat, the snare drum and the cymbal over the block, whose envelopes and phases have been
    /// traced. All three take their place in the waveform from bits of the hi-hat's and the cymbal's phases; two
    /// add noise.
    ///
    /// - Source: [OPL3RHYTHM], [OPL3DIE] rhythm phases.
    func playRhythm() {
        settleNoise()
        let (hiHat, snare, cymbal) = (
            FM.Synthesizer.hiHatSlot, FM.Synthesizer.snareDrumSlot, FM.Synthesizer.cymbalSlot
        )
        let count = block.pointee.count
        var noise = shared.pointee.noise
        var cymbalPlace = UInt32(shared.pointee.cymbal)
        for index in 0..<count {
            let place = places[hiHat &* FM.longestBlock &+ index]
            let high = place &>> 8 & 1
            let isHiHatSet = isSet(place, cymbalPlace)
            // The noise moves once for each operator: its bit 0 at operator n is bit n now.
            let hiHatNoise = noise.register &>> 13 & 1
            let snareNoise = noise.register &>> 16 & 1
            store(hiHat, index, isHiHatSet &<< 9 | (isHiHatSet == hiHatNoise ? 0x34 : 0xD0))
            store(snare, index, high &<< 9 | (high ^ snareNoise) &<< 8)
            cymbalPlace = places[cymbal &* FM.longestBlock &+ index]
            store(cymbal, index, isSet(place, cymbalPlace) &<< 9 | 0x80)
            noise.advance(operators: operatorCount)
        }
        shared.pointee.noise = noise
        shared.pointee.cymbal = UInt16(truncatingIfNeeded: cymbalPlace)
        keepOutputs(hiHat, 0, count)
        keepOutputs(snare, 0, count)
        keepOutputs(cymbal, 0, count)
    }

    /// The bit that the hi-hat and the cymbal make of the phases of both.
    @inline(__always)
    private func isSet(_ hiHat: UInt32, _ cymbal: UInt32) -> UInt32 {
        ((hiHat &>> 2 ^ hiHat &>> 7) | (hiHat &>> 3 ^ cymbal &>> 5) | (cymbal &>> 3 ^ cymbal &>> 5)) & 1
    }

    @inline(__always)
    private func store(_ slot: Int, _ index: Int, _ place: UInt32) {
        let position = slot &* FM.longestBlock &+ index
        samples[position] = sample(slot, at: place, attenuations[position])
    }

    /// Makes the steps of the noise that nobody has looked at.
    func settleNoise() {
        guard shared.pointee.noiseDebt != 0 else { return }
        shared.pointee.noise.advance(by: shared.pointee.noiseDebt)
        shared.pointee.noiseDebt = 0
    }
}
