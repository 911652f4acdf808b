import Core

/// A date and time of day, as given to a clock chip.
public struct ClockDate: Hashable, Sendable {
    /// 1980-2099.
    public var year: Int
    /// 1-12.
    public var month: Int
    /// 1-31.
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int

    /// Components out of range are brought into it.
    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        func limit(_ value: Int, _ range: ClosedRange<Int>) -> Int {
            min(max(value, range.lowerBound), range.upperBound)
        }
        self.year = limit(year, 1980...2099)
        self.month = limit(month, 1...12)
        self.day = limit(day, 1...ClockDate.days(inMonth: self.month, year: self.year))
        self.hour = limit(hour, 0...23)
        self.minute = limit(minute, 0...59)
        self.second = limit(second, 0...59)
    }

    /// 1 is Sunday. Source: the method of Tomohiko Sakamoto.
    public var weekday: Int {
        let offsets = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
        let y = month < 3 ? year - 1 : year
        return (y + y / 4 - y / 100 + y / 400 + offsets[month - 1] + day) % 7 + 1
    }

    /// As the clock chip knows it: each fourth year is a leap year, which is right from 1901 to 2099.
    static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension MotorolaMC146818 {
    struct RegisterB: OptionSet {
        let rawValue: UInt8
        static let daylightSaving = RegisterB(rawValue: 0b0000_0001)
        static let hours24 = RegisterB(rawValue: 0b0000_0010)
        static let binary = RegisterB(rawValue: 0b0000_0100)
        static let squareWave = RegisterB(rawValue: 0b0000_1000)
        static let updateInterrupt = RegisterB(rawValue: 0b0001_0000)
        static let alarmInterrupt = RegisterB(rawValue: 0b0010_0000)
        static let periodicInterrupt = RegisterB(rawValue: 0b0100_0000)
        static let set = RegisterB(rawValue: 0b1000_0000)
    }

    /// The flags, in the places of their enable bits in register B.
    struct RegisterC: OptionSet {
        let rawValue: UInt8
        static let update = RegisterC(rawValue: 0b0001_0000)
        static let alarm = RegisterC(rawValue: 0b0010_0000)
        static let periodic = RegisterC(rawValue: 0b0100_0000)
        static let all: RegisterC = [.update, .alarm, .periodic]
    }

    struct State: StateValue {
        /// The time base of the periodic interrupt.
        static let crystal = ClockRatio(hertz: 32_768)
        /// Seconds after which the clock looks at itself at the latest, so that no catching up is long.
        static let longestSleep: Int64 = 86_400
        /// From the rise of update-in-progress to the new time: 244 us, and 1,984 us of the update cycle.
        private static let updateTime = Tick.microseconds(2_228)

        /// All 64 bytes; those of registers A-D are not used.
        var cells = [UInt8](repeating: 0, count: 64)
        var index: UInt8 = 0x0D
        var isNMIMasked = false
        /// 32,768 Hz crystal, 1,024 Hz periodic rate, as IBM's BIOS sets it.
        var registerA: UInt8 = 0b0010_0110
        var registerB: RegisterB = [.hours24]
        var registerC: RegisterC = []
        /// When the divider chain was at zero.
        var origin = Tick.zero
        /// Seconds since `origin` that are in the time registers.
        var secondsDone: Int64 = 0
        /// Periods of the periodic interrupt since `origin` that have been seen.
        var periodsDone: Int64 = 0

        var isRunning: Bool { registerA >> 4 & 7 == 0b010 }

        /// Log2 of the crystal cycles of one periodic interrupt; nil if off.
        var periodicShift: Int64? {
            let rate = Int64(registerA & 15)
            guard rate != 0 else { return nil }
            // Rates 1 and 2 repeat 8 and 9.
            return rate < 3 ? rate + 6 : rate - 1
        }

        var isInterrupting: Bool { registerB.rawValue & registerC.rawValue & RegisterC.all.rawValue != 0 }

        /// Counts the seconds and periods until `now` and sets their flags.
        mutating func advance(to now: Tick) {
            guard isRunning else { return }
            let elapsed = max(.zero, now - origin)
            let seconds = elapsed.count / Tick.perSecond
            // More than a day has never passed; the limit is for states that lie.
            let updates = min(seconds &- secondsDone, 2 * MotorolaMC146818.State.longestSleep)
            if updates > 0 && !registerB.contains(.set) {
                for _ in 0..<updates {
                    addSecond()
                    if isAlarm { registerC.insert(.alarm) }
                }
                registerC.insert(.update)
            }
            secondsDone = seconds
            let periods = periods(in: elapsed)
            if periods > periodsDone { registerC.insert(.periodic) }
            periodsDone = periods
        }

        /// Whole periods of the periodic interrupt in `elapsed`.
        func periods(in elapsed: Tick) -> Int64 {
            guard let shift = periodicShift else { return 0 }
            return MotorolaMC146818.State.crystal.cycles(at: elapsed) >> shift
        }

        /// The byte at `index`, in a state brought to `now`.
        func cell(at now: Tick) -> UInt8 {
            switch index {
            case 0x0A: registerA | (isUpdating(at: now) ? 0b1000_0000 : 0)
            case 0x0B: registerB.rawValue
            case 0x0C: registerC.rawValue | (isInterrupting ? 0b1000_0000 : 0)
            // The battery is good.
            case 0x0D: 0b1000_0000
            default: cells[Int(index & 0x3F)]
            }
        }

        private func isUpdating(at now: Tick) -> Bool {
            guard isRunning, !registerB.contains(.set) else { return false }
            let position = max(.zero, now - origin).count % Tick.perSecond
            return position >= Tick.perSecond - MotorolaMC146818.State.updateTime.count
        }

        mutating func transfer(_ coder: StateCoder) {
            cells.withUnsafeMutableBytes { coder.memory("cells", $0) }
            coder.field("index", &index)
            coder.field("isNMIMasked", &isNMIMasked)
            coder.field("registerA", &registerA)
            coder.field("registerB", &registerB)
            coder.field("registerC", &registerC)
            coder.field("origin", &origin)
            coder.field("secondsDone", &secondsDone)
            coder.field("periodsDone", &periodsDone)
            index &= 0x3F
            // The divider starts at most half a second before the machine, and times keep room to count on.
            let times = Tick(-Tick.perSecond)...Tick(.max / 2)
            if !times.contains(origin) || !(0...Int64(.max / 2)).contains(secondsDone) || periodsDone < 0 {
                coder.fail("times out of range")
                (origin, secondsDone, periodsDone) = (.zero, 0, 0)
            }
        }
    }
}

