import Chips
import Core

/// What is behind the 8255 of the PC and XT: keyboard shift register, switches, speaker gates.
///
/// - Ports: 60h-63h.
/// - Lines: `keyboardInterrupt` (IRQ 1), `timerGate` (gate of timer 2), `speakerData`. The keyboard's `byteReady` is
///   line 0 of this listener.
/// - Port A: the last scan code; on the PC the switches SW1 while bit 7 of port B is set.
/// - Port B: bit 0 timer gate, 1 speaker data, 2 (PC) or 3 (XT) chooses switches, 6 lets the keyboard clock run, 7
///   clears the shift register and its interrupt.
/// - Port C: bits 0-3 switches, 5 timer 2; bits 4, 6 and 7 (cassette, channel and parity check) read 0.
/// - Assumption: until the 8255 is programmed, the bits of port B count as 0.
/// - Source: IBM PC Technical Reference and IBM PC/XT Technical Reference, "8255A I/O bit map", keyboard schematics.
public final class XTPeripherals: Intel8255Wiring, LineListener, EventClient, StateChunk {
    public enum Model: Sendable { case pc, xt }

    public let ppi = Intel8255(chunkID: ChunkID("PPI "))
    public let keyboard: IBMXTKeyboard
    public let keyboardInterrupt: Line
    public let timerGate: Line
    public let speakerData: Line
    private let model: Model
    private let switches: UInt8
    private let expansionSwitches: UInt8
    private let timer: any LevelSource
    private let slot: EventSlot
    private var state = State()

    /// A start bit and eight data bits.
    private static let byteTime = Tick.milliseconds(1)

    struct PortB: OptionSet {
        let rawValue: UInt8
        static let timerGate = PortB(rawValue: 0b0000_0001)
        static let speakerData = PortB(rawValue: 0b0000_0010)
        static let pcSwitchBank = PortB(rawValue: 0b0000_0100)
        static let xtSwitchBank = PortB(rawValue: 0b0000_1000)
        static let keyboardClock = PortB(rawValue: 0b0100_0000)
        static let keyboardClear = PortB(rawValue: 0b1000_0000)
    }

    struct State: StateValue {
        var shiftRegister: UInt8 = 0
        /// A code is in the register, and IRQ 1 is up.
        var isFull = false

        mutating func transfer(_ coder: StateCoder) {
            coder.field("shiftRegister", &shiftRegister)
            coder.field("isFull", &isFull)
        }
    }

    /// - Parameters:
    ///   - switches: SW1 as the BIOS sees it: bit 0 diskette drives present, 1 coprocessor, 2-3 memory on the board, 4-5
    ///     display (11 monochrome, 10 colour 80 columns, 01 colour 40 columns), 6-7 diskette drives less one.
    ///   - expansionSwitches: SW2 of the PC, bits 0-4: memory beyond the board in 32 KB.
    ///   - slot: the arrival of a scan code.
    ///   - timer: whose output 2 is read.
    public init(
        model: Model, switches: UInt8, expansionSwitches: UInt8 = 0, keyboard: IBMXTKeyboard, slot: EventSlot,
        timer: any LevelSource, keyboardInterrupt: Line, timerGate: Line, speakerData: Line
    ) {
        self.model = model
        self.switches = switches
        self.expansionSwitches = expansionSwitches
        self.keyboard = keyboard
        self.slot = slot
        self.timer = timer
        self.keyboardInterrupt = keyboardInterrupt
        self.timerGate = timerGate
        self.speakerData = speakerData
        ppi.connect(self)
        slot.connect(self)
        keyboard.byteReady.connect(to: self, as: 0)
    }

    public func attach(to ports: PortMap) { ports.attach(ppi, at: 0x60...0x63) }

    /// All that must be saved.
    public var chunks: [any StateChunk] { [ppi, keyboard, self] }

    private var portB: PortB { PortB(rawValue: ppi.outputs(of: .b)) }

    // MARK: Keyboard

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) { beginReceiving(at: now) }

    private var canReceive: Bool {
        !state.isFull && portB.contains(.keyboardClock) && !portB.contains(.keyboardClear)
    }

    private func beginReceiving(at now: Tick) {
        if canReceive && keyboard.byteReady.isAsserted && !slot.isArmed { slot.arm(at: now + XTPeripherals.byteTime) }
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        guard canReceive, let byte = keyboard.takeByte(at: now) else { return }
        state.shiftRegister = byte
        state.isFull = true
        keyboardInterrupt.set(true, at: now)
    }

    // MARK: 8255

    public func inputs(of port: Intel8255.Port, at now: Tick) -> UInt8 {
        switch port {
        case .a: return model == .pc && portB.contains(.keyboardClear) ? switches : state.shiftRegister
        case .b: return 0xFF
        case .c: return switchNibble | (timer.level(ofOutput: 2, at: now) ? 0b0010_0000 : 0)
        }
    }

    private var switchNibble: UInt8 {
        switch model {
        case .pc: portB.contains(.pcSwitchBank) ? expansionSwitches & 15 : expansionSwitches >> 4 & 1
        case .xt: portB.contains(.xtSwitchBank) ? switches >> 4 : switches & 15
        }
    }

    public func outputsDidChange(of port: Intel8255.Port, to value: UInt8, at now: Tick) {
        guard port == .b else { return }
        let bits = PortB(rawValue: value)
        timerGate.set(bits.contains(.timerGate), at: now)
        speakerData.set(bits.contains(.speakerData), at: now)
        if bits.contains(.keyboardClear) {
            state.shiftRegister = 0
            state.isFull = false
            keyboardInterrupt.set(false, at: now)
        }
        keyboard.setClockHeld(!bits.contains(.keyboardClock), at: now)
        beginReceiving(at: now)
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("XTPB") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { state.transfer(coder) }

    public func stateDidRestore() {
        keyboardInterrupt.restore(state.isFull)
        timerGate.restore(portB.contains(.timerGate))
        speakerData.restore(portB.contains(.speakerData))
    }
}
