import Core
import X86

/// The instructions that manage the chip. They are not numeric: the exception pointers do not follow them.
enum ControlInstruction: Sendable {
    case loadControl, storeControl, storeStatus, storeStatusToAX
    case loadEnvironment, storeEnvironment, restore, save
    case enableInterrupts, disableInterrupts, clearExceptions, initialize, setProtectedMode

    init?(_ code: UInt16) {
        if code & 0xC0 != 0xC0 {
            switch (code >> 8, code >> 3 & 7) {
            case (1, 4): self = .loadEnvironment
            case (1, 5): self = .loadControl
            case (1, 6): self = .storeEnvironment
            case (1, 7): self = .storeControl
            case (5, 4): self = .restore
            case (5, 6): self = .save
            case (5, 7): self = .storeStatus
            default: return nil
            }
            return
        }
        switch code {
        case 0x3E0: self = .enableInterrupts
        case 0x3E1: self = .disableInterrupts
        case 0x3E2: self = .clearExceptions
        case 0x3E3: self = .initialize
        case 0x3E4: self = .setProtectedMode
        case 0x7E0: self = .storeStatusToAX
        default: return nil
        }
    }
}

extension Intel8087 {
    func execute(
        _ instruction: ControlInstruction, _ operand: inout CoprocessorOperand, at now: Tick
    ) -> CoprocessorResult {
        switch instruction {
        case .loadControl: state.control = ControlWord(operand[0])
        case .storeControl:
            operand[0] = state.control.rawValue
            return CoprocessorResult(storesOperand: true)
        case .storeStatus:
            operand[0] = state.statusWord(at: now)
            return CoprocessorResult(storesOperand: true)
        case .storeStatusToAX:
            if !is8087 { return CoprocessorResult(accumulator: state.statusWord(at: now)) }
        case .loadEnvironment: loadEnvironment(operand)
        case .storeEnvironment:
            storeEnvironment(&operand, at: now)
            state.control.masks = .all
            return CoprocessorResult(storesOperand: true)
        case .restore:
            loadEnvironment(operand)
            for index in 0..<8 { state.registers[state.place(index)] = Intel8087.extended(operand, at: 7 + 5 * index) }
        case .save:
            storeEnvironment(&operand, at: now)
            for index in 0..<8 { Intel8087.store(state[index], in: &operand, at: 7 + 5 * index) }
            state.initialize(model)
            return CoprocessorResult(storesOperand: true)
        case .enableInterrupts: if is8087 { state.control.isInterruptMasked = false }
        case .disableInterrupts: if is8087 { state.control.isInterruptMasked = true }
        case .clearExceptions: state.status &= ~(Exceptions.all.rawValue | StatusBit.errorSummary | StatusBit.busy)
        case .initialize: state.initialize(model)
        case .setProtectedMode: if !is8087 { state.isProtected = true }
        }
        return CoprocessorResult()
    }

    // MARK: The environment

    /// Seven words: control, status, tags, instruction and operand. In real mode the addresses are physical and have
    /// their upper four bits in the words behind, with the 11 bits of the instruction.
    ///
    /// Source: [80287PRM] figures 2-4 and 2-5.
    private func storeEnvironment(_ operand: inout CoprocessorOperand, at now: Tick) {
        operand[0] = state.control.rawValue
        operand[1] = state.statusWord(at: now)
        operand[2] = state.tags
        if state.isProtected {
            operand[3] = state.instruction.offset
            operand[4] = state.instruction.segment
            operand[5] = state.operand.offset
            operand[6] = state.operand.segment
        } else {
            let (code, data) = (state.instruction.linear, state.operand.linear)
            operand[3] = UInt16(truncatingIfNeeded: code)
            operand[4] = UInt16(truncatingIfNeeded: code >> 4) & 0xF000 | state.code & 0x07FF
            operand[5] = UInt16(truncatingIfNeeded: data)
            operand[6] = UInt16(truncatingIfNeeded: data >> 4) & 0xF000
        }
    }

    private func loadEnvironment(_ operand: CoprocessorOperand) {
        state.control = ControlWord(operand[0])
        state.status = operand[1]
        state.tags = operand[2]
        if state.isProtected {
            state.instruction = FarPointer(operand[4], operand[3])
            state.operand = FarPointer(operand[6], operand[5])
        } else {
            state.instruction = FarPointer(operand[4] & 0xF000, operand[3])
            state.code = operand[4] & 0x07FF
            state.operand = FarPointer(operand[6] & 0xF000, operand[5])
        }
    }

    /// A temporary real in five words.
    static func extended(_ operand: CoprocessorOperand, at index: Int) -> Extended {
        Extended(signExponent: operand[index + 4], significand: bits(operand, at: index, words: 4))
    }

    static func store(_ value: Extended, in operand: inout CoprocessorOperand, at index: Int) {
        store(value.significand, in: &operand, at: index, words: 4)
        operand[index + 4] = value.signExponent
    }

    static func bits(_ operand: CoprocessorOperand, at index: Int = 0, words: Int) -> UInt64 {
        var bits: UInt64 = 0
        for word in 0..<words { bits |= UInt64(operand[index + word]) << UInt64(16 * word) }
        return bits
    }

    static func store(_ bits: UInt64, in operand: inout CoprocessorOperand, at index: Int = 0, words: Int) {
        for word in 0..<words { operand[index + word] = UInt16(truncatingIfNeeded: bits >> UInt64(16 * word)) }
    }
}
