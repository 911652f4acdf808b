/// Sentences for DOS error codes.
enum ShellMessage {
    static let badCommand = "Bad command or file name"
    static let syntaxError = "Syntax error"
    static let invalidDirectory = "Invalid directory"
    static let fileNotFound = "File not found"
    static let invalidDrive = "Invalid drive specification"
    static let missingParameter = "Required parameter missing"
    static let tooManyParameters = "Too many parameters"
    static let batchMissing = "Batch file missing"
    static let labelNotFound = "Label not found"

    static func invalidSwitch(_ text: [UInt8]) -> String {
        "Invalid switch - /\(String(decoding: text.prefix(16).map { $0 < 0x80 ? $0 : 0x3F }, as: UTF8.self))"
    }

    /// Source of the codes: Ralf Brown's Interrupt List, table 01680 (INT 21h AH=59h).
    static func text(ofError code: UInt16) -> String {
        switch code {
        case 0x01: "Invalid function"
        case 0x02: fileNotFound
        case 0x03: "Path not found"
        case 0x04: "Too many open files"
        case 0x05: "Access denied"
        case 0x06: "Invalid handle"
        case 0x07: "Memory control blocks destroyed"
        case 0x08: "Insufficient memory"
        case 0x0A: "Invalid environment"
        case 0x0B: "Invalid format"
        case 0x0F: invalidDrive
        case 0x10: "Attempt to remove current directory"
        case 0x11: "Not same device"
        case 0x12: fileNotFound
        case 0x13: "Write protect error"
        case 0x15: "Drive not ready"
        case 0x1D: "Write fault error"
        case 0x1E: "Read fault error"
        case 0x1F: "General failure"
        case 0x20: "Sharing violation"
        case 0x21: "Lock violation"
        case 0x27: "Insufficient disk space"
        case 0x50: "File exists"
        case 0x52: "Cannot make directory entry"
        case 0x53: "Fail on INT 24"
        default: "Error \(code)"
        }
    }
}
