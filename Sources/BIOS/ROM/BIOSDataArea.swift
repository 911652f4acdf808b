import Core

/// The BIOS data area at 0040:0000.
///
/// Source: IBM PC AT Technical Reference, data segment at absolute 400h; RBIL MEMORY.LST.
struct BIOSDataArea {
    let memory: GuestMemory

    static let segment: UInt16 = 0x0040

    struct Byte {
        let offset: UInt16
        init(_ offset: UInt16) { self.offset = offset }

        static let shiftFlags = Byte(0x17)
        static let shiftKeys = Byte(0x18)
        static let altInput = Byte(0x19)
        static let disketteStatus = Byte(0x41)
        static let videoMode = Byte(0x49)
        static let activePage = Byte(0x62)
        static let modeRegister = Byte(0x65)
        static let colorRegister = Byte(0x66)
        static let midnight = Byte(0x70)
        static let breakFlag = Byte(0x71)
        static let hardDiskStatus = Byte(0x74)
        static let hardDiskCount = Byte(0x75)
        static let lastRow = Byte(0x84)
        static let videoInfo = Byte(0x87)
        static let videoSwitches = Byte(0x88)
        static let vgaFlags = Byte(0x89)
        static let displayCombination = Byte(0x8A)
        static let keyboardStatus = Byte(0x96)
        static let keyboardLEDs = Byte(0x97)
        static let waitFlag = Byte(0xA0)
    }

    struct Word {
        let offset: UInt16
        init(_ offset: UInt16) { self.offset = offset }

        static let equipment = Word(0x10)
        static let memoryKilobytes = Word(0x13)
        static let keyboardHead = Word(0x1A)
        static let keyboardTail = Word(0x1C)
        static let columns = Word(0x4A)
        static let pageSize = Word(0x4C)
        static let pageStart = Word(0x4E)
        static let cursorShape = Word(0x60)
        static let videoPort = Word(0x63)
        static let tickCountLow = Word(0x6C)
        static let tickCountHigh = Word(0x6E)
        static let resetFlag = Word(0x72)
        static let keyboardStart = Word(0x80)
        static let keyboardEnd = Word(0x82)
        static let characterHeight = Word(0x85)
        static let waitCountLow = Word(0x9C)
        static let waitCountHigh = Word(0x9E)
    }

    func pointer(_ offset: UInt16) -> FarPointer { FarPointer(BIOSDataArea.segment, offset) }

    subscript(_ field: Byte) -> UInt8 {
        get { memory.read8(pointer(field.offset)) }
        nonmutating set { memory.write8(pointer(field.offset), newValue) }
    }

    subscript(_ field: Word) -> UInt16 {
        get { memory.read16(pointer(field.offset)) }
        nonmutating set { memory.write16(pointer(field.offset), newValue) }
    }

    /// Where a user wants bit 7 set when an event wait is over (0040:0098).
    var waitPointer: FarPointer {
        get { memory.readPointer(pointer(0x98)) }
        nonmutating set { memory.writePointer(pointer(0x98), newValue) }
    }

    /// Base port of serial port 0 to 3; 0 if there is none.
    func serialPort(_ index: Int) -> UInt16 { memory.read16(pointer(UInt16(index & 3) * 2)) }

    /// Base port of parallel port 0 to 2; 0 if there is none.
    func parallelPort(_ index: Int) -> UInt16 { memory.read16(pointer(0x08 + UInt16(index & 3) * 2)) }

    /// The ticks since midnight at 0040:006C.
    var tickCount: UInt32 {
        get { UInt32(self[.tickCountHigh]) << 16 | UInt32(self[.tickCountLow]) }
        nonmutating set {
            self[.tickCountLow] = UInt16(truncatingIfNeeded: newValue)
            self[.tickCountHigh] = UInt16(truncatingIfNeeded: newValue >> 16)
        }
    }

    // MARK: Keyboard

