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
}
