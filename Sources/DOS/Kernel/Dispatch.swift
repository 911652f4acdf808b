import Core
import X86

extension DOSKernel {
    /// Runs the function that `call` asks for, from its start or again after a wait.
    func perform(_ entry: Entry, _ call: Call) -> CallResult {
        switch entry {
        case .int21: return performInt21(call)
        default: return .done
        }
    }

    private func performInt21(_ call: Call) -> CallResult {
        do throws(DOSError) {
            return try function(call.registers.ah, call)
        } catch {
            call.registers.ax = error.rawValue
            call.registers.carry = true
            return .done
        }
    }

    /// INT 21h by function number. A function clears the carry flag itself where DOS does. Each group answers nil for
    /// a number that is not its own.
    private func function(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult {
        if let result = try consoleFunction(number, call) { return result }
        if let result = try fileFunction(number, call) { return result }
        if let result = try memoryFunction(number, call) { return result }
        if let result = try processFunction(number, call) { return result }
        if let result = try systemFunction(number, call) { return result }
        note("INT 21h AH=\(hex(number))h is not known")
        call.registers.al = 0
        return .done
    }
}
