/// The numeric instructions without a memory operand.
extension Intel8087 {
    func executeRegister(_ code: UInt16) {
        let index = Int(code & 7)
        let field = Int(code >> 3 & 7)
        switch code >> 8 & 7 {
        case 0: calculate(field, index, into: 0, pops: field == 3 ? 1 : 0)
        case 1: executeD9(field, index)
        // FCOM and FCOMP have second codes here.
        case 4: calculate(field, index, into: index, pops: field == 3 ? 1 : 0)
        case 5: executeDD(field, index)
        case 6:
            if field == 3 {
                // FCOMPP has one code only.
                if index == 1 { compareRegisters(index, pops: 2) }
            } else {
                calculate(field, index, into: index, pops: 1)
            }
        case 7: executeDF(field, index)
        // DA and DB have no numeric register forms.
        default: break
        }
    }

    /// The aliases are those that the chips are known for: FSTP again, FXCH again, FREE with a pop.
    private func executeDD(_ field: Int, _ index: Int) {
        switch field {
        case 0: state.setTag(3, at: state.place(index))
        case 1: exchange(index)
        case 2: storeRegister(index, pops: false)
        case 3: storeRegister(index, pops: true)
        default: break
        }
    }

    private func executeDF(_ field: Int, _ index: Int) {
        switch field {
        case 0:
            state.setTag(3, at: state.place(index))
            state.pop()
        case 1: exchange(index)
        case 2, 3: storeRegister(index, pops: true)
        default: break
        }
    }

    private func executeD9(_ field: Int, _ index: Int) {
        switch field {
        case 0: loadRegister(index)
        case 1: exchange(index)
        case 3: storeRegister(index, pops: true)
        case 4:
            switch index {
            case 0: replaceTop { context, value in value.negated }
            case 1: replaceTop { context, value in value.isNegative ? value.negated : value }
            case 4: test()
            case 5: examine()
            default: break
            }
        case 5: if index < 7 { push(Intel8087.constants[index]) }
        case 6: executeFunction(index)
        case 7: executeMore(index)
        // 2 is FNOP and what is beside it.
        default: break
        }
    }

    /// FLD1, FLDL2T, FLDL2E, FLDPI, FLDLG2, FLDLN2, FLDZ: rounded to nearest, whatever the rounding control says.
    static let constants: [Extended] = [
        .one,
        Extended(signExponent: 0x4000, significand: 0xD49A_784B_CD1B_8AFE),
        Extended(signExponent: 0x3FFF, significand: 0xB8AA_3B29_5C17_F0BC),
        Extended(signExponent: 0x4000, significand: 0xC90F_DAA2_2168_C235),
        Extended(signExponent: 0x3FFD, significand: 0x9A20_9A84_FBCF_F799),
        Extended(signExponent: 0x3FFE, significand: 0xB172_17F7_D1CF_79AC),
        .zero,
    ]

    private func executeFunction(_ index: Int) {
        switch index {
        case 0: replaceTop { $0.exponential($1) }
        case 1: replacePair { context, st, next in context.logarithm(st, times: next) }
        case 2: replaceAndPush { $0.tangent($1).map { ($0.y, $0.x) } }
        case 3: replacePair { context, st, next in context.arcTangent(y: next, x: st) }
        case 4: replaceAndPush { $0.extract($1).map { ($0.exponent, $0.significand) } }
        case 6: state.top += 7
        case 7: state.top += 1
        // 5 is FPREM1 of the 80387.
        default: break
        }
    }

    private func executeMore(_ index: Int) {
        switch index {
        case 0: remainder()
        case 1: replacePair { context, st, next in context.logarithmOfOnePlus(st, times: next) }
        case 2: replaceTop { $0.squareRoot($1) }
        case 4: replaceTop { $0.roundToInteger($1) }
        case 5: replaceTop(with: 1) { $0.scale($1, by: $2) }
        // 3, 6 and 7 are FSINCOS, FSIN and FCOS of the 80387.
        default: break
        }
    }

    // MARK: Forms

    /// Runs `body` with the present settings and keeps the exceptions.
    private func withContext<Result>(_ body: (inout Context) -> Result) -> Result {
        var context = Context(state.control)
        let result = body(&context)
        state.status |= context.raised.rawValue
        return result
    }

    private func replaceTop(_ operation: (inout Context, Extended) -> Extended?) {
        withContext { context in
            let result = state.isEmpty(0) ? context.invalid() : operation(&context, state[0])
            if let result { state[0] = result }
        }
    }

    private func replaceTop(with index: Int, _ operation: (inout Context, Extended, Extended) -> Extended?) {
        withContext { context in
            let isEmpty = state.isEmpty(0) || state.isEmpty(index)
            let result = isEmpty ? context.invalid() : operation(&context, state[0], state[index])
            if let result { state[0] = result }
        }
    }

    /// ST(1) takes the result of ST and ST(1), and the stack is popped.
    private func replacePair(_ operation: (inout Context, Extended, Extended) -> Extended?) {
        withContext { context in
            let isEmpty = state.isEmpty(0) || state.isEmpty(1)
            let result = isEmpty ? context.invalid() : operation(&context, state[0], state[1])
            guard let result else { return }
            state[1] = result
            state.pop()
        }
    }

