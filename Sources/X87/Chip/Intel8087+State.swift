import Core
import X86

extension Intel8087 {
    /// Adds to `hash` what a program has put into the chip: numbers, control and status, not times.
    public func combineRegisters(into hash: inout StateHash) {
        for index in 0..<8 {
            withUnsafeBytes(of: state.registers[index].significand.littleEndian) { hash.combine($0) }
            withUnsafeBytes(of: state.registers[index].signExponent.littleEndian) { hash.combine($0) }
        }
        for word in [state.tags, state.control.rawValue, state.status] {
            withUnsafeBytes(of: word.littleEndian) { hash.combine($0) }
        }
    }

    /// Everything that a snapshot keeps.
    struct State: StateValue {
        /// The registers by their place in the chip, not by the stack.
        var registers = [8 of Extended](repeating: .zero)
        /// Two bits a register: valid, zero, special, empty. Loaded tags stay as a program has loaded them.
        var tags: UInt16 = 0xFFFF
        var control = ControlWord(0x037F)
        var status: UInt16 = 0
        /// The last numeric instruction: address, code, and address of its operand.
        var instruction = FarPointer(0, 0)
        var code: UInt16 = 0
        var operand = FarPointer(0, 0)
        /// FSETPM has been executed: environments have the layout of protected mode (80287).
        var isProtected = false
        /// When the present instruction is complete.
        var busyEnd = Tick.zero
        /// The board holds BUSY.
        var isBusyHeld = false

        mutating func transfer(_ coder: StateCoder) {
            for index in 0..<8 {
                coder.group("registers[\(index)]") {
                    coder.field("signExponent", &registers[index].signExponent)
                    coder.field("significand", &registers[index].significand)
                }
            }
            coder.field("tags", &tags)
            coder.field("control", &control.rawValue)
            coder.field("status", &status)
            coder.field("instruction", &instruction)
            coder.field("code", &code)
            coder.field("operand", &operand)
            coder.field("isProtected", &isProtected)
            coder.field("busyEnd", &busyEnd)
            coder.field("isBusyHeld", &isBusyHeld)
        }

        /// FINIT. The condition codes stay.
        mutating func initialize(_ model: Model) {
            control = ControlWord(model == .i8087 ? 0x03FF : 0x037F)
            status &= StatusBit.conditions
            tags = 0xFFFF
            instruction = FarPointer(0, 0)
            operand = FarPointer(0, 0)
            code = 0
        }

        // MARK: Status

        var exceptions: Exceptions { Exceptions(rawValue: status).intersection(.all) }
        /// An exception that is not masked is pending.
        var hasError: Bool { !exceptions.subtracting(control.masks).isEmpty }

        mutating func updateSummary() {
            status = hasError ? status | StatusBit.errorSummary : status & ~StatusBit.errorSummary
        }

        mutating func setConditions(_ bits: UInt16, of mask: UInt16) { status = status & ~mask | bits }

        /// The status word as it is stored.
        func statusWord(at now: Tick) -> UInt16 {
            let isBusy = hasError || now < busyEnd
            return status & ~StatusBit.busy | (isBusy ? StatusBit.busy : 0)
        }

        // MARK: The stack

        var top: Int {
            get { Int(status >> 11 & 7) }
            set { status = status & ~StatusBit.top | UInt16(truncatingIfNeeded: newValue & 7) << 11 }
        }

        func place(_ index: Int) -> Int { (top + index) & 7 }

        func isEmpty(_ index: Int) -> Bool { tags >> UInt16(2 * place(index)) & 3 == 3 }

        /// ST(index).
        subscript(index: Int) -> Extended {
            get { registers[place(index)] }
            set {
                let place = place(index)
                registers[place] = newValue
                setTag(State.tag(of: newValue), at: place)
            }
        }

        mutating func setTag(_ tag: UInt16, at place: Int) {
            tags = tags & ~(3 << UInt16(2 * place)) | tag << UInt16(2 * place)
        }

        /// Unnormals count as valid.
        static func tag(of value: Extended) -> UInt16 {
            switch NumberKind(value) {
            case .normal, .unnormal: 0
            case .zero: 1
            case .infinity, .notANumber, .denormal: 2
            }
        }

        mutating func pop() {
            setTag(3, at: top)
            top += 1
        }

        mutating func push(_ value: Extended) {
            top += 7
            self[0] = value
        }

        // MARK: Pointers

        mutating func note(
            _ instruction: CoprocessorInstruction, code: UInt16, isMemory: Bool, countsPrefixes: Bool
        ) {
            self.instruction = countsPrefixes ? instruction.start : instruction.escape
            self.code = code
            if isMemory { operand = instruction.operand }
        }
    }
}
