/// The processors that differ for programs in real mode.
public enum ProcessorModel: UInt8, CaseIterable, Sendable {
    case i8088, i8086, i80186, i80286

    /// The bits of FLAGS that read as one: bit 1, and bits 12 to 15 before the 80286.
    ///
    /// Source: Intel, 80286 Programmer's Reference Manual (1987), 2.3.3; measured by SingleStepTests/8086.
    public var fixedFlags: UInt16 { self == .i80286 ? 0x0002 : 0xF002 }

    /// 8086 and 8088: undocumented opcodes, no invalid-opcode exception, shift counts of 8 bits.
    public var isOriginal: Bool { self == .i8088 || self == .i8086 }

    /// FLAGS as the processor holds them when `value` is loaded.
    public func normalizedFlags(_ value: UInt16) -> UInt16 {
        value & (Flag.arithmetic | Flag.control) | fixedFlags
    }
}
