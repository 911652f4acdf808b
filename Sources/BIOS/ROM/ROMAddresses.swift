import Core
import X86

/// Where `BIOSService.install` has put what has no fixed place in IBM's ROM. The same for every machine of a
/// configuration, so no part of a snapshot.
final class ROMAddresses {
    var bell = FarPointer(0, 0)
    var keyboardBell = FarPointer(0, 0)
    var keyboardPause = FarPointer(0, 0)
    var keyboardExit = FarPointer(0, 0)
    var afterBreak = FarPointer(0, 0)
    var eventWait = FarPointer(0, 0)
    /// Measures the axes of the game port.
    var joystickPositions = FarPointer(0, 0)
    var realTimeClock = FarPointer(0, 0)
    var redirectedIRQ2 = FarPointer(0, 0)
    var coprocessorError = FarPointer(0, 0)
    var noBootDevice = FarPointer(0, 0)
    var invalidInstruction = FarPointer(0, 0)
    /// INT 33h, INT 74h, INT 0Ch, and the traps behind what they call.
    var mouse = FarPointer(0, 0)
    var pointingInterrupt = FarPointer(0, 0)
    var serialMouse = FarPointer(0, 0)
    var pointingReturn = FarPointer(0, 0)
    var pointingCommand = FarPointer(0, 0)
    var mouseHandlerReturn = FarPointer(0, 0)
    var mouseModeIsSet = FarPointer(0, 0)
    /// INT 0Fh of a Tandy 1000 with digital sound, and its end behind INT 15h.
    var soundInterrupt = FarPointer(0, 0)
    var soundInterruptEnd = FarPointer(0, 0)
    /// What the mouse driver shows of itself.
    var mouseVersion = FarPointer(0, 0)
    var mouseCopyright = FarPointer(0, 0)
    var mouseNoName = FarPointer(0, 0)
    /// Of the EGA Register Interface.
    var registerVersion = FarPointer(0, 0)
    var mouseProfiles = FarPointer(0, 0)
    var videoFunctionality = FarPointer(0, 0)
    var videoSavePointers = FarPointer(0, 0)
    /// Of the VESA BIOS extension: the window function, the list of modes and the name.
    var videoWindow = FarPointer(0, 0)
    var videoModes = FarPointer(0, 0)
    var videoName = FarPointer(0, 0)
    /// The fonts, all 256 characters of each in a row.
    var font8 = FarPointer(0, 0)
    var font14 = FarPointer(0, 0)
    var font16 = FarPointer(0, 0)
    /// The list of characters that look different with nine dots: empty, as the fonts are the same in both widths.
    var alternateFont = FarPointer(0, 0)

    /// The font of a character height: 8x8 up to 8 rows, 8x14 up to 14, otherwise 8x16.
    func font(height: UInt8) -> FarPointer { height <= 8 ? font8 : height <= 14 ? font14 : font16 }
}

/// Offsets in the segment F000h that programs know from IBM's ROM.
///
/// Source: IBM PC AT Technical Reference (1985), BIOS listing, "Compatible entry points" (ORGS).
enum IBMEntry {
    /// 21h on a Tandy 1000; the routines that are placed one after the other from F000:0 do not come so far.
    static let tandyModel: UInt16 = 0xC000
    static let signature: UInt16 = 0xE000
    static let reset: UInt16 = 0xE05B
    static let nonMaskable: UInt16 = 0xE2C3
    static let bootstrap: UInt16 = 0xE6F2
    static let configuration: UInt16 = 0xE6F5
    static let serial: UInt16 = 0xE739
    static let keyboard: UInt16 = 0xE82E
    static let keyboardInterrupt: UInt16 = 0xE987
    static let disk: UInt16 = 0xEC59
    static let disketteInterrupt: UInt16 = 0xEF57
    static let disketteParameters: UInt16 = 0xEFC7
    static let printer: UInt16 = 0xEFD2
    static let video: UInt16 = 0xF065
    static let videoParameters: UInt16 = 0xF0A4
    static let memorySize: UInt16 = 0xF841
    static let equipment: UInt16 = 0xF84D
    static let system: UInt16 = 0xF859
    static let font: UInt16 = 0xFA6E
    static let clock: UInt16 = 0xFE6E
    static let timerTick: UInt16 = 0xFEA5
    static let vectorTable: UInt16 = 0xFEF3
    static let unexpected: UInt16 = 0xFF23
    static let interruptReturn: UInt16 = 0xFF53
    static let printScreen: UInt16 = 0xFF54
    static let resetVector: UInt16 = 0xFFF0
    static let date: UInt16 = 0xFFF5
    static let model: UInt16 = 0xFFFE
}
