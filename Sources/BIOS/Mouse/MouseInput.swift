import Core
import X86

/// From reports of the mouse to positions, counts and calls of handlers.
extension MouseService {
    /// Takes a report, at interrupt time. The interrupt has been ended at its controller already, so that a handler that
    /// stays long does not keep the keyboard waiting. Returns the call of a handler, if one is due.
    func take(_ report: MouseReport, _ call: BIOSCall) -> ServiceOutcome? {
        guard !runtime.isDisabled else { return nil }
        var events = MouseEvents()
        let (oldX, oldY) = (settings.x, settings.y)
        if report.dx != 0 || report.dy != 0 {
            events.insert(.movement)
            move(report, isAbsolute: AbsolutePlace.isLast(call.context), at: call.context.now)
        }
        if let place = AbsolutePlace(call.context) { jump(to: place, screen(call)) }
        note(buttons: report.buttons & 0b111, &events, call)
        if (oldX, oldY) != (settings.x, settings.y) { redraw(call) }
        runtime.pendingEvents.formUnion(events)
        return nextHandlerCall(call)
    }

    // MARK: Movement

    /// With places a long way may come in several reports, whose counts do not move the position.
    private func move(_ report: MouseReport, isAbsolute: Bool, at now: Tick) {
        settings.mickeysX = settings.mickeysX &+ Int16(truncatingIfNeeded: report.dx)
        settings.mickeysY = settings.mickeysY &+ Int16(truncatingIfNeeded: report.dy)
        guard !isAbsolute else { return }
        let factor = isFast(report, at: now) ? 2 : 1
        runtime.lastReport = now
        settings.x = settings.range.clampedX(
            settings.x
                &+ MouseService.points(
                    report.dx * factor, ratio: settings.ratioX, sensitivity: settings.sensitivityX, &settings.restX))
        settings.y = settings.range.clampedY(
            settings.y
                &+ MouseService.points(
                    report.dy * factor, ratio: settings.ratioY, sensitivity: settings.sensitivityY, &settings.restY))
    }

    /// Points for mickeys; what does not make a whole point stays in `rest`.
    private static func points(_ mickeys: Int, ratio: UInt16, sensitivity: UInt16, _ rest: inout Int32) -> Int32 {
        let whole = Int(ratio) * 50
        let parts = Int(rest) + mickeys * 8 * Int(sensitivity)
        let points = parts / whole
        rest = Int32(truncatingIfNeeded: parts - points * whole)
        return Int32(truncatingIfNeeded: points)
    }

    /// Whether the movement since the last report is above the double-speed threshold. A report stands for 5 ms at least.
    private func isFast(_ report: MouseReport, at now: Tick) -> Bool {
        let passed = max((now - runtime.lastReport).count, Tick.perSecond / 200)
        let mickeys = Int64(max(abs(report.dx), abs(report.dy)))
        return mickeys * Tick.perSecond > Int64(settings.doubleSpeed) * passed
    }

    /// A place in the picture becomes one of the virtual screen. A program that has set a larger range, or one that draws
    /// its own cursor on a picture, has its own idea of the screen's size: there the range is the picture.
    private func jump(to place: AbsolutePlace, _ screen: MouseScreen) {
        let range = settings.range
        let hasOwnSize = screen.kind != .text && !settings.hasShown
        func point(_ part: UInt16, _ size: Int, _ low: Int16, _ high: Int16) -> Int32 {
            if hasOwnSize || Int(high) >= size {
                return Int32(low) + Int32((Int(high) - Int(low) + 1) * Int(part) / 0x1_0000)
            }
            return Int32(size * Int(part) / 0x1_0000)
        }
        settings.x = range.clampedX(point(place.x, screen.width, range.minX, range.maxX))
        settings.y = range.clampedY(point(place.y, screen.height, range.minY, range.maxY))
        (settings.restX, settings.restY) = (0, 0)
    }

    // MARK: Buttons

    private func note(buttons: UInt8, _ events: inout MouseEvents, _ call: BIOSCall) {
        let changed = buttons ^ runtime.buttons
        runtime.buttons = buttons
        guard changed != 0 else { return }
        let (x, y) = visiblePosition(call)
        func count(_ old: ButtonCount) -> ButtonCount {
            ButtonCount(count: min(old.count, 0x7FFE) + 1, x: Int16(bitPattern: x), y: Int16(bitPattern: y))
        }
        for button in 0..<3 where changed >> UInt8(button) & 1 != 0 {
            if buttons >> UInt8(button) & 1 != 0 {
                settings.presses[button] = count(settings.presses[button])
                events.insert(.press(button))
            } else {
                settings.releases[button] = count(settings.releases[button])
                events.insert(.release(button))
            }
        }
    }

    // MARK: Handlers

