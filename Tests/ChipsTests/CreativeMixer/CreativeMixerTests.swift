import Chips
import Core
import TestSupport
import Testing

@Suite struct CreativeMixerTests {
    private func read(_ mixer: CreativeMixer, _ register: UInt8) -> UInt8 {
        mixer.write(0x224, register)
        return mixer.read(0x225)
    }

    private func write(_ mixer: CreativeMixer, _ register: UInt8, _ value: UInt8) {
        mixer.write(0x224, register)
        mixer.write(0x225, value)
    }

    /// The factor of a level within a percent.
    private func isAbout(_ factor: Int32, decibels: Double) -> Bool {
        // 10 ^ (x / 20) by repeated tenths of a decibel.
        var expected = 65_536.0
        let step = decibels < 0 ? 0.988_553_094_656_939 : 1.011_579_454_259_899
        for _ in 0..<Int((abs(decibels) * 10).rounded()) { expected *= step }
        return abs(Double(factor) - expected) <= max(expected / 100, 1)
    }

    @Test("CT1745 at power-on and after register 0")
    func defaultsOf1745() {
        let mixer = CreativeMixer(.ct1745, interruptSelect: 0b0010, dmaSelect: 0b0010_0010)
        for _ in 0..<2 {
            #expect((0x30...0x35).map { read(mixer, $0) } == [UInt8](repeating: 0xC0, count: 6))
            #expect((0x36...0x3B).map { read(mixer, $0) } == [UInt8](repeating: 0, count: 6))
            #expect([0x3C, 0x3D, 0x3E].map { read(mixer, $0) } == [0x1F, 0x15, 0x0B])
            #expect((0x44...0x47).map { read(mixer, $0) } == [0x80, 0x80, 0x80, 0x80])
            #expect([0x04, 0x22, 0x26, 0x28, 0x2E, 0x0A].map { read(mixer, $0) } == [0xCC, 0xCC, 0xCC, 0, 0, 0])
            // Master -14 dB and voice -14 dB.
            #expect(isAbout(mixer.gain(of: .voice).left, decibels: -28))
            for register in UInt8(0x30)...0x47 { write(mixer, register, 0xFF) }
            write(mixer, 0, 0x55)
        }
        #expect(read(mixer, 0x81) == 0b0010_0010)
    }

    @Test("CT1745: the CT1345's registers are the upper four bits of the new ones")
    func compatibleRegisters() {
        let mixer = CreativeMixer(.ct1745)
        write(mixer, 0x22, 0xF3)
        #expect(read(mixer, 0x30) == 0xF8 && read(mixer, 0x31) == 0x38)
        #expect(read(mixer, 0x22) == 0xF3)
        write(mixer, 0x32, 0x90)
        write(mixer, 0x33, 0x48)
        #expect(read(mixer, 0x04) == 0x94)
        write(mixer, 0x0A, 5)
        #expect(read(mixer, 0x0A) == 5)
        write(mixer, 0x22, 0xFF)
        write(mixer, 0x26, 0xFF)
        #expect(mixer.gain(of: .music) == .unity)
    }

    @Test("CT1745: levels, output gain, switches")
    func gainsOf1745() {
        let mixer = CreativeMixer(.ct1745)
        for (register, value) in [(0x30, 0xF8), (0x31, 0xF8), (0x32, 0xF8), (0x33, 0x00)] as [(UInt8, UInt8)] {
            write(mixer, register, value)
        }
        #expect(mixer.gain(of: .voice).left == 65_536)
        #expect(isAbout(mixer.gain(of: .voice).right, decibels: -62))
        write(mixer, 0x41, 0xC0)
        #expect(mixer.gain(of: .voice).left == 8 * 65_536)
        write(mixer, 0x41, 0x40)
        write(mixer, 0x32, 0xF0)
        #expect(isAbout(mixer.gain(of: .voice).left, decibels: 4))
        write(mixer, 0x36, 0xF8)
        write(mixer, 0x37, 0xF8)
        #expect(mixer.gain(of: .cd).right == 65_536)
        write(mixer, 0x3C, 0b0001_1101)
        #expect(mixer.gain(of: .cd).right == 0 && mixer.gain(of: .cd).left != 0)
        write(mixer, 0x3B, 0x80)
        write(mixer, 0x41, 0)
        #expect(isAbout(mixer.gain(of: .speaker).left, decibels: -6))
    }

