/// What the configuration says of the window.
public struct WindowSettings: Hashable, Sendable {
    /// How the picture is brought to the size of the window.
    public enum Scaling: String, CaseIterable, Sendable {
        /// Whole multiples of the program's lines.
        case integer
        /// The whole window, sharp inside a dot and smooth on its edges.
        case smooth
        /// With the scan lines and the mask of a picture tube.
        case crt
    }

    /// What the mouse does in the window.
    public enum Mouse: String, CaseIterable, Sendable {
        /// A click gives it to the machine alone, a hot key takes it back.
        case capture
        /// It moves in and out of the window.
        case seamless
        case none
    }

    /// Which Ctrl key makes hot keys with the function keys.
    public enum HotKeys: String, CaseIterable, Sendable {
        case rightControl = "right-ctrl"
        case control = "ctrl"
        case none
    }

    /// What the host's joysticks and gamepads are to the game port.
    public enum Joysticks: String, CaseIterable, Sendable {
        /// The first is joystick A, the second B.
        case two
        /// The first is both: four axes and four buttons.
        case one
        case none
    }

    public var scaling = Scaling.smooth
    /// Whether frames are blended where the display's rate is not the machine's.
    public var isBlending = false
    public var isFullScreen = false
    public var mouse = Mouse.capture
    /// `none` where the machine has no game port.
    public var joysticks = Joysticks.none
    public var hotKeys = HotKeys.rightControl
    /// The program, for the title.
    public var title = "DOS"
    /// The drives, for the status display.
    public var drives: [String] = []

    public init() {}
}
