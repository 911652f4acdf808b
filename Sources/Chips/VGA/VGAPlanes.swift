import Core

/// Told before the processor writes into video memory.
public protocol VGAPlanesObserver: AnyObject {
    func planesWillChange(at now: Tick)
}

/// The video memory of the EGA and the VGA with the data path of the graphics controller: four planes of 64 KB, or of 256
/// KB on boards with more modes than IBM's.
///
/// The bytes of the four planes at one offset lie side by side in one word, plane 0 lowest, so an access works on all
/// four at once. Everything that the registers say about an access is worked out when they change.
///
/// Source: [IBM VGA] "Display memory", "Graphics controller registers".
///
/// A board that wants to draw up to the place of the beam before each write is its `observer`.
public final class VGAPlanes: QuickMemoryDevice {
    /// Offsets in each plane: 65,536, or more with more than 256 KB.
    public let offsets: Int
    /// `offsets` words.
    public let words: UnsafeMutablePointer<UInt32>
    private let path: UnsafeMutablePointer<Path>

    /// How an access passes. Masks have eight equal bits for each plane.
    private struct Path {
        var writeMode: UInt8 = 0
        var comparesColors = false
        var rotation: UInt8 = 0
        var function: UInt8 = 0
        var bitMask: UInt32 = 0xFFFF_FFFF
        var setReset: UInt32 = 0
        var setResetEnabled: UInt32 = 0
        var compared: UInt32 = 0
        var compareMask: UInt32 = 0
        var readPlane: UInt8 = 0
        var mapMask: UInt32 = 0
        var isChain4 = false
        var isOddEvenWrite = false
        var isOddEvenRead = false
        var dropsBit0 = false
        /// What stands for address bit 0 then: a constant, and a bit of the address, whose number this is.
        var pageBit = 0
        var pageShift = VGAPlanes.noShift
        var offsetMask = 0xFFFF
        /// The window is a bank of bytes that are pixels, whatever the registers say.
        var isLinear = false
        /// Where the window begins in memory: bytes if linear, otherwise offsets.
        var bankStart = 0
        /// Where the processor sees the memory, and how many bytes of it.
        var windowStart: UInt32 = 0
        var windowSize: UInt32 = 0
        var latch: UInt32 = 0
        var isDirty = false
    }

    /// - Parameter kilobytes: memory of the board: 64, 128 or 256 of an EGA, 256 or 1,024 of a VGA.
    public init(kilobytes: Int, isEGA: Bool = false) {
        self.isEGA = isEGA
        offsets = kilobytes >= 1_024 ? 0x4_0000 : 0x1_0000
        installed = kilobytes >= 1_024 ? 0x4_0000 : kilobytes >= 256 ? 0x1_0000 : kilobytes >= 128 ? 0x8000 : 0x4000
        words = .allocate(capacity: offsets)
        words.initialize(repeating: 0, count: offsets)
        path = .allocate(capacity: 1)
        path.initialize(to: Path())
    }

    private let isEGA: Bool
    /// Offsets with memory behind them: nothing answers at others.
    ///
    /// Source: the power-on test in the ROM of [IBM EGA] counts the memory so. Assumption: they read as FFh.
    private let installed: Int
    /// No bit of an address.
    private static let noShift = 62

    deinit {
        words.deallocate()
        path.deallocate()
    }

    /// Bits of an offset that reach memory when it is displayed. Assumption: where none is fitted, memory repeats.
    public var offsetMask: Int { path.pointee.offsetMask & (installed &- 1) }

    /// Something has been written since this was last asked.
    public func takeDirty() -> Bool {
        defer { path.pointee.isDirty = false }
        return path.pointee.isDirty
    }

    public func markDirty() { path.pointee.isDirty = true }

    /// Bits 0 to 3 as four bytes of all zeros or all ones.
    @inline(__always) private static func spread(_ nibble: UInt8) -> UInt32 {
        ((UInt32(nibble & 15) &* 0x0020_4081) & 0x0101_0101) &* 0xFF
    }

    @inline(__always) private static func repeated(_ byte: UInt8) -> UInt32 { UInt32(byte) &* 0x0101_0101 }

