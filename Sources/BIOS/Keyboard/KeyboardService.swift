import Core
import X86

/// INT 16h: keys for programs.
///
/// When the host's standard streams are attached, a byte of standard input counts as a key, after the keys of the
/// keyboard. At the end of standard input a wait for a key ends the machine or waits on, by `endOfInputPolicy`.
///
/// Source: RBIL INT 16h; IBM PC AT Technical Reference, "Keyboard I/O".
final class KeyboardService {
    private let configuration: BIOSConfiguration
    private let streams: StandardStreams
    var endOfInputPolicy = EndOfInputPolicy.exit
    /// The last byte from standard input was CR: an LF behind it belongs to the same Enter key.
    private var skipsLineFeed = false

    init(configuration: BIOSConfiguration, streams: StandardStreams) {
        self.configuration = configuration
        self.streams = streams
    }

    /// Which calls see a key of the buffer, and how.
    private enum View { case standard, enhanced }

    func handle(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        switch cpu.ah {
        case 0x00: return read(call, .standard)
        case 0x01: return look(call, .standard)
        case 0x02:
            // Shift flags.
            cpu.al = call.data[.shiftFlags]
            call.context.statusPoll()
        case _ where !call.isAT: call.reportUnknown()
        case 0x03: setRepeat(call)
        case 0x05: store(call)
        case 0x10: return read(call, .enhanced)
        case 0x11: return look(call, .enhanced)
        case 0x12:
            enhancedShiftFlags(call)
            call.context.statusPoll()
        case 0x92:
            // KEYB.COM asks whether AH=10h to 12h exist: AH comes back at most 80h.
            cpu.ah = 0x80
        case 0xA2:
            // The same for AH=20h to 22h, which do not exist.
            break
        default: call.reportUnknown()
        }
        return .done
    }

    // MARK: Keys

    /// AH=00h, 10h: takes a key, waits for one.
    private func read(_ call: BIOSCall, _ view: View) -> ServiceOutcome {
        call.spend(clocks: 60)
        if let word = keyboardKey(call, view) {
            call.data.removeKey()
            call.cpu.ax = word
            return .done
        }
        guard streams.isAttached else { return .wait }
        if let word = streamKey(view) {
            let byte = streams.readByte()
            skipsLineFeed = byte == 0x0D
            call.cpu.ax = word
            return .done
        }
        if streams.needsHost { return .hostInput }
        call.service.report(.inputEnded(isWaiting: true))
        return endOfInputPolicy == .exit ? .exit(1) : .wait
    }

    /// AH=01h, 11h: looks at the next key. ZF set: there is none.
    private func look(_ call: BIOSCall, _ view: View) -> ServiceOutcome {
        let context = call.context
        call.spend(clocks: 60)
        if let word = keyboardKey(call, view) ?? streamKey(view) {
            context.cpu.ax = word
            context.callerZero = false
            return .done
        }
        if streams.needsHost { return .hostInput }
        if streams.isAttached { call.service.report(.inputEnded(isWaiting: false)) }
        context.callerZero = true
        context.idlePoll()
        return .done
    }

    /// The trap in the AT's wait stub: goes on to INT 16h when there is something to take.
    func continueWait(_ call: BIOSCall) -> ServiceOutcome {
        call.data.nextKey != nil || streams.availableCount > 0 ? .done : .wait
    }

    /// The next key in the buffer; keys that `view` does not know are dropped on the way.
    private func keyboardKey(_ call: BIOSCall, _ view: View) -> UInt16? {
        let data = call.data
        // A program that keeps its own pointers in the data area may have made the buffer endless.
        for _ in 0..<128 {
            guard let word = data.nextKey else { return nil }
            switch view {
            case .enhanced: return KeyboardService.enhanced(word)
            case .standard: if let key = KeyboardService.standard(word) { return key }
            }
            data.removeKey()
        }
        return nil
    }

    /// The next byte of standard input as a key, left there.
    private func streamKey(_ view: View) -> UInt16? {
        guard streams.isAttached else { return nil }
        if skipsLineFeed, let byte = streams.peek() {
            skipsLineFeed = false
            if byte == 0x0A { _ = streams.readByte() }
        }
        return streams.peek().map { configuration.layout.words[Int($0)] }
    }

    /// How AH=10h and 11h see a word of the buffer.
    static func enhanced(_ word: UInt16) -> UInt16 {
        word & 0x00FF == 0xF0 && word & 0xFF00 != 0 ? word & 0xFF00 : word
    }

    /// How AH=00h and 01h see a word of the buffer; nil: not at all.
    static func standard(_ word: UInt16) -> UInt16? {
        let (scan, character) = (word >> 8, word & 0x00FF)
        if scan == 0xE0 {
            // Enter and / of the keypad.
            return (character == 0x0D || character == 0x0A ? 0x1C00 : 0x3500) | character
        }
        if scan > 0x84 { return nil }
        if scan != 0, character == 0xF0 { return nil }
        if scan != 0, character == 0xE0 { return scan << 8 }
        return word
    }

    /// AH=05h: puts CX into the buffer. AL=0 stored, 1 full.
    private func store(_ call: BIOSCall) {
        call.cpu.al = call.data.addKey(call.cpu.cx) ? 0 : 1
    }

    // MARK: State of the keyboard

    /// AH=03h AL=05h: typematic rate BL (0 fastest to 1Fh) and delay BH (0 to 3, by 250 ms).
    private func setRepeat(_ call: BIOSCall) {
        let cpu = call.cpu
        guard cpu.al == 0x05, cpu.bl <= 0x1F, cpu.bh <= 0x03 else { return }
        call.service.sendToKeyboard([0xF3, cpu.bh << 5 | cpu.bl], call)
    }

    /// AH=12h: AL as AH=02h; AH which of the keys are down.
    private func enhancedShiftFlags(_ call: BIOSCall) {
        let data = call.data
        call.cpu.al = data[.shiftFlags]
        let keys = data.shiftKeys
        let pressed = keys.subtracting([.systemRequest, .pauseActive, .insert]).rawValue
        let right = data.keyboardStatus.intersection([.rightControl, .rightAlternate]).rawValue
        // Bit 7 is SysReq here.
        call.cpu.ah = pressed | right | (keys.contains(.systemRequest) ? 0b1000_0000 : 0)
    }

    func transfer(_ coder: StateCoder) {
        coder.field("endOfInputPolicy", &endOfInputPolicy)
        coder.field("skipsLineFeed", &skipsLineFeed)
    }
}
