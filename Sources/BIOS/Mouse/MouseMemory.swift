import Core
import X86

/// What the driver lets programs see in its own segment: texts, its version, the acceleration profiles. It lies in the
/// ROM, where only the driver writes.
///
/// Source: [RBIL] INT 33h AX=002Bh, table 03180.
struct MouseMemory {
    let memory: GuestMemory
    let addresses: ROMAddresses

    /// 8.20.
    static let version: UInt16 = 0x0820
    static let profileSize = 0x144
    static let nameOffset = 0x104
    static let nameLength = 16

    static let copyright = Array("Copyright Ochenta mouse driver".utf8) + [0]

    /// Four curves without acceleration: each has one threshold, at the highest speed, and factors of 1.0.
    static var defaultProfiles: [UInt8] {
        [1, 1, 1, 1] + [UInt8](repeating: 0x7F, count: 128) + [UInt8](repeating: 0x10, count: 128) + defaultNames
    }

    static var defaultNames: [UInt8] {
        ["Slow", "Moderate", "Fast", "Unaccelerated"].flatMap { name in
            Array(name.utf8) + [UInt8](repeating: 0x20, count: nameLength - name.utf8.count)
        }
    }

    var profiles: [UInt8] { memory.readBytes(addresses.mouseProfiles, MouseMemory.profileSize) }

    func name(of profile: UInt8) -> FarPointer {
        addresses.mouseProfiles + MouseMemory.nameOffset + Int(max(profile, 1) - 1) * MouseMemory.nameLength
    }

    func store(_ bytes: [UInt8], at offset: Int = 0) {
        for (index, byte) in bytes.prefix(MouseMemory.profileSize - offset).enumerated() {
            let place = Int((addresses.mouseProfiles + offset + index).linear)
            memory.fill(place..<place + 1, with: byte)
        }
    }

    func reset() { store(MouseMemory.defaultProfiles) }
}