    /// ST takes the first result, and the second is pushed.
    private func replaceAndPush(_ operation: (inout Context, Extended) -> (Extended, Extended)?) {
        withContext { context in
            let results: (Extended, Extended)? =
                state.isEmpty(0) || !state.isEmpty(7)
                ? context.invalid().map { ($0, $0) } : operation(&context, state[0])
            guard let results else { return }
            state[0] = results.0
            state.push(results.1)
        }
    }

    /// Add, multiply, compare, compare and pop, subtract, subtract reversed, divide, divide reversed.
    private func calculate(_ operation: Int, _ index: Int, into target: Int, pops: Int) {
        if operation == 2 || operation == 3 { return compareRegisters(index, pops: operation - 2) }
        withContext { context in
            let isEmpty = state.isEmpty(0) || state.isEmpty(index)
            let result = isEmpty ? context.invalid() : context.calculate(operation, state[0], state[index])
            guard let result else { return }
            state[target] = result
            if pops > 0 { state.pop() }
        }
    }

    private func compareRegisters(_ index: Int, pops: Int) {
        withContext { context in
            compare(isEmpty: state.isEmpty(0) || state.isEmpty(index), pops: pops, &context) { _ in state[index] }
        }
    }

    /// Compares ST with what `source` gives; nil ends the instruction.
    func compare(isEmpty: Bool, pops: Int, _ context: inout Context, _ source: (inout Context) -> Extended?) {
        var ordering: Ordering?
        if isEmpty {
            ordering = context.raise(.invalid) ? .notComparable : nil
        } else if let source = source(&context) {
            ordering = context.compare(state[0], source)
        }
        guard let ordering else { return }
        state.setConditions(ordering.rawValue, of: Ordering.notComparable.rawValue)
        for _ in 0..<pops { state.pop() }
    }

    private func test() {
        withContext { context in compare(isEmpty: state.isEmpty(0), pops: 0, &context) { _ in .zero } }
    }

    private func examine() {
        let value = state[0]
        var bits = value.isNegative ? StatusBit.c1 : 0
        if state.isEmpty(0) {
            bits |= StatusBit.c3 | StatusBit.c0
        } else {
            switch NumberKind(value) {
            case .unnormal: break
            case .notANumber: bits |= StatusBit.c0
            case .normal: bits |= StatusBit.c2
            case .infinity: bits |= StatusBit.c2 | StatusBit.c0
            case .zero: bits |= StatusBit.c3
            case .denormal: bits |= StatusBit.c3 | StatusBit.c2
            }
        }
        state.setConditions(bits, of: StatusBit.conditions)
    }

    private func remainder() {
        withContext { context in
            guard !state.isEmpty(0), !state.isEmpty(1) else {
                if let value = context.invalid() { state[0] = value }
                return
            }
            guard let result = context.partialRemainder(state[0], state[1]) else { return }
            state[0] = result.value
            if result.quotient.isIncomplete { return state.setConditions(StatusBit.c2, of: StatusBit.c2) }
            // The quotient of this execution alone: after a reduction in steps the upper bits can be wrong, as they
            // are on the chips. Source: [387DX] FPREM.
            let quotient = result.quotient.bits
            var bits: UInt16 = 0
            if quotient & 1 != 0 { bits |= StatusBit.c1 }
            if quotient & 2 != 0 { bits |= StatusBit.c3 }
            if quotient & 4 != 0 { bits |= StatusBit.c0 }
            state.setConditions(bits, of: StatusBit.conditions)
        }
    }

    // MARK: Moves

    private func push(_ value: Extended) {
        withContext { context in
            if let value = state.isEmpty(7) ? value : context.invalid() { state.push(value) }
        }
    }

    private func loadRegister(_ index: Int) {
        withContext { context in
            let isInvalid = state.isEmpty(index) || !state.isEmpty(7)
            if let value = isInvalid ? context.invalid() : state[index] { state.push(value) }
        }
    }

    private func storeRegister(_ index: Int, pops: Bool) {
        withContext { context in
            guard let value = state.isEmpty(0) ? context.invalid() : state[0] else { return }
            state[index] = value
            if pops { state.pop() }
        }
    }

    private func exchange(_ index: Int) {
        withContext { context in
            if state.isEmpty(0) || state.isEmpty(index) {
                guard context.raise(.invalid) else { return }
                if state.isEmpty(0) { state[0] = .indefinite }
                if state.isEmpty(index) { state[index] = .indefinite }
            }
            let value = state[0]
            state[0] = state[index]
            state[index] = value
        }
    }
}

extension Context {
    /// The arithmetic by the number in the instruction: 0 add, 1 multiply, 4 subtract, 5 reversed, 6 divide, 7 reversed.
    mutating func calculate(_ operation: Int, _ top: Extended, _ other: Extended) -> Extended? {
        switch operation {
        case 0: add(top, other)
        case 1: multiply(top, other)
        case 4: subtract(top, other)
        case 5: subtract(other, top)
        case 6: divide(top, other)
        default: divide(other, top)
        }
    }
}
