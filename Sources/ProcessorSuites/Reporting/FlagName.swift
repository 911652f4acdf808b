import X86

/// The flags by name.
enum FlagName {
    static let all: [(bit: UInt16, name: String)] = [
        (Flag.overflow, "overflow"), (Flag.direction, "direction"), (Flag.interrupt, "interrupt"), (Flag.trap, "trap"),
        (Flag.sign, "sign"), (Flag.zero, "zero"), (Flag.auxiliary, "auxiliary"), (Flag.parity, "parity"),
        (Flag.carry, "carry"),
    ]

    /// The names of the flags in which `a` and `b` differ.
    static func differing(_ a: UInt16, _ b: UInt16) -> String {
        all.filter { (a ^ b) & $0.bit != 0 }.map(\.name).joined(separator: ", ")
    }
}
