import CSDL2
import Core
import Glibc
import Hosting
import Output

/// The main thread's side of the window: events in, pictures out.
final class WindowLoop {
    private let window: SDLWindow
    private let link: WindowLink
    private let settings: WindowSettings
    private let clock = SystemClock()
    private var keys: KeyTracker
    private var pacer: FramePacer
    private let scaler: PictureScaler
    private var blender = FrameBlender()
    /// Frames that the pacer may yet name.
    private var frames: [TimedFrame] = []
    private var pace = WindowPace(Pacing(rule: .always))
    private var meter = SpeedMeter()
    private var title = ""
    /// The frame on the screen, and where it is.
    private var picture: Frame?
    private var layout: PictureLayout?
    /// Whether what is on the screen must be drawn again, from the same frame.
    private var isStale = true
    private var panelEnd: Int64?
    private var isPanelStatus = false
    private var isCaptured = false
    private var buttons: UInt8 = 0
    private let joysticks: SDLJoysticks?
    private var quitDeadline: Int64?

    /// How long lines are shown, and how long the machine has to end, in nanoseconds.
    private static let noticeTime: Int64 = 3_000_000_000
    private static let statusTime: Int64 = 6_000_000_000
    private static let quitTime: Int64 = 5_000_000_000
    private static let frameLimit = 12

    init(window: SDLWindow, link: WindowLink, settings: WindowSettings) {
        (self.window, self.link, self.settings) = (window, link, settings)
        keys = KeyTracker(hotKeys: settings.hotKeys)
        scaler = PictureScaler(isTube: settings.scaling == .crt)
        pacer = FramePacer(displayPeriod: window.displayPeriod, isBlending: settings.isBlending)
        joysticks = SDLJoysticks(window.sdl, use: settings.joysticks)
        updateTitle()
    }

    /// Runs until the session has ended.
    func run() {
        while true {
            takeEvents()
            let (new, messages, isFinished) = link.take()
            if isFinished { break }
            for message in messages { take(message) }
            for frame in new { take(frame) }
            let now = clock.now
            if let end = panelEnd, now >= end { showPanel(nil, for: 0) }
            if let deadline = quitDeadline, now >= deadline {
                printError("ochenta: the machine does not end; the process ends without it")
                _exit(ExitStatus.ownFailure)
            }
            draw(at: now)
        }
        joysticks?.close()
    }

    // MARK: From the machine

    private func take(_ message: WindowMessage) {
        switch message {
        case .clipboard(let text): window.clipboard = text
        case .notice(let text): showPanel([text], for: WindowLoop.noticeTime)
        case .pace(let new):
            if new != pace { showPanel(["speed: \(new.text)"], for: WindowLoop.noticeTime) }
            pace = new
            pacer.restart()
            meter = SpeedMeter()
            updateTitle()
        }
    }

    private func take(_ frame: TimedFrame) {
        frames.append(frame)
        if frames.count > WindowLoop.frameLimit { frames.removeFirst() }
        let nanoseconds = Double(frame.frame.time.count) / Double(Tick.perSecond) * 1e9
        let stamp = pace.isFull ? frame.arrival : Int64(nanoseconds / (pace.percent / 100))
        pacer.add(number: frame.number, stamp: stamp, arrival: frame.arrival)
        if meter.add(emulated: nanoseconds, host: frame.arrival) { updateTitle() }
    }

    private func updateTitle() {
        var text = "\(settings.title) - Ochenta, \(pace.text)"
        if let percent = meter.percent, pace.isFull || percent < pace.percent * 0.95 {
            text += " (at \(WindowPace.text(percent: percent)))"
        }
        if isCaptured { text += " - Ctrl-F10 releases the mouse" }
        guard text != title else { return }
        title = text
        window.setTitle(text)
    }

    // MARK: Pictures

