import CLinux
import Glibc

/// What a 4 KB page of the processor's address space is. No bits: plain RAM.
public struct PageFlags: OptionSet, Sendable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    // Computed, so that the fast paths of other modules see constants and not a stored global.

    /// Reads go to a `MemoryDevice`.
    @inlinable public static var deviceRead: PageFlags { PageFlags(rawValue: 0b001) }
    /// Writes go to a `MemoryDevice`.
    @inlinable public static var deviceWrite: PageFlags { PageFlags(rawValue: 0b010) }
    /// Writes are ignored: ROM, or nothing there.
    @inlinable public static var writeProtected: PageFlags { PageFlags(rawValue: 0b100) }
    /// Addresses of the processor are not those of this view: see `GuestMemory.isTranslated`.
    @inlinable public static var translated: PageFlags { PageFlags(rawValue: 0b1000) }

    /// With both device flags: a `QuickMemoryDevice`, whose accesses change nothing but itself.
    @inlinable public static var quick: PageFlags { PageFlags(rawValue: 0b1_0000) }

    @inlinable public static var device: PageFlags { PageFlags(rawValue: 0b011) }
}

/// A board with memory that is more than storage: planar video memory, a memory-mapped register.
public protocol MemoryDevice: AnyObject {
    /// `address` is the physical address.
    func readMemory(_ address: UInt32, at now: Tick) -> UInt8
    func writeMemory(_ address: UInt32, _ value: UInt8, at now: Tick)
}

/// A memory device whose accesses need no time and bring no event nearer. An engine need not look at its deadline
/// afterwards.
open class QuickMemoryDevice: MemoryDevice {
    public init() {}
    open func read(_ address: UInt32) -> UInt8 { 0xFF }
    open func write(_ address: UInt32, _ value: UInt8) {}

    /// As many writes as `count` says, from `address` upwards, `low` and `high` in turn.
    open func fill(_ address: UInt32, count: Int, low: UInt8, high: UInt8) {
        for index in 0..<count {
            write(address &+ UInt32(truncatingIfNeeded: index), index & 1 == 0 ? low : high)
        }
    }

    open func readMemory(_ address: UInt32, at now: Tick) -> UInt8 { read(address) }
    open func writeMemory(_ address: UInt32, _ value: UInt8, at now: Tick) { write(address, value) }
}

/// Tells the present to those who are asked in the middle of an instruction.
public protocol TimeSource: AnyObject {
    var now: Tick { get }
}

/// The memory of one machine, as its processor sees it in real mode: 1 MB, and the 64 KB above it.
///
/// The view is one host mapping of 1,114,112 bytes, so an access is one addition. With the A20 line off (always on an
/// 8086) the first 64 KB are mapped a second time at 1 MB; with A20 on, extended memory is mapped there. Every page has
/// flags that say whether an access is plain; the fast path of an engine looks at them and goes to `readDevice`,
/// `writeSpecial` otherwise.
///
/// All stored properties of the hot path are `let`, so an access needs no exclusivity check.
public final class GuestMemory: StateChunk {
    /// Bytes of the view: FFFF:FFFF is at 10FFEFh.
    public static let viewSize = 0x11_0000
    public static let pageSize = 0x1000
    public static let pageCount = viewSize / pageSize
    static let megabyte = 0x10_0000

    /// The view. Valid for `viewSize` bytes and a guard page behind them.
    public let base: UnsafeMutablePointer<UInt8>
    /// `PageFlags.rawValue` of each page of the view.
    public let pageFlags: UnsafeMutablePointer<UInt8>
    /// All memory by physical address, without A20 and page flags: 1 MB and the extended memory behind it.
    public let physical: UnsafeMutableBufferPointer<UInt8>
    /// Bytes of memory above 1 MB.
    public let extendedSize: Int
    private let descriptor: Int32
    private let mappedPhysical: Int

    private var devices: [(any MemoryDevice)?] = Array(repeating: nil, count: pageCount)
    /// The quick devices among them; `devices` owns them, so that an access counts no references.
    private let quickDevices: UnsafeMutablePointer<Unmanaged<QuickMemoryDevice>?>
    private weak var timeSource: (any TimeSource)?

