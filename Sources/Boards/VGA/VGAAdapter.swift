import Chips
import Core

/// IBM's VGA, or its EGA, as an adapter in an ISA slot.
///
/// - Made of: sequencer, CRT controller, graphics controller, attribute controller, four planes of memory, DAC (VGA).
/// - Ports: 3C0h-3CFh; 3D0h-3DFh, or 3B0h-3BBh while the miscellaneous output register says monochrome; 46E8h (VGA);
///   1CEh-1D0h with the display interface of a VGA with 1 MB.
/// - Memory: up to 128 KB at A0000h, by the graphics controller.
/// - Clock: 25.175 or 28.322 MHz (VGA), 14.318 or 16.257 MHz (EGA), by 8 or 9 dots a character.
/// - Lines: IRQ 2 (9 on an AT), the vertical interrupt. Its slot is armed only while the interrupt is enabled.
/// - Source: [IBM VGA], [IBM EGA], [FreeVGA], [DISPI].
/// - The registers start as IBM's BIOS leaves them in mode 3.
/// - Memory that is linear to the processor (mode 13h, colour text) is plain RAM in fast profiles, and that RAM is then
///   the truth. Reads of it do not load the latches.
/// - Not implemented: interlacing, the light pen beyond its address, display enable skew, palette snow.
public final class VGAAdapter: DisplayAdapter, VGAPlanesObserver, EventClient {
    public let variant: VGAVariant
    let isEGA: Bool
    /// Every access is seen by the board: what exact profiles want.
    let seesEveryAccess: Bool
    /// Frames have the border.
    let showsBorder: Bool
    let memory: GuestMemory
    let planes: VGAPlanes
    private let interrupt: Line
    private let slot: EventSlot?
    private let characterClocks: [ClockRatio]
    private let displayClocks: [ClockRatio]
    /// See `selectSlots`.
    let slots: [MemorySlots]
    public let sharedMemory: SharedMemory

    var state: State

    // Derived from the state.
    var raster: VGARaster
    var clock: ClockRatio
    var mapping = VGAMapping.device
    /// What the plain window held when it was last compared; allocated with the first use.
    var shadow: UnsafeMutablePointer<UInt8>?

    // No part of the state: pictures.
    var generation: UInt64 = 0
    var memoryGeneration: UInt64 = 0
    var picture: VGAPicture?
    /// What the status registers show of the picture, once a program has asked.
    var probe: VGAProbe?

    struct State: StateValue {
        var sequencer = VGASequencer()
        var crtc = VGACRTController()
        var graphics = VGAGraphicsController()
        var attributes = VGAAttributeController()
        var dac = INMOSIMSG171()
        /// Mode 3 with 400 lines.
        var miscellaneous: UInt8 = 0x67
        var feature: UInt8 = 0
        var isEnabled: UInt8 = 1
        /// At the last change of a register that moves the beam.
        var beam = VGABeam()
        /// A retrace has been noted in status register 0.
        var isRetraceNoted = false
        var isPenTriggered = false
        /// Of a board with 1 MB; always off on others.
        var display = BochsDisplayInterface()
        var displayLatch: UInt8 = 0

        mutating func transfer(_ coder: StateCoder) {
            coder.field("sequencer", &sequencer)
            coder.field("crtc", &crtc)
            coder.field("graphics", &graphics)
            coder.field("attributes", &attributes)
            coder.field("dac", &dac)
            coder.field("miscellaneous", &miscellaneous)
            coder.field("feature", &feature)
            coder.field("isEnabled", &isEnabled)
            coder.field("beam", &beam)
            coder.field("isRetraceNoted", &isRetraceNoted)
            coder.field("isPenTriggered", &isPenTriggered)
        }
    }

    /// - Parameters:
    ///   - seesEveryAccess: memory is never plain RAM, so that mid-frame writes show where the beam is.
    ///   - showsBorder: whether frames have it.
    ///   - interrupt: IRQ 2.
    ///   - slot: for the vertical interrupt; without one it is seen in status register 0 only.
    public init(
        variant: VGAVariant = .vga, memory: GuestMemory, seesEveryAccess: Bool = false, showsBorder: Bool = false,
        interrupt: Line = Line(), slot: EventSlot? = nil
    ) {
        self.variant = variant
        self.memory = memory
        self.seesEveryAccess = seesEveryAccess
        self.showsBorder = showsBorder
        self.interrupt = interrupt
        self.slot = slot
        isEGA = variant.isEGA
        planes = VGAPlanes(kilobytes: variant.kilobytes, isEGA: variant.isEGA)
        characterClocks = variant.characterClocks
        slots = variant.memorySlots
        sharedMemory = SharedMemory(slots[0])
        var state = State()
        if isEGA {
            state.crtc = VGACRTController(isEGA: true)
            state.sequencer = VGASequencer(isEGA: true)
            state.miscellaneous = 0xA7
        }
        state.beam = VGABeam()
        self.state = state
        displayClocks = VGADisplayTiming.all.map { ClockRatio(hertz: $0.hertz, over: 8) }
        raster = VGARaster(state.crtc, isEGA: isEGA)
        clock = characterClocks[0]
        selectClock()
        slot?.connect(self)
        if seesEveryAccess { planes.observer = self }
        memory.route(VGAAdapter.memory, flags: deviceFlags, device: planes)
        updateMemory()
    }

