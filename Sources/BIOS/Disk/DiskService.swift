import Core
import X86

/// INT 13h: sectors of mounted disks. A drive without one answers as a machine that lacks the drive.
///
/// Source: RBIL INT 13h; IBM PC AT Technical Reference, "Diskette I/O" and "Fixed disk I/O".
final class DiskService {
    private let configuration: BIOSConfiguration
    private var drives: [UInt8: any DiskDrive] = [:]

    init(configuration: BIOSConfiguration) { self.configuration = configuration }

    /// INT 1Eh: the parameters of diskettes. Step and head times, motor-off ticks, 512 bytes, 18 sectors, gaps, filler.
    static let disketteParameters: [UInt8] = [0xDF, 0x02, 0x25, 0x02, 18, 0x1B, 0xFF, 0x54, 0xF6, 0x0F, 0x08]

    func mount(_ drive: (any DiskDrive)?, as number: UInt8) { drives[number] = drive }

    private var hardDiskCount: UInt8 { UInt8(clamping: [UInt8(0x80), 0x81].filter { drives[$0] != nil }.count) }

    private var floppyCount: UInt8 {
        UInt8(clamping: max(configuration.floppyCount, drives.keys.filter { $0 < 0x80 }.map { Int($0) + 1 }.max() ?? 0))
    }

    func powerOn(in context: ServiceContext) {
        BIOSDataArea(memory: context.memory)[.hardDiskCount] = hardDiskCount
        // The diskette service moves to INT 40h where there is a hard disk.
        if hardDiskCount > 0 { context.memory.setVector(0x40, FarPointer(ServiceROM.segment, IBMEntry.disk)) }
    }

    // MARK: Calls

    func handle(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        let isHardDisk = cpu.dl >= 0x80
        let statusField: BIOSDataArea.Byte = isHardDisk ? .hardDiskStatus : .disketteStatus
        let status: DiskStatus
        do {
            switch cpu.ah {
            case 0x01:
                // The status of the last operation.
                cpu.ah = call.data[statusField]
                call.context.callerCarry = cpu.ah != 0
                return .done
            case 0x15:
                driveType(call)
                return .done
            default: status = try perform(call, isHardDisk: isHardDisk)
            }
        } catch {
            status = error
        }
        call.data[statusField] = status.rawValue
        cpu.ah = status.rawValue
        call.context.callerCarry = status != .success
        return .done
    }

    private func perform(_ call: BIOSCall, isHardDisk: Bool) throws(DiskStatus) -> DiskStatus {
        switch call.cpu.ah {
        case 0x00: return .success
        case 0x02:
            return try transfer(call) { drive, index, buffer throws(DiskStatus) in
                call.memory.writeBytes(buffer, try drive.readSector(index))
            }
        case 0x03:
            if let drive = drives[call.cpu.dl], drive.geometry != nil, drive.isWriteProtected {
                call.cpu.al = 0
                throw .writeProtected
            }
            return try transfer(call) { drive, index, buffer throws(DiskStatus) in
                try drive.writeSector(index, call.memory.readBytes(buffer, 512))
            }
        case 0x04:
            return try transfer(call) { drive, index, _ throws(DiskStatus) in
                _ = try drive.readSector(index)
            }
        case 0x05: return try format(call)
        case 0x08: return try parameters(call, isHardDisk: isHardDisk)
        case 0x09, 0x0C, 0x0D, 0x10, 0x11, 0x14:
            // Initialise, seek, reset, ready, recalibrate, diagnose: nothing moves.
            guard isHardDisk else { throw .invalidCommand }
            _ = try drive(call)
            return .success
        case 0x16:
            // Whether the disk was changed.
            guard !isHardDisk else { throw .invalidCommand }
            return try drive(call).takeChange() ? .diskChanged : .success
        case 0x17, 0x18:
            // Media for formatting: whatever is in the drive.
            guard !isHardDisk else { throw .invalidCommand }
            _ = try drive(call)
            if call.cpu.ah == 0x18 { (call.cpu.es, call.cpu.di) = (ServiceROM.segment, IBMEntry.disketteParameters) }
            return .success
        default:
            // The extensions AH=41h and up among them.
            throw .invalidCommand
        }
    }

    /// The drive with a medium that DL names.
    private func drive(_ call: BIOSCall) throws(DiskStatus) -> any DiskDrive {
        let number = call.cpu.dl
        guard let drive = drives[number] else {
            throw number < 0x80 && Int(number) < configuration.floppyCount ? .notReady : .invalidCommand
        }
        guard drive.geometry != nil else { throw .notReady }
        return drive
    }

    // MARK: Transfers

    /// AH=02h, 03h, 04h: AL sectors from cylinder CH (with the two high bits in CL), sector CL, head DH; buffer ES:BX.
    /// AL on return is the number that was transferred.
    private func transfer(
        _ call: BIOSCall, _ body: (any DiskDrive, Int, FarPointer) throws(DiskStatus) -> Void
    ) throws(DiskStatus) -> DiskStatus {
        let cpu = call.cpu
        let count = Int(cpu.al)
        cpu.al = 0
        let drive = try drive(call)
        if cpu.dl < 0x80, drive.takeChange() { throw .diskChanged }
        guard let geometry = drive.geometry, count > 0 else { throw .invalidCommand }
        let cylinder = Int(cpu.ch) | Int(cpu.cl & 0xC0) << 2
        let sector = Int(cpu.cl & 0x3F)
        let head = Int(cpu.dh)
        guard cylinder < geometry.cylinders, head < geometry.heads, (1...geometry.sectorsPerTrack).contains(sector)
        else { throw .sectorNotFound }
        if cpu.dl < 0x80 { try checkBoundary(call, count: count) }
        let first = (cylinder * geometry.heads + head) * geometry.sectorsPerTrack + sector - 1
        // A floppy controller goes on to the second head at most, a hard disk to the end.
        let track = geometry.sectorsPerTrack
        let limit = cpu.dl < 0x80 ? (cylinder + 1) * geometry.heads * track : geometry.sectorCount
        for index in 0..<count {
            guard first + index < limit else { throw .sectorNotFound }
            try body(drive, first + index, FarPointer(cpu.es, cpu.bx) + index * 512)
            cpu.al = UInt8(truncatingIfNeeded: index + 1)
        }
        call.context.cost += .microseconds(Int64(count) * 200)
        return .success
    }

