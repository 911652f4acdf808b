import Machine

/// The settings of the section `sound`.
extension LaunchPlanner {
    private func setting(_ key: String) -> String? {
        configuration.value("sound", key).flatMap { $0 == "auto" ? nil : $0 }
    }

    /// - Parameters:
    ///   - card: the profile's, where the setting is `auto`.
    ///   - board: the profile's.
    func sound(card: SoundCard, board: BoardSound, family: MachineFamily) throws(HostingError) -> SoundConfiguration {
        var sound = SoundConfiguration()
        sound.card = setting("card").flatMap(SoundCard.init) ?? card
        sound.board = board
        sound.base = setting("port").flatMap { UInt16($0, radix: 16) }
        sound.irq = setting("irq").flatMap { Int($0) }
        sound.dma = setting("dma").flatMap { Int($0) }
        sound.highDMA = setting("hdma").flatMap { Int($0) }
        sound.hasMusicSystem = setting("cms").map { $0 == "true" }
        sound.parallel = setting("lpt1").flatMap(ParallelSound.init) ?? .none
        sound.hasMPU401 = setting("mpu401").map { $0 == "true" }
        sound.hasGravis = setting("gus").map { $0 == "true" }
        sound.gravisBase = setting("gus_port").flatMap { UInt16($0, radix: 16) }
        sound.gravisIRQ = setting("gus_irq").flatMap { Int($0) }
        sound.gravisDMA = setting("gus_dma").flatMap { Int($0) }
        sound.gravisKilobytes = setting("gus_memory").flatMap { Int($0) }
        if let problem = sound.problem(family: family) { throw HostingError("sound: \(problem)") }
        return sound
    }

    func soundVolumes() -> SoundVolumes {
        var volumes = SoundVolumes()
        func percent(_ key: String) -> Int { setting(key).flatMap { Int($0) } ?? 100 }
        volumes.master = percent("volume")
        for part in SoundPart.allCases { volumes[part] = percent("volume_\(part.rawValue)") }
        volumes.isMuted = setting("mute") == "true"
        volumes.isFiltering = setting("filter") != "false"
        return volumes
    }
}
