/// Programs on drive Z: that show what the machine has.
public enum Demonstration {
    /// Their names and contents.
    public static var files: [(name: String, bytes: [UInt8])] { [("DEMO.COM", bytes(of: DemoProgram.hexadecimal))] }

    /// The bytes that pairs of hexadecimal digits stand for.
    private static func bytes(of text: StaticString) -> [UInt8] {
        text.withUTF8Buffer { digits in
            stride(from: 0, to: digits.count - 1, by: 2).map { value(digits[$0]) << 4 | value(digits[$0 + 1]) }
        }
    }

    private static func value(_ digit: UInt8) -> UInt8 { digit & 0x0F &+ (digit >= UInt8(ascii: "a") ? 9 : 0) }
}
