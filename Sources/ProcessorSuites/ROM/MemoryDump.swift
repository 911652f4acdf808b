import Core

/// What memory must hold at the end of a run.
public struct MemoryDump: Sendable {
    /// A run of bytes that differ.
    public struct Difference: Hashable, Sendable, CustomStringConvertible {
        public let address: Int
        public let expected: [UInt8]
        public let got: [UInt8]

        /// At most eight bytes of each.
        public var description: String {
            func list(_ bytes: [UInt8]) -> String {
                bytes.prefix(8).map { hex($0) }.joined(separator: " ") + (bytes.count > 8 ? " ..." : "")
            }
            func place(_ address: Int) -> String { String(hex(UInt32(truncatingIfNeeded: address)).suffix(6)) }
            let range = expected.count == 1 ? "" : "-" + place(address + expected.count - 1)
            return "\(place(address))\(range): expected \(list(expected)), got \(list(got))"
        }
    }

    public let bytes: [UInt8]
    public let address: Int

    public init(_ bytes: [UInt8], at address: Int) {
        self.bytes = bytes
        self.address = address
    }

    /// The runs of bytes that differ, from low to high. The dump lies inside `memory`.
    public func differences(in memory: [UInt8]) -> [Difference] {
        var list: [Difference] = []
        var start: Int?
        for offset in 0...bytes.count {
            let differs = offset < bytes.count && bytes[offset] != memory[address + offset]
            if differs && start == nil { start = offset }
            if let first = start, !differs {
                let got = memory[(address + first)..<(address + offset)]
                list.append(
                    Difference(address: address + first, expected: Array(bytes[first..<offset]), got: Array(got)))
                start = nil
            }
        }
        return list
    }
}
