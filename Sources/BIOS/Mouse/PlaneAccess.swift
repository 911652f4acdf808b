import Core

/// The planes of an EGA or a VGA one by one, in the middle of whatever a program does with the adapter: registers and
/// latches are left as they were.
///
/// The registers of an EGA cannot be read; `registers` has what the program has told the driver by the EGA Register
/// Interface, or what the mode has set. Its latches wait in the last byte of the planes: the real driver keeps the cursor's
/// state in the 8 KB above the picture too, and gives the same warning to programs that use them.
///
/// Sources: [MSKB] Q29467, Q31149; [PS2HW] "Video subsystem", graphics controller.
struct PlaneAccess {
    private enum Port {
        static let sequencer: UInt16 = 0x3C4
        static let graphics: UInt16 = 0x3CE
    }

    /// In the graphics controller.
    private enum Register {
        static let enableSetReset: UInt8 = 1
        static let function: UInt8 = 3
        static let readMap: UInt8 = 4
        static let mode: UInt8 = 5
        static let bitMask: UInt8 = 8
        /// The bit mask comes last: programs that set an index once set this one.
        static let used = [enableSetReset, function, readMap, mode, bitMask]
    }

    private let call: BIOSCall
    private let registers: RegisterMap
    private let isReadable: Bool
    /// Not in any picture of a BIOS mode.
    private let spare = FarPointer(0xA000, 0xFFFF)

    init(_ call: BIOSCall, registers: RegisterMap) {
        (self.call, self.registers) = (call, registers)
        isReadable = call.service.configuration.video == .vga
    }

    private func write(_ port: UInt16, _ index: UInt8, _ value: UInt8) {
        call.context.out(port, index)
        call.context.out(port + 1, value)
    }

    private func read(_ port: UInt16, _ index: UInt8) -> UInt8 {
        call.context.out(port, index)
        return call.context.in(port + 1)
    }

    /// Calls `body` once with each plane selected for reading and writing.
    func forEachPlane(_ body: (Int) -> Void) {
        let context = call.context
        let crtc = call.data[.videoPort]
        let (sequencerIndex, graphicsIndex) = (context.in(Port.sequencer), context.in(Port.graphics))
        let crtcIndex = context.in(crtc)
        let mapMask = isReadable ? read(Port.sequencer, 2) : registers.sequencer[2]
        let saved = Register.used.map { isReadable ? read(Port.graphics, $0) : registers.graphics[Int($0)] }
        let mode = saved[3] & ~0b0000_1011
        let latches = saveLatches(crtc, mode)
        write(Port.graphics, Register.enableSetReset, 0)
        write(Port.graphics, Register.function, 0)
        write(Port.graphics, Register.mode, mode)
        write(Port.graphics, Register.bitMask, 0xFF)
        for plane in 0..<4 {
            select(plane)
            body(plane)
        }
        restore(latches)
        for (index, value) in zip(Register.used, saved) { write(Port.graphics, index, value) }
        write(Port.sequencer, 2, mapMask)
        if isReadable {
            context.out(Port.graphics, graphicsIndex)
            context.out(Port.sequencer, sequencerIndex)
            context.out(crtc, crtcIndex)
        }
    }

    private func select(_ plane: Int) {
        write(Port.graphics, Register.readMap, UInt8(plane))
        write(Port.sequencer, 2, 1 << UInt8(plane))
    }

    // MARK: Latches

    /// Those of a VGA, which its register 22h of the CRT controller shows; an EGA writes them to the spare byte.
    private func saveLatches(_ crtc: UInt16, _ mode: UInt8) -> [UInt8] {
        guard isReadable else {
            write(Port.graphics, Register.mode, mode | 1)
            write(Port.sequencer, 2, 0x0F)
            call.memory.write8(spare, 0)
            return []
        }
        return (UInt8(0)..<4).map { plane in
            write(Port.graphics, Register.readMap, plane)
            return read(crtc, 0x22)
        }
    }

    /// Loads them from the spare byte, which on a VGA gets its own value back.
    private func restore(_ latches: [UInt8]) {
        let spared = latches.enumerated().map { plane, latch in
            select(plane)
            let byte = call.memory.read8(spare)
            call.memory.write8(spare, latch)
            return byte
        }
        _ = call.memory.read8(spare)
        for (plane, byte) in spared.enumerated() {
            select(plane)
            call.memory.write8(spare, byte)
        }
    }
}
