import Core

extension GravisGF1 {
    /// One of the 32 voices.
    struct Voice: StateValue {
        var wave = Wave()
        var ramp = Ramp()
        /// 0 left to 15 right.
        var pan: UInt8 = 7

        /// Whether it gives another level in the next frame.
        var isChanging: Bool { wave.isMoving || ramp.isRunning }

        private var rollsOver: Bool { ramp.control.contains(.rollsOver) }

        /// Lets frames pass and adds what the voice gives to stereo sums of 1/256.
        /// - Parameter frame: the number of the first of them.
        mutating func render(
            _ count: Int, frame: Int64, from memory: UnsafePointer<UInt8>, to sums: UnsafeMutablePointer<Int32>
        ) {
            let (left, right) = (Voice.sides[15 - Int(pan & 15)], Voice.sides[Int(pan & 15)])
            var done = 0
            var framesToLimit = wave.framesToLimit
            while done < count {
                let number = frame &+ Int64(done)
                let span = min(count - done, framesToLimit, ramp.framesToStep(at: number))
                // Below this a voice gives less than a step of the converter.
                if ramp.volume >= 0x100 {
                    let gain = Int64(ramp.gain)
                    wave.add(
                        span, left: Int32(truncatingIfNeeded: (gain &* left) >> 15),
                        right: Int32(truncatingIfNeeded: (gain &* right) >> 15), from: memory, to: sums + 2 * done)
                }
                wave.move(span, rollsOver: rollsOver)
                ramp.move(span, at: number)
                done += span
                framesToLimit = span < framesToLimit ? framesToLimit - span : wave.framesToLimit
            }
        }

        mutating func skip(_ count: Int, frame: Int64) {
            wave.skip(count, rollsOver: rollsOver)
            ramp.skip(count, at: frame)
        }

        /// Writes the bits under `mask` of register 00h to 0Dh. Eight bits are the upper ones.
        mutating func write(_ register: UInt8, _ value: UInt16, _ mask: UInt16) {
            func merge(_ word: inout UInt16) { word = word & ~mask | value & mask }
            func merge(_ address: inout UInt32, _ shift: UInt32, within limits: UInt32) {
                let bits = UInt32(mask) << shift
                address = (address & ~bits | UInt32(value) << shift & bits) & limits
            }
            let byte = UInt8(value >> 8)
            switch register {
            case 0x00:
                wave.control = Control(written: byte)
                wave.isPending = byte & 0xA0 == 0xA0
            case 0x01: merge(&wave.frequency)
            case 0x02: merge(&wave.start, 16, within: Wave.limitMask)
            case 0x03: merge(&wave.start, 0, within: Wave.limitMask)
            case 0x04: merge(&wave.end, 16, within: Wave.limitMask)
            case 0x05: merge(&wave.end, 0, within: Wave.limitMask)
            case 0x06: ramp.rate = byte
            case 0x07: ramp.start = byte
            case 0x08: ramp.end = byte
            case 0x09:
                var word = ramp.volume << 4
                merge(&word)
                ramp.volume = word >> 4
            case 0x0A: merge(&wave.position, 16, within: Wave.mask)
            case 0x0B: merge(&wave.position, 0, within: Wave.mask)
            case 0x0C: pan = byte & 15
            default:
                ramp.control = Control(written: byte)
                ramp.isPending = byte & 0xA0 == 0xA0
            }
        }

        /// The factor of the right side by position, in 1/2^15: both sides together have the same power everywhere.
        private static let sides: [Int64] = (0...15).map { Int64((32_768 * (Double($0) / 15).squareRoot()).rounded()) }

        mutating func transfer(_ coder: StateCoder) {
            coder.group("wave") { wave.transfer(coder) }
            coder.group("ramp") { ramp.transfer(coder) }
            coder.field("pan", &pan)
            pan &= 15
        }
    }
}
