import Machine
import Testing

@testable import Hosting

@Suite struct SoundSettingsTests {
    private func plan(_ settings: String...) throws -> LaunchRequest { try HostingTests.plan(settings: settings) }

    @Test("profiles have the cards of their time")
    func profiles() throws {
        func sound(_ profile: String) throws -> SoundConfiguration {
            try plan("machine.profile=\(profile)").machine.profile.sound
        }
        #expect(try sound("vga286").card == .sb16)
        #expect(try sound("ibm5150").card == .none)
        #expect(try sound("tandy1000").board == .tandy)
        #expect(try sound("pcjr").board == .pcjr)
        #expect(try sound("hercules").card == .adlib)
    }

    @Test("the card and its jumpers can be set")
    func jumpers() throws {
        let sound = try plan(
            "sound.card=sb16", "sound.port=240", "sound.irq=7", "sound.dma=3", "sound.hdma=6", "sound.lpt1=covox",
            "sound.mpu401=false"
        ).machine.profile.sound
        let settings = try #require(sound.soundBlaster(family: .at))
        #expect(settings.blasterVariable == "A240 I7 D3 H6 P330 T6")
        #expect(sound.parallel == .covox && sound.hasMPU401 == false)
        #expect(try plan("sound.card=none").machine.profile.sound.card == .none)
        #expect(throws: HostingError.self) { try plan("sound.card=sb2", "sound.irq=10") }
        #expect(throws: HostingError.self) { try plan("machine.board_sound=tandy") }
        #expect(throws: HostingError.self) { try plan("sound.card=gravis") }
    }

    @Test("a Sound Blaster 1.0 has the Game Blaster's chips, others have sockets or none")
    func musicSystem() throws {
        func hasIt(_ settings: String...) throws -> Bool? {
            var options = ["sound.irq=5"]
            options += settings
            return try HostingTests.plan(settings: options).machine.profile.sound.soundBlaster(family: .at)?
                .hasMusicSystem
        }
        #expect(try hasIt("sound.card=sb1") == true)
        #expect(try hasIt("sound.card=sb1", "sound.cms=false") == false)
        #expect(try hasIt("sound.card=sb15") == false)
        #expect(try hasIt("sound.card=sb15", "sound.cms=true") == true)
        #expect(throws: HostingError.self) { try hasIt("sound.card=sbpro", "sound.cms=true") }
    }

    @Test("a Gravis UltraSound can be the card, or beside it")
    func gravis() throws {
        let alone = try plan("sound.card=gus", "sound.gus_memory=256").machine.profile.sound
        #expect(alone.gravis(family: .at)?.kilobytes == 256)
        let both = try plan("sound.gus=true", "sound.gus_port=260", "sound.gus_irq=15", "sound.gus_dma=7")
        let sound = both.machine.profile.sound
        #expect(sound.card == .sb16 && sound.gravis(family: .at)?.variable == "260,7,7,15,15")
        #expect(try plan("sound.card=gus", "sound.gus=false").machine.profile.sound.gravis(family: .at) == nil)
        #expect(throws: HostingError.self) { try plan("sound.gus=true", "sound.gus_port=220") }
        #expect(throws: HostingError.self) { try plan("sound.gus_irq=10") }
        // What leads nowhere: the mouse's interrupt, and on an XT what its slots do not have.
        #expect(throws: HostingError.self) { try plan("sound.gus=true", "sound.gus_irq=12") }
        for setting in ["sound.gus_irq=11", "sound.gus_dma=5"] {
            #expect(throws: HostingError.self) { try plan("machine.profile=ibmxt", "sound.gus=true", setting) }
        }
    }

    @Test("an XT's slots have IRQs to 7, DMA channels 1 to 3, and words through one of those")
    func eightBitSlots() throws {
        func sound(_ settings: String...) throws -> SoundConfiguration {
            try HostingTests.plan(settings: ["machine.profile=ibmxt", "sound.card=sb16"] + settings)
                .machine.profile.sound
        }
        let settings = try #require(sound("sound.dma=3").soundBlaster(family: .xt))
        #expect(settings.blasterVariable == "A220 I5 D3 H3 P330 T6" && settings.highDMA == nil)
        #expect(try sound("sound.hdma=1").soundBlaster(family: .xt)?.highDMA == 1)
        for setting in ["sound.irq=10", "sound.hdma=5", "sound.dma=0", "sound.hdma=3"] {
            #expect(throws: HostingError.self, "\(setting)") { try sound(setting) }
        }
        // An AT has them.
        for setting in ["sound.irq=10", "sound.hdma=5", "sound.dma=0"] {
            _ = try plan("sound.card=sb16", setting)
        }
        do {
            _ = try sound("sound.irq=10")
        } catch let error as HostingError {
            #expect(error.description.contains("IRQs 2, 5, 7, DMA channels 1, 3, and no high DMA channel"))
            #expect(error.description.hasSuffix("in a slot of a PC or XT"))
        }
        #expect(throws: HostingError.self) { try plan("machine.profile=ibmxt", "sound.card=sbpro", "sound.irq=10") }
    }

    @Test("what two devices cannot share, and jumpers that are not there, is refused")
    func conflicts() throws {
        func tandy(_ settings: String...) throws {
            _ = try HostingTests.plan(
                settings: ["machine.profile=tandy1000", "machine.board_sound=tandydac"] + settings)
        }
        try tandy()
        try tandy("sound.card=sbpro", "sound.irq=5", "sound.dma=3")
        try tandy("sound.card=gus")
        #expect(throws: HostingError.self) { try tandy("sound.card=sbpro", "sound.dma=3") }
        #expect(throws: HostingError.self) { try tandy("sound.card=sbpro", "sound.irq=5") }
        #expect(throws: HostingError.self) { try tandy("sound.gus=true", "sound.gus_dma=1") }
        #expect(try plan("sound.card=gameblaster", "sound.port=250").machine.profile.sound.base == 0x250)
        #expect(throws: HostingError.self) { try plan("sound.card=gameblaster", "sound.port=280") }
    }

    @Test("a Sound Blaster 2.0 with the CD interface is a card of its own")
    func cdInterface() throws {
        let settings = try plan("sound.card=sb2cd").machine.profile.sound.soundBlaster(family: .at)
        #expect(settings?.hasCDInterface == true && settings?.blasterVariable == "A220 I7 D1 T3")
        #expect(try plan("sound.card=sb2").machine.profile.sound.soundBlaster(family: .at)?.hasCDInterface == false)
    }

    @Test("volumes, mute, filter and rate can be set")
    func volumes() throws {
        let request = try plan(
            "sound.volume=80", "sound.volume_opl=150", "sound.mute=true", "sound.filter=false", "sound.rate=44100")
        let volumes = request.machine.soundVolumes
        #expect(volumes.master == 80 && volumes[.opl] == 150 && volumes[.speaker] == 100)
        #expect(volumes.isMuted && !volumes.isFiltering && request.audioRate == 44_100)
        #expect(throws: HostingError.self) { try plan("sound.volume=201") }
    }
}
