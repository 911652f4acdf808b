import Core

/// What AH=59h tells of an error besides its number.
/// Source: Ralf Brown's interrupt list, INT 21h AH=59h, tables 01681 to 01683; the assignment as in MS-DOS 4.0.
struct ErrorDescription: Hashable {
    enum Class: UInt8 {
        case outOfResource = 1, temporary, authorization, internalError, hardwareFailure, systemFailure, application
        case notFound, badFormat, locked, media, alreadyExists, unknown
    }
    enum Action: UInt8 {
        case retry = 1, delayedRetry, promptUser, abort, panic, ignore, retryAfterUser
    }
    enum Locus: UInt8 {
        case unknown = 1, blockDevice, network, serialDevice, memory
    }

    var errorClass: Class
    var action: Action
    var locus: Locus

    init(_ errorClass: Class, _ action: Action, _ locus: Locus) {
        (self.errorClass, self.action, self.locus) = (errorClass, action, locus)
    }

    init(_ error: DOSError) {
        switch error {
        case .invalidFunction: self.init(.application, .abort, .unknown)
        case .fileNotFound, .pathNotFound, .invalidDrive, .noMoreFiles:
            self.init(.notFound, .promptUser, .blockDevice)
        case .tooManyOpenFiles: self.init(.outOfResource, .abort, .unknown)
        case .accessDenied: self.init(.authorization, .promptUser, .unknown)
        case .currentDirectory: self.init(.authorization, .promptUser, .blockDevice)
        case .invalidHandle, .invalidAccessCode, .fcbUnavailable: self.init(.application, .abort, .unknown)
        case .memoryBlocksDestroyed: self.init(.application, .panic, .memory)
        case .insufficientMemory: self.init(.outOfResource, .abort, .memory)
        case .invalidBlock, .invalidEnvironment: self.init(.application, .abort, .memory)
        case .invalidFormat, .invalidParameter: self.init(.badFormat, .promptUser, .unknown)
        case .invalidData: self.init(.badFormat, .abort, .unknown)
        case .notSameDevice: self.init(.unknown, .promptUser, .blockDevice)
        case .writeProtected: self.init(.media, .retryAfterUser, .blockDevice)
        case .unknownUnit: self.init(.internalError, .panic, .unknown)
        case .notReady: self.init(.hardwareFailure, .retryAfterUser, .blockDevice)
        case .outOfPaper: self.init(.temporary, .retryAfterUser, .serialDevice)
        case .writeFault, .readFault: self.init(.hardwareFailure, .abort, .unknown)
        case .generalFailure: self.init(.unknown, .abort, .unknown)
        case .sharingViolation, .lockViolation: self.init(.locked, .delayedRetry, .blockDevice)
        case .diskFull: self.init(.outOfResource, .abort, .unknown)
        case .fileExists: self.init(.alreadyExists, .promptUser, .blockDevice)
        case .cannotMakeDirectory: self.init(.outOfResource, .abort, .blockDevice)
        case .failOnCriticalError: self.init(.unknown, .abort, .unknown)
        }
    }
}

extension DOSError {
    /// Errors of the medium or the device, which go to INT 24h before the program hears of them.
    var isCritical: Bool { (0x13...0x1F).contains(rawValue) }

    /// The numbers that a function may return in AX, the last of them for all others. A function of DOS 2 knows no
    /// later numbers; AH=59h has the true one. Nil: whatever it is.
    /// Source: MS-DOS 4.0, the error numbers of each function.
    private static func known(to function: UInt8) -> [UInt16]? {
        switch function {
        case 0x38, 0x65, 0x66: [1, 2]
        case 0x39: [3, 2, 5]
        case 0x3A: [0x10, 3, 2, 5]
        case 0x3B: [2, 3]
        case 0x3C: [3, 2, 4, 5]
        case 0x3D: [3, 2, 0x0C, 4, 0x1A, 5]
        case 0x3E, 0x68: [6]
        case 0x3F, 0x40: [6, 5]
        case 0x41: [3, 2, 5]
        case 0x42: [6, 1]
        case 0x43: [3, 2, 1, 5]
        case 0x44: [0x0F, 0x0D, 1, 6, 5]
        case 0x45, 0x46: [6, 4]
        case 0x47: [0x1A, 0x0F]
        case 0x48: [7, 8]
        case 0x49: [7, 9]
        case 0x4A: [7, 9, 8]
        case 0x4B: [3, 1, 2, 4, 0x0B, 0x0A, 8, 5]
        case 0x4E: [3, 2, 0x12]
        case 0x4F: [0x12]
        case 0x56: [0x11, 3, 2, 0x10, 5]
        case 0x57: [6, 8, 0x0D, 1]
        case 0x58: [1]
        case 0x5A: [3, 2, 4, 5]
        case 0x5B: [0x50, 3, 2, 4, 5]
        case 0x67: [4, 8, 1]
        case 0x6C: [3, 2, 0x0C, 4, 0x50, 8, 0x1A, 0x0D, 1, 5]
        default: nil
        }
    }

    /// The number that `function` returns in AX for this error.
    func code(for function: UInt8) -> UInt16 {
        guard let known = DOSError.known(to: function), let last = known.last else { return rawValue }
        return known.contains(rawValue) ? rawValue : last
    }
}

extension DOSKernel {
    /// Remembers an error for AH=59h.
    func noteError(_ error: DOSError, _ call: Call) {
        let memory = call.memory
        var description = ErrorDescription(error)
        if call.fault.device != nil && error.isCritical { description.locus = .serialDevice }
        memory.write16(DOSLayout.extendedError, error.rawValue)
        memory.write8(DOSLayout.errorClass, description.errorClass.rawValue)
        memory.write8(DOSLayout.errorAction, description.action.rawValue)
        memory.write8(DOSLayout.errorLocus, description.locus.rawValue)
    }

    /// AH=59h: the error of the last call that failed.
    func extendedError(_ call: Call) {
        let memory = call.memory
        call.registers.ax = memory.read16(DOSLayout.extendedError)
        call.registers.bh = memory.read8(DOSLayout.errorClass)
        call.registers.bl = memory.read8(DOSLayout.errorAction)
        call.registers.ch = memory.read8(DOSLayout.errorLocus)
        let place = memory.readPointer(DOSLayout.errorPointer)
        (call.registers.es, call.registers.di) = (place.segment, place.offset)
        call.registers.carry = false
    }

    /// AX=5D0Ah: sets what AH=59h tells, from the registers that DS:DX points to (AX BX CX DX SI DI DS ES).
    func setExtendedError(_ call: Call) {
        let memory = call.memory
        let list = call.registers.dsdx
        memory.write16(DOSLayout.extendedError, memory.read16(list))
        memory.write8(DOSLayout.errorAction, memory.read8(list + 2))
        memory.write8(DOSLayout.errorClass, memory.read8(list + 3))
        memory.write8(DOSLayout.errorLocus, memory.read8(list + 5))
        memory.writePointer(
            DOSLayout.errorPointer, FarPointer(memory.read16(list + 14), memory.read16(list + 10)))
    }
}
