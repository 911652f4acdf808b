import Core

/// A routine of the program that is called at mouse events.
struct MouseHandler: StateValue, Equatable {
    var mask: UInt16 = 0
    var routine = FarPointer(0, 0)

    mutating func transfer(_ coder: StateCoder) {
        coder.field("mask", &mask)
        coder.field("routine", &routine)
    }
}

/// How often a button has been pressed or released since somebody asked, and where the last time.
struct ButtonCount: StateValue, Equatable {
    var count: UInt16 = 0
    var x: Int16 = 0
    var y: Int16 = 0

    mutating func transfer(_ coder: StateCoder) {
        coder.field("count", &count)
        coder.field("x", &x)
        coder.field("y", &y)
    }
}

/// What AX=0016h saves and AX=0017h restores: everything that programs set.
struct MouseSettings: StateValue, Equatable {
    /// In points of the virtual screen.
    var x: Int32 = 0
    var y: Int32 = 0
    /// Movement that did not make a whole point, in parts of `pointParts`.
    var restX: Int32 = 0
    var restY: Int32 = 0
    var range = MouseRange()
    /// 0: the cursor is shown. Below: how many calls of AX=0001h it takes.
    var visibility: Int16 = -1
    /// Whether the cursor has been shown in this mode: otherwise the program draws its own.
    var hasShown = false
    /// Mickeys for 8 points.
    var ratioX: UInt16 = 8
    var ratioY: UInt16 = 16
    /// 1 to 100; 50 leaves movement as it is.
    var sensitivityX: UInt16 = 50
    var sensitivityY: UInt16 = 50
    /// Mickeys a second.
    var doubleSpeed: UInt16 = 64
    var mickeysX: Int16 = 0
    var mickeysY: Int16 = 0
    var shape = MouseCursorShape()
    /// Where the cursor is not drawn, both corners included.
    var exclusion = MouseRange()
    var hasExclusion = false
    var handler = MouseHandler()
    var alternates = [MouseHandler](repeating: MouseHandler(), count: 3)
    var presses = [ButtonCount](repeating: ButtonCount(), count: 3)
    var releases = [ButtonCount](repeating: ButtonCount(), count: 3)
    var page: UInt8 = 0
    var isLightPen = true
    var language: UInt8 = 0
    /// 0 to 4, as AX=001Ch.
    var interruptRate: UInt8 = 3
    /// 1 to 4.
    var profile: UInt8 = 4
    /// BX, CX and DX of AX=0035h.
    var pointerStyle: UInt16 = 0
    var pointerThreshold: UInt16 = 0
    var pointerDelay: UInt16 = 0

    mutating func transfer(_ coder: StateCoder) {
        coder.field("x", &x)
        coder.field("y", &y)
        coder.field("restX", &restX)
        coder.field("restY", &restY)
        coder.field("range", &range)
        coder.field("visibility", &visibility)
        coder.field("hasShown", &hasShown)
        coder.field("ratioX", &ratioX)
        coder.field("ratioY", &ratioY)
        coder.field("sensitivityX", &sensitivityX)
        coder.field("sensitivityY", &sensitivityY)
        coder.field("doubleSpeed", &doubleSpeed)
        coder.field("mickeysX", &mickeysX)
        coder.field("mickeysY", &mickeysY)
        coder.field("shape", &shape)
        coder.field("exclusion", &exclusion)
        coder.field("hasExclusion", &hasExclusion)
        coder.field("handler", &handler)
        coder.array("alternates", &alternates, limit: 3)
        coder.array("presses", &presses, limit: 3)
        coder.array("releases", &releases, limit: 3)
        coder.field("page", &page)
        coder.field("isLightPen", &isLightPen)
        coder.field("language", &language)
        coder.field("interruptRate", &interruptRate)
        coder.field("profile", &profile)
        coder.field("pointerStyle", &pointerStyle)
        coder.field("pointerThreshold", &pointerThreshold)
        coder.field("pointerDelay", &pointerDelay)
        if coder.direction == .load { check(coder) }
    }

