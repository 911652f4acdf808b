import Chips
import Core

/// Who knows what dots a character has: the adapter with its present registers.
protocol CRTCPainter: AnyObject {
    /// Draws the characters of a displayed span, with the raster's dots a character. A dot is what the adapter sends to
    /// the monitor, in its own coding.
    func paint(_ span: Motorola6845.Span, into dots: UnsafeMutablePointer<UInt8>)
    /// What is sent beside the displayed area.
    var borderDot: UInt8 { get }
    /// Neighbouring dots that are equal in the present mode.
    var dotsPerPixel: Int { get }
    /// The bits of the count of frames on which the picture depends in the present mode.
    var blinkMask: Int { get }
    /// The memory that the present mode can show.
    var displayedMemory: UnsafeRawBufferPointer { get }
    /// Colours as 00RRGGBBh. Dots of the same line may be read before and behind.
    func convert(_ dots: UnsafePointer<UInt8>, x: Int, count: Int, into pixels: UnsafeMutablePointer<UInt32>)
}

/// Draws what the beam of a 6845 passes, and makes frames of it.
///
/// Nothing is drawn before it has to be: a frame whose registers, memory and blinking are those of the one before is
/// that one. No part of this is machine state.
final class BeamPicture {
    private let crtc: Motorola6845
    private let timing: MonitorTiming
    private unowned let painter: any CRTCPainter
    private let showsBorder: Bool

    /// One byte a dot; before and behind each line there is room that is dark.
    private let dots: UnsafeMutablePointer<UInt8>
    private let stride: Int
    private static let margin = 8
    /// The memory with which the last frame began.
    private let copy: UnsafeMutableRawPointer
    private let copySize: Int
    private var copyCount = 0

    /// Dots of a character in the present mode.
    var dotsPerCharacter = 8
    /// How far is drawn.
    private var beam: Motorola6845.Beam
    private var monitor: MonitorBeam
    /// The dot at which the character of `beam` begins.
    var dot: Int64 = 0
    /// Characters that have passed and are not drawn yet.
    private var pending: Int64 = 0
    /// Characters from `beam` to the end of its frame; nil when not known.
    private var rest: Int64?
    private var area: Area
    /// Lines of the present frame in which something is drawn.
    private var lineCount = 0
    private var start: Start
    private var lastStart: Start?
    /// The frame began before drawing did.
    private var isPartial = true
    /// The last complete frame.
    private(set) var frame: Frame?

    private struct Area {
        var left = Int.max, right = 0, top = Int.max, bottom = 0
        /// 0 while nothing is displayed.
        var dotsPerPixel = 0
    }

    /// What a frame began with, when nothing changes in it.
    private struct Start {
        var beam: Motorola6845.Beam
        var monitor: MonitorBeam
        var blink = 0
        var length: Int64 = 0
        /// Frames of the 6845 in it.
        var frames = 0
        var isUniform = true
    }

    /// - Parameter memorySize: the most that `painter.displayedMemory` will ever have.
    init(
        crtc: Motorola6845, timing: MonitorTiming, painter: any CRTCPainter, memorySize: Int, showsBorder: Bool = false
    ) {
        (self.crtc, self.timing, self.painter, self.showsBorder) = (crtc, timing, painter, showsBorder)
        stride = BeamPicture.margin + timing.dots.upperBound + MonitorTiming.slack
        dots = .allocate(capacity: stride * (timing.lines.upperBound + 1))
        dots.initialize(repeating: 0, count: stride * (timing.lines.upperBound + 1))
        copySize = memorySize
        copy = .allocate(byteCount: memorySize, alignment: 8)
        beam = crtc.beam
        monitor = .waiting(isHorizontalSync: beam.isHorizontalSync, isVerticalSync: beam.isVerticalSync)
        area = Area()
        start = Start(beam: beam, monitor: monitor)
    }

    deinit {
        dots.deallocate()
        copy.deallocate()
    }

    // MARK: Following

    /// Drawing begins anew with a beam whose character begins at `dot`.
    func restart(_ beam: Motorola6845.Beam, dot: Int64) {
        (self.beam, self.dot) = (beam, dot)
        monitor = .waiting(isHorizontalSync: beam.isHorizontalSync, isVerticalSync: beam.isVerticalSync)
        (pending, rest, isPartial, lastStart, frame) = (0, nil, true, nil, nil)
        beginFrame()
        start.isUniform = false
    }

    /// Draws the frames that are complete.
    /// - Parameter now: the dot at which the present character began, and the clock that counts dots.
    func complete(_ now: DotTime) {
        findPending(now)
        while pending >= charactersToEnd() {
            if !repeatLast() { pass(charactersToEnd(), now.clock) }
        }
    }

    private func findPending(_ now: DotTime) {
        pending = max(now.dot &- dot, 0) / Int64(dotsPerCharacter)
        skipUnseen()
    }

