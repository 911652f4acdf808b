import Core

/// Group 0 of version 4: the signal processor (CSP) in its socket, which is empty. Its registers read FFh.
/// Source: [SBDSP4] group 0.
extension CreativeDSP {
    func executeProcessor(_ command: Command) {
        switch command.byte {
        case 0x01: upload()
        case 0x03, 0x08, 0x0F: send(0xFF)
        case 0x06: state.ram[Place.lockCount] &+= 1
        case 0x07: state.ram[Place.lockCount] = max(state.ram[Place.lockCount], 1) - 1
        case 0x09:
            send(state.ram[Place.programLow])
            send(state.ram[Place.programHigh])
        case 0x0A:
            // It runs into the code of 08h.
            send(state.ram[Place.lockCount])
            send(0xFF)
        // They wait for the processor's answer.
        case 0x0B, 0x0C: state.isHalted = true
        default: break
        }
    }

    /// 01h: 0 says that it may go on; then come the length less one, the program, its sum and its number. While there is
    /// a lock nothing happens.
    private func upload() {
        if state.argumentCount != 0 {
            state.uploadLeft = UInt32(lengthArgument &- 4) + 5
        } else if state.ram[Place.lockCount] == 0 {
            send(0)
            state.argumentsExpected = 2
        }
    }

    /// A byte of the program, its sum and its number. FFh behind the sum tells that the processor does not run it.
    func takeUpload(_ byte: UInt8, at now: Tick) {
        state.busyUntil = now + version.machineCycle * CreativeDSP.argumentCycles
        state.uploadLeft -= 1
        switch state.uploadLeft {
        case 2: send(0xFF)
        case 1: state.ram[Place.programLow] = byte
        case 0: state.ram[Place.programHigh] = byte
        default: break
        }
    }
}
