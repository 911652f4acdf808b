import Foundation

/// How many random streams each test of a sound chip or board goes through: `usual`, or as many as the variable
/// `OCHENTA_SOUND_STREAMS` says (at least 1).
public func soundStreams(_ usual: Int) -> Int {
    max(ProcessInfo.processInfo.environment["OCHENTA_SOUND_STREAMS"].flatMap { Int($0) } ?? usual, 1)
}

/// Seeds of as many streams, 1 and up.
public func soundSeeds(_ usual: Int) -> ClosedRange<UInt64> { 1...UInt64(soundStreams(usual)) }
