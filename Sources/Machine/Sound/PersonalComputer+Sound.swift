import Core

/// Sound for front ends and captures.
///
/// While somebody listens, `run(until:)` stops between two instructions at whole multiples of 5 ms for the mixer to draw.
/// The machine runs the same either way.
extension PersonalComputer {
    /// Rates at which a machine can be listened to.
    public static var audioRates: ClosedRange<Int> { Mixer.rates }

    /// Frames by which the mixer's filter delays the sound.
    public static var audioDelay: Int { Int(Mixer.delay) }

    /// Begins to make sound at `rate` frames a second, from the present time on; at another rate or again, it begins anew.
    /// - Returns: false if the rate is not one of `audioRates`; then nothing has changed.
    @discardableResult
    public func startListening(rate: Int) -> Bool {
        guard Mixer.rates.contains(rate) else { return false }
        // The old mixer lets go of the sources before the new one takes them.
        stopListening()
        let mixer = Mixer(rate: rate, paths: board.sound.paths, volumes: soundVolumes, at: now)
        board.sound.setGainListener(mixer)
        self.mixer = mixer
        return true
    }

    public func stopListening() {
        board.sound.setGainListener(nil)
        mixer = nil
    }

    /// The rate at which somebody listens, nil if nobody does.
    public var audioRate: Int? { mixer?.rate }

    /// The sound since the last call, up to the last multiple of 5 ms that the machine has passed: nil if there is
    /// none. Blocks follow each other without gap, however often this is called; what nobody takes for four seconds of
    /// emulated time is lost.
    public func takeAudio() -> AudioBlock? { mixer?.take() }

    /// The sound since the last call, up to the present time: for the end of a run.
    public func takeAudioToPresent() -> AudioBlock? {
        mixer?.draw(until: now)
        return mixer?.take()
    }

    /// What the machine makes sound with, each once, in the order of `SoundPart`.
    public var soundParts: [SoundPart] {
        let parts = Set(board.sound.paths.map(\.part))
        return SoundPart.allCases.filter { parts.contains($0) }
    }

    /// How loud everything is, from now on.
    public var soundVolumes: SoundVolumes {
        get { volumes }
        set {
            volumes = newValue
            mixer?.setVolumes(newValue, at: now)
        }
    }

    /// Where MIDI bytes go, of the Sound Blaster and the MPU-401. Not held.
    public func connectMIDI(_ output: (any MIDIOutput)?) { board.sound.setMIDIOutput(output) }

    /// Adds what plays the MIDI port's bytes to what is heard. It is no part of the machine, and so of no saved state.
    public func connectSynthesizer(_ source: (any SampledSource)?) {
        board.sound.setSynthesizer(source)
        if let rate = audioRate { startListening(rate: rate) }
    }

    /// Who is told of writes to the registers of sound chips. Not held.
    public func connectSoundRegisters(_ listener: (any SoundRegisterListener)?) {
        board.sound.setRegisterListener(listener)
    }

    /// Runs until `limit` and draws on the way, if somebody listens.
    func runListening(until limit: Tick) -> MachineStop {
        guard let mixer else { return advance(until: limit) }
        while true {
            let stop = advance(until: min(limit, mixer.nextDraw))
            if now >= mixer.nextDraw { mixer.draw(until: now - Tick(now.count % Mixer.period.count)) }
            guard stop == .deadline, now < limit else { return stop }
        }
    }
}
