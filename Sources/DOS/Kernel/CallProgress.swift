import Core

/// What a suspended call asked of the guest, so that its answer reaches the right place.
enum GuestRequest: UInt8 {
    case none, keyStatus, keyRead, output, printer, serial, other
}

/// Where a call stands that met Ctrl-C or a critical error.
enum Interruption: UInt8 {
    case none
    /// The `^C` is being written.
    case announcing
    /// INT 23h is on its way.
    case breakHandler
    /// INT 24h is on its way.
    case criticalError
}

/// How far a function has come that had to wait or to call guest code. Each function gives the fields its own meaning.
struct CallProgress: StateValue {
    /// 0 when the function runs for the first time.
    var phase: UInt8 = 0
    /// Bytes done by a device transfer; otherwise free for the function.
    var index: UInt32 = 0
    var words: [UInt16] = []
    var bytes: [UInt8] = []

    // MARK: The console

    /// What was asked of the guest.
    var request = GuestRequest.none
    /// A key (as INT 16h returns it) that the guest has handed over and nobody has taken yet.
    var key: UInt16 = 0
    var hasKey = false
    /// Characters that still have to be written to standard output.
    var output: [UInt8] = []
    /// The byte that was written last and still goes to the printer (Ctrl-P).
    var echo: UInt8 = 0
    var owesEcho = false
    /// AH=0Ch has emptied the keyboard buffer.
    var isFlushed = false
    /// Ctrl-S has stopped the output.
    var isPaused = false
    /// INT 28h was performed since the last halt.
    var hasIdled = false
    var editor: LineEditor?

    // MARK: Ctrl-C and errors

    var interruption = Interruption.none
    /// The error that INT 24h was called for.
    var criticalError: UInt16 = 0

    init() {}

    mutating func transfer(_ coder: StateCoder) {
        coder.field("phase", &phase)
        coder.field("index", &index)
        coder.array("words", &words, limit: 64)
        coder.field("bytes", &bytes, limit: 0x1_0000)
        coder.field("request", &request)
        coder.field("key", &key)
        coder.field("hasKey", &hasKey)
        coder.field("output", &output, limit: 0x8_0000)
        coder.field("echo", &echo)
        coder.field("owesEcho", &owesEcho)
        coder.field("isFlushed", &isFlushed)
        coder.field("isPaused", &isPaused)
        coder.field("hasIdled", &hasIdled)
        coder.field("editor", &editor)
        coder.field("interruption", &interruption)
        coder.field("criticalError", &criticalError)
    }
}
