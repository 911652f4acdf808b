import Core
import X86

/// INT 10h AH=12h: what the BIOS of the EGA and the VGA lets programs choose.
///
/// Sources: [RBIL] INT 10h AH=12h; the ROM of [IBM VGA] for choices that there are not and for the switches.
extension VideoService {
    /// AL=12h on return: the function exists.
    func alternateSelect(_ call: BIOSCall) {
        let cpu = call.cpu
        let data = call.data
        switch cpu.bl {
        case 0x10:
            // BH: colour (0) or monochrome (1); BL: 64 KB steps, less one; CX: feature bits and switches.
            cpu.bh = data[.videoInfo] >> 1 & 1
            cpu.bl = data[.videoInfo] >> 5 & 3
            cpu.ch = data[.videoSwitches] >> 4
            cpu.cl = data[.videoSwitches] & 0x0F
            return
        case 0x20:
            // Print screen for any number of rows: the ROM's routine, in case a program has put another there.
            call.memory.setVector(0x05, FarPointer(ServiceROM.segment, IBMEntry.printScreen))
            return
        case _ where !isVGA:
            // The EGA's BIOS ends here.
            call.reportUnknown()
        case 0x30 where cpu.al <= 2:
            // Scan lines of text modes, from the next mode setting on; the switches are those of an EGA with such a monitor.
            let bits: [UInt8] = [0b1000_0000, 0b0000_0000, 0b0001_0000]
            data[.vgaFlags] = data[.vgaFlags] & 0b0110_1111 | bits[Int(cpu.al)]
            data[.videoSwitches] = data[.videoSwitches] & 0xF0 | (cpu.al == 0 ? 0x08 : 0x09)
        case 0x30...0x35 where cpu.al > (cpu.bl == 0x35 ? 3 : 1):
            // A choice that there is not.
            cpu.al = 0
            return
        case 0x31: setFlag(0b0000_1000, cpu.al & 1 != 0, data)
        case 0x32:
            // Whether the adapter answers at its addresses.
            let miscellaneous = call.context.in(0x3CC)
            call.context.out(0x3C2, cpu.al & 1 == 0 ? miscellaneous | 0x02 : miscellaneous & ~0x02)
        case 0x33: setFlag(0b0000_0010, cpu.al & 1 == 0, data)
        case 0x34:
            // Cursor emulation: AL=0 on.
            data[.videoInfo] = data[.videoInfo] & ~1 | cpu.al & 1
        case 0x35:
            guard switchDisplay(call) else {
                cpu.al = 0
                return
            }
        case 0x36:
            // Refresh: AL=0 on, 1 off.
            guard cpu.al <= 1 else { break }
            let clocking = call.context.indexed(0x3C4, 1)
            call.context.out(0x3C5, cpu.al == 0 ? clocking & ~0x20 : clocking | 0x20)
        default:
            call.reportUnknown()
            cpu.al = 0
            return
        }
        if isVGA { cpu.al = 0x12 }
    }

    /// BL=35h, AL=02h: the active display is put away, with its data in 128 bytes at ES:DX; 03h: an inactive one becomes
    /// active with what is there. AL=00h and 01h belong to a planar adapter beside the one on the main board of a PS/2.
    private func switchDisplay(_ call: BIOSCall) -> Bool {
        let buffer = FarPointer(call.cpu.es, call.cpu.dx)
        let isOn: Bool
        switch call.cpu.al {
        case 0x02:
            saveData(at: buffer, call)
            isOn = false
        case 0x03:
            restoreData(from: buffer, call)
            isOn = true
        default: return false
        }
        let miscellaneous = call.context.in(0x3CC)
        call.context.out(0x3C2, isOn ? miscellaneous | 0x02 : miscellaneous & ~0x02)
        return true
    }

    private func setFlag(_ flag: UInt8, _ isSet: Bool, _ data: BIOSDataArea) {
        data[.vgaFlags] = isSet ? data[.vgaFlags] | flag : data[.vgaFlags] & ~flag
    }
}
