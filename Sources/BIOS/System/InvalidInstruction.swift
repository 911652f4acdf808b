import Core
import X86

/// INT 06h: the processor has met an instruction that it has not (80186 and later). No program has hooked the vector.
///
/// The return address is that of the instruction, so that an IRET, which is all that a BIOS of the time does, would run
/// into it again for ever. The machine stops instead, and says what it met.
///
/// Source: Intel, 80286 Programmer's Reference Manual (1987), 9.7.
struct InvalidInstruction {
    private let call: BIOSCall

    init(_ call: BIOSCall) { self.call = call }

    func handle() -> ServiceOutcome {
        let place = call.caller
        // A program may also call the interrupt.
        if call.memory.read8(place + -2) == 0xCD && call.memory.read8(place + -1) == 0x06 { return .done }
        let bytes = (0..<4).map { call.memory.read8(place + $0) }
        let shown = bytes.map { hex($0) }.joined(separator: " ")
        return .stop("the program needs \(InvalidInstruction.origin(bytes)): \(shown) at \(place)")
    }

    /// Which processors know an instruction that begins so, as far as its first bytes tell.
    ///
    /// Source: Intel, 80386 Programmer's Reference Manual (1986), appendix A.
    static func origin(_ bytes: [UInt8]) -> String {
        let overrides: Set<UInt8> = [0x26, 0x2E, 0x36, 0x3E, 0xF0, 0xF2, 0xF3]
        let rest = bytes.drop { overrides.contains($0) }
        guard let first = rest.first else { return "an instruction that this processor has not" }
        switch (first, rest.dropFirst().first ?? 0) {
        case (0x64...0x67, _): return "an 80386 (prefix of 32-bit code or of FS and GS)"
        case (0x0F, 0x20...0x26), (0x0F, 0x80...0x9F), (0x0F, 0xA0...0xA1), (0x0F, 0xA3...0xA5), (0x0F, 0xA8...0xA9),
            (0x0F, 0xAB...0xAD), (0x0F, 0xAF), (0x0F, 0xB2...0xB7), (0x0F, 0xBA...0xBF):
            return "an 80386"
        case (0x0F, 0x08...0x09), (0x0F, 0xA2), (0x0F, 0xA6...0xA7), (0x0F, 0xB0...0xB1), (0x0F, 0xC0...0xC1),
            (0x0F, 0xC8...0xCF):
            return "an 80486 or later"
        case (0x0F, 0x00), (0x0F, 0x02...0x03), (0x63, _): return "protected mode"
        default: return "an instruction that this processor has not"
        }
    }
}
