/// A routine in 8086 code: bytes with short jumps to labels, and calls. The mnemonic stands beside each line that emits
/// it.
struct MachineCode {
    private var bytes: [UInt8] = []
    private var labels: [String: Int] = [:]
    private var jumps: [(position: Int, label: String)] = []
    private var calls: [(position: Int, label: String)] = []

    /// Opcodes of short jumps.
    enum Jump: UInt8 {
        case always = 0xEB
        case ifZero = 0x74
        case ifNotZero = 0x75
        case ifCarry = 0x72
        case ifNotCarry = 0x73
        /// CX, counted down, is not zero.
        case whileCounting = 0xE2
    }

    mutating func emit(_ code: UInt8...) { bytes += code }
    mutating func emit(_ code: [UInt8]) { bytes += code }

    mutating func label(_ name: String) {
        precondition(labels[name] == nil, "the label \(name) stands twice")
        labels[name] = bytes.count
    }

    mutating func jump(_ kind: Jump, _ label: String) {
        bytes += [kind.rawValue, 0]
        jumps.append((bytes.count - 1, label))
    }

    mutating func call(_ label: String) {
        bytes += [0xE8, 0, 0]
        calls.append((bytes.count - 2, label))
    }

    private func position(of label: String) -> Int {
        guard let target = labels[label] else { preconditionFailure("the label \(label) is missing") }
        return target
    }

    /// The code with its jumps and calls filled in. It does not depend on where it stands.
    func assembled() -> [UInt8] {
        var code = bytes
        for (position, label) in jumps {
            let distance = self.position(of: label) - (position + 1)
            precondition((-128...127).contains(distance), "the label \(label) is too far for a short jump")
            code[position] = UInt8(bitPattern: Int8(distance))
        }
        for (position, label) in calls {
            let distance = UInt16(truncatingIfNeeded: self.position(of: label) - (position + 2))
            (code[position], code[position + 1]) = (UInt8(truncatingIfNeeded: distance), UInt8(distance >> 8))
        }
        return code
    }
}
