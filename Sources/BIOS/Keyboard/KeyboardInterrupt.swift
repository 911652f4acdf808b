import Core
import X86

/// INT 09h: makes keys of scan codes. The ROM routine around it has read the code into AL and pushed AX.
///
/// Source: IBM PC AT Technical Reference (1985), "Keyboard hardware interrupt level 1"; RBIL INT 09h, MEMORY.LST.
final class KeyboardInterrupt {
    private let configuration: BIOSConfiguration
    private let addresses: ROMAddresses
    private let bell: Bell
    private let commands = KeyboardCommands()

    init(configuration: BIOSConfiguration, addresses: ROMAddresses, bell: Bell) {
        self.configuration = configuration
        self.addresses = addresses
        self.bell = bell
    }

    func powerOn() { commands.clear() }

    func send(_ bytes: [UInt8], _ call: BIOSCall) { commands.send(bytes, call) }

    func transfer(_ coder: StateCoder) { commands.transfer(coder) }

    // MARK: Scan codes

    private static let breakBit: UInt8 = 0x80

    func handle(_ call: BIOSCall) -> ServiceOutcome {
        let code = call.cpu.al
        call.spend(clocks: 150)
        // INT 15h AH=4Fh has kept the code for itself.
        guard call.cpu.flags & Flag.carry != 0 else { return finish(call) }
        let data = call.data
        switch code {
        case 0xFA where call.isAT, 0xFE where call.isAT:
            commands.answered(code, call)
            return finish(call)
        case 0xFF:
            // The keyboard's buffer has overrun.
            call.endInterrupt()
            return bell.ringInKeyboardInterrupt(call)
        case 0xE0 where call.isAT:
            data.keyboardStatus.insert(.lastWasE0)
            return finish(call)
        case 0xE1 where call.isAT:
            data.keyboardStatus.insert(.lastWasE1)
            return finish(call)
        default: break
        }
        let prefix = data.keyboardStatus.intersection(.prefixes)
        if prefix.contains(.lastWasE1) {
            return pauseKey(code, call)
        }
        data.keyboardStatus.subtract(.prefixes)
        let isExtended = prefix.contains(.lastWasE0)
        let outcome =
            code & KeyboardInterrupt.breakBit == 0
            ? make(code, isExtended: isExtended, call) : release(code & 0x7F, isExtended: isExtended, call)
        if call.isAT { updateLEDs(call) }
        return outcome
    }

    private func finish(_ call: BIOSCall) -> ServiceOutcome {
        call.endInterrupt()
        return .done
    }

    /// The bytes behind E1h: 1D 45 when Pause goes down, 9D C5 after it.
    private func pauseKey(_ code: UInt8, _ call: BIOSCall) -> ServiceOutcome {
        if code & 0x7F == ScanCode.control { return finish(call) }
        call.data.keyboardStatus.subtract(.prefixes)
        return code == ScanCode.numLock ? startPause(call) : finish(call)
    }

    private func make(_ code: UInt8, isExtended: Bool, _ call: BIOSCall) -> ServiceOutcome {
        let data = call.data
        switch code {
        case ScanCode.leftShift, ScanCode.rightShift:
            // With E0h these belong to the grey keys' imitation of the old keyboard.
            if !isExtended { data.shiftFlags.insert(code == ScanCode.leftShift ? .leftShift : .rightShift) }
            return finish(call)
        case ScanCode.control:
            data.shiftFlags.insert(.control)
            if isExtended {
                data.keyboardStatus.insert(.rightControl)
            } else if call.isAT {
                data.shiftKeys.insert(.leftControl)
            }
            return finish(call)
        case ScanCode.alternate:
            data.shiftFlags.insert(.alternate)
            if isExtended {
                data.keyboardStatus.insert(.rightAlternate)
            } else if call.isAT {
                data.shiftKeys.insert(.leftAlternate)
            }
            return finish(call)
        case ScanCode.systemRequest where call.isAT:
            if data.shiftKeys.contains(.systemRequest) { return finish(call) }
            data.shiftKeys.insert(.systemRequest)
            return callOut(0x15, ax: 0x8500, call)
        default: break
        }
        if data.shiftFlags.isSuperset(of: [.control, .alternate]), code == ScanCode.delete {
            return restart(call)
        }
        if let outcome = lockKey(code, isExtended: isExtended, call) { return outcome }
        if data.shiftKeys.contains(.pauseActive) {
            // Any key but Num Lock ends the pause, and is lost.
            if code != ScanCode.numLock { data.shiftKeys.remove(.pauseActive) }
            return finish(call)
        }
        return key(code, isExtended: isExtended, call)
    }