    private func draw(at now: Int64) {
        if let mix = pacer.choose(at: now) {
            if let frame = frame(mix) {
                picture = frame
                isStale = true
            }
            frames.removeAll { $0.number < (mix.parts.first?.number ?? 0) }
        }
        guard isStale else { return }
        isStale = false
        if let picture { scale(picture) }
        window.present(pictureAt: layout)
        pacer.didPresent(at: clock.now)
    }

    private func frame(_ mix: FramePacer.Mix) -> Frame? {
        let parts = mix.parts.compactMap { part in
            frames.first { $0.number == part.number }.map { (frame: $0.frame, weight: part.weight) }
        }
        return parts.count == 1 ? parts[0].frame : blender.blend(parts)
    }

    private func scale(_ frame: Frame) {
        // Equal dots and lines need not be scaled one by one, and whole multiples are those of the program's own.
        let isWorth = settings.scaling != .crt && (frame.dotsPerPixel > 1 || frame.linesPerPixel > 1)
        let source = isWorth ? frame.reduced : frame
        let layout = PictureLayout(
            width: source.width, height: source.height, aspect: source.dotAspect, in: window.size,
            scaling: settings.scaling)
        source.pixels.withUnsafeBufferPointer {
            scaler.draw($0, width: source.width, height: source.height, to: (layout.width, layout.height))
        }
        let rows = window.needsWholePicture ? 0..<layout.height : scaler.changedRows
        window.update(scaler.output, width: layout.width, height: layout.height, rows: rows)
        self.layout = layout
    }

    private func showPanel(_ lines: [String]?, for time: Int64) {
        panelEnd = lines == nil ? nil : clock.now + time
        isPanelStatus = false
        isStale = true
        let size = window.size
        window.setPanel(lines.map { StatusPanel($0, scale: max(1, size.height / 700), limit: size.width - 16) })
    }

    private func toggleStatus() {
        if isPanelStatus { return showPanel(nil, for: 0) }
        var lines = ["\(settings.title)", "speed: \(pace.text)"]
        if let percent = meter.percent { lines[1] += ", measured \(WindowPace.text(percent: percent))" }
        lines += settings.drives
        lines += ["", "Alt-Enter full screen; \(settings.hotKeys == .control ? "Ctrl" : "right Ctrl") with"]
        lines += ["F3 next sound source, F4 sound off, F6 quieter, F7 louder"]
        lines += ["F5 screenshot, F9 quit, F10 mouse, F11 slower, F12 faster"]
        showPanel(lines, for: WindowLoop.statusTime)
        isPanelStatus = true
    }

    // MARK: Events

    /// Waits for something to do, and takes all events that are there.
    private func takeEvents() {
        var timeout = waitTime()
        while let event = window.nextEvent(within: timeout) {
            take(event)
            timeout = 0
        }
    }

    /// In milliseconds, at least until the next thing that is due by the clock.
    private func waitTime() -> Int32 {
        if isStale { return 0 }
        let now = clock.now
        let times = [pacer.nextTime(after: now), panelEnd, quitDeadline].compactMap { $0 }
        guard let next = times.min() else { return -1 }
        return next <= now ? 0 : Int32(min((next - now + 999_999) / 1_000_000, 60_000))
    }

    private func take(_ event: SDL_Event) {
        switch SDL_EventType(event.type) {
        case SDL_QUIT: quit()
        case SDL_KEYDOWN, SDL_KEYUP:
            let usage = Int(event.key.keysym.scancode.rawValue)
            let actions = keys.key(
                usage: usage, isDown: event.key.state != 0, isRepeat: event.key.repeat != 0)
            for action in actions { take(action) }
        case SDL_WINDOWEVENT: takeWindowEvent(event.window)
        case SDL_MOUSEMOTION: takeMotion(event.motion)
        case SDL_MOUSEBUTTONDOWN, SDL_MOUSEBUTTONUP:
            takeButton(event.button.button, isDown: event.button.state != 0)
        case SDL_RENDER_TARGETS_RESET, SDL_RENDER_DEVICE_RESET:
            window.forgetTextures()
            isStale = true
        default:
            guard let (events, notice) = joysticks?.take(event) else { break }
            for event in events { link.send(.event(event)) }
            if let notice { showPanel([notice], for: WindowLoop.noticeTime) }
        }
    }