    var shiftFlags: ShiftFlags {
        get { ShiftFlags(rawValue: self[.shiftFlags]) }
        nonmutating set { self[.shiftFlags] = newValue.rawValue }
    }
    var shiftKeys: ShiftKeys {
        get { ShiftKeys(rawValue: self[.shiftKeys]) }
        nonmutating set { self[.shiftKeys] = newValue.rawValue }
    }
    var keyboardStatus: KeyboardStatus {
        get { KeyboardStatus(rawValue: self[.keyboardStatus]) }
        nonmutating set { self[.keyboardStatus] = newValue.rawValue }
    }
    var keyboardLEDs: KeyboardLEDs {
        get { KeyboardLEDs(rawValue: self[.keyboardLEDs]) }
        nonmutating set { self[.keyboardLEDs] = newValue.rawValue }
    }

    private func following(_ position: UInt16) -> UInt16 {
        let next = position &+ 2
        return next == self[.keyboardEnd] ? self[.keyboardStart] : next
    }

    /// The oldest key in the buffer, which stays there.
    var nextKey: UInt16? {
        let head = self[.keyboardHead]
        return head == self[.keyboardTail] ? nil : memory.read16(pointer(head))
    }

    func removeKey() { self[.keyboardHead] = following(self[.keyboardHead]) }

    /// Puts a key into the buffer. False if it is full.
    func addKey(_ code: UInt16) -> Bool {
        let tail = self[.keyboardTail]
        let next = following(tail)
        if next == self[.keyboardHead] { return false }
        memory.write16(pointer(tail), code)
        self[.keyboardTail] = next
        return true
    }
}

/// 0040:0017.
struct ShiftFlags: OptionSet {
    let rawValue: UInt8
    static let rightShift = ShiftFlags(rawValue: 0b0000_0001)
    static let leftShift = ShiftFlags(rawValue: 0b0000_0010)
    static let control = ShiftFlags(rawValue: 0b0000_0100)
    static let alternate = ShiftFlags(rawValue: 0b0000_1000)
    static let scrollLock = ShiftFlags(rawValue: 0b0001_0000)
    static let numLock = ShiftFlags(rawValue: 0b0010_0000)
    static let capsLock = ShiftFlags(rawValue: 0b0100_0000)
    static let insert = ShiftFlags(rawValue: 0b1000_0000)
    static let locks: ShiftFlags = [.scrollLock, .numLock, .capsLock]

    var isShifted: Bool { !isDisjoint(with: [.leftShift, .rightShift]) }
}

/// 0040:0018: keys that are down.
struct ShiftKeys: OptionSet {
    let rawValue: UInt8
    static let leftControl = ShiftKeys(rawValue: 0b0000_0001)
    static let leftAlternate = ShiftKeys(rawValue: 0b0000_0010)
    static let systemRequest = ShiftKeys(rawValue: 0b0000_0100)
    static let pauseActive = ShiftKeys(rawValue: 0b0000_1000)
    static let scrollLock = ShiftKeys(rawValue: 0b0001_0000)
    static let numLock = ShiftKeys(rawValue: 0b0010_0000)
    static let capsLock = ShiftKeys(rawValue: 0b0100_0000)
    static let insert = ShiftKeys(rawValue: 0b1000_0000)
}

/// 0040:0096.
struct KeyboardStatus: OptionSet {
    let rawValue: UInt8
    static let lastWasE1 = KeyboardStatus(rawValue: 0b0000_0001)
    static let lastWasE0 = KeyboardStatus(rawValue: 0b0000_0010)
    static let rightControl = KeyboardStatus(rawValue: 0b0000_0100)
    static let rightAlternate = KeyboardStatus(rawValue: 0b0000_1000)
    static let isEnhanced = KeyboardStatus(rawValue: 0b0001_0000)
    static let prefixes: KeyboardStatus = [.lastWasE0, .lastWasE1]
}

/// 0040:0097: bits 0-2 are the LEDs as last set.
struct KeyboardLEDs: OptionSet {
    let rawValue: UInt8
    static let leds = KeyboardLEDs(rawValue: 0b0000_0111)
    static let acknowledged = KeyboardLEDs(rawValue: 0b0001_0000)
    static let resend = KeyboardLEDs(rawValue: 0b0010_0000)
    static let isUpdating = KeyboardLEDs(rawValue: 0b0100_0000)
    static let transmitError = KeyboardLEDs(rawValue: 0b1000_0000)
}
