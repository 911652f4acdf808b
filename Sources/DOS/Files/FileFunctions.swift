extension DOSKernel {
    /// The file functions of INT 21h; nil for a number that is not among them.
    func fileFunction(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult? {
        switch number {
        case 0x0D: return .done
        case 0x0E: return selectDrive(call)
        case 0x0F: return try fcbOpen(call)
        case 0x10: return try fcbClose(call)
        case 0x11: return try fcbFind(call, isFirst: true)
        case 0x12: return try fcbFind(call, isFirst: false)
        case 0x13: return try fcbDelete(call)
        case 0x14: return try fcbSequential(call, isWrite: false)
        case 0x15: return try fcbSequential(call, isWrite: true)
        case 0x16: return try fcbCreate(call)
        case 0x17: return try fcbRename(call)
        case 0x19: return currentDrive(call)
        case 0x1B: return allocationInformation(call, drive: 0)
        case 0x1C: return allocationInformation(call, drive: call.registers.dl)
        case 0x1F: return driveParameters(call, drive: 0)
        case 0x21: return try fcbRandom(call, isWrite: false)
        case 0x22: return try fcbRandom(call, isWrite: true)
        case 0x23: return try fcbSize(call)
        case 0x24: return fcbSetRandom(call)
        case 0x27: return try fcbRandomBlock(call, isWrite: false)
        case 0x28: return try fcbRandomBlock(call, isWrite: true)
        case 0x29: return parseName(call)
        case 0x32: return driveParameters(call, drive: call.registers.dl)
        case 0x36: return freeSpace(call)
        case 0x39: return try makeDirectory(call)
        case 0x3A: return try removeDirectory(call)
        case 0x3B: return try changeDirectory(call)
        case 0x3C: return try createFile(call)
        case 0x3D: return try openFile(call)
        case 0x3E: return try closeFile(call)
        case 0x3F: return try readFile(call)
        case 0x40: return try writeFile(call)
        case 0x41: return try deleteFile(call)
        case 0x42: return try seek(call)
        case 0x43: return try fileAttributes(call)
        case 0x44: return try ioControl(call)
        case 0x45: return try duplicateHandle(call)
        case 0x46: return try forceDuplicate(call)
        case 0x47: return try currentDirectory(call)
        case 0x4E: return try findFirst(call)
        case 0x4F: return try findNext(call)
        case 0x56: return try renameFile(call)
        case 0x57: return try fileTime(call)
        case 0x5A: return try createTemporaryFile(call)
        case 0x5B: return try createNewFile(call)
        case 0x5C:
            // Locks need SHARE, as in DOS without it.
            _ = try entry(call.registers.bx, process: currentProcess(call.memory), call.memory)
            throw .invalidFunction
        case 0x60: return try canonicalName(call)
        case 0x67: return try setHandleCount(call)
        case 0x68: return try commitFile(call)
        case 0x6C: return try extendedOpen(call)
        default: return nil
        }
    }
}
