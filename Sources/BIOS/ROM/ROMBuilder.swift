import Core
import X86

/// Fills the ROM: stubs and routines at IBM's addresses, tables, and what else needs a place.
struct ROMBuilder {
    let rom: ServiceROM
    let configuration: BIOSConfiguration
    let addresses: ROMAddresses

    private var isAT: Bool { configuration.isAT }

    func build() {
        placeRoutines()
        placeStubs()
        placeKeyboard()
        placeMouse()
        placeSound()
        placeTables()
        placeIdentity()
    }

    private func far(_ offset: UInt16) -> FarPointer { FarPointer(ServiceROM.segment, offset) }

    private func place(jumpTo target: FarPointer, at offset: UInt16) {
        rom.place([0xEA] + ROMBuilder.bytes(target), at: offset)
    }

    private static func bytes(_ pointer: FarPointer) -> [UInt8] { bytes(pointer.offset) + bytes(pointer.segment) }

    private static func bytes(_ word: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: word), UInt8(word >> 8)] }

    private func placeRoutines() {
        rom.place(ROMRoutines.timerTick, at: IBMEntry.timerTick)
        rom.place(ROMRoutines.diskette(isAT: isAT), at: IBMEntry.disketteInterrupt)
        rom.place(ROMRoutines.readWord(at: 0x10), at: IBMEntry.equipment)
        rom.place(ROMRoutines.readWord(at: 0x13), at: IBMEntry.memorySize)
        rom.place([0xCF], at: IBMEntry.interruptReturn)
        rom.place([0xCF], at: IBMEntry.nonMaskable)
        let printScreen = rom.allocate(ROMRoutines.printScreen(isVGA: configuration.hasPlanarVideo))
        place(jumpTo: printScreen, at: IBMEntry.printScreen)
        place(jumpTo: rom.allocate(ROMRoutines.unexpectedInterrupt(isAT: isAT)), at: IBMEntry.unexpected)
        addresses.realTimeClock = rom.allocate(ROMRoutines.realTimeClock)
        addresses.redirectedIRQ2 = rom.allocate(ROMRoutines.redirectedIRQ2)
        addresses.coprocessorError = rom.allocate(ROMRoutines.coprocessorError)
        if isAT { addresses.joystickPositions = rom.allocate(ROMRoutines.joystickPositions) }
    }

    private func placeStubs() {
        rom.installStub(BIOSService.Trap.video.number, at: IBMEntry.video)
        rom.installStub(BIOSService.Trap.disk.number, at: IBMEntry.disk)
        rom.installStub(BIOSService.Trap.serial.number, at: IBMEntry.serial)
        rom.installStub(BIOSService.Trap.system.number, at: IBMEntry.system)
        rom.installStub(BIOSService.Trap.printer.number, at: IBMEntry.printer)
        rom.installStub(BIOSService.Trap.clock.number, at: IBMEntry.clock)
        addresses.invalidInstruction = rom.installStub(BIOSService.Trap.invalidInstruction.number)
        addresses.noBootDevice = rom.installStub(BIOSService.Trap.noBootDevice.number)
        addresses.eventWait = rom.installStub(BIOSService.Trap.eventWait.number)
        addresses.bell = rom.allocate(polling(.bell, ending: [0xCF]))
        // Only three bytes lie between IBM's bootstrap entry and the configuration table: jmp near.
        let bootstrap = rom.installStub(BIOSService.Trap.bootstrap.number)
        let distance = bootstrap.offset &- (IBMEntry.bootstrap &+ 3)
        rom.place([0xE9] + ROMBuilder.bytes(distance), at: IBMEntry.bootstrap)
        // Power-on, option ROMs, then the bootstrap: sti; call far; int 19h; hlt; jmp back to hlt.
        let scan = ROMBuilder.bytes(rom.allocate(ROMRoutines.optionROMs))
        rom.installStub(
            BIOSService.Trap.reset.number,
            ending: .code([0xFB, 0x9A] + scan + [0xCD, 0x19, 0xF4, 0xEB, 0xFD]), at: IBMEntry.reset)
        place(jumpTo: far(IBMEntry.reset), at: IBMEntry.resetVector)
    }

    /// A stub that comes back to its trap without a HLT: sti; nop; jmp to the trap.
    private func polling(_ trap: BIOSService.Trap, ending: [UInt8]) -> [UInt8] {
        ServiceROM.trap(trap.number) + [0xFB, 0x90, 0xEB, 0xF8] + ending
    }

    private func placeKeyboard() {
        // pop ax; iret: the end of the keyboard interrupt.
        let ending: [UInt8] = [0x58, 0xCF]
        let interrupt = ROMRoutines.keyboardInterrupt(
            isAT: isAT, trap: ServiceROM.stub(BIOSService.Trap.keyboardInterrupt.number, ending: .code(ending)))
        place(jumpTo: rom.allocate(interrupt), at: IBMEntry.keyboardInterrupt)
        addresses.keyboardExit = rom.allocate(ending)
        addresses.keyboardBell = rom.allocate(polling(.bell, ending: ending))
        addresses.keyboardPause = rom.installStub(BIOSService.Trap.pause.number, ending: .code(ending))
        addresses.afterBreak = rom.installStub(BIOSService.Trap.afterBreak.number, ending: .code(ending))

        guard isAT else {
            rom.installStub(BIOSService.Trap.keyboard.number, at: IBMEntry.keyboard)
            return
        }
        let wait = rom.allocate(
            ROMRoutines.keyboardWait(
                trap: ServiceROM.stub(
                    BIOSService.Trap.keyWait.number, ending: .jump(far(IBMEntry.keyboard)))))
        // The wait of this stub leads to a longer way round.
        let distance = wait.offset &- (IBMEntry.keyboard &+ UInt16(ServiceROM.waitOffset) &+ 3)
        rom.place(
            ServiceROM.trap(BIOSService.Trap.keyboard.number) + [0xE9] + ROMBuilder.bytes(distance) + [0x90, 0xCF],
            at: IBMEntry.keyboard)
    }

    private func placeMouse() {
        guard configuration.mouse != .none else { return }
        typealias Trap = BIOSService.Trap
        addresses.mouse = rom.installStub(Trap.mouse.number)
        let ending = ServiceROM.Ending.code(ROMRoutines.popAll + [0xCF])
        addresses.mouseHandlerReturn = rom.installStub(Trap.mouseHandlerReturn.number, ending: ending)
        addresses.pointingReturn = rom.installStub(Trap.pointingReturn.number, ending: ending)
        addresses.pointingInterrupt = rom.allocate(
            ROMRoutines.pushAll + ServiceROM.stub(Trap.pointingInterrupt.number, ending: ending))
        addresses.serialMouse = rom.allocate(
            ROMRoutines.pushAll + ServiceROM.stub(Trap.serialMouse.number, ending: ending))
        addresses.pointingCommand = rom.allocate(polling(.pointingCommand, ending: [0xCF]))
        addresses.mouseModeIsSet = rom.installStub(Trap.mouseModeIsSet.number)
        addresses.mouseVersion = rom.allocate([
            UInt8(MouseMemory.version >> 8), UInt8(truncatingIfNeeded: MouseMemory.version),
        ])
        addresses.mouseCopyright = rom.allocate(MouseMemory.copyright)
        addresses.mouseNoName = rom.allocate([0])
        addresses.registerVersion = rom.allocate([1, 0])
        addresses.mouseProfiles = rom.allocate(MouseMemory.defaultProfiles)
    }

    private func placeSound() {
        guard configuration.hasSoundConverter else { return }
        addresses.soundInterrupt = rom.installStub(BIOSService.Trap.soundInterrupt.number)
        // pop ax; iret
        addresses.soundInterruptEnd = rom.allocate([0x58, 0xCF])
    }

    private func placeTables() {
        rom.place(VideoTables.rom6845Parameters, at: IBMEntry.videoParameters)
        rom.place(DiskService.disketteParameters, at: IBMEntry.disketteParameters)
        // INT 15h AH=C0h: length, model, submodel, revision, features. Second 8259A, RTC, keyboard intercept.
        rom.place([0x08, 0x00, 0xFC, 0x01, 0x00, 0b0111_0000, 0, 0, 0, 0], at: IBMEntry.configuration)
        // Offsets of the handlers of INT 08h to 1Fh, which IBM's power-on test copies into the vectors.
        let offsets = (0x08...0x1F).flatMap { ROMBuilder.bytes(PowerOn.entryOffset(of: UInt8($0))) }
        rom.place(offsets, at: IBMEntry.vectorTable)
        addresses.videoFunctionality = rom.allocate(VideoTables.functionality)
        placeVideoParameters()
        placeVideoExtension()
        placeFonts()
    }

    /// The save pointer table begins with the address of the parameter table. The fifth pointer is a VGA's secondary
    /// table, with the combinations of displays that 0040:008A may name.
    ///
    /// Source: [RBIL] MEMORY.LST, 0040:00A8h and its tables.
    private func placeVideoParameters() {
        guard configuration.hasPlanarVideo else { return }
        let modes = configuration.video == .vga ? VideoParameters.vga : VideoParameters.ega
        let table = rom.allocate(modes.flatMap(\.bytes))
        var secondary: [UInt8] = [0, 0, 0, 0]
        if configuration.video == .vga {
            // Number of entries, version, highest code, reserved; then pairs.
            let pairs = VideoTables.displayCombinations
            let combinations = rom.allocate([UInt8(pairs.count), 1, 8, 0] + pairs.flatMap { $0 })
            secondary = ROMBuilder.bytes(
                rom.allocate([26, 0] + ROMBuilder.bytes(combinations) + [UInt8](repeating: 0, count: 20)))
        }
        addresses.videoSavePointers = rom.allocate(
            ROMBuilder.bytes(table) + [UInt8](repeating: 0, count: 12) + secondary
                + [UInt8](repeating: 0, count: 8))
    }

    private func placeVideoExtension() {
        guard configuration.hasVideoExtension else { return }
        addresses.videoWindow = rom.allocate(ROMRoutines.videoWindow)
        addresses.videoModes = rom.allocate(VideoService.extendedModeList.flatMap { ROMBuilder.bytes($0) })
        addresses.videoName = rom.allocate(Array("Ochenta VGA".utf8) + [0])
    }

    /// Programs know the first 128 characters in 8x8 at F000:FA6E. The whole fonts are where there is room; without an
    /// EGA or a VGA nobody asks for those of 14 and 16 rows.
    private func placeFonts() {
        let fonts = configuration.fonts
        rom.place(Array(fonts.x8.bytes.prefix(128 * 8)), at: IBMEntry.font)
        addresses.font8 = rom.allocate(fonts.x8.bytes)
        guard configuration.hasPlanarVideo else { return }
        addresses.font14 = rom.allocate(fonts.x14.bytes)
        addresses.font16 = rom.allocate(fonts.x16.bytes)
        addresses.alternateFont = rom.allocate([0x00])
    }

    private func placeIdentity() {
        rom.place(Array("Ochenta BIOS, IBM PC compatible".utf8), at: IBMEntry.signature)
        // Programs tell a PCjr by its model, and a Tandy 1000 by a PC's model and a byte of its own.
        let (date, model): (String, UInt8) =
            switch configuration.machine {
            case _ where configuration.video == .pcjr: ("06/01/83", 0xFD)
            case _ where configuration.video == .tandy: ("01/11/85", 0xFF)
            case .pc: ("10/27/82", 0xFF)
            case .xt: ("11/08/82", 0xFE)
            case .at: ("11/15/85", 0xFC)
            }
        rom.place(Array(date.utf8), at: IBMEntry.date)
        rom.place([model], at: IBMEntry.model)
        if configuration.video == .tandy { rom.place([0x21], at: IBMEntry.tandyModel) }
    }
}
