import Core
import Testing

@testable import Chips

/// The decoders against the description in words: a sign, a magnitude, a step that doubles and halves.
@Suite struct ADPCMTests {
    /// What the description says, in plain integers.
    private struct Reference {
        var level: Int
        var step = 1

        mutating func add(negative: Bool, magnitude: Int, grows: (Int) -> Bool, largest: Int) -> Int {
            let change = magnitude * step + step / 2
            level = min(max(negative ? level - change : level + change, 0), 255)
            if magnitude == 0 { step = max(step / 2, 1) } else if grows(magnitude) { step = min(step * 2, largest) }
            return level
        }

        mutating func addTwoBits(negative: Bool, large: Bool) -> Int {
            var change = 0
            if large {
                change = step + step / 2
                step = min(step * 2, 32)
            } else {
                change = step / 2
                step = max(step / 2, 1)
            }
            level = min(max(negative ? level - change : level + change, 0), 255)
            return level
        }
    }

    private func decode(_ form: CreativeADPCM.Form, _ reference: UInt8, _ bytes: [UInt8]) -> [Int] {
        let count: UInt8 = form == .twoBits ? 4 : form == .threeBits ? 3 : 2
        var decoder = CreativeADPCM()
        decoder.start(reference: reference)
        var levels: [Int] = []
        for byte in bytes {
            decoder.data = byte
            for remaining in (1...count).reversed() {
                decoder.remaining = remaining
                decoder.decode(form)
                levels.append(Int(decoder.level))
            }
        }
        return levels
    }

    @Test("by hand: four bits")
    func fourBitsByHand() {
        // Step 1: +7 -> 135 and step 2; +7 -> 135+14+1 = 150 and step 4; -7 -> 150-28-2 = 120 and step 8; +0 -> +4.
        #expect(decode(.fourBits, 128, [0x77, 0xF0]) == [135, 150, 120, 124])
        // Step 4 now: -1 -> 124-4-2 = 118; step stays; 5 -> 118+20+2 = 140, step 8; 7 -> 140+56+4 = 200; 7 -> 255.
        #expect(decode(.fourBits, 128, [0x77, 0xF0, 0x95, 0x77]).suffix(4) == [118, 140, 200, 255])
    }

    @Test("by hand: two bits")
    func twoBitsByHand() {
        // 01: +1, step 2; 01: +3, step 4; 11: -6, step 8; 00: step 4, +4.
        #expect(decode(.twoBits, 100, [0b01_01_11_00]) == [101, 104, 98, 102])
        // At step 1 nothing moves.
        #expect(decode(.twoBits, 100, [0b00_10_00_10]) == [100, 100, 100, 100])
    }

    @Test("by hand: three samples of 3, 3 and 2 bits")
    func threeBitsByHand() {
        // 011: +3, step 2; 111: -(6+1), step 4; 01: +(4+2).
        #expect(decode(.threeBits, 50, [0b011_111_01]) == [53, 46, 52])
        // 000: +0, step 1; 100: -0; 11: -(1+0).
        #expect(decode(.threeBits, 50, [0b000_100_11]) == [50, 50, 49])
    }

    @Test("all bytes in random order follow the description", arguments: [1, 2, 3] as [UInt64])
    func random(_ seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        let bytes = (0..<5_000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        var (two, three, four) = (Reference(level: 128), Reference(level: 128), Reference(level: 128))
        var (twoLevels, threeLevels, fourLevels): ([Int], [Int], [Int]) = ([], [], [])
        for byte in bytes {
            for shift in [4, 0] as [UInt8] {
                let code = Int(byte >> shift & 15)
                fourLevels.append(
                    four.add(negative: code > 7, magnitude: code & 7, grows: { $0 >= 5 }, largest: 8))
            }
            for (code, sign) in [(Int(byte >> 5), 4), (Int(byte >> 2 & 7), 4), (Int(byte & 3), 2)] {
                let isNegative = code & sign != 0
                threeLevels.append(
                    three.add(negative: isNegative, magnitude: code & (sign - 1), grows: { $0 == 3 }, largest: 16))
            }
            for shift in [6, 4, 2, 0] as [UInt8] {
                let code = byte >> shift & 3
                twoLevels.append(two.addTwoBits(negative: code & 2 != 0, large: code & 1 != 0))
            }
        }
        #expect(decode(.fourBits, 128, bytes) == fourLevels)
        #expect(decode(.threeBits, 128, bytes) == threeLevels)
        #expect(decode(.twoBits, 128, bytes) == twoLevels)
    }
}