    /// Takes over the registers. Outside `window` there is nothing.
    /// - Parameter isHighPage: bit 5 of the miscellaneous output register, which the BIOS sets.
    ///
    /// Source: [86BOX] issue 2944, after the schematic of [IBM EGA]: with odd/even addressing, bit 0 at the memory is the
    /// inverse of that register's bit, with a window of 128 KB it is address bit 16; on a board of 64 KB it is address bit
    /// 14, and stays with a window of 128 KB.
    /// Assumption: on the VGA it is as on an EGA with more memory.
    public func configure(
        _ graphics: VGAGraphicsController, _ sequencer: VGASequencer, window: Range<Int>, isHighPage: Bool = true
    ) {
        let p = path
        p.pointee.windowStart = UInt32(truncatingIfNeeded: window.lowerBound)
        p.pointee.windowSize = UInt32(truncatingIfNeeded: window.count)
        p.pointee.setReset = VGAPlanes.spread(graphics[0])
        p.pointee.setResetEnabled = VGAPlanes.spread(graphics[1])
        p.pointee.compareMask = VGAPlanes.spread(graphics[7])
        p.pointee.compared = VGAPlanes.spread(graphics[2]) & p.pointee.compareMask
        p.pointee.rotation = graphics[3] & 7
        p.pointee.function = graphics[3] >> 3 & 3
        p.pointee.readPlane = graphics[4] & 3
        p.pointee.writeMode = graphics[5] & 3
        p.pointee.comparesColors = graphics[5] & 8 != 0
        p.pointee.bitMask = VGAPlanes.repeated(graphics[8])
        p.pointee.mapMask = VGAPlanes.spread(sequencer.mapMask)
        p.pointee.isChain4 = sequencer.isChain4
        p.pointee.isOddEvenWrite = !sequencer.isSequential && !sequencer.isChain4
        p.pointee.isOddEvenRead = graphics.isOddEvenRead
        p.pointee.dropsBit0 = graphics.isChained
        let isWide = window.count > 0x1_0000
        let isSmall = installed <= 0x4000
        p.pointee.pageBit = isWide || isSmall || isHighPage ? 0 : 1
        p.pointee.pageShift = isSmall ? (isWide ? 0 : 14) : isWide ? 16 : VGAPlanes.noShift
        p.pointee.isLinear = false
        p.pointee.bankStart = 0
        p.pointee.offsetMask = isEGA && !sequencer.hasExtendedMemory ? 0x3FFF : 0xFFFF
    }

    /// Takes over the bit mask alone.
    public func setBitMask(_ mask: UInt8) { path.pointee.bitMask = VGAPlanes.repeated(mask) }

    /// After `configure`: all memory is there, and the window shows a part of it from `bankStart` on. Packed, every byte is
    /// a pixel; otherwise the planes have more offsets, without odd and even ones.
    public func extend(isPacked: Bool, bankStart: Int) {
        let p = path
        p.pointee.isChain4 = isPacked
        p.pointee.isLinear = isPacked
        p.pointee.bankStart = bankStart
        p.pointee.offsetMask = offsets &- 1
        p.pointee.isOddEvenWrite = false
        p.pointee.isOddEvenRead = false
        p.pointee.dropsBit0 = false
    }

    /// Zeros everywhere.
    public func clear() {
        words.update(repeating: 0, count: offsets)
        path.pointee.isDirty = true
    }

    /// The latches: the last bytes that were read, plane 0 lowest.
    public var latch: UInt32 { path.pointee.latch }
    public func restoreLatch(_ value: UInt32) { path.pointee.latch = value }

    /// Told before each write, where the board has not routed the memory as quick.
    public weak var observer: (any VGAPlanesObserver)?

    public override func writeMemory(_ address: UInt32, _ value: UInt8, at now: Tick) {
        observer?.planesWillChange(at: now)
        write(address, value)
    }

    /// Bit 0 of an offset that has lost its own.
    @inline(__always) private func pageBit(_ address: Int) -> Int {
        address &>> path.pointee.pageShift & 1 | path.pointee.pageBit
    }

    /// The processor reads at physical `address`.
    public override func read(_ address: UInt32) -> UInt8 {
        let p = path
        let place = address &- p.pointee.windowStart
        guard place < p.pointee.windowSize else { return 0xFF }
        let address = Int(place)
        var plane = p.pointee.readPlane
        var offset = address
        if p.pointee.isChain4 {
            if p.pointee.isLinear { return linear(address) }
            plane = UInt8(truncatingIfNeeded: address & 3)
            offset = address & ~3
        } else {
            if p.pointee.isOddEvenRead { plane = plane & 2 | UInt8(truncatingIfNeeded: address & 1) }
            if p.pointee.dropsBit0 { offset = address & ~1 | pageBit(address) }
        }
        let index = (offset &+ p.pointee.bankStart) & p.pointee.offsetMask
        let latch = index < installed ? words[index] : .max
        p.pointee.latch = latch
        guard p.pointee.comparesColors else {
            return UInt8(truncatingIfNeeded: latch >> (UInt32(plane) &* 8))
        }
        var different = latch & p.pointee.compareMask ^ p.pointee.compared
        different |= different >> 16
        different |= different >> 8
        return ~UInt8(truncatingIfNeeded: different)
    }

