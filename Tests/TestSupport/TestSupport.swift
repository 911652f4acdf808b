import Core

/// A client that remembers when its slot was due.
public final class EventRecorder: EventClient {
    public private(set) var times: [Tick] = []
    public init() {}
    public func eventDue(_ slot: EventSlot, at now: Tick) { times.append(now) }
}

/// A listener that remembers the levels of its lines.
public final class LineRecorder: LineListener {
    public struct Change: Equatable, Sendable {
        public let line: Int
        public let isAsserted: Bool
        public let time: Tick

        public init(line: Int, isAsserted: Bool, time: Tick) {
            self.line = line
            self.isAsserted = isAsserted
            self.time = time
        }
    }
    public private(set) var changes: [Change] = []
    public init() {}
    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        changes.append(Change(line: line, isAsserted: isAsserted, time: now))
    }
}

/// The state of a chunk as bytes.
public func savedState(_ chunk: some StateChunk) -> [UInt8] {
    let coder = StateCoder.saving()
    chunk.transfer(coder)
    return coder.bytes
}

/// Loads `bytes` into `chunk`; returns what was wrong, or nil.
public func restore(_ chunk: some StateChunk, from bytes: [UInt8]) -> String? {
    let coder = StateCoder.loading(bytes)
    chunk.transfer(coder)
    if let failure = coder.failure { return failure }
    if !coder.isComplete { return "bytes are left over" }
    chunk.stateDidRestore()
    return nil
}
