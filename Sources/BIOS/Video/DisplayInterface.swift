import Core
import X86

/// The registers of the display interface of a VGA with 1 MB.
///
/// Source: [DISPI].
struct DisplayInterface {
    let context: ServiceContext

    enum Register: UInt16 {
        case width = 1
        case height, depth, enable, bank, virtualWidth, virtualHeight, xOffset, yOffset
    }

    static let indexPort: UInt16 = 0x01CE

    subscript(_ register: Register) -> UInt16 {
        get {
            select(register)
            let low = context.in(DisplayInterface.indexPort + 1)
            return UInt16(context.in(DisplayInterface.indexPort + 2)) << 8 | UInt16(low)
        }
        nonmutating set {
            select(register)
            context.out(DisplayInterface.indexPort + 1, UInt8(truncatingIfNeeded: newValue))
            context.out(DisplayInterface.indexPort + 2, UInt8(newValue >> 8))
        }
    }

    private func select(_ register: Register) { context.out(DisplayInterface.indexPort, UInt8(register.rawValue)) }

    func turnOff() { self[.enable] = 0 }

    /// Packed pixels, or four planes.
    func turnOn(_ mode: ExtendedMode, clearing: Bool) {
        turnOff()
        self[.width] = UInt16(mode.width)
        self[.height] = UInt16(mode.height)
        self[.depth] = mode.layout == .packed ? 8 : 4
        self[.enable] = clearing ? 0x01 : 0x81
    }

    /// What AX=4F04h keeps: 18 bytes.
    var saved: [UInt8] {
        (Register.width.rawValue...Register.yOffset.rawValue).flatMap { number in
            let value = Register(rawValue: number).map { self[$0] } ?? 0
            return [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
        }
    }

    func restore(_ bytes: [UInt8]) {
        guard bytes.count >= 18 else { return }
        func word(_ register: Register) -> UInt16 {
            let place = Int(register.rawValue - 1) * 2
            return UInt16(bytes[place + 1]) << 8 | UInt16(bytes[place])
        }
        turnOff()
        for register in [Register.width, .height, .depth] { self[register] = word(register) }
        self[.enable] = word(.enable) | 0x80
        for register in [Register.virtualWidth, .bank, .xOffset, .yOffset] { self[register] = word(register) }
    }
}

/// The bank that the processor sees, which is changed only when it has to be.
final class BankWindow {
    private let display: DisplayInterface
    private var bank: UInt16?

    init(_ display: DisplayInterface) { self.display = display }

    func move(to bank: UInt16) {
        guard bank != self.bank else { return }
        display[.bank] = bank
        self.bank = bank
    }
}