    @Test("CT1745: interrupt and DMA selection, status")
    func resources() {
        let mixer = CreativeMixer(.ct1745, interruptSelect: 0b0010, dmaSelect: 0b0010_0010)
        #expect(mixer.selectedInterrupt == 5 && mixer.selectedDMA == 1 && mixer.selectedHighDMA == 5)
        write(mixer, 0x80, 0b1000)
        write(mixer, 0x81, 0b1000_1000)
        #expect(mixer.selectedInterrupt == 10 && mixer.selectedDMA == 3 && mixer.selectedHighDMA == 7)
        #expect(read(mixer, 0x80) & 15 == 0b1000 && read(mixer, 0x81) == 0b1000_1000)
        write(mixer, 0x80, 0)
        write(mixer, 0x81, 0x01)
        #expect(mixer.selectedInterrupt == nil && mixer.selectedDMA == 0 && mixer.selectedHighDMA == nil)
        mixer.setInterrupt(0b10, true)
        #expect(read(mixer, 0x82) == 0b10)
        write(mixer, 0x82, 0xFF)
        #expect(read(mixer, 0x82) == 0b10)
    }

    @Test("CT1345: volumes, stereo switch, filter")
    func ct1345() {
        let mixer = CreativeMixer(.ct1345)
        #expect([0x04, 0x22, 0x26].map { read(mixer, $0) } == [0x99, 0x99, 0x99])
        #expect([0x28, 0x2E].map { read(mixer, $0) } == [0x11, 0x11])
        #expect([0x0A, 0x0C, 0x0E].map { read(mixer, $0) } == [0, 0, 0])
        #expect(read(mixer, 0x30) == 0xFF)
        // Programs find the mixer by writing a volume and reading it back.
        write(mixer, 0x22, 0xF3)
        #expect(read(mixer, 0x22) == 0xF3)
        #expect(isAbout(mixer.gain(of: .voice).left, decibels: -11))
        #expect(!mixer.isStereo && mixer.outputFilterHertz == 3_200)
        write(mixer, 0x0E, 0x22)
        #expect(mixer.isStereo && mixer.outputFilterHertz == nil)
        write(mixer, 0, 0)
        #expect(!mixer.isStereo && read(mixer, 0x22) == 0x99)
    }

    @Test("CT1335: mono volumes")
    func ct1335() {
        let mixer = CreativeMixer(.ct1335)
        #expect([0x02, 0x06, 0x08, 0x0A].map { read(mixer, $0) } == [8, 8, 0, 0])
        write(mixer, 0x02, 0x0E)
        write(mixer, 0x0A, 0x06)
        #expect(mixer.gain(of: .voice) == .unity)
        #expect(read(mixer, 0x22) == 0xFF)
        #expect(mixer.gain(of: .line) == StereoGain(left: 0, right: 0))
    }

    @Test("any writes: nothing traps, and the state comes back", arguments: soundSeeds(3))
    func random(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for model in [CreativeMixer.Model.ct1335, .ct1345, .ct1745] {
            let (mixer, other) = (CreativeMixer(model), CreativeMixer(model))
            for _ in 0..<2_000 {
                mixer.write(UInt16.random(in: 0..<2, using: &random), UInt8.random(in: 0...255, using: &random))
                for source in [CreativeMixer.Source.voice, .music, .cd, .line, .microphone, .speaker] {
                    let gain = mixer.gain(of: source)
                    #expect((0...8 * 65_536).contains(gain.left) && (0...8 * 65_536).contains(gain.right))
                }
            }
            #expect(restore(other, from: savedState(mixer)) == nil)
            #expect(savedState(other) == savedState(mixer))
            #expect(other.read(1) == mixer.read(1))
        }
    }
}
