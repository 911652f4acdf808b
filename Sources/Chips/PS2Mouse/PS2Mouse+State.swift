import Core

/// Movement that has not been reported yet. It stops counting where no report could catch up.
struct MouseMovement: StateValue, Equatable {
    var x: Int32 = 0
    var y: Int32 = 0

    private static let limit: Int32 = 1 << 20

    mutating func add(dx: Int32, dy: Int32) {
        x = min(max(x &+ dx, -MouseMovement.limit), MouseMovement.limit)
        y = min(max(y &+ dy, -MouseMovement.limit), MouseMovement.limit)
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("x", &x)
        coder.field("y", &y)
        if x.magnitude > MouseMovement.limit.magnitude || y.magnitude > MouseMovement.limit.magnitude {
            coder.fail("the movement is beyond what a mouse counts")
            self = MouseMovement()
        }
    }
}

extension PS2Mouse {
    struct State: StateValue {
        /// In counts at 8 to the mm, up and right positive.
        var movement = MouseMovement()
        /// Bit 0 left, bit 1 right, bit 2 middle.
        var buttons: UInt8 = 0
        var reportedButtons: UInt8 = 0
        /// Bytes that wait for the controller.
        var output: [UInt8] = []
        /// The last report or answer, for FEh.
        var lastSent: [UInt8] = []
        var isRemote = false
        var isWrapping = false
        var isReporting = false
        var isScaled = false
        /// 0 to 3: 1, 2, 4, 8 counts/mm.
        var resolution: UInt8 = 2
        /// Reports a second: 10 to 200.
        var rate: UInt8 = 100
        /// The command that waits for its second byte, or 0.
        var pendingCommand: UInt8 = 0
        /// The last byte from the controller was no command or no value.
        var wasWrong = false
        var lastSample = Tick.zero

        /// What a count is at the present resolution.
        private var unit: Int32 { 8 >> Int32(resolution & 3) }

        var hasMovement: Bool { abs(movement.x) >= unit || abs(movement.y) >= unit }

        /// The counts of one report, each -255...255; what does not make a whole count stays.
        mutating func takeMovement() -> (x: Int32, y: Int32) {
            let x = min(max(movement.x / unit, -255), 255)
            let y = min(max(movement.y / unit, -255), 255)
            movement.x -= x * unit
            movement.y -= y * unit
            return (x, y)
        }

        mutating func dropMovement() { movement = MouseMovement() }

        mutating func setDefaults() {
            (isRemote, isWrapping, isReporting, isScaled) = (false, false, false, false)
            (resolution, rate, pendingCommand) = (2, 100, 0)
            dropMovement()
        }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("movement", &movement)
            coder.field("buttons", &buttons)
            coder.field("reportedButtons", &reportedButtons)
            coder.field("output", &output, limit: 16)
            coder.field("lastSent", &lastSent, limit: 16)
            coder.field("isRemote", &isRemote)
            coder.field("isWrapping", &isWrapping)
            coder.field("isReporting", &isReporting)
            coder.field("isScaled", &isScaled)
            coder.field("resolution", &resolution)
            coder.field("rate", &rate)
            coder.field("pendingCommand", &pendingCommand)
            coder.field("wasWrong", &wasWrong)
            coder.field("lastSample", &lastSample)
        }
    }
}