    /// The DMA controller of floppies counts inside 64 KB of physical memory.
    private func checkBoundary(_ call: BIOSCall, count: Int) throws(DiskStatus) {
        guard call.cpu.ah != 0x04 else { return }
        let start = Int(FarPointer(call.cpu.es, call.cpu.bx).linear & 0xFFFF)
        if start + count * 512 > 0x1_0000 { throw .boundaryCrossed }
    }

    /// AH=05h: a track of fill bytes F6h.
    private func format(_ call: BIOSCall) throws(DiskStatus) -> DiskStatus {
        let cpu = call.cpu
        let drive = try drive(call)
        guard let geometry = drive.geometry else { throw .notReady }
        guard !drive.isWriteProtected else { throw .writeProtected }
        let cylinder = Int(cpu.ch) | Int(cpu.cl & 0xC0) << 2
        guard cylinder < geometry.cylinders, Int(cpu.dh) < geometry.heads else { throw .sectorNotFound }
        let first = (cylinder * geometry.heads + Int(cpu.dh)) * geometry.sectorsPerTrack
        for index in 0..<geometry.sectorsPerTrack {
            try drive.writeSector(first + index, [UInt8](repeating: 0xF6, count: 512))
        }
        return .success
    }

    // MARK: Questions

    /// AH=08h: CX and DH the last cylinder, sector and head, DL the number of drives.
    private func parameters(_ call: BIOSCall, isHardDisk: Bool) throws(DiskStatus) -> DiskStatus {
        let cpu = call.cpu
        if isHardDisk {
            guard let geometry = drives[cpu.dl]?.geometry else {
                (cpu.cx, cpu.dx) = (0, UInt16(hardDiskCount))
                throw .driveParametersFailed
            }
            // The last cylinder is kept for diagnostics.
            setGeometry(geometry, lastCylinder: max(geometry.cylinders - 2, 0), cpu)
            cpu.dl = hardDiskCount
            cpu.al = 0
            return .success
        }
        guard configuration.isAT else { throw .invalidCommand }
        let drive = drives[cpu.dl]
        guard drive != nil || cpu.dl < floppyCount else {
            (cpu.ax, cpu.bx, cpu.cx, cpu.es, cpu.di) = (0, 0, 0, 0, 0)
            cpu.dx = UInt16(floppyCount)
            return .success
        }
        // Without a medium the drive itself is a 1.44 MB one.
        let geometry = drive?.geometry ?? DiskGeometry(cylinders: 80, heads: 2, sectorsPerTrack: 18)
        setGeometry(geometry, lastCylinder: geometry.cylinders - 1, cpu)
        cpu.dl = floppyCount
        cpu.bx = UInt16(drive.map(\.floppyType) ?? 4)
        cpu.al = 0
        (cpu.es, cpu.di) = (ServiceROM.segment, IBMEntry.disketteParameters)
        return .success
    }

    private func setGeometry(_ geometry: DiskGeometry, lastCylinder: Int, _ cpu: Registers) {
        cpu.ch = UInt8(truncatingIfNeeded: lastCylinder)
        cpu.cl =
            UInt8(truncatingIfNeeded: lastCylinder >> 2) & 0xC0 | UInt8(truncatingIfNeeded: geometry.sectorsPerTrack)
        cpu.dh = UInt8(truncatingIfNeeded: geometry.heads - 1)
    }

    /// AH=15h: AH 0 no drive, 1 floppy without, 2 floppy with change line, 3 hard disk with CX:DX sectors.
    private func driveType(_ call: BIOSCall) {
        let cpu = call.cpu
        call.context.callerCarry = false
        if cpu.dl >= 0x80 {
            guard let geometry = drives[cpu.dl]?.geometry else {
                (cpu.ax, cpu.cx, cpu.dx) = (0, 0, 0)
                return
            }
            let count = max(geometry.cylinders - 1, 1) * geometry.heads * geometry.sectorsPerTrack
            cpu.cx = UInt16(truncatingIfNeeded: count >> 16)
            cpu.dx = UInt16(truncatingIfNeeded: count)
            cpu.ah = 3
        } else {
            let type = drives[cpu.dl]?.floppyType ?? 4
            cpu.ah = cpu.dl < floppyCount ? (type == 1 ? 1 : 2) : 0
        }
    }

    // MARK: Boot

    /// Puts the first sector of A:, else of the first hard disk, at 0000:7C00. Returns the drive; nil if none boots.
    func loadBootSector(_ call: BIOSCall) -> UInt8? {
        for number in [UInt8(0x00), 0x80] {
            guard let drive = drives[number], drive.geometry != nil else { continue }
            do {
                let sector = try drive.readSector(0)
                // Only hard disks must have the signature.
                guard number < 0x80 || sector.suffix(2) == [0x55, 0xAA] else { continue }
                call.memory.writeBytes(FarPointer(0, 0x7C00), sector.prefix(512))
                return number
            } catch {
                continue
            }
        }
        return nil
    }
}
