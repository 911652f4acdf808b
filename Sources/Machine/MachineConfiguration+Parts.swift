import BIOS
import Boards
import Core
import DOS
import Storage

/// The parts' configurations, as they follow from the machine's.
extension MachineConfiguration {
    var bios: BIOSConfiguration {
        var bios = BIOSConfiguration(
            machine: MachineKind(profile.family), video: BIOS.VideoKind(profile.video),
            conventionalKilobytes: profile.programKilobytes, processorClock: profile.clockPeriod)
        bios.hasCoprocessor = profile.hasCoprocessor
        bios.hasMonochromeEGA = profile.monitor.ega == .monochrome
        bios.fonts = fonts
        bios.hasVideoExtension = profile.hasVideoExtension && profile.video == .vga
        bios.hasSoundConverter = profile.sound.board == .tandydac
        bios.hasGamePort = profile.hasGamePort
        bios.mouse = MouseConnection(profile.connectedMouse)
        if bios.mouse == .serial { bios.serialPorts = [0x3F8] }
        bios.extendedKilobytes = profile.family == .at ? profile.extendedKilobytes : 0
        return bios
    }

    var shell: ShellConfiguration {
        let steps = startup.map { step in
            switch step {
            case .line(let line): ShellConfiguration.Startup.line(line)
            case .program(let path, let tail): ShellConfiguration.Startup.program(path: path, tail: tail)
            }
        }
        // The user's own variables come after it, and so replace it.
        let blaster = profile.sound.soundBlaster(family: profile.family).map {
            Array("BLASTER=\($0.blasterVariable)".utf8)
        }
        let gravis = profile.sound.gravis(family: profile.family).map { Array("ULTRASND=\($0.variable)".utf8) }
        return ShellConfiguration(
            startup: steps, isInteractive: isInteractive,
            environment: [blaster, gravis].compactMap { $0 } + environment)
    }

    func dos(systemDrive: any Volume) -> DOSConfiguration {
        var dos = DOSConfiguration()
        dos.version = dosVersion
        dos.codePage = codePage
        dos.drives = drives.filter { $0.letter != MachineConfiguration.systemLetter }
        dos.drives.append((letter: MachineConfiguration.systemLetter, volume: systemDrive))
        dos.currentDrive =
            drives.contains { $0.letter == currentDrive } ? currentDrive : MachineConfiguration.systemLetter
        dos.conventionalKilobytes = profile.programKilobytes
        dos.startYear = UInt16(clamping: startTime.year)
        dos.startMonth = UInt8(clamping: startTime.month)
        dos.startDay = UInt8(clamping: startTime.day)
        return dos
    }

    /// Z.
    static let systemLetter: UInt8 = 25

    /// Drive Z: with the command interpreter and the external commands, read-only.
    func makeSystemDrive(_ files: [(name: String, bytes: [UInt8])]) -> MemoryVolume {
        let date = FileTime(year: 1991, month: 6, day: 11, hour: 5)
        let volume = MemoryVolume(
            isReadOnly: true, label: ShortName("OCHENTA"), clock: StoppedFileClock(date), chunkID: ChunkID("VOLZ"))
        do throws(VolumeError) {
            try volume.load(Dictionary(files.map { ($0.name, $0.bytes) }, uniquingKeysWith: { first, _ in first }))
        } catch { preconditionFailure("drive Z cannot hold its files: \(error)") }
        return volume
    }
}

extension MachineKind {
    init(_ family: MachineFamily) {
        switch family {
        case .pc: self = .pc
        case .xt: self = .xt
        case .at: self = .at
        }
    }
}

extension MouseConnection {
    init(_ mouse: MouseKind) {
        switch mouse {
        case .none: self = .none
        case .ps2: self = .ps2
        case .serial: self = .serial
        }
    }
}

extension BIOS.VideoKind {
    init(_ video: Machine.VideoKind) {
        switch video {
        case .mda: self = .mda
        case .hercules, .herculesPlus: self = .hercules
        case .cga: self = .cga
        case .ega: self = .ega
        case .tandy: self = .tandy
        case .pcjr: self = .pcjr
        case .vga: self = .vga
        }
    }
}
