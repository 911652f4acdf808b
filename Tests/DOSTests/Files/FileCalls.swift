import Core
import Testing
import X86

@testable import DOS

/// Calls of file functions, as tests write them.
extension DOSMachine {
    /// What a call gives: the error number, or nil and AX.
    struct Answer: Equatable {
        var error: UInt16?
        var ax: UInt16
    }

    /// Calls INT 21h with DS:DX at `path` (placed at 4000h of the program) and no attributes in CX.
    @discardableResult
    func call(_ ax: UInt16, _ path: String, at offset: UInt16 = 0x4000, _ set: (Registers) -> Void = { _ in }) -> Answer
    {
        place(path, at: offset)
        return call(ax) { cpu in
            (cpu.cx, cpu.dx) = (0, offset)
            set(cpu)
        }
    }

    /// Calls INT 21h with DS and ES at the program.
    @discardableResult
    func call(_ ax: UInt16, _ set: (Registers) -> Void = { _ in }) -> Answer {
        dos(ax) { cpu in
            (cpu.ds, cpu.es) = (psp.segment, psp.segment)
            set(cpu)
        }
        return carry ? Answer(error: cpu.ax, ax: cpu.ax) : Answer(error: nil, ax: cpu.ax)
    }

    /// The error of a call, nil if it succeeds.
    func error(_ ax: UInt16, _ path: String, _ set: (Registers) -> Void = { _ in }) -> UInt16? {
        call(ax, path, at: 0x4000, set).error
    }

    /// Opens or creates, and returns the handle.
    func handle(_ ax: UInt16, _ path: String, cx: UInt16 = 0) throws -> UInt16 {
        let answer = call(ax, path) { $0.cx = cx }
        try #require(answer.error == nil, "\(path): \(answer)")
        return answer.ax
    }

    func write(_ handle: UInt16, _ bytes: [UInt8]) -> Answer {
        place(bytes, at: 0x5000)
        return call(0x4000) { ($0.bx, $0.cx, $0.dx) = (handle, UInt16(bytes.count), 0x5000) }
    }

    func read(_ handle: UInt16, _ count: UInt16) -> [UInt8]? {
        let answer = call(0x3F00) { ($0.bx, $0.cx, $0.dx) = (handle, count, 0x5000) }
        return answer.error == nil ? memory.readBytes(data(0x5000), Int(answer.ax)) : nil
    }

    func close(_ handle: UInt16) -> Answer { call(0x3E00) { $0.bx = handle } }

    /// Moves the position: the new one, or nil.
    func seek(_ handle: UInt16, _ method: UInt8, _ offset: Int32) -> UInt32? {
        let bits = UInt32(bitPattern: offset)
        let answer = call(0x4200 | UInt16(method)) {
            ($0.bx, $0.cx, $0.dx) = (handle, UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits))
        }
        return answer.error == nil ? UInt32(cpu.dx) << 16 | UInt32(cpu.ax) : nil
    }
}