    /// All pages carry the flag `translated`, so that a processor that asks for flags before each access takes its slow path.
    /// It belongs to the processor's state and is not part of the memory's.
    public var isTranslated = false {
        didSet {
            guard isTranslated != oldValue else { return }
            for page in 0..<GuestMemory.pageCount { pageFlags[page] ^= PageFlags.translated.rawValue }
        }
    }

    /// Whether address line 20 reaches memory. Off, addresses wrap at 1 MB.
    public private(set) var isA20Enabled = false

    /// - Parameter extendedKilobytes: memory above 1 MB, 0 to 15,360 KB. 0 means that A20 can do nothing.
    public init(extendedKilobytes: Int = 0) {
        precondition((0...15_360).contains(extendedKilobytes), "extended memory is 0 to 15,360 KB")
        extendedSize = extendedKilobytes * 1_024
        mappedPhysical = GuestMemory.megabyte + max(extendedSize, 0x1_0000)
        descriptor = ochenta_memfd_create("ochenta-memory")
        precondition(
            descriptor >= 0 && ftruncate(descriptor, mappedPhysical) == 0, "the host has no memory for the machine")
        let whole = mmap(nil, mappedPhysical, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        let reserved = mmap(
            nil, GuestMemory.viewSize + GuestMemory.pageSize, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | Int32(MAP_ANONYMOUS) | MAP_NORESERVE, -1, 0)
        guard let whole, whole != MAP_FAILED, let reserved, reserved != MAP_FAILED else {
            preconditionFailure("the host has no memory for the machine")
        }
        physical = UnsafeMutableBufferPointer(
            start: whole.assumingMemoryBound(to: UInt8.self), count: GuestMemory.megabyte + extendedSize)
        base = reserved.assumingMemoryBound(to: UInt8.self)
        pageFlags = .allocate(capacity: GuestMemory.pageCount)
        pageFlags.initialize(repeating: 0, count: GuestMemory.pageCount)
        quickDevices = .allocate(capacity: GuestMemory.pageCount)
        quickDevices.initialize(repeating: nil, count: GuestMemory.pageCount)
        map(GuestMemory.megabyte, at: 0, from: 0)
        map(0x1_0000, at: GuestMemory.megabyte, from: 0)
    }

    deinit {
        munmap(base, GuestMemory.viewSize + GuestMemory.pageSize)
        munmap(physical.baseAddress, mappedPhysical)
        close(descriptor)
        pageFlags.deallocate()
        quickDevices.deallocate()
    }

    private func map(_ count: Int, at address: Int, from offset: Int) {
        let result = mmap(
            base + address, count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, off_t(offset))
        precondition(result != MAP_FAILED, "the host cannot map the machine's memory")
    }

    // MARK: Wiring

    /// Who tells the time to memory devices.
    public func connect(_ timeSource: any TimeSource) { self.timeSource = timeSource }

    /// Opens or closes address line 20. Without extended memory it has no effect.
    public func setA20(_ isEnabled: Bool) {
        guard isEnabled != isA20Enabled, extendedSize > 0 else { return }
        isA20Enabled = isEnabled
        map(0x1_0000, at: GuestMemory.megabyte, from: isEnabled ? GuestMemory.megabyte : 0)
    }

    /// Routes the pages of `addresses` (a multiple of 4 KB, below 1 MB). A device is needed for the device flags.
    public func route(_ addresses: Range<Int>, flags: PageFlags, device: (any MemoryDevice)? = nil) {
        precondition(
            addresses.lowerBound % GuestMemory.pageSize == 0 && addresses.count % GuestMemory.pageSize == 0
                && addresses.upperBound <= GuestMemory.megabyte, "memory is routed by pages below 1 MB")
        let quick = flags.contains(.quick) ? (device as? QuickMemoryDevice).map(Unmanaged.passUnretained) : nil
        for page in (addresses.lowerBound / GuestMemory.pageSize)..<(addresses.upperBound / GuestMemory.pageSize) {
            pageFlags[page] = flags.rawValue | (isTranslated ? PageFlags.translated.rawValue : 0)
            devices[page] = device
            quickDevices[page] = quick
        }
    }

    /// Fills `addresses` without regard to flags: for ROM contents and for addresses where nothing answers.
    public func fill(_ addresses: Range<Int>, with value: UInt8) {
        for address in addresses.clamped(to: 0..<physical.count) { physical[address] = value }
    }

    // MARK: Access by linear address

    /// A byte at `address`; bits above the view are ignored.
    @inlinable public func read8(_ address: UInt32) -> UInt8 {
        let address = Int(address) % GuestMemory.viewSize
        if pageFlags[address >> 12] & PageFlags.deviceRead.rawValue != 0 { return readDevice(UInt32(address)) }
        return base[address]
    }

    @inlinable public func write8(_ address: UInt32, _ value: UInt8) {
        let address = Int(address) % GuestMemory.viewSize
        if pageFlags[address >> 12] != 0 { return writeSpecial(UInt32(address), value) }
        base[address] = value
    }

    // MARK: Access by 24 lines of address

    /// Where an address of 24 lines leads: into the view, or nil and an address of physical memory above it.
    private func place(_ address: UInt32) -> (view: UInt32?, physical: Int) {
        let line20: UInt32 = 0x10_0000
        let address = address & (isA20Enabled ? 0xFF_FFFF : 0xFF_FFFF & ~line20)
        return (Int(address) < GuestMemory.viewSize ? address : nil, Int(address))
    }

    /// A byte at a physical address below 16 MB, as the processor reaches it through A20. FFh where nothing is.
    public func readBus(_ address: UInt32) -> UInt8 {
        let (view, physicalAddress) = place(address)
        if let view { return read8(view) }
        return physicalAddress < physical.count ? physical[physicalAddress] : 0xFF
    }

    public func writeBus(_ address: UInt32, _ value: UInt8) {
        let (view, physicalAddress) = place(address)
        if let view { return write8(view, value) }
        if physicalAddress < physical.count { physical[physicalAddress] = value }
    }

    /// Slow path: a byte from a page with the `deviceRead` flag.
    @inline(never) public func readDevice(_ address: UInt32) -> UInt8 {
        let page = Int(address) % GuestMemory.viewSize / GuestMemory.pageSize
        if let quick = quickDevices[page] { return quick._withUnsafeGuaranteedRef { $0.read(address) } }
        return devices[page]?.readMemory(address, at: timeSource?.now ?? .zero) ?? 0xFF
    }

    /// Slow path: a byte to a page with any flag.
    @inline(never) public func writeSpecial(_ address: UInt32, _ value: UInt8) {
        let page = Int(address) % GuestMemory.viewSize / GuestMemory.pageSize
        if let quick = quickDevices[page] { return quick._withUnsafeGuaranteedRef { $0.write(address, value) } }
        let flags = PageFlags(rawValue: pageFlags[page])
        if flags.contains(.deviceWrite) {
            devices[page]?.writeMemory(address, value, at: timeSource?.now ?? .zero)
        } else if !flags.contains(.writeProtected) {
            base[Int(address)] = value
        }
    }

    /// Writes `low` and `high` in turn into `count` bytes, if all of them are one quick device's; otherwise false.
    public func fillQuickly(_ address: UInt32, count: Int, low: UInt8, high: UInt8) -> Bool {
        let first = Int(address)
        guard count > 0, count <= GuestMemory.viewSize, first <= GuestMemory.viewSize - count,
            let quick = quickDevices[first / GuestMemory.pageSize]
        else { return false }
        for page in first / GuestMemory.pageSize...(first + count - 1) / GuestMemory.pageSize {
            guard quickDevices[page]?.toOpaque() == quick.toOpaque() else { return false }
        }
        quick._withUnsafeGuaranteedRef { $0.fill(address, count: count, low: low, high: high) }
        return true
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("MEMO") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.field("isA20Enabled", &isA20Enabled)
        var size = UInt32(physical.count)
        coder.field("size", &size)
        guard Int(size) == physical.count else { return coder.fail("the state has \(size) bytes of memory") }
        coder.pages(UnsafeMutableRawBufferPointer(physical))
    }

    public func stateDidRestore() {
        guard extendedSize > 0 else { return isA20Enabled = false }
        map(0x1_0000, at: GuestMemory.megabyte, from: isA20Enabled ? GuestMemory.megabyte : 0)
    }
}