    deinit { shadow?.deallocate() }

    /// All that the adapter may answer at.
    static let memory = 0xA_0000..<0xC_0000

    public func attach(to ports: PortMap) {
        for range in portRanges { ports.attach(self, at: range) }
    }

    public var portRanges: [ClosedRange<UInt16>] {
        [0x3B0...0x3BB, 0x3C0...0x3CF, 0x3D0...0x3DF] + (isEGA ? [] : [0x46E8...0x46E8])
            + (hasDisplayInterface ? [0x01CE...0x01D0] : [])
    }

    // MARK: Beam

    var isColor: Bool { state.miscellaneous & 1 != 0 }
    var clockSelect: Int { Int(state.miscellaneous >> 2 & 3) }
    /// Dots of a character.
    var characterWidth: Int { state.sequencer.hasEightDots || isExtended ? 8 : 9 }

    private func selectClock() {
        selectSlots()
        if isExtended { return clock = displayClocks[VGADisplayTiming.index(for: state.display)] }
        let sequencer = state.sequencer
        clock = characterClocks[clockSelect | (sequencer.hasEightDots ? 4 : 0) | (sequencer.isClockHalved ? 8 : 0)]
    }

    /// Before a register that moves the beam gets its new value: the beam goes on with the old one.
    func beamWillChange(at now: Tick) {
        let target = clock.cycles(at: now)
        state.isRetraceNoted = isRetraceNoted(through: target)
        state.beam.advance(to: target, raster)
        probe?.beamWillChange()
    }

    /// After it.
    func beamDidChange(at now: Tick) {
        raster = presentRaster
        let old = clock
        selectClock()
        if clock != old {
            state.beam.cycle = clock.cycles(at: now)
            picture?.clockDidChange(to: state.beam.cycle)
        }
        updateInterrupt(at: now)
    }

    var presentRaster: VGARaster {
        guard isExtended else { return VGARaster(state.crtc, isEGA: isEGA) }
        return VGARaster(state.display, timing: VGADisplayTiming.all[VGADisplayTiming.index(for: state.display)])
    }

    var isAnyRetrace: Bool { raster.retraceStart < raster.lines }

    /// Where the beam is at `now`.
    func position(at now: Tick) -> (line: Int, column: Int) {
        state.beam.position(at: clock.cycles(at: now), raster)
    }

    public func frameEnd(after now: Tick) -> Tick {
        guard isAnyRetrace else { return now + .milliseconds(20) }
        let cycle = clock.cycles(at: now)
        var beam = state.beam
        beam.advance(to: cycle, raster)
        return max(clock.time(ofCycle: beam.cycle &+ beam.clocks(toLine: raster.retraceStart, raster)), now + Tick(1))
    }

    // MARK: Vertical interrupt

    /// Whether a retrace has begun, by `target`, since one could be noted.
    func isRetraceNoted(through target: Int64) -> Bool {
        if state.isRetraceNoted { return true }
        guard state.crtc.notesRetrace, isAnyRetrace else { return false }
        return state.beam.cycle &+ state.beam.clocks(toLine: raster.retraceStart, raster) <= target
    }

    private func updateInterrupt(at now: Tick) {
        let crtc = state.crtc
        if !crtc.notesRetrace { state.isRetraceNoted = false }
        interrupt.set(state.isRetraceNoted && crtc.isInterruptEnabled, at: now)
        if crtc.notesRetrace, crtc.isInterruptEnabled, !state.isRetraceNoted, isAnyRetrace {
            let cycle = state.beam.cycle &+ state.beam.clocks(toLine: raster.retraceStart, raster)
            slot?.arm(at: clock.time(ofCycle: cycle))
        } else if let slot, slot.isArmed {
            slot.disarm()
        }
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        state.isRetraceNoted = true
        interrupt.set(state.crtc.isInterruptEnabled, at: now)
    }

    // MARK: Memory

    public func planesWillChange(at now: Tick) {
        if picture != nil { catchUp(to: now) }
    }

    // MARK: State

    public var chunkID: ChunkID { isEGA ? ChunkID("EGA ") : hasDisplayInterface ? ChunkID("SVGA") : ChunkID("VGA ") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        if coder.direction != .load { synchronise() }
        state.transfer(coder)
        if hasDisplayInterface {
            coder.field("display", &state.display)
            coder.field("displayLatch", &state.displayLatch)
        }
        planes.transfer(coder)
    }

    public func stateDidRestore() {
        raster = presentRaster
        selectClock()
        interrupt.restore(state.isRetraceNoted && state.crtc.isInterruptEnabled)
        mapping = .device
        memory.route(VGAAdapter.memory, flags: deviceFlags, device: planes)
        updateMemory()
        generation &+= 1
        memoryGeneration &+= 1
        probe = nil
        if isWatched { picture = VGAPicture(self) }
    }
}