    private func release(_ code: UInt8, isExtended: Bool, _ call: BIOSCall) -> ServiceOutcome {
        let data = call.data
        switch code {
        case ScanCode.leftShift, ScanCode.rightShift:
            if !isExtended { data.shiftFlags.remove(code == ScanCode.leftShift ? .leftShift : .rightShift) }
        case ScanCode.control:
            if isExtended { data.keyboardStatus.remove(.rightControl) } else { data.shiftKeys.remove(.leftControl) }
            let isDown = data.shiftKeys.contains(.leftControl) || data.keyboardStatus.contains(.rightControl)
            if !isDown { data.shiftFlags.remove(.control) }
        case ScanCode.alternate:
            if isExtended {
                data.keyboardStatus.remove(.rightAlternate)
            } else {
                data.shiftKeys.remove(.leftAlternate)
            }
            let isDown = data.shiftKeys.contains(.leftAlternate) || data.keyboardStatus.contains(.rightAlternate)
            if !isDown { data.shiftFlags.remove(.alternate) }
            // A character code typed on the keypad.
            let typed = data[.altInput]
            data[.altInput] = 0
            if typed != 0 { return put(UInt16(typed), call) }
        case ScanCode.capsLock: data.shiftKeys.remove(.capsLock)
        case ScanCode.numLock: data.shiftKeys.remove(.numLock)
        case ScanCode.scrollLock: data.shiftKeys.remove(.scrollLock)
        case ScanCode.insert: data.shiftKeys.remove(.insert)
        case ScanCode.systemRequest where call.isAT:
            data.shiftKeys.remove(.systemRequest)
            return callOut(0x15, ax: 0x8501, call)
        default: break
        }
        return finish(call)
    }

    // MARK: Locks

    /// Caps, Num, Scroll Lock and Insert, where they toggle. Nil: the key is to be treated as any other.
    private func lockKey(_ code: UInt8, isExtended: Bool, _ call: BIOSCall) -> ServiceOutcome? {
        let data = call.data
        let flags = data.shiftFlags
        if flags.contains(.control) { return nil }
        switch code {
        case ScanCode.capsLock: toggle(.capsLock, .capsLock, data)
        case ScanCode.numLock: toggle(.numLock, .numLock, data)
        case ScanCode.scrollLock: toggle(.scrollLock, .scrollLock, data)
        case ScanCode.insert:
            // Alt takes it for a digit; so do Num Lock and Shift, but not both.
            if flags.contains(.alternate) { return nil }
            if !isExtended, flags.contains(.numLock) != flags.isShifted { return nil }
            toggle(.insert, .insert, data)
            return nil
        default: return nil
        }
        return finish(call)
    }

    /// The first make of a key that repeats changes the lock.
    private func toggle(_ key: ShiftKeys, _ flag: ShiftFlags, _ data: BIOSDataArea) {
        guard !data.shiftKeys.contains(key) else { return }
        data.shiftKeys.insert(key)
        data.shiftFlags = data.shiftFlags.symmetricDifference(flag)
    }

    /// Scroll, Num and Caps Lock in the order of the LEDs' bits.
    private func updateLEDs(_ call: BIOSCall) {
        let data = call.data
        let wanted = KeyboardLEDs(rawValue: data.shiftFlags.intersection(.locks).rawValue >> 4)
        guard data.keyboardLEDs.intersection(.leds) != wanted else { return }
        data.keyboardLEDs = data.keyboardLEDs.subtracting(.leds).union([wanted, .isUpdating])
        commands.send([0xED, wanted.rawValue], call)
    }

    // MARK: Keys

    private func key(_ code: UInt8, isExtended: Bool, _ call: BIOSCall) -> ServiceOutcome {
        let data = call.data
        let flags = data.shiftFlags
        let isEnhanced = data.keyboardStatus.contains(.isEnhanced)
        if flags.contains(.alternate) {
            if !isExtended, let digit = ScanCode.keypadDigit(code) {
                data[.altInput] = data[.altInput] &* 10 &+ digit
                return finish(call)
            }
            data[.altInput] = 0
        } else if flags.contains(.control) {
            // On the enhanced keyboard Ctrl-Pause sends E0 46, and Ctrl-Num Lock does nothing.
            if code == ScanCode.scrollLock, isExtended || !isEnhanced { return breakKey(call) }
            if code == ScanCode.numLock { return isEnhanced ? finish(call) : startPause(call) }
            if code == ScanCode.printScreen, isExtended || !isEnhanced { return put(0x7200, call) }
        } else if code == ScanCode.printScreen, isExtended || (!isEnhanced && flags.isShifted) {
            return callOut(0x05, ax: call.cpu.ax, call)
        }
        guard let word = word(code, isExtended: isExtended, flags) else { return finish(call) }
        return put(word, call)
    }

