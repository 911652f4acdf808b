import Storage

/// DOS error numbers, as AX returns them with the carry flag and AH=59h explains them.
/// Source: Ralf Brown's interrupt list, INT 21h AH=59h, table 01680.
public enum DOSError: UInt16, Error, Sendable {
    case invalidFunction = 0x01
    case fileNotFound = 0x02
    case pathNotFound = 0x03
    case tooManyOpenFiles = 0x04
    case accessDenied = 0x05
    case invalidHandle = 0x06
    case memoryBlocksDestroyed = 0x07
    case insufficientMemory = 0x08
    case invalidBlock = 0x09
    case invalidEnvironment = 0x0A
    case invalidFormat = 0x0B
    case invalidAccessCode = 0x0C
    case invalidData = 0x0D
    case invalidDrive = 0x0F
    case currentDirectory = 0x10
    case notSameDevice = 0x11
    case noMoreFiles = 0x12
    case writeProtected = 0x13
    case unknownUnit = 0x14
    case notReady = 0x15
    case outOfPaper = 0x1C
    case writeFault = 0x1D
    case readFault = 0x1E
    case generalFailure = 0x1F
    case sharingViolation = 0x20
    case lockViolation = 0x21
    case fcbUnavailable = 0x23
    case diskFull = 0x27
    case fileExists = 0x50
    case cannotMakeDirectory = 0x52
    case failOnCriticalError = 0x53
    case invalidParameter = 0x57

    init(_ error: VolumeError) { self = DOSError(rawValue: error.rawValue) ?? .generalFailure }
}
