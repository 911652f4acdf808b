import X86

/// The numeric instructions with a memory operand.
extension Intel8087 {
    /// The memory formats, by the ESC byte of the arithmetic instructions.
    private enum Format {
        case short, long, temporary
        case word, doubleword, quadword
        case decimal
    }

    /// - Returns: whether the operand is to be stored.
    func executeMemory(_ code: UInt16, _ operand: inout CoprocessorOperand) -> Bool {
        let field = Int(code >> 3 & 7)
        switch code >> 8 & 7 {
        case 0: calculate(field, .short, operand)
        case 2: calculate(field, .doubleword, operand)
        case 4: calculate(field, .long, operand)
        case 6: calculate(field, .word, operand)
        case 1: return move(field, .short, &operand)
        case 5: return move(field, .long, &operand)
        case 3:
            switch field {
            case 0, 2, 3: return move(field, .doubleword, &operand)
            case 5: return move(0, .temporary, &operand)
            case 7: return move(3, .temporary, &operand)
            default: break
            }
        default:
            switch field {
            case 0, 2, 3: return move(field, .word, &operand)
            case 4: return move(0, .decimal, &operand)
            case 5: return move(0, .quadword, &operand)
            case 6: return move(3, .decimal, &operand)
            case 7: return move(3, .quadword, &operand)
            default: break
            }
        }
        return false
    }

    /// A load (0), a store (2) or a store with pop (3).
    private func move(_ operation: Int, _ format: Format, _ operand: inout CoprocessorOperand) -> Bool {
        var context = Context(state.control)
        defer { state.status |= context.raised.rawValue }
        switch operation {
        case 0:
            // A stack that is full comes before the operand.
            guard state.isEmpty(7) else {
                if let value = context.invalid() { state.push(value) }
                return false
            }
            if let value = load(format, operand, &context) { state.push(value) }
            return false
        case 2, 3:
            guard store(format, &operand, &context) else { return false }
            if operation == 3 { state.pop() }
            return true
        default: return false
        }
    }

    private func calculate(_ operation: Int, _ format: Format, _ operand: CoprocessorOperand) {
        var context = Context(state.control)
        defer { state.status |= context.raised.rawValue }
        if operation == 2 || operation == 3 {
            compare(isEmpty: state.isEmpty(0), pops: operation - 2, &context) { load(format, operand, &$0) }
            return
        }
        guard !state.isEmpty(0) else {
            if let value = context.invalid() { state[0] = value }
            return
        }
        guard let source = load(format, operand, &context),
            let result = context.calculate(operation, state[0], source)
        else { return }
        state[0] = result
    }

    /// - Returns: nil if the denormal exception ends the instruction.
    private func load(_ format: Format, _ operand: CoprocessorOperand, _ context: inout Context) -> Extended? {
        switch format {
        case .word: return Extended(Int64(Int16(bitPattern: operand[0])))
        case .doubleword:
            return Extended(Int64(Int32(truncatingIfNeeded: Intel8087.bits(operand, words: 2))))
        case .quadword: return Extended(Int64(bitPattern: Intel8087.bits(operand, words: 4)))
        case .decimal: return Extended(decimal: Intel8087.bits(operand, words: 4), operand[4])
        case .short: return load(.short, Intel8087.bits(operand, words: 2), &context)
        case .long: return load(.long, Intel8087.bits(operand, words: 4), &context)
        case .temporary:
            let value = Intel8087.extended(operand, at: 0)
            return value.isDenormal && !context.raise(.denormal) ? nil : value
        }
    }

    private func load(_ format: RealFormat, _ bits: UInt64, _ context: inout Context) -> Extended? {
        if format.isDenormal(bits) && !context.raise(.denormal) { return nil }
        return format.load(bits)
    }

    /// - Returns: false if an exception keeps the operand from being stored.
    private func store(_ format: Format, _ operand: inout CoprocessorOperand, _ context: inout Context) -> Bool {
        var value = state[0]
        if state.isEmpty(0) {
            guard context.raise(.invalid) else { return false }
            value = .indefinite
            if format == .temporary || format == .short || format == .long { context.masks = .all }
        }
        switch format {
        case .word: return store(context.storeInteger(value, bits: 16), 1, &operand)
        case .doubleword: return store(context.storeInteger(value, bits: 32), 2, &operand)
        case .quadword: return store(context.storeInteger(value, bits: 64), 4, &operand)
        case .short: return store(RealFormat.short.store(value, &context), 2, &operand)
        case .long: return store(RealFormat.long.store(value, &context), 4, &operand)
        case .temporary:
            Intel8087.store(value, in: &operand, at: 0)
            return true
        case .decimal:
            guard let decimal = context.storeDecimal(value) else { return false }
            operand[4] = decimal.high
            return store(decimal.low, 4, &operand)
        }
    }

    private func store(_ bits: UInt64?, _ words: Int, _ operand: inout CoprocessorOperand) -> Bool {
        guard let bits else { return false }
        Intel8087.store(bits, in: &operand, words: words)
        return true
    }
}