    /// The processor writes at physical `address`.
    public override func write(_ address: UInt32, _ value: UInt8) {
        let p = path
        let inWindow = address &- p.pointee.windowStart
        guard inWindow < p.pointee.windowSize else { return }
        let address = Int(inWindow)
        var planes = p.pointee.mapMask
        var offset = address
        if p.pointee.isChain4 {
            if p.pointee.isLinear { return setLinear(address, value) }
            planes &= 0xFF &<< (UInt32(truncatingIfNeeded: address & 3) &* 8)
            offset = address & ~3
        } else {
            if p.pointee.isOddEvenWrite { planes &= address & 1 == 0 ? 0x00FF_00FF : 0xFF00_FF00 }
            if p.pointee.dropsBit0 { offset = address & ~1 | pageBit(address) }
        }
        let index = (offset &+ p.pointee.bankStart) & p.pointee.offsetMask
        guard index < installed else { return }
        let place = words + index
        let written = pass(value)
        place.pointee = place.pointee & ~planes | written & planes
        p.pointee.isDirty = true
    }

    private func linear(_ address: Int) -> UInt8 {
        let place = address &+ path.pointee.bankStart
        return UInt8(truncatingIfNeeded: words[place >> 2 & path.pointee.offsetMask] >> UInt32((place & 3) &* 8))
    }

    private func setLinear(_ address: Int, _ value: UInt8) {
        let place = address &+ path.pointee.bankStart
        let shift = UInt32((place & 3) &* 8)
        let word = words + (place >> 2 & path.pointee.offsetMask)
        word.pointee = word.pointee & ~(0xFF &<< shift) | UInt32(value) &<< shift
        path.pointee.isDirty = true
    }

    /// Writes change no latch, so that where offsets are plain all of them put the same.
    public override func fill(_ address: UInt32, count: Int, low: UInt8, high: UInt8) {
        let p = path
        let start = Int(address &- p.pointee.windowStart)
        guard !p.pointee.isChain4, !p.pointee.isOddEvenWrite, !p.pointee.dropsBit0,
            start + count <= Int(p.pointee.windowSize), p.pointee.offsetMask < installed
        else { return super.fill(address, count: count, low: low, high: high) }
        let kept = ~p.pointee.mapMask
        let (even, odd) = (pass(low) & ~kept, pass(high) & ~kept)
        let mask = p.pointee.offsetMask
        let first = start &+ p.pointee.bankStart
        for index in 0..<count {
            let place = words + ((first &+ index) & mask)
            place.pointee = place.pointee & kept | (index & 1 == 0 ? even : odd)
        }
        p.pointee.isDirty = true
    }

    /// The four bytes that a write of `value` puts before the map mask.
    @inline(__always) private func pass(_ value: UInt8) -> UInt32 {
        let p = path
        let latch = p.pointee.latch
        var bits = p.pointee.bitMask
        var data: UInt32
        switch p.pointee.writeMode {
        case 0:
            let rotated = value &>> p.pointee.rotation | value &<< (8 &- p.pointee.rotation)
            data = VGAPlanes.repeated(p.pointee.rotation == 0 ? value : rotated)
            data = data & ~p.pointee.setResetEnabled | p.pointee.setReset & p.pointee.setResetEnabled
        case 1: return latch
        case 2: data = VGAPlanes.spread(value)
        default:
            let rotated = value &>> p.pointee.rotation | value &<< (8 &- p.pointee.rotation)
            bits &= VGAPlanes.repeated(p.pointee.rotation == 0 ? value : rotated)
            data = p.pointee.setReset
        }
        switch p.pointee.function {
        case 1: data &= latch
        case 2: data |= latch
        case 3: data ^= latch
        default: break
        }
        return data & bits | latch & ~bits
    }

    public func transfer(_ coder: StateCoder) {
        coder.field("latch", &path.pointee.latch)
        // Parts of zeros are left out.
        let part = 1_024
        for start in stride(from: 0, to: offsets, by: part) {
            let words = UnsafeMutableBufferPointer(start: words + start, count: part)
            var isUsed = coder.direction != .load && words.contains { $0 != 0 }
            if coder.direction == .print && !isUsed { continue }
            coder.field("isUsed", &isUsed)
            if isUsed {
                coder.memory("offset \(String(start, radix: 16))", UnsafeMutableRawBufferPointer(words))
            } else if coder.direction == .load && coder.failure == nil {
                words.update(repeating: 0)
            }
        }
    }
}
