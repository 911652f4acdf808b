import CSDL2
import Core
import Fonts
import Glibc
import Hosting

/// A window for a machine: SDL on this thread, which is to be the main one, and the session on another.
public final class Window {
    private let window: SDLWindow
    private let link: WindowLink
    private let settings: WindowSettings
    private let windowFrontEnd: WindowFrontEnd

    /// Opens the window.
    /// - Parameters:
    ///   - player: what the keys for loudness turn; nil if nothing is heard.
    ///   - screenshot: writes a picture of the machine, and says in a line what came of it. Called on the session's
    ///     thread.
    public init(
        settings: WindowSettings, pacing: Pacing, player: AudioPlayer?,
        screenshot: @escaping (any GuestMachine) -> String
    ) throws(HostingError) {
        self.settings = settings
        let window = try SDLWindow(title: "\(settings.title) - Ochenta", isFullScreen: settings.isFullScreen)
        self.window = window
        // SDL takes events from any thread.
        nonisolated(unsafe) let push = window.sdl.PushEvent
        let type = window.wakeEvent
        link = try WindowLink {
            var event = SDL_Event()
            event.type = type
            _ = push(&event)
        }
        windowFrontEnd = WindowFrontEnd(link: link, pacing: pacing, player: player, screenshot: screenshot)
    }

    /// The session's side.
    public var frontEnd: any FrontEnd { windowFrontEnd }

    /// Runs `session` on a thread of its own, and the window on this one until it has ended.
    ///
    /// Until then nothing that `session` uses may be touched by the caller.
    public func run<Result>(
        _ session: @escaping () throws(HostingError) -> Result
    ) throws(HostingError) -> Result {
        var outcome: Swift.Result<Result, HostingError>?
        let link = link
        let thread = HostThread {
            do throws(HostingError) {
                outcome = .success(try session())
            } catch {
                outcome = .failure(error)
            }
            link.finish()
        }
        guard let thread else {
            throw HostingError(
                "no thread for the machine: \(String(cString: strerror(errno)))", status: ExitStatus.ownFailure)
        }
        WindowLoop(window: window, link: link, settings: settings).run()
        thread.join()
        window.close()
        switch outcome {
        case .success(let result): return result
        case .failure(let error): throw error
        case nil: throw HostingError("the session has come to no end", status: ExitStatus.ownFailure)
        }
    }
}
