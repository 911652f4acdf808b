/// Carries the fields of a state in one direction: out to bytes, in from bytes, or to a text for people.
///
/// Integers are little-endian. Loading never traps: what does not fit is an error in `failure`, and every field after
/// it keeps its value.
public final class StateCoder {
    public enum Direction: Sendable { case save, load, print }

    public let direction: Direction
    /// The bytes written so far, or the bytes to read.
    public private(set) var bytes: [UInt8]
    /// One `path = value` a line, when printing.
    public private(set) var lines: [String] = []
    /// The first thing that was wrong with the bytes, when loading.
    public private(set) var failure: String?
    private var position = 0
    private var path: [String] = []

    private init(_ direction: Direction, _ bytes: [UInt8]) {
        self.direction = direction
        self.bytes = bytes
    }

    public static func saving() -> StateCoder { StateCoder(.save, []) }
    public static func loading(_ bytes: [UInt8]) -> StateCoder { StateCoder(.load, bytes) }
    public static func printing() -> StateCoder { StateCoder(.print, []) }

    /// True when a load has used every byte without an error.
    public var isComplete: Bool { failure == nil && position == bytes.count }

    /// Records an error found by the state's owner, such as an enum value that does not exist.
    public func fail(_ reason: String) {
        if failure == nil { failure = (path + [reason]).joined(separator: ": ") }
    }

    // MARK: Fields

    public func field<Value: FixedWidthInteger>(_ name: String, _ value: inout Value) {
        switch direction {
        case .save: append(value)
        case .load: if let read: Value = take(name) { value = read }
        case .print: show(name, "\(value)")
        }
    }

    public func field(_ name: String, _ value: inout Bool) {
        var byte: UInt8 = value ? 1 : 0
        field(name, &byte)
        if byte > 1 { fail("\(name) is \(byte), not a truth value") }
        value = byte == 1
    }

    public func field(_ name: String, _ value: inout Tick) { field(name, &value.count) }

    /// An enum or option set, by its raw value; an unknown raw value is an error.
    public func field<Value: RawRepresentable>(_ name: String, _ value: inout Value)
    where Value.RawValue: FixedWidthInteger {
        if direction == .print { return show(name, "\(value)") }
        var raw = value.rawValue
        field(name, &raw)
        guard direction == .load else { return }
        guard let known = Value(rawValue: raw) else { return fail("\(name) has no value \(raw)") }
        value = known
    }

    /// Text as UTF-8, at most `limit` bytes.
    public func field(_ name: String, _ value: inout String, limit: Int = 4_096) {
        if direction == .print { return show(name, value.debugDescription) }
        var utf8 = Array(value.utf8)
        field(name, &utf8, limit: limit)
        if direction == .load { value = String(decoding: utf8, as: UTF8.self) }
    }

    /// Bytes, with their count, at most `limit`.
    public func field(_ name: String, _ value: inout [UInt8], limit: Int = 1 << 20) {
        switch direction {
        case .save:
            append(UInt32(value.count))
            bytes += value
        case .load:
            guard let count = takeCount(name, limit: limit), let slice = takeBytes(name, count) else { return }
            value = Array(slice)
        case .print:
            show(name, StateCoder.hex(value))
        }
    }

    /// A value that may be absent.
    public func field<Value: StateValue>(_ name: String, _ value: inout Value?) {
        var isPresent = value != nil
        field(name + "?", &isPresent)
        guard isPresent, failure == nil else {
            if failure == nil { value = nil }
            return
        }
        var present = value ?? Value()
        group(name) { present.transfer(self) }
        value = present
    }

    public func field<Value: StateValue>(_ name: String, _ value: inout Value) {
        group(name) { value.transfer(self) }
    }

    /// A list of at most `limit` values.
    public func array<Value: StateValue>(_ name: String, _ values: inout [Value], limit: Int) {
        resize(name, &values, limit: limit, filler: Value())
        for index in values.indices { group("\(name)[\(index)]") { values[index].transfer(self) } }
    }

    /// A list of at most `limit` integers.
    public func array<Value: FixedWidthInteger>(_ name: String, _ values: inout [Value], limit: Int) {
        resize(name, &values, limit: limit, filler: 0)
        for index in values.indices { field("\(name)[\(index)]", &values[index]) }
    }

    /// Fixed-size memory in place, such as a chip's RAM.
    public func memory(_ name: String, _ buffer: UnsafeMutableRawBufferPointer) {
        switch direction {
        case .save: bytes.append(contentsOf: buffer)
        case .load: if let slice = takeBytes(name, buffer.count) { buffer.copyBytes(from: slice) }
        case .print: show(name, "\(buffer.count) bytes, hash \(StateHash.of(UnsafeRawBufferPointer(buffer)))")
        }
    }

    /// Memory of whole pages in place. Pages of zeros are left out, so that what is not used is small.
    public func pages(_ buffer: UnsafeMutableRawBufferPointer) {
        let size = GuestMemory.pageSize
        for start in stride(from: 0, to: buffer.count, by: size) {
            let page = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<min(start + size, buffer.count)])
            var isUsed = direction != .load && !StateCoder.isZero(page)
            if direction == .print && !isUsed { continue }
            field("isUsed", &isUsed)
            if isUsed {
                memory("page \(String(start, radix: 16))", page)
            } else if direction == .load && failure == nil {
                page.initializeMemory(as: UInt8.self, repeating: 0)
            }
        }
    }

    private static func isZero(_ page: UnsafeMutableRawBufferPointer) -> Bool {
        page.withMemoryRebound(to: UInt64.self) { words in
            var all: UInt64 = 0
            for index in words.indices { all |= words[index] }
            return all == 0
        }
    }

    /// Names the fields inside `body` under `name`.
    public func group(_ name: String, _ body: () -> Void) {
        path.append(name)
        body()
        path.removeLast()
    }

    // MARK: Parts

    private func resize<Value>(_ name: String, _ values: inout [Value], limit: Int, filler: Value) {
        switch direction {
        case .save: append(UInt32(values.count))
        case .load:
            guard let count = takeCount(name, limit: limit) else { return values = [] }
            values = [Value](repeating: filler, count: count)
        case .print: show(name + ".count", "\(values.count)")
        }
    }

    private func append<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private func take<Value: FixedWidthInteger>(_ name: String) -> Value? {
        guard let slice = takeBytes(name, Value.bitWidth / 8) else { return nil }
        return slice.reversed().reduce(Value.zero) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }

    private func takeCount(_ name: String, limit: Int) -> Int? {
        guard let count: UInt32 = take(name) else { return nil }
        guard Int(count) <= limit, Int(count) <= bytes.count else {
            fail("\(name) has \(count) elements, at most \(limit) are possible")
            return nil
        }
        return Int(count)
    }

    private func takeBytes(_ name: String, _ count: Int) -> ArraySlice<UInt8>? {
        guard failure == nil else { return nil }
        guard count <= bytes.count - position else {
            fail("\(name): the data ends early")
            return nil
        }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private func show(_ name: String, _ value: String) {
        lines.append((path + [name]).joined(separator: ".") + " = " + value)
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.prefix(64).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            + (bytes.count > 64 ? "... (\(bytes.count) bytes)" : "")
    }
}
