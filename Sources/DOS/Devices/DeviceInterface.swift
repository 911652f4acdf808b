import Core
import Storage

// What the files need of devices, memory and time. Each is answered as not ready until its owner has landed.

extension CharacterDevice {
    /// The device of this name (upper or lower case, an extension is ignored), or nil.
    init?(name: some Collection<UInt8>) { return nil }
    /// The device information word (IOCTL 4400h) of an open device.
    var deviceInfo: UInt16 { 0x80C0 }
    /// The name in eight bytes.
    var paddedName: [UInt8] { [UInt8](repeating: 0x20, count: 8) }
}

extension DOSKernel {
    /// The device's header in the driver chain.
    func deviceHeader(_ device: CharacterDevice) -> FarPointer { FarPointer(0xFFFF, 0xFFFF) }

    func readDevice(
        _ device: CharacterDevice, _ call: Call, into buffer: FarPointer, count: UInt16, isRaw: Bool
    ) throws(DOSError) -> DeviceTransfer { throw .notReady }

    func writeDevice(
        _ device: CharacterDevice, _ call: Call, from buffer: FarPointer, count: UInt16, isRaw: Bool
    ) throws(DOSError) -> DeviceTransfer { throw .notReady }

    func deviceInputReady(_ device: CharacterDevice, _ call: Call) -> Bool { false }
    func deviceOutputReady(_ device: CharacterDevice, _ call: Call) -> Bool { false }

    /// The present date and time of DOS.
    func currentFileTime(_ memory: GuestMemory) -> FileTime { FileTime(year: 1980, month: 1, day: 1) }

    /// Remembers an error for AH=59h, for calls that do not return it themselves.
    func noteError(_ error: DOSError, _ call: Call) {}

    /// A new memory block: its segment.
    func allocateMemory(_ paragraphs: UInt16, owner: UInt16, _ memory: GuestMemory) throws(DOSError) -> UInt16 {
        throw .insufficientMemory
    }
}
