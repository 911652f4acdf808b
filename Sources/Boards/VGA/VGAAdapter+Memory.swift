import Chips
import Core

/// How the processor reaches the memory.
enum VGAMapping: Equatable {
    /// Every access is the board's.
    case device
    /// Plain RAM at A0000h: byte 4n + p is plane p at offset 4n.
    case chain4
    /// Plain RAM of 32 KB: an even byte is plane 0, an odd one plane 1, both at the even offset.
    case text(base: Int)

    /// Where the plain RAM is; empty if there is none.
    var window: Range<Int> {
        switch self {
        case .device: 0..<0
        case .chain4: 0xA_0000..<0xB_0000
        case .text(let base): base..<base + 0x8000
        }
    }

    /// Bytes of the window for each display address that reaches it.
    var unit: Int { self == .chain4 ? 4 : 2 }
}

/// The memory: the board's accesses, and the plain RAM that stands for planes where that makes no difference.
extension VGAAdapter {
    /// In fast profiles the planes do not look at the time.
    var deviceFlags: PageFlags { seesEveryAccess ? .device : [.device, .quick] }

    /// After a register that has to do with memory has changed.
    func updateMemory() {
        let isAnswering = state.miscellaneous & 2 != 0 && state.isEnabled & 1 != 0
        planes.configure(
            state.graphics, state.sequencer, window: isAnswering ? state.graphics.window : 0xA_0000..<0xA_0000,
            isHighPage: state.miscellaneous & 0x20 != 0)
        if isExtended, isAnswering {
            planes.configure(state.graphics, state.sequencer, window: 0xA_0000..<0xB_0000)
            planes.extend(isPacked: state.display.isPacked, bankStart: state.display.bankStart)
        }
        let wanted = isAnswering && !isExtended ? suitableMapping : .device
        if wanted != mapping { map(wanted) }
    }

    /// Plain RAM if bytes pass unchanged and each has its own place.
    private var suitableMapping: VGAMapping {
        let (sequencer, graphics) = (state.sequencer, state.graphics)
        guard !seesEveryAccess, variant.kilobytes >= 256, graphics.isNeutral else { return .device }
        if sequencer.isChain4 {
            return graphics.window == VGAMapping.chain4.window && sequencer.mapMask == 15 ? .chain4 : .device
        }
        let isText =
            !sequencer.isSequential && graphics.isOddEvenRead && graphics.isChained && graphics[4] & 2 == 0
            && sequencer.mapMask == 3 && graphics.window.count == 0x8000 && state.miscellaneous & 0x20 != 0
        return isText ? .text(base: graphics.window.lowerBound) : .device
    }

    private func map(_ wanted: VGAMapping) {
        if mapping != .device {
            synchronise()
            memory.route(mapping.window, flags: deviceFlags, device: planes)
        }
        mapping = wanted
        guard mapping != .device else { return }
        let window = memory.physical.baseAddress.map { $0 + mapping.window.lowerBound }
        let shadow = self.shadow ?? .allocate(capacity: 0x1_0000)
        self.shadow = shadow
        guard let window else { return }
        fill(window)
        shadow.update(from: window, count: mapping.window.count)
        memory.route(mapping.window, flags: [])
    }

    /// Planes into the window.
    private func fill(_ window: UnsafeMutablePointer<UInt8>) {
        let target = UnsafeMutableRawPointer(window)
        let words = planes.words
        if mapping == .chain4 {
            let target = target.assumingMemoryBound(to: UInt32.self)
            for index in 0..<0x4000 { target[index] = words[index &* 4] }
        } else {
            let target = target.assumingMemoryBound(to: UInt16.self)
            for index in 0..<0x4000 { target[index] = UInt16(truncatingIfNeeded: words[index &* 2]) }
        }
    }

    /// Takes into the planes what has changed in plain RAM.
    func synchronise() { synchronise(bytes: 0..<mapping.window.count) }

    /// The same for a part of the window, by blocks of so many bytes, a power of two from 32.
    func synchronise(bytes: Range<Int>, block: Int = 2_048) {
        guard mapping != .device, let shadow, let physical = memory.physical.baseAddress else {
            if planes.takeDirty() { memoryGeneration &+= 1 }
            return
        }
        let window = physical + mapping.window.lowerBound
        let bytes = bytes.clamped(to: 0..<mapping.window.count)
        var hasChanged = planes.takeDirty()
        var start = bytes.lowerBound & ~(block - 1)
        while start < bytes.upperBound {
            if VGAAdapter.differ(window + start, shadow + start, count: block) {
                takeOver(window, from: start, count: block)
                (shadow + start).update(from: window + start, count: block)
                hasChanged = true
            }
            start += block
        }
        if hasChanged { memoryGeneration &+= 1 }
    }

    private static func differ(
        _ a: UnsafeMutablePointer<UInt8>, _ b: UnsafeMutablePointer<UInt8>, count: Int
    ) -> Bool {
        let a = UnsafeRawPointer(a).assumingMemoryBound(to: SIMD4<UInt64>.self)
        let b = UnsafeRawPointer(b).assumingMemoryBound(to: SIMD4<UInt64>.self)
        var different = SIMD4<UInt64>(repeating: 0)
        for index in 0..<count / 32 { different |= a[index] ^ b[index] }
        return different != SIMD4(repeating: 0)
    }

    private func takeOver(_ window: UnsafeMutablePointer<UInt8>, from start: Int, count: Int) {
        let source = UnsafeRawPointer(window + start)
        let words = planes.words + start
        if mapping == .chain4 {
            let source = source.assumingMemoryBound(to: UInt32.self)
            for index in 0..<count / 4 { words[index &* 4] = source[index] }
        } else {
            let source = source.assumingMemoryBound(to: UInt16.self)
            for index in 0..<count / 2 {
                words[index &* 2] = words[index &* 2] & 0xFFFF_0000 | UInt32(source[index])
            }
        }
    }
}