    /// Draws all that has passed, before a register or, in exact profiles, memory changes.
    func catchUp(_ now: DotTime, isRegister: Bool) {
        findPending(now)
        // In a frame that changes all the time it is not worth while to look for its end.
        if !isAtStart, rest == nil, pending > 0 { pass(pending, now.clock, stopsAtEnd: true) }
        if pending > 0 { complete(now) }
        if pending > 0 { pass(pending, now.clock) }
        guard isRegister else { return }
        start.isUniform = false
        rest = nil
    }

    /// The dot at which the present frame ends.
    var frameEnd: Int64 { dot &+ charactersToEnd() &* Int64(dotsPerCharacter) }

    /// The picture that the present registers and memory give in a whole frame.
    func still(_ beam: Motorola6845.Beam, _ now: DotTime) -> Frame? {
        let other = BeamPicture(
            crtc: crtc, timing: timing, painter: painter, memorySize: copySize, showsBorder: showsBorder)
        other.dotsPerCharacter = dotsPerCharacter
        other.restart(beam, dot: now.dot)
        // What remains of the present frame, and one more.
        for _ in 0..<2 {
            other.pending = other.charactersToEnd()
            other.pass(other.pending, now.clock)
        }
        other.frame?.time = now.time
        return other.frame
    }

    /// After a long time that nobody has looked at, drawing begins anew shortly before the present.
    private func skipUnseen() {
        let longest = Int64(timing.dots.upperBound * timing.lines.upperBound / dotsPerCharacter + 1)
        guard pending > longest * 8 else { return }
        let count = pending - longest * 3
        crtc.advance(&beam, by: count)
        pending -= count
        dot &+= count &* Int64(dotsPerCharacter)
        monitor = .waiting(isHorizontalSync: beam.isHorizontalSync, isVerticalSync: beam.isVerticalSync)
        (rest, isPartial, lastStart) = (nil, true, nil)
        beginFrame()
        start.isUniform = false
    }

    // MARK: Frames

    private func beginFrame() {
        area = Area()
        lineCount = 0
        start = Start(beam: beam, monitor: monitor)
        start.beam.clearFrames()
        start.blink = beam.frames & painter.blinkMask
    }

    /// Goes ahead with copies to see when the frame ends. Bounded, because the monitor's frames are.
    private func charactersToEnd() -> Int64 {
        if let rest { return rest }
        if let last = lastStart, isAtStart, start.isUniform, last.isUniform, last.beam == start.beam,
            last.monitor == monitor
        {
            rest = last.length
            return last.length
        }
        var (beam, monitor) = (beam, monitor)
        var count: Int64 = 0
        while true {
            let span = crtc.step(&beam, limit: room(monitor))
            count &+= Int64(span.count)
            let event = monitor.move(
                span.count &* dotsPerCharacter, isHorizontalSync: beam.isHorizontalSync,
                isVerticalSync: beam.isVerticalSync, timing)
            if event == .frame { break }
        }
        rest = count
        return count
    }

    private var isAtStart: Bool { start.length == 0 }

    /// Characters that fit into the line, at least 1.
    private func room(_ monitor: MonitorBeam) -> Int {
        max((timing.dots.upperBound &- monitor.x &+ dotsPerCharacter &- 1) / dotsPerCharacter, 1)
    }

    /// Takes the last frame for the present one, if there is nothing in which it differs.
    private func repeatLast() -> Bool {
        guard isAtStart, start.isUniform, let last = lastStart, last.isUniform, frame != nil,
            last.beam == start.beam, last.monitor == monitor,
            beam.frames & painter.blinkMask == last.blink, isMemoryUnchanged
        else { return false }
        beam.countFrames(last.frames)
        pending &-= last.length
        dot &+= last.length &* Int64(dotsPerCharacter)
        rest = nil
        beginFrame()
        return true
    }

    private var isMemoryUnchanged: Bool {
        let memory = painter.displayedMemory
        guard memory.count == copyCount, let address = memory.baseAddress else { return false }
        return memory.elementsEqualBytes(UnsafeRawBufferPointer(start: copy, count: copyCount), address)
    }

    private func keepMemory() {
        let memory = painter.displayedMemory
        copyCount = min(memory.count, copySize)
        if let address = memory.baseAddress { copy.copyMemory(from: address, byteCount: copyCount) }
    }

    // MARK: Drawing