    private func takeWindowEvent(_ event: SDL_WindowEvent) {
        switch SDL_WindowEventID(UInt32(event.event)) {
        case SDL_WINDOWEVENT_FOCUS_LOST:
            for input in keys.loseFocus() { link.send(.event(input)) }
            releaseButtons()
            setCaptured(false)
        case SDL_WINDOWEVENT_DISPLAY_CHANGED, SDL_WINDOWEVENT_SIZE_CHANGED:
            let period = window.displayPeriod
            if period != pacer.displayPeriod {
                pacer = FramePacer(displayPeriod: period, isBlending: settings.isBlending)
            }
            isStale = true
        case SDL_WINDOWEVENT_EXPOSED, SDL_WINDOWEVENT_SHOWN, SDL_WINDOWEVENT_RESTORED: isStale = true
        default: break
        }
    }

    private func take(_ action: KeyTracker.Action) {
        switch action {
        case .input(let event): link.send(.event(event))
        case .hotKey(let key): take(key)
        }
    }

    private func take(_ key: HotKey) {
        switch key {
        case .fullScreen: window.toggleFullScreen()
        case .screenshot: link.send(.screenshot)
        case .status: toggleStatus()
        case .slower: link.send(.slower)
        case .faster: link.send(.faster)
        case .fullSpeed: link.send(.fullSpeed)
        case .pause: link.send(.pause)
        case .mute: link.send(.mute)
        case .quieter: link.send(.quieter)
        case .louder: link.send(.louder)
        case .nextPart: link.send(.nextPart)
        case .releaseMouse: setCaptured(!isCaptured && settings.mouse == .capture)
        case .quit: quit()
        case .paste: link.send(.paste(window.clipboard))
        case .copy: link.send(.copy)
        }
    }

    private func quit() {
        link.send(.quit)
        if quitDeadline == nil { quitDeadline = clock.now + WindowLoop.quitTime }
    }

    // MARK: Mouse

    private func setCaptured(_ isCaptured: Bool) {
        guard isCaptured != self.isCaptured else { return }
        self.isCaptured = isCaptured
        window.capture(isCaptured)
        updateTitle()
    }

    private func takeMotion(_ event: SDL_MouseMotionEvent) {
        if isCaptured {
            link.send(
                .event(.mouseMove(dx: Int16(clamping: event.xrel), dy: Int16(clamping: event.yrel))))
        } else if settings.mouse == .seamless {
            let dots = window.dots(x: event.x, y: event.y)
            if let place = layout?.position(x: dots.x, y: dots.y).flatMap({ picture?.displayPlace(x: $0.x, y: $0.y) }) {
                link.send(.event(.mousePosition(x: place.x, y: place.y)))
            }
        }
    }

    private func takeButton(_ button: UInt8, isDown: Bool) {
        if settings.mouse == .none { return }
        if settings.mouse == .capture, !isCaptured {
            // The click that gives the mouse to the machine is not the program's.
            if isDown, button == 1 { setCaptured(true) }
            return
        }
        let bit: UInt8
        switch button {
        case 1: bit = 0b001
        case 2: bit = 0b100
        case 3: bit = 0b010
        default: return
        }
        // A release whose press was not sent says nothing.
        guard isDown || buttons & bit != 0 else { return }
        buttons = isDown ? buttons | bit : buttons & ~bit
        link.send(.event(.mouseButtons(buttons)))
    }

    private func releaseButtons() {
        guard buttons != 0 else { return }
        buttons = 0
        link.send(.event(.mouseButtons(0)))
    }
}
