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

    /// INT 21h by function number. A function clears the carry flag itself where DOS does.
    private func function(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult {
        switch number {
        default:
            note("INT 21h AH=\(hex(number))h is not known")
            call.registers.al = 0
            return .done
        }
    }
}
