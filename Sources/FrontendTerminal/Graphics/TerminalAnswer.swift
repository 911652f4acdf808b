/// What a terminal answers when it is asked about itself.
enum TerminalAnswer: Hashable, Sendable {
    /// Primary device attributes (DA1). 4 stands for sixel graphics.
    case attributes([Int])
    /// Whether kitty's graphics protocol works.
    case kitty(isAvailable: Bool)
    /// The area of text in pixels (XTWINOPS 14), or one cell (16).
    case textArea(width: Int, height: Int)
    case cell(width: Int, height: Int)

    /// The questions. Device attributes come last: every terminal answers them, so that what has not come by then
    /// does not come.
    static let questions =
        "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\" + "\u{1B}[14t\u{1B}[16t" + "\u{1B}[c"

    /// An answer in a control sequence; nil if it is none.
    init?(sequence: [UInt8], final: UInt8) {
        switch (sequence.first, final) {
        case (UInt8(ascii: "?"), UInt8(ascii: "c")):
            self = .attributes(KeySequenceParser.parameters(Array(sequence.dropFirst())).compactMap(\.first))
        case (UInt8(ascii: "4"), UInt8(ascii: "t")), (UInt8(ascii: "6"), UInt8(ascii: "t")):
            let parameters = KeySequenceParser.parameters(sequence).map { $0.first ?? 0 }
            guard parameters.count == 3 else { return nil }
            self =
                parameters[0] == 4
                ? .textArea(width: parameters[2], height: parameters[1])
                : .cell(width: parameters[2], height: parameters[1])
        default: return nil
        }
    }

    /// An answer in an application program command; nil if it is none.
    init?(command: [UInt8]) {
        guard command.starts(with: "Gi=31".utf8), let separator = command.firstIndex(of: UInt8(ascii: ";")) else {
            return nil
        }
        self = .kitty(isAvailable: command[(separator + 1)...].elementsEqual("OK".utf8))
    }
}

/// What is known of a terminal's pictures, and what is made of it.
struct GraphicsSupport: Sendable {
    enum Method: String, Sendable { case kitty, sixel, sextants, halfblocks }

    /// How long the answers may take, in nanoseconds of the host. Nothing waits: pictures come a little later.
    static let answerTime: Int64 = 300_000_000

    private let chosen: Method?
    private let canAsk: Bool
    private let hasSextants: Bool
    private var isKittyAvailable = false
    private var isSixelAvailable = false
    private(set) var cell: TerminalGrid.PixelSize?
    private(set) var textArea: (width: Int, height: Int)?
    /// When the answers are no longer waited for; nil before the questions and after the last answer.
    private(set) var deadline: Int64?
    private var hasAsked = false

    /// - Parameters:
    ///   - setting: `terminal.graphics`.
    ///   - canAsk: false for terminals that would show the questions.
    ///   - hasSextants: whether the terminal is known to draw sextants whatever its font.
    init(setting: String, canAsk: Bool, hasSextants: Bool) {
        chosen = Method(rawValue: setting)
        self.canAsk = canAsk
        self.hasSextants = hasSextants
    }

    /// What to ask, once; empty if there is nothing to ask or it has been done.
    mutating func questions(now: Int64) -> String {
        guard !hasAsked else { return "" }
        hasAsked = true
        // Blocks need the shape of a cell at most.
        guard canAsk else { return "" }
        deadline = now + GraphicsSupport.answerTime
        return TerminalAnswer.questions
    }

    mutating func take(_ answer: TerminalAnswer) {
        switch answer {
        case .attributes(let numbers):
            isSixelAvailable = numbers.contains(4)
            deadline = nil
        case .kitty(let isAvailable): isKittyAvailable = isAvailable
        case .cell(let width, let height): cell = TerminalGrid.PixelSize(width, height)
        case .textArea(let width, let height): textArea = (width, height)
        }
    }

    /// How pictures are drawn; nil while answers may still come.
    func method(now: Int64) -> Method? {
        if let deadline, now < deadline { return nil }
        if let chosen { return chosen }
        if isKittyAvailable { return .kitty }
        if isSixelAvailable { return .sixel }
        return hasSextants ? .sextants : .halfblocks
    }

    /// Whether a terminal draws sextants itself, by the variables that it sets.
    static func drawsSextants(_ variable: (String) -> String?) -> Bool {
        // GNOME's terminal library since 0.66 names its version.
        if let version = variable("VTE_VERSION").flatMap({ Int($0) }), version >= 6_600 { return true }
        if variable("WT_SESSION") != nil || variable("KITTY_WINDOW_ID") != nil { return true }
        if let program = variable("TERM_PROGRAM"), ["WezTerm", "ghostty", "contour"].contains(program) { return true }
        let term = variable("TERM") ?? ""
        return ["foot", "alacritty", "contour", "wezterm"].contains { term.hasPrefix($0) }
    }
}
