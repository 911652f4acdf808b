import Core

extension GravisGF1 {
    /// Where a voice is in the card's memory, and how it moves from frame to frame.
    ///
    /// A position is 20 bits of address and 9 of fraction, as the registers of address have it, high word first. A voice has
    /// reached its limit when it is past it. That is looked at after the position has wrapped around, so that a step across
    /// the ends of memory misses the limit.
    struct Wave: StateValue {
        static let mask: UInt32 = 1 << 29 - 1
        /// Limits have four bits of fraction.
        static let limitMask: UInt32 = mask & ~31

        /// Bits 0-6 of register 00h.
        var control = Control.stopped
        /// Bit 7.
        var isPending = false
        var frequency: UInt16 = 0
        var start: UInt32 = 0
        var end: UInt32 = 0
        var position: UInt32 = 0

        private var step: UInt32 { UInt32(frequency >> 1) }
        private var isDown: Bool { control.contains(.down) }
        /// A voice without a step moves too while it is past its limit: it turns.
        var isMoving: Bool { isRunning && (step != 0 || isPastLimit) }
        private var isRunning: Bool { control.isDisjoint(with: [.stopped, .stop]) }
        private var isPastLimit: Bool { isDown ? position < start : position > end }
        /// A voice that has stopped by itself asks again and again, until the program stops it or moves the limit.
        private var isCalling: Bool {
            control.contains([.interrupts, .stopped]) && !control.contains(.stop)
                && (isDown ? position <= start : position >= end)
        }

        /// Frames until the one that may reach a limit, at least 1.
        var framesToLimit: Int {
            guard isRunning else { return .max }
            if isPastLimit { return 1 }
            guard step != 0 else { return .max }
            let distance = isDown ? position &- start : end &- position
            return Int(distance / step) + 1
        }

        /// Frames until the next that makes an interrupt pending; nil: none does.
        var framesToInterrupt: Int? {
            guard !isPending, control.contains(.interrupts) else { return nil }
            if isCalling { return 1 }
            let frames = framesToLimit
            return frames == .max ? nil : frames
        }

        /// Lets `count` frames pass, at most `framesToLimit`.
        mutating func move(_ count: Int, rollsOver: Bool) {
            guard isRunning else {
                if isCalling { isPending = true }
                return
            }
            let distance = UInt32(truncatingIfNeeded: Int64(step) &* Int64(count))
            position = (isDown ? position &- distance : position &+ distance) & Wave.mask
            if isPastLimit { turn(rollsOver: rollsOver) }
        }

        private mutating func turn(rollsOver: Bool) {
            if control.contains(.interrupts) { isPending = true }
            let excess = isDown ? start &- position : position &- end
            if control.contains(.loops) {
                if control.contains(.bothWays) { control.formSymmetricDifference(.down) }
                // From here on in the direction that it has now.
                position = (isDown ? end &- excess : start &+ excess) & Wave.mask
            } else if !rollsOver {
                control.insert(.stopped)
                position = isDown ? start : end
            }
        }

        /// Lets any number of frames pass unheard.
        mutating func skip(_ count: Int, rollsOver: Bool) {
            var left = count
            while left > 0 {
                let span = min(left, framesToLimit)
                move(span, rollsOver: rollsOver)
                left &-= span
            }
        }

        // MARK: Sound

        /// Adds what the voice gives in the next `count` frames, at most `framesToLimit`, to stereo sums.
        /// - Parameter memory: the card's, 1 MB.
        func add(
            _ count: Int, left: Int32, right: Int32, from memory: UnsafePointer<UInt8>,
            to sums: UnsafeMutablePointer<Int32>
        ) {
            if control.contains(.words) {
                add(count, left, right, to: sums) { Wave.word(memory, $0) }
            } else {
                add(count, left, right, to: sums) { Int32(Int8(bitPattern: memory[Int($0 & 0xF_FFFF)])) << 8 }
            }
        }

        @inline(__always)
        private func add(
            _ count: Int, _ left: Int32, _ right: Int32, to sums: UnsafeMutablePointer<Int32>,
            sample: (UInt32) -> Int32
        ) {
            let motion = !isRunning ? 0 : isDown ? 0 &- step : step
            var position = position
            for frame in 0..<count {
                let address = position >> 9
                let first = sample(address)
                let value = first &+ ((sample(address &+ 1) &- first) &* Int32(position & 511)) >> 9
                sums[2 &* frame] &+= Wave.scaled(value, left)
                sums[2 &* frame &+ 1] &+= Wave.scaled(value, right)
                position = (position &+ motion) & Wave.mask
            }
        }

        /// A value of 16 bits by a gain of 24, in 1/256.
        @inline(__always)
        private static func scaled(_ value: Int32, _ gain: Int32) -> Int32 {
            Int32(truncatingIfNeeded: (Int64(value) &* Int64(gain)) >> 16)
        }

        /// Addresses of words count within a quarter of the memory: bits 19-18 stay, the others are doubled.
        @inline(__always)
        private static func word(_ memory: UnsafePointer<UInt8>, _ address: UInt32) -> Int32 {
            let place = Int(address & 0xC_0000 | (address & 0x1_FFFF) << 1)
            return Int32(Int16(truncatingIfNeeded: Int32(memory[place]) | Int32(memory[place &+ 1]) << 8))
        }

        // MARK: State

        mutating func transfer(_ coder: StateCoder) {
            coder.field("control", &control)
            coder.field("isPending", &isPending)
            coder.field("frequency", &frequency)
            coder.field("start", &start)
            coder.field("end", &end)
            coder.field("position", &position)
            start &= Wave.limitMask
            end &= Wave.limitMask
            position &= Wave.mask
        }
    }

    /// Register 00h, and 0Dh, whose bit 2 is another.
    struct Control: OptionSet {
        let rawValue: UInt8
        static let stopped = Control(rawValue: 0b0000_0001)
        static let stop = Control(rawValue: 0b0000_0010)
        /// 00h: samples of 16 bits.
        static let words = Control(rawValue: 0b0000_0100)
        /// 0Dh: the voice goes on past its limit.
        static let rollsOver = Control(rawValue: 0b0000_0100)
        static let loops = Control(rawValue: 0b0000_1000)
        static let bothWays = Control(rawValue: 0b0001_0000)
        static let interrupts = Control(rawValue: 0b0010_0000)
        static let down = Control(rawValue: 0b0100_0000)

        /// As a program has written it: what is told to stop has stopped.
        init(written value: UInt8) {
            rawValue = value & 0b0111_1111 | (value & 0b0000_0010) >> 1
        }

        init(rawValue: UInt8) { self.rawValue = rawValue }
    }
}
