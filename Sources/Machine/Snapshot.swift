import Core

/// Why a saved state was refused. Each is a sentence for people.
public struct StateError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// The form of a saved machine: a header, then chunks. See docs/save-state-format.md.
enum Snapshot {
    static let magic: [UInt8] = Array("OCHENTA\u{1A}".utf8)
    static let version: UInt16 = 1
    /// Half the range of a tick, about 58 years.
    static let latest = Tick(.max / 2)
    /// The longest that a service takes at once is far less.
    static let mostOverdue = Tick.seconds(1)

    static func save(_ chunks: [any StateChunk]) -> [UInt8] {
        var bytes = magic
        append(version, to: &bytes)
        append(UInt16(chunks.count), to: &bytes)
        for chunk in chunks {
            let coder = StateCoder.saving()
            chunk.transfer(coder)
            append(chunk.chunkID.code, to: &bytes)
            append(chunk.chunkVersion, to: &bytes)
            append(UInt32(coder.bytes.count), to: &bytes)
            bytes += coder.bytes
        }
        return bytes
    }

    /// Loads every chunk. The machine is in no defined state after an error; the caller puts the old one back.
    static func load(_ bytes: [UInt8], into chunks: [any StateChunk]) throws(StateError) {
        var reader = Reader(bytes: bytes)
        guard reader.take(magic.count).map(Array.init) == magic else {
            throw StateError("this is not a saved machine")
        }
        let found: UInt16 = try reader.integer()
        guard found == version else { throw StateError("the state has format \(found), this program reads \(version)") }
        let count: UInt16 = try reader.integer()
        guard Int(count) == chunks.count else { throw StateError("the state is of another kind of machine") }
        for chunk in chunks {
            let id = ChunkID(code: try reader.integer())
            let chunkVersion: UInt16 = try reader.integer()
            let length: UInt32 = try reader.integer()
            guard id == chunk.chunkID, chunkVersion == chunk.chunkVersion else {
                throw StateError("the state has \(id) version \(chunkVersion) where \(chunk.chunkID) is expected")
            }
            guard let payload = reader.take(Int(length)) else { throw StateError("the state ends inside \(id)") }
            let coder = StateCoder.loading(Array(payload))
            chunk.transfer(coder)
            if let failure = coder.failure { throw StateError("\(id): \(failure)") }
            guard coder.isComplete else { throw StateError("\(id): bytes are left over") }
        }
        guard reader.isAtEnd else { throw StateError("bytes follow the last part of the state") }
    }

    private static func append<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard count <= bytes.count - position else { return nil }
            defer { position += count }
            return bytes[position..<position + count]
        }

        mutating func integer<Value: FixedWidthInteger>() throws(StateError) -> Value {
            guard let slice = take(Value.bitWidth / 8) else { throw StateError("the state ends early") }
            return slice.reversed().reduce(Value.zero) { $0 << 8 | Value(truncatingIfNeeded: $1) }
        }
    }
}

extension PersonalComputer {
    /// Every part of the machine that is saved, in the order of the file. Drives with files open are among them.
    var chunks: [any StateChunk] {
        let drives = configuration.drives.compactMap { $0.volume as? any StateChunk }
        return [status, scheduler, engine, memory, input, streams, idleDetector] + board.chunks
            + (socket?.chunks ?? []) + [bios, dos, shell, systemDrive] + drives
    }

    /// The whole machine between two instructions, drives' contents excepted.
    public func saveState() -> [UInt8] {
        board.sound.catchUp(to: now)
        return Snapshot.save(chunks)
    }

    /// Puts a saved state into this machine, which must be of the same kind. After an error it is as it was before.
    public func restoreState(_ bytes: [UInt8]) throws(StateError) {
        let before = saveState()
        // What a listener has heard of so far is over.
        defer { if let rate = audioRate { startListening(rate: rate) } }
        do throws(StateError) {
            try Snapshot.load(bytes, into: chunks)
            for chunk in chunks { chunk.stateDidRestore() }
            try checkTimes()
        } catch {
            try Snapshot.load(before, into: chunks)
            for chunk in chunks { chunk.stateDidRestore() }
            throw error
        }
    }

    /// Refuses times that no machine comes to. Nothing is overdue by more than an instruction or a service takes, so a
    /// deadline far behind the present is damage, and catching up with it event by event would not end.
    private func checkTimes() throws(StateError) {
        let present = engine.now
        guard (Tick.zero...Snapshot.latest).contains(present) else {
            throw StateError("the state's time is out of range")
        }
        guard board.sound.isCaughtUp(at: present) else { throw StateError("a sound chip's time is not the machine's") }
        guard scheduler.nextDeadline >= present - Snapshot.mostOverdue else {
            throw StateError("an event of the state is overdue by \(present - scheduler.nextDeadline)")
        }
    }

    /// A hash of the whole state: equal states have equal hashes on every host.
    public func stateHash() -> StateHash {
        var hash = StateHash()
        hash.combine(saveState())
        return hash
    }

    /// The state as text, one field a line, for finding what differs.
    public func describeState() -> [String] {
        chunks.flatMap { chunk in
            let coder = StateCoder.printing()
            chunk.transfer(coder)
            return coder.lines.map { "\(chunk.chunkID).\($0)" }
        }
    }
}
