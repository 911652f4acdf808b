import TestSupport
import Testing

@testable import Hosting

@Suite struct MIDIDestinationTests {
    @Test func destinationsAreRead() {
        #expect(MIDIDestination("none") == MIDIDestination.none)
        #expect(MIDIDestination("alsa") == .alsa(client: nil))
        #expect(MIDIDestination("alsa:128:0") == .alsa(client: "128:0"))
        #expect(MIDIDestination("fluidsynth") == .fluidsynth(soundFont: nil))
        #expect(MIDIDestination("FluidSynth:/a/b.sf2") == .fluidsynth(soundFont: "/a/b.sf2"))
        #expect(MIDIDestination("music:1.MID") == .file("music:1.MID"))
        for text in ["", "none:", "alsa:", "fluidsynth:", "midi", "a.midi", ":"] {
            #expect(MIDIDestination(text) == nil)
        }
    }

    @Test func outputsAreRead() {
        #expect(AudioOutput("none") == AudioOutput.none)
        #expect(AudioOutput("Device") == .device)
        #expect(AudioOutput("alsa:hw:0,0") == .alsa("hw:0,0"))
        #expect(AudioOutput("alsa:file:/tmp/a.wav,wav") == .alsa("file:/tmp/a.wav,wav"))
        #expect(AudioOutput("a b.FLAC") == .file("a b.FLAC"))
        #expect(AudioOutput("x.wav") == .file("x.wav"))
        for text in ["", "alsa", "alsa:", "speaker", "a.mp3"] { #expect(AudioOutput(text) == nil) }
    }

    @Test func anythingIsReadOrRefusedAndNothingTraps() {
        var random = SeededGenerator(seed: 5)
        let pieces = [
            "none", "alsa", "fluidsynth", "device", ":", ".mid", ".wav", ".FLAC", "\u{0}", "\u{1F3B5}", " ", "/",
        ]
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            if case .file(let path)? = AudioOutput(text) { #expect(path == text) }
            if case .file(let path)? = MIDIDestination(text) { #expect(path == text) }
            #expect(AudioOutput(text + "?") == nil || text.lowercased().hasPrefix("alsa:"))
        }
    }
}
