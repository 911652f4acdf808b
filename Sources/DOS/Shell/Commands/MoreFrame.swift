import Core

/// MORE: standard input, a screen at a time.
struct MoreFrame: ShellFrame {
    static let kind = FrameKind.more

    /// The input, moved away from handle 0, which is the console then; 0 before that.
    var input: UInt16 = 0
    var isPaged = false
    var pending: [UInt8] = []
    var row: UInt8 = 0
    var column: UInt8 = 0

    mutating func step(_ shell: ShellStep) throws(StepSignal) -> ShellFlow {
        guard input != 0 else {
            input = try shell.checked(0x4500, bx: ShellStep.standardInput).ax
            // Keys come from where errors go: the console.
            try shell.checked(0x4600, bx: ShellStep.standardError, cx: ShellStep.standardInput)
            isPaged = try shell.isDevice(ShellStep.standardOutput)
            return .again
        }
        if pending.isEmpty {
            pending = try shell.read(input)
            guard !pending.isEmpty, pending.first != Character8.endOfFile else { return .finish }
        }
        let rowsLess1 = shell.memory.read8(FarPointer(0x40, 0x84))
        let page = isPaged ? (rowsLess1 == 0 ? 24 : rowsLess1) : 255
        let width = shell.memory.read8(FarPointer(0x40, 0x4A))
        let columns = width == 0 ? 80 : width
        var count = 0
        while count < pending.count, row < page {
            let byte = pending[count]
            if byte == Character8.endOfFile { break }
            count += 1
            advance(byte, columns)
            if !isPaged { row = 0 }
        }
        let isAtEnd = count < pending.count && row < page
        try shell.write(Array(pending.prefix(count)))
        pending.removeFirst(count)
        if isAtEnd { return .finish }
        if row >= page {
            try shell.print("-- More --")
            if try shell.key() == 0 { _ = try shell.call(0x0700) }
            try shell.print("\r          \r")
            row = 0
        }
        return .again
    }

    private mutating func advance(_ byte: UInt8, _ columns: UInt8) {
        switch byte {
        case Character8.carriageReturn: column = 0
        case Character8.lineFeed: row &+= 1
        case Character8.tab: column = (column | 7) &+ 1
        case 0x08: column = column == 0 ? 0 : column - 1
        default: column &+= 1
        }
        if column >= columns { (column, row) = (0, row &+ 1) }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("input", &input)
        coder.field("isPaged", &isPaged)
        coder.field("pending", &pending, limit: ShellLayout.dataSize)
        coder.field("row", &row)
        coder.field("column", &column)
    }
}
