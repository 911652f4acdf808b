import Core
import X86

/// INT 1Ah AH=80h to 85h on a Tandy 1000 with the PSSJ: blocks of samples by DMA channel 1, IRQ 7 at their end.
///
/// - Source: [RBIL] INT 1Ah AX=8100h, AH=80h, 82h, 83h; [PSSJ] for the ports.
/// - Assumption: a block that crosses 64 KB, which the list says the BIOS masks, is played as two; a length of 0 is 65,536
///   bytes, as the DMA controller counts; AH=84h, which the list names after AX=8100h, stops at once, clears carry and does
///   not call INT 15h.
/// - Not implemented: AH=82h, as the board cannot record: it is reported, and carry says that the chip is busy. AH=85h,
///   whose meaning was not found: it is reported.
final class DigitalSound {
    /// Bytes of the block that follow in the next 64 KB.
    private var rest: UInt16 = 0
    /// Their page: the page register cannot be read.
    private var restPage: UInt8 = 0
    private let addresses: ROMAddresses

    /// The PSSJ's mode register: bits 0-1 converter, 2 DMA, 3 interrupt flag (0 clears it), 4 interrupts.
    private enum Mode {
        static let off: UInt8 = 0b0000_0000
        static let converter: UInt8 = 0b0000_0011
        static let playing: UInt8 = 0b0001_1111
        static let dma: UInt8 = 0b0000_0100
        static let interruptFlag: UInt8 = 0b0000_1000
    }

    private enum Port {
        static let mode: UInt16 = 0xC4
        static let dividerLow: UInt16 = 0xC6
        static let dividerHigh: UInt16 = 0xC7
        static let page: UInt16 = 0x83
    }

    init(addresses: ROMAddresses) { self.addresses = addresses }

    func powerOn() { rest = 0 }

    func transfer(_ coder: StateCoder) {
        coder.field("rest", &rest)
        coder.field("restPage", &restPage)
    }

    func handle(_ call: BIOSCall) {
        let (cpu, context) = (call.cpu, call.context)
        switch cpu.ah {
        // Only an IRET on the 1000 TL.
        case 0x80: break
        case 0x81 where cpu.al == 0:
            cpu.ax = 0x00C4
            context.callerCarry = isBusy(context)
        case 0x82:
            call.reportUnknown()
            cpu.ah = 0
            context.callerCarry = true
        case 0x83: play(call)
        case 0x84: stop(context)
        default: call.reportUnknown()
        }
    }

    /// DMA is on, and its end has not come, or has not been answered while a second part is to follow.
    private func isBusy(_ context: ServiceContext) -> Bool {
        let mode = context.in(Port.mode)
        return mode & Mode.dma != 0 && (mode & Mode.interruptFlag == 0 || rest != 0)
    }

    /// AH=83h: AL volume (0-7), CX bytes, DX divider (12 bits), ES:BX unsigned samples.
    private func play(_ call: BIOSCall) {
        let (cpu, context) = (call.cpu, call.context)
        let isBusy = isBusy(context)
        context.callerCarry = isBusy
        defer { cpu.ah = 0 }
        guard !isBusy else { return }
        let start = (UInt32(cpu.es) << 4 &+ UInt32(cpu.bx)) & 0xF_FFFF
        let length = cpu.cx == 0 ? 0x1_0000 : UInt32(cpu.cx)
        let first = min(length, 0x1_0000 - start & 0xFFFF)
        rest = UInt16(truncatingIfNeeded: length - first)
        let page = UInt8(truncatingIfNeeded: start >> 16)
        restPage = page &+ 1 & 0x0F
        context.out(Port.mode, Mode.converter)
        context.out(Port.dividerLow, cpu.dl)
        context.out(Port.dividerHigh, cpu.dh & 0x0F | cpu.al << 5)
        context.out(Port.page, page)
        startTransfer(
            from: UInt16(truncatingIfNeeded: start), lastIndex: UInt16(truncatingIfNeeded: first &- 1), context)
        context.out(0x21, context.in(0x21) & 0b0111_1111)
    }

    private func startTransfer(from offset: UInt16, lastIndex: UInt16, _ context: ServiceContext) {
        context.out(0x0A, 0x05)
        // Channel 1: single transfers from memory.
        context.out(0x0B, 0x49)
        context.out(0x0C, 0x00)
        for (port, word) in [(UInt16(0x02), offset), (0x03, lastIndex)] {
            context.out(port, UInt8(truncatingIfNeeded: word))
            context.out(port, UInt8(word >> 8))
        }
        context.out(0x0A, 0x01)
        context.out(Port.mode, Mode.playing)
    }

    /// AH=84h.
    private func stop(_ context: ServiceContext) {
        context.out(0x0A, 0x05)
        context.out(Port.mode, Mode.off)
        rest = 0
        context.callerCarry = false
    }

    /// INT 0Fh, IRQ 7: the second part of a block, or INT 15h AX=91FBh. The converter holds the last sample, so that a
    /// block that is started there follows without a click.
    func interrupt(_ call: BIOSCall) -> ServiceOutcome {
        let (cpu, context) = (call.cpu, call.context)
        guard context.in(Port.mode) & Mode.interruptFlag != 0 else {
            // The printer, or nobody.
            cpu.codePointer = FarPointer(ServiceROM.segment, IBMEntry.unexpected)
            return .resume
        }
        context.out(Port.mode, Mode.converter)
        call.endInterrupt()
        if rest != 0 {
            context.out(Port.page, restPage)
            startTransfer(from: 0, lastIndex: rest &- 1, context)
            rest = 0
            return .done
        }
        context.push(cpu.ax)
        cpu.ax = 0x91FB
        return .callInterrupt(0x15, returnTo: addresses.soundInterruptEnd)
    }
}