    /// Draws `count` characters that are pending, or those up to the end of the frame.
    private func pass(_ count: Int64, _ clock: ClockRatio, stopsAtEnd: Bool = false) {
        if isAtStart {
            keepMemory()
            start.blink = beam.frames & painter.blinkMask
        } else if start.isUniform, !isMemoryUnchanged {
            start.isUniform = false
        }
        var left = count
        while left > 0 {
            let frames = beam.frames
            let limit = min(left, Int64(room(monitor)))
            let span = crtc.step(&beam, limit: Int(limit))
            draw(span)
            left &-= Int64(span.count)
            pending &-= Int64(span.count)
            dot &+= Int64(span.count &* dotsPerCharacter)
            start.length &+= Int64(span.count)
            if beam.frames != frames { start.frames &+= 1 }
            let oldLine = line(monitor.y)
            let end = monitor.x &+ span.count &* dotsPerCharacter
            let event = monitor.move(
                span.count &* dotsPerCharacter, isHorizontalSync: beam.isHorizontalSync,
                isVerticalSync: beam.isVerticalSync, timing)
            if event == .none { continue }
            let width = timing.dots.upperBound + MonitorTiming.slack
            if end < width { (oldLine + end).update(repeating: 0, count: width - end) }
            guard event == .frame else { continue }
            finish(clock.time(ofCycle: max(dot, 0)))
            if stopsAtEnd { return }
        }
        rest = rest.flatMap { $0 > count ? $0 &- count : nil }
        if isAtStart { rest = nil }
    }

    private func line(_ y: Int) -> UnsafeMutablePointer<UInt8> {
        dots + (y &* stride &+ BeamPicture.margin)
    }

    private func draw(_ span: Motorola6845.Span) {
        let (x, y) = (monitor.x, monitor.y)
        let width = span.count &* dotsPerCharacter
        let place = line(y) + x
        lineCount = max(lineCount, y &+ 1)
        guard span.isDisplayed else {
            let isDark = span.isHorizontalSync || span.isVerticalSync
            return place.update(repeating: isDark ? 0 : painter.borderDot, count: width)
        }
        painter.paint(span, into: place)
        area.left = min(area.left, x)
        area.right = max(area.right, x &+ width)
        area.top = min(area.top, y)
        area.bottom = max(area.bottom, y &+ 1)
        let dotsPerPixel = painter.dotsPerPixel
        area.dotsPerPixel = area.dotsPerPixel == 0 ? dotsPerPixel : min(area.dotsPerPixel, dotsPerPixel)
    }

    private func finish(_ time: Tick) {
        rest = nil
        if !isPartial { frame = makeFrame(time) }
        lastStart = isPartial ? nil : start
        isPartial = false
        // The monitor is in a new line of the next frame, whose beginning was drawn in the old one.
        line(0).update(repeating: 0, count: timing.dots.upperBound + MonitorTiming.slack)
        beginFrame()
    }

    /// Dots and lines of the frame: those of the display area, and with the border what a monitor shows.
    private var extent: (dots: Range<Int>, lines: Range<Int>)? {
        let isDark = area.left >= area.right
        guard showsBorder else { return isDark ? nil : (area.left..<area.right, area.top..<area.bottom) }
        let (dots, lines) = (timing.visibleDots, timing.visibleLines)
        return isDark
            ? (dots, lines)
            : (
                min(area.left, dots.lowerBound)..<max(area.right, dots.upperBound),
                min(area.top, lines.lowerBound)..<max(area.bottom, lines.upperBound)
            )
    }

    private func makeFrame(_ time: Tick) -> Frame {
        let extent = extent
        let width = extent?.dots.count ?? frame?.width ?? timing.width
        let height = extent?.lines.count ?? frame?.height ?? timing.height
        let pixels = [UInt32](unsafeUninitializedCapacity: width * height) { buffer, count in
            count = width * height
            guard let base = buffer.baseAddress else { return }
            guard let extent else { return base.initialize(repeating: 0, count: count) }
            for (row, y) in extent.lines.enumerated() {
                let place = base + row * width
                if y < lineCount {
                    painter.convert(
                        line(y) + extent.dots.lowerBound, x: extent.dots.lowerBound, count: width, into: place)
                } else {
                    place.initialize(repeating: 0, count: width)
                }
            }
        }
        var border = Frame.Border()
        if let extent, area.left < area.right {
            border = Frame.Border(
                left: area.left - extent.dots.lowerBound, top: area.top - extent.lines.lowerBound,
                right: extent.dots.upperBound - area.right, bottom: extent.lines.upperBound - area.bottom)
        }
        let pixel = area.dotsPerPixel
        let isWhole = pixel > 0 && [width, border.left, border.right].allSatisfy { $0 % pixel == 0 }
        return Frame(
            width: width, height: height, pixels: pixels, dotAspect: timing.dotAspect,
            dotsPerPixel: isWhole ? pixel : 1, border: border, time: time)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes at `address`, as many as these, are the same.
    fileprivate func elementsEqualBytes(_ other: UnsafeRawBufferPointer, _ address: UnsafeRawPointer) -> Bool {
        guard count == other.count, let mine = other.baseAddress else { return count == 0 && other.count == 0 }
        var index = 0
        while index &+ 8 <= count {
            let difference =
                address.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                ^ mine.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if difference != 0 { return false }
            index &+= 8
        }
        while index < count {
            if address.load(fromByteOffset: index, as: UInt8.self) != mine.load(fromByteOffset: index, as: UInt8.self) {
                return false
            }
            index &+= 1
        }
        return true
    }
}