    /// The call of the handler that wants the pending events. While one runs, they wait.
    func nextHandlerCall(_ call: BIOSCall) -> ServiceOutcome? {
        guard !runtime.isHandlerActive, !runtime.pendingEvents.isEmpty else { return nil }
        let events = runtime.pendingEvents
        runtime.pendingEvents = []
        guard let handler = handler(for: events, call) else { return nil }
        runtime.isHandlerActive = true
        let cpu = call.cpu
        let (x, y) = visiblePosition(call)
        cpu.ax = events.rawValue & handler.mask
        cpu.bx = UInt16(runtime.buttons)
        (cpu.cx, cpu.dx) = (x, y)
        (cpu.si, cpu.di) = (UInt16(bitPattern: settings.mickeysX), UInt16(bitPattern: settings.mickeysY))
        cpu.ds = ServiceROM.segment
        cpu.flags = cpu.flags & ~Flag.direction | Flag.interrupt
        return .callFar(handler.routine, returnTo: addresses.mouseHandlerReturn)
    }

    /// The trap behind a handler: another call if there have been events meanwhile.
    func handlerHasReturned(_ call: BIOSCall) -> ServiceOutcome {
        call.cpu.flags &= ~Flag.interrupt
        runtime.isHandlerActive = false
        return nextHandlerCall(call) ?? .done
    }

    /// The alternate handler for the keys that are down comes before the usual one.
    ///
    /// Assumption: not both are called for one event, as the events of an alternate handler are those "with keys".
    private func handler(for events: MouseEvents, _ call: BIOSCall) -> MouseHandler? {
        let keys = MouseService.keys(call.data.shiftFlags)
        let wanted = events.rawValue
        let alternate = settings.alternates.first { handler in
            handler.routine != FarPointer(0, 0) && !keys.isEmpty
                && handler.mask & MouseEvents.keys.rawValue == keys.rawValue
                && handler.mask & wanted & ~MouseEvents.keys.rawValue != 0
        }
        if let alternate { return alternate }
        let usual = settings.handler
        return usual.routine != FarPointer(0, 0) && usual.mask & wanted != 0 ? usual : nil
    }

    private static func keys(_ flags: ShiftFlags) -> MouseEvents {
        var keys = MouseEvents()
        if flags.isShifted { keys.insert(.shiftKey) }
        if flags.contains(.control) { keys.insert(.controlKey) }
        if flags.contains(.alternate) { keys.insert(.alternateKey) }
        return keys
    }

    /// AX=000Ch: mask CX, routine ES:DX.
    func setHandler(_ call: BIOSCall) {
        settings.handler = MouseHandler(mask: call.cpu.cx, routine: FarPointer(call.cpu.es, call.cpu.dx))
    }

    /// AX=0014h: as AX=000Ch, and gives back what was set before.
    func exchangeHandler(_ call: BIOSCall) {
        let old = settings.handler
        setHandler(call)
        call.cpu.cx = old.mask
        (call.cpu.es, call.cpu.dx) = (old.routine.segment, old.routine.offset)
    }

    /// AX=0018h: a handler for events with Shift, Ctrl or Alt. AX=0018h, or FFFFh if there is no place or no key.
    func setAlternateHandler(_ call: BIOSCall) {
        let cpu = call.cpu
        let handler = MouseHandler(mask: cpu.cx & 0xFF, routine: FarPointer(cpu.es, cpu.dx))
        if cpu.cx == 0 {
            // By the official description a mask of zero takes the routine away.
            for index in settings.alternates.indices where settings.alternates[index].routine == handler.routine {
                settings.alternates[index] = MouseHandler()
            }
            return cpu.ax = 0x0018
        }
        let keys = handler.mask & MouseEvents.keys.rawValue
        let known = settings.alternates.firstIndex {
            $0.mask & MouseEvents.keys.rawValue == keys && $0.routine != FarPointer(0, 0)
        }
        let free = settings.alternates.firstIndex { $0.routine == FarPointer(0, 0) }
        guard keys != 0, let index = known ?? free else { return cpu.ax = 0xFFFF }
        settings.alternates[index] = handler.routine == FarPointer(0, 0) ? MouseHandler() : handler
        cpu.ax = 0x0018
    }

    /// AX=0019h: the routine of the alternate handler with mask CX in BX:DX; CX=0 if there is none.
    func findAlternateHandler(_ call: BIOSCall) {
        let cpu = call.cpu
        let found = settings.alternates.first { $0.mask == cpu.cx && $0.routine != FarPointer(0, 0) }
        cpu.cx = found?.mask ?? 0
        (cpu.bx, cpu.dx) = (found?.routine.segment ?? 0, found?.routine.offset ?? 0)
    }
}

/// A place in the picture that the host has told: the machine's own addition, for pointers that are not a mouse.
///
/// Ports 8E80h to 8E84h: bit 0 for a new place, bit 1 if the last movement was to a place; X and Y, low byte first, of 65,536
/// parts of the picture. Reading the last byte takes the place.
struct AbsolutePlace {
    let x: UInt16
    let y: UInt16

    static func isLast(_ context: ServiceContext) -> Bool { context.in(0x8E80) & 0b1000_0010 == 0b10 }

    init?(_ context: ServiceContext) {
        guard context.in(0x8E80) & 0b01 != 0, AbsolutePlace.isLast(context) else { return nil }
        x = UInt16(context.in(0x8E81)) | UInt16(context.in(0x8E82)) << 8
        y = UInt16(context.in(0x8E83)) | UInt16(context.in(0x8E84)) << 8
    }
}
