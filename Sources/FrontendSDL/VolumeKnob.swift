import Hosting
import Machine

/// What the keys for loudness turn: the device's volume, which no recording hears, or that of a part of the machine's sound.
struct VolumeKnob {
    enum Turn { case up, down, offOrOn }

    /// Nil: everything.
    private var part: SoundPart?
    /// The volumes of the parts that were turned off.
    private var before: [SoundPart: Int] = [:]

    /// Goes on to the next part that the machine has, and after the last to everything. Returns a line for the user.
    mutating func next(_ machine: any GuestMachine) -> String {
        let parts = machine.soundParts
        let position = part.flatMap { parts.firstIndex(of: $0) } ?? -1
        part = position + 1 < parts.count ? parts[position + 1] : nil
        guard let part else { return "F4, F6, F7: everything" }
        return "F4, F6, F7: \(part.rawValue), \(machine.soundVolumes[part]) %"
    }

    /// Returns a line for the user.
    mutating func turn(_ turn: Turn, _ machine: any GuestMachine, _ player: AudioPlayer?) -> String {
        if let part { return self.turn(turn, part, machine) }
        guard let player else { return "nothing is played (--audio)" }
        if turn != .down, machine.soundVolumes.isMuted || machine.soundVolumes.master == 0 {
            // What the configuration has turned off: recordings are silent, too.
            machine.soundVolumes.isMuted = false
            if machine.soundVolumes.master == 0 { machine.soundVolumes.master = 100 }
            player.isMuted = false
            return "volume: \(player.volume) %"
        }
        switch turn {
        case .offOrOn: player.isMuted.toggle()
        case .up: player.step(up: true)
        case .down: player.step(up: false)
        }
        return player.isMuted ? "sound off" : "volume: \(player.volume) %"
    }

    private mutating func turn(_ turn: Turn, _ part: SoundPart, _ machine: any GuestMachine) -> String {
        let volume = machine.soundVolumes[part]
        switch turn {
        case .offOrOn:
            machine.soundVolumes[part] = volume > 0 ? 0 : before[part] ?? 100
            if volume > 0 { before[part] = volume }
        case .up: machine.soundVolumes[part] = volume + 10
        case .down: machine.soundVolumes[part] = volume - 10
        }
        let new = machine.soundVolumes[part]
        return new > 0 ? "\(part.rawValue): \(new) %" : "\(part.rawValue): off"
    }
}
