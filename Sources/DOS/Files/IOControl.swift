import Core
import Storage

/// INT 21h AH=44h. Source: Ralf Brown's interrupt list, INT 21h AX=4400h to 4411h.
extension DOSKernel {
    func ioControl(_ call: Call) throws(DOSError) -> CallResult {
        let memory = call.memory
        switch call.registers.al {
        case 0x00:
            let index = try handleEntry(call)
            let info = memory.read16(sft(index) + SFTField.deviceInfo)
            call.registers.dx = info
            return succeed(call, info)
        case 0x01:
            let index = try handleEntry(call)
            guard call.registers.dh == 0 else { throw .invalidData }
            let info = memory.read16(sft(index) + SFTField.deviceInfo)
            guard info & 0x80 != 0 else { throw .invalidFunction }
            memory.write16(
                sft(index) + SFTField.deviceInfo, info & 0xFF00 | UInt16(call.registers.dl) | 0x80)
            return succeed(call)
        case 0x06: return try inputStatus(call)
        case 0x07:
            let index = try handleEntry(call)
            if case .device(let device) = target(index) {
                call.registers.al = deviceOutputReady(device, call) ? 0xFF : 0
            } else {
                call.registers.al = 0xFF
            }
            return succeed(call)
        case 0x08:
            let drive = try drive(call.registers.bl, memory)
            return succeed(call, drive < 2 ? 0 : 1)
        case 0x09:
            _ = try drive(call.registers.bl, memory)
            call.registers.dx = 0
            return succeed(call)
        case 0x0A:
            call.registers.dx = memory.read16(sft(try handleEntry(call)) + SFTField.deviceInfo)
            return succeed(call)
        case 0x0B: return succeed(call)
        case 0x0E, 0x0F:
            _ = try drive(call.registers.bl, memory)
            call.registers.al = 0
            return succeed(call)
        default: throw .invalidFunction
        }
    }

    /// AL=06h: FFh if a read would give something at once.
    private func inputStatus(_ call: Call) throws(DOSError) -> CallResult {
        let index = try handleEntry(call)
        switch target(index) {
        case .device(let device):
            call.registers.al = deviceInputReady(device, call) ? 0xFF : 0
            if call.registers.al == 0 { call.context.idlePoll() }
        case .file:
            let position = call.memory.read32(sft(index) + SFTField.position)
            call.registers.al = position < (try sizeOfEntry(index)) ? 0xFF : 0
        case .hostInput:
            if streams.needsHost { return .hostInput }
            call.registers.al = streams.availableCount > 0 ? 0xFF : 0
        default: call.registers.al = 0
        }
        return succeed(call)
    }
}
