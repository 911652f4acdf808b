import Core

/// Builds the ROM at F0000h: service stubs, and whatever tables the services place there.
///
/// A stub of the standard form is
///
///     +0  trap number     0F FF nn nn
///     +4  sti             `ServiceOutcome.wait` goes on here
///     +5  hlt
///     +6  jmp +0
///     +8  iret            `ServiceOutcome.done` goes on here; or another ending
///
/// The trap acts only when it is fetched from this ROM; anywhere else 0F FF is what the processor makes of it.
public final class ServiceROM {
    public static let segment: UInt16 = 0xF000
    /// Linear addresses at which the trap instruction acts.
    public static let range: Range<UInt32> = 0xF_0000..<0x10_0000
    public static let trapOpcode: [UInt8] = [0x0F, 0xFF]
    /// From the trap to the place where a wait goes on, and to the ending.
    public static let waitOffset = 4
    public static let doneOffset = 8

    /// How a standard stub ends.
    public enum Ending: Sendable {
        case iret
        case retf
        /// RETF 2: returns with the present flags, as some DOS and BIOS calls do.
        case retfDroppingFlags
        /// Goes on elsewhere, such as to an older vector.
        case jump(FarPointer)
        case code([UInt8])

        var bytes: [UInt8] {
            switch self {
            case .iret: [0xCF]
            case .retf: [0xCB]
            case .retfDroppingFlags: [0xCA, 0x02, 0x00]
            case .jump(let p):
                [
                    0xEA, UInt8(truncatingIfNeeded: p.offset), UInt8(p.offset >> 8),
                    UInt8(truncatingIfNeeded: p.segment), UInt8(p.segment >> 8),
                ]
            case .code(let bytes): bytes
            }
        }
    }

    private let memory: GuestMemory
    /// Free space for `allocate`; the fixed addresses of IBM's ROM lie above E000h.
    private var next: UInt16 = 0x0000
    private let end: UInt16 = 0xE000

    public init(memory: GuestMemory) { self.memory = memory }

    /// Writes `bytes` at a fixed offset of the ROM.
    public func place(_ bytes: [UInt8], at offset: UInt16) {
        let start = Int(ServiceROM.range.lowerBound) + Int(offset)
        precondition(start + bytes.count <= 0x10_0000, "the ROM ends at FFFFFh")
        for (index, byte) in bytes.enumerated() { memory.physical[start + index] = byte }
    }

    /// Writes `bytes` at the next free place.
    public func allocate(_ bytes: [UInt8]) -> FarPointer {
        precondition(Int(next) + bytes.count <= Int(end), "the service ROM is full")
        defer { next += UInt16(bytes.count) }
        place(bytes, at: next)
        return FarPointer(ServiceROM.segment, next)
    }

    /// The bytes of a trap instruction alone.
    public static func trap(_ number: TrapNumber) -> [UInt8] {
        trapOpcode + [number.entry, number.service]
    }

    /// The bytes of a standard stub.
    public static func stub(_ number: TrapNumber, ending: Ending = .iret) -> [UInt8] {
        trap(number) + [0xFB, 0xF4, 0xEB, 0xF8] + ending.bytes
    }

    /// Places a standard stub, at `offset` if its address is fixed, and returns its address.
    @discardableResult
    public func installStub(_ number: TrapNumber, ending: Ending = .iret, at offset: UInt16? = nil) -> FarPointer {
        let bytes = ServiceROM.stub(number, ending: ending)
        guard let offset else { return allocate(bytes) }
        place(bytes, at: offset)
        return FarPointer(ServiceROM.segment, offset)
    }
}
