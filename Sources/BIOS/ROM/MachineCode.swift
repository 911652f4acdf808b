/// A routine in 8086 code: bytes with short jumps to labels. The mnemonic stands beside each line that emits it.
struct MachineCode {
    private var bytes: [UInt8] = []
    private var labels: [String: Int] = [:]
    private var jumps: [(position: Int, label: String)] = []

    /// Opcodes of short jumps.
    enum Jump: UInt8 {
        case always = 0xEB
        case ifZero = 0x74
        case ifNotZero = 0x75
        case ifCarry = 0x72
        case ifNotCarry = 0x73
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

    /// The code with its jumps filled in. It does not depend on where it stands.
    func assembled() -> [UInt8] {
        var code = bytes
        for (position, label) in jumps {
            guard let target = labels[label] else { preconditionFailure("the label \(label) is missing") }
            let distance = target - (position + 1)
            precondition((-128...127).contains(distance), "the label \(label) is too far for a short jump")
            code[position] = UInt8(bitPattern: Int8(distance))
        }
        return code
    }
}
