import Chips
import Core

/// The ports. A register first lets the beam pass with its old value if it has to do with what is displayed.
extension VGAAdapter {
    // MARK: Reading

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let value = peekPort(port, at: now)
        switch port {
        case 0x3BA where !isColor, 0x3DA where isColor: state.attributes.resetFlipFlop()
        case 0x3C9 where !isEGA: state.dac.didRead()
        default: break
        }
        return value
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port {
        case 0x3C2: return status0(at: now)
        case 0x1CE...0x1D0: return hasDisplayInterface ? peekDisplay(port) : 0xFF
        case 0x3B0...0x3BB where !isColor, 0x3D0...0x3DF where isColor: return peekMoved(port & 15, at: now)
        // The EGA's registers cannot be read.
        case _ where isEGA: return 0xFF
        case 0x3C0: return state.attributes.index
        case 0x3C1: return state.attributes.data
        case 0x3C3: return state.isEnabled
        case 0x3C4: return state.sequencer.index
        case 0x3C5: return state.sequencer.data
        case 0x3C6: return state.dac.mask
        case 0x3C7: return state.dac.isReading ? 0b11 : 0
        case 0x3C8: return state.dac.address
        case 0x3C9: return state.dac.component
        case 0x3CA: return state.feature
        case 0x3CC: return state.miscellaneous
        case 0x3CE: return state.graphics.index
        case 0x3CF: return state.graphics.data
        default: return 0xFF
        }
    }

    /// The ports that are at 3Bxh or 3Dxh.
    private func peekMoved(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port {
        case 4: isEGA ? 0xFF : state.crtc.index
        case 5: crtcData
        case 10: status1(at: now)
        default: 0xFF
        }
    }

    private var crtcData: UInt8 {
        let index = state.crtc.index
        switch index {
        // On the EGA, the light pen's address and start and cursor address can be read.
        case 0x10 where isEGA: return UInt8(truncatingIfNeeded: state.crtc.lightPen >> 8)
        case 0x11 where isEGA: return UInt8(truncatingIfNeeded: state.crtc.lightPen)
        case 0x0C...0x0F where isEGA: return state.crtc[Int(index)]
        case _ where isEGA: return 0xFF
        // The latch of the plane that is read, and the attribute controller's flip-flop.
        case 0x22: return UInt8(truncatingIfNeeded: planes.latch >> (UInt32(state.graphics[4] & 3) * 8))
        case 0x24: return state.attributes.expectsData ? 0x80 : 0
        case 0x26: return state.attributes.index
        default: return state.crtc[Int(index)]
        }
    }

    /// Bit 4 switch sense (VGA: no line of the monitor is high), bit 7 the vertical interrupt; EGA: bits 5 and 6 the
    /// feature bits, which nothing drives.
    private func status0(at now: Tick) -> UInt8 {
        let noted: UInt8 = isRetraceNoted(through: clock.cycles(at: now)) ? 0x80 : 0
        switch variant {
        case .vga, .superVGA: return noted | (isVideoHigh(at: now) ? 0 : 0b0001_0000)
        case .ega(let fitting):
            let isOpen = fitting.switches >> (3 - state.miscellaneous >> 2 & 3) & 1 != 0
            return noted | 0b0110_0000 | (isOpen ? 0b0001_0000 : 0)
        }
    }

    /// Bit 0 nothing displayed, bit 3 vertical retrace; EGA: bit 1 light pen triggered, bit 2 its switch open. Bits 4 and
    /// 5 are two lines of the colour where the beam is.
    private func status1(at now: Tick) -> UInt8 {
        let (line, column) = position(at: now)
        let isDisplayed = column < raster.displayedColumns && line < raster.displayedLines
        var status: UInt8 = raster.isRetrace(line) ? 0b1000 : 0
        if isEGA { status |= 0b0100 | (state.isPenTriggered ? 0b0010 : 0) }
        let color: UInt8
        if isDisplayed {
            color = displayedColor(at: now)
        } else {
            color = state.attributes.overscan
            status |= 1
        }
        let high, low: UInt8
        switch state.attributes[18] >> 4 & 3 {
        case 0: (high, low) = (2, 0)
        case 1: (high, low) = (5, 4)
        case 2: (high, low) = (3, 1)
        default: (high, low) = (7, 6)
        }
        return status | (color >> high & 1) << 5 | (color >> low & 1) << 4
    }

    // MARK: Writing

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port {
        case 0x3C4: state.sequencer.index = value & 7
        case 0x1CE...0x1D0:
            if hasDisplayInterface { writeDisplay(port, value, at: now) }
        case 0x3C5: writeSequencer(value, at: now)
        case 0x3CE: state.graphics.index = value & 15
        case 0x3CF: writeGraphics(value, at: now)
        case 0x3C0: writeAttribute(value, at: now)
        // The EGA decodes one address bit less.
        case 0x3C1 where isEGA: writeAttribute(value, at: now)
        case 0x3C2: writeMiscellaneous(value, at: now)
        case 0x3B0...0x3BB where !isColor, 0x3D0...0x3DF where isColor: writeMoved(port & 15, value, at: now)
        case _ where isEGA: break
        case 0x3C3: enable(value & 1)
        case 0x46E8: enable(value >> 3 & 1)
        case 0x3C6...0x3C9: writeDAC(port, value, at: now)
        default: break
        }
    }

    private func enable(_ value: UInt8) {
        state.isEnabled = value
        updateMemory()
    }

    private func writeDAC(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port {
        case 0x3C6:
            guard state.dac.mask != value else { return }
            pictureWillChange(at: now)
            state.dac.mask = value
        case 0x3C7: state.dac.beginReading(at: value)
        case 0x3C8: state.dac.beginWriting(at: value)
        default:
            if state.dac.completesColor { pictureWillChange(at: now) }
            state.dac.write(value)
        }
    }

    private func writeSequencer(_ value: UInt8, at now: Tick) {
        let index = state.sequencer.index
        guard state.sequencer.data != value else { return }
        switch index {
        case 0, 3: pictureWillChange(at: now)
        // On an EGA its extended memory is a matter of what is displayed, too.
        case 4 where isEGA: pictureWillChange(at: now)
        case 1:
            pictureWillChange(at: now)
            beamWillChange(at: now)
        default: break
        }
        guard state.sequencer.write(value) else { return }
        switch index {
        case 1: beamDidChange(at: now)
        case 2, 4: updateMemory()
        default: break
        }
    }

    private func writeGraphics(_ value: UInt8, at now: Tick) {
        let index = state.graphics.index
        guard state.graphics.data != value else { return }
        if index == 5 || index == 6 { pictureWillChange(at: now) }
        guard state.graphics.write(value) else { return }
        // The bit mask, which programs that draw write for each dot, maps nothing anew unless bytes pass unchanged by it.
        if index == 8, value != 0xFF, mapping == .device { planes.setBitMask(value) } else { updateMemory() }
    }

    private func writeAttribute(_ value: UInt8, at now: Tick) {
        if state.attributes.changesPicture(value) { pictureWillChange(at: now) }
        state.attributes.write(value)
    }

    private func writeMiscellaneous(_ value: UInt8, at now: Tick) {
        guard value != state.miscellaneous else { return }
        pictureWillChange(at: now)
        beamWillChange(at: now)
        state.miscellaneous = value
        beamDidChange(at: now)
        updateMemory()
    }

    /// The ports that are at 3Bxh or 3Dxh.
    private func writeMoved(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port {
        case 4: state.crtc.index = isEGA ? value & 31 : value & 63
        case 5: writeCRTC(value, at: now)
        case 10: state.feature = value
        case 11 where isEGA: state.isPenTriggered = false
        case 12 where isEGA: triggerPen(at: now)
        default: break
        }
    }

    private func writeCRTC(_ value: UInt8, at now: Tick) {
        let number = Int(state.crtc.index)
        guard let value = state.crtc.value(writing: value, isEGA: isEGA), value != state.crtc[number] else { return }
        pictureWillChange(at: now)
        if VGACRTController.isCursorRegister(number) {
            state.crtc.set(number, value)
        } else {
            beamWillChange(at: now)
            state.crtc.set(number, value)
            beamDidChange(at: now)
        }
    }

    private func triggerPen(at now: Tick) {
        guard !state.isPenTriggered else { return }
        state.isPenTriggered = true
        var beam = state.beam
        beam.advance(to: clock.cycles(at: now), raster)
        state.crtc.lightPen = UInt16(truncatingIfNeeded: beam.rowAddress + beam.column)
    }

    /// Before something that is displayed changes: the beam draws what it has passed.
    func pictureWillChange(at now: Tick) {
        if picture != nil { catchUp(to: now) }
        generation &+= 1
    }
}
