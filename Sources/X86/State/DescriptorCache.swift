import Core

/// What an 80286 keeps beside a segment register: base, limit and access rights, which every access through it uses.
///
/// In real mode they follow from the selector; only LOADALL can set others, which stay until the segment register is
/// loaded again.
///
/// Source: [LOADALL] description. Not implemented: privilege levels, which LOADALL can bring into real mode.
public struct DescriptorCache: Hashable, Sendable {
    /// 24 bits of physical address.
    public var base: UInt32 = 0
    public var limit: UInt16 = 0xFFFF
    public var access: UInt8 = DescriptorCache.realModeAccess
    /// The selector that was loaded with it; another one in the register ends it.
    public var selector: UInt16 = 0
    /// LOADALL has loaded something that does not follow from the selector.
    public var isLoaded = false

    /// A valid, writable data segment.
    public static let realModeAccess: UInt8 = 0x93

    public init() {}

    /// The three words of LOADALL's table: base, its upper byte with the access rights, limit.
    public init(selector: UInt16, _ low: UInt16, _ high: UInt16, limit: UInt16) {
        base = UInt32(low) | UInt32(high & 0xFF) << 16
        access = UInt8(truncatingIfNeeded: high >> 8)
        self.limit = limit
        self.selector = selector
        let isPlain = access & 0b1000_1110 == DescriptorCache.realModeAccess & 0b1000_1110
        isLoaded = !(isPlain && limit == 0xFFFF && base == UInt32(selector) << 4)
    }

    /// The valid bit stands where a descriptor in memory has its present bit.
    private var isValid: Bool { access & 0b1000_0000 != 0 }
    private var isCode: Bool { access & 0b0000_1000 != 0 }
    /// Of data: writable; of code: readable.
    private var isOpen: Bool { access & 0b0000_0010 != 0 }
    private var growsDown: Bool { !isCode && access & 0b0000_0100 != 0 }

    /// What a segment is used for.
    public enum Use: Sendable { case read, write, execute }

    /// Whether `count` bytes from `offset` on can be used so. Offsets do not wrap.
    public func allows(_ use: Use, _ offset: UInt16, _ count: Int) -> Bool {
        let isRight: Bool =
            switch use {
            case .read: !isCode || isOpen
            case .write: !isCode && isOpen
            case .execute: true
            }
        let last = Int(offset) &+ count &- 1
        let fits = growsDown ? offset > limit && last <= 0xFFFF : last <= Int(limit)
        return isValid && isRight && fits
    }

    /// The physical address of an offset.
    public func address(_ offset: UInt16) -> UInt32 { (base &+ UInt32(offset)) & 0xFF_FFFF }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("base", &base)
        coder.field("limit", &limit)
        coder.field("access", &access)
        coder.field("selector", &selector)
        coder.field("isLoaded", &isLoaded)
        if base > 0xFF_FFFF { coder.fail("the base of a segment has more than 24 bits") }
    }
}

/// The caches of the four segment registers, by the numbers of their registers among the words of `CPUState`.
public struct DescriptorCaches: Hashable, Sendable {
    private var es = DescriptorCache()
    private var cs = DescriptorCache()
    private var ss = DescriptorCache()
    private var ds = DescriptorCache()
    /// One of them holds what does not follow from its selector.
    public private(set) var areLoaded = false

    public init() {}

    /// - Parameter slot: 9 to 12, in the order ES CS SS DS.
    public subscript(slot: Int) -> DescriptorCache {
        get {
            switch slot {
            case 9: es
            case 10: cs
            case 11: ss
            default: ds
            }
        }
        set {
            switch slot {
            case 9: es = newValue
            case 10: cs = newValue
            case 11: ss = newValue
            default: ds = newValue
            }
            areLoaded = es.isLoaded || cs.isLoaded || ss.isLoaded || ds.isLoaded
        }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.group("es") { es.transfer(coder) }
        coder.group("cs") { cs.transfer(coder) }
        coder.group("ss") { ss.transfer(coder) }
        coder.group("ds") { ds.transfer(coder) }
        areLoaded = es.isLoaded || cs.isLoaded || ss.isLoaded || ds.isLoaded
    }
}

extension CPUState {
    /// The segment register with number `slot`, 9 to 12.
    private func selector(_ slot: Int) -> UInt16 {
        switch slot {
        case 9: es
        case 10: cs
        case 11: ss
        default: ds
        }
    }

    /// Ends what LOADALL has loaded for segment registers that have been changed from outside.
    public mutating func dropStaleCaches() {
        for slot in 9...12 where caches[slot].isLoaded && caches[slot].selector != selector(slot) {
            caches[slot] = DescriptorCache()
        }
    }

    /// The physical address of an offset in a segment.
    public func address(_ slot: Int, _ offset: UInt16) -> UInt32 {
        let cache = caches[slot]
        return cache.isLoaded ? cache.address(offset) : UInt32(selector(slot)) << 4 &+ UInt32(offset)
    }

    /// What LOADALL does, with the 51 words that it reads from 800h. Protected mode is not provided: PE stays clear.
    /// - Returns: the new IP.
    ///
    /// Source: [LOADALL] memory area format.
    public mutating func loadAll(_ table: [UInt16], at ip: UInt16, _ model: ProcessorModel) -> UInt16 {
        func word(_ offset: Int) -> UInt16 { offset / 2 < table.count ? table[offset / 2] : 0 }
        func base(_ offset: Int) -> UInt32 { UInt32(word(offset)) | UInt32(word(offset + 2) & 0xFF) << 16 }
        if word(0x06) & 1 != 0 { noteProtectedMode(at: ip) }
        msw = msw & 0xFFF0 | word(0x06) & 0x000E
        flags = model.normalizedFlags(word(0x18))
        (ds, ss, cs, es) = (word(0x1E), word(0x20), word(0x22), word(0x24))
        (di, si, bp, sp) = (word(0x26), word(0x28), word(0x2A), word(0x2C))
        (bx, dx, cx, ax) = (word(0x2E), word(0x30), word(0x32), word(0x34))
        for (slot, offset) in [(9, 0x36), (10, 0x3C), (11, 0x42), (12, 0x48)] {
            caches[slot] = DescriptorCache(
                selector: selector(slot), word(offset), word(offset + 2), limit: word(offset + 4))
        }
        (gdtBase, gdtLimit) = (base(0x4E), word(0x52))
        (idtBase, idtLimit) = (base(0x5A), word(0x5E))
        return word(0x1A)
    }
}
