import CSDL2
import Glibc
import Hosting
import Output

/// A window of SDL with a picture in it. Everything here belongs to the main thread.
final class SDLWindow {
    let sdl: ochenta_sdl
    private let window: OpaquePointer
    private let renderer: OpaquePointer
    private var texture: OpaquePointer?
    private var textureSize = (width: 0, height: 0)
    private var panel: OpaquePointer?
    private var panelSize = (width: 0, height: 0)
    /// The type of the event that other threads push to end a wait.
    let wakeEvent: UInt32
    private(set) var isFullScreen = false

    /// SDL_WINDOWPOS_UNDEFINED, which is a macro that Swift cannot see.
    private static let anywhere: Int32 = 0x1FFF_0000
    private static let pixelFormat = SDL_PIXELFORMAT_ARGB8888.rawValue

    /// - Throws: if there is no SDL, or no display that it can open.
    init(title: String, isFullScreen: Bool) throws(HostingError) {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        let driver = variable("SDL_VIDEODRIVER")
        guard let place = variable("WAYLAND_DISPLAY") ?? variable("DISPLAY") ?? driver else {
            throw HostingError("--display window needs a display; neither DISPLAY nor WAYLAND_DISPLAY is set")
        }
        var reason: UnsafePointer<CChar>?
        guard let table = ochenta_sdl_load(&reason) else {
            let text = reason.map { String(cString: $0) } ?? ""
            throw HostingError("--display window needs SDL 2 (Debian: libsdl2-2.0-0): \(text)")
        }
        let sdl = table.pointee
        self.sdl = sdl
        sdl.SetMainReady()
        for (name, value) in [
            (SDL_HINT_NO_SIGNAL_HANDLERS, "1"), (SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1"),
            (SDL_HINT_GRAB_KEYBOARD, "0"), (SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "0"),
            (SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0"),
        ] {
            _ = sdl.SetHint(name, value)
        }
        // Otherwise Wayland is looked for too, and its library complains on standard error.
        if driver == nil, variable("WAYLAND_DISPLAY") == nil { _ = sdl.SetHint(SDL_HINT_VIDEODRIVER, "x11") }
        func failure(_ what: String) -> HostingError {
            let reason = sdl.GetError().map { String(cString: $0) } ?? ""
            return HostingError("\(what): \(reason)", status: ExitStatus.ownFailure)
        }
        guard sdl.Init(SDL_INIT_VIDEO) == 0 else { throw failure("the display \(place) cannot be opened") }
        // Without a display SDL draws where nobody sees it.
        let name = sdl.GetCurrentVideoDriver().map { String(cString: $0) } ?? ""
        if driver == nil, ["offscreen", "dummy", "evdev"].contains(name) {
            sdl.Quit()
            throw HostingError("the display \(place) cannot be opened", status: ExitStatus.ownFailure)
        }
        let size = SDLWindow.firstSize(sdl)
        // A renderer of SDL may make the window anew for itself. A window manager that meets the first one gives the
        // keyboard to a window that is soon gone; so none is shown before the renderer is there.
        let flags =
            SDL_WINDOW_HIDDEN.rawValue | SDL_WINDOW_RESIZABLE.rawValue | SDL_WINDOW_ALLOW_HIGHDPI.rawValue
        guard
            let window = sdl.CreateWindow(
                title, SDLWindow.anywhere, SDLWindow.anywhere, size.width, size.height,
                isFullScreen ? flags | SDL_WINDOW_FULLSCREEN_DESKTOP.rawValue : flags)
        else {
            let error = failure("no window can be opened")
            sdl.Quit()
            throw error
        }
        self.isFullScreen = isFullScreen
        self.window = window
        // Without a graphics processor SDL draws by itself, and keeps to the display's rate all the same.
        guard
            let renderer = sdl.CreateRenderer(window, -1, SDL_RENDERER_PRESENTVSYNC.rawValue)
                ?? sdl.CreateRenderer(window, -1, SDL_RENDERER_SOFTWARE.rawValue)
        else {
            let error = failure("nothing can be drawn in the window")
            sdl.DestroyWindow(window)
            sdl.Quit()
            throw error
        }
        self.renderer = renderer
        wakeEvent = sdl.RegisterEvents(1)
        sdl.SetWindowMinimumSize(window, 160, 120)
        // Keys are taken by their places; an input method would keep some of them.
        sdl.StopTextInput()
        sdl.ShowWindow(window)
        // Mesa's OpenGL without a graphics processor asks for the size of the window after each picture, and has first
        // asked before a window of the whole screen had its size.
        present(pictureAt: nil)
    }

    func close() {
        if let texture { sdl.DestroyTexture(texture) }
        if let panel { sdl.DestroyTexture(panel) }
        sdl.DestroyRenderer(renderer)
        sdl.DestroyWindow(window)
        sdl.Quit()
    }

    /// A size of 4:3 that leaves some of the screen to others.
    private static func firstSize(_ sdl: ochenta_sdl) -> (width: Int32, height: Int32) {
        var bounds = SDL_Rect()
        guard sdl.GetDisplayUsableBounds(0, &bounds) == 0 else { return (960, 720) }
        let heights: [Int32] = [1_440, 1_200, 960, 720, 480]
        let height = heights.first { $0 * 10 <= bounds.h * 8 } ?? 240
        return (height / 3 * 4, height)
    }

    /// Nanoseconds between two refreshes of the display that the window is on. SDL knows whole hertz.
    var displayPeriod: Int64 {
        var mode = SDL_DisplayMode()
        let index = max(sdl.GetWindowDisplayIndex(window), 0)
        let isKnown = sdl.GetCurrentDisplayMode(index, &mode) == 0 && mode.refresh_rate > 0
        return 1_000_000_000 / Int64(isKnown ? mode.refresh_rate : 60)
    }

    /// The dots of the window, at least 1 by 1.
    var size: (width: Int, height: Int) {
        var (width, height): (Int32, Int32) = (0, 0)
        guard sdl.GetRendererOutputSize(renderer, &width, &height) == 0 else { return (1, 1) }
        return (Int(max(width, 1)), Int(max(height, 1)))
    }

    /// A place that an event names, in dots.
    func dots(x: Int32, y: Int32) -> (x: Int, y: Int) {
        var (width, height): (Int32, Int32) = (0, 0)
        sdl.GetWindowSize(window, &width, &height)
        let size = size
        return (Int(x) * size.width / Int(max(width, 1)), Int(y) * size.height / Int(max(height, 1)))
    }

    func setTitle(_ title: String) { sdl.SetWindowTitle(window, title) }

    func toggleFullScreen() {
        isFullScreen.toggle()
        _ = sdl.SetWindowFullscreen(window, isFullScreen ? SDL_WINDOW_FULLSCREEN_DESKTOP.rawValue : 0)
    }

    // MARK: Drawing

    /// The renderer has lost its textures.
    func forgetTextures() {
        if let texture { sdl.DestroyTexture(texture) }
        if let panel { sdl.DestroyTexture(panel) }
        (texture, panel) = (nil, nil)
    }

    /// Whether the next picture has to be given whole.
    var needsWholePicture: Bool { texture == nil }

    /// Gives the renderer the `rows` of a picture that have changed.
    func update(_ picture: PixelBuffer, width: Int, height: Int, rows: Range<Int>) {
        var rows = rows
        if texture == nil || textureSize != (width, height) {
            if let texture { sdl.DestroyTexture(texture) }
            texture = sdl.CreateTexture(
                renderer, SDLWindow.pixelFormat, Int32(SDL_TEXTUREACCESS_STREAMING.rawValue), Int32(width),
                Int32(height))
            textureSize = (width, height)
            rows = 0..<height
        }
        guard let texture, !rows.isEmpty else { return }
        var area = SDL_Rect(x: 0, y: Int32(rows.lowerBound), w: Int32(width), h: Int32(rows.count))
        _ = sdl.UpdateTexture(texture, &area, picture.row(rows.lowerBound, of: width), Int32(width * 4))
    }

    func setPanel(_ content: StatusPanel?) {
        if let panel { sdl.DestroyTexture(panel) }
        panel = nil
        guard let content else { return }
        panel = sdl.CreateTexture(
            renderer, SDLWindow.pixelFormat, Int32(SDL_TEXTUREACCESS_STATIC.rawValue), Int32(content.width),
            Int32(content.height))
        panelSize = (content.width, content.height)
        guard let panel else { return }
        _ = sdl.SetTextureBlendMode(panel, SDL_BLENDMODE_BLEND)
        _ = content.pixels.withUnsafeBytes { sdl.UpdateTexture(panel, nil, $0.baseAddress, Int32(content.width * 4)) }
    }

    /// Shows everything, and waits for the display where it can.
    func present(pictureAt layout: PictureLayout?) {
        _ = sdl.SetRenderDrawColor(renderer, 0, 0, 0, 255)
        _ = sdl.RenderClear(renderer)
        if let texture, let layout {
            var place = SDL_Rect(
                x: Int32(layout.x), y: Int32(layout.y), w: Int32(layout.width), h: Int32(layout.height))
            _ = sdl.RenderCopy(renderer, texture, nil, &place)
        }
        if let panel {
            var place = SDL_Rect(x: 8, y: 8, w: Int32(panelSize.width), h: Int32(panelSize.height))
            _ = sdl.RenderCopy(renderer, panel, nil, &place)
        }
        sdl.RenderPresent(renderer)
    }

    // MARK: Clipboard and mouse

    var clipboard: String {
        get {
            guard let text = sdl.GetClipboardText() else { return "" }
            defer { sdl.free(text) }
            return String(cString: text)
        }
        set { _ = sdl.SetClipboardText(newValue) }
    }

    /// Gives the mouse to the machine alone, or back to the user.
    func capture(_ isCaptured: Bool) { _ = sdl.SetRelativeMouseMode(isCaptured ? SDL_TRUE : SDL_FALSE) }

    func showPointer(_ isShown: Bool) { _ = sdl.ShowCursor(isShown ? SDL_ENABLE : SDL_DISABLE) }

    // MARK: Events

    /// The next event, for which it waits at most so many milliseconds; 0 does not wait, a negative time has no end.
    func nextEvent(within milliseconds: Int32) -> SDL_Event? {
        var event = SDL_Event()
        let isThere =
            milliseconds == 0 ? sdl.PollEvent(&event) == 1 : sdl.WaitEventTimeout(&event, milliseconds) == 1
        return isThere ? event : nil
    }
}