/// The time registers: seconds 00h, minutes 02h, hours 04h, weekday 06h, day 07h, month 08h, year 09h; alarms at
/// 01h, 03h, 05h.
extension MotorolaMC146818.State {
    private var isBinary: Bool { registerB.contains(.binary) }
    private var uses24Hours: Bool { registerB.contains(.hours24) }

    private func decode(_ byte: UInt8) -> Int { isBinary ? Int(byte) : Int(byte >> 4) * 10 + Int(byte & 15) }

    private func encode(_ value: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: isBinary ? value : (value / 10) << 4 | value % 10)
    }

    mutating func setTime(_ date: ClockDate) {
        cells[0x00] = encode(date.second)
        cells[0x02] = encode(date.minute)
        cells[0x04] = encode(date.hour)
        cells[0x06] = encode(date.weekday)
        cells[0x07] = encode(date.day)
        cells[0x08] = encode(date.month)
        cells[0x09] = encode(date.year % 100)
        // IBM's place for the century, in BCD. The chip does not count it.
        cells[0x32] = UInt8(truncatingIfNeeded: (date.year / 1_000) << 4 | date.year / 100 % 10)
    }

    /// Counts a register; returns whether it went over `last` to `first`.
    private mutating func count(_ index: Int, from first: Int, through last: Int) -> Bool {
        let value = decode(cells[index]) + 1
        cells[index] = encode(value > last ? first : value)
        return value > last
    }

    mutating func addSecond() {
        guard count(0x00, from: 0, through: 59), count(0x02, from: 0, through: 59), countHour() else { return }
        _ = count(0x06, from: 1, through: 7)
        let days = ClockDate.days(inMonth: decode(cells[0x08]), year: decode(cells[0x09]))
        guard count(0x07, from: 1, through: days), count(0x08, from: 1, through: 12) else { return }
        _ = count(0x09, from: 0, through: 99)
    }

    /// Returns whether a new day begins.
    private mutating func countHour() -> Bool {
        if uses24Hours { return count(0x04, from: 0, through: 23) }
        let isAfternoon = cells[0x04] & 0x80 != 0
        let hour = decode(cells[0x04] & 0x7F)
        switch hour {
        case 11:
            cells[0x04] = encode(12) | (isAfternoon ? 0 : 0x80)
            return isAfternoon
        case 12...: cells[0x04] = encode(1) | (isAfternoon ? 0x80 : 0)
        default: cells[0x04] = encode(hour + 1) | (isAfternoon ? 0x80 : 0)
        }
        return false
    }

    /// Whether the time matches the alarm, in which bytes from C0h on match anything.
    var isAlarm: Bool {
        [0x00, 0x02, 0x04].allSatisfy { cells[$0 + 1] >= 0xC0 || cells[$0 + 1] == cells[$0] }
    }
}
