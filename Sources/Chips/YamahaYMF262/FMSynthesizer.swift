import Core

extension FM {
    /// The operators, channels and shared counters of one chip, and the samples they make.
    ///
    /// Everything that changes is behind pointers that never do, so that the sample loops carry no checks.
    final class Synthesizer {
        enum Variant {
            /// YM3812: 18 operators; one output, the sum of all of a sample's operators.
            case opl2
            /// YMF262: 36 operators; two outputs, taken while the operators are computed.
            case opl3
        }

        /// What all operators share.
        struct Shared {
            var clock = EnvelopeClock()
            var oscillator = LowFrequencyOscillator()
            var noise = NoiseGenerator()
            /// Steps of the noise that have not been made, because nobody looked.
            var noiseDebt: Int64 = 0
            /// The low six bits of register BDh: rhythm mode and five keys.
            var rhythm: Rhythm = []
            /// The cymbal's place in its waveform as the hi-hat sees it, one sample late.
            var cymbal: UInt16 = 0
            /// The right output of the next sample.
            var nextRight: Int32 = 0
            /// OPL3: the features that OPL2 does not have are on.
            var isNew = false
            /// Key scaling looks at bit 8 of the frequency number instead of bit 9.
            var selectsLowBit = false
            /// OPL2: registers E0h-F5h can be written.
            var selectsWaveforms = false
        }

        /// Bits 5-0 of register BDh.
        struct Rhythm: OptionSet {
            var rawValue: UInt8
            static let hiHat = Rhythm(rawValue: 0b00_0001)
            static let cymbal = Rhythm(rawValue: 0b00_0010)
            static let tomTom = Rhythm(rawValue: 0b00_0100)
            static let snareDrum = Rhythm(rawValue: 0b00_1000)
            static let bassDrum = Rhythm(rawValue: 0b01_0000)
            static let isOn = Rhythm(rawValue: 0b10_0000)
        }

        /// What a chip is told once, when it is made.
        private struct Options {
            var skipsSilence = true
            var roundsOutput = false
        }

        /// Off, silent operators are computed like all others: for comparison in tests.
        var skipsSilence: Bool {
            get { options.pointee.skipsSilence }
            set { options.pointee.skipsSilence = newValue }
        }

        /// OPL2: samples have ten significant bits, as the YM3014 converter gets them.
        var roundsOutput: Bool {
            get { options.pointee.roundsOutput }
            set { options.pointee.roundsOutput = newValue }
        }

        /// What is rebuilt for each block.
        struct Block {
            var count = 0
            /// The envelope clock over the block; made when the first operator asks.
            var schedule: EnvelopeSchedule
            var isScheduled = false
            /// Operators that give nothing but zeros; their samples are not written.
            var silentOperators: UInt64 = 0
        }

        let variant: Variant
        let operatorCount: Int
        let channelCount: Int
        let operators: UnsafeMutablePointer<Operator>
        let channels: UnsafeMutablePointer<Channel>
        let shared: UnsafeMutablePointer<Shared>
        let block: UnsafeMutablePointer<Block>
        private let tables = Tables()
        let waveforms: UnsafePointer<UInt16>
        let exponents: UnsafePointer<UInt16>
        /// `longestBlock` samples of each operator.
        let samples: UnsafeMutablePointer<Int32>
        /// Places in the waveform and attenuations of the hi-hat, the snare drum and the cymbal.
        let places: UnsafeMutablePointer<UInt32>
        let attenuations: UnsafeMutablePointer<UInt32>
        /// The outputs of a block, which begin with what earlier samples left for them.
        let left: UnsafeMutablePointer<Int32>
        let right: UnsafeMutablePointer<Int32>
        /// How often each operator is heard in the outputs, derived from the channels.
        let leftWeights: UnsafeMutablePointer<UInt8>
        let rightWeights: UnsafeMutablePointer<UInt8>
        private let options: UnsafeMutablePointer<Options>
        /// OPL3: the features that OPL2 does not have are on.
        var isNew: Bool { shared.pointee.isNew }

        static let hiHatSlot = 13
        static let snareDrumSlot = 16
        static let cymbalSlot = 17

        init(_ variant: Variant) {
            self.variant = variant
            let banks = variant == .opl3 ? 2 : 1
            operatorCount = banks * FM.operatorsPerBank
            channelCount = banks * FM.channelsPerBank
            operators = Self.allocate(operatorCount, Operator())
            channels = Self.allocate(channelCount, Channel())
            shared = Self.allocate(1, Shared())
            options = Self.allocate(1, Options())
            var clock = EnvelopeClock()
            block = Self.allocate(1, Block(schedule: EnvelopeSchedule(&clock, count: 0)))
            waveforms = tables.waveforms
            exponents = tables.exponents
            samples = Self.allocate(operatorCount * FM.longestBlock, 0)
            places = Self.allocate(FM.operatorsPerBank * FM.longestBlock, 0)
            attenuations = Self.allocate(FM.operatorsPerBank * FM.longestBlock, 0)
            left = Self.allocate(FM.longestBlock + 2, 0)
            right = Self.allocate(FM.longestBlock + 2, 0)
            leftWeights = Self.allocate(operatorCount, 0)
            rightWeights = Self.allocate(operatorCount, 0)
            reset()
        }

        private static func allocate<Value>(_ count: Int, _ value: Value) -> UnsafeMutablePointer<Value> {
            let memory = UnsafeMutablePointer<Value>.allocate(capacity: count)
            memory.initialize(repeating: value, count: count)
            return memory
        }

