import Core
import Hosting
import Machine

/// The terminal while the program shows graphics: asks what the terminal can do, and draws up to thirty frames a second
/// as far as the terminal takes them.
final class PictureScreen {
    /// Shortest time between two frames, in nanoseconds of the host.
    static let frameTime: Int64 = 33_000_000
    /// When to try again to write what the terminal has not taken.
    private static let retryTime: Int64 = 5_000_000

    private var support: GraphicsSupport
    private let depth: ColorDepth
    private let output: PictureOutput
    private var size = (columns: 80, rows: 25)
    private var measuredCell: TerminalGrid.PixelSize?
    private var renderer: (any PictureRenderer)?
    private var last: Frame?
    private var lastTime: Int64?
    private(set) var isActive = false
    private var wasWatched = false
    private var isNoticeShown = false
    /// When it wants to be called again: emulated time, and the host's.
    private(set) var nextTime: Tick?
    private(set) var wakeTime: Int64?
    private(set) var outputCount = 0

    init(support: GraphicsSupport, depth: ColorDepth, output: Int32) {
        (self.support, self.depth) = (support, depth)
        self.output = PictureOutput(output)
    }

    /// The terminal's size, in cells and, if it is known, in pixels. The screen has to be drawn anew.
    func resize(columns: Int, rows: Int, cell: TerminalGrid.PixelSize?) {
        size = (columns, rows)
        measuredCell = cell
        drawAnew()
    }

    private func drawAnew() {
        if var renderer { push(renderer.end()) }
        (renderer, last) = (nil, nil)
        if isActive { push(Array("\u{1B}[0m\u{1B}[?25l\u{1B}[2J".utf8)) }
    }

    func take(_ answer: TerminalAnswer) {
        let known = grid
        support.take(answer)
        if renderer != nil, grid != known { drawAnew() }
    }

    private var grid: TerminalGrid {
        var cell = support.cell ?? measuredCell
        if cell == nil, let area = support.textArea {
            cell = TerminalGrid.PixelSize(area.width / max(size.columns, 1), area.height / max(size.rows, 1))
        }
        return TerminalGrid(columns: size.columns, rows: size.rows, cell: cell)
    }

    /// Draws the machine's last frame if there is something new and the terminal takes it. False if nobody reads.
    func show(_ machine: any GuestMachine, now: Int64) -> Bool {
        if !isActive { begin(machine, now: now) }
        wakeTime = nil
        guard output.flush() else { return false }
        guard output.isEmpty else {
            // The frame is dropped: a later one is drawn when there is room.
            wakeTime = now + PictureScreen.retryTime
            return true
        }
        guard let method = support.method(now: now) else {
            wakeTime = support.deadline
            return true
        }
        if let lastTime, now - lastTime < PictureScreen.frameTime {
            wakeTime = lastTime + PictureScreen.frameTime
            return true
        }
        guard let frame = machine.frame() else { return showNotice() }
        if let last, last.width == frame.width, last.height == frame.height, last.pixels == frame.pixels { return true }
        (last, lastTime) = (frame, now)
        var renderer = renderer ?? makeRenderer(method)
        push(renderer.render(frame))
        self.renderer = renderer
        guard output.flush() else { return false }
        if !output.isEmpty { wakeTime = now + PictureScreen.retryTime }
        return true
    }

    /// The place in the picture's display area of a cell of the terminal; nil beside it, or if there is none yet.
    func place(column: Int, row: Int) -> (x: UInt16, y: UInt16)? {
        guard let last else { return nil }
        let layout = PictureLayout(last, in: grid)
        guard let x = TerminalMouse.part(column - layout.column, of: layout.columns),
            let y = TerminalMouse.part(row - layout.row, of: layout.rows)
        else { return nil }
        return last.displayPlace(x: x, y: y)
    }

    /// Sends something else than a picture, in its turn. False if nobody reads.
    func send(_ sequence: String) -> Bool {
        push(Array(sequence.utf8))
        return output.flush()
    }

    /// Asks for the end of the next frame, when the present one is over.
    func frameHasEnded(at machine: any GuestMachine) {
        guard let time = nextTime, time <= machine.now else { return }
        nextTime = max(machine.frameEnd, machine.now + Tick(1))
    }

    private func begin(_ machine: any GuestMachine, now: Int64) {
        (isActive, isNoticeShown) = (true, false)
        wasWatched = machine.isPictureWatched
        machine.isPictureWatched = true
        nextTime = max(machine.frameEnd, machine.now + Tick(1))
        drawAnew()
        push(Array(support.questions(now: now).utf8))
    }

    private func showNotice() -> Bool {
        guard !isNoticeShown else { return true }
        isNoticeShown = true
        push(Array("\u{1B}[HThe program shows graphics, which the adapter of this machine cannot draw.".utf8))
        return output.flush()
    }

    /// The program is back in a text mode. False if the terminal has not taken all of the last picture yet: then ask
    /// again before anything else is written.
    func end(_ machine: any GuestMachine, now: Int64) -> Bool {
        guard isActive else { return true }
        if var renderer {
            push(renderer.end())
            self.renderer = nil
        }
        guard !output.flush() || output.isEmpty else {
            wakeTime = now + PictureScreen.retryTime
            return false
        }
        if !wasWatched { machine.isPictureWatched = false }
        (isActive, nextTime, wakeTime, last, lastTime) = (false, nil, nil, nil, nil)
        return true
    }

    /// The terminal is given back: what it does not take soon is dropped.
    func leave() {
        if var renderer { push(renderer.end()) }
        output.drain(milliseconds: 200)
        (renderer, last) = (nil, nil)
    }

    private func push(_ bytes: [UInt8]) {
        outputCount &+= bytes.count
        output.push(bytes)
    }

    private func makeRenderer(_ method: GraphicsSupport.Method) -> any PictureRenderer {
        switch method {
        case .kitty: KittyRenderer(grid: grid)
        case .sixel: SixelRenderer(grid: grid)
        case .sextants: BlockRenderer(.sextants, depth: depth, grid: grid)
        case .halfblocks: BlockRenderer(.halves, depth: depth, grid: grid)
        }
    }
}
