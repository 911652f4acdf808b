/// The processors that differ for programs in real mode.
public enum ProcessorModel: UInt8, CaseIterable, Sendable {
    case i8088, i8086, i80186, i80286
}