        deinit {
            operators.deallocate()
            channels.deallocate()
            shared.deallocate()
            options.deallocate()
            block.deallocate()
            samples.deallocate()
            places.deallocate()
            attenuations.deallocate()
            left.deallocate()
            right.deallocate()
            leftWeights.deallocate()
            rightWeights.deallocate()
        }

        /// The state after the reset pin: no sound, all registers 0.
        func reset() {
            operators.update(repeating: Operator(), count: operatorCount)
            channels.update(repeating: Channel(), count: channelCount)
            shared.pointee = Shared()
            for index in 0..<channelCount { connect(index) }
            refresh()
        }

        /// Brings everything that is derived from the registers up to date.
        func refresh() {
            for slot in 0..<operatorCount { refreshOperator(slot) }
            refreshWeights()
        }

        func refreshOperator(_ slot: Int) {
            operators[slot].refresh(channels[FM.channel(ofOperator: slot)])
        }

        func refreshWeights() {
            for slot in 0..<operatorCount { (leftWeights[slot], rightWeights[slot]) = (0, 0) }
            for index in 0..<channelCount {
                for output in 0..<4 {
                    let slot = channels[index].outputs[output]
                    guard slot < operatorCount else { continue }
                    if channels[index].isLeft { leftWeights[Int(slot)] &+= 1 }
                    if channels[index].isRight { rightWeights[Int(slot)] &+= 1 }
                }
            }
        }
    }
}

extension FM.Synthesizer {
    /// Makes stereo frames of 16 bits each, left first, into `frames`, which has room for `count` frames.
    func generate(_ frames: UnsafeMutablePointer<Int16>, count: Int) {
        var done = 0
        while done < count {
            let length = min(count &- done, shared.pointee.oscillator.samplesUntilChange)
            makeBlock(length)
            switch variant {
            case .opl2:
                if roundsOutput { roundLeft(length) }
                store(frames + 2 &* done, left: left, right: left, count: length)
            case .opl3: store(frames + 2 &* done, left: left, right: right, count: length)
            }
            done &+= length
        }
    }

    /// Ten bits of two's complement and an exponent: the lower bits of loud samples are dropped.
    /// - Source: [YM3014] data format.
    private func roundLeft(_ count: Int) {
        for index in 0..<count {
            let sample = Int16(clamping: left[index])
            let dropped = max(7 &- (sample ^ sample &>> 15).leadingZeroBitCount, 0)
            left[index] = Int32((sample &>> Int16(truncatingIfNeeded: dropped)) &<< Int16(truncatingIfNeeded: dropped))
        }
    }

    private func store(
        _ frames: UnsafeMutablePointer<Int16>, left: UnsafeMutablePointer<Int32>,
        right: UnsafeMutablePointer<Int32>, count: Int
    ) {
        for index in 0..<count {
            frames[2 &* index] = Int16(clamping: left[index])
            frames[2 &* index &+ 1] = Int16(clamping: right[index])
        }
    }

    /// Runs all operators over `count` samples, 1 to `samplesUntilChange`, and adds up the outputs.
    func makeBlock(_ count: Int) {
        block.pointee.count = count
        block.pointee.isScheduled = false
        block.pointee.silentOperators = 0
        beginMix()
        if shared.pointee.rhythm.contains(.isOn) {
            for slot in 0..<operatorCount {
                switch slot {
                case FM.Synthesizer.hiHatSlot, FM.Synthesizer.snareDrumSlot: trace(slot)
                case FM.Synthesizer.cymbalSlot:
                    trace(slot)
                    playRhythm()
                default: run(slot)
                }
            }
        } else {
            for slot in 0..<operatorCount { run(slot) }
            shared.pointee.noiseDebt &+= Int64(count &* operatorCount)
        }
        mix()
        shared.pointee.oscillator.advance(by: Int64(count))
        shared.pointee.clock.advance(by: Int64(count))
    }

    /// By how many samples operator `slot` comes late to the left and the right output.
    ///
    /// The OPL3 takes the left sum after operator 14 and the right sum after operator 32; operators behind them are
    /// there with their sample before. The right sum goes out with the next sample.
    ///
    /// - Source: [OPL3DIE] output accumulators.
    private func delays(_ slot: Int) -> (left: Int, right: Int) {
        variant == .opl2 ? (0, 0) : (slot < 15 ? 0 : 1, slot < 33 ? 1 : 2)
    }

    /// What operators of earlier samples left for the first outputs of this block.
    private func beginMix() {
        let count = block.pointee.count
        for index in 0..<(count &+ 2) { (left[index], right[index]) = (0, 0) }
        guard variant == .opl3 else { return }
        right[0] = shared.pointee.nextRight
        for slot in 15..<operatorCount {
            left[0] &+= operators[slot].output &* Int32(leftWeights[slot])
            if slot >= 33 { right[1] &+= operators[slot].output &* Int32(rightWeights[slot]) }
        }
    }

    private func mix() {
        let count = block.pointee.count
        for slot in 0..<operatorCount where block.pointee.silentOperators &>> UInt64(slot) & 1 == 0 {
            let source = samples + slot &* FM.longestBlock
            let late = delays(slot)
            for _ in 0..<leftWeights[slot] { add(source, to: left + late.left, count: count) }
            if variant == .opl2 { continue }
            for _ in 0..<rightWeights[slot] { add(source, to: right + late.right, count: count) }
        }
        shared.pointee.nextRight = right[count]
    }

    private func add(_ source: UnsafeMutablePointer<Int32>, to sum: UnsafeMutablePointer<Int32>, count: Int) {
        for index in 0..<count { sum[index] &+= source[index] }
    }
}