    private func word(_ code: UInt8, isExtended: Bool, _ flags: ShiftFlags) -> UInt16? {
        let table = isExtended ? configuration.layout.extendedKeys : configuration.layout.keys
        guard Int(code) < table.count, let key = table[Int(code)] else { return nil }
        if flags.contains(.alternate) { return key.alternate }
        if flags.contains(.control) { return key.control }
        var isShifted = flags.isShifted
        if key.isLetter, flags.contains(.capsLock) { isShifted.toggle() }
        if key.isKeypad, flags.contains(.numLock) { isShifted.toggle() }
        return isShifted ? key.shifted : key.plain
    }

    /// Stores a word, tells INT 15h AX=9102h (AT), or rings because the buffer is full.
    private func put(_ word: UInt16, _ call: BIOSCall) -> ServiceOutcome {
        guard call.isAT else {
            // The old keyboard's BIOS knows no F0h words and no scan codes above 84h.
            guard let word = KeyboardService.standard(word) else { return finish(call) }
            return store(word, call) ? .done : bell.ringInKeyboardInterrupt(call)
        }
        return store(word, call)
            ? callOutAfterEnd(0x15, ax: 0x9102, call) : bell.ringInKeyboardInterrupt(call)
    }

    private func store(_ word: UInt16, _ call: BIOSCall) -> Bool {
        defer { call.endInterrupt() }
        return call.data.addKey(word)
    }

    // MARK: Special combinations

    private func callOut(_ interrupt: UInt8, ax: UInt16, _ call: BIOSCall) -> ServiceOutcome {
        call.endInterrupt()
        return callOutAfterEnd(interrupt, ax: ax, call)
    }

    private func callOutAfterEnd(_ interrupt: UInt8, ax: UInt16, _ call: BIOSCall) -> ServiceOutcome {
        call.cpu.ax = ax
        return .callInterrupt(interrupt, returnTo: addresses.keyboardExit)
    }

    /// Ctrl-Break: an empty buffer, INT 1Bh, then a word of zero. The interrupt ends only after INT 1Bh, as on a PC.
    private func breakKey(_ call: BIOSCall) -> ServiceOutcome {
        let data = call.data
        data[.keyboardHead] = data[.keyboardStart]
        data[.keyboardTail] = data[.keyboardStart]
        data[.breakFlag] = 0x80
        return .callInterrupt(0x1B, returnTo: addresses.afterBreak)
    }

    func afterBreak(_ call: BIOSCall) -> ServiceOutcome { put(0x0000, call) }

    /// Pause: the interrupt ends, and the routine stays until a key clears the flag.
    private func startPause(_ call: BIOSCall) -> ServiceOutcome {
        call.endInterrupt()
        call.data.shiftKeys.insert(.pauseActive)
        call.cpu.codePointer = addresses.keyboardPause
        return .resume
    }

    func pause(_ call: BIOSCall) -> ServiceOutcome {
        call.data.shiftKeys.contains(.pauseActive) ? .wait : .done
    }

    /// Ctrl-Alt-Del: a warm start.
    private func restart(_ call: BIOSCall) -> ServiceOutcome {
        call.service.report(.restart)
        call.data[.resetFlag] = 0x1234
        call.endInterrupt()
        call.cpu.codePointer = FarPointer(0xFFFF, 0x0000)
        return .resume
    }
}

/// Scan codes (set 1) of keys that the BIOS treats in a special way.
enum ScanCode {
    static let control: UInt8 = 0x1D
    static let leftShift: UInt8 = 0x2A
    static let rightShift: UInt8 = 0x36
    static let printScreen: UInt8 = 0x37
    static let alternate: UInt8 = 0x38
    static let capsLock: UInt8 = 0x3A
    static let numLock: UInt8 = 0x45
    static let scrollLock: UInt8 = 0x46
    static let insert: UInt8 = 0x52
    static let delete: UInt8 = 0x53
    static let systemRequest: UInt8 = 0x54

    /// The digit on a key of the numeric keypad.
    static func keypadDigit(_ code: UInt8) -> UInt8? {
        switch code {
        case 0x47...0x49: code - 0x40
        case 0x4B...0x4D: code - 0x47
        case 0x4F...0x51: code - 0x4E
        case 0x52: 0
        default: nil
        }
    }
}