    /// What a driver would never have written is an error: programs keep saved states in their own memory.
    private mutating func check(_ coder: StateCoder) {
        let isWhole = alternates.count == 3 && presses.count == 3 && releases.count == 3
        let isPossible =
            visibility <= 0 && ratioX > 0 && ratioY > 0 && (1...100).contains(sensitivityX)
            && (1...100).contains(sensitivityY) && (1...4).contains(profile) && page < 8 && range.isOrdered
            && range.contains(x, y) && restX.magnitude < MouseSettings.restLimit
            && restY.magnitude < MouseSettings.restLimit
        guard !isWhole || !isPossible || coder.failure != nil else { return }
        coder.fail("these are no settings of a mouse driver")
        self = MouseSettings()
    }

    /// Above any denominator of the movement: ratio by sensitivity's unit.
    private static let restLimit: UInt32 = 65_536 * 50
}

/// A rectangle of the virtual screen, edges included.
struct MouseRange: StateValue, Equatable {
    var minX: Int16 = 0
    var minY: Int16 = 0
    var maxX: Int16 = 639
    var maxY: Int16 = 199

    var isOrdered: Bool { minX <= maxX && minY <= maxY }

    func contains(_ x: Int32, _ y: Int32) -> Bool { clampedX(x) == x && clampedY(y) == y }

    func clampedX(_ x: Int32) -> Int32 { min(max(x, Int32(minX)), max(Int32(maxX), Int32(minX))) }
    func clampedY(_ y: Int32) -> Int32 { min(max(y, Int32(minY)), max(Int32(maxY), Int32(minY))) }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("minX", &minX)
        coder.field("minY", &minY)
        coder.field("maxX", &maxX)
        coder.field("maxY", &maxY)
    }
}

/// What the cursor looks like.
struct MouseCursorShape: StateValue, Equatable {
    /// The text cursor is the one of the video controller.
    var isHardware = false
    /// The cell is ANDed with the first and XORed with the second; or first and last line of the hardware cursor.
    var textScreenMask: UInt16 = 0x77FF
    var textCursorMask: UInt16 = 0x7700
    /// From the top left corner of the picture.
    var hotX: Int16 = 0
    var hotY: Int16 = 0
    /// 1 or 2.
    var widthWords: UInt8 = 1
    /// 1 to 32.
    var rows: UInt8 = 16
    /// `rows` times `widthWords` words each, the leftmost pixel in the highest bit of the first word.
    var screenMask = MouseCursorShape.arrow.map(\.screen)
    var cursorMask = MouseCursorShape.arrow.map(\.cursor)

    /// Words in a mask, however many are in use.
    static let maskWords = 64

    mutating func transfer(_ coder: StateCoder) {
        coder.field("isHardware", &isHardware)
        coder.field("textScreenMask", &textScreenMask)
        coder.field("textCursorMask", &textCursorMask)
        coder.field("hotX", &hotX)
        coder.field("hotY", &hotY)
        coder.field("widthWords", &widthWords)
        coder.field("rows", &rows)
        coder.array("screenMask", &screenMask, limit: MouseCursorShape.maskWords)
        coder.array("cursorMask", &cursorMask, limit: MouseCursorShape.maskWords)
        let isPossible =
            (1...2).contains(widthWords) && (1...32).contains(rows)
            && screenMask.count == MouseCursorShape.maskWords && cursorMask.count == MouseCursorShape.maskWords
        if coder.direction == .load, !isPossible {
            coder.fail("this is no shape of a cursor")
            self = MouseCursorShape()
        }
    }

    /// The arrow that points to the upper left: white inside, black around it.
    private static var arrow: [(screen: UInt16, cursor: UInt16)] {
        let picture = [
            "##", "#o#", "#oo#", "#ooo#", "#oooo#", "#ooooo#", "#oooooo#", "#ooooooo#", "#oooooooo#", "#ooooo####",
            "#oo#oo#", "#o# #oo#", "##  #oo#", "     #oo#", "     #oo#", "      ##",
        ]
        let rows = picture.map { row in
            row.enumerated().reduce((screen: UInt16(0xFFFF), cursor: UInt16(0))) { words, pixel in
                let bit = UInt16(0x8000) >> UInt16(pixel.offset)
                return pixel.element == " "
                    ? words : (words.screen & ~bit, pixel.element == "o" ? words.cursor | bit : words.cursor)
            }
        }
        return rows + [(screen: UInt16, cursor: UInt16)](repeating: (0xFFFF, 0), count: maskWords - rows.count)
    }
}
