import Chips
import Core

/// What the status registers tell of the picture: a beam that follows the adapter's to where a program looks. No part of a
/// machine's state.
final class VGAProbe {
    fileprivate let painter: VGAPainter
    /// Nil: it begins again where the adapter's stands.
    fileprivate var beam: VGABeam?
    fileprivate var scan: VGAScan
    fileprivate var generation: UInt64
    fileprivate var hasBlinkColors = false

    fileprivate init(_ adapter: VGAAdapter) {
        painter = VGAPainter(planes: adapter.planes)
        scan = adapter.scan(isFeedback: true)
        generation = adapter.generation &- 1
    }

    func beamWillChange() { beam = nil }
}

/// The outputs of attribute controller and DAC where the beam is, by which a program tests them.
///
/// Sources: [IBM VGA] input status registers 0 and 1; the power-on tests in the ROMs of [IBM EGA] and [IBM VGA]: bits 4 and 5
/// show what is displayed also while the sequencer keeps the screen off, and so do the comparators.
extension VGAAdapter {
    /// The number that the attribute controller gives out for the first dot of the character at the beam, which is in the
    /// displayed part. Plain memory is taken over for it, which changes no state that the program has.
    func displayedColor(at now: Tick) -> UInt8 {
        let probe = self.probe ?? VGAProbe(self)
        self.probe = probe
        let target = clock.cycles(at: now)
        var beam = probe.beam ?? state.beam
        if beam.cycle > target { beam = state.beam }
        beam.advance(to: target, raster)
        probe.beam = beam
        let isBlinkPhase = isBlinkPhase(beam)
        if probe.generation != generation || probe.hasBlinkColors != isBlinkPhase {
            (probe.generation, probe.hasBlinkColors) = (generation, isBlinkPhase)
            probe.scan = scan(isFeedback: true)
            fillColors(probe.painter.colors, isBlinkPhase: isBlinkPhase) { UInt32($0) }
            probe.painter.colors[VGAPainter.borderIndex] = UInt32(state.attributes.overscan)
        }
        if mapping != .device { synchroniseCharacter(beam) }
        return UInt8(truncatingIfNeeded: probe.painter.dot(beam, probe.scan))
    }

    /// Takes over what the character at the beam is made of, and the next one, from plain memory.
    private func synchroniseCharacter(_ beam: VGABeam) {
        let first = beam.rowAddress + beam.column >> raster.countShift
        for counter in first...first + 1 {
            // An offset in plain memory is that in the planes.
            let start = raster.offset(of: counter, scan: beam.scan) & ~(mapping.unit - 1)
            synchronise(bytes: start..<start + mapping.unit, block: 32)
        }
    }

    /// Whether one of the three lines to the monitor is above what the comparators compare with. Outside the displayed part
    /// the lines are low.
    ///
    /// Source: the power-on test in the ROM of [IBM VGA]: with a colour monitor 14h is low and 2Dh is high; without one,
    /// which doubles the voltage, 04h is low and 10h is high.
    /// Assumption: 335 mV, usual for such DACs, where 63 gives 700 mV.
    func isVideoHigh(at now: Tick) -> Bool {
        let (line, column) = position(at: now)
        guard column < raster.displayedColumns, line < raster.displayedLines else { return false }
        let first = Int(displayedColor(at: now) & state.dac.mask) * 3
        return state.dac.colors[first..<first + 3].contains { Int($0) * 700 / 63 > 335 }
    }
}
