import Core

/// Somebody who hears the machine: a sound device, a recording. Called on the session's thread.
public protocol SoundListener: AnyObject {
    /// Takes what the machine has sounded like; blocks follow one another.
    /// - Parameter isLive: emulated time is the host's, so that what is heard belongs to now.
    func hear(_ block: AudioBlock, isLive: Bool)
    /// The machine stands still.
    func standStill()
    /// Whether it plays, so that the next block must not be late.
    var isPlaying: Bool { get }
    /// Whether it would play what is heard at once, so that no first sound may be late.
    var canPlay: Bool { get }
}

extension SoundListener {
    public func standStill() {}
    public var isPlaying: Bool { false }
    public var canPlay: Bool { false }
}

extension AudioPlayer: SoundListener {
    public func hear(_ block: AudioBlock, isLive: Bool) {
        if isLive { play(block) } else { pause() }
    }

    public func standStill() { pause() }
}
