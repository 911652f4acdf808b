import Core
import Storage

/// INT 21h functions on drives. Source: Ralf Brown's interrupt list, INT 21h AH=0Eh, 19h, 1Bh, 1Ch, 1Fh, 32h, 36h.
extension DOSKernel {
    /// AH=0Eh: make DL the current drive; AL is the number of drive letters.
    func selectDrive(_ call: Call) -> CallResult {
        if hasVolume(call.registers.dl) { call.memory.write8(DOSLayout.currentDrive, call.registers.dl) }
        call.registers.al = configuration.lastDrive
        return .done
    }

    /// AH=19h
    func currentDrive(_ call: Call) -> CallResult {
        call.registers.al = currentDrive(call.memory)
        return .done
    }

    /// AH=1Bh and 1Ch: sectors per cluster, media byte at DS:BX, bytes per sector, clusters.
    func allocationInformation(_ call: Call, drive number: UInt8) -> CallResult {
        guard let drive = try? drive(number, call.memory), let volume = try? volume(drive),
            let space = try? volume.space()
        else {
            call.registers.al = 0xFF
            return .done
        }
        writeDPB(drive, call.memory)
        call.registers.al = UInt8(truncatingIfNeeded: space.sectorsPerCluster)
        call.registers.cx = space.bytesPerSector
        call.registers.dx = space.totalClusters
        let media = dpb(drive) + 0x17
        (call.registers.ds, call.registers.bx) = (media.segment, media.offset)
        return .done
    }

    /// AH=1Fh and 32h: the drive parameter block at DS:BX.
    func driveParameters(_ call: Call, drive number: UInt8) -> CallResult {
        guard let drive = try? drive(number, call.memory) else {
            call.registers.al = 0xFF
            return .done
        }
        writeDPB(drive, call.memory)
        call.registers.al = 0
        (call.registers.ds, call.registers.bx) = (dpb(drive).segment, dpb(drive).offset)
        return .done
    }

    /// AH=36h: AX sectors per cluster, BX free clusters, CX bytes per sector, DX clusters; AX=FFFFh for no such drive.
    func freeSpace(_ call: Call) -> CallResult {
        guard let drive = try? drive(call.registers.dl, call.memory), let volume = try? volume(drive),
            let space = try? volume.space()
        else {
            call.registers.ax = 0xFFFF
            return .done
        }
        call.registers.ax = space.sectorsPerCluster
        call.registers.bx = space.freeClusters
        call.registers.cx = space.bytesPerSector
        call.registers.dx = space.totalClusters
        return .done
    }
}
